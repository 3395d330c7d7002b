"""Routes of counts: the register as of any day and as known at any moment, each count with what it rests on."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from chassis.http import QueryUnit
from chassis.pagination import MAX_LIMIT, CursorParam, Limit, Page
from services.registry import figures, figures_lineage, figures_overlap
from services.registry.routes.household import READERS, Area, AsOf, RecordedBefore
from services.registry.schemas import statistic as answer
from services.registry.store.count import EVERY_STATE, POPULATIONS

GroupBy = Annotated[
    Literal["township", "village", "category", "status", "cause", "round"] | None,
    Query(description="Count by this, too."),
]
Population = Annotated[
    str, Query(pattern=f"^({'|'.join(POPULATIONS)})$", description="Whose households are listed.")
]

router = APIRouter(prefix="/registry/v1", tags=["statistics"])


@router.get("/statistics")
async def statistics(
    unit: QueryUnit,
    as_of: AsOf = None,
    recorded_before: RecordedBefore = None,
    area: Area = None,
    group_by: GroupBy = None,
    cursor: CursorParam = None,
    limit: Limit = MAX_LIMIT,
) -> answer.Statistics:
    """Count households and people on the register as of a day and as known before a moment, from the history.

    `lineage` says what the counts rest on; asked again with its day and moment, number and digest are the same.
    """
    unit.require(*READERS)
    async with unit:
        asked = figures_lineage.asked_of(unit, as_of=as_of, recorded_before=recorded_before, area=area)
        return await figures.statistics(
            unit, asked, recorded_before=recorded_before, group=group_by, cursor=cursor, limit=limit
        )


@router.get("/statistics/lineage")
async def list_lineage(
    unit: QueryUnit,
    as_of: AsOf = None,
    recorded_before: RecordedBefore = None,
    area: Area = None,
    population: Population = EVERY_STATE,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.CountedHousehold]:
    """List the households behind a count, with the versions that speak for each, in the order of the digest."""
    unit.require(*READERS)
    async with unit:
        asked = figures_lineage.asked_of(unit, as_of=as_of, recorded_before=recorded_before, area=area)
        return await figures_lineage.list_lineage(unit, asked, population, cursor=cursor, limit=limit)


@router.get("/overlaps")
async def overlaps(
    unit: QueryUnit, as_of: AsOf = None, recorded_before: RecordedBefore = None, area: Area = None
) -> answer.Overlaps:
    """Count who is on the register and on another list (两户重合), with shares, all from one snapshot.

    `lineage.rows` of each count lists its households.
    """
    unit.require(*READERS)
    async with unit:
        asked = figures_lineage.asked_of(unit, as_of=as_of, recorded_before=recorded_before, area=area)
        return await figures_overlap.overlaps(unit, asked)


@router.get("/key-villages")
async def key_villages(
    unit: QueryUnit,
    as_of: AsOf = None,
    recorded_before: RecordedBefore = None,
    area: Area = None,
    cursor: CursorParam = None,
    limit: Limit = MAX_LIMIT,
) -> answer.KeyVillages:
    """List the villages with more households on the register than the rule pack of the day says, computed.

    Poor villages (贫困村, a figure of the village) are counted beside them and are none of them.
    """
    unit.require(*READERS)
    async with unit:
        asked = figures_lineage.asked_of(unit, as_of=as_of, recorded_before=recorded_before, area=area)
        return await figures_overlap.key_villages(unit, asked, cursor=cursor, limit=limit)
