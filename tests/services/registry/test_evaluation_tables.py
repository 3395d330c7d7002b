"""What the database itself holds of meetings and determinations: apart by area, and never rewritten."""

import asyncpg
import pytest

from contracts import roles
from contracts.values import VILLAGE_INITIAL
from services.registry.domain.procedure import CHECKED
from tests.kit import Harness
from tests.services.registry.builders import OTHER_TOWNSHIP, TOWNSHIP, post
from tests.services.registry.evaluating import OFFICER, determined, evaluated, held, standing

SCOPED = (
    "meeting",
    "evaluation_vote",
    "meeting_annulment",
    "determiner",
    "determination_village",
    "determination_entry",
)


async def play(registry: Harness) -> None:
    """Leave a row in every table."""
    round_id, (first, second) = await standing(registry, CHECKED, 1, 2)
    void = await held(registry, round_id, first)
    await post(registry, f"/meetings/{void['id']}/annulments", json={"reason": "roll-forged"}, **OFFICER)
    await evaluated(registry, round_id, first, second)
    await determined(registry, round_id, VILLAGE_INITIAL)


async def test_meetings_and_determinations_of_another_area_are_hidden_by_the_database(
    registry: Harness,
) -> None:
    await play(registry)

    async with registry.unit(roles.CLERK, area=TOWNSHIP) as inside:
        seen = {name: await inside.driver.fetchval(f"SELECT count(*) FROM {name}") for name in SCOPED}  # noqa: S608
    async with registry.unit(roles.CLERK, area=OTHER_TOWNSHIP) as outside:
        hidden = {name: await outside.driver.fetchval(f"SELECT count(*) FROM {name}") for name in SCOPED}  # noqa: S608

    assert all(seen.values())
    assert not any(hidden.values())


@pytest.mark.parametrize("table", [*SCOPED, "determination"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET actor_id = 'other'", "DELETE FROM {}"])
async def test_what_was_voted_and_determined_cannot_be_rewritten(
    registry: Harness, table: str, statement: str
) -> None:
    unit = registry.unit(roles.OFFICER)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with unit:
            await unit.driver.execute(statement.format(table).replace("actor_id", _column(table)))


def _column(table: str) -> str:
    return {"evaluation_vote": "reason", "determination_entry": "reason"}.get(table, "actor_id")
