"""Routes of cross-checks: lists of other offices, whom they name, and what became of it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from contracts.values import CROSS_CHECK_KINDS, MATCH_OUTCOMES
from services.registry import fields, views_cross_check
from services.registry.domain.cross_check_list import MAX_DETAIL, MAX_ROWS
from services.registry.domain.errors.cross_check import CrossCheckListInvalid, MatchReasonUnknown
from services.registry.handlers import cross_check as handlers
from services.registry.handlers.cross_check import ImportList
from services.registry.schemas import cross_check as answer
from services.registry.schemas.cross_check import MatchResolution

JSON = "application/json"
OVERSEERS = (roles.OFFICER, roles.AUDITOR)
READERS = (roles.CLERK, roles.OFFICER, roles.CHECKER, roles.AUDITOR)
PROBLEMS: dict[type[Refusal], int] = {CrossCheckListInvalid: 422, MatchReasonUnknown: 422}

ListId = Annotated[UUID, Path(description="The list's id.")]
MatchId = Annotated[UUID, Path(description="The match's id.")]
_KINDS = f"^({'|'.join(CROSS_CHECK_KINDS)})$"
ListKind = Annotated[str, Query(pattern=_KINDS, description="Which office's list.")]
Kind = Annotated[str | None, Query(pattern=_KINDS, description="Only lists of this kind.")]
County = Annotated[
    str | None, Query(pattern="^[0-9]{6}$", description="The county; the caller's area if absent.")
]
State = Annotated[str | None, Query(pattern=f"^(open|{'|'.join(MATCH_OUTCOMES)})$")]
OfList = Annotated[UUID | None, Query(description="Only of this list.")]
OfHousehold = Annotated[UUID | None, Query(description="Only of this household.")]

CSV_BODY = {"schema": {"type": "string", "format": "binary", "description": "identity_number,detail"}}
TEXT = {"type": "string"}
ROW = {
    "type": "object",
    "properties": {"identity_number": TEXT, "detail": TEXT | {"maxLength": MAX_DETAIL}},
    "required": ["identity_number"],
    "additionalProperties": False,
}
LIST = {
    "type": "object",
    "properties": {"rows": {"type": "array", "items": ROW, "minItems": 1, "maxItems": MAX_ROWS}},
    "required": ["rows"],
    "additionalProperties": False,
}
BODY = {
    "requestBody": {"required": True, "content": {"text/csv": CSV_BODY, JSON: {"schema": LIST}}},
}

router = APIRouter(prefix="/registry/v1", tags=["registry"])


@router.post("/cross-checks", status_code=201, response_model=answer.CrossCheckList, openapi_extra=BODY)
async def import_list(
    request: Request,
    unit: CommandUnit,
    kind: ListKind,
    office: Annotated[fields.OpenLine, Query(description="The office that keeps the list.")],
    as_of: Annotated[date, Query(description="The day the list speaks of.")],
    area: County = None,
) -> Response:
    """Take over a list as CSV (identity_number, detail) or JSON, all rows or none, and match it with the register.

    Of an identity number its keyed hash is kept, nothing else. The same document is taken once.
    """
    is_json = request.headers.get("content-type", "").startswith(JSON)
    command = ImportList(
        document=await request.body(), is_json=is_json, kind=kind, office=office, as_of=as_of, area=area
    )
    return await handlers.import_list(command, unit)


@router.get("/cross-checks")
async def list_lists(
    unit: QueryUnit, kind: Kind = None, cursor: CursorParam = None, limit: Limit = 50
) -> Page[answer.CrossCheckList]:
    """List a county's lists with how many are matched and still open."""
    unit.require(*OVERSEERS)
    async with unit:
        return await views_cross_check.list_lists(unit, kind=kind, cursor=cursor, limit=limit)


@router.get("/cross-checks/matches")
async def list_matches(
    unit: QueryUnit,
    list_id: OfList = None,
    household_id: OfHousehold = None,
    kind: Kind = None,
    state: State = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.Match]:
    """List the households of one's area that a list names."""
    unit.require(*READERS)
    async with unit:
        return await views_cross_check.list_matches(
            unit,
            list_id=list_id,
            kind=kind,
            household_id=household_id,
            state=state,
            cursor=cursor,
            limit=limit,
        )


@router.get("/cross-checks/{list_id}", response_model=answer.CrossCheckList)
async def show_list(list_id: ListId, unit: QueryUnit) -> Response:
    """Show a list with its counts."""
    unit.require(*OVERSEERS)
    async with unit:
        return unit.answer(await views_cross_check.list_of(unit, list_id))


@router.post("/cross-checks/{list_id}/matches", status_code=201, response_model=answer.Matching)
async def match_again(list_id: ListId, unit: CommandUnit) -> Response:
    """Match a list with whoever came on file since it was imported or last matched."""
    return await handlers.match_again(list_id, unit)


@router.post("/cross-checks/matches/{match_id}/resolutions", status_code=201, response_model=answer.Resolved)
async def resolve_match(match_id: MatchId, body: MatchResolution, unit: CommandUnit) -> Response:
    """Explain a match, or confirm it; what is explained rules nobody out any more.

    What was resolved wrongly is corrected by somebody else with `corrects`: the resolution's number and a reason.
    """
    return await handlers.resolve_match(match_id, body, unit)
