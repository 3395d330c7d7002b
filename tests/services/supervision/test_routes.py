"""Findings, rules and the clock over HTTP: who may see what."""

from typing import Any

import pytest

from chassis.events import Fact
from contracts.roles import ADMINISTRATOR, AUDITOR, BANK, CLERK, INSURER, OFFICER
from tests.kit import Harness
from tests.services.supervision.builders import OTHER_VILLAGE, VILLAGE, Family, day, findings, hear, reach
from tests.services.supervision.rounds import Notice, Round

FINDINGS = "/supervision/v1/findings"
RULE: dict[str, Any] = {
    "code": "started-late",
    "kind": "deadline",
    "parameters": {"subject": "house", "since": "completed", "until": "accepted", "days": 14},
    "severity": "low",
    "effective_from": "2016-01-01",
    "basis_document": "sample",
    "explanation": {"zh": "$subject", "en": "$subject"},
}


async def plant(harness: Harness) -> tuple[Family, Family]:
    """Plant one finding in each of two villages."""
    here, there = Family(), Family(village=OTHER_VILLAGE)
    await hear(harness, here.registered(), here.completed(area="101"), area=VILLAGE)
    await hear(harness, there.registered(), there.completed(area="102"), area=OTHER_VILLAGE)
    return here, there


async def items(harness: Harness, query: str = "", area: str = "") -> list[dict[str, Any]]:
    response = await harness.call("GET", f"{FINDINGS}{query}", roles=[CLERK], area=area)
    assert response.status_code == 200, response.text
    return list(response.json()["items"])


async def test_a_finding_is_seen_only_in_its_area(supervision: Harness) -> None:
    here, _ = await plant(supervision)

    (seen,) = await items(supervision, area=VILLAGE[:9])
    foreign = await supervision.call("GET", f"{FINDINGS}/{seen['id']}", roles=[CLERK], area=OTHER_VILLAGE[:9])

    assert seen["subject"] == f"house/{here.house_id}"
    assert foreign.status_code == 404
    assert foreign.json()["code"] == "finding-unknown"


async def test_findings_are_filtered_and_paged(supervision: Harness) -> None:
    here, _ = await plant(supervision)

    assert len(await items(supervision, "?state=open&rule=house-over-area&severity=high")) == 2
    assert await items(supervision, "?state=closed") == []
    assert await items(supervision, "?rule=floor-unmet") == []
    assert len(await items(supervision, f"?household={here.id}")) == 1
    assert len(await items(supervision, f"?subject=house/{here.house_id}")) == 1
    first = (await supervision.call("GET", f"{FINDINGS}?limit=1", roles=[CLERK])).json()
    second = (
        await supervision.call("GET", f"{FINDINGS}?limit=1&cursor={first['next']}", roles=[CLERK])
    ).json()
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert second["next"] is None


async def test_one_finding_shows_the_events_it_rests_on(supervision: Harness) -> None:
    here, _ = await plant(supervision)
    (listed,) = await items(supervision, f"?household={here.id}")

    shown = (await supervision.call("GET", f"{FINDINGS}/{listed['id']}", roles=[AUDITOR])).json()

    assert shown["observed"] == "101 m2 for 4 persons"
    assert shown["expected"] == "at most 100 m2"
    assert shown["explanation"]["en"].endswith("above the cap of 100 m2.")
    (event,) = shown["events"]
    assert event["envelope"]["type"] == "relocation.house-completed.v1"
    assert event["envelope"]["id"] in shown["evidence"]


async def test_rounds_and_notices_are_seen_in_their_area(supervision: Harness) -> None:
    round_, notice = Round(), Notice()
    await hear(supervision, round_.closed(closing_persons=1), notice.closed(day(3, 2)), area=VILLAGE)

    county = await items(supervision, f"?subject=round/{round_.id}", area="532930")
    township = await items(supervision, area=VILLAGE[:9])

    assert [one["rule"] for one in county] == ["round-does-not-close"]
    assert [one["subject"] for one in township] == [f"notice/{notice.id}"]
    assert township[0]["explanation"]["zh"].endswith("只公示 1 天，少于规定的 7 天。")


@pytest.mark.parametrize("role", [BANK, INSURER])
async def test_partners_do_not_see_findings(supervision: Harness, role: str) -> None:
    for path in (FINDINGS, "/supervision/v1/rules", "/supervision/v1/clock"):
        assert (await supervision.call("GET", path, roles=[role])).status_code == 403


async def test_the_clock_tells_how_far_supervision_has_looked(supervision: Harness) -> None:
    await hear(supervision, *Family().paid_in_order())
    await reach(supervision, day(4, 1))

    clock = (await supervision.call("GET", "/supervision/v1/clock", roles=[CLERK])).json()

    assert clock["business_date"] == clock["deadlines_through"] == "2016-04-01"
    assert clock["events_through"] == 6
    assert clock["events_through_at"] is not None


async def test_a_new_rule_is_asked_about_what_is_known(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.completed(day(5, 10)))
    await reach(supervision, day(6, 1))

    response = await supervision.call("POST", "/supervision/v1/rules", roles=[OFFICER], json=RULE)
    assert response.status_code == 201, response.text
    assert response.json()["version"] == 1
    assert await findings(supervision) == []
    await reach(supervision, day(6, 1))

    assert await findings(supervision) == [("started-late", f"house/{family.house_id}")]
    rules = (await supervision.call("GET", "/supervision/v1/rules", roles=[AUDITOR])).json()["items"]
    assert len(rules) == 15
    assert all(rule["is_adopted"] and rule["basis_document"] for rule in rules)


async def test_a_milder_version_closes_what_the_first_one_found(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.completed(area="110"))
    await reach(supervision, day(11, 8))
    milder = RULE | {"code": "house-over-area", "kind": "cap", "parameters": {"m2_per_person": "30"}}

    response = await supervision.call("POST", "/supervision/v1/rules", roles=[OFFICER], json=milder)
    await reach(supervision, day(11, 8))

    assert response.json()["version"] == 2
    assert await findings(supervision) == []
    (row,) = await supervision.sql("SELECT reason FROM supervision.finding")
    assert row["reason"] == "version 2 of rule house-over-area removed the cause"


async def test_a_photo_finding_follows_the_newer_version_of_its_rule(supervision: Harness) -> None:
    first = Family()
    second = Family(photo=first.photo)
    await hear(supervision, first.registered(), first.submitted(), second.registered(), second.submitted())
    assert len(await findings(supervision)) == 1
    stern = RULE | {"code": "photo-reused", "kind": "duplicate", "parameters": {}, "severity": "critical"}

    await supervision.call("POST", "/supervision/v1/rules", roles=[OFFICER], json=stern)
    await reach(supervision, day(6, 1))

    (row,) = await items(supervision)
    assert (row["rule"], row["rule_version"], row["severity"]) == ("photo-reused", 2, "critical")


@pytest.mark.parametrize(
    ("fact", "code", "kind"),
    [
        (Round().closed(closing_persons=1), "round-does-not-close", "additivity"),
        (Notice().closed(day(3, 2)), "notice-cut-short", "notice-period"),
    ],
)
async def test_a_finding_of_a_round_or_a_notice_follows_the_newer_version_of_its_rule(
    supervision: Harness, fact: Fact, code: str, kind: str
) -> None:
    await hear(supervision, fact)
    stern = RULE | {"code": code, "kind": kind, "parameters": {}, "severity": "critical"}
    await supervision.call("POST", "/supervision/v1/rules", roles=[OFFICER], json=stern)

    await reach(supervision, day(6, 1))

    (row,) = await items(supervision)
    assert (row["rule"], row["rule_version"], row["severity"]) == (code, 2, "critical")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"kind": "astrology"}, "rule-terms-invalid", "/kind"),
        ({"parameters": {"days": 3}}, "rule-terms-invalid", "/parameters"),
        ({"parameters": RULE["parameters"] | {"days": "many"}}, "rule-terms-invalid", "/parameters/days"),
        ({"parameters": RULE["parameters"] | {"days": 36_501}}, "rule-terms-invalid", "/parameters/days"),
        (
            {"parameters": RULE["parameters"] | {"since": "acepted"}},
            "rule-terms-invalid",
            "/parameters/since",
        ),
        ({"parameters": RULE["parameters"] | {"until": "paid"}}, "rule-terms-invalid", "/parameters/until"),
        (
            {"kind": "evaluations-held", "parameters": {"evaluations": ["nonsense"]}},
            "rule-terms-invalid",
            "/parameters/evaluations/0",
        ),
        (
            {"kind": "floor", "parameters": {"amount_fen": 1, "programme_kind": "astrology"}},
            "rule-terms-invalid",
            "/parameters/programme_kind",
        ),
        ({"effective_to": "2015-01-01"}, "rule-period-reversed", "/effective_to"),
        (
            {"code": "floor-unmet"},
            "rule-kind-changed",
            "/kind",
        ),
    ],
)
async def test_a_rule_that_cannot_be_understood_is_refused(
    supervision: Harness, change: dict[str, Any], code: str, pointer: str
) -> None:
    response = await supervision.call("POST", "/supervision/v1/rules", roles=[OFFICER], json=RULE | change)

    assert response.status_code == 422
    assert response.json()["code"] == code
    assert response.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("area", ["NaN", "sNaN", "Infinity", "-5", "0", "1e999999", "1000.01", "25.001"])
async def test_an_area_that_nothing_compares_with_is_refused_by_name(supervision: Harness, area: str) -> None:
    capped = RULE | {"code": "odd-cap", "kind": "cap", "parameters": {"m2_per_person": area}}

    response = await supervision.call("POST", "/supervision/v1/rules", roles=[OFFICER], json=capped)

    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error == {
        "pointer": "/parameters/m2_per_person",
        "code": "rule-terms-invalid",
        "message": "An area a person is above 0 and at most 1000 m2, with at most two decimal places.",
    }


async def test_clerks_publish_no_rules(supervision: Harness) -> None:
    response = await supervision.call("POST", "/supervision/v1/rules", roles=[CLERK], json=RULE)

    assert response.status_code == 403


@pytest.mark.parametrize("role", [OFFICER, ADMINISTRATOR])
@pytest.mark.parametrize(("area", "status"), [("", 201), (VILLAGE[:6], 201), (VILLAGE[:9], 403)])
async def test_a_rule_that_judges_everybody_is_the_countys_to_publish(
    supervision: Harness, role: str, area: str, status: int
) -> None:
    response = await supervision.call("POST", "/supervision/v1/rules", roles=[role], area=area, json=RULE)

    assert response.status_code == status, response.text


@pytest.mark.parametrize("query", ["findings?rule=%00", "trail?type=%00", "trail?subject=%00"])
async def test_a_question_that_no_database_can_hold_names_its_parameter(
    supervision: Harness, query: str
) -> None:
    refused = await supervision.call("GET", f"/supervision/v1/{query}", roles=[AUDITOR])

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "query:" + query.partition("?")[2].partition("=")[0]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"basis_document": "a\0"}, "/basis_document"),
        ({"explanation": {"zh": "a\0", "en": "a"}}, "/explanation/zh"),
        ({"parameters": RULE["parameters"] | {"since": "a\0"}}, "/parameters/since"),
    ],
)
async def test_a_rule_that_no_database_can_hold_names_its_field(
    supervision: Harness, changed: dict[str, Any], pointer: str
) -> None:
    refused = await supervision.call("POST", "/supervision/v1/rules", roles=[OFFICER], json=RULE | changed)

    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_moment_that_utc_has_no_date_for_is_refused(supervision: Harness, moment: str) -> None:
    refused = await supervision.call("GET", f"/supervision/v1/trail?from={moment}", roles=[AUDITOR])

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "query:from"


@pytest.mark.parametrize("moment", ["0001-01-02T13:59:00%2B13:59", "9999-12-30T00:00:00Z"])
async def test_every_other_moment_is_one(supervision: Harness, moment: str) -> None:
    read = await supervision.call("GET", f"/supervision/v1/trail?from={moment}", roles=[AUDITOR])

    assert read.status_code == 200, read.text
