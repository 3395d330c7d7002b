"""Writes households as a workbook that reads back to the same drafts; with no household it is the empty form."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from services.registry.workbook import columns as form
from services.registry.workbook.codes import CODE_LISTS, HEAD
from services.registry.workbook.columns import COLUMNS, SHEET, Column, Kind, Scope
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

LEGEND_SHEET = "代码表"
# Everything stays in memory: personal data is never left in a temporary file.
WORKBOOK_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LAST_ROW = 1_048_575


def export_households(households: Iterable[HouseholdDraft]) -> bytes:
    """Return an XLSX workbook with one row per person; household values stand on the head's row."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, WORKBOOK_OPTIONS) as book:
        sheet = book.add_worksheet(SHEET)
        formats = _formats(book)
        ranges = _write_legend(book)
        _write_header(book, sheet, formats, ranges)
        row = 0
        for household in households:
            for member in household.members:
                row += 1
                _write_person(sheet, row, (household, member), formats)
    return target.getvalue()


def _formats(book: Any) -> dict[Kind, Any]:
    text = book.add_format({"num_format": "@"})
    return {
        Kind.TEXT: text,
        Kind.CODE: text,
        Kind.MONEY: book.add_format({"num_format": "0.00"}),
        Kind.AREA: book.add_format({"num_format": "0.0"}),
    }


def _write_header(book: Any, sheet: Any, formats: dict[Kind, Any], ranges: dict[str, str]) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    for index, column in enumerate(COLUMNS):
        sheet.set_column(index, index, 20 if column.kind is Kind.TEXT else 12, formats[column.kind])
        sheet.write_string(0, index, column.name, bold)
        if column.codes is not None:
            sheet.data_validation(
                1, index, _LAST_ROW, index, {"validate": "list", "source": ranges[column.codes.name]}
            )
    sheet.freeze_panes(1, 0)


def _write_legend(book: Any) -> dict[str, str]:
    """Write the code lists side by side and return the range of each list's Chinese terms."""
    sheet = book.add_worksheet(LEGEND_SHEET)
    ranges = {}
    for place, codes in enumerate(CODE_LISTS):
        left = place * 3
        sheet.write_string(0, left, codes.name)
        for row, (code, (term, english)) in enumerate(codes.terms.items(), start=1):
            sheet.write_string(row, left, code)
            sheet.write_string(row, left + 1, term)
            sheet.write_string(row, left + 2, english)
        letter = form.letter_of(left + 1)
        ranges[codes.name] = f"={LEGEND_SHEET}!${letter}$2:${letter}${len(codes.terms) + 1}"
    return ranges


def _write_person(
    sheet: Any, row: int, person: tuple[HouseholdDraft, MemberDraft], formats: dict[Kind, Any]
) -> None:
    household, member = person
    for index, column in enumerate(COLUMNS):
        if column.scope is Scope.HOUSEHOLD and member.relation != HEAD:
            continue
        value = _value(column, household, member)
        if value is None:
            continue
        # Money goes out as text of the number, so that no binary fraction is made of it on the way.
        sheet.write_string(row, index, value, formats[column.kind])


def _value(column: Column, household: HouseholdDraft, member: MemberDraft) -> str | None:
    if column is form.NET:
        return _yuan(household.net_income_fen)
    if column is form.PER_CAPITA:
        return _yuan(household.per_capita_income_fen)
    of_household = column.scope is Scope.HOUSEHOLD or column is form.FILE_NUMBER
    value = getattr(household if of_household else member, column.field)
    if value is None:
        return None
    if column.kind is Kind.MONEY:
        return _yuan(value)
    if column.kind is Kind.AREA:
        return f"{value:.1f}"
    if isinstance(value, bool):
        value = "1" if value else "0"
    return column.codes.term(value) if column.codes is not None else str(value)


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
