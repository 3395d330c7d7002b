"""Requests: unknown fields are refused, quantities and amounts are strings."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.subsidy.fields import (
    MAX_ITEMS,
    ClaimUnit,
    Code,
    Item,
    PhotoTime,
    PositiveAmount,
    ProgrammeKind,
    Quantity,
    RateUnit,
    Reference,
    Words,
)


class Request(BaseModel):
    """A request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProgrammeRequest(Request):
    """An edition of a programme to publish."""

    code: Code
    kind: ProgrammeKind
    unit: RateUnit
    rate: PositiveAmount
    cap: PositiveAmount | None = Field(default=None, description="At most this much on one claim.")
    floor: PositiveAmount | None = Field(
        default=None, description="At least this much a household and year, over all programmes of the kind."
    )
    effective_from: date
    effective_to: date | None = None
    basis_document: Words


class EvidencePhoto(Request):
    """One photo: its hash, and when and where it was taken."""

    photo_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    taken_at: PhotoTime
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class ClaimRequest(Request):
    """A claim of a household for something it planted or raised."""

    household_id: UUID
    programme_code: Code
    item: Item
    unit: ClaimUnit
    declared_quantity: Quantity
    evidence: list[EvidencePhoto] = Field(max_length=20)


class BulkClaim(ClaimRequest):
    """One claim of many."""

    reference_id: Reference = None


class BulkClaims(Request):
    """Up to 1,000 claims; with `atomic` all are filed or none."""

    atomic: bool = False
    items: list[BulkClaim] = Field(min_length=1, max_length=MAX_ITEMS)


class AcceptanceRequest(Request):
    """What the inspector saw."""

    accepted_quantity: Quantity


class BulkAcceptance(AcceptanceRequest):
    """One acceptance of many."""

    claim_id: UUID
    reference_id: Reference = None


class BulkAcceptances(Request):
    """Up to 1,000 acceptances; with `atomic` all count or none."""

    atomic: bool = False
    items: list[BulkAcceptance] = Field(min_length=1, max_length=MAX_ITEMS)


class BulkApproval(Request):
    """One approval of many."""

    claim_id: UUID
    reference_id: Reference = None


class BulkApprovals(Request):
    """Up to 1,000 approvals; with `atomic` all count or none."""

    atomic: bool = False
    items: list[BulkApproval] = Field(min_length=1, max_length=MAX_ITEMS)


class RejectionRequest(Request):
    """Why a claim is refused, as a code."""

    reason: Code


class CorrectionRequest(Request):
    """The accepted quantity as it should have been, and why, as a code."""

    accepted_quantity: Quantity
    reason: Code
