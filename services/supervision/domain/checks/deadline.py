"""Deadlines: what must have happened by a day and has not, once the clock has passed that day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from contracts.values import SOURCE_CLAIM
from services.supervision.domain.dossier import Dated, Dossier
from services.supervision.domain.finding import Firing
from services.supervision.domain.fold.claim import REJECTED
from services.supervision.domain.rule import PAID, Rule, Rulebook, first_in_force


class Pending(NamedTuple):
    """A step that has not been followed yet; the rule fires from `due_on` on."""

    rule: Rule
    subject: str
    since: Dated
    due_on: date


def pending(dossier: Dossier, rules: Rulebook) -> Iterator[Pending]:
    """Yield every deadline that is running or past, whatever the date."""
    for versions in rules.deadlines("claim"):
        for claim_id, claim in dossier.claims.items():
            found = _running(versions, "claim", claim.steps)
            if found and REJECTED not in claim.steps and not _is_met(found[0], dossier, claim_id):
                yield _pending(*found, f"claim/{claim_id}")
    for versions in rules.deadlines("house"):
        for house_id, house in dossier.houses.items():
            found = _running(versions, "house", house.steps)
            if found:
                yield _pending(*found, f"house/{house_id}")


def _running(versions: Sequence[Rule], subject: str, steps: Mapping[str, Dated]) -> tuple[Rule, Dated] | None:
    """Return the version that holds for the day of its own first step, unless its last step was taken.

    One that a higher version had superseded by that day never holds, also where that one counts from a later step.
    """
    for rule in versions:
        since = steps.get(rule.terms.since) if rule.terms.subject == subject else None
        if since is not None and first_in_force(versions, since.on) is rule:
            return None if rule.terms.until in steps else (rule, since)
    return None


def _is_met(rule: Rule, dossier: Dossier, claim_id: UUID) -> bool:
    return rule.terms.until == PAID and any(
        payment.source_id == claim_id and payment.source_kind == SOURCE_CLAIM
        for payment in dossier.payments.values()
    )


def _pending(rule: Rule, since: Dated, subject: str) -> Pending:
    # Strictly after so many days: on the last day there is still time.
    return Pending(rule, subject, since, since.on + timedelta(days=rule.terms.days + 1))


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
