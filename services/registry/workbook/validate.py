"""Checks a workbook as a whole and turns its faultless households into drafts.

Household columns are given on the head's row; on the other rows they stay blank or repeat the same value.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.registry.workbook import codes
from services.registry.workbook import columns as form
from services.registry.workbook.cell import Broken, Value, parse_cell
from services.registry.workbook.columns import HOUSEHOLD_COLUMNS, PERSON_COLUMNS, Column
from services.registry.workbook.draft import HouseholdDraft, MemberDraft
from services.registry.workbook.finding import Finding, Findings
from services.registry.workbook.identity import identity_fault, reads_as_identity, sex_of
from services.registry.workbook.read import Row, Workbook
from services.registry.workbook.sheet import Fault, RawCell

DEFAULT_CAP = 10_000
# Most cells repeat what another row of the same column says: so many contents a column are parsed only once.
KNOWN_CONTENTS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What a workbook holds: drafts of its faultless households, and the findings of the others."""

    workbook: Workbook
    households: tuple[HouseholdDraft, ...]
    findings: tuple[Finding, ...]
    suppressed: int
    row_count: int
    household_count: int

    @property
    def is_faultless(self) -> bool:
        return not self.findings and not self.suppressed

    def finding(self, row: int, column: str, code: str, note: str = "") -> Finding:
        """Return a finding at a cell of this workbook, for checks that need the register."""
        return Finding(row=row, letter=self.workbook.letter(column), column=column, code=code, note=note)

    def with_findings(self, more: Iterable[Finding], cap: int = DEFAULT_CAP) -> "Validation":
        """Return the same workbook with findings that the register's own checks made."""
        together = Findings(cap, list(self.findings), self.suppressed)
        for finding in more:
            together.add(finding)
        return replace(self, findings=_sorted(together.items), suppressed=together.suppressed)


@dataclass(slots=True)
class _Person:
    """One row's parsed person values; absent where the cell was blank or broken."""

    row: Row
    values: dict[str, Any]

    @property
    def is_head(self) -> bool:
        return self.values.get("relation") == codes.HEAD


class _Checks:
    """The run over one workbook: its findings and the rows that have one."""

    def __init__(self, workbook: Workbook, today: date, villages: Collection[str], cap: int) -> None:
        self.workbook = workbook
        self.today = today
        self.villages = villages
        self.findings = Findings(cap, list(workbook.findings), workbook.suppressed)
        self.faulty_rows = {finding.row for finding in workbook.findings}
        self.letters = {name: workbook.letter(name) for name in form.BY_NAME}
        self.known: dict[str, dict[RawCell, Value]] = {name: {} for name in form.BY_NAME}
        indexes = workbook.columns
        self.of_household = {indexes[column.name] for column in HOUSEHOLD_COLUMNS if column.name in indexes}
        self.of_person = [
            (column, indexes.get(column.name, -1), self.known[column.name]) for column in PERSON_COLUMNS
        ]

    def report(self, row: Row, column: Column, code: str, note: str = "") -> None:
        letter = self.letters[column.name]
        self.findings.add(Finding(row=row.number, letter=letter, column=column.name, code=code, note=note))
        self.faulty_rows.add(row.number)

    def address(self, row: Row, column: Column) -> str:
        return f"{self.letters[column.name]}{row.number}"

    def value(self, row: Row, column: Column, *, required: bool) -> Value | None:
        """Return a cell's value; report and leave out a broken one."""
        index = self.workbook.columns.get(column.name, -1)
        content = row.cells.get(index)
        if content is None:
            if required:
                self.report(row, column, "required")
            return None
        if isinstance(content, Fault):
            self.faulty_rows.add(row.number)
            return None
        known = self.known[column.name]
        value = known.get(content)
        if value is not None:
            return value
        parsed = parse_cell(column, content)
        if isinstance(parsed, Broken):
            self.report(row, column, parsed.code, parsed.note)
            return None
        if len(known) < KNOWN_CONTENTS:
            known[content] = parsed
        return parsed

    def person(self, row: Row) -> _Person:
        """Return a row's person, its broken cells reported."""
        values: dict[str, Any] = {}
        cells = row.cells
        for column, index, known in self.of_person:
            content = cells.get(index)
            value = None if content is None else known.get(content)
            if value is None:
                value = self.value(row, column, required=column.required)
            if value is not None:
                values[column.field] = value
        return _Person(row, values)


def validate(
    workbook: Workbook, known_villages: Collection[str], today: date, *, max_findings: int = DEFAULT_CAP
) -> Validation:
    """Check every rule that the file alone can answer; a household with any finding yields no draft."""
    checks = _Checks(workbook, today, known_villages, max_findings)
    households: dict[str, list[_Person]] = {}
    drafts: list[HouseholdDraft] = []
    # Without the form's columns every row would be found faulty for the same one reason.
    if workbook.columns_ok:
        households = _people_by_household(checks)
        _refuse_same_identity(checks, households)
        drafts = [
            draft
            for file_number, people in households.items()
            if (draft := _household(checks, file_number, people)) is not None
        ]
    return Validation(
        workbook=workbook,
        households=tuple(drafts),
        findings=_sorted(checks.findings.items),
        suppressed=checks.findings.suppressed,
        row_count=len(workbook.rows),
        household_count=len(households),
    )


def _people_by_household(checks: _Checks) -> dict[str, list[_Person]]:
    """Group rows by file number, in the order of the sheet; a row without a valid one stands alone in a finding."""
    households: dict[str, list[_Person]] = {}
    for row in checks.workbook.rows:
        person = checks.person(row)
        _check_identity(checks, person)
        file_number = person.values.pop("file_number", None)
        if file_number is not None and reads_as_identity(file_number):
            checks.report(row, form.FILE_NUMBER, "file-number-is-identity")
        elif file_number is not None:
            households.setdefault(file_number, []).append(person)
    return households


def _check_identity(checks: _Checks, person: _Person) -> None:
    number = person.values.get("identity_number")
    if number is None:
        return
    # A final small x is common in files and means the same character.
    number = person.values["identity_number"] = number[:-1] + number[-1].replace("x", "X")
    fault = identity_fault(number, checks.today)
    if fault:
        checks.report(person.row, form.IDENTITY, fault)
        # Two rows with the same broken number are told about the number first.
        del person.values["identity_number"]
    elif "sex" in person.values and person.values["sex"] != sex_of(number):
        checks.report(person.row, form.SEX, "identity-sex", checks.address(person.row, form.IDENTITY))


def _refuse_same_identity(checks: _Checks, households: dict[str, list[_Person]]) -> None:
    """A person stands in a workbook once; both rows are named."""
    first_rows: dict[str, Row] = {}
    reported: set[int] = set()
    people = sorted((person for group in households.values() for person in group), key=lambda p: p.row.number)
    for person in people:
        number = person.values.get("identity_number")
        if number is None:
            continue
        first = first_rows.setdefault(number, person.row)
        if first is person.row:
            continue
        checks.report(person.row, form.IDENTITY, "identity-duplicate", checks.address(first, form.IDENTITY))
        if first.number not in reported:
            reported.add(first.number)
            other = checks.address(person.row, form.IDENTITY)
            checks.report(first, form.IDENTITY, "identity-duplicate", other)


def _household(checks: _Checks, file_number: str, people: list[_Person]) -> HouseholdDraft | None:
    head = _head(checks, people)
    main = head or people[0]
    values: dict[str, Any] = {}
    for column in HOUSEHOLD_COLUMNS:
        values[column.name] = checks.value(main.row, column, required=column.required and head is not None)
    _check_village(checks, main, values)
    _check_bank(checks, main)
    for person in people:
        if person is not main:
            _check_repeated(checks, person, main, values)
    if any(person.row.number in checks.faulty_rows for person in people):
        return None
    fields = {column.field: values[column.name] for column in HOUSEHOLD_COLUMNS if column.field}
    draft = HouseholdDraft(
        file_number=file_number, members=tuple(_member(person) for person in people), **fields
    )
    return draft if _figures_agree(checks, main, draft, values) else None


def _head(checks: _Checks, people: list[_Person]) -> _Person | None:
    """Return the one head; report the lack of one, and every head after the first."""
    heads = [person for person in people if person.is_head]
    if not heads:
        # A relation cell that is itself broken may well be the head's: it has its finding already.
        if all("relation" in person.values for person in people):
            checks.report(people[0].row, form.RELATION, "head-missing")
        checks.faulty_rows.add(people[0].row.number)
        return None
    for person in heads[1:]:
        checks.report(
            person.row, form.RELATION, "head-duplicate", checks.address(heads[0].row, form.RELATION)
        )
    return heads[0]


def _check_village(checks: _Checks, head: _Person, values: dict[str, Any]) -> None:
    village = values[form.VILLAGE.name]
    if village is not None and village not in checks.villages:
        checks.report(head.row, form.VILLAGE, "village-unknown")


def _check_bank(checks: _Checks, head: _Person) -> None:
    """An account without its branch cannot be paid; a broken cell counts as given."""
    given = [
        checks.workbook.columns[column.name] in head.row.cells for column in (form.BANK_CODE, form.ACCOUNT)
    ]
    if given[0] != given[1]:
        checks.report(head.row, form.ACCOUNT if given[0] else form.BANK_CODE, "bank-incomplete")


def _check_repeated(checks: _Checks, person: _Person, head: _Person, values: dict[str, Any]) -> None:
    if checks.of_household.isdisjoint(person.row.cells):
        return
    for column in HOUSEHOLD_COLUMNS:
        repeated = checks.value(person.row, column, required=False)
        if repeated is not None and repeated != values[column.name]:
            checks.report(person.row, column, "household-differs", checks.address(head.row, column))


def _member(person: _Person) -> MemberDraft:
    values = dict(person.values, medical_scheme=person.values["medical_scheme"] == "1")
    return MemberDraft(row=person.row.number, **values)


def _figures_agree(checks: _Checks, head: _Person, draft: HouseholdDraft, values: dict[str, Any]) -> bool:
    """Net income and income a person, where stated, follow from the incomes; the latter may be a fen off."""
    net, per_capita = values[form.NET.name], values[form.PER_CAPITA.name]
    if net is not None and net != draft.net_income_fen:
        checks.report(head.row, form.NET, "net-income-differs")
        return False
    if per_capita is not None and abs(per_capita - draft.per_capita_income_fen) > 1:
        checks.report(head.row, form.PER_CAPITA, "per-capita-differs")
        return False
    return True


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda item: (item.row, len(item.letter), item.letter, item.code)))
