"""Houses read back: alone with their history, and in lists."""

from chassis.ids import new_id
from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import (
    STAGES,
    accept,
    advance,
    allocated,
    clerk,
    completed,
    problem,
    read,
    registered_site,
)


async def test_a_house_of_another_area_does_not_exist(relocation: Harness) -> None:
    house = await allocated(relocation)
    path = f"/houses/{house['id']}"

    written = await clerk(relocation, f"{path}/stages", STAGES[0], area=builders.OTHER_TOWNSHIP)
    seen = await read(relocation, path, area=builders.OTHER_TOWNSHIP)

    assert problem(written)[:2] == (404, "house-unknown")
    assert problem(seen)[:2] == (404, "house-unknown")


async def test_a_house_is_read_with_its_history(relocation: Harness) -> None:
    house = await completed(relocation)
    await accept(relocation, house, power=False)

    response = await read(relocation, f"/houses/{house['id']}")

    shown = response.json()
    assert response.headers["etag"] == '"5"'
    assert [(step["version"], step["event"], step["happened_on"]) for step in shown["history"]] == [
        (1, "allocated", "2016-02-18"),
        (2, "started", "2016-04-11"),
        (3, "topped-out", "2016-08-15"),
        (4, "completed", "2016-11-07"),
        (5, "rejected", "2016-11-21"),
    ]
    assert shown["history"][-1]["details"]["failed"] == ["power"]
    assert {step["actor_id"] for step in shown["history"]} == {"clerk-1", "officer-1"}
    assert all(step["recorded_at"] for step in shown["history"])


async def test_houses_are_found_by_household_site_and_stage(relocation: Harness) -> None:
    site = await registered_site(relocation)
    one = await allocated(relocation, site)
    two = await advance(relocation, await allocated(relocation, site), STAGES[0])

    async def ids(query: str) -> list[str]:
        return [item["id"] for item in (await read(relocation, f"/houses?{query}")).json()["items"]]

    assert await ids(f"household={one['household_id']}") == [one["id"]]
    assert await ids(f"site={site}") == [one["id"], two["id"]]
    assert await ids("stage=started") == [two["id"]]
    assert await ids(f"site={new_id()}") == []


async def test_a_list_goes_on_from_its_cursor(relocation: Harness) -> None:
    site = await registered_site(relocation)
    houses = [(await allocated(relocation, site))["id"] for _ in range(3)]

    first = (await read(relocation, "/houses?limit=2")).json()
    second = (await read(relocation, f"/houses?limit=2&cursor={first['next']}")).json()

    assert [item["id"] for item in first["items"] + second["items"]] == houses
    assert second["next"] is None
