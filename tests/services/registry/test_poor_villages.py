"""Poor villages are stated by their county; none of them is a key village (capabilities P6.1)."""

from typing import Any

from tests.kit import Harness
from tests.services.registry.builders import COUNTY, NEXT_VILLAGE, TOWNSHIP, VILLAGE, filed
from tests.services.registry.packs import in_force
from tests.services.registry.test_area import read, state

POOR: dict[str, Any] = {"kind": "poor-village", "basis_document": "洱源县贫困村名单"}
FROM_ONE_ON = {
    "key_village_above_households": 0,
    "documents": {"key-village": "洱政发〔2016〕1号"},
}


async def two_villages(registry: Harness) -> None:
    """Let two villages have a household each, which is above the limit."""
    await in_force(registry, content=FROM_ONE_ON)
    await filed(registry, 1, on="2016-05-01")
    await filed(registry, 2, on="2016-05-01", village_code=NEXT_VILLAGE)


async def test_a_poor_village_is_counted_beside_the_key_villages(registry: Harness) -> None:
    await two_villages(registry)
    stated = await state(registry, VILLAGE, "yes", **POOR)

    found = await read(registry, "/key-villages")

    assert stated.status_code == 201, stated.text
    assert (found["villages"], found["key_villages"], found["poor_villages"]) == (2, 1, 1)
    assert [one["village_code"] for one in found["items"]] == [NEXT_VILLAGE]
    assert (found["households"], found["persons"]) == (1, 2)


async def test_the_dashboard_tells_the_class_of_a_village(registry: Harness) -> None:
    await two_villages(registry)
    await state(registry, VILLAGE, "yes", **POOR)

    village, other, township = [
        (await read(registry, f"/areas/{code}"))["key_village"] for code in (VILLAGE, NEXT_VILLAGE, TOWNSHIP)
    ]

    assert (village["is_key_village"], village["is_poor_village"]) == (False, True)
    assert (other["is_key_village"], other["is_poor_village"]) == (True, False)
    assert (township["is_key_village"], township["is_poor_village"]) == (None, None)
    assert (township["key_villages"], township["poor_villages"]) == (1, 1)


async def test_a_poor_village_is_one_from_its_day_on_as_known_at_the_moment(registry: Harness) -> None:
    await two_villages(registry)
    moment = (await read(registry, "/key-villages"))["lineage"]["recorded_before"]
    await state(registry, VILLAGE, "yes", year=2016, as_of="2016-05-10", **POOR)
    await state(registry, VILLAGE, "no", year=2016, as_of="2016-05-20", **POOR)

    asked: list[dict[str, str]] = [
        {"as_of": "2016-05-09"},
        {"as_of": "2016-05-10"},
        {"as_of": "2016-05-20"},
        {"as_of": "2016-05-10", "recorded_before": moment},
    ]
    found = [(await read(registry, "/key-villages", **one))["poor_villages"] for one in asked]

    assert found == [0, 1, 0, 0]


async def test_only_a_village_is_a_poor_village(registry: Harness) -> None:
    refused = [await state(registry, code, "yes", **POOR) for code in (TOWNSHIP, COUNTY)]

    assert [one.status_code for one in refused] == [422, 422]
    assert {one.json()["errors"][0]["pointer"] for one in refused} == {"/kind"}
