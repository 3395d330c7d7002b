"""Households on their way out, for the registry's tests."""

from datetime import date
from typing import Any

from tests.kit import Harness
from tests.services.registry.builders import (
    filed,
    post,
)
from tests.services.registry.noticing import (
    close,
    exit_notice,
    hung,
    pre_exit,
    prosperous,
)
from tests.services.registry.rounds import visited

NEXT_WEEK = "2016-06-08"


async def visited_well(registry: Harness, number: int = 1, **changes: Any) -> tuple[str, str]:
    """File a household and visit it when it earns 6,000 yuan a head."""
    place = {name: changes.pop(name) for name in ("village_code",) if name in changes}
    household_id = await filed(registry, number, **place)
    visit = await visited(registry, household_id, number, **({"checks": prosperous()} | changes))
    return household_id, str(visit["id"])


async def leaving(registry: Harness, number: int = 1, **changes: Any) -> str:
    """Return a household in pre-exit."""
    household_id, visit_id = await visited_well(registry, number, **changes)
    answer = await pre_exit(registry, household_id, visit_id)
    assert answer.status_code == 200, answer.text
    return household_id


async def noticed(registry: Harness) -> str:
    """Post the village's exit notice, let its week pass, and close it."""
    answer = await post(registry, "/exit-notices", json=exit_notice())
    assert answer.status_code == 201, answer.text
    registry.clock.move_to(date(2016, 6, 8))
    notice_id = str(answer.json()["id"])
    assert (await close(registry, notice_id)).status_code == 201
    return notice_id


async def announce_exit(registry: Harness, notice_id: str, on: str = NEXT_WEEK, **who: Any) -> Any:
    """Announce the exits of a notice as the township's clerk unless told otherwise."""
    body = {"published_on": on} | hung()
    return await post(registry, f"/notices/{notice_id}/announcements", json=body, **who)


async def exited(registry: Harness, number: int = 1) -> str:
    """Return a household that left by the procedure on 8 June."""
    household_id = await leaving(registry, number)
    answer = await announce_exit(registry, await noticed(registry))
    assert answer.status_code == 201, answer.text
    return household_id


async def poor_again(registry: Harness, household_id: str, on: str = "2016-06-09", **changes: Any) -> str:
    """Visit a household that earns 1,500 yuan a head."""
    return str((await visited(registry, household_id, 77, visited_on=on, **changes))["id"])
