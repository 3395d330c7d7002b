"""When a household may leave the register as no longer poor: criteria computed from one visit, each named.

厅字〔2016〕16号: income stably above the line, two assurances and three guarantees (两不愁三保障), a democratic evaluation by the
village's two committees, and the household's own agreement.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from chassis.errors import FieldError
from chassis.money import format_yuan
from contracts.events.registry import ExitAssessment
from contracts.values import INTERNAL_MEETING
from services.registry.domain.errors.leaving import ExitCriteriaFail, ReturnNeedsRelapse, VisitTooLate
from services.registry.domain.freshness import is_fresh
from services.registry.domain.rule_pack import POVERTY_LINE, RulePack

EXIT_CRITERIA: Final = "exit-criteria"
RELAPSE: Final = "return-needs-relapse"
INCOME: Final = "per-capita-income"

PENDING: Final = "open"
EXITED: Final = "exited"
TAKEN_BACK: Final = "taken-back"
OVERTAKEN: Final = "overtaken"
PRE_EXIT_OUTCOMES: Final = (PENDING, EXITED, TAKEN_BACK, OVERTAKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One visit as an exit or a return weighs it; `holding` names the assurances and guarantees found to hold."""

    visit_id: UUID
    visited_on: date
    is_annulled: bool
    is_complete: bool
    per_capita_income_fen: int
    holding: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeVote:
    """The evaluation by the village's two committees (村两委)."""

    held_on: date
    eligible: int
    present: int
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion, what was observed and what is needed."""

    name: str
    is_met: bool
    observed: str
    needed: str


def state_criteria(look: Look, pack: RulePack, area: str) -> list[Criterion]:
    """Return the criteria of the household's own state: income above the line, not at it, and what must hold."""
    line = pack.line_fen(POVERTY_LINE, look.visited_on.year, area)
    income = Criterion(
        name=INCOME,
        is_met=line is not None and look.per_capita_income_fen > line,
        observed=format_yuan(look.per_capita_income_fen),
        needed=f"more than {format_yuan(line)}"
        if line is not None
        else "a line of the year, and more than it",
    )
    return [income, *(_holds(name, look) for name in (*pack.exit.assurances, *pack.exit.guarantees))]


def exit_criteria(
    look: Look, pack: RulePack, area: str, *, vote: CommitteeVote, signed: bool, on: date
) -> list[Criterion]:
    """Return every criterion of an exit on a day (厅字〔2016〕16号)."""
    rule = pack.evaluation(INTERNAL_MEETING)
    months = pack.freshness_months
    return [
        *state_criteria(look, pack, area),
        Criterion(
            name="visit-valid",
            is_met=look.is_complete and not look.is_annulled,
            observed="annulled" if look.is_annulled else "complete" if look.is_complete else "incomplete",
            needed="complete and not annulled",
        ),
        Criterion(
            name="visit-fresh",
            is_met=is_fresh(look.visited_on, pack, on=on),
            observed=look.visited_on.isoformat(),
            needed=f"not older than {months} months on {on.isoformat()}",
        ),
        Criterion(
            name="signature",
            is_met=signed or not pack.exit.signature,
            observed="signed" if signed else "not signed",
            needed="the household's signature",
        ),
        Criterion(
            name="quorum",
            is_met=rule.is_quorate(vote.present, vote.eligible),
            observed=f"{vote.present} of {vote.eligible}",
            needed=f"at least {rule.quorum} of those entitled",
        ),
        Criterion(
            name="majority",
            is_met=rule.is_carried(vote.votes, vote.present),
            observed=f"{vote.votes} of {vote.present}",
            needed=f"more than {rule.majority} of those present",
        ),
    ]


def refuse_failing(criteria: list[Criterion], pack: RulePack) -> None:
    """Refuse an exit with every criterion that fails, what was observed and what is needed."""
    failing = [one for one in criteria if not one.is_met]
    if failing:
        names = ", ".join(one.name for one in failing)
        raise ExitCriteriaFail(
            f"Criteria of exit that fail: {names}.",
            rule=EXIT_CRITERIA,
            basis=pack.basis(EXIT_CRITERIA),
            errors=[
                FieldError(
                    f"/criteria/{one.name}", EXIT_CRITERIA, f"Observed {one.observed}; needed {one.needed}."
                )
                for one in failing
            ],
        )


def check_exit(
    look: Look, pack: RulePack, area: str, *, vote: CommitteeVote, signed: bool, on: date
) -> ExitAssessment:
    """Return what an exit rests on when every criterion of it holds on a day, or refuse it."""
    refuse_failing(exit_criteria(look, pack, area, vote=vote, signed=signed, on=on), pack)
    return assess(look, pack, area, signed=signed)


def refuse_later(look: Look, vote: CommitteeVote, on: date) -> None:
    """An exit rests on a visit and a vote that came before it; the vote on what the visit found."""
    if not look.visited_on <= vote.held_on <= on:
        message = "First the visit, then the evaluation, then the pre-exit."
        raise VisitTooLate(message, pointer="/evaluation/held_on")


def assess(look: Look, pack: RulePack, area: str, *, signed: bool) -> ExitAssessment:
    """Return what an exit rests on, as others hear of it."""
    return ExitAssessment(
        visit_id=look.visit_id,
        rule_pack=pack.code,
        per_capita_income_fen=look.per_capita_income_fen,
        line_fen=pack.line_fen(POVERTY_LINE, look.visited_on.year, area) or 0,
        assurances_met=look.holding.issuperset(pack.exit.assurances),
        guarantees_met=look.holding.issuperset(pack.exit.guarantees),
        signed=signed,
    )


def refuse_without_relapse(look: Look | None, pack: RulePack, area: str, *, left_on: date, on: date) -> None:
    """A household comes back outside a round when a valid visit after its exit finds it poor again (返贫).

    One criterion of its own state that fails is enough.
    """
    basis = pack.basis(RELAPSE)
    if look is None:
        raise ReturnNeedsRelapse(pointer="/visit_id", rule=RELAPSE, basis=basis)
    is_valid = look.is_complete and not look.is_annulled and left_on < look.visited_on <= on
    if not is_valid or not is_fresh(look.visited_on, pack, on=on):
        message = "The visit is not valid, not after the exit, or too old."
        raise ReturnNeedsRelapse(message, pointer="/visit_id", rule=RELAPSE, basis=basis)
    if all(one.is_met for one in state_criteria(look, pack, area)):
        message = "The visit finds every criterion of exit met."
        raise ReturnNeedsRelapse(message, pointer="/visit_id", rule=RELAPSE, basis=basis)


def _holds(name: str, look: Look) -> Criterion:
    is_met = name in look.holding
    return Criterion(
        name=name, is_met=is_met, observed="holds" if is_met else "does not hold", needed="holds"
    )
