"""The division tree: lines of a file checked as a whole, so that no village hangs in the air."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chassis.errors import FieldError
from services.registry.domain.errors.register import DivisionsInvalid

COLUMNS = ("code", "level", "parent_code", "name")
PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE = LEVELS = (
    "province",
    "prefecture",
    "county",
    "township",
    "village",
)
# Digits of the code that are a level's own; the rest is zeros (GB/T 2260, GB/T 10114).
DIGITS = {PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, TOWNSHIP: 9, VILLAGE: 12}
CODE_LENGTH = 12
MAX_NAME = 60
MAX_ERRORS = 1_000
_CODE = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One unit of the tree."""

    code: str
    level: str
    parent_code: str | None
    name: str


def division_prefix(code: str) -> str:
    """Return the part of a division code that its subdivisions share: a township's nine digits, a county's six."""
    for length in DIGITS.values():
        if len(code) >= length and not code[length:].strip("0"):
            return code[:length]
    return code


def read_divisions(text: str, known: Mapping[str, Division]) -> list[Division]:
    """Return the divisions of a CSV text in its order, or refuse it with every line's errors."""
    lines = csv.reader(text.splitlines())
    header = next(lines, [])
    if tuple(name.strip() for name in header) != COLUMNS:
        message = f"The first line must be {','.join(COLUMNS)}."
        raise DivisionsInvalid(errors=[FieldError("/lines/1", "header-invalid", message)])
    read = _Reading(known)
    for number, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            read.take(number, [cell.strip() for cell in cells])
    read.check_parents()
    if not read.lines and not read.errors:
        read.errors.append(FieldError("/lines/2", "no-rows", "The file has no division."))
    if read.errors:
        raise DivisionsInvalid(errors=read.errors[:MAX_ERRORS])
    return [division for _, division in read.lines.values()]


class _Reading:
    """The lines read so far, by code, and what is wrong with them."""

    def __init__(self, known: Mapping[str, Division]) -> None:
        self.known = known
        self.lines: dict[str, tuple[int, Division]] = {}
        self.errors: list[FieldError] = []

    def take(self, number: int, cells: list[str]) -> None:
        """Add one line, or its errors."""
        if len(cells) != len(COLUMNS):
            self.errors.append(
                FieldError(f"/lines/{number}", "column-count", f"A line has {len(COLUMNS)} columns.")
            )
            return
        code, level, parent, name = cells
        division = Division(code=code, level=level, parent_code=parent or None, name=name)
        found = list(_faults(number, division))
        if code in self.lines:
            found.append(FieldError(f"/lines/{number}/code", "code-duplicate", "The code stands twice."))
        before = self.known.get(code)
        if before and (before.level, before.parent_code) != (level, division.parent_code):
            message = "The register holds this code at another place of the tree."
            found.append(FieldError(f"/lines/{number}/code", "division-differs", message))
        self.errors += found
        self.lines.setdefault(code, (number, division))

    def check_parents(self) -> None:
        """Every parent is in the file or known, on a level above, with the same leading digits."""
        for number, division in self.lines.values():
            if division.parent_code is None or division.level not in LEVELS:
                continue
            line = self.lines.get(division.parent_code)
            parent = line[1] if line else self.known.get(division.parent_code)
            pointer = f"/lines/{number}/parent_code"
            if parent is None:
                self.errors.append(
                    FieldError(pointer, "parent-unknown", "The parent is neither in the file nor known.")
                )
            elif not is_parent(parent, division):
                self.errors.append(
                    FieldError(pointer, "parent-invalid", "The parent is not the unit above this code.")
                )


def is_parent(parent: Division, child: Division) -> bool:
    """A unit stands below one of a level above whose digits begin its own code (GB/T 2260).

    Not always the next level: a county may stand directly below a municipality or province.
    """
    is_above = parent.level in LEVELS[: LEVELS.index(child.level)]
    return is_above and child.code.startswith(division_prefix(parent.code))


def _faults(number: int, division: Division) -> Iterator[FieldError]:
    if not _CODE.fullmatch(division.code):
        yield FieldError(f"/lines/{number}/code", "code-invalid", "A division code has 12 digits.")
    elif division.level in DIGITS and division.code[DIGITS[division.level] :].strip("0"):
        yield FieldError(
            f"/lines/{number}/code", "code-level", "The digits below the level of the unit must be zeros."
        )
    if division.level not in LEVELS:
        yield FieldError(f"/lines/{number}/level", "level-unknown", f"A level is one of {', '.join(LEVELS)}.")
    if not 0 < len(division.name) <= MAX_NAME or not division.name.isprintable():
        yield FieldError(f"/lines/{number}/name", "name-invalid", "A name has 1 to 60 printable characters.")
