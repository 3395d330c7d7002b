"""The HTTP face: parse, authorise, call a handler or a view; and which refusal has which status."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.ids import new_id
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from contracts.events.subsidy import Evidence
from services.subsidy import figures, handlers, views
from services.subsidy.commands import AcceptClaim, ApproveClaim, CorrectClaim, RejectClaim, SubmitClaim
from services.subsidy.domain.claim import STATUSES, Declaration
from services.subsidy.domain.errors import InspectorMayNotApprove
from services.subsidy.domain.programme import Programme
from services.subsidy.fields import Code
from services.subsidy.schemas import answer, request

READERS = (roles.CLERK, roles.OFFICER, roles.CHECKER, roles.PAYER, roles.AUDITOR, roles.SERVICE)
ClaimId = Annotated[UUID, Path(description="The claim's id.")]
Area = Annotated[
    str | None,
    Query(pattern=r"^\d{2,12}$", description="Division code, or its beginning; the caller's area if absent."),
]

# Unlisted business refusals answer 409; invalid shapes 422 and unknown things 404 come from their kind.
PROBLEMS: dict[type[Refusal], int] = {InspectorMayNotApprove: 403}

router = APIRouter(prefix="/subsidy/v1", tags=["subsidy"])


@router.post("/programmes", status_code=201, response_model=answer.Programme)
async def publish_programme(body: request.ProgrammeRequest, unit: CommandUnit) -> Response:
    """Publish an edition of a programme: its rate, cap and floor from a day on, with the document they rest on.

    A new rate is a new edition. It ends one without a last day on the day before it begins; it is refused where
    one with a last day is in force, or where claims were filed under the edition before. County officers only.
    """
    programme = Programme(
        id=new_id(),
        code=body.code,
        kind=body.kind,
        unit=body.unit,
        rate_fen=body.rate.fen,
        cap_fen=body.cap.fen if body.cap else None,
        floor_fen=body.floor.fen if body.floor else None,
        effective_from=body.effective_from,
        effective_to=body.effective_to,
        basis_document=body.basis_document,
    )
    return await handlers.publish_programme(programme, unit)


@router.get("/programmes")
async def list_programmes(
    unit: QueryUnit,
    code: Code | None = None,
    on: Annotated[date | None, Query(description="Only editions in force on this day.")] = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.Programme]:
    """List programme editions in the order they were published."""
    unit.require(*READERS, roles.ADMINISTRATOR)
    async with unit:
        return await views.list_programmes(unit, code=code, on=on, cursor=cursor, limit=limit)


@router.post("/claims", status_code=201, response_model=answer.Claim)
async def submit_claim(body: request.ClaimRequest, unit: CommandUnit) -> Response:
    """File a claim of a household that is on the register today, with at least one photo. Clerks, in their area."""
    return await handlers.submit_claim(_submission(body), unit)


@router.post("/claims/bulk", response_model=answer.BulkResult)
async def submit_claims(body: request.BulkClaims, unit: CommandUnit) -> Response:
    """File up to 1,000 claims with a result for each; with `atomic` one refusal refuses all (422, errors[] by item)."""
    commands = [_submission(item, item.reference_id) for item in body.items]
    return await handlers.submit_claims(commands, unit, atomic=body.atomic)


@router.get("/claims")
async def list_claims(
    unit: QueryUnit,
    household: UUID | None = None,
    status: Annotated[str | None, Query(pattern=f"^({'|'.join(STATUSES)})$")] = None,
    programme: Code | None = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.Claim]:
    """List claims in the order they were filed."""
    unit.require(*READERS)
    async with unit:
        return await views.list_claims(
            unit, household=household, status=status, programme=programme, cursor=cursor, limit=limit
        )


@router.get("/claims/{claim_id}", response_model=answer.ClaimInFull)
async def show_claim(claim_id: ClaimId, unit: QueryUnit) -> Response:
    """Show one claim with its photos and every state it had; the ETag is its version."""
    unit.require(*READERS)
    async with unit:
        claim = await views.show_claim(unit, claim_id)
        return unit.answer(claim, etag=claim.version)


@router.post("/claims/{claim_id}/acceptances", response_model=answer.Claim)
async def accept_claim(claim_id: ClaimId, body: request.AcceptanceRequest, unit: CommandUnit) -> Response:
    """Accept what the caller, as inspector, saw; the amount follows from the accepted quantity."""
    command = AcceptClaim(claim_id=claim_id, quantity=body.accepted_quantity)
    return await handlers.decide_claim(command, unit)


@router.post("/acceptances/bulk", response_model=answer.BulkResult)
async def accept_claims(body: request.BulkAcceptances, unit: CommandUnit) -> Response:
    """Accept up to 1,000 claims with a result for each."""
    commands = [
        AcceptClaim(claim_id=i.claim_id, quantity=i.accepted_quantity, reference_id=i.reference_id)
        for i in body.items
    ]
    return await handlers.decide_claims(commands, unit, atomic=body.atomic)


@router.post("/claims/{claim_id}/rejections", response_model=answer.Claim)
async def reject_claim(claim_id: ClaimId, body: request.RejectionRequest, unit: CommandUnit) -> Response:
    """Refuse a claim that is not approved yet."""
    return await handlers.decide_claim(RejectClaim(claim_id=claim_id, reason=body.reason), unit)


@router.post("/claims/{claim_id}/approvals", response_model=answer.Claim)
async def approve_claim(claim_id: ClaimId, unit: CommandUnit) -> Response:
    """Approve an accepted claim; finance then takes it on for payment. County officers, never the inspector."""
    return await handlers.decide_claim(ApproveClaim(claim_id=claim_id), unit)


@router.post("/approvals/bulk", response_model=answer.BulkResult)
async def approve_claims(body: request.BulkApprovals, unit: CommandUnit) -> Response:
    """Approve up to 1,000 claims with a result for each."""
    commands = [ApproveClaim(claim_id=i.claim_id, reference_id=i.reference_id) for i in body.items]
    return await handlers.decide_claims(commands, unit, atomic=body.atomic)


@router.post("/claims/{claim_id}/corrections", response_model=answer.Claim)
async def correct_claim(claim_id: ClaimId, body: request.CorrectionRequest, unit: CommandUnit) -> Response:
    """Correct the accepted quantity of a claim, paid or not; the state before stays in its history."""
    command = CorrectClaim(claim_id=claim_id, quantity=body.accepted_quantity, reason=body.reason)
    return await handlers.decide_claim(command, unit)


@router.get("/floors")
async def list_floors(
    unit: QueryUnit,
    year: Annotated[int, Query(ge=2000, le=2100)],
    unmet: Annotated[bool, Query(description="Only households below the floor.")] = False,
    area: Area = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> answer.FloorPage:
    """Compare each registered household's paid industrial support of a year with the programmes' floor."""
    unit.require(*READERS)
    async with unit:
        return await figures.list_floors(unit, year=year, unmet=unmet, area=area, cursor=cursor, limit=limit)


@router.get("/disbursements")
async def list_disbursements(
    unit: QueryUnit, household: UUID | None = None, cursor: CursorParam = None, limit: Limit = 50
) -> Page[answer.Disbursement]:
    """List money that reached households, with their standing on the payment date and now."""
    unit.require(*READERS)
    async with unit:
        return await views.list_disbursements(unit, household=household, cursor=cursor, limit=limit)


@router.get("/statistics")
async def statistics(unit: QueryUnit, as_of: date | None = None, area: Area = None) -> answer.Statistics:
    """Count claims, recipients (registered and other) and households above and below the floor, as of a day."""
    unit.require(*READERS)
    async with unit:
        return await figures.statistics(unit, as_of=as_of, area=area)


def _submission(body: request.ClaimRequest, reference_id: str | None = None) -> SubmitClaim:
    return SubmitClaim(
        household_id=body.household_id,
        reference_id=reference_id,
        declaration=Declaration(
            programme_code=body.programme_code,
            item=body.item,
            unit=body.unit,
            quantity=body.declared_quantity,
            evidence=tuple(
                Evidence(
                    photo_sha256=photo.photo_sha256,
                    taken_at=photo.taken_at,
                    latitude=photo.latitude,
                    longitude=photo.longitude,
                )
                for photo in body.evidence
            ),
        ),
    )
