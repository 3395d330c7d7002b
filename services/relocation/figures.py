"""Statistics: figures as of a day, with their population and source."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chassis.money import Amount
from chassis.unit_of_work import UnitOfWork
from contracts.values import SITE_KINDS
from services.relocation.domain.errors import AreaOutsideYours
from services.relocation.schemas.answer import Figures, Statistics

LEVELS = (9, 6, 4, 2)
SOURCE = "relocation service: its sites, houses and instalments, and the bank's reports on them"

SITES = """
SELECT kind, count(*) AS sites, sum(planned_households)::bigint AS planned_households,
       sum(planned_persons)::bigint AS planned_persons, sum(budget_fen)::bigint AS infrastructure_budget
FROM site WHERE starts_with(area_code, $1) AND registered_on <= $2 GROUP BY kind ORDER BY kind
"""
HOUSES = """
SELECT s.kind, count(*) AS households, sum(h.persons)::bigint AS persons,
       count(*) FILTER (WHERE h.started_on <= $2) AS started,
       count(*) FILTER (WHERE h.topped_out_on <= $2) AS topped_out,
       count(*) FILTER (WHERE h.completed_on <= $2) AS completed,
       count(*) FILTER (WHERE h.accepted_on <= $2) AS accepted,
       count(*) FILTER (WHERE h.moved_in_on <= $2) AS moved_in
FROM house AS h JOIN site AS s ON s.id = h.site_id
WHERE starts_with(h.area_code, $1) AND h.allocated_on <= $2 GROUP BY s.kind ORDER BY s.kind
"""
REQUESTED = """
SELECT s.kind, count(DISTINCT d.house_id) AS subsidy_requested_households,
       sum(d.amount_fen)::bigint AS subsidy_requested
FROM subsidy_due AS d JOIN house AS h ON h.id = d.house_id JOIN site AS s ON s.id = h.site_id
WHERE starts_with(d.area_code, $1) AND d.due_on <= $2 GROUP BY s.kind ORDER BY s.kind
"""
PAID = """
SELECT s.kind, count(DISTINCT d.house_id) AS subsidised_households, sum(p.amount_fen)::bigint AS subsidy_paid
FROM subsidy_payment AS p JOIN subsidy_due AS d ON d.id = p.due_id
JOIN house AS h ON h.id = d.house_id JOIN site AS s ON s.id = h.site_id
WHERE starts_with(p.area_code, $1) AND p.outcome = 'settled' AND p.happened_on <= $2
GROUP BY s.kind ORDER BY s.kind
"""
MONEY = frozenset({"infrastructure_budget", "subsidy_requested", "subsidy_paid"})


async def statistics(unit: UnitOfWork, *, as_of: date | None, area: str | None) -> Statistics:
    """Return sites, households, houses and money of an area as of a day."""
    prefix = unit.principal.area if area is None else division_prefix(area)
    if not prefix.startswith(unit.principal.area):
        raise AreaOutsideYours(pointer="query:area")
    day = min(as_of or unit.today, unit.today)
    counts: dict[str, dict[str, int]] = {kind: {} for kind in SITE_KINDS}
    for query in (SITES, HOUSES, REQUESTED, PAID):
        _add(counts, await unit.driver.fetch(query, prefix, day))
    return Statistics(
        as_of=day,
        area=prefix,
        population=f"all sites of {prefix or 'every area'} and the households allocated to them,"
        f" as of {day.isoformat()}",
        source=SOURCE,
        total=_figures(_sum(counts.values())),
        by_kind={kind: _figures(found) for kind, found in counts.items()},
    )


def division_prefix(code: str) -> str:
    """Return the part of a division code that its subdivisions share: a township's nine digits, a county's six."""
    prefix = code
    for longest in LEVELS:
        if len(prefix) > longest and not prefix[longest:].strip("0"):
            prefix = prefix[:longest]
    return prefix


def _add(counts: dict[str, dict[str, int]], rows: Iterable[Any]) -> None:
    for row in rows:
        found = dict(row)
        counts[found.pop("kind")].update(found)


def _sum(kinds: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for found in kinds:
        for name, number in found.items():
            total[name] = total.get(name, 0) + number
    return total


def _figures(counts: dict[str, int]) -> Figures:
    money = {name: Amount.of(number) for name, number in counts.items() if name in MONEY}
    return Figures.model_validate({**counts, **money})
