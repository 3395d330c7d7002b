"""The ways in which data of people leaves the register; each is put on record before anything is shown."""

from typing import Final

UNMASKING: Final = "unmasking"
PAYEES: Final = "payees"
EXPORT: Final = "export"
REPORT: Final = "report"
PRINT: Final = "print"
SEARCH: Final = "search"
ELIGIBILITY: Final = "eligibility"
PARTNER_SEARCH: Final = "partner-search"
DISCLOSURES: Final = (UNMASKING, PAYEES, EXPORT, REPORT, PRINT, SEARCH, ELIGIBILITY, PARTNER_SEARCH)
