"""Keyset pages: a cursor names the last row seen, so a list stays stable while rows come in."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel

from chassis.errors import InvalidRequest
from chassis.storable import pointer_to_unstorable

T = TypeVar("T")
MAX_LIMIT = 500

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many items at most.")]
CursorParam = Annotated[str | None, Query(max_length=500, description="`next` of the page before.")]


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the page after, null at the end."""

    items: list[T]
    next: str | None = None


def encode_cursor(*key: Any) -> str:
    """Return the cursor of a row's sort key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(cursor: str | None, *types: type) -> tuple[Any, ...] | None:
    """Return the sort key in a cursor, converted to `types`; None without one; InvalidRequest for a foreign one."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = msgspec.json.decode(raw, type=list)
        if len(values) != len(types) or pointer_to_unstorable(values) is not None:
            raise ValueError  # noqa: TRY301 - one refusal for every odd cursor
        return tuple(msgspec.convert(value, kind) for value, kind in zip(values, types, strict=True))
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise InvalidRequest("The cursor is none of ours.", pointer="query:cursor") from error


def page_of(
    rows: Sequence[Any], limit: int, to_item: Callable[[Any], T], key: Callable[[Any], tuple[Any, ...]]
) -> Page[T]:
    """Return a page from up to limit + 1 rows read in key order."""
    shown = rows[:limit]
    following = encode_cursor(*key(shown[-1])) if len(rows) > limit else None
    return Page[Any](items=[to_item(row) for row in shown], next=following)
