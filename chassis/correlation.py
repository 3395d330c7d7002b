"""What a caller names a request by: it is written into logs and facts, so nothing that may be somebody's number is taken."""

import re
from collections.abc import Mapping

from chassis.ids import new_id

_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# As long as an identity number or an account, and by itself: the digits of a hash stand among letters.
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{15,}[Xx]?(?![0-9A-Za-z])")
# W3C Trace Context: version, trace, parent, flags.
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def request_id_of(headers: Mapping[bytes, bytes]) -> str:
    """Return the caller's id of a request, or a new one."""
    given = headers.get(b"x-request-id", b"").decode("latin-1")
    return given if _ID.fullmatch(given) and not _NUMBER.search(given) else new_id().hex


def traceparent_of(headers: Mapping[bytes, bytes]) -> str | None:
    """Return the caller's trace, if it is one."""
    given = headers.get(b"traceparent", b"").decode("latin-1")
    return given if _TRACEPARENT.fullmatch(given) else None
