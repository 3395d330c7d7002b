"""Reads the sheet 人员 of a workbook into rows by column, keeping text as text and naming every cell it cannot take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.registry.workbook.columns import BY_NAME, COLUMNS, letter_of
from services.registry.workbook.finding import Finding, Findings, WorkbookRefused
from services.registry.workbook.package import Limits, open_package
from services.registry.workbook.sheet import (
    Fault,
    Merge,
    RawCell,
    RawRow,
    rows_and_merges,
    shared_strings,
    sheet_part,
)

HEADER_ROW = 1
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Row:
    """One person's row as written: {column index: content}."""

    number: int
    cells: dict[int, RawCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """The sheet as read. `columns` gives the index of each known column; `columns_ok` is false when they differ."""

    header: tuple[str, ...]
    columns: dict[str, int]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    suppressed: int = 0
    columns_ok: bool = True

    def letter(self, column: str) -> str:
        """Return the sheet letter of a column, empty when the workbook lacks it."""
        return letter_of(self.columns[column]) if column in self.columns else ""


def read_workbook(document: bytes | Path | BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Read the sheet 人员, or raise WorkbookRefused when the document as a whole cannot be taken."""
    findings = Findings(limits.findings)
    with open_package(document, limits) as package:
        part = sheet_part(package)
        strings = shared_strings(package, limits)
        content = rows_and_merges(package, part, strings)
        first = next(content, None)
        if not isinstance(first, RawRow):
            raise WorkbookRefused("no-rows")
        header = _header(first, limits)
        columns = _columns(header, findings)
        columns_ok = not findings
        rows = _rows(content, header, findings, limits)
    return Workbook(
        header=header,
        columns=columns,
        rows=rows,
        findings=tuple(findings.items),
        suppressed=findings.suppressed,
        columns_ok=columns_ok,
    )


def _header(row: RawRow, limits: Limits) -> tuple[str, ...]:
    if row.number != HEADER_ROW:
        raise WorkbookRefused("no-rows", "the first row must hold the column names")
    width = row.cells[-1][0] + 1
    if width > limits.columns:
        raise WorkbookRefused("too-large", f"<= {limits.columns} columns")
    names = [""] * width
    for index, content in row.cells:
        # A heading that is no text is kept as a name that no column has, so that it is reported.
        names[index] = content if isinstance(content, str) else "?"
    return tuple(names)


def _columns(header: Sequence[str], findings: Findings) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, name in enumerate(header):
        if not name:
            continue
        fault = "column-unknown" if name not in BY_NAME else "column-duplicate" if name in columns else ""
        if fault:
            findings.add(_finding(HEADER_ROW, index, name, fault))
        else:
            columns[name] = index
    for column in COLUMNS:
        if column.must_exist and column.name not in columns:
            findings.add(Finding(row=HEADER_ROW, letter="", column=column.name, code="column-missing"))
    return columns


def _rows(
    content: Iterator[RawRow | Merge], header: tuple[str, ...], findings: Findings, limits: Limits
) -> tuple[Row, ...]:
    rows: list[Row] = []
    for item in content:
        if isinstance(item, Merge):
            name = header[item.column] if item.column < len(header) else ""
            findings.add(_finding(item.row, item.column, name, "merged-cells"))
            continue
        rows.append(_row(item, header, findings))
        if len(rows) > limits.rows:
            raise WorkbookRefused("too-many-rows", f"<= {limits.rows}")
    if not rows:
        raise WorkbookRefused("no-rows")
    return tuple(rows)


def _row(raw: RawRow, header: tuple[str, ...], findings: Findings) -> Row:
    cells: dict[int, RawCell] = {}
    for index, content in raw.cells:
        name = header[index] if index < len(header) else ""
        if not name:
            findings.add(_finding(raw.number, index, "", "cell-outside-columns"))
            continue
        cells[index] = content
        if isinstance(content, Fault):
            findings.add(_finding(raw.number, index, name, content.value))
    return Row(raw.number, cells)


def _finding(row: int, index: int, column: str, code: str) -> Finding:
    # A heading that is none of the form's may be a person's name or number: it is named by its letter only.
    shown = column if column in BY_NAME else ""
    return Finding(row=row, letter=letter_of(index), column=shown, code=code)
