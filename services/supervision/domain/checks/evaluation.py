"""Registrations by the procedure, held against the meetings that agreed to them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from services.supervision.domain.checks.deadline import is_overdue
from services.supervision.domain.dossier import Dossier, Entrance, is_now_on_the_register
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import EVALUATIONS, Rule, Rulebook
from services.supervision.domain.words import in_chinese


class Missing(NamedTuple):
    """A registration whose round lacks evaluations; the rule fires from `due_on` on."""

    rule: Rule
    entrance: Entrance
    evaluations: tuple[str, ...]
    due_on: date


def pending(dossier: Dossier, rules: Rulebook) -> Iterator[Missing]:
    """Yield registrations that lack evaluations, whatever the date; one complete round is enough."""
    entrance = dossier.entrance
    if entrance is None or not is_now_on_the_register(dossier):
        return
    for rule in rules.in_force(EVALUATIONS, entrance.on):
        terms: Any = rule.terms
        missing = [_missing(dossier, round_id, terms.evaluations) for round_id in entrance.rounds]
        fewest = min(missing, key=len, default=terms.evaluations)
        if fewest:
            # The meetings may be on their way still while the day lasts on which the registration became known.
            yield Missing(rule, entrance, fewest, entrance.told_on + timedelta(days=terms.grace_days + 1))


def _missing(dossier: Dossier, round_id: UUID, wanted: tuple[str, ...]) -> tuple[str, ...]:
    passed = set(dossier.passed.get(round_id, {}).values())
    return tuple(evaluation for evaluation in wanted if evaluation not in passed)


def check_evaluations(dossier: Dossier, rules: Rulebook, through: date | None) -> Iterator[Firing]:
    """Fire for a registration by the procedure in whose round an evaluation is not there, or was annulled."""
    for rule, entrance, missing, due_on in pending(dossier, rules):
        if is_overdue(due_on, through):
            subject = f"household/{dossier.household_id}"
            names = ", ".join(missing)
            yield Firing(
                rule=rule,
                subject=subject,
                observed=f"registered on {entrance.on} without {names}",
                expected=f"passed {', '.join(rule.terms.evaluations)} in one round",
                evidence=(entrance.event_id,),
                due_on=due_on,
                values={
                    "subject": subject,
                    "registered_on": entrance.on,
                    "missing": names,
                    "missing_zh": in_chinese(missing),
                },
            )
