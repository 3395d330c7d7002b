"""A problem names the field and the rule, and repeats nothing of the request."""

from typing import Annotated, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field

from chassis.problems import install

WORD = "金丝雀"


class Birth(BaseModel):
    """One of two shapes."""

    kind: Literal["birth"]
    household_id: UUID


class Death(BaseModel):
    """The other one."""

    kind: Literal["death"]
    count: int


async def refused(body: object, raw: bytes | None = None) -> httpx.Response:
    """Send a body to an operation that takes one of two shapes."""
    app = FastAPI()
    install(app, {}, {})

    @app.post("/")
    async def take(body: Annotated[Birth | Death, Field(discriminator="kind")]) -> None: ...

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        if raw is None:
            return await client.post("/", json=body)
        return await client.post("/", content=raw, headers={"content-type": "application/json"})


@pytest.mark.parametrize("raw", [b"\x1f\x8b", b'{"kind": "\xd1\xee"}', b'{"count": ' + b"9" * 5000 + b"}"])
async def test_a_body_that_cannot_be_read_is_refused_by_its_rule(raw: bytes) -> None:
    answer = await refused(None, raw)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/", "invalid-request")
    assert error["message"].startswith("The body is not JSON in UTF-8")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"kind": WORD}, "The value is one of 'birth', 'death'."),
        ({"kind": "birth", "household_id": WORD}, "An id is a UUID."),
        (
            {"kind": "death", "count": WORD},
            "Input should be a valid integer, unable to parse string as an integer",
        ),
    ],
)
async def test_a_wrong_value_is_never_repeated(body: object, message: str) -> None:
    answer = await refused(body)

    assert answer.status_code == 422
    assert [error["message"] for error in answer.json()["errors"]] == [message]
    assert not any(character in answer.text for character in WORD)
