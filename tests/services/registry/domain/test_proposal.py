"""What may be proposed for a household, with which reason, and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chassis.ids import new_id
from contracts.values import ADD, CANDIDATE, CORRECT, KEEP, REMOVE, VERIFIED, WITHDRAWN
from services.registry.domain.errors.procedure import EntryDecided
from services.registry.domain.errors.register import HouseholdWithdrawn, NothingChanged
from services.registry.domain.errors.round import (
    HouseholdOutsideRound,
    ProposalConfirmed,
    ProposalReason,
    ProposalUnfit,
)
from services.registry.domain.household import Household
from services.registry.domain.procedure import CHECKED, LEFT, OPEN, OPENED, STEPS, Entry
from services.registry.domain.proposal import enter, propose
from services.registry.domain.round import Round
from services.registry.rules import shipped_packs

PACK = shipped_packs()["national-2014"]
DAY = date(2016, 6, 1)
LATER = date(2016, 6, 20)
ROUND = Round(
    id=new_id(),
    scope="532930101",
    number=1,
    kind="look-back",
    rule_pack=PACK.code,
    rule_pack_version=1,
    opened_on=DAY,
    opened_by="officer-1",
    opened_at=datetime(2016, 6, 1, tzinfo=UTC),
    opening_households=0,
    opening_persons=0,
)
HOUSEHOLD = Household(
    id=new_id(),
    village_code="532930101201",
    file_number="F-1",
    status=CANDIDATE,
    status_since=DAY,
    category="general",
    persons=2,
    version=1,
    content_version=1,
    village_since=DAY,
    recorded_at=datetime(2016, 6, 1, tzinfo=UTC),
)
ENTRY = Entry(
    round_id=ROUND.id,
    household_id=HOUSEHOLD.id,
    village_code=HOUSEHOLD.village_code,
    proposal=KEEP,
    reason=None,
    step=OPENED,
    step_on=DAY,
    outcome=OPEN,
    opening_persons=3,
)


def test_a_candidate_of_the_area_is_entered_to_be_added() -> None:
    entry = enter(HOUSEHOLD, ROUND, "missed-before", PACK)

    assert (entry.proposal, entry.reason, entry.step, entry.opening_persons) == (
        ADD,
        "missed-before",
        OPENED,
        None,
    )


@pytest.mark.parametrize(
    ("changes", "reason", "refusal"),
    [
        ({"status": VERIFIED}, "missed-before", ProposalUnfit),
        ({"status": WITHDRAWN}, "missed-before", HouseholdWithdrawn),
        ({"village_code": "532930102201"}, "missed-before", HouseholdOutsideRound),
        ({}, "deceased", ProposalReason),
    ],
)
def test_others_are_not_entered(changes: dict[str, str], reason: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        enter(replace(HOUSEHOLD, **changes), ROUND, reason, PACK)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("proposal", "reason"),
    [(KEEP, "deceased"), (REMOVE, None), (REMOVE, "missed-before"), (CORRECT, None), (CORRECT, "deceased")],
)
def test_a_reason_of_another_list_is_refused_with_rule_and_document(
    proposal: str, reason: str | None
) -> None:
    with pytest.raises(ProposalReason) as refused:
        propose(ENTRY, proposal, reason, PACK, on=DAY)

    assert refused.value.rule == "reason-of-proposal"
    assert refused.value.basis == PACK.document


def test_only_who_is_off_the_register_can_be_added_and_only_who_is_on_it_removed() -> None:
    outside = replace(ENTRY, proposal=ADD, reason="missed-before", opening_persons=None)

    with pytest.raises(ProposalUnfit):
        propose(ENTRY, ADD, "missed-before", PACK, on=DAY)
    with pytest.raises(ProposalUnfit):
        propose(outside, REMOVE, "deceased", PACK, on=DAY)
    assert propose(outside, ADD, "new-household", PACK, on=DAY).reason == "new-household"


@pytest.mark.parametrize("step", STEPS)
def test_a_change_makes_evaluations_void_until_the_county_has_confirmed(step: str) -> None:
    entry = replace(ENTRY, step=step)
    if step in {"county-confirmation", "announced"}:
        with pytest.raises(ProposalConfirmed):
            propose(entry, REMOVE, "deceased", PACK, on=LATER)
        return

    changed = propose(entry, REMOVE, "deceased", PACK, on=LATER)

    began = step not in {OPENED, CHECKED}
    assert (changed.step, changed.step_on) == ((CHECKED, LATER) if began else (step, DAY))


def test_what_is_decided_or_says_the_same_is_not_changed() -> None:
    with pytest.raises(EntryDecided):
        propose(replace(ENTRY, outcome=LEFT), REMOVE, "deceased", PACK, on=DAY)
    with pytest.raises(NothingChanged):
        propose(ENTRY, KEEP, None, PACK, on=DAY)
