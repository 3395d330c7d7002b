"""Workbooks for the tests: a faultless pair of households, changed cell by cell, and raw sheet XML."""

import io
import zipfile
from datetime import date
from typing import Any

import xlsxwriter
from stdnum.cn import ric

from services.registry.workbook.columns import COLUMNS, SHEET
from services.registry.workbook.finding import Finding
from services.registry.workbook.read import read_workbook
from services.registry.workbook.validate import Validation, validate

TODAY = date(2016, 6, 1)
VILLAGE = "532930101201"
SHEET_PART = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def identity(birth: str, sequence: str, place: str = "532930") -> str:
    base = f"{place}{birth}{sequence}"
    return base + ric.calc_check_digit(base + "0")


HEAD_IDENTITY = identity("19700101", "001")
SPOUSE_IDENTITY = identity("19720202", "002")
OTHER_IDENTITY = identity("19600303", "003")

PERSON = {
    "民族": "白族",
    "文化程度": "小学",
    "在校生状况": "非在校生",
    "健康状况": "健康",
    "劳动能力": "普通劳动力",
    "务工状况": "未务工",
    "是否参加新农合": "是",
}
HOUSEHOLD = {
    "行政村代码": VILLAGE,
    "户属性": "一般贫困户",
    "识别标准": "国家标准",
    "开户银行行号": "002731000012",
    "银行账号": "0200000000000001",
    "联系电话": "0872-5120000",
    "住房面积": "80.5",
    "致贫原因": "因病",
    "工资性收入": "1000.00",
    "经营性收入": "500.50",
    "转移性收入": "0",
    "财产性收入": "0",
    "生产经营性支出": "100.25",
}
NAMES = [column.name for column in COLUMNS]


def rows() -> list[dict[str, Any]]:
    """Rows 2 to 4 of the sheet: a head, another household's head, and the first head's spouse."""
    head = {"户编号": "0001", "姓名": "测试甲", "性别": "男", "证件号码": HEAD_IDENTITY, "与户主关系": "户主"}
    other = {
        "户编号": "0002",
        "姓名": "测试乙",
        "性别": "男",
        "证件号码": OTHER_IDENTITY,
        "与户主关系": "户主",
    }
    spouse = {
        "户编号": "0001",
        "姓名": "测试丙",
        "性别": "女",
        "证件号码": SPOUSE_IDENTITY,
        "与户主关系": "配偶",
    }
    return [head | HOUSEHOLD | PERSON, other | HOUSEHOLD | PERSON, spouse | PERSON]


def changed(row: int, **cells: Any) -> list[dict[str, Any]]:
    """Return the faultless rows with cells of one sheet row changed."""
    result = rows()
    result[row - 2] |= cells
    return result


def workbook(people: list[dict[str, Any]], names: list[str] | None = None, sheet_name: str = SHEET) -> bytes:
    target = io.BytesIO()
    names = NAMES if names is None else names
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(sheet_name)
        for index, name in enumerate(names):
            sheet.write_string(0, index, name)
        for row, person in enumerate(people, start=1):
            for index, name in enumerate(names):
                _write(sheet, (row, index), person.get(name))
    return target.getvalue()


def _write(sheet: Any, place: tuple[int, int], value: Any) -> None:
    if isinstance(value, str) and value.startswith("="):
        sheet.write_formula(*place, value)
    elif isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, str):
        sheet.write_string(*place, value)
    elif value is not None:
        sheet.write_number(*place, value)


def check(document: bytes) -> Validation:
    return validate(read_workbook(document), {VILLAGE}, TODAY)


def findings(people: list[dict[str, Any]], names: list[str] | None = None) -> list[tuple[str, str, str]]:
    """Return (cell, column, code) of every finding, and hold the report to never telling a value."""
    validation = check(workbook(people, names))
    told = " ".join(f"{item} {item.message} {item.chinese}" for item in validation.findings)
    assert HEAD_IDENTITY not in told
    assert not any(name in told for name in ("测试甲", "测试乙", "测试丙"))
    return [brief(item) for item in validation.findings]


def brief(finding: Finding) -> tuple[str, str, str]:
    return finding.cell, finding.column, finding.code


def with_part(document: bytes, part: str, content: bytes | str) -> bytes:
    """Return a workbook file with one part replaced or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info))
        new.writestr(part, content)
    return target.getvalue()


def part_of(document: bytes, part: str = SHEET_PART) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(part).decode()


def with_sheet(xml: str) -> bytes:
    """Return a workbook file whose sheet is the given XML."""
    return with_part(workbook(rows()), SHEET_PART, xml)
