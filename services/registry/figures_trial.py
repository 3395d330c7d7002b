"""A rule pack tried against the register: who would stand differently under it, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts.values import CANDIDATE, EVALUATED, NOTICED, ON_THE_REGISTER
from services.registry.domain.cross_check import rules_out
from services.registry.domain.division import CODE_LENGTH, DIGITS, division_prefix
from services.registry.domain.line import is_below
from services.registry.domain.rule_pack import POVERTY_LINE, RulePack
from services.registry.domain.trial import Standing, why_changed
from services.registry.figures_household import HOUSEHOLDS
from services.registry.rules import pack_in_force
from services.registry.schemas import rule_pack as answer
from services.registry.store.division import list_villages
from services.registry.views_rule_pack import load_version

LOOKED_AT = sorted({*ON_THE_REGISTER, CANDIDATE, EVALUATED, NOTICED})
JUDGED = f"""
WITH {HOUSEHOLDS}, visited AS (
    SELECT DISTINCT ON (household_id) household_id, per_capita_income_fen AS income FROM visit
    WHERE is_valid AND visited_on <= $2 AND per_capita_income_fen IS NOT NULL
    ORDER BY household_id, visited_on DESC, recorded_at DESC, id
), listed AS (
    SELECT m.household_id, array_agg(DISTINCT m.kind ORDER BY m.kind) AS kinds FROM cross_check_match AS m
    LEFT JOIN LATERAL (
        SELECT outcome FROM cross_check_resolution
        WHERE match_id = m.id AND resolved_on <= $2 ORDER BY number DESC LIMIT 1
    ) AS r ON true
    WHERE m.matched_on <= $2 AND r.outcome IS DISTINCT FROM 'explained'
    GROUP BY m.household_id
), measured AS (
    SELECT f.household_id, f.area_code, coalesce(v.income, f.income) AS income, v.income IS NOT NULL AS from_visit,
        l.now, l.tried, coalesce(k.kinds, '{{}}') AS kinds
    FROM filed AS f
    JOIN unnest($5::text[], $6::bigint[], $7::bigint[]) AS l (village, now, tried) ON l.village = f.area_code
    LEFT JOIN visited AS v USING (household_id)
    LEFT JOIN listed AS k USING (household_id)
    WHERE f.status = ANY($4::text[])
), judged AS (
    SELECT *, coalesce(income < now, false) AS below_now, coalesce(income < tried, false) AS below_tried,
        kinds && $8::text[] AS out_now, kinds && $9::text[] AS out_tried
    FROM measured
)
"""  # noqa: S608
COUNTS = f"""
{JUDGED}
SELECT left(area_code, $10) AS area, count(*) AS households,
    count(*) FILTER (WHERE below_now <> below_tried OR out_now <> out_tried) AS changing,
    count(*) FILTER (WHERE below_tried AND NOT below_now) AS falls_below_line,
    count(*) FILTER (WHERE below_now AND NOT below_tried) AS rises_above_line,
    count(*) FILTER (WHERE out_tried AND NOT out_now) AS ruled_out,
    count(*) FILTER (WHERE out_now AND NOT out_tried) AS no_longer_ruled_out
FROM judged GROUP BY left(area_code, $10) ORDER BY area
"""  # noqa: S608
CHANGING = f"""
{JUDGED}
SELECT household_id, area_code, income, from_visit, now, tried, kinds
FROM judged
WHERE (below_now <> below_tried OR out_now <> out_tried) AND ($10::uuid IS NULL OR household_id > $10)
ORDER BY household_id LIMIT $11
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Which version is tried, where and as of when."""

    code: str
    version: int
    area: str
    as_of: date


async def try_pack(unit: UnitOfWork, trial: Trial, *, cursor: str | None, limit: int) -> answer.Trial:
    """Hold every household on the register, or on the way to it, against two packs."""
    prefix = division_prefix(trial.area)
    if not prefix.startswith(unit.principal.area):
        raise NotFound
    tried = (await load_version(unit, trial.code, trial.version)).pack
    now = await pack_in_force(unit.driver, trial.as_of, area=prefix)
    villages = sorted(await list_villages(unit.driver, prefix))
    asked = (prefix, trial.as_of, None, LOOKED_AT, *_lines(villages, now, tried, trial.as_of.year))
    lists = (list(now.ruled_out_by), list(tried.ruled_out_by))
    (last,) = decode_cursor(cursor, UUID) or (None,)
    counted = await unit.driver.fetch(COUNTS, *asked, *lists, _digits_below(prefix))
    changing = await unit.driver.fetch(CHANGING, *asked, *lists, last, limit + 1)
    page = page_of(changing, limit, lambda row: _changed(row, now, tried), lambda row: (row["household_id"],))
    return answer.Trial(
        as_of=trial.as_of,
        area=prefix,
        population=f"households on the register or on the way to it on {trial.as_of.isoformat()} in area {prefix or 'any'}",
        tried=answer.PackName(code=tried.code, version=tried.version),
        in_force=answer.PackName(code=now.code, version=now.version),
        counts=[answer.TrialCount(**dict(row)) for row in counted],
        items=page.items,
        next=page.next,
    )


def _lines(villages: Sequence[str], now: RulePack, tried: RulePack, year: int) -> tuple[Sequence[Any], ...]:
    """Return each village's line under both packs, as columns."""
    return (
        villages,
        [now.line_fen(POVERTY_LINE, year, village) for village in villages],
        [tried.line_fen(POVERTY_LINE, year, village) for village in villages],
    )


def _digits_below(prefix: str) -> int:
    """Return how many digits the units directly below an area have."""
    return next((digits for digits in DIGITS.values() if digits > len(prefix)), CODE_LENGTH)


def _changed(row: Any, now: RulePack, tried: RulePack) -> answer.TriedHousehold:
    return answer.TriedHousehold(
        household_id=row["household_id"],
        village_code=row["area_code"],
        reasons=why_changed(_standing(row, row["now"], now), _standing(row, row["tried"], tried)),
        per_capita_income=row["income"],
        from_visit=row["from_visit"],
        line_now=row["now"],
        line_tried=row["tried"],
        lists=row["kinds"],
    )


def _standing(row: Any, line_fen: int | None, pack: RulePack) -> Standing:
    return Standing(
        is_below=is_below(row["income"], line_fen),
        is_ruled_out=any(rules_out(kind, pack) for kind in row["kinds"]),
    )
