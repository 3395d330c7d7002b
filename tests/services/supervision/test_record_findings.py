"""Records that grow stale, and households on the register that a list rules out."""

import pytest

from chassis.ids import new_id
from contracts.events import registry
from contracts.values import CONFIRMED
from tests.kit import Harness
from tests.services.supervision.builders import Family, day, findings, hear, reach
from tests.services.supervision.rounds import annulled, assessment, matched, resolved, visited

STALE = "record-stale"
RULED_OUT = "ruled-out-by-list"


async def test_a_record_nobody_looked_at_for_more_than_366_days_is_found_by_the_clock(
    supervision: Harness,
) -> None:
    family = Family()
    await hear(supervision, family.registered(day(1, 6, 2015)), visited(family, day(3, 1, 2015)))

    await reach(supervision, day(3, 1))
    assert await findings(supervision) == []
    await reach(supervision, day(3, 2))

    assert (STALE, f"household/{family.id}") in await findings(supervision)
    (row,) = await supervision.sql("SELECT * FROM supervision.finding WHERE rule = $1", STALE)
    assert row["observed"] == "last looked at on 2015-03-01"
    assert row["expected"] == "a visit by 2016-03-01, within 366 days"
    assert row["due_on"] == day(3, 2)


async def stale_in(harness: Harness, family: Family) -> list[tuple[str, str]]:
    return [one for one in await findings(harness) if one == (STALE, f"household/{family.id}")]


async def test_a_household_never_visited_counts_from_its_registration_or_verification(
    supervision: Harness,
) -> None:
    registered, verified = Family(), Family()
    await hear(supervision, registered.registered(day(5, 1, 2015)), verified.registered(day(5, 1, 2015)))
    await hear(supervision, verified.verified(day(7, 1, 2015)))

    await reach(supervision, day(6, 1))

    assert await stale_in(supervision, registered)
    assert not await stale_in(supervision, verified)


async def test_the_next_visit_closes_it_and_its_annulment_opens_it_again(supervision: Harness) -> None:
    family, visit_id = Family(), new_id()
    await hear(supervision, family.registered(day(5, 1, 2015)))
    await reach(supervision, day(6, 1))
    assert await stale_in(supervision, family)

    await hear(supervision, visited(family, day(5, 30), visit_id))
    assert not await stale_in(supervision, family)
    await hear(supervision, annulled(family, visit_id, day(5, 30)))

    assert await stale_in(supervision, family)


@pytest.mark.parametrize("leaves", ["exit", "closing"])
async def test_off_the_register_no_record_grows_stale(supervision: Harness, leaves: str) -> None:
    family = Family()
    await hear(supervision, family.registered(day(5, 1, 2015)))
    await reach(supervision, day(6, 1))

    await hear(supervision, family.exited(day(6, 1)) if leaves == "exit" else family.closed(day(6, 1)))

    assert not await stale_in(supervision, family)


async def test_a_household_at_whose_exit_the_village_is_still_looking_grows_stale_too(
    supervision: Harness,
) -> None:
    family = Family()
    pre_exited = registry.HouseholdPreExited(
        household_id=family.id, pre_exited_on=day(5, 20), assessment=assessment(new_id())
    )
    await hear(supervision, family.registered(day(5, 1, 2015)), pre_exited)

    await reach(supervision, day(6, 1))

    assert await stale_in(supervision, family)


async def test_a_pre_exit_taken_back_changes_nothing_about_the_last_look(supervision: Harness) -> None:
    family = Family()
    taken_back = registry.HouseholdPreExitWithdrawn(
        household_id=family.id, withdrawn_on=day(5, 25), reason="objection", status="registered"
    )
    await hear(supervision, family.registered(day(5, 1, 2015)), taken_back)

    await reach(supervision, day(6, 1))

    assert await stale_in(supervision, family)


async def test_a_candidate_is_in_nobodys_record_yet(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, visited(family, day(1, 10, 2015)))

    await reach(supervision, day(6, 1))

    assert await findings(supervision) == []


async def test_a_household_on_a_list_that_rules_it_out_is_found_until_that_is_explained(
    supervision: Harness,
) -> None:
    family, match_id = Family(), new_id()
    await hear(supervision, family.registered(), matched(family, match_id))
    assert await findings(supervision) == [(RULED_OUT, f"household/{family.id}")]
    (row,) = await supervision.sql("SELECT observed, explanation FROM supervision.finding")
    assert row["observed"] == "found on the list payroll on 2016-05-01"
    assert "财政供养" in row["explanation"]

    await hear(supervision, resolved(family, match_id))

    assert await findings(supervision) == []


async def test_a_match_that_is_confirmed_is_a_finding_until_the_household_leaves(
    supervision: Harness,
) -> None:
    family, match_id = Family(), new_id()
    await hear(supervision, family.registered(), matched(family, match_id))

    await hear(supervision, resolved(family, match_id, CONFIRMED))

    assert await findings(supervision) == [(RULED_OUT, f"household/{family.id}")]
    await hear(supervision, family.closed(day(5, 6)))
    assert await findings(supervision) == []


async def test_a_corrected_resolution_opens_the_finding_again_or_closes_it(supervision: Harness) -> None:
    family, match_id = Family(), new_id()
    await hear(supervision, family.registered(), matched(family, match_id), resolved(family, match_id))

    await hear(supervision, resolved(family, match_id, CONFIRMED))

    found = (RULED_OUT, f"household/{family.id}")
    assert (await findings(supervision), await findings(supervision, "closed")) == ([found], [found])
    (row,) = await supervision.sql("SELECT evidence FROM supervision.finding WHERE state = 'open'")
    assert len(row["evidence"]) == 2
    await hear(supervision, resolved(family, match_id))
    assert (await findings(supervision), await findings(supervision, "closed")) == ([], [found, found])


async def test_each_match_is_a_finding_of_its_own(supervision: Harness) -> None:
    family, first, second = Family(), new_id(), new_id()
    await hear(supervision, family.registered(), matched(family, first), matched(family, second))

    await hear(supervision, resolved(family, first))

    assert await findings(supervision) == [(RULED_OUT, f"household/{family.id}")]
    assert await findings(supervision, "closed") == [(RULED_OUT, f"household/{family.id}")]


async def test_a_list_that_does_not_rule_out_is_left_alone(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, family.registered(), matched(family, new_id(), rules_out=False))

    assert await findings(supervision) == []


async def test_a_candidate_found_on_a_list_is_a_finding_only_once_it_is_registered(
    supervision: Harness,
) -> None:
    family = Family()
    await hear(supervision, matched(family, new_id()))
    assert await findings(supervision) == []

    await hear(supervision, family.registered())

    assert await findings(supervision) == [(RULED_OUT, f"household/{family.id}")]


async def test_a_match_of_a_household_that_left_the_register_is_no_finding_any_more(
    supervision: Harness,
) -> None:
    family = Family()
    await hear(supervision, family.registered(), matched(family, new_id()))

    await hear(supervision, family.closed(day(5, 20)))

    assert await findings(supervision) == []
