"""Every rule that is asked of a household's dossier, and when the clock must look at it again."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from services.supervision.domain.checks import (
    deadline,
    evaluation,
    floor,
    freshness,
    house,
    leaving,
    payment,
    ruled_out,
)
from services.supervision.domain.dossier import Dossier
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import (
    ADDITIVITY,
    CAP,
    DEADLINE,
    DUPLICATE,
    ELIGIBILITY,
    EVALUATIONS,
    EXIT_CRITERIA,
    FLOOR,
    FRESHNESS,
    KINDS,
    NOTICE_PERIOD,
    RULED_OUT,
    SEQUENCE,
    THREE_WAY,
    Rulebook,
)

BY_CLOCK: Final = frozenset({DEADLINE, FLOOR, EVALUATIONS, FRESHNESS})
OF_MONEY: Final = frozenset({ELIGIBILITY, THREE_WAY, SEQUENCE})
OF_THE_REGISTER: Final = frozenset({EVALUATIONS, EXIT_CRITERIA, FRESHNESS, RULED_OUT})
OF_PHOTO: Final = frozenset({DUPLICATE})
OF_ROUND: Final = frozenset({ADDITIVITY})
OF_NOTICE: Final = frozenset({NOTICE_PERIOD})
OF_DOSSIER: Final = KINDS - OF_PHOTO - OF_ROUND - OF_NOTICE


def firings(
    dossier: Dossier,
    rules: Rulebook,
    kinds: frozenset[str],
    *,
    through: date | None,
    programmes: Mapping[str, str],
) -> Iterator[Firing]:
    """Ask some kinds of rule of one household and yield what fires."""
    if DEADLINE in kinds and (dossier.claims or dossier.houses):
        yield from deadline.check(dossier, rules, through)
    if dossier.payments and kinds & OF_MONEY:
        yield from _of_money(dossier, rules, kinds)
    if CAP in kinds:
        yield from house.check_cap(dossier, rules)
    if FLOOR in kinds:
        yield from floor.check_floor(dossier, rules, through, programmes)
    if kinds & OF_THE_REGISTER:
        yield from _of_the_register(dossier, rules, kinds, through)


def _of_money(dossier: Dossier, rules: Rulebook, kinds: frozenset[str]) -> Iterator[Firing]:
    sources = payment.paid_sources(dossier)
    if ELIGIBILITY in kinds:
        yield from payment.check_eligibility(dossier, sources, rules)
    if THREE_WAY in kinds:
        yield from payment.check_three_way(dossier, sources, rules)
    if SEQUENCE in kinds:
        yield from payment.check_sequence(dossier, sources, rules)


def _of_the_register(
    dossier: Dossier, rules: Rulebook, kinds: frozenset[str], through: date | None
) -> Iterator[Firing]:
    if EVALUATIONS in kinds:
        yield from evaluation.check_evaluations(dossier, rules, through)
    if EXIT_CRITERIA in kinds:
        yield from leaving.check_exit(dossier, rules)
    if FRESHNESS in kinds:
        yield from freshness.check_freshness(dossier, rules, through)
    if RULED_OUT in kinds:
        yield from ruled_out.check_ruled_out(dossier, rules)


def next_due(dossier: Dossier, rules: Rulebook, through: date | None) -> date | None:
    """Return the next day on which the clock alone could make a rule fire for a household."""
    days = [one.due_on for one in deadline.pending(dossier, rules)]
    days += [one.due_on for one in evaluation.pending(dossier, rules)]
    days += [one.due_on for one in freshness.ageing(dossier, rules)]
    ahead = [day for day in days if not deadline.is_overdue(day, through)]
    year_end = floor.next_due(dossier, through)
    return min([*ahead, year_end] if year_end else ahead, default=None)
