"""Routes that show personal data in full, or answer a question about one person; each is recorded first."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from chassis.http import RecordedQueryUnit
from services.registry.handlers import disclosure as handlers
from services.registry.schemas import answer, request

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
    return await handlers.check_eligibility(body, unit)
