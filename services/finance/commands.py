"""What can be asked of finance, as values."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.finance.domain.batch import Declaration


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveMoney:
    """Note that money of a fund arrived."""

    fund_id: UUID
    amount_fen: int
    received_on: date | None
    reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocateMoney:
    """Set money of a fund aside for a programme."""

    fund_id: UUID
    programme_code: str
    amount_fen: int
    reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBatch:
    """Make a batch of chosen items, or of all free items of the programme when none are named."""

    declared: Declaration
    payment_ids: tuple[UUID, ...] | None
    fund_id: UUID | None

    @property
    def is_named(self) -> bool:
        """Tell whether the items were named, so that one can be pointed at in the request."""
        return self.payment_ids is not None
