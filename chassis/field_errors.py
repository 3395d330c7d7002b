"""What is wrong with a request's shape, field by field: a pointer and a rule, never a value."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from chassis.errors import FieldError
from chassis.storable import FIELD_NAME

MOST = 100
_QUOTING = {
    "json_invalid": "The body is not JSON.",
    "date_from_datetime_parsing": "A date is YYYY-MM-DD.",
    "uuid_parsing": "An id is a UUID.",
}


def field_errors(error: RequestValidationError) -> list[FieldError]:
    """Return the first hundred faults of a request."""
    return [
        FieldError(
            _pointer(_named(item, error.body)), str(item["type"]).replace("_", "-"), _without_value(item)
        )
        for item in error.errors()[:MOST]
    ]


def _named(item: Mapping[str, Any], body: Any) -> Sequence[int | str]:
    *parents, last = _inside(item, body) if item["loc"][0] == "body" else item["loc"]
    is_hidden = item["type"] == "extra_forbidden" and not FIELD_NAME.fullmatch(str(last))
    return [*parents, "*" if is_hidden else last]


def _inside(item: Mapping[str, Any], body: Any) -> Sequence[int | str]:
    # Pydantic tells the chosen branch of a union, too, which is no part of the body; a missing field is none, either.
    where, *parts = item["loc"]
    found = [where]
    for number, part in enumerate(parts, start=1):
        is_missing = item["type"] == "missing" and number == len(parts)
        if isinstance(body, dict) and part not in body and not is_missing:
            continue
        found.append(part)
        is_item = isinstance(body, list) and isinstance(part, int) and part < len(body)
        body = body[part] if is_item else body.get(part) if isinstance(body, dict) else None
    return found


def _pointer(location: Sequence[int | str]) -> str:
    where, *parts = [str(part).replace("~", "~0").replace("/", "~1") for part in location]
    return "/" + "/".join(parts) if where == "body" else f"{where}:{'/'.join(parts)}"


def _without_value(item: Mapping[str, Any]) -> str:
    # Our own validators' sentences never quote; some of pydantic's do, so they are replaced.
    if item["type"] == "union_tag_invalid":
        return f"The value is one of {item['ctx']['expected_tags']}."
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    return _QUOTING.get(str(item["type"]), str(item["msg"]))
