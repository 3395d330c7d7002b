"""A resettlement site: whom it is planned for and what its infrastructure may cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.relocation import SiteRegistered
from services.relocation.domain.rule import Rule, infrastructure_budget_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is decided about a site before it is built."""

    name: str
    kind: str
    area_code: str
    planned_households: int
    planned_persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A registered site with its budget."""

    id: UUID
    name: str
    kind: str
    area_code: str
    planned_households: int
    planned_persons: int
    budget_fen: int
    registered_on: date


def register_site(
    plan: Plan, editions: Iterable[Rule], *, site_id: UUID, on: date
) -> tuple[Site, SiteRegistered]:
    """Enter a site; its budget follows from the standard in force that day."""
    site = Site(
        id=site_id,
        name=plan.name,
        kind=plan.kind,
        area_code=plan.area_code,
        planned_households=plan.planned_households,
        planned_persons=plan.planned_persons,
        budget_fen=infrastructure_budget_fen(editions, plan.kind, plan.planned_households, on),
        registered_on=on,
    )
    return site, SiteRegistered(
        site_id=site.id,
        kind=site.kind,
        planned_households=site.planned_households,
        planned_persons=site.planned_persons,
    )
