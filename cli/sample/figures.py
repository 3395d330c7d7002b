"""The table of figures that the demo compares at its end: expected by the seed or the plan, observed in the services."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.money import format_yuan
from cli.sample.county import Rule
from cli.sample.plan import SamplePlan
from cli.sample.sums import share
from contracts.values import DONATION, INDUSTRY, INTEGRATED, SPECIAL

HUNDREDTHS_OF_PERCENT = 10_000
PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One expected figure: `key` is what the demo reports it under, `source` where it is printed."""

    key: str
    label: str
    value: int
    unit: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFigure:
    """One line of the closing table; an unobserved figure is None and not equal."""

    key: str
    label: str
    expected: int
    observed: int | None
    unit: str
    source: str

    @property
    def is_equal(self) -> bool:
        """Return whether the services show exactly what was expected."""
        return self.observed == self.expected

    @property
    def expected_text(self) -> str:
        """Return the expected value as it is printed."""
        return figure_text(self.expected, self.unit)

    @property
    def observed_text(self) -> str:
        """Return the observed value as it is printed, a dash when it is missing."""
        return "-" if self.observed is None else figure_text(self.observed, self.unit)


def figure_text(value: int, unit: str) -> str:
    """Return a figure with thousands separated; fen become yuan, hundredths of a percent a percentage."""
    if unit not in {"fen", "percent"}:
        return f"{value:,}"
    whole, cents = format_yuan(value).split(".")
    return f"{int(whole):,}.{cents}" + ("%" if unit == "percent" else "")


def expected_figures(plan: SamplePlan) -> tuple[Figure, ...]:
    """Return every figure of the county, in the order of the seed's lines."""
    rows = [*_seed_rows(plan), *_plan_rows(plan)]
    is_seed = plan.county.source == "seed"
    return tuple(
        Figure(
            key=key,
            label=label,
            value=value,
            unit=unit,
            source=source if is_seed or source == PLAN else plan.county.source,
        )
        for key, label, value, unit, source in rows
    )


_Row = tuple[str, str, int, str, str]


def _seed_rows(plan: SamplePlan) -> list[_Row]:
    figures = plan.county.figures
    central, spread_out = figures.centralized, figures.interspersed
    relocated = central.households + spread_out.households
    household_share = share(HUNDREDTHS_OF_PERCENT, figures.dibao_households, figures.households)
    person_share = share(HUNDREDTHS_OF_PERCENT, figures.dibao_persons, figures.persons)
    subsidies = figures.houses_subsidised * figures.housing_subsidy_fen
    special, integrated = figures.fund(SPECIAL), figures.fund(INTEGRATED)
    return [
        ("townships", "Townships", figures.townships, "townships", "divisions 2023"),
        ("villages", "Villages", figures.villages, "villages", "divisions 2023"),
        ("households", "Registered households", figures.households, "households", "L7"),
        ("persons", "Registered persons", figures.persons, "persons", "L7"),
        ("dibao_households", "Households also on dibao", figures.dibao_households, "households", "L7"),
        ("dibao_persons", "Persons also on dibao", figures.dibao_persons, "persons", "L7"),
        ("dibao_household_share", "Share of households on dibao", household_share, "percent", "L7"),
        ("dibao_person_share", "Share of persons on dibao", person_share, "percent", "L7"),
        ("sites", "Relocation sites", central.sites + spread_out.sites, "sites", "L11"),
        ("centralized_sites", "Centralized sites", central.sites, "sites", "L11"),
        ("centralized_households", "Households there", central.households, "households", "L11"),
        ("centralized_persons", "Persons there", central.persons, "persons", "L11"),
        ("interspersed_sites", "Interspersed sites", spread_out.sites, "sites", "L11"),
        ("interspersed_households", "Households there", spread_out.households, "households", "L11"),
        ("interspersed_persons", "Persons there", spread_out.persons, "persons", "L11"),
        ("relocated_households", "Relocated households", relocated, "households", "L11"),
        ("relocated_persons", "Relocated persons", central.persons + spread_out.persons, "persons", "L11"),
        ("houses_completed", "Houses completed", figures.houses_completed, "houses", "L11"),
        ("houses_moved_in", "Houses moved into", figures.houses_moved_in, "houses", "L11"),
        ("houses_subsidised", "Households with housing subsidy", figures.houses_subsidised, "houses", "L11"),
        ("housing_subsidy_fen", "Housing subsidy paid (yuan)", subsidies, "fen", "L11"),
        ("key_villages", "Key villages", figures.key_villages, "villages", "L19"),
        ("donation_fen", "Donations received (yuan)", figures.fund(DONATION), "fen", "L29"),
        ("special_fen", "Special funds received (yuan)", special, "fen", "L39"),
        ("integrated_fen", "Integrated funds received (yuan)", integrated, "fen", "L39"),
        ("special_and_integrated_fen", "Both together (yuan)", special + integrated, "fen", "L39"),
    ]


def _plan_rows(plan: SamplePlan) -> list[_Row]:
    paid = [claim for claim in plan.claims if claim.paid_on is not None]
    industry = sum(batch.control_sum_fen for batch in plan.batches if batch.kind == INDUSTRY)
    findings = Counter(case.rule for case in plan.planted)
    unmet = findings[Rule.FLOOR_UNMET]
    return [
        *(
            row
            for one in plan.rounds
            for row in (
                (f"{one.key}.households", f"Households after {one.key}", one.households, "households", PLAN),
                (f"{one.key}.persons", f"Persons after {one.key}", one.persons, "persons", PLAN),
            )
        ),
        ("exited", "Households exited in the year", len(plan.exited), "households", PLAN),
        (
            "floor_households",
            "Households at or above the floor",
            len(plan.households) - unmet - len(plan.exited),
            "households",
            PLAN,
        ),
        ("claims", "Claims for industrial support", len(plan.claims), "claims", PLAN),
        ("claims_paid", "Claims paid", len(paid), "claims", PLAN),
        ("industry_paid_fen", "Industrial support paid (yuan)", industry, "fen", PLAN),
        ("batches", "Payment batches settled", len(plan.batches), "batches", PLAN),
        *(
            (f"findings.{rule.value}", f"Findings: {rule.value}", findings[rule], "findings", PLAN)
            for rule in Rule
        ),
        ("findings", "Findings in all", len(plan.planted), "findings", PLAN),
    ]


def compare(expected: tuple[Figure, ...], observed: Mapping[str, int]) -> tuple[ComparedFigure, ...]:
    """Return the closing table, one row for each expected figure in its order."""
    return tuple(
        ComparedFigure(
            key=figure.key,
            label=figure.label,
            expected=figure.value,
            observed=observed.get(figure.key),
            unit=figure.unit,
            source=figure.source,
        )
        for figure in expected
    )
