"""The exit of a village, township or county (贫困村、贫困县退出): an incidence computed from the register, and further criteria.

Each level leaves by its own criteria. A figure that nobody stated leaves its criterion unknown, and unknown is not fulfilled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from contracts.events import policy as facts
from contracts.values import AREA_EXIT_NOTICE
from services.registry.domain import area
from services.registry.domain.area import Figure
from services.registry.domain.division import COUNTY, TOWNSHIP
from services.registry.domain.errors.area import AreaExitNoticeMissing, AreaExitUnruled
from services.registry.domain.notice import CLOSED, Notice
from services.registry.domain.rule_pack import AreaExitRule, RulePack
from services.registry.domain.share import percent_text

RULE: Final = "area-exit-criteria"
NOTICE_RULE: Final = "area-exit-notice"
INCIDENCE: Final = "incidence"
# Followed by the unit above: township, county or province.
INCOME_GROWTH_ABOVE: Final = "income-growth-above-"
COLLECTIVE_ECONOMY: Final = "collective-economy"
POOR_VILLAGES_OUT: Final = "poor-villages-out"
COVERAGE: Final = "coverage"
COMPULSORY_EDUCATION: Final = "compulsory-education"

HOLDS: Final = "holds"
FAILS: Final = "fails"
NOT_KNOWN: Final = "unknown"

# Which figure speaks of a criterion that the pack asks besides.
_STATED: Final[Mapping[str, tuple[str, str]]] = {
    COLLECTIVE_ECONOMY: (area.COLLECTIVE_ECONOMY, area.YES_NO),
    POOR_VILLAGES_OUT: (area.POOR_VILLAGES_OUT, area.PERCENT),
    COVERAGE: (area.COVERAGE, area.PERCENT),
    COMPULSORY_EDUCATION: (area.COMPULSORY_EDUCATION, area.YES_NO),
}
# What a pack may ask of an area beside its incidence: only what an office can state, or the area never leaves.
FURTHER: Final = (
    *(f"{INCOME_GROWTH_ABOVE}{above}" for above in (TOWNSHIP, COUNTY, "province")),
    *_STATED,
)

COUNTED_HERE: Final = "registry: households on the register and their people"
Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing an area needs, what was observed of it, and where each number comes from."""

    code: str
    outcome: str
    observed: str | None
    limit: str
    population: str
    as_of: date | None
    source: str | None
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An area held against the criteria of a rule pack on a day."""

    area_code: str
    level: str
    as_of: date
    rule_pack: str
    rule_pack_version: int
    basis: str
    poor_persons: int
    rural_population: int | None
    criteria: tuple[Criterion, ...]
    notice_days: int

    @property
    def is_ready(self) -> bool:
        """An area may leave when every criterion holds; an unknown one does not."""
        return all(criterion.outcome == HOLDS for criterion in self.criteria)

    @property
    def unmet(self) -> list[Criterion]:
        """What fails or is not known."""
        return [criterion for criterion in self.criteria if criterion.outcome != HOLDS]

    @property
    def incidence_percent(self) -> str | None:
        """Poor people in percent of the rural population, at two decimals."""
        return None if self.rural_population is None else _percent(self.poor_persons, self.rural_population)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What is known of an area on a day: its poor people, counted, and the figures that its office stated."""

    area_code: str
    level: str
    as_of: date
    poor_persons: int
    figures: Figures


def assess(observed: Observed, pack: RulePack) -> Assessment:
    """Hold an area against what the pack asks of its level (official-rules: village, township and county exit)."""
    rule = pack.area_exit(observed.level)
    basis = pack.basis(RULE)
    if rule is None:
        message = f"{pack.code} says nothing of how a {observed.level} leaves."
        raise AreaExitUnruled(message, rule=RULE, basis=basis)
    population = observed.figures.get(area.RURAL_POPULATION)
    further = [_further(code, observed, rule, basis) for code in rule.further]
    return Assessment(
        area_code=observed.area_code,
        level=observed.level,
        as_of=observed.as_of,
        rule_pack=pack.code,
        rule_pack_version=pack.version,
        basis=basis,
        poor_persons=observed.poor_persons,
        rural_population=None if population is None else int(population.value),
        criteria=(_incidence(observed, rule, basis), *further),
        notice_days=rule.notice_days,
    )


def is_share(code: str) -> bool:
    """Tell whether a further criterion is a share to reach, which alone may have a limit."""
    return code in _STATED and _STATED[code][1] == area.PERCENT


def is_incidence_within(poor_persons: int, rural_population: int, max_percent: str) -> bool:
    """An incidence at the limit still holds; the exact fraction decides, not its two decimals (厅字〔2016〕16号)."""
    return Fraction(poor_persons * 100, rural_population) <= Fraction(max_percent)


def is_growth_above(growth: str, average: str) -> bool:
    """Income must grow faster than the average of the unit above, not as fast (Yunnan, April 2016)."""
    return Decimal(growth) > Decimal(average)


def is_reached(value: str, limit: str) -> bool:
    """A share at its limit is reached (Yunnan 2017, five items)."""
    return Decimal(value) >= Decimal(limit)


def check_notice(notice: Notice | None, area_code: str, pack: RulePack, *, on: date) -> None:
    """Refuse an exit whose notice did not hang its whole time in this area, or served another exit (厅字〔2016〕16号)."""
    if notice is None or notice.kind != AREA_EXIT_NOTICE or notice.area_code != area_code:
        message = "The notice is none of this area's exit."
    elif notice.state != CLOSED or notice.closed_on is None:
        message = f"The notice of the exit is {notice.state}; it must be closed."
    elif on < notice.closed_on:
        message = f"The notice was closed on {notice.closed_on.isoformat()}, after that day."
    else:
        return
    basis = pack.basis(NOTICE_RULE)
    raise AreaExitNoticeMissing(message, pointer="/notice_id", rule=NOTICE_RULE, basis=basis)


def exited_fact(assessment: Assessment, *, on: date) -> facts.AreaExited:
    """Return the fact that an area left the list of poor areas."""
    return facts.AreaExited(
        area_code=assessment.area_code,
        level=assessment.level,
        exited_on=on,
        as_of=assessment.as_of,
        poor_persons=assessment.poor_persons,
        rural_population=assessment.rural_population or 0,
        incidence=assessment.incidence_percent or "",
        rule_pack=assessment.rule_pack,
    )


def _incidence(observed: Observed, rule: AreaExitRule, basis: str) -> Criterion:
    figure = observed.figures.get(area.RURAL_POPULATION)
    limit = f"at most {rule.max_incidence_percent} percent"
    counted = f"{observed.poor_persons} poor people on the register"
    if figure is None:
        return _unknown(INCIDENCE, limit, f"{counted}, of an unknown rural population", basis)
    rural = int(figure.value)
    holds = is_incidence_within(observed.poor_persons, rural, rule.max_incidence_percent)
    return Criterion(
        code=INCIDENCE,
        outcome=HOLDS if holds else FAILS,
        observed=f"{_percent(observed.poor_persons, rural)} percent",
        limit=limit,
        population=f"{counted} on {observed.as_of}, of {rural} rural people on {figure.as_of}",
        as_of=observed.as_of,
        source=f"{COUNTED_HERE}; {figure.basis_document}",
        basis=basis,
    )


def _further(code: str, observed: Observed, rule: AreaExitRule, basis: str) -> Criterion:
    if code.startswith(INCOME_GROWTH_ABOVE):
        return _growth(code, observed, basis)
    kind, unit = _STATED.get(code, (code, area.YES_NO))
    limit = rule.limits.get(code, "yes" if unit == area.YES_NO else "100")
    wanted = "yes" if unit == area.YES_NO else f"at least {limit} percent"
    figure = observed.figures.get(kind)
    if figure is None:
        return _unknown(code, wanted, f"{observed.level} {observed.area_code}", basis)
    holds = figure.value == limit if unit == area.YES_NO else is_reached(figure.value, limit)
    return _stated(code, figure, wanted, holds=holds, basis=basis)


def _growth(code: str, observed: Observed, basis: str) -> Criterion:
    growth = observed.figures.get(area.INCOME_GROWTH)
    average = observed.figures.get(area.REFERENCE_GROWTH)
    if growth is None or average is None or growth.year != average.year:
        limit = f"above the growth of the {code.removeprefix(INCOME_GROWTH_ABOVE)} in the same year"
        return _unknown(code, limit, f"{observed.level} {observed.area_code}", basis)
    wanted = f"above {average.value} percent ({average.basis_document})"
    holds = is_growth_above(growth.value, average.value)
    return _stated(code, growth, wanted, holds=holds, basis=basis)


def _stated(code: str, figure: Figure, limit: str, *, holds: bool, basis: str) -> Criterion:
    is_share = area.FIGURES.get(figure.kind) == area.PERCENT
    return Criterion(
        code=code,
        outcome=HOLDS if holds else FAILS,
        observed=f"{figure.value} percent" if is_share else figure.value,
        limit=limit,
        population=f"{figure.kind} of {figure.area_code} in {figure.year}",
        as_of=figure.as_of,
        source=figure.basis_document,
        basis=basis,
    )


def _unknown(code: str, limit: str, population: str, basis: str) -> Criterion:
    return Criterion(
        code=code,
        outcome=NOT_KNOWN,
        observed=None,
        limit=limit,
        population=population,
        as_of=None,
        source=None,
        basis=basis,
    )


def _percent(part: int, whole: int) -> str:
    return percent_text(Fraction(part * 100, whole))
