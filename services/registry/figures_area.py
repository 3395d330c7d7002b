"""An area held against the criteria of its exit, and what a dashboard shows of it; every number with its lineage."""

from collections import Counter
from datetime import date
from typing import Any

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.values import CATEGORIES
from services.registry import figures_lineage, rules
from services.registry.domain.area import RURAL_POPULATION, Figure, is_key_village
from services.registry.domain.area_exit import COUNTED_HERE, Assessment, Observed, assess
from services.registry.domain.division import Division
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.share import percent
from services.registry.schemas import area as answer
from services.registry.schemas.statistic import Counts, Lineage
from services.registry.store import area as store
from services.registry.store import count
from services.registry.store import division as divisions
from services.registry.store.count import Asked, Group
from services.registry.store.row import COUNTY_DIGITS

KEY_VILLAGE = "key-village"
MAX_ROUNDS = 20
OPEN_ROUNDS = """
SELECT id, kind, number, scope, opened_on FROM round
WHERE is_open AND (starts_with(scope, $1) OR starts_with($1, scope)) AND opened_on <= $2 AND opened_at < $3
ORDER BY id LIMIT $4
"""
PROGRESS = """
SELECT round_id, step, outcome, proposal, count(*)::int AS entries FROM round_entry
WHERE round_id = ANY($1) AND starts_with(area_code, $2) GROUP BY round_id, step, outcome, proposal
"""


async def load_area(unit: UnitOfWork, code: str) -> Division:
    """Return a division inside the caller's area."""
    unit.require_area(code)
    division = await divisions.find_division(unit.driver, code)
    if division is None:
        raise NotFound
    return division


async def assess_area(
    unit: UnitOfWork, division: Division, asked: Asked, pack: RulePack
) -> tuple[Assessment, answer.ExitAssessment]:
    """Hold an area against the criteria of its exit, and return that with what each number rests on."""
    counted, lineages = await figures_lineage.tally(unit, asked, populations=(count.ON_REGISTER,))
    figures = await store.load_figures(
        unit.driver, division.code, as_of=asked.as_of, recorded_before=asked.recorded_before
    )
    poor = counted.rests[count.ON_REGISTER].persons
    observed = Observed(
        area_code=division.code,
        level=division.level,
        as_of=asked.as_of,
        poor_persons=poor,
        figures=figures,
    )
    held = assess(observed, pack)
    return held, _shown(held, division, figures.get(RURAL_POPULATION), lineages[count.ON_REGISTER])


async def show_area(unit: UnitOfWork, division: Division, asked: Asked) -> answer.Area:
    """Return what a dashboard shows of an area on a day."""
    counted, lineages = await figures_lineage.tally(
        unit, asked, group=count.VILLAGE, populations=(count.EVERY_STATE,)
    )
    figures = await store.load_figures(
        unit.driver, division.code, as_of=asked.as_of, recorded_before=asked.recorded_before
    )
    active = [one for one in counted.groups if one.is_on_register]
    registered = _sum(active)
    left = await store.find_exit(unit.driver, division.code)
    has_left = (
        left is not None and left["exited_on"] <= asked.as_of and left["recorded_at"] < asked.recorded_before
    )
    return answer.Area(
        code=division.code,
        name=division.name,
        level=division.level,
        parent_code=division.parent_code,
        as_of=asked.as_of,
        registered=registered,
        by_status=_by(counted.groups, "status"),
        categories={word: _sum([one for one in active if one.category == word]) for word in CATEGORIES},
        incidence=_incidence(registered.persons, figures.get(RURAL_POPULATION)),
        key_village=await _classify(unit, division, asked, active),
        open_rounds=await _progress(unit, asked),
        exited_on=left["exited_on"] if has_left else None,
        areas_exited=await store.count_exits(
            unit.driver,
            asked.area,
            division.code,
            as_of=asked.as_of,
            recorded_before=asked.recorded_before,
        ),
        lineage=lineages[count.EVERY_STATE],
    )


def asked_of(unit: UnitOfWork, division: Division, *, as_of: date | None, recorded_before: Any) -> Asked:
    """Return what is asked about a division."""
    return figures_lineage.asked_of(unit, as_of=as_of, recorded_before=recorded_before, area=division.code)


def _shown(
    held: Assessment, division: Division, population: Figure | None, lineage: Lineage
) -> answer.ExitAssessment:
    return answer.ExitAssessment(
        area_code=held.area_code,
        name=division.name,
        level=held.level,
        as_of=held.as_of,
        rule_pack=held.rule_pack,
        rule_pack_version=held.rule_pack_version,
        basis=held.basis,
        ready=held.is_ready,
        incidence=_incidence(held.poor_persons, population),
        criteria=[
            answer.Criterion(
                code=one.code,
                outcome=one.outcome,
                observed=one.observed,
                limit=one.limit,
                population=one.population,
                as_of=one.as_of,
                source=one.source,
                basis=one.basis,
            )
            for one in held.criteria
        ],
        unmet=[one.code for one in held.unmet],
        lineage=lineage,
    )


def _incidence(poor_persons: int, population: Figure | None) -> answer.Incidence:
    if population is None:
        return answer.Incidence(
            poor_persons=poor_persons,
            rural_population=None,
            rural_population_as_of=None,
            fraction=None,
            percent=None,
            source=None,
        )
    rural = int(population.value)
    return answer.Incidence(
        poor_persons=poor_persons,
        rural_population=rural,
        rural_population_as_of=population.as_of,
        fraction=f"{poor_persons}/{rural}",
        percent=percent(poor_persons, rural),
        source=f"{COUNTED_HERE}; {population.basis_document}",
    )


async def _classify(
    unit: UnitOfWork, division: Division, asked: Asked, active: list[Group]
) -> answer.Classification:
    pack = await rules.pack_in_force(unit.driver, asked.as_of, area=division.code)
    poor = await store.list_poor_villages(
        unit.driver, asked.area, as_of=asked.as_of, recorded_before=asked.recorded_before
    )
    villages = _by(active, "key")
    packs = await rules.packs_in_force(unit.driver, asked.as_of, areas=villages)
    is_village = division.level == "village"
    key = [
        code
        for code, sums in villages.items()
        if is_key_village(sums.households, packs[code[:COUNTY_DIGITS]], is_poor_village=code in poor)
    ]
    return answer.Classification(
        above_households=pack.key_village_above_households,
        basis=pack.basis(KEY_VILLAGE),
        is_key_village=division.code in key if is_village else None,
        is_poor_village=division.code in poor if is_village else None,
        villages_with_households=len(villages),
        key_villages=len(key),
        poor_villages=len(poor),
    )


async def _progress(unit: UnitOfWork, asked: Asked) -> list[answer.RoundProgress]:
    rounds = await unit.driver.fetch(OPEN_ROUNDS, asked.area, asked.as_of, asked.recorded_before, MAX_ROUNDS)
    found = await unit.driver.fetch(PROGRESS, [one["id"] for one in rounds], asked.area)
    shown = []
    for one in rounds:
        own = [row for row in found if row["round_id"] == one["id"]]
        shown.append(
            answer.RoundProgress(
                **dict(one),
                entries=sum(row["entries"] for row in own),
                by_step=_entries_by(own, "step"),
                by_outcome=_entries_by(own, "outcome"),
                by_proposal=_entries_by(own, "proposal"),
            )
        )
    return shown


def _entries_by(rows: list[Any], column: str) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row[column]] += row["entries"]
    return dict(sums)


def _by(groups: list[Group], attribute: str) -> dict[str, Counts]:
    words = sorted({getattr(one, attribute) for one in groups})
    return {word: _sum([one for one in groups if getattr(one, attribute) == word]) for word in words}


def _sum(groups: list[Group]) -> Counts:
    return Counts(
        households=sum(one.households for one in groups), persons=sum(one.persons for one in groups)
    )
