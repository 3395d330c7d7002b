"""The business date, eligibility, the merged document and its page, health and metrics."""

import re
from datetime import date
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from chassis.ids import new_id
from gateway.composition.documents import merge
from tests.gateway.house import House, StandIns

DATE = "/gateway/v1/business-date"


def ready(stand_ins: StandIns, name: str, business_date: str, status: int = 200) -> None:
    stand_ins.of(name).answers["/health/ready"] = (status, {"ready": True, "business_date": business_date})


async def test_moving_the_business_date_records_one_fact(house: House) -> None:
    headers = await house.administrator()

    moved = await house.http.put(DATE, json={"business_date": "2016-12-31"}, headers=headers)

    assert moved.status_code == 202, moved.text
    facts = await house.harness.facts()
    assert [(fact.type, fact.sequence) for fact in facts] == [("gateway.business-date-set.v1", 1)]
    assert bytes(facts[0].data) == b'{"business_date":"2016-12-31","previous":"2016-06-01"}'
    assert house.harness.clock.today() == date(2016, 12, 31)
    rows = await house.harness.sql("SELECT value FROM gateway.business_date")
    assert [row["value"] for row in rows] == [date(2016, 12, 31)]


async def test_the_date_follows_the_calendar_again_by_a_fact(house: House) -> None:
    headers = await house.administrator()
    await house.http.put(DATE, json={"business_date": "2016-12-31"}, headers=headers)

    back = await house.http.put(DATE, json={"business_date": None}, headers=headers)
    later = await house.http.get(DATE, headers=headers)

    today = house.harness.clock.calendar_today()
    assert back.status_code == 202, back.text
    assert (back.json()["is_moved"], back.json()["follows_calendar"]) == (False, True)
    assert later.headers["tuopin-business-date"] == today.isoformat()
    _, fact = await house.harness.facts()
    assert (fact.type, fact.sequence) == ("gateway.business-date-set.v1", 2)
    assert msgspec.json.decode(fact.data) == {
        "business_date": today.isoformat(),
        "previous": "2016-12-31",
        "follows_calendar": True,
    }
    assert await house.harness.sql("SELECT 1 FROM gateway.business_date") == []
    moves = await house.harness.sql(
        "SELECT follows_calendar FROM gateway.business_date_move ORDER BY sequence"
    )
    assert [row["follows_calendar"] for row in moves] == [False, True]
    assert house.harness.clock.follows_calendar()


async def test_a_date_that_was_set_stays_also_when_it_is_todays(house: House) -> None:
    headers = await house.administrator()
    today = house.harness.clock.calendar_today().isoformat()

    moved = await house.http.put(DATE, json={"business_date": today}, headers=headers)
    left_out = await house.http.put(DATE, json={}, headers=headers)

    assert (moved.json()["is_moved"], moved.json()["follows_calendar"]) == (False, False)
    assert left_out.status_code == 422
    assert not house.harness.clock.follows_calendar()


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        ("1949-09-30", "greater-than-equal"),
        ("3000-01-01", "less-than-equal"),
        ("9999-12-31", "less-than-equal"),
    ],
)
async def test_a_business_date_that_no_deadline_fits_behind_is_refused(
    house: House, day: str, rule: str
) -> None:
    refused = await house.http.put(DATE, json={"business_date": day}, headers=await house.administrator())

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/business_date", rule)
    assert await house.harness.facts() == []


@pytest.mark.parametrize("day", ["1949-10-01", "2999-12-31"])
async def test_the_first_and_the_last_business_date_are_taken(house: House, day: str) -> None:
    moved = await house.http.put(DATE, json={"business_date": day}, headers=await house.administrator())

    assert moved.status_code == 202


async def test_moves_are_numbered_and_kept(house: House) -> None:
    headers = await house.administrator()

    for day in ("2016-12-30", "2016-12-31"):
        await house.http.put(DATE, json={"business_date": day}, headers=headers)

    assert [fact.sequence for fact in await house.harness.facts()] == [1, 2]
    rows = await house.harness.sql("SELECT previous FROM gateway.business_date_move ORDER BY sequence")
    assert [row["previous"] for row in rows] == [date(2016, 6, 1), date(2016, 12, 30)]


async def test_the_date_is_settled_when_every_service_says_the_same(
    house: House, stand_ins: StandIns
) -> None:
    headers = await house.person("clerk")
    for name in stand_ins:
        ready(stand_ins, name, "2016-06-01")

    settled = (await house.http.get(DATE, headers=headers)).json()
    ready(stand_ins, "finance", "2016-05-31")
    unsettled = (await house.http.get(DATE, headers=headers)).json()
    ready(stand_ins, "finance", "2016-06-01", 503)
    del stand_ins["registry"]
    down = (await house.http.get(DATE, headers=headers)).json()

    assert settled["is_settled"] is True
    assert settled["business_date"] == "2016-06-01"
    assert unsettled["is_settled"] is False
    assert {"service": "finance", "business_date": "2016-05-31"} in unsettled["services"]
    assert {"service": "registry", "business_date": None} in down["services"]
    assert {"service": "finance", "business_date": "2016-06-01"} in down["services"]


@pytest.mark.parametrize("role", ["clerk", "county-officer", "auditor", "bank"])
async def test_only_an_administrator_moves_the_date(house: House, role: str) -> None:
    refused = await house.http.put(
        DATE, json={"business_date": "2016-12-31"}, headers=await house.person(role)
    )

    assert refused.status_code == 403
    assert await house.harness.facts() == []


async def test_every_own_answer_says_the_business_date(house: House) -> None:
    answer = await house.http.get(DATE, headers=await house.person("clerk"))

    assert answer.headers["tuopin-business-date"] == "2016-06-01; moved"


QUESTION = {"identity_number": "532930199001011234", "on": "2016-12-31", "purpose": "premium-subsidy"}


async def test_an_insurers_question_goes_to_the_registry_with_its_purpose(
    house: House, stand_ins: StandIns
) -> None:
    registry = stand_ins.of("registry")
    registry.answers["/registry/v1/eligibility-checks"] = (200, {"registered": "yes", "category": "general"})
    headers = {**await house.person("insurer"), "idempotency-key": new_id().hex}

    answer = await house.http.post("/gateway/v1/eligibility-checks", json=QUESTION, headers=headers)

    assert answer.json() == {"registered": "yes", "category": "general"}
    asked = registry.asked[-1]
    assert asked.headers["idempotency-key"] == headers["idempotency-key"]
    token = asked.headers["authorization"].removeprefix("Bearer ")
    assert house.harness.secrets.verifier().verify(token).purpose == "premium-subsidy"
    assert b'"purpose":"premium-subsidy"' in asked.body


async def test_many_questions_go_to_the_registry_as_one(house: House, stand_ins: StandIns) -> None:
    registry = stand_ins.of("registry")
    told = {"answered": 1, "refused": 0, "results": []}
    registry.answers["/registry/v1/eligibility-checks/bulk"] = (200, told)
    batch = {
        "items": [{"identity_number": "532930199001011234", "reference_id": "r-1"}],
        "purpose": "loan-interest",
    }

    answer = await house.http.post(
        "/gateway/v1/eligibility-checks/bulk", json=batch, headers=await house.person("insurer")
    )

    assert answer.json() == told
    token = registry.asked[-1].headers["authorization"].removeprefix("Bearer ")
    assert house.harness.secrets.verifier().verify(token).purpose == "loan-interest"
    assert b'"reference_id":"r-1"' in registry.asked[-1].body


async def test_a_batch_without_questions_is_refused_at_the_gateway(house: House, stand_ins: StandIns) -> None:
    headers = await house.person("insurer")
    batch = {"items": [], "purpose": "loan-interest"}

    refused = await house.http.post("/gateway/v1/eligibility-checks/bulk", json=batch, headers=headers)

    assert refused.status_code == 422
    assert stand_ins.of("registry").asked == []


@pytest.mark.parametrize("role", ["clerk", "payer", "administrator"])
async def test_only_those_who_insure_ask(house: House, stand_ins: StandIns, role: str) -> None:
    refused = await house.http.post(
        "/gateway/v1/eligibility-checks", json=QUESTION, headers=await house.person(role)
    )

    assert refused.status_code == 403
    assert stand_ins.of("registry").asked == []


@pytest.mark.parametrize(
    "changed", [{"purpose": ""}, {"purpose": "张三"}, {"on": "yesterday"}, {"identity_number": "1"}, {"x": 1}]
)
async def test_a_question_of_the_wrong_shape_is_refused_without_quoting_it(
    house: House, changed: dict[str, Any]
) -> None:
    headers = {**await house.person("insurer"), "idempotency-key": new_id().hex}

    refused = await house.http.post(
        "/gateway/v1/eligibility-checks", json={**QUESTION, **changed}, headers=headers
    )

    assert refused.status_code == 422
    assert "532930199001011234" not in refused.text


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "x", "version": "1"},
    "paths": {
        "/registry/v1/households": {
            "get": {
                "operationId": "list_households",
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    }
                },
            }
        }
    },
    "components": {"schemas": {"Problem": {"type": "object"}}},
}


async def test_the_merged_document_holds_every_service_and_names_the_missing(
    house: House, stand_ins: StandIns
) -> None:
    stand_ins.of("registry").answers["/registry/v1/openapi.json"] = (200, DOCUMENT)
    stand_ins.of("subsidy").answers["/subsidy/v1/openapi.json"] = (200, b"not json")
    stand_ins.of("finance").answers["/finance/v1/openapi.json"] = (500, {})
    del stand_ins["relocation"]

    document = (await house.http.get("/openapi.json")).json()

    assert document["openapi"] == "3.1.0"
    operation = document["paths"]["/registry/v1/households"]["get"]
    assert operation["operationId"] == "registry.list_households"
    reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert reference == "#/components/schemas/registry.Problem"
    assert "registry.Problem" in document["components"]["schemas"]
    assert "Problem" in document["components"]["schemas"]
    assert document["x-missing"] == ["subsidy", "relocation", "finance", "supervision"]
    assert {"/gateway/v1/sessions", "/oauth2/token", "/gateway/v1/households/{household_id}/360"} <= set(
        document["paths"]
    )


async def test_every_reference_of_the_merged_document_leads_somewhere(
    house: House, stand_ins: StandIns
) -> None:
    stand_ins.of("registry").answers["/registry/v1/openapi.json"] = (200, DOCUMENT)

    answer = await house.http.get("/openapi.json")

    schemas = answer.json()["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', answer.text))
    assert named <= set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_merging_leaves_the_own_document_as_it_was() -> None:
    own = {"openapi": "3.1.0", "paths": {"/a": {}}, "components": {"schemas": {"A": {}}}}

    merge(own, {"registry": b'{"paths": {"/b": {"parameters": [], "get": {}}}}', "finance": None})

    assert own == {"openapi": "3.1.0", "paths": {"/a": {}}, "components": {"schemas": {"A": {}}}}


async def test_the_page_takes_nothing_from_elsewhere(house: House) -> None:
    page = await house.http.get("/docs")

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert addresses
    for address in addresses:
        asset = await house.http.get(address)
        assert address.startswith("/docs/")
        assert asset.status_code == 200, address
        assert asset.content
    assert "://" not in page.text


@pytest.mark.parametrize("name", ["index.html", "..%2F__init__.py", "swagger-ui.js.map"])
async def test_the_page_gives_no_other_file(house: House, name: str) -> None:
    assert (await house.http.get(f"/docs/{name}")).status_code == 404


async def test_health_and_metrics_need_no_session(house: House) -> None:
    live = await house.http.get("/health/live")
    is_ready = await house.http.get("/health/ready")
    metrics = await house.http.get("/metrics")

    assert live.status_code == is_ready.status_code == metrics.status_code == 200
    assert is_ready.json()["service"] == "gateway"
    assert "tuopin_request_seconds" in metrics.text
