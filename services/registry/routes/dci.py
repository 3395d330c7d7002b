"""The DCI Social Registry interface, version 1.0.0: its own paths, envelopes and error bodies."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from chassis.answers import answer
from chassis.errors import Forbidden, InvalidRequest, Refusal, Unauthenticated, Unavailable
from chassis.http import RecordedQueryUnit
from chassis.problems import status_of
from services.registry.handlers import partner_search
from services.registry.schemas import dci

BAD = "err.request.bad"
WORD_OF = {
    Unauthenticated: "err.request.unauthorized",
    Forbidden: "err.request.forbidden",
    Unavailable: "err.service.unavailable",
}


class _DciRoute(APIRoute):
    """Answers refusals as the interface asks: `errors` with its codes, and beside it the code of our problems."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_by_the_interface(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refusal:
                return _refused(refusal)
            except (RequestValidationError, HTTPException):
                # Nothing of the request is repeated: a value may be somebody's number.
                return _refused(InvalidRequest("The message has not the shape of version 1.0.0."), 400)

        return handle_by_the_interface


def _refused(refusal: Refusal, status: int | None = None) -> Response:
    word = WORD_OF.get(type(refusal), BAD)
    body = {"errors": [{"code": word, "message": refusal.message}], "code": refusal.code}
    return answer(body, status=status or status_of(refusal, {}))


router = APIRouter(prefix="/registry/v1/dci", tags=["registry"], route_class=_DciRoute)


@router.post("/registry/sync/search", response_model=dci.Answered, response_model_exclude_none=True)
async def sync_search(body: dci.Envelope, unit: RecordedQueryUnit) -> Response:
    """Answer searches by identity number (idtype-value) or by village, status, category and group_size (predicate).

    Partners and county officers. A purpose is needed: authorize.purpose or consent.purpose of each search, or the token's.
    """
    if body.header.is_msg_encrypted:
        return _encrypted()
    return await partner_search.search(body, unit)


def _encrypted() -> Response:
    message = "Messages are not encrypted beyond the connection."
    return answer({"errors": [{"code": "err.encryption.invalid", "message": message}]}, status=400)
