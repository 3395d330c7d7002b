"""Deadlines: what must have happened by a day and has not, once the clock has passed that day."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from contracts.values import SOURCE_CLAIM
from services.supervision.domain.dossier import Dated, Dossier
from services.supervision.domain.finding import Firing
from services.supervision.domain.fold import REJECTED
from services.supervision.domain.rule import DEADLINE, Rule, Rulebook

PAID = "paid"


class Pending(NamedTuple):
    """A step that has not been followed yet; the rule fires from `due_on` on."""

    rule: Rule
    subject: str
    since: Dated
    due_on: date


def pending(dossier: Dossier, rules: Rulebook) -> Iterator[Pending]:
    """Yield every deadline that is running or past, whatever the date."""
    paid = {p.source_id for p in dossier.payments.values() if p.source_kind == SOURCE_CLAIM}
    for claim_id, claim in dossier.claims.items():
        if REJECTED not in claim.steps:
            is_paid = claim_id in paid
            yield from _running(rules, claim.steps, ("claim", claim_id), is_paid=is_paid)
    for house_id, house in dossier.houses.items():
        yield from _running(rules, house.steps, ("house", house_id), is_paid=False)


def _running(
    rules: Rulebook, steps: Mapping[str, Dated], subject: tuple[str, UUID], *, is_paid: bool
) -> Iterator[Pending]:
    kind, subject_id = subject
    for step, since in steps.items():
        for rule in rules.in_force(DEADLINE, since.on):
            terms: Any = rule.terms
            is_met = is_paid if terms.until == PAID else terms.until in steps
            if terms.subject == kind and terms.since == step and not is_met:
                # Strictly after so many days: on the last day there is still time.
                due_on = since.on + timedelta(days=terms.days + 1)
                yield Pending(rule, f"{kind}/{subject_id}", since, due_on)


def is_overdue(due_on: date, through: date | None) -> bool:
    """Tell whether the clock has reached the day on which a deadline counts as missed."""
    return through is not None and due_on <= through


def check(dossier: Dossier, rules: Rulebook, through: date | None) -> Iterator[Firing]:
    """Fire for every deadline that the clock has passed."""
    for rule, subject, since, due_on in pending(dossier, rules):
        if is_overdue(due_on, through):
            terms: Any = rule.terms
            last_day = due_on - timedelta(days=1)
            yield Firing(
                rule=rule,
                subject=subject,
                observed=f"{terms.since} on {since.on}, not {terms.until}",
                expected=f"{terms.until} by {last_day}, within {terms.days} days",
                evidence=(since.event_id,),
                due_on=due_on,
                values={"subject": subject, "since": since.on, "days": terms.days, "last_day": last_day},
            )
