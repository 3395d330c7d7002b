"""Areas over HTTP: figures that are stated, criteria that hold and fail, the dashboard."""

from datetime import date
from typing import Any

import httpx
import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    post,
)
from tests.services.registry.test_statistics import digest_of, pages

OFFICER = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"}


async def state(registry: Harness, code: str, value: str, **changes: Any) -> httpx.Response:
    """State the rural population of an area at the end of 2015 unless told otherwise."""
    who = {name: changes.pop(name) for name in ("roles", "area") if name in changes}
    body = {
        "kind": "rural-population",
        "year": 2015,
        "value": value,
        "as_of": "2015-12-31",
        "basis_document": "洱源统计年鉴2015",
    } | changes
    return await post(registry, f"/areas/{code}/figures", json=body, **(OFFICER | who))


async def read(registry: Harness, path: str, **query: Any) -> dict[str, Any]:
    """Return what the county's officer reads."""
    answer = await get(registry, path, params=query, **OFFICER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("population", "ready", "percent"), [("66", False, "3.03"), ("67", True, "2.99"), ("200", True, "1.00")]
)
async def test_an_area_is_held_against_its_computed_incidence(
    registry: Harness, population: str, percent: str, *, ready: bool
) -> None:
    await filed(registry, 1)
    await filed(registry, 2, candidate=True)
    assert (await state(registry, VILLAGE, population)).status_code == 201

    found = await read(registry, f"/areas/{VILLAGE}/exit-assessment")

    assert found["ready"] is ready
    assert found["incidence"]["fraction"] == f"2/{population}"
    assert found["incidence"]["percent"] == percent
    (criterion,) = found["criteria"]
    assert criterion["outcome"] == ("holds" if ready else "fails")
    assert "厅字〔2016〕16号" in criterion["basis"]
    assert "洱源统计年鉴2015" in criterion["source"]
    rows = await pages(registry, found["lineage"]["rows"])
    assert digest_of(rows) == found["lineage"]["sha256"]
    assert sum(row["persons"] for row in rows) == found["incidence"]["poor_persons"] == 2


async def test_an_incidence_exactly_at_the_limit_is_ready(registry: Harness) -> None:
    for number in (1, 2, 3):
        await filed(registry, number)
    await state(registry, COUNTY, "200")

    found = await read(registry, f"/areas/{COUNTY}/exit-assessment")

    assert (found["ready"], found["incidence"]["percent"]) == (True, "3.00")


async def test_a_missing_figure_is_unknown_and_not_fulfilled(registry: Harness) -> None:
    found = await read(registry, f"/areas/{COUNTY}/exit-assessment")

    assert found["ready"] is False
    assert [(one["code"], one["outcome"]) for one in found["criteria"]] == [("incidence", "unknown")]
    assert found["unmet"] == ["incidence"]
    assert found["incidence"]["percent"] is None


async def test_a_level_without_a_rule_is_refused_by_name(registry: Harness) -> None:
    refused = await get(registry, f"/areas/{TOWNSHIP}/exit-assessment", **OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (409, "area-exit-unruled")
    assert refused.json()["rule"] == "area-exit-criteria"


async def test_a_corrected_figure_counts_and_the_one_before_stays(registry: Harness) -> None:
    await filed(registry)
    await state(registry, VILLAGE, "20")
    before = await read(registry, f"/areas/{VILLAGE}/exit-assessment")
    await state(registry, VILLAGE, "100")

    now = await read(registry, f"/areas/{VILLAGE}/exit-assessment")
    moment = before["lineage"]["recorded_before"]
    then = await read(registry, f"/areas/{VILLAGE}/exit-assessment", recorded_before=moment)
    listed = await read(registry, f"/areas/{VILLAGE}/figures")

    assert [one["incidence"]["fraction"] for one in (before, now, then)] == ["2/20", "2/100", "2/20"]
    assert [one["value"] for one in listed["items"]] == ["100", "20"]


async def test_the_latest_year_that_was_known_on_the_day_counts(registry: Harness) -> None:
    await filed(registry, on="2016-01-01")
    await state(registry, VILLAGE, "100", year=2016, as_of="2016-05-01")
    await state(registry, VILLAGE, "20", year=2015, as_of="2015-12-31")

    now = await read(registry, f"/areas/{VILLAGE}/exit-assessment")
    spring = await read(registry, f"/areas/{VILLAGE}/exit-assessment", as_of="2016-04-30")

    assert [one["incidence"]["fraction"] for one in (now, spring)] == ["2/100", "2/20"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"value": "yes"}, 422),
        ({"value": "0"}, 422),
        ({"as_of": "2016-06-02"}, 422),
        ({"kind": "beauty"}, 422),
        ({"roles": [roles.CLERK]}, 403),
        ({"area": OTHER_TOWNSHIP}, 404),
    ],
)
async def test_a_figure_that_is_wrong_or_not_the_callers_is_refused(
    registry: Harness, changes: dict[str, Any], status: int
) -> None:
    value = changes.pop("value", "280000")

    refused = await state(registry, TOWNSHIP, value, **changes)

    assert refused.status_code == status, refused.text
    assert (await read(registry, f"/areas/{TOWNSHIP}/figures"))["items"] == []


async def test_what_was_stated_cannot_be_rewritten(registry: Harness) -> None:
    await state(registry, COUNTY, "280000")
    unit = registry.unit(roles.OFFICER, area=COUNTY)

    with pytest.raises(Exception, match="permission denied"):
        async with unit:
            await unit.driver.execute("UPDATE area_figure SET value = '1'")


async def test_a_dashboard_shows_counts_incidence_and_class(registry: Harness) -> None:
    await filed(registry, 1)
    await filed(registry, 2, village_code=NEXT_VILLAGE, attribute="02")
    await filed(registry, 3, candidate=True)
    await state(registry, TOWNSHIP, "1000")

    township = await read(registry, f"/areas/{TOWNSHIP}")
    village = await read(registry, f"/areas/{VILLAGE}")

    assert (township["name"], township["level"]) == ("甲镇", "township")
    assert township["registered"] == {"households": 2, "persons": 4}
    assert township["by_status"]["candidate"] == {"households": 1, "persons": 2}
    assert township["categories"]["dibao"] == {"households": 1, "persons": 2}
    assert (township["incidence"]["fraction"], township["incidence"]["percent"]) == ("4/1000", "0.40")
    assert township["key_village"]["is_key_village"] is None
    assert village["key_village"]["is_key_village"] is False
    assert (township["open_rounds"], township["exited_on"], township["areas_exited"]) == ([], None, 0)
    assert digest_of(await pages(registry, village["lineage"]["rows"])) == village["lineage"]["sha256"]


async def test_a_dashboard_shows_how_far_an_open_round_has_come(registry: Harness) -> None:
    await filed(registry, 1)
    await filed(registry, 2, village_code=NEXT_VILLAGE)
    opened = await post(registry, "/rounds", json={"scope": COUNTY, "kind": "look-back"}, **OFFICER)
    assert opened.status_code == 201, opened.text

    county = await read(registry, f"/areas/{COUNTY}")
    village = await read(registry, f"/areas/{VILLAGE}")

    assert [(one["id"], one["entries"]) for one in county["open_rounds"]] == [(opened.json()["id"], 2)]
    assert [one["by_step"] for one in village["open_rounds"]] == [{"opened": 1}]
    assert [one["by_proposal"] for one in village["open_rounds"]] == [{"keep": 1}]


async def test_other_areas_do_not_exist_for_a_caller(registry: Harness) -> None:
    clerk = {"roles": [roles.CLERK], "area": TOWNSHIP}

    for code in (OTHER_VILLAGE, OTHER_TOWNSHIP, COUNTY, "532930101299"):
        for path in ("", "/figures", "/exit-assessment", "/exits"):
            assert (await get(registry, f"/areas/{code}{path}", **clerk)).status_code == 404, (code, path)
    assert (await get(registry, f"/areas/{TOWNSHIP}", roles=[roles.BANK], area=COUNTY)).status_code == 403
    assert (await get(registry, "/areas/5329301", **clerk)).status_code == 422


async def test_rounds_are_counted_beside_their_opening_snapshot(registry: Harness) -> None:
    await filed(registry, 1, on="2016-03-01")
    await filed(registry, 2, on="2016-03-01", village_code=NEXT_VILLAGE)
    opened = await post(registry, "/rounds", json={"scope": COUNTY, "kind": "look-back"}, **OFFICER)
    assert opened.status_code == 201, opened.text
    before = await read(registry, "/statistics", group_by="round")
    registry.clock.move_to(date(2016, 6, 10))
    # What the round's own steps do to households is tested with them; here only their standing matters.
    await registry.sql(
        """
        INSERT INTO registry.household_standing
            (household_id, version, area_code, status, since, actor_id, recorded_at)
        SELECT id, 9, area_code, 'closed', '2016-06-05', 'planted', now()
        FROM registry.household WHERE area_code = $1
        """,
        NEXT_VILLAGE,
    )

    (whole,) = (await read(registry, "/statistics", group_by="round"))["groups"]
    (village,) = (await read(registry, "/statistics", group_by="round", area=VILLAGE))["groups"]
    again = await read(
        registry,
        "/statistics",
        group_by="round",
        as_of=before["lineage"]["as_of"],
        recorded_before=before["lineage"]["recorded_before"],
    )

    assert whole["key"] == opened.json()["id"]
    assert whole["name"] == "look-back 1"
    assert (whole["households"], whole["persons"]) == (1, 2)
    counts = whole["round"]
    assert (counts["opening_households"], counts["opening_persons"]) == (2, 4)
    assert (counts["removed_households"], counts["removed_persons"], counts["added_households"]) == (1, 2, 0)
    assert (village["households"], village["round"]["opening_households"]) == (1, 1)
    for group in (whole, village):
        lineage = group["round"]["lineage"]
        rows = await pages(registry, lineage["rows"])
        assert (digest_of(rows), len(rows)) == (lineage["sha256"], group["households"])
    assert again["groups"] == before["groups"]


async def test_a_round_that_was_not_open_yet_is_not_counted(registry: Harness) -> None:
    await filed(registry, 1, on="2016-03-01")
    await post(registry, "/rounds", json={"scope": COUNTY, "kind": "look-back"}, **OFFICER)

    assert (await read(registry, "/statistics", group_by="round", as_of="2016-05-31"))["groups"] == []


async def test_rounds_come_page_by_page(registry: Harness) -> None:
    await filed(registry, 1, on="2016-03-01")
    scopes = (VILLAGE, NEXT_VILLAGE, OTHER_VILLAGE)
    for scope in scopes:
        opened = await post(registry, "/rounds", json={"scope": scope, "kind": "look-back"}, **OFFICER)
        assert opened.status_code == 201, opened.text

    first = await read(registry, "/statistics", group_by="round", limit=2)
    second = await read(registry, "/statistics", group_by="round", limit=2, cursor=first["next"])

    found = [(one["round"]["scope"], one["households"]) for one in (*first["groups"], *second["groups"])]
    assert found == [(VILLAGE, 1), (NEXT_VILLAGE, 0), (OTHER_VILLAGE, 0)]
    assert second["next"] is None


async def test_a_round_is_open_as_far_as_was_known_before_its_closing(registry: Harness) -> None:
    opened = await post(registry, "/rounds", json={"scope": VILLAGE, "kind": "look-back"}, **OFFICER)
    before = await read(registry, "/statistics", group_by="round")
    second = OFFICER | {"actor": "officer-2"}
    closed = await post(registry, f"/rounds/{opened.json()['id']}/closures", json={}, **second)
    assert closed.status_code == 201, closed.text

    now = await read(registry, "/statistics", group_by="round")
    moment = before["lineage"]["recorded_before"]
    again = await read(registry, "/statistics", group_by="round", recorded_before=moment)

    assert [one["groups"][0]["round"]["closed_on"] for one in (before, now, again)] == [
        None,
        "2016-06-01",
        None,
    ]
    assert again["groups"] == before["groups"]


async def test_a_cursor_of_another_list_is_refused(registry: Harness) -> None:
    await filed(registry, 1)
    await filed(registry, 2, village_code=NEXT_VILLAGE)
    villages = await read(registry, "/statistics", group_by="village", limit=1)

    refused = await get(registry, f"/statistics?group_by=round&cursor={villages['next']}", **OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")
