"""The business date, and questions that go to the services: a household's page, eligibility, the auditors' stream."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response, StreamingResponse

from chassis.answers import Answer
from chassis.auth import Principal
from chassis.errors import Forbidden, InvalidRequest
from chassis.http import Caller, CommandUnit
from chassis.moments import Moment
from contracts import roles
from gateway.composition.household import compose_household
from gateway.composition.trail import Question, frame
from gateway.door import BEARER, IDENTITY
from gateway.handlers import business_date
from gateway.schemas import BusinessDateShown, BusinessDateWanted, EligibilityBatch, EligibilityQuestion
from gateway.state import AGateway, Gateway
from gateway.upstreams.port import Headers

STAFF = (
    roles.VILLAGE_COMMITTEE,
    roles.WORK_TEAM,
    roles.CLERK,
    roles.OFFICER,
    roles.CHECKER,
    roles.PAYER,
    roles.AUDITOR,
    roles.ADMINISTRATOR,
)

# Digits and no other numerals, as many as a 64-bit position surely holds.
_POSITION: Final = re.compile(r"[0-9]{1,18}")

router = APIRouter(prefix="/gateway/v1")


@router.put("/business-date", response_model=BusinessDateShown, tags=["business date"])
async def set_business_date(wanted: BusinessDateWanted, unit: CommandUnit, gateway: AGateway) -> Response:
    """Move the business date of the whole platform, or with null let it follow the calendar again.

    Recorded times stay real. Ask again to learn when all have heard.
    """
    return await business_date.set_business_date(wanted.business_date, unit, gateway)


@router.get("/business-date", tags=["business date"])
async def show_business_date(_: Caller, gateway: AGateway) -> BusinessDateShown:
    """Say the business date, and whether every service works on it."""
    return await business_date.show_business_date(gateway)


@router.get("/households/{household_id}/360", tags=["household"])
async def show_household(household_id: UUID, request: Request, caller: Caller, gateway: AGateway) -> Response:
    """Show everything five services know of a household; `missing` names what did not come in time, and why."""
    _require(caller, *STAFF)
    page = await compose_household(
        gateway.upstreams,
        household_id,
        _headers(caller.token, request),
        as_of=gateway.runtime.clock.now().isoformat(),
        seconds=gateway.settings.part_seconds,
    )
    return Answer(msgspec.json.encode(page))


@router.post("/eligibility-checks", tags=["eligibility"])
async def check_eligibility(
    question: EligibilityQuestion, request: Request, caller: Caller, gateway: AGateway
) -> Response:
    """Say whether a person is on the register on a date: yes or no and the category. The question is recorded."""
    return await _ask_registry("", question, request, caller, gateway=gateway)


@router.post("/eligibility-checks/bulk", tags=["eligibility"])
async def check_many(
    batch: EligibilityBatch, request: Request, caller: Caller, gateway: AGateway
) -> Response:
    """Say which of up to 1,000 people are on the register, each on its date. Every question is recorded."""
    return await _ask_registry("/bulk", batch, request, caller, gateway=gateway)


@router.get("/events", tags=["events"], response_class=StreamingResponse)
async def stream_events(
    request: Request,
    caller: Caller,
    gateway: AGateway,
    type: Annotated[str | None, Query(max_length=100, description="One event type.")] = None,  # noqa: A002
    subject: Annotated[
        str | None, Query(max_length=100, description="One subject: `household/<id>`.")
    ] = None,
    since: Annotated[
        Moment | None, Query(alias="from", description="Events recorded from this time on.")
    ] = None,
    last_event_id: Annotated[str | None, Header(description="Go on after this event.")] = None,
) -> StreamingResponse:
    """Stream the trail to an auditor as server-sent events: `id` is the position, `data` the CloudEvent."""
    _require(caller, roles.AUDITOR)
    after = 0
    if last_event_id:
        if not _POSITION.fullmatch(last_event_id):
            raise InvalidRequest(
                "Last-Event-ID is the id of an event of this stream.", pointer="header:last-event-id"
            )
        after = int(last_event_id)
    question = Question(
        area=caller.area, type=type, subject=subject, since=since.isoformat() if since else None
    )
    # The first batch is read before the answer begins, so that a refusal is a status and not a broken stream.
    first = await gateway.tails.read(question, after, _headers(caller.token, request))
    if first:
        after = first[-1].position
    frames = _frames(request, gateway, question, after)
    return StreamingResponse(
        _prefixed([b": open\n\n", *(frame(entry) for entry in first)], frames),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no"},
    )


async def _ask_registry(
    path: str,
    question: EligibilityQuestion | EligibilityBatch,
    request: Request,
    caller: Principal,
    *,
    gateway: Gateway,
) -> Response:
    _require(caller, roles.INSURER, roles.BANK, roles.OFFICER)
    token = gateway.sessions.internal_token(request.scope[IDENTITY], question.purpose)
    reply = await gateway.upstreams.fetch(
        "registry",
        f"/registry/v1/eligibility-checks{path}",
        [*_headers(token, request), (b"content-type", b"application/json"), *_key(request)],
        method="POST",
        body=question.model_dump_json().encode(),
        seconds=gateway.settings.part_seconds,
    )
    kind = "application/json" if reply.status < 400 else "application/problem+json"  # noqa: PLR2004
    return Response(reply.body, status_code=reply.status, media_type=kind)


async def _prefixed(first: list[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield b"".join(first)
    async for chunk in rest:
        yield chunk


async def _frames(request: Request, gateway: Gateway, question: Question, after: int) -> AsyncIterator[bytes]:
    identity = request.scope[IDENTITY]
    bearer = request.scope[BEARER]

    def headers() -> Headers:
        return _headers(gateway.sessions.internal_token(identity), request)

    following = gateway.tails.follow(
        question, after, headers, keep_alive=gateway.settings.stream_keep_alive_seconds
    )
    async for batch in following:
        # A stream outlives many looks at its session: it ends when the session does.
        if await gateway.sessions.resolve(bearer) is None:
            return
        yield b": still here\n\n" if batch is None else b"".join(frame(entry) for entry in batch)


def _require(caller: Principal, *wanted: str) -> None:
    if not caller.has_any(*wanted):
        raise Forbidden


def _headers(token: str | None, request: Request) -> list[tuple[bytes, bytes]]:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    for name in (b"traceparent", b"x-request-id"):
        headers.extend(item for item in request.scope["headers"] if item[0] == name)
    return headers


def _key(request: Request) -> list[tuple[bytes, bytes]]:
    return [item for item in request.scope["headers"] if item[0] == b"idempotency-key"]
