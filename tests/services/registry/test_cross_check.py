"""Lists of other offices over HTTP: taken whole or not at all, once, and matched by keyed hash."""

from contracts import roles
from contracts.values import PAYROLL, VEHICLES
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    filed,
    get,
    identity,
    post,
)
from tests.services.registry.lists import OFFICER, csv, matches, resolve, ruled_out, sent
from tests.services.registry.packs import in_force


async def test_a_list_is_counted_matched_and_told_of(registry: Harness) -> None:
    first, second = await filed(registry, 1), await filed(registry, 2)

    answer = await sent(registry, csv(2, 2, 4, 900))

    told = answer.json()
    assert answer.status_code == 201, answer.text
    assert (told["rows"], told["persons"], told["matches"], told["households"], told["open"]) == (
        4,
        3,
        2,
        2,
        2,
    )
    facts = [fact for fact in await registry.facts() if fact.type == "registry.cross-check-matched.v1"]
    assert {fact.subject_id for fact in facts} == {first, second}
    assert all(b'"rules_out":true' in bytes(fact.data) for fact in facts)
    assert {one["household_id"] for one in await matches(registry, list_id=told["id"])} == {first, second}


async def test_a_list_that_rules_nobody_out_says_so(registry: Harness) -> None:
    household_id = await filed(registry)

    await sent(registry, csv(2), kind="deaths")

    (match,) = await matches(registry)
    assert (match["kind"], match["rules_out"]) == ("deaths", False)
    assert await ruled_out(registry, household_id) == set()


async def test_json_is_taken_like_csv(registry: Harness) -> None:
    await filed(registry)
    query = {"kind": PAYROLL, "office": "财政局", "as_of": "2016-05-31"}
    rows = [{"identity_number": identity(2), "detail": "teacher"}]

    answer = await post(registry, "/cross-checks", params=query, json={"rows": rows}, **OFFICER)

    assert (answer.status_code, answer.json()["matches"]) == (201, 1)


async def test_one_faulty_line_keeps_the_whole_list_out(registry: Harness) -> None:
    await filed(registry)

    refused = await sent(registry, csv(2) + b"123,\n")

    assert (refused.status_code, refused.json()["code"]) == (422, "cross-check-list-invalid")
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/lines/3/identity_number", "identity-length")
    ]
    assert (await get(registry, "/cross-checks", **OFFICER)).json()["items"] == []
    assert await matches(registry) == []


async def test_the_same_document_is_taken_once(registry: Harness) -> None:
    await sent(registry, csv(2))

    again = await sent(registry, csv(2))
    as_another_kind = await sent(registry, csv(2), kind=PAYROLL)

    assert (again.status_code, again.json()["code"]) == (409, "cross-check-list-imported")
    assert as_another_kind.status_code == 201


async def test_a_list_speaks_of_no_day_to_come(registry: Harness) -> None:
    today, tomorrow = (
        await sent(registry, csv(2), as_of="2016-06-01"),
        await sent(registry, csv(4), as_of="2016-06-02"),
    )

    assert (today.status_code, tomorrow.status_code) == (201, 422)
    assert tomorrow.json()["code"] == "date-in-future"


async def test_only_a_countys_officer_imports_lists(registry: Harness) -> None:
    for role in (roles.CLERK, roles.AUDITOR, roles.VILLAGE_COMMITTEE, roles.CHECKER):
        assert (await sent(registry, csv(2), roles=[role])).status_code == 403
    township = await sent(registry, csv(2), area=TOWNSHIP)
    whole = await sent(registry, csv(2), area="53")

    assert (township.status_code, whole.status_code) == (422, 422)


async def test_an_officer_of_the_prefecture_names_the_county(registry: Harness) -> None:
    query = {"kind": VEHICLES, "office": "交警", "as_of": "2016-05-31"}
    prefecture = OFFICER | {"area": "5329", "headers": {"content-type": "text/csv"}, "content": csv(2)}

    own = await post(registry, "/cross-checks", params=query | {"area": COUNTY}, **prefecture)
    other = await post(registry, "/cross-checks", params=query | {"area": "110109"}, **prefecture)

    assert (own.status_code, other.status_code) == (201, 404)
    assert own.json()["area"] == "532930000000"


async def test_nothing_but_the_keyed_hash_is_kept(registry: Harness) -> None:
    await filed(registry)

    await sent(registry, csv(2))

    tables = ("cross_check_list", "cross_check_row", "cross_check_match", "outbox", "idempotency")
    for table in tables:
        stored = await registry.sql(f"SELECT * FROM registry.{table}")  # noqa: S608
        text = " ".join(repr(tuple(row)) for row in stored)
        assert identity(2) not in text
        assert "lorry" not in text


async def test_lists_and_matches_of_another_area_are_not_seen(registry: Harness) -> None:
    await filed(registry, 1)
    told = (await sent(registry, csv(2))).json()
    (match,) = await matches(registry)
    away = {"area": "110109"} | {"roles": [roles.OFFICER]}

    township = await get(registry, "/cross-checks/matches", area=OTHER_TOWNSHIP)

    assert township.json()["items"] == []
    assert (await get(registry, f"/cross-checks/{told['id']}", **away)).status_code == 404
    assert (await get(registry, "/cross-checks", **away)).json()["items"] == []
    assert (await post(registry, f"/cross-checks/{told['id']}/matches", **away)).status_code == 404
    assert (await resolve(registry, match["id"], area=OTHER_TOWNSHIP)).status_code == 404
    assert (await get(registry, f"/cross-checks/{told['id']}", **OFFICER)).json()["matches"] == 1


async def test_a_match_that_is_confirmed_goes_on_ruling_out(registry: Harness) -> None:
    household_id = await filed(registry)
    await sent(registry, csv(2))
    (match,) = await matches(registry)

    unknown = await resolve(registry, match["id"], "confirmed", "same-name")
    answer = await resolve(registry, match["id"], "confirmed", "owns-vehicle")

    assert (unknown.status_code, unknown.json()["code"]) == (422, "cross-check-reason-unknown")
    assert unknown.json()["rule"] == "not-ruled-out"
    assert unknown.json()["basis"]
    assert answer.status_code == 201
    assert await ruled_out(registry, household_id) == {household_id}


async def test_lists_and_matches_come_page_by_page(registry: Harness) -> None:
    for number in (1, 2, 3):
        await filed(registry, number, village_code=NEXT_VILLAGE)
    for number in (1, 2):
        await sent(registry, csv(2, 4, 6, number * 2 + 900))

    first = (await get(registry, "/cross-checks", params={"limit": 1}, **OFFICER)).json()
    rest = (await get(registry, "/cross-checks", params={"cursor": first["next"]}, **OFFICER)).json()
    page = (await get(registry, "/cross-checks/matches", params={"limit": 4})).json()
    after = (await get(registry, "/cross-checks/matches", params={"cursor": page["next"]})).json()

    assert len(first["items"]) == len(rest["items"]) == 1
    assert rest["next"] is None
    assert (len(page["items"]), len(after["items"])) == (4, 2)


async def test_what_a_list_rules_out_is_said_by_the_countys_own_pack(registry: Harness) -> None:
    await filed(registry)
    await in_force(registry, content={"ruled_out_by": ["deaths"]})
    query = {"kind": VEHICLES, "office": "交警", "as_of": "2016-05-31", "area": COUNTY}
    prefecture = OFFICER | {"area": "5329", "headers": {"content-type": "text/csv"}}

    await post(registry, "/cross-checks", params=query, content=csv(2), **prefecture)
    await post(registry, "/cross-checks", params=query | {"kind": "deaths"}, content=csv(2), **prefecture)

    assert {one["kind"]: one["rules_out"] for one in await matches(registry)} == {
        "vehicles": False,
        "deaths": True,
    }
