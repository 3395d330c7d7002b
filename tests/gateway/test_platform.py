"""Eligibility, the merged document and its page, health and metrics."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chassis.ids import new_id
from gateway.composition.documents import merge
from tests.gateway.house import House, StandIns

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


async def test_a_path_with_one_slash_too_many_is_nowhere(house: House) -> None:
    headers = {**await house.administrator(), "host": "somewhere.else"}

    answer = await house.http.get("/gateway/v1/accounts/", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert "location" not in answer.headers


async def test_health_and_metrics_need_no_session(house: House) -> None:
    live = await house.http.get("/health/live")
    is_ready = await house.http.get("/health/ready")
    metrics = await house.http.get("/metrics")

    assert live.status_code == is_ready.status_code == metrics.status_code == 200
    assert is_ready.json()["service"] == "gateway"
    assert "tuopin_request_seconds" in metrics.text
