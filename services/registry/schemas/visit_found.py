"""From a request to what a visit found, and back to what is shown of it."""

from typing import Any

from chassis.money import format_yuan
from services.registry.domain import five_checks as domain
from services.registry.domain.income import Income
from services.registry.domain.visit import Team
from services.registry.schemas import visit as request

TENTHS = 10
HUNDREDTHS = 100


def team_of(content: request.VisitContent) -> Team:
    """Return who went and where."""
    return Team(members=tuple(content.members), latitude=content.latitude, longitude=content.longitude)


def found_of(content: request.VisitContent) -> domain.Found:
    """Return what a request says was found."""
    checks = content.checks
    return domain.Found(
        cause=content.cause,
        checks=domain.Checks(
            income=_income(checks.income) if checks.income else None,
            housing=_housing(checks.housing) if checks.housing else None,
            property=_property(checks.property) if checks.property else None,
            family=domain.FamilyCheck(**checks.family.model_dump()) if checks.family else None,
            production=_production(checks.production) if checks.production else None,
        ),
        photos=tuple(content.photos),
        signature_sha256=content.signature_sha256,
        assurances_met=tuple(content.assurances_met),
        guarantees_met=tuple(content.guarantees_met),
    )


def shown_checks(checks: domain.Checks) -> dict[str, dict[str, Any]]:
    """Return the checks that were done as they came in."""
    shown = {
        "income": checks.income and _shown_income(checks.income),
        "housing": checks.housing and _shown_housing(checks.housing),
        "property": checks.property and {"items": list(checks.property.items)} | _evidence(checks.property),
        "family": checks.family and _shown_family(checks.family),
        "production": checks.production and _shown_production(checks.production),
    }
    return {name: values for name, values in shown.items() if values}


def _income(check: request.IncomeCheck) -> domain.IncomeCheck:
    return domain.IncomeCheck(
        finding=check.finding,
        evidence_sha256=check.evidence_sha256,
        income=Income(
            wage_fen=check.wage_income,
            business_fen=check.business_income,
            transfer_fen=check.transfer_income,
            property_fen=check.property_income,
            cost_fen=check.production_cost,
        ),
        declared_net_fen=check.net_income,
    )


def _housing(check: request.HousingCheck) -> domain.HousingCheck:
    return domain.HousingCheck(
        finding=check.finding,
        evidence_sha256=check.evidence_sha256,
        area_dm2=int(check.area_m2 * TENTHS),
        structure=check.structure,
        safety=check.safety,
        built_year=check.built_year,
    )


def _property(check: request.PropertyCheck) -> domain.PropertyCheck:
    return domain.PropertyCheck(
        finding=check.finding, evidence_sha256=check.evidence_sha256, items=tuple(check.items)
    )


def _production(check: request.ProductionCheck) -> domain.ProductionCheck:
    return domain.ProductionCheck(
        finding=check.finding,
        evidence_sha256=check.evidence_sha256,
        land_mu_hundredths=int(check.land_mu * HUNDREDTHS),
        livestock=check.livestock,
        poultry=check.poultry,
        has_water=check.has_water,
        has_power=check.has_power,
        has_road=check.has_road,
    )


def _shown_income(check: domain.IncomeCheck) -> dict[str, Any]:
    return {
        "wage_income": format_yuan(check.income.wage_fen),
        "business_income": format_yuan(check.income.business_fen),
        "transfer_income": format_yuan(check.income.transfer_fen),
        "property_income": format_yuan(check.income.property_fen),
        "production_cost": format_yuan(check.income.cost_fen),
        "net_income": format_yuan(check.income.net_fen),
    } | _evidence(check)


def _shown_housing(check: domain.HousingCheck) -> dict[str, Any]:
    return {
        "area_m2": f"{check.area_dm2 // TENTHS}.{check.area_dm2 % TENTHS}",
        "structure": check.structure,
        "safety": check.safety,
        "built_year": check.built_year,
    } | _evidence(check)


def _shown_family(check: domain.FamilyCheck) -> dict[str, Any]:
    return {
        "labour": check.labour,
        "dependants": check.dependants,
        "students": check.students,
        "dropouts": check.dropouts,
    } | _evidence(check)


def _shown_production(check: domain.ProductionCheck) -> dict[str, Any]:
    land = check.land_mu_hundredths
    return {
        "land_mu": f"{land // HUNDREDTHS}.{land % HUNDREDTHS:02d}",
        "livestock": check.livestock,
        "poultry": check.poultry,
        "has_water": check.has_water,
        "has_power": check.has_power,
        "has_road": check.has_road,
    } | _evidence(check)


def _evidence(check: domain.Check) -> dict[str, Any]:
    return {"finding": check.finding, "evidence_sha256": check.evidence_sha256}
