"""The household workbook: reading, checking, reporting and writing the 建档立卡 form as XLSX, without a database."""
