"""The report of a checked workbook: as values for JSON, and as the workbook itself with its faulty cells marked."""

import io
from collections import defaultdict
from typing import Any

import xlsxwriter

from services.registry.workbook.columns import SHEET
from services.registry.workbook.export import WORKBOOK_OPTIONS
from services.registry.workbook.finding import Finding
from services.registry.workbook.read import HEADER_ROW, Workbook
from services.registry.workbook.sheet import Fault, Number, RawCell
from services.registry.workbook.validate import Validation

ERROR_SHEET = "问题"
_ERROR_COLUMNS = ("行", "列", "列名", "代码", "说明", "message")
_BRITTLE = {Fault.FORMULA: "(公式)", Fault.TYPE: "(非文本或数值)"}
# Spreadsheet programs refuse a longer text in one cell.
_MAX_CELL = 32_000


def report_as_dict(validation: Validation) -> dict[str, Any]:
    """Return the report as JSON-able values; it names cells and rules and holds no cell's value."""
    return {
        "rows": validation.row_count,
        "households": validation.household_count,
        "faultless_households": len(validation.households),
        "finding_count": len(validation.findings) + validation.suppressed,
        "suppressed": validation.suppressed,
        "findings": [
            {
                "pointer": finding.pointer,
                "row": finding.row,
                "column": finding.letter,
                "name": finding.column,
                "code": finding.code,
                "message": finding.message,
                "message_zh": finding.chinese,
            }
            for finding in validation.findings
        ],
    }


def report_as_workbook(validation: Validation) -> bytes:
    """Return the sheet as it was read, faulty cells filled and commented, with a sheet that lists the findings."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, WORKBOOK_OPTIONS) as book:
        sheet = book.add_worksheet(SHEET)
        marks = _marks(validation.findings)
        text = book.add_format({"num_format": "@"})
        _write_cells(sheet, validation.workbook, text)
        _write_marks(book, sheet, validation.workbook, marks)
        _write_errors(book, validation)
    return target.getvalue()


def _marks(findings: tuple[Finding, ...]) -> dict[str, list[Finding]]:
    marks: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        # A missing column has no cell of its own.
        if finding.letter:
            marks[finding.cell].append(finding)
    return marks


def _write_cells(sheet: Any, workbook: Workbook, text: Any) -> None:
    for index, name in enumerate(workbook.header):
        sheet.write_string(HEADER_ROW - 1, index, name[:_MAX_CELL])
    for row in workbook.rows:
        for index, content in row.cells.items():
            sheet.write_string(row.number - 1, index, _shown(content), text)


def _write_marks(book: Any, sheet: Any, workbook: Workbook, marks: dict[str, list[Finding]]) -> None:
    mark = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "@"})
    rows = {row.number: row for row in workbook.rows}
    for cell, findings in marks.items():
        row = rows.get(findings[0].row)
        index = _index(findings[0].letter)
        content = row.cells.get(index) if row else None
        if findings[0].row == HEADER_ROW and index < len(workbook.header):
            content = workbook.header[index]
        sheet.write_string(cell, _shown(content), mark) if content else sheet.write_blank(cell, None, mark)
        sheet.write_comment(
            cell, "\n".join(f"{item.code}: {item.chinese} {item.message}" for item in findings)
        )


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _shown(content: RawCell | None) -> str:
    if isinstance(content, Fault):
        return _BRITTLE[content]
    return (content.literal if isinstance(content, Number) else content or "")[:_MAX_CELL]


def _write_errors(book: Any, validation: Validation) -> None:
    sheet = book.add_worksheet(ERROR_SHEET)
    bold = book.add_format({"bold": True})
    for index, name in enumerate(_ERROR_COLUMNS):
        sheet.write_string(0, index, name, bold)
    sheet.set_column(4, 5, 60)
    for line, finding in enumerate(validation.findings, start=1):
        sheet.write_number(line, 0, finding.row)
        values = (finding.letter, finding.column, finding.code, finding.chinese, finding.message)
        for index, value in enumerate(values, start=1):
            sheet.write_string(line, index, value)
    if validation.suppressed:
        note = f"另有 {validation.suppressed} 项问题未列出 ({validation.suppressed} more findings not listed)"
        sheet.write_string(len(validation.findings) + 1, 4, note)
    sheet.freeze_panes(1, 0)
