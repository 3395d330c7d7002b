"""An instalment of the housing subsidy that was asked of finance."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An instalment asked for."""

    id: UUID
    house_id: UUID
    household_id: UUID
    area_code: str
    stage: str
    programme_code: str
    period: str
    amount_fen: int
    stage_on: date
    due_on: date
