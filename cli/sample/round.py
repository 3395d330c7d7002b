"""The rounds of a sample county: who is on the register from which round on, and who leaves it in which."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from cli.sample import schedule
from cli.sample.chosen import Chosen
from cli.sample.county import County, LookBack, Rule
from cli.sample.plan import SampleHousehold, SampleRound
from cli.sample.sums import UnreachableFigure
from contracts.values import IDENTIFICATION, LOOK_BACK

REMOVED_FOR = ("income-above-line", "owns-vehicle", "on-payroll", "owns-house-elsewhere", "runs-business")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One look-back's additions and removals by file number."""

    added: tuple[str, ...]
    removed: tuple[tuple[str, str], ...]


def build_rounds(
    county: County,
    households: tuple[SampleHousehold, ...],
    removed: tuple[SampleHousehold, ...],
    chosen: Chosen,
    *,
    rng: Random,
) -> tuple[SampleRound, ...]:
    """Return the first round and the look-backs; after the last one exactly `households` are on the register."""
    if len(county.look_backs) != len(schedule.ROUNDS) - 1:
        raise UnreachableFigure("The calendar has room for three look-backs.")
    changes = list(_changes(county, households, removed, chosen, rng=rng))
    late = {number for change in changes for number in change.added}
    apart = chosen.households(Rule.REGISTERED_WITHOUT_EVALUATIONS)
    first = tuple(one.file_number for one in (*households, *removed) if one.file_number not in late)
    steps = [_Change(added=first, removed=()), *changes]
    return tuple(_rounds(steps, (*households, *removed), chosen, apart))


def _changes(
    county: County,
    households: tuple[SampleHousehold, ...],
    removed: tuple[SampleHousehold, ...],
    chosen: Chosen,
    *,
    rng: Random,
) -> Iterator[_Change]:
    must_be_last = sorted(chosen.households(Rule.REGISTERED_WITHOUT_EVALUATIONS))
    dead = chosen.households(Rule.ROUND_DOES_NOT_CLOSE)
    free = [one.file_number for one in households if one.file_number not in {*must_be_last, *dead}]
    rng.shuffle(free)
    leaving = [one.file_number for one in removed]
    rng.shuffle(leaving)
    for number, look_back in enumerate(county.look_backs, start=1):
        planted = must_be_last if number == len(county.look_backs) else []
        yield _change(look_back, planted, free, leaving, rng=rng)


def _change(
    look_back: LookBack, planted: list[str], free: list[str], leaving: list[str], *, rng: Random
) -> _Change:
    if len(planted) > look_back.added:
        raise UnreachableFigure("The last look-back adds fewer households than are planted in it.")
    added = [*planted, *(free.pop() for _ in range(look_back.added - len(planted)))]
    gone = [leaving.pop() for _ in range(look_back.removed)]
    return _Change(
        added=tuple(sorted(added)),
        removed=tuple((number, rng.choice(REMOVED_FOR)) for number in sorted(gone)),
    )


def _rounds(
    steps: list[_Change], filed: Iterable[SampleHousehold], chosen: Chosen, apart: set[str]
) -> Iterator[SampleRound]:
    persons = {one.file_number: len(one.members) for one in filed}
    # Whoever is still alive when the first rounds count the register.
    dying = chosen.households(Rule.ROUND_DOES_NOT_CLOSE)
    on_register: set[str] = set()
    for number, (change, dates) in enumerate(zip(steps, schedule.ROUNDS, strict=True)):
        on_register |= set(change.added)
        on_register -= {one for one, _ in change.removed}
        alive = len(dying & on_register) if dates.confirmed_on < schedule.DEATH_RECORDED_ON else 0
        yield SampleRound(
            key=f"{LOOK_BACK}-{number}" if number else IDENTIFICATION,
            kind=LOOK_BACK if number else IDENTIFICATION,
            dates=dates,
            added=change.added,
            removed=change.removed,
            apart=tuple(sorted(apart & set(change.added))),
            households=len(on_register),
            persons=sum(persons[one] for one in on_register) + alive,
        )
