"""Refusals: a business error is a sentence with a stable code; HTTP learns its status elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

# What msgspec repeats of a document: a field that it does not know, and a word that is none of those allowed.
_REPEATED = re.compile(r"(unknown field|Invalid enum value) (.*?)(?= - at `|\Z)", re.DOTALL)
_FIELD_NAME = re.compile(r"`[A-Za-z_][A-Za-z0-9_-]{0,63}`")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in a request: where (JSON Pointer), which rule (code), and a sentence without the value."""

    pointer: str
    code: str
    message: str


def unrepeated(fault: Exception) -> str:
    """Return what msgspec says of a document without what it repeats: a name or a value may be somebody's."""
    return _REPEATED.sub(lambda found: found[0] if _FIELD_NAME.fullmatch(found[2]) else found[1], str(fault))


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a malfunction
    """A command that the rules do not allow; nothing has changed."""

    code: ClassVar[str] = "refused"

    def __init__(
        self,
        message: str = "",
        *,
        pointer: str | None = None,
        rule: str | None = None,
        basis: str | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        self.message = message or (type(self).__doc__ or "Refused.").strip()
        self.pointer = pointer
        # The rule that was broken and the document that it stands in, where it is a rule of the field.
        self.rule = rule
        self.basis = basis
        self.errors = tuple(errors)
        super().__init__(self.message)


class NotFound(Refusal):
    """Nothing of that kind is visible to the caller."""

    code = "not-found"


class Forbidden(Refusal):
    """The caller's role does not allow this."""

    code = "forbidden"


class Unauthenticated(Refusal):
    """A valid token is needed."""

    code = "unauthenticated"


class InvalidRequest(Refusal):
    """The request does not have the required shape."""

    code = "invalid-request"


class PayloadTooLarge(Refusal):
    """The request body is larger than this operation accepts."""

    code = "payload-too-large"


class StaleVersion(Refusal):
    """The record has changed since it was read."""

    code = "stale-version"


class VersionRequired(Refusal):
    """An update needs If-Match with the version that was read."""

    code = "version-required"


class IdempotencyKeyMissing(Refusal):
    """A state-changing POST needs an Idempotency-Key header."""

    code = "idempotency-key-missing"


class IdempotencyKeyInvalid(Refusal):
    """An Idempotency-Key has 1 to 255 visible ASCII characters."""

    code = "idempotency-key-invalid"


class IdempotencyKeyReused(Refusal):
    """The Idempotency-Key was used before with another request."""

    code = "idempotency-key-reused"


class RequestInFlight(Refusal):
    """The first request with this Idempotency-Key is still running."""

    code = "request-in-flight"


class Unavailable(Refusal):
    """Something this command needs is not reachable; nothing changed, try again."""

    code = "unavailable"
    headers: ClassVar[dict[str, str]] = {"retry-after": "1"}


class Crossed(Unavailable):
    """Another command was changing the same records; nothing changed, repeat with the same Idempotency-Key."""


class TimedOut(Refusal):
    """Something this command needs did not answer in time; nothing changed, try again."""

    code = "timed-out"


STATUS_OF: dict[type[Refusal], int] = {
    InvalidRequest: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    PayloadTooLarge: 413,
    StaleVersion: 412,
    VersionRequired: 428,
    IdempotencyKeyMissing: 400,
    IdempotencyKeyInvalid: 400,
    IdempotencyKeyReused: 422,
    RequestInFlight: 409,
    Unavailable: 503,
    TimedOut: 504,
}
