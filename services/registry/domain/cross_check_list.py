"""A list of another office, as CSV or JSON: taken whole, or every fault named by line and rule and nothing taken."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import msgspec

from chassis.errors import FieldError
from services.registry.domain.errors.cross_check import CrossCheckListInvalid
from services.registry.domain.pointer import shape_fault
from services.registry.workbook.finding import FINDINGS
from services.registry.workbook.identity import identity_fault

COLUMNS: Final = ("identity_number", "detail")
MAX_ROWS: Final = 200_000
MAX_DETAIL: Final = 200
MAX_ERRORS: Final = 1_000


class ListedPerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person on a list, and what the list says of them."""

    identity_number: str
    detail: str = ""

    def __repr__(self) -> str:
        return "ListedPerson(...)"


class ListDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list as JSON."""

    rows: list[ListedPerson]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleList:
    """How many rows a list had, and its people with all that their rows say."""

    rows: int
    details: dict[str, str] = field(repr=False)


def read_csv(document: bytes, today: date) -> PeopleList:
    """Return a list with the columns identity_number and detail, or refuse it with every line's faults."""
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError:
        fault = FieldError("/lines", "encoding-invalid", "The file is not UTF-8 text.")
        raise CrossCheckListInvalid(errors=[fault]) from None
    return _take(_lines(text), today, root="/lines")


def read_json(document: bytes, today: date) -> PeopleList:
    """Return a list from JSON, or refuse it with every row's faults."""
    try:
        listed = msgspec.json.decode(document, type=ListDocument)
    except msgspec.ValidationError as error:
        raise CrossCheckListInvalid(errors=[shape_fault(error, "")]) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        fault = FieldError("", "json-invalid", "The document is not JSON.")
        raise CrossCheckListInvalid(errors=[fault]) from None
    return _take(((f"/rows/{index}", row) for index, row in enumerate(listed.rows)), today, root="/rows")


Line = tuple[str, ListedPerson | FieldError]


def _lines(text: str) -> Iterator[Line]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(lines, []))
        if header != COLUMNS:
            message = f"The first line must be {','.join(COLUMNS)}."
            yield "/lines/1", FieldError("/lines/1", "header-invalid", message)
            return
        for cells in lines:
            pointer = f"/lines/{lines.line_num}"
            if len(cells) == len(COLUMNS):
                number, detail = (cell.strip() for cell in cells)
                yield pointer, ListedPerson(identity_number=number, detail=detail)
            elif any(cells):
                message = f"A line has {len(COLUMNS)} columns."
                yield pointer, FieldError(pointer, "column-count", message)
    except csv.Error:
        pointer = f"/lines/{lines.line_num}"
        yield pointer, FieldError(pointer, "csv-invalid", "The line is no CSV (RFC 4180).")


def _take(lines: Iterable[Line], today: date, *, root: str) -> PeopleList:
    errors: list[FieldError] = []
    details: dict[str, str] = {}
    rows = 0
    for pointer, line in lines:
        rows += 1
        found = [line] if isinstance(line, FieldError) else list(_faults(pointer, line, today))
        if rows > MAX_ROWS:
            found = [FieldError(root, "too-many-rows", f"A list has {MAX_ROWS} rows at most.")]
        errors += found
        if rows > MAX_ROWS or len(errors) >= MAX_ERRORS:
            break
        if isinstance(line, ListedPerson):
            number = line.identity_number.upper()
            details[number] = "; ".join(filter(None, (details.get(number), line.detail)))
    if not rows:
        errors.append(FieldError(root, "no-rows", "The list names nobody."))
    if errors:
        raise CrossCheckListInvalid(errors=errors[:MAX_ERRORS])
    return PeopleList(rows=rows, details=details)


def _faults(pointer: str, line: ListedPerson, today: date) -> Iterator[FieldError]:
    fault = identity_fault(line.identity_number.upper(), today)
    if fault:
        yield FieldError(f"{pointer}/identity_number", fault, FINDINGS[fault][0])
    if len(line.detail) > MAX_DETAIL:
        yield FieldError(f"{pointer}/detail", "too-long", FINDINGS["too-long"][0])
    if line.detail and not line.detail.isprintable():
        yield FieldError(f"{pointer}/detail", "control-character", FINDINGS["control-character"][0])
