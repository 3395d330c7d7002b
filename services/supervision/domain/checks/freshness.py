"""Records that nobody has looked at for too long."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from contracts.values import REGISTERED, RETURNED, VERIFIED
from services.supervision.domain.checks.deadline import is_overdue
from services.supervision.domain.dossier import Dated, Dossier, is_now_on_the_register
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import FRESHNESS, Rule, Rulebook

LOOKED_AT: Final = frozenset({REGISTERED, VERIFIED, RETURNED})


class Ageing(NamedTuple):
    """The last look at a household; the rule fires from `due_on` on."""

    rule: Rule
    look: Dated
    due_on: date


def ageing(dossier: Dossier, rules: Rulebook) -> Iterator[Ageing]:
    """Yield until when the record of a household on the register is fresh, whatever the date."""
    look = last_look(dossier) if is_now_on_the_register(dossier) else None
    if look is None:
        return
    for rule in rules.in_force(FRESHNESS, look.on):
        terms: Any = rule.terms
        # Strictly after so many days: on the last day there is still time.
        yield Ageing(rule, look, look.on + timedelta(days=terms.days + 1))


def last_look(dossier: Dossier) -> Dated | None:
    """Return the last valid visit or verification; a household never visited counts from its registration."""
    looks = [
        (one.since, one.event_id)
        for one in dossier.standings
        if one.status in LOOKED_AT and not one.is_restored
    ]
    looks += [(one.on, one.event_id) for one in dossier.visits.values() if one.annulled_by is None]
    return Dated(*max(looks)) if looks else None


def check_freshness(dossier: Dossier, rules: Rulebook, through: date | None) -> Iterator[Firing]:
    """Fire for a household on the register at which nobody has looked for too many days."""
    for rule, look, due_on in ageing(dossier, rules) if through else ():
        if is_overdue(due_on, through):
            subject = f"household/{dossier.household_id}"
            last_day = due_on - timedelta(days=1)
            yield Firing(
                rule=rule,
                subject=subject,
                observed=f"last looked at on {look.on}",
                expected=f"a visit by {last_day}, within {rule.terms.days} days",
                evidence=(look.event_id,),
                due_on=due_on,
                values={
                    "subject": subject,
                    "looked_on": look.on,
                    "days": rule.terms.days,
                    "last_day": last_day,
                },
            )
