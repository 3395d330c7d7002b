"""What a handler answers: bytes fixed inside the transaction, so that a replay returns them unchanged."""

import json
from typing import Any

import msgspec
from pydantic import BaseModel
from starlette.responses import Response

JSON = "application/json"


class Answer(Response):
    """A response whose status, headers and body can be stored and replayed."""

    media_type = JSON


def answer(
    body: Any = None, *, status: int = 200, etag: object = None, location: str | None = None
) -> Answer:
    """Return `body` (a Pydantic model, a msgspec Struct, plain JSON values, or None) as a response."""
    headers: dict[str, str] = {}
    if etag is not None:
        headers["etag"] = f'"{etag}"'
    if location is not None:
        headers["location"] = location
    return Answer(encode_body(body), status_code=status, headers=headers)


def encode_body(body: Any) -> bytes:
    """Return the JSON bytes of a body."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    if isinstance(body, BaseModel):
        return body.model_dump_json().encode()
    return msgspec.json.encode(body)


def stored_headers(response: Answer) -> str:
    """Return the headers worth replaying, as JSON."""
    kept = {name: response.headers[name] for name in ("etag", "location") if name in response.headers}
    return json.dumps(kept)


def replayed(status: int, headers: str, body: bytes) -> Answer:
    """Return a stored answer, marked as such."""
    return Answer(body, status_code=status, headers={**json.loads(headers), "idempotency-replayed": "true"})
