"""A household's category over time: assigned from a day on by a document, which ends the one before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from services.registry.domain.errors.register import NothingChanged
from services.registry.domain.household import Household, restate

ASSIGNED: Final = "category-assigned"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A version of a household's file; `source` is the version whose other content it repeats."""

    version: int
    source: int
    valid_from: date
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A version to add: the content of an older one, from a day on, with another category."""

    household_id: UUID
    source: int
    version: int
    valid_from: date
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days on which something held; `valid_to` is the first day on which it no longer did."""

    valid_from: date
    valid_to: date | None


def assign(
    before: Household, statements: Sequence[Statement], category: str, *, on: date, today: date
) -> tuple[Household, list[Copy]]:
    """Return the household with a category from a day on, and the versions that say so (capabilities P1.9).

    What else changed in the file after that day stays true: each of those days gets its own content again.
    """
    after = restate(before, replace(before, category=category), on=on, today=today, pointer="/from")
    held = _held_from(statements, on)
    if all(statement.category == category for _, statement in held):
        raise NothingChanged
    copies = [
        Copy(
            household_id=before.id,
            source=statement.source,
            version=before.version + number,
            valid_from=day,
            category=category,
        )
        for number, (day, statement) in enumerate(held, start=1)
    ]
    latest = before.version + len(copies)
    return replace(after, version=latest, content_version=latest), copies


def periods(spoken: Iterable[tuple[date, T]], value: Callable[[T], object]) -> list[tuple[Period, T]]:
    """Return when which statement held, given in the order of recording; equal values side by side are one period."""
    ordered = list(spoken)
    days = sorted({day for day, _ in ordered})
    winners = [(day, [what for since, what in ordered if since <= day][-1]) for day in days]
    changes = [
        (day, what)
        for number, (day, what) in enumerate(winners)
        if number == 0 or value(what) != value(winners[number - 1][1])
    ]
    ends: list[date | None] = [*[day for day, _ in changes], None]
    return [
        (Period(valid_from=day, valid_to=end), what)
        for (day, what), end in zip(changes, ends[1:], strict=True)
    ]


def _held_from(statements: Sequence[Statement], on: date) -> list[tuple[date, Statement]]:
    """Return what held from a day on: each content with the first day of it."""
    days = [on, *sorted({one.valid_from for one in statements if one.valid_from > on})]
    held: list[tuple[date, Statement]] = []
    for day in days:
        speaking = [one for one in statements if one.valid_from <= day]
        if speaking and (not held or held[-1][1] is not speaking[-1]):
            held.append((day, speaking[-1]))
    return held
