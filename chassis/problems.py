"""RFC 9457 problem details for every error: a stable code and JSON Pointers, never a value of the request."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import asyncpg
import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from chassis.answers import Answer
from chassis.errors import STATUS_OF, FieldError, InvalidRequest, Refusal
from chassis.field_errors import field_errors
from chassis.idempotency import AlreadyAnswered
from chassis.telemetry import safe_traceback

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/problems/"
UNPROCESSABLE = 422
# What somebody put where an id or a field's name belongs may be a person's number or name.
_PERSONAL = re.compile(r"[0-9]{15,}[Xx]?|[^\x01-\x7f]+|(?:%[0-9A-Fa-f]{2})+")
CONFLICT = 409
# The database cannot hold a value of the request: no field said so before, so none is named.
UNUSABLE = (asyncpg.DataError, UnicodeEncodeError)

log = structlog.get_logger("tuopin.problems")


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    request_id: str,
    instance: str | None = None,
    rule: str | None = None,
    basis: str | None = None,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document."""
    body: dict[str, Any] = {
        "type": f"{TYPE_PREFIX}{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "trace_id": request_id,
    }
    if instance:
        body["instance"] = _PERSONAL.sub("*", instance)
    if rule:
        body["rule"] = rule
    if basis:
        body["basis"] = basis
    if errors:
        body["errors"] = [{"pointer": e.pointer, "code": e.code, "message": e.message} for e in errors]
    return Response(
        msgspec.json.encode(body), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def status_of(refusal: Refusal, statuses: Mapping[type[Refusal], int]) -> int:
    """Return the HTTP status of a refusal: the service's own table first, 409 for an unlisted business rule."""
    for kind in type(refusal).__mro__:
        if kind in statuses:
            return statuses[kind]
        if kind in STATUS_OF:
            return STATUS_OF[kind]
    return CONFLICT


class _Answers:
    """The answer to each kind of error of one app."""

    def __init__(
        self, statuses: Mapping[type[Refusal], int], constraints: Mapping[str, type[Refusal]]
    ) -> None:
        self._statuses = statuses
        self._constraints = constraints

    async def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101 - registered for this class only
        return from_refusal(request, error, self._statuses)

    async def violated(self, request: Request, error: Exception) -> Response:
        name = _constraint_of(error)
        if name in self._constraints:
            return from_refusal(request, self._constraints[name](), self._statuses)
        if any(isinstance(cause, UNUSABLE) for cause in _causes(error)):
            return await _unusable(request, error)
        return await crashed(request, error)


async def _answered(_: Request, error: Exception) -> Answer:
    assert isinstance(error, AlreadyAnswered)  # noqa: S101 - registered for this class only
    return error.answer


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    return _validation(request, error)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    # FastAPI answers whatever stops it from reading a body with a bare 400; the cause says more.
    if isinstance(error.__cause__, RecursionError):
        return await _too_deep(request, error)
    if isinstance(error.__cause__, Refusal):
        return from_refusal(request, error.__cause__, {})
    if isinstance(error.__cause__, ValueError):  # other bytes than UTF-8, a number of thousands of digits
        unread = "The body is not JSON in UTF-8, or holds a number of too many digits."
        return from_refusal(request, InvalidRequest(unread, pointer="/"), {})
    known = {404: "not-found", 405: "method-not-allowed", 413: "payload-too-large"}
    code = known.get(error.status_code, "http-error")
    return problem(
        status=error.status_code,
        code=code,
        detail=code.replace("-", " ").capitalize() + ".",
        request_id=_id_of(request),
        instance=request.url.path,
        headers=error.headers,
    )


async def _too_deep(request: Request, _: Exception) -> Response:
    return problem(
        status=UNPROCESSABLE,
        code="json-too-deep",
        detail="The request body is nested too deeply.",
        request_id=_id_of(request),
        instance=request.url.path,
        errors=(FieldError("/", "json-too-deep", "The request body is nested too deeply."),),
    )


async def _unusable(request: Request, error: Exception) -> Response:
    # A rule that nobody wrote for a field: whoever operates this should hear of it.
    log.error("value not storable", trace=safe_traceback(error), request_id=_id_of(request))
    refusal = InvalidRequest("The request holds a value that cannot be stored; nothing changed.")
    return from_refusal(request, refusal, {})


def install(
    app: FastAPI, statuses: Mapping[type[Refusal], int], constraints: Mapping[str, type[Refusal]]
) -> None:
    """Make every error of the app a problem document."""
    answers = _Answers(statuses, constraints)
    app.add_exception_handler(Refusal, answers.refused)
    app.add_exception_handler(AlreadyAnswered, _answered)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(asyncpg.IntegrityConstraintViolationError, answers.violated)
    app.add_exception_handler(DBAPIError, answers.violated)
    for kind in UNUSABLE:
        app.add_exception_handler(kind, _unusable)
    app.add_exception_handler(RecursionError, _too_deep)
    app.add_exception_handler(Exception, crashed)


async def crashed(request: Request, error: Exception) -> Response:
    """Answer a defect: nothing of the error's text goes out or into the log, since it may quote a row."""
    log.error(
        "request failed", error=type(error).__name__, trace=safe_traceback(error), request_id=_id_of(request)
    )
    return problem(
        status=500,
        code="internal-error",
        detail="Something failed on our side; nothing changed. Try again with the same Idempotency-Key.",
        request_id=_id_of(request),
        instance=request.url.path,
    )


def from_refusal(request: Request, refusal: Refusal, statuses: Mapping[type[Refusal], int]) -> Response:
    """Return the problem of a refusal."""
    errors = refusal.errors
    if refusal.pointer is not None and not errors:
        errors = (FieldError(refusal.pointer, refusal.code, refusal.message),)
    return problem(
        status=status_of(refusal, statuses),
        code=refusal.code,
        detail=refusal.message,
        request_id=_id_of(request),
        instance=request.url.path,
        rule=refusal.rule,
        basis=refusal.basis,
        errors=errors,
        headers=getattr(refusal, "headers", None),
    )


def _validation(request: Request, error: RequestValidationError) -> Response:
    return problem(
        status=UNPROCESSABLE,
        code="invalid-request",
        detail="The request does not have the required shape; errors names each field and rule.",
        request_id=_id_of(request),
        instance=request.url.path,
        errors=field_errors(error),
    )


def _constraint_of(error: BaseException) -> str:
    names = (getattr(cause, "constraint_name", None) for cause in _causes(error))
    return str(next(filter(None, names), ""))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = getattr(seen, "orig", None) or seen.__cause__


def _id_of(request: Request) -> str:
    return str(request.scope.get("tuopin.request_id", ""))
