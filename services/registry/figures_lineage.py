"""What every count says of itself: its population, its day, the moment of knowledge, and the versions behind it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts.values import DIBAO, GENERAL, ON_THE_REGISTER, WUBAO
from services.registry.domain.division import division_prefix
from services.registry.schemas import statistic as answer
from services.registry.store import count as store
from services.registry.store.count import Asked, Rest, Tally

LINEAGE = "/registry/v1/statistics/lineage"
SOURCES: Final = ("household_version", "household_standing")
_ON_REGISTER: Final = f"state {', '.join(sorted(ON_THE_REGISTER))}"
RULES: Final[Mapping[str, str]] = {
    store.EVERY_STATE: "households with a file and a state in the area on the day, whatever the state; "
    f"on the register is who has {_ON_REGISTER}",
    store.ON_REGISTER: f"households with {_ON_REGISTER} in the area on the day",
    GENERAL: f"households with {_ON_REGISTER} and category general in the area on the day",
    DIBAO: f"households with {_ON_REGISTER} and category dibao in the area on the day",
    WUBAO: f"households with {_ON_REGISTER} and category wubao in the area on the day",
    store.WITH_DISABLED_PERSON: f"households with {_ON_REGISTER} and a disabled member in the area on the day",
}


def asked_of(
    unit: UnitOfWork, *, as_of: date | None, recorded_before: datetime | None, area: str | None
) -> Asked:
    """Return what a caller asks about: their own area, today and all that is known now unless they say otherwise."""
    prefix = unit.principal.area if area is None else division_prefix(area)
    if not prefix.startswith(unit.principal.area):
        raise NotFound
    return Asked(area=prefix, as_of=as_of or unit.today, recorded_before=recorded_before or unit.now)


async def tally(
    unit: UnitOfWork, asked: Asked, *, group: str | None = None, populations: tuple[str, ...]
) -> tuple[Tally, dict[str, answer.Lineage]]:
    """Count, and say of each population what its count rests on."""
    is_settled = await store.is_settled(unit.driver, asked.recorded_before)
    counted = await store.tally(unit.driver, asked, group=group, populations=populations)
    lineages = {
        population: lineage_of(asked, population, counted.rests[population], is_settled=is_settled)
        for population in populations
    }
    return counted, lineages


def lineage_of(asked: Asked, population: str, rest: Rest, *, is_settled: bool) -> answer.Lineage:
    """Return what a count rests on."""
    sources = [*SOURCES, "member_version"] if population == store.WITH_DISABLED_PERSON else [*SOURCES]
    return answer.Lineage(
        sources=sources,
        rule=RULES[population],
        as_of=asked.as_of,
        recorded_before=asked.recorded_before,
        households=rest.households,
        versions=2 * rest.households,
        sha256=rest.sha256,
        rows=_address(asked, population),
        is_settled=is_settled,
    )


async def list_lineage(
    unit: UnitOfWork, asked: Asked, population: str, *, cursor: str | None, limit: int
) -> Page[answer.CountedHousehold]:
    """Return the households behind a count, in the order in which its digest takes them."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await store.list_counted(unit.driver, asked, population, after=last, limit=limit)
    return page_of(found, limit, _counted, lambda row: (row["household_id"],))


def _counted(row: Any) -> answer.CountedHousehold:
    return answer.CountedHousehold(
        household_id=row["household_id"],
        version=row["version"],
        standing_version=row["standing"],
        file_number=row["file_number"],
        village_code=row["area_code"],
        category=row["category"],
        cause=row["cause"],
        persons=row["persons"],
        valid_from=row["valid_from"],
        status=row["status"],
        status_since=row["since"],
        is_on_register=row["is_on_register"],
    )


def _address(asked: Asked, population: str) -> str:
    query = {
        "population": population,
        "as_of": asked.as_of.isoformat(),
        "recorded_before": asked.recorded_before.isoformat(),
    }
    if asked.area:
        query["area"] = asked.area
    return f"{LINEAGE}?{urlencode(query)}"
