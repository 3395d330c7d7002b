"""Routes that show personal data in full, or answer a question about one person; each is recorded first."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.http import QueryUnit, RecordedQueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from services.registry import views_disclosure
from services.registry.domain.disclosure import DISCLOSURES
from services.registry.handlers import disclosure as handlers
from services.registry.handlers import eligibility
from services.registry.schemas import answer, partner, request

Kind = Annotated[str | None, Query(pattern=f"^({'|'.join(DISCLOSURES)})$")]
Actor = Annotated[str | None, Query(max_length=100, description="Only what this account was shown.")]
Subject = Annotated[UUID | None, Query(description="Only what was shown of this household or person.")]

# No stored answers here: what an Idempotency-Key keeps would hold the very data that is kept encrypted.
router = APIRouter(prefix="/registry/v1", tags=["registry"])


@router.post("/persons/{person_id}/unmaskings", response_model=answer.Unmasked)
async def unmask_person(
    person_id: Annotated[UUID, Path(description="The person's id.")],
    body: request.Unmasking,
    unit: RecordedQueryUnit,
) -> Response:
    """Show a person's identity number; who asked and why is on record before it is shown."""
    return await handlers.unmask_person(person_id, body.reason, unit)


@router.post("/payees/resolve", response_model=answer.Payees)
async def resolve_payees(body: request.PayeeRequest, unit: RecordedQueryUnit) -> Response:
    """Show names and accounts of up to 1,000 households that are to be paid. County officers; recorded."""
    return await handlers.resolve_payees(body, unit)


@router.post("/eligibility-checks", response_model=answer.Eligibility)
async def check_eligibility(body: request.EligibilityQuestion, unit: RecordedQueryUnit) -> Response:
    """Tell whether a person was on the register on a day: yes or no and the category. The question is recorded."""
    return await eligibility.check_eligibility(body, unit)


@router.post("/eligibility-checks/bulk", response_model=partner.EligibilityResults)
async def check_many(body: partner.EligibilityBatch, unit: RecordedQueryUnit) -> Response:
    """Tell of up to 1,000 people whether each was on the register on a day. Every question is recorded."""
    return await eligibility.check_many(body, unit)


@router.get("/disclosures")
async def list_disclosures(
    unit: QueryUnit,
    kind: Kind = None,
    actor: Actor = None,
    subject_id: Subject = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[partner.Disclosure]:
    """List who was shown data of people, by what filter and why, newest first. Auditors and county officers."""
    unit.require(roles.AUDITOR, roles.OFFICER)
    async with unit:
        return await views_disclosure.list_disclosures(
            unit, kind=kind, actor=actor, subject_id=subject_id, cursor=cursor, limit=limit
        )
