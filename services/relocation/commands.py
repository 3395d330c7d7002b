"""What can be asked of the relocation service, as values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.relocation.domain.acceptance import Checklist


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocateHousehold:
    """Give a household its house at a site."""

    household_id: UUID
    site_id: UUID
    floor_area_m2: Decimal
    on: date
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceHouse:
    """Record that a house was started, topped out or completed."""

    house_id: UUID
    stage: str
    on: date
    floor_area_m2: Decimal | None
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectHouse:
    """Accept or reject a completed house by its checklist."""

    house_id: UUID
    checklist: Checklist
    on: date
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveIn:
    """Record that a household lives in its house."""

    house_id: UUID
    on: date
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectStage:
    """Correct the date of a stage."""

    house_id: UUID
    stage: str
    on: date
    reason: str
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSubsidy:
    """Ask finance for the instalment of a stage."""

    house_id: UUID
    stage: str
    reference_id: str | None = None


HouseCommand = AdvanceHouse | InspectHouse | MoveIn | CorrectStage | RequestSubsidy
Command = AllocateHousehold | HouseCommand
