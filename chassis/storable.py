"""Text that PostgreSQL cannot hold - a NUL, half of a surrogate pair - is refused before anything reads it."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.types import Message, Receive, Scope

from chassis.errors import FieldError, InvalidRequest

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
# What a document holds if one of its texts may be such: written out, escaped, or in another encoding than UTF-8.
_SUSPECT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]|\0")
# A name that is none may be somebody's, so a pointer does not repeat it.
FIELD_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
MESSAGE: Final = "Text holds neither U+0000 nor half of a surrogate pair."


def is_storable(text: str) -> bool:
    """Tell whether PostgreSQL can hold a text."""
    return _UNSTORABLE.search(text) is None


def refusal_of_address(scope: Scope) -> InvalidRequest | None:
    """Return the refusal of a request whose path or query holds such text."""
    if not is_storable(scope["path"]):
        return _refusal("path")
    query = scope["query_string"]
    if b"%00" not in query and b"\0" not in query:
        return None
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if not is_storable(name + value):
            return _refusal(f"query:{_shown(name)}")
    return None


def refusing_body(receive: Receive, content_type: bytes) -> Receive:
    """Return a reader that refuses a JSON body with such text as soon as the whole of it was read."""
    if not _is_json(content_type):
        return receive
    read: list[bytes] = []

    async def receiving() -> Message:
        message = await receive()
        read.append(message.get("body", b""))
        if message["type"] == "http.request" and not message.get("more_body"):
            _refuse_document(b"".join(read))
        return message

    return receiving


def pointer_to_unstorable(document: Any) -> str | None:
    """Return the JSON Pointer of the first such text in a document, a name or a value, at any depth."""
    waiting = [("", document)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, str) and not is_storable(value):
            return pointer or "/"
        waiting.extend(_parts(pointer, value))
    return None


def _parts(pointer: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((f"{pointer}/{number}", part) for number, part in enumerate(value))
    elif isinstance(value, dict):
        for name, part in value.items():
            yield f"{pointer}/{_shown(name)}", name
            yield f"{pointer}/{_shown(name)}", part


def _refuse_document(body: bytes) -> None:
    if not _SUSPECT.search(body):
        return
    try:
        document = json.loads(body)
    except ValueError:
        return  # no JSON at all: the route says so
    pointer = pointer_to_unstorable(document)
    if pointer is not None:
        raise _refusal(pointer)


def _is_json(content_type: bytes) -> bool:
    kind = content_type.partition(b";")[0].strip().lower()
    return not kind or kind.endswith((b"/json", b"+json"))


def _shown(name: str) -> str:
    return name if FIELD_NAME.fullmatch(name) else "*"


def _refusal(pointer: str) -> InvalidRequest:
    return InvalidRequest(errors=(FieldError(pointer, "unstorable-text", MESSAGE),))
