"""Messages of the DCI Social Registry interface: answered once, rejected and refused in the interface's own words."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, filed, identity
from tests.services.registry.dci import ANSWER, ERRORS, INSURER, PATH, ask, by_number, envelope


async def test_several_searches_of_a_message_are_answered_each_for_itself(registry: Harness) -> None:
    await filed(registry, 1)
    message = envelope(by_number(2), by_number(77), by_number(2, query_type="expression"), by_number(2))
    message["message"]["search_request"][3]["reference_id"] = "r-1"

    answer = await ask(registry, message)

    Draft202012Validator(ANSWER).validate(answer.json())
    responses = answer.json()["message"]["search_response"]
    assert [each["status"] for each in responses] == ["succ", "succ", "rjct", "rjct"]
    assert [each.get("status_reason_code") for each in responses] == [
        None,
        None,
        "rjct.search_criteria.invalid",
        "rjct.reference_id.duplicate",
    ]
    assert answer.json()["header"]["completed_count"] == 4
    assert answer.json()["header"]["receiver_id"] == "insurer.example"


async def test_a_message_is_answered_once_for_each_sender(registry: Harness) -> None:
    await filed(registry, 1)
    message = envelope(by_number(2))

    first = await ask(registry, message)
    again = await ask(registry, message)
    other = await ask(registry, message, **INSURER | {"actor": "insurer-2"})

    assert first.json()["header"]["status"] == other.json()["header"]["status"] == "succ"
    Draft202012Validator(ANSWER).validate(again.json())
    assert again.json()["header"]["status_reason_code"] == "rjct.message_id.duplicate"
    assert again.json()["message"]["search_response"] == []
    kept = await registry.sql("SELECT t::text FROM registry.partner_message AS t")
    assert not [row for row in kept if message["header"]["message_id"] in row[0]]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"version": "0.9.0"}, "rjct.version.invalid"),
        ({"action": "subscribe"}, "rjct.action.not_supported"),
        ({"message_ts": "yesterday"}, "rjct.message_ts.invalid"),
        ({"message_ts": "2016-06-01T08:00:00"}, "rjct.message_ts.invalid"),
        ({"total_count": 2}, "rjct.total_count.invalid"),
    ],
)
async def test_a_message_with_a_wrong_header_is_rejected_whole(
    registry: Harness, header: dict[str, Any], reason: str
) -> None:
    await filed(registry, 1)

    answer = await ask(registry, envelope(by_number(2), **header))

    Draft202012Validator(ANSWER).validate(answer.json())
    assert answer.json()["header"]["status"] == "rjct"
    assert answer.json()["header"]["status_reason_code"] == reason
    assert await registry.sql("SELECT 1 FROM registry.disclosure") == []


async def test_a_hundred_searches_are_taken_and_one_more_is_not(registry: Harness) -> None:
    taken = await ask(registry, envelope(*[by_number(2, query_type="expression")] * 100))
    refused = await ask(registry, envelope(*[by_number(2, query_type="expression")] * 101))

    assert taken.json()["header"]["status"] == "succ"
    assert refused.json()["header"]["status_reason_code"] == "rjct.total_count.limit_exceeded"


@pytest.mark.parametrize("role", [roles.CLERK, roles.CHECKER, roles.AUDITOR, roles.ADMINISTRATOR])
async def test_others_are_refused_in_the_interfaces_own_words(registry: Harness, role: str) -> None:
    refused = await ask(registry, envelope(by_number(2)), roles=[role], area=COUNTY)

    assert refused.status_code == 403
    Draft202012Validator(ERRORS).validate(refused.json())
    assert refused.json()["errors"][0]["code"] == "err.request.forbidden"


async def test_a_caller_without_a_token_is_refused_in_the_interfaces_own_words(registry: Harness) -> None:
    refused = await registry.http.post(PATH, json=envelope(by_number(2)))

    assert refused.status_code == 401
    assert refused.json()["errors"][0]["code"] == "err.request.unauthorized"
    assert refused.json()["code"] == "unauthenticated"


@pytest.mark.parametrize("broken", ["message", "header", "transaction_id", "json", "encrypted"])
async def test_a_broken_message_is_refused_without_being_quoted(registry: Harness, broken: str) -> None:
    message = envelope(by_number(2))
    request: dict[str, Any] = {"json": message}
    if broken in message:
        del message[broken]
    elif broken == "transaction_id":
        del message["message"]["transaction_id"]
    elif broken == "encrypted":
        message["header"]["is_msg_encrypted"] = True
    else:
        request = {"content": f'{{"{identity(2)}'.encode(), "headers": {"content-type": "application/json"}}

    refused = await registry.call("POST", PATH, **request, **INSURER)

    assert refused.status_code == 400
    Draft202012Validator(ERRORS).validate(refused.json())
    word = "err.encryption.invalid" if broken == "encrypted" else "err.request.bad"
    assert refused.json()["errors"][0]["code"] == word
    assert identity(2) not in refused.text
