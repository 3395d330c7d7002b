"""Taking over a county's division tree."""

from collections import Counter
from collections.abc import Mapping, Sequence

from chassis.answers import Answer
from chassis.errors import FieldError
from chassis.unit_of_work import UnitOfWork
from contracts.roles import ADMINISTRATOR, OFFICER
from services.registry.domain.division import Division, division_prefix, read_divisions
from services.registry.domain.errors.register import DivisionsInvalid
from services.registry.schemas import answer
from services.registry.store import division as store


async def import_divisions(document: bytes, unit: UnitOfWork) -> Answer:
    """Add the divisions of a CSV document, all or none."""
    unit.require(OFFICER, ADMINISTRATOR)
    text = _text(document)
    async with unit:
        known = await store.lock_divisions(unit.driver)
        divisions = read_divisions(text, known)
        _refuse_foreign(divisions, known, unit.principal.area)
        await store.save_divisions(unit.driver, divisions, unit.now)
        by_level = dict(Counter(division.level for division in divisions))
        return unit.answer(answer.DivisionImport(divisions=len(divisions), by_level=by_level), status=201)


def _text(document: bytes) -> str:
    try:
        return document.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The file is not UTF-8 text."
        raise DivisionsInvalid(errors=[FieldError("/lines", "encoding-invalid", message)]) from None


def _refuse_foreign(divisions: Sequence[Division], known: Mapping[str, Division], area: str) -> None:
    """A county's file also names its province and prefecture, which it does not rename; others are not its own."""
    errors = [
        FieldError(
            "/lines", "division-outside-area", "A division of the file lies outside the caller's area."
        )
        for division in divisions
        if not division.code.startswith(area) and not _is_above(division, known, area)
    ]
    if errors:
        raise DivisionsInvalid(errors=errors[:1])


def _is_above(division: Division, known: Mapping[str, Division], area: str) -> bool:
    is_renamed = division.code in known and known[division.code].name != division.name
    return area.startswith(division_prefix(division.code)) and not is_renamed
