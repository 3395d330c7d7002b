"""Text that PostgreSQL cannot hold is refused wherever it stands, named and not repeated, before anything changes."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text

from chassis.errors import InvalidRequest
from chassis.pagination import decode_cursor, encode_cursor
from chassis.problems import install
from chassis.storable import is_storable, pointer_to_unstorable
from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy import TOY
from tests.kit import HarnessFactory

NOTES = "/toy/v1/notes"
JSON = {"content-type": "application/json"}
HALF = "\ud800"


@pytest.mark.parametrize("odd", ["\0", HALF, "\udfff"])
def test_a_nul_and_half_a_pair_are_found_at_any_depth(odd: str) -> None:
    assert pointer_to_unstorable({"a": [1, {"b": f"x{odd}"}]}) == "/a/1/b"
    assert pointer_to_unstorable({"a": {f"x{odd}": 1}}) == "/a/*"
    assert pointer_to_unstorable(odd) == "/"


def test_every_other_text_is_left_alone() -> None:
    assert is_storable("山上\t\n\x01\U0001f33e\uffff")
    assert pointer_to_unstorable({"a": ["山", None, 1.5, True, "\U0001f33e"]}) is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"text": "a\\u0000b"}', "/text"),
        (b'{"text": "a\\uD800b"}', "/text"),
        (b'{"text": "a\xed\xa0\x80b"}', "/text"),
        ('{"text": "a\\u0000b"}'.encode("utf-16"), "/text"),
        (b'{"text": "a", "more": [{"\\u0000": 1}]}', "/more/0/*"),
        (b'{"text": "a", "more": {"\xe5\xb1\xb1": "\\udfff"}}', "/more/*"),
    ],
)
async def test_a_body_is_refused_by_the_pointer(
    harness_for: HarnessFactory, body: bytes, pointer: str
) -> None:
    async with harness_for(TOY) as toy:
        refused = await toy.call("POST", NOTES, content=body, headers=JSON)

        assert refused.status_code == 422, refused.text
        assert refused.json()["code"] == "invalid-request"
        assert refused.json()["errors"][0]["pointer"] == pointer
        assert refused.json()["errors"][0]["code"] == "unstorable-text"
        assert await toy.sql("SELECT 1 FROM toy.note") == []


@pytest.mark.parametrize("body", [b'{"text": "a\\\\u0000b"}', b'{"text": "\\ud83c\\udf3e"}'])
async def test_what_only_looks_like_it_is_taken(harness_for: HarnessFactory, body: bytes) -> None:
    async with harness_for(TOY) as toy:
        assert (await toy.call("POST", NOTES, content=body, headers=JSON)).status_code == 201


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        (f"{NOTES}?kind=a%00b", "query:kind"),
        (f"{NOTES}?kind=a&%E5%B1%B1%00=b", "query:*"),
        (f"{NOTES}/a%00b", "path"),
    ],
)
async def test_an_address_is_refused_by_the_parameter(
    harness_for: HarnessFactory, address: str, pointer: str
) -> None:
    async with harness_for(TOY) as toy:
        refused = await toy.call("GET", address)

        assert refused.status_code == 422, refused.text
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
        assert "\\u0000" not in refused.text
        assert refused.headers["x-request-id"]


def test_a_cursor_with_such_text_is_none_of_ours() -> None:
    assert decode_cursor(encode_cursor("a"), str) == ("a",)
    with pytest.raises(InvalidRequest):
        decode_cursor(encode_cursor("a\0"), str)


async def by_the_driver(unit: UnitOfWork, value: str) -> None:
    await unit.driver.execute("SELECT $1::text", value)


async def by_a_statement(unit: UnitOfWork, value: str) -> None:
    await unit.connection.execute(text("SELECT CAST(:value AS text)"), {"value": value})


async def by_ourselves(_: UnitOfWork, value: str) -> None:
    value.replace("\0", HALF).encode()


@pytest.mark.parametrize("value", ["a\0b", f"a{HALF}b"])
@pytest.mark.parametrize("use", [by_the_driver, by_a_statement, by_ourselves])
async def test_what_no_rule_saw_is_still_no_defect_of_ours(
    harness_for: HarnessFactory, use: Any, value: str
) -> None:
    async with harness_for(TOY) as toy:
        app = FastAPI()
        install(app, {}, {})

        @app.get("/")
        async def ask(_: Request) -> None:
            async with toy.unit() as unit:
                await use(unit, value)

        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            refused = await client.get("/")

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")
    assert "a" + value[1:] not in refused.text
    assert "utf-8" not in refused.text
