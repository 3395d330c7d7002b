"""Counts of the register as of any day and as known at any moment, computed from its history, never typed in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from chassis.pagination import Page, decode_cursor, page_of
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
EVERY = (store.EVERY_STATE,)


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
    history = group if group in store.GROUPS else None
    counted, lineages = await figures_lineage.tally(unit, asked, group=history, populations=EVERY)
    active = [one for one in counted.groups if one.is_on_register]
    whole, categories = _sum(active), {word: _of_category(active, word) for word in CATEGORIES}
    lineage = lineages[store.EVERY_STATE]
    page = (
        await _rounds(unit, asked, cursor, limit, is_settled=lineage.is_settled)
        if group == ROUND
        else await _groups(unit, counted.groups, group, cursor, limit=limit)
    )
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
        by_status=_by_status(counted.groups),
        categories=categories,
        group_by=group,
        groups=page.items,
        next=page.next,
        lineage=lineage,
    )


def _by_status(counted: Sequence[store.Group]) -> dict[str, int]:
    states = sorted({one.status for one in counted})
    return {state: _sum(one for one in counted if one.status == state).households for state in states}


def _of_category(active: Iterable[store.Group], category: str) -> answer.Counts:
    return _sum(one for one in active if one.category == category)


def _sum(counted: Iterable[store.Group]) -> answer.Counts:
    found = list(counted)
    return answer.Counts(
        households=sum(one.households for one in found), persons=sum(one.persons for one in found)
    )


async def _groups(
    unit: UnitOfWork, counted: list[store.Group], group: str | None, cursor: str | None, *, limit: int
) -> Page[answer.Group]:
    """Return groups in the order of their keys; a group without a household is left out."""
    if group is None:
        return Page(items=[])
    (last,) = decode_cursor(cursor, str) or ("",)
    by_key: defaultdict[str, list[store.Group]] = defaultdict(list)
    for one in counted:
        if one.key > last and (one.is_on_register or group == store.STATUS):
            by_key[one.key].append(one)
    keys = sorted(by_key)[: limit + 1]
    names = await _names(unit, keys, group)
    groups = [answer.Group(key=key, name=names.get(key), **_sum(by_key[key]).model_dump()) for key in keys]
    return page_of(groups, limit, lambda one: one, lambda one: (one.key,))


async def _rounds(
    unit: UnitOfWork, asked: Asked, cursor: str | None, limit: int, *, is_settled: bool
) -> Page[answer.Group]:
    (last,) = decode_cursor(cursor, UUID) or (None,)
    few = min(limit, figures_by_round.MOST)
    groups = await figures_by_round.count_rounds(unit, asked, after=last, limit=few, is_settled=is_settled)
    return page_of(groups, few, lambda one: one, lambda one: (one.key,))


async def _names(unit: UnitOfWork, keys: list[str], group: str) -> dict[str, str]:
    if group in {store.TOWNSHIP, store.VILLAGE}:
        return await divisions.names_of(unit.driver, keys)
    return {key: CAUSE.term(key) for key in keys} if group == store.CAUSE else {}
