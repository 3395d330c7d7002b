"""Routes of rounds: opening, looking at, bringing households in and proposing for them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from contracts.values import PROPOSALS
from services.registry import views_round
from services.registry.domain.errors.round import ProposalReason, ScopeUnknown
from services.registry.domain.procedure import OUTCOMES, STEPS
from services.registry.handlers import closing
from services.registry.handlers import entry as entries
from services.registry.handlers import round as handlers
from services.registry.routes.household import Village
from services.registry.schemas import round as schema
from services.registry.schemas.answer import BulkResult

READERS = (
    roles.VILLAGE_COMMITTEE,
    roles.WORK_TEAM,
    roles.CLERK,
    roles.OFFICER,
    roles.CHECKER,
    roles.PAYER,
    roles.AUDITOR,
    roles.SERVICE,
)
PROBLEMS: dict[type[Refusal], int] = {ScopeUnknown: 422, ProposalReason: 422}

RoundId = Annotated[UUID, Path(description="The round's id.")]
State = Annotated[
    Literal["open", "closed"] | None, Query(description="Only open rounds, or only closed ones.")
]
Step = Annotated[
    str | None, Query(pattern=f"^({'|'.join(STEPS)})$", description="Only those that stand here.")
]
Outcome = Annotated[str | None, Query(pattern=f"^({'|'.join(OUTCOMES)})$")]
Proposal = Annotated[str | None, Query(pattern=f"^({'|'.join(PROPOSALS)})$")]

router = APIRouter(prefix="/registry/v1", tags=["rounds"])


@router.post("/rounds", status_code=201, response_model=schema.RoundSummary)
async def open_round(body: schema.RoundRequest, unit: CommandUnit) -> Response:
    """Open a round: every household on the register of the area gets its entry. One area has one open round."""
    return await handlers.open_round(body, unit)


@router.get("/rounds")
async def list_rounds(
    unit: QueryUnit, state: State = None, cursor: CursorParam = None, limit: Limit = 50
) -> Page[schema.RoundSummary]:
    """List the rounds that cover the caller's area or lie in it, the latest first."""
    unit.require(*READERS)
    is_open = None if state is None else state == "open"
    async with unit:
        return await views_round.list_rounds(unit, is_open=is_open, cursor=cursor, limit=limit)


@router.get("/rounds/{round_id}")
async def show_round(round_id: RoundId, unit: QueryUnit) -> schema.Round:
    """Show a round with how far its households have come, village by village, in the caller's area."""
    unit.require(*READERS)
    async with unit:
        return await views_round.show_round(unit, round_id)


@router.get("/rounds/{round_id}/entries")
async def list_entries(
    round_id: RoundId,
    unit: QueryUnit,
    village: Village = None,
    step: Step = None,
    outcome: Outcome = None,
    proposal: Proposal = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[schema.Entry]:
    """List the households of a round in the caller's area, with what comes next for each."""
    unit.require(*READERS)
    async with unit:
        return await views_round.list_entries(
            unit,
            round_id,
            village=village,
            step=step,
            outcome=outcome,
            proposal=proposal,
            cursor=cursor,
            limit=limit,
        )


@router.post("/rounds/{round_id}/entries", response_model=BulkResult)
async def add_entries(round_id: RoundId, body: schema.NewEntries, unit: CommandUnit) -> Response:
    """Bring up to 1,000 households in that are not on the register, with the proposal to add them and its reason."""
    return await entries.add_entries(round_id, body, unit)


@router.post("/rounds/{round_id}/proposals/bulk", response_model=BulkResult)
async def propose(round_id: RoundId, body: schema.BulkProposals, unit: CommandUnit) -> Response:
    """Change up to 1,000 proposals. What was evaluated before is void then, and begins again."""
    return await entries.propose_for_entries(round_id, body, unit)


@router.post("/rounds/{round_id}/closures", status_code=201, response_model=schema.Statement)
async def close_round(round_id: RoundId, body: schema.ClosingRequest, unit: CommandUnit) -> Response:
    """Sign a round off, by another officer than opened it: all are decided, opening + added - removed = closing."""
    return await closing.close_round(round_id, body, unit)


@router.post("/rounds/{round_id}/restatements", status_code=201, response_model=schema.Statement)
async def restate_round(round_id: RoundId, body: schema.RestatementRequest, unit: CommandUnit) -> Response:
    """State the numbers of a closed round anew, after something dated inside it became known later."""
    return await closing.restate_round(round_id, body, unit)
