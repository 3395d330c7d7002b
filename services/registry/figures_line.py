"""Two lines held against each other and against everybody's income, for the two offices that keep a list each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts.values import CLOSED, GENERAL, ON_THE_REGISTER, WITHDRAWN
from services.registry.domain.division import division_prefix
from services.registry.domain.line import TWO_LINES, are_one, is_below, mismatches
from services.registry.domain.rule_pack import DIBAO_LINE, POVERTY_LINE, RulePack
from services.registry.domain.rule_pack_check import LINE_RULE
from services.registry.figures_household import HOUSEHOLDS
from services.registry.rules import pack_in_force, packs_in_force
from services.registry.schemas import line as answer
from services.registry.schemas.rule_pack import PackName
from services.registry.store.division import list_villages
from services.registry.store.row import COUNTY_DIGITS

SOURCE = "registry service: versions of its households"
# Files that nobody keeps any more say nothing of who is poor now.
NOT_LOOKED_AT = [CLOSED, WITHDRAWN]
JUDGED = f"""
WITH {HOUSEHOLDS}, judged AS (
    SELECT f.*, f.status = ANY($8::text[]) AS on_register, l.poverty, l.dibao,
        coalesce(f.income < l.poverty, false) AS below_poverty, coalesce(f.income < l.dibao, false) AS below_dibao
    FROM filed AS f
    JOIN unnest($5::text[], $6::bigint[], $7::bigint[]) AS l (village, poverty, dibao) ON l.village = f.area_code
    WHERE f.status <> ALL($4::text[])
)
"""  # noqa: S608
COUNTS = f"""
{JUDGED}
SELECT on_register, category, below_poverty, below_dibao, count(*) AS households, sum(persons)::bigint AS persons
FROM judged GROUP BY on_register, category, below_poverty, below_dibao
ORDER BY on_register, category, below_poverty, below_dibao
"""  # noqa: S608
BELOW = f"""
{JUDGED}
SELECT household_id, area_code, status, category, persons, income, poverty, dibao
FROM judged
WHERE (below_poverty OR below_dibao)
  AND (NOT $9 OR below_poverty AND NOT on_register OR below_dibao AND category = $10)
  AND ($11::uuid IS NULL OR household_id > $11)
ORDER BY household_id LIMIT $12
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Where the lists are compared, as of when and as known when; only what does not fit, if so wished."""

    area: str
    as_of: date
    recorded_before: datetime | None
    is_mismatched_only: bool


async def show_lines(unit: UnitOfWork, *, year: int, area: str) -> answer.Lines:
    """Return both lines of a year for an area, and whether they are one."""
    prefix = _inside(area, unit)
    pack = await pack_in_force(unit.driver, min(unit.today, date(year, 12, 31)), area=prefix)
    return _lines(pack, year, prefix)


async def list_mismatches(
    unit: UnitOfWork, comparison: Comparison, *, cursor: str | None, limit: int
) -> answer.LineMismatches:
    """Count everybody by list and line, and list who is below one of the lines."""
    prefix = _inside(comparison.area, unit)
    on = comparison.as_of
    pack = await pack_in_force(unit.driver, on, area=prefix)
    villages = sorted(await list_villages(unit.driver, prefix))
    packs = await packs_in_force(unit.driver, on, areas=villages)
    asked = (
        *(prefix, on, comparison.recorded_before, NOT_LOOKED_AT),
        *_columns(villages, packs, on.year),
        sorted(ON_THE_REGISTER),
    )
    (last,) = decode_cursor(cursor, UUID) or (None,)
    counted = await unit.driver.fetch(COUNTS, *asked)
    found = await unit.driver.fetch(BELOW, *asked, comparison.is_mismatched_only, GENERAL, last, limit + 1)
    page = page_of(found, limit, _household, lambda row: (row["household_id"],))
    return answer.LineMismatches(
        as_of=on,
        recorded_before=comparison.recorded_before,
        area=prefix,
        population=f"households on file on {on.isoformat()} in area {prefix or 'any'}, but for closed files",
        source=SOURCE,
        lines=_lines(pack, on.year, prefix),
        counts=[answer.LineCount(**dict(row)) for row in counted],
        items=page.items,
        next=page.next,
    )


def _inside(area: str, unit: UnitOfWork) -> str:
    prefix = division_prefix(area)
    if not prefix.startswith(unit.principal.area):
        raise NotFound
    return prefix


def _columns(villages: Sequence[str], packs: Mapping[str, RulePack], year: int) -> tuple[Sequence[Any], ...]:
    """Return each village's two lines by the rules of its own county, as columns."""
    of_village = [(village, packs[village[:COUNTY_DIGITS]]) for village in villages]
    return (
        villages,
        [pack.line_fen(POVERTY_LINE, year, village) for village, pack in of_village],
        [pack.line_fen(DIBAO_LINE, year, village) for village, pack in of_village],
    )


def _lines(pack: RulePack, year: int, area: str) -> answer.Lines:
    return answer.Lines(
        year=year,
        area=area,
        rule_pack=PackName(code=pack.code, version=pack.version),
        poverty=_line(pack, POVERTY_LINE, year, area),
        dibao=_line(pack, DIBAO_LINE, year, area),
        are_one=are_one(pack.line_fen(POVERTY_LINE, year, area), pack.line_fen(DIBAO_LINE, year, area)),
        rule=TWO_LINES,
        basis=pack.basis(TWO_LINES),
    )


def _line(pack: RulePack, kind: str, year: int, area: str) -> answer.Line | None:
    line = pack.line(kind, year, area)
    if line is None:
        return None
    return answer.Line(
        kind=kind,
        year=line.year,
        area=line.area,
        amount=line.amount_fen,
        document=pack.basis(LINE_RULE[kind]),
    )


def _household(row: Any) -> answer.HouseholdBelow:
    below_poverty = is_below(row["income"], row["poverty"])
    below_dibao = is_below(row["income"], row["dibao"])
    below = {POVERTY_LINE: below_poverty, DIBAO_LINE: below_dibao}
    return answer.HouseholdBelow(
        household_id=row["household_id"],
        village_code=row["area_code"],
        status=row["status"],
        category=row["category"],
        persons=row["persons"],
        per_capita_income=row["income"],
        poverty_line=row["poverty"],
        dibao_line=row["dibao"],
        below=[kind for kind, is_so in below.items() if is_so],
        mismatches=mismatches(
            status=row["status"],
            category=row["category"],
            below_poverty=below_poverty,
            below_dibao=below_dibao,
        ),
    )
