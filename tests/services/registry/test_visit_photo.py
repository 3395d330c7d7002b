"""One photo shows one household: what a visit keeps is refused for everybody else, wherever they live."""

import pytest

from tests.kit import Harness
from tests.services.registry.builders import NEXT_VILLAGE, OTHER_TOWNSHIP, OTHER_VILLAGE, VILLAGE, filed, post
from tests.services.registry.rounds import OFFICER, photo, visit, visited
from tests.services.registry.test_visit_change import correction


@pytest.mark.parametrize("village", [VILLAGE, NEXT_VILLAGE, OTHER_VILLAGE])
async def test_a_photo_of_another_households_visit_is_refused_wherever_that_lives(
    registry: Harness, village: str
) -> None:
    first, second = await filed(registry, 1, village_code=village), await filed(registry, 2)
    who = {"area": OTHER_TOWNSHIP} if village == OTHER_VILLAGE else {}
    kept = await post(registry, f"/households/{first}/visits", json=visit(photos=[photo(1)]), **who)
    assert kept.status_code == 201, kept.text

    refused = await post(registry, f"/households/{second}/visits", json=visit(photos=[photo(2), photo(1)]))

    assert (refused.status_code, refused.json()["code"]) == (422, "photo-twice")
    assert refused.json()["errors"][0]["pointer"] == "/photos"
    assert (refused.json()["rule"], bool(refused.json()["basis"])) == ("photo-once", True)
    assert first not in refused.text
    assert village == VILLAGE or village not in refused.text
    assert (await visited(registry, second, 2))["version"] == 1


async def test_a_household_may_show_its_own_photo_again(registry: Harness) -> None:
    household_id = await filed(registry)
    await visited(registry, household_id, photos=[photo(1)])

    assert (await visited(registry, household_id, photos=[photo(1)]))["version"] == 1


async def test_a_correction_takes_no_photo_of_another_household(registry: Harness) -> None:
    first, second = await filed(registry, 1), await filed(registry, 2)
    await visited(registry, first, 1)
    recorded = await visited(registry, second, 2)

    refused = await correction(registry, recorded["id"], photos=[photo(1)])

    assert (refused.status_code, refused.json()["code"]) == (422, "photo-twice")
    assert (await correction(registry, recorded["id"], photos=[photo(3)])).status_code == 200


async def test_a_photo_given_up_by_correction_or_annulment_is_free_again(registry: Harness) -> None:
    wrong, void, right = [await filed(registry, number) for number in (1, 2, 3)]
    mistaken = await visited(registry, wrong, photos=[photo(1)])
    untrue = await visited(registry, void, photos=[photo(2)])
    await correction(registry, mistaken["id"], photos=[photo(5)])
    await post(registry, f"/visits/{untrue['id']}/annulments", json={"reason": "not-visited"}, **OFFICER)

    assert (await visited(registry, right, photos=[photo(1), photo(2)]))["version"] == 1
