"""What can be asked of the subsidy service, as values."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.subsidy.domain.claim import Declaration


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitClaim:
    """File a household's claim."""

    household_id: UUID
    declaration: Declaration
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptClaim:
    """Accept what was seen of a claim."""

    claim_id: UUID
    quantity: Decimal
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectClaim:
    """Refuse a claim."""

    claim_id: UUID
    reason: str
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveClaim:
    """Approve an accepted claim for payment."""

    claim_id: UUID
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectClaim:
    """Correct the accepted quantity of a claim."""

    claim_id: UUID
    quantity: Decimal
    reason: str
    reference_id: str | None = None


DecideClaim = AcceptClaim | RejectClaim | ApproveClaim | CorrectClaim
Command = SubmitClaim | DecideClaim
