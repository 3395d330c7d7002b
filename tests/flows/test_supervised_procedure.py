"""The registry's procedure as supervision hears it: what is done in order is left alone, what is not is found."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any, NamedTuple

import pytest

from contracts.values import (
    COUNTY_CONFIRMATION,
    FIRST_NOTICE,
    REPRESENTATIVES,
    SECOND_NOTICE,
    TOWNSHIP_REVIEW,
)
from services.registry.main import SERVICE as REGISTRY
from services.supervision.main import SERVICE as SUPERVISION
from tests.kit import Harness, HarnessFactory
from tests.services.registry import evaluating, exits, noticing, rounds
from tests.services.registry.builders import filed, import_divisions, post
from tests.services.registry.changes import left_alone
from tests.services.supervision.builders import findings, hear_envelopes, reach

SECOND_POSTING = "2016-06-08"
ANNOUNCED = "2016-06-15"


class Office(NamedTuple):
    """A registry, and a supervision that hears it."""

    registry: Harness
    supervision: Harness

    async def findings(self, on: date) -> list[tuple[str, str]]:
        """Return what supervision holds open on a day, once it has heard all that the registry recorded."""
        await hear_envelopes(self.supervision, await self.registry.facts())
        await reach(self.supervision, on)
        return await findings(self.supervision)


@pytest.fixture
async def office(harness_for: HarnessFactory) -> AsyncIterator[Office]:
    async with harness_for(REGISTRY) as registry, harness_for(SUPERVISION) as supervision:
        assert (await import_divisions(registry)).status_code == 201
        yield Office(registry, supervision)


async def played(registry: Harness) -> tuple[str, str, str]:
    """Play a round over one household and one candidate; return the round and both."""
    known = await filed(registry, 1, on="2016-05-01")
    candidate = await filed(registry, 2, candidate=True)
    round_id = await evaluating.opened(registry, **evaluating.ADDING)
    await evaluating.reach(registry, round_id, REPRESENTATIVES, known, candidate)
    await noticing.closed(registry, round_id, FIRST_NOTICE)
    await evaluating.determined(registry, round_id, TOWNSHIP_REVIEW, determined_on=SECOND_POSTING)
    await noticing.closed(registry, round_id, SECOND_NOTICE, posted_on=SECOND_POSTING)
    await evaluating.determined(registry, round_id, COUNTY_CONFIRMATION, determined_on=ANNOUNCED)
    announced = await noticing.announce(registry, round_id, on=ANNOUNCED)
    assert announced.status_code == 201, announced.text
    closed = await rounds.close_round(registry, round_id)
    assert closed.status_code == 201, closed.text
    return round_id, known, candidate


async def test_a_round_played_in_order_leaves_nothing_to_find(office: Office) -> None:
    await played(office.registry)

    assert await office.findings(date(2016, 6, 30)) == []


async def test_an_exit_in_order_leaves_nothing_to_find(office: Office) -> None:
    await exits.exited(office.registry)

    assert await office.findings(date(2016, 6, 30)) == []


async def test_an_exit_whose_visit_is_corrected_down_to_poverty_is_found(office: Office) -> None:
    household_id, visit_id = await exits.visited_well(office.registry)
    left = await noticing.pre_exit(office.registry, household_id, visit_id)
    assert left.status_code == 200, left.text
    await exits.announce_exit(office.registry, await exits.noticed(office.registry))

    corrected = {name: value for name, value in rounds.visit().items() if name != "visited_on"}
    body = corrected | {"reason": "figures-corrected"}
    answer = await post(office.registry, f"/visits/{visit_id}/corrections", json=body)
    assert answer.status_code == 200, answer.text

    assert await office.findings(date(2016, 6, 9)) == [("exit-against-criteria", f"household/{household_id}")]


async def test_a_notice_that_turns_out_to_have_come_down_early_is_found(office: Office) -> None:
    await exits.leaving(office.registry)
    notice_id = await exits.noticed(office.registry)
    await exits.announce_exit(office.registry, notice_id)

    body = {"taken_down_on": "2016-06-04", "reason": "storm"}
    answer = await post(office.registry, f"/notices/{notice_id}/takedowns", json=body)
    assert answer.status_code == 201, answer.text

    assert await office.findings(date(2016, 6, 9)) == [("notice-cut-short", f"notice/{notice_id}")]


async def test_what_becomes_known_after_the_closing_is_found_until_the_round_is_stated_anew(
    office: Office,
) -> None:
    round_id, known, _ = await played(office.registry)
    await left_alone(office.registry, known, effective_on="2016-06-10")
    assert await office.findings(date(2016, 6, 16)) == [("round-does-not-close", f"round/{round_id}")]

    body: dict[str, Any] = {"reason": "late-report"}
    stated = await post(office.registry, f"/rounds/{round_id}/restatements", json=body, **rounds.OFFICER)
    assert stated.status_code == 201, stated.text

    assert await office.findings(date(2016, 6, 16)) == []
