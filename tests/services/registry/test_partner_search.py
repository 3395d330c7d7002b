"""The DCI Social Registry interface: its shapes, what each caller may see, and that every search is on record."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_ACCOUNT,
    CANARY_NAME,
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    VILLAGE,
    filed,
    household,
    identity,
    post,
)
from tests.services.registry.dci import ANSWER, INSURER, ask, by_number, by_predicate, envelope

OFFICER: dict[str, Any] = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"}


async def only(registry: Harness, criteria: dict[str, Any], **who: Any) -> dict[str, Any]:
    """Return the answer to one search, after holding it against the published shape."""
    answer = await ask(registry, envelope(criteria), **who)
    assert answer.status_code == 200, answer.text
    Draft202012Validator(ANSWER).validate(answer.json())
    assert answer.json()["header"]["status"] == "succ"
    (response,) = answer.json()["message"]["search_response"]
    found: dict[str, Any] = response
    return found


def attributes(record: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in record["additional_attributes"]}


async def refile(registry: Harness, number: int, **changes: Any) -> str:
    answer = await post(
        registry, "/households", json=household(number, **changes), roles=[roles.OFFICER], area=COUNTY
    )
    return str(answer.json()["id"])


async def test_a_partner_finds_a_person_by_number_and_learns_the_least(registry: Harness) -> None:
    household_id = await filed(registry, 1, attribute="02")

    found = await only(registry, by_number(2))

    (record,) = found["data"]["reg_records"]
    assert record["@type"] == "SRPerson"
    assert record["identifier"] == [
        {"@type": "Identifier", "identifier_type": "UIN", "identifier_value": identity(2)}
    ]
    assert attributes(record) == {
        "registered": "yes",
        "category": "dibao",
        "valid_on": "2016-06-01",
        "household_id": household_id,
    }
    assert set(record) == {"@context", "@type", "@id", "identifier", "additional_attributes"}
    assert found["pagination"]["total_count"] == 1
    assert found["locale"] == "zho"


async def test_who_is_not_on_the_register_looks_like_who_is_unknown(registry: Harness) -> None:
    household_id = await filed(registry, 1, on="2016-01-01")
    await post(registry, f"/households/{household_id}/exits", json={"reason": "income-above-line"})

    gone = await only(registry, by_number(2))
    unknown = await only(registry, by_number(77))

    assert gone["data"] == unknown["data"]
    assert gone["data"]["reg_records"] == []


async def test_a_partner_sees_the_size_and_category_of_a_group_and_no_member(registry: Harness) -> None:
    household_id = await filed(registry, 1)

    found = await only(registry, by_number(2, response_entity="Group"))

    (record,) = found["data"]["reg_records"]
    assert record["group_identifier"][0]["identifier_value"] == household_id
    assert record["group_size"] == 2
    assert attributes(record) == {"registered": "yes", "category": "general"}
    assert "member_list" not in record
    assert CANARY_NAME not in str(found)


async def test_an_officer_sees_the_people_of_a_group_with_masked_numbers(registry: Harness) -> None:
    await filed(registry, 1)

    found = await only(registry, by_number(2, response_entity="Group"), **OFFICER)

    (record,) = found["data"]["reg_records"]
    assert [each["demographic_info"]["name"]["given_name"] for each in record["member_list"]] == [
        CANARY_NAME,
        CANARY_NAME,
    ]
    assert record["group_head_info"] == record["member_list"][0]
    assert identity(2) not in str(found)
    assert CANARY_ACCOUNT not in str(found)


async def test_an_officer_of_another_area_sees_no_member(registry: Harness) -> None:
    await filed(registry, 1)

    found = await only(registry, by_number(2, response_entity="Group"), **OFFICER | {"area": OTHER_TOWNSHIP})

    assert found["data"]["reg_records"][0]["group_size"] == 2
    assert CANARY_NAME not in str(found)


async def test_a_predicate_finds_groups_on_the_register_in_the_partners_area(registry: Harness) -> None:
    wanted = await filed(registry, 1)
    await filed(registry, 2, village_code=NEXT_VILLAGE)
    await filed(registry, 3, candidate=True)
    await refile(registry, 4, village_code=OTHER_VILLAGE)

    in_village = await only(registry, by_predicate(("village", "eq", VILLAGE)))
    everywhere = await only(registry, by_predicate(("group_size", "ge", 2)))
    own = await only(registry, by_predicate(("group_size", "ge", 2)), **INSURER | {"area": OTHER_TOWNSHIP})
    candidates = await only(registry, by_predicate(("status", "eq", "candidate")))

    assert [each["@id"] for each in in_village["data"]["reg_records"]] == [f"urn:uuid:{wanted}"]
    assert everywhere["pagination"]["total_count"] == 3
    assert own["pagination"]["total_count"] == 1
    assert candidates["data"]["reg_records"] == []
    assert CANARY_NAME not in str(everywhere)


async def test_an_officer_may_ask_for_candidates(registry: Harness) -> None:
    await filed(registry, 3, candidate=True)

    found = await only(registry, by_predicate(("status", "eq", "candidate")), **OFFICER)

    assert attributes(found["data"]["reg_records"][0])["registered"] == "no"


async def test_conditions_join_two_expressions(registry: Harness) -> None:
    await filed(registry, 1, attribute="02")
    await filed(registry, 2, attribute="03")
    await filed(registry, 3, attribute="01")
    dibao = {"attribute_name": "category", "operator": "eq", "attribute_value": "dibao"}
    wubao = dibao | {"attribute_value": "wubao"}
    size = {"attribute_name": "group_size", "operator": "le", "attribute_value": 2}

    counts = []
    for first, condition, second in ((dibao, "or", wubao), (dibao, "and", wubao), (size, "not", dibao)):
        query = [{"expression1": first, "condition": condition, "expression2": second}]
        found = await only(registry, by_predicate() | {"query": query})
        counts.append(found["pagination"]["total_count"])

    assert counts == [2, 0, 2]


async def test_pages_follow_the_order_without_a_gap(registry: Harness) -> None:
    ids = [await filed(registry, number) for number in (1, 2, 3)]
    pages = [{"page_size": 2, "page_number": number} for number in (1, 2, 3)]

    found = [
        await only(registry, by_predicate(("village", "eq", VILLAGE), pagination=page)) for page in pages
    ]

    listed = [[each["@id"] for each in one["data"]["reg_records"]] for one in found]
    assert listed == [[f"urn:uuid:{ids[0]}", f"urn:uuid:{ids[1]}"], [f"urn:uuid:{ids[2]}"], []]
    assert {one["pagination"]["total_count"] for one in found} == {3}


async def test_groups_are_sorted_as_asked(registry: Harness) -> None:
    large = await filed(registry, 1)
    small = await filed(registry, 2, members=household(2)["members"][:1])

    found = await only(
        registry,
        by_predicate(
            ("village", "eq", VILLAGE), sort=[{"attribute_name": "group_size", "sort_order": "asc"}]
        ),
    )

    assert [each["@id"] for each in found["data"]["reg_records"]] == [
        f"urn:uuid:{small}",
        f"urn:uuid:{large}",
    ]


@pytest.mark.parametrize(
    ("criteria", "reason"),
    [
        (
            by_number(2, query={"type": "UIN", "value": identity(2)[:-1] + "0"}),
            "rjct.search_criteria.invalid",
        ),
        (by_number(2, authorize=None), "rjct.search_criteria.invalid"),
        (by_number(2, authorize={"purpose": {"code": "x"}}), "rjct.search_criteria.invalid"),
        (by_number(2, version="2.0.0"), "rjct.search_criteria.invalid"),
        (by_number(2, response_entity="Farm"), "rjct.search_criteria.invalid"),
        (by_number(2, pagination={"page_size": 0}), "rjct.pagination.invalid"),
        (by_predicate(("name", "eq", CANARY_NAME)), "rjct.filter.invalid"),
        (by_predicate(("village", "eq", VILLAGE), response_entity="Member"), "rjct.search_criteria.invalid"),
        (by_predicate(("village", "eq", VILLAGE), sort=["x"]), "rjct.sort.invalid"),
    ],
)
async def test_a_search_of_the_wrong_kind_is_rejected_alone_and_leaves_no_record(
    registry: Harness, criteria: dict[str, Any], reason: str
) -> None:
    await filed(registry, 1)

    found = await only(registry, criteria)

    assert (found["status"], found["status_reason_code"]) == ("rjct", reason)
    assert "data" not in found
    assert identity(2) not in str(found)
    assert await registry.sql("SELECT 1 FROM registry.disclosure") == []


async def test_every_search_is_on_record_with_purpose_filter_and_count(registry: Harness) -> None:
    await filed(registry, 1)
    await filed(registry, 2)

    await ask(registry, envelope(by_number(2), by_predicate(("village", "eq", VILLAGE))))

    shown = await registry.sql(
        "SELECT kind, actor_id, reason, asked_for, items FROM registry.disclosure ORDER BY id"
    )
    assert [tuple(row) for row in shown] == [
        ("partner-search", "insurer-1", "premium-subsidy", "idtype-value, one identity number", 1),
        ("partner-search", "insurer-1", "premium-subsidy", f"predicate village eq {VILLAGE}", 2),
    ]
    (kept,) = await registry.sql("SELECT answer, purpose FROM registry.eligibility_query")
    assert tuple(kept) == ("general", "premium-subsidy")


async def test_nothing_is_found_when_the_search_cannot_be_recorded(registry: Harness) -> None:
    await filed(registry, 1)
    await registry.sql("REVOKE INSERT ON registry.disclosure FROM tuopin_registry")

    try:
        refused = await ask(registry, envelope(by_predicate(("village", "eq", VILLAGE))))
    finally:
        await registry.sql("GRANT INSERT ON registry.disclosure TO tuopin_registry")

    assert refused.status_code == 500
    assert "group_size" not in refused.text
