"""Which version of a deadline runs for a claim or a house."""

from datetime import date
from typing import Any

from chassis.ids import new_id
from services.supervision.domain.checks.deadline import pending
from services.supervision.domain.dossier import Claim, Dated, Dossier, House
from services.supervision.domain.rule import DEADLINE, Rule, Rulebook, terms_of
from tests.services.supervision.builders import day

JANUARY = day(1, 1)
ACCEPTED = day(3, 21)
APPROVED = day(3, 23)


def version(
    number: int, since: str, until: str, *, subject: str = "claim", days: int = 30, begins: date = JANUARY
) -> Rule:
    return Rule(
        code="claim-unpaid",
        version=number,
        kind=DEADLINE,
        terms=terms_of(DEADLINE, {"subject": subject, "since": since, "until": until, "days": days}),
        severity="high",
        effective_from=begins,
        effective_to=None,
        basis_document="sample",
        explanation={"zh": "$subject", "en": "$subject"},
    )


def running(*versions: Rule, claim: dict[str, date], house: dict[str, date] | None = None) -> list[Any]:
    """Return version and first day of every deadline that runs for a household with a claim and a house."""
    dossier = Dossier(household_id=new_id())
    dossier.claims[new_id()] = Claim(steps={step: Dated(on, new_id()) for step, on in claim.items()})
    dossier.houses[new_id()] = House(steps={step: Dated(on, new_id()) for step, on in (house or {}).items()})
    return [(one.rule.version, one.since.on) for one in pending(dossier, Rulebook(versions))]


SUPERSEDED = version(2, "accepted", "paid", days=0)
SUPERSEDING = version(4, "approved", "paid")


def test_a_superseded_version_does_not_run_where_the_newer_one_counts_from_a_later_step() -> None:
    assert running(SUPERSEDED, SUPERSEDING, claim={"accepted": ACCEPTED}) == []
    assert running(SUPERSEDED, SUPERSEDING, claim={"accepted": ACCEPTED, "approved": APPROVED}) == [
        (4, APPROVED)
    ]


def test_a_version_runs_for_a_step_taken_before_the_newer_one_came_into_force() -> None:
    newer = version(4, "approved", "paid", begins=APPROVED)

    assert running(SUPERSEDED, newer, claim={"accepted": ACCEPTED}) == [(2, ACCEPTED)]
    assert running(SUPERSEDED, newer, claim={"accepted": APPROVED}) == []
    assert running(SUPERSEDED, newer, claim={"accepted": ACCEPTED, "approved": APPROVED}) == [(4, APPROVED)]


def test_a_version_for_houses_supersedes_one_for_claims() -> None:
    houses = version(3, "completed", "moved-in", subject="house")

    found = running(SUPERSEDED, houses, claim={"accepted": ACCEPTED}, house={"completed": APPROVED})

    assert found == [(3, APPROVED)]
