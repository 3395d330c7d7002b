"""Closing a round: opening plus added minus removed is counted, and held against what is on the register then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from chassis.errors import FieldError
from contracts.events import procedure as facts
from services.registry.domain.errors.round import (
    NothingToRestate,
    RoundDoesNotClose,
    RoundUndecided,
    SamePersonSignsOff,
)
from services.registry.domain.round import Round
from services.registry.domain.rule_pack import RulePack

ROUND_CLOSES: Final = "round-closes"
ALL_DECIDED: Final = "round-decided"
SECOND_PERSON: Final = "round-signed-off-by-second-person"
UNACCOUNTED: Final = "household-unaccounted"
UNDECIDED: Final = "household-undecided"


class Numbers(Struct, frozen=True, kw_only=True):
    """What a round comes to; `came` and `left` count the households that passed otherwise than by the round, by cause."""

    counts: facts.RoundCounts
    kept_households: int
    corrected_households: int
    came: Mapping[str, int]
    left: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The numbers of a closed round as somebody answers for them: the first at its closing."""

    number: int
    stated_on: date
    stated_by: str
    stated_at: datetime
    reason: str | None
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The numbers as counted, and the first of the households that stand in the way."""

    numbers: Numbers
    undecided: int
    undecided_ids: Sequence[UUID]
    unaccounted_ids: Sequence[UUID]


def is_balanced(counts: facts.RoundCounts) -> bool:
    """Opening plus added minus removed is closing, in households and in persons (capabilities P1.2)."""
    households = counts.opening_households + counts.added_households - counts.removed_households
    persons = counts.opening_persons + counts.added_persons - counts.removed_persons + counts.changed_persons
    return (households, persons) == (counts.closing_households, counts.closing_persons)


def check_numbers(tally: Tally, pack: RulePack) -> None:
    """Refuse numbers that do not close, and name the households that nothing accounts for."""
    counts = tally.numbers.counts
    if is_balanced(counts) and not tally.unaccounted_ids:
        return
    message = (
        f"Households: {counts.opening_households} + {counts.added_households} - {counts.removed_households} "
        f"against {counts.closing_households} on the register. Persons: {counts.opening_persons} + "
        f"{counts.added_persons} - {counts.removed_persons} + {counts.changed_persons} against "
        f"{counts.closing_persons}."
    )
    errors = _named(tally.unaccounted_ids, UNACCOUNTED, "Nothing accounts for what became of this household.")
    raise RoundDoesNotClose(message, rule=ROUND_CLOSES, basis=pack.basis(ROUND_CLOSES), errors=errors)


def close(one: Round, tally: Tally, pack: RulePack, *, by: str, on: date, at: datetime) -> Round:
    """Sign a round off: by another person than opened it, with every household decided and numbers that close."""
    if by == one.opened_by:
        raise SamePersonSignsOff(rule=SECOND_PERSON, basis=pack.basis(SECOND_PERSON))
    if tally.undecided:
        message = f"{tally.undecided} households are not decided yet."
        errors = _named(tally.undecided_ids, UNDECIDED, "The household's entry is still open.")
        raise RoundUndecided(message, rule=ALL_DECIDED, basis=pack.basis(ALL_DECIDED), errors=errors)
    check_numbers(tally, pack)
    return replace(one, closed_on=on, signed_off_by=by, closed_at=at)


def closed_fact(one: Round, numbers: Numbers) -> facts.RoundClosed:
    """Return the fact that a round was signed off."""
    assert one.closed_on is not None  # noqa: S101 - a closed round has its day
    return facts.RoundClosed(
        round_id=one.id,
        area_code=one.scope,
        number=one.number,
        kind=one.kind,
        closed_on=one.closed_on,
        counts=numbers.counts,
        kept_households=numbers.kept_households,
        corrected_households=numbers.corrected_households,
    )


def restate(
    one: Round, before: Numbers, tally: Tally, pack: RulePack, *, reason: str, on: date
) -> facts.RoundRestated:
    """Return the fact that a closed round's numbers are stated anew, as they are known now; they must close, too."""
    if tally.numbers == before:
        raise NothingToRestate
    check_numbers(tally, pack)
    return facts.RoundRestated(
        round_id=one.id,
        area_code=one.scope,
        restated_on=on,
        before=before.counts,
        after=tally.numbers.counts,
        reason=reason,
    )


def _named(ids: Sequence[UUID], code: str, message: str) -> list[FieldError]:
    return [FieldError(f"/households/{household_id}", code, message) for household_id in ids]
