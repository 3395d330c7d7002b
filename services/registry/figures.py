"""Counts of the register as of any day and as known at any moment, computed from its history, never typed in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from chassis.pagination import decode_cursor, encode_cursor
from chassis.unit_of_work import UnitOfWork
from contracts.values import CATEGORIES, DIBAO
from services.registry import figures_by_round, figures_lineage
from services.registry.schemas import statistic as answer
from services.registry.store import count as store
from services.registry.store import division as divisions
from services.registry.store.count import Asked
from services.registry.workbook.codes import CAUSE

SOURCE = "registry service: versions of its households"
ROUND = "round"


async def statistics(
    unit: UnitOfWork,
    asked: Asked,
    *,
    recorded_before: datetime | None,
    group: str | None,
    cursor: str | None,
    limit: int,
) -> answer.Statistics:
    """Count households and people on the register."""
    of_history = group if group in store.GROUPS else None
    counted, lineages = await figures_lineage.tally(
        unit, asked, group=of_history, populations=(store.EVERY_STATE,)
    )
    active = [one for one in counted.groups if one.is_on_register]
    whole, categories = _sum(active), {word: _of_category(active, word) for word in CATEGORIES}
    groups = await _groups(unit, asked, counted.groups, group)
    shown, following = _cut(groups, cursor, limit)
    day = asked.as_of.isoformat()
    return answer.Statistics(
        as_of=asked.as_of,
        recorded_before=recorded_before,
        area=asked.area,
        population=f"households on the register on {day} in area {asked.area or 'any'}, and their people",
        source=SOURCE,
        households=whole.households,
        persons=whole.persons,
        dibao_households=categories[DIBAO].households,
        dibao_persons=categories[DIBAO].persons,
        by_category={word: sums.households for word, sums in categories.items()},
        by_status={
            status: _sum(one for one in counted.groups if one.status == status).households
            for status in sorted({one.status for one in counted.groups})
        },
        categories=categories,
        group_by=group,
        groups=shown,
        next=following,
        lineage=lineages[store.EVERY_STATE],
    )


def _of_category(active: Iterable[store.Group], category: str) -> answer.Counts:
    return _sum(one for one in active if one.category == category)


def _sum(counted: Iterable[store.Group]) -> answer.Counts:
    found = list(counted)
    return answer.Counts(
        households=sum(one.households for one in found), persons=sum(one.persons for one in found)
    )


async def _groups(
    unit: UnitOfWork, asked: Asked, counted: list[store.Group], group: str | None
) -> list[answer.Group]:
    """Return groups in the order of their keys; a group without a household is left out."""
    if group is None:
        return []
    if group == ROUND:
        return await figures_by_round.count_rounds(unit.driver, asked)
    by_key: defaultdict[str, list[store.Group]] = defaultdict(list)
    for one in counted:
        if one.is_on_register or group == store.STATUS:
            by_key[one.key].append(one)
    names = await _names(unit, sorted(by_key), group)
    return [
        answer.Group(key=key, name=names.get(key), **_sum(by_key[key]).model_dump()) for key in sorted(by_key)
    ]


async def _names(unit: UnitOfWork, keys: list[str], group: str) -> dict[str, str]:
    if group in {store.TOWNSHIP, store.VILLAGE}:
        return await divisions.names_of(unit.driver, keys)
    return {key: CAUSE.term(key) for key in keys} if group == store.CAUSE else {}


def _cut(groups: list[answer.Group], cursor: str | None, limit: int) -> tuple[list[answer.Group], str | None]:
    (last,) = decode_cursor(cursor, str) or ("",)
    left = [one for one in groups if one.key > last]
    return left[:limit], encode_cursor(left[limit - 1].key) if len(left) > limit else None
