"""The five checks (五查五看): what is looked at in a household's home, and what is still missing."""

from msgspec import Struct

from services.registry.domain.income import Income
from services.registry.domain.rule_pack import RulePack


class Check(Struct, frozen=True, kw_only=True):
    """One of the five checks: the finding as a code, and the evidence by its hash."""

    finding: str
    evidence_sha256: str


class IncomeCheck(Check, frozen=True, kw_only=True):
    """Income, to see how stable it is."""

    income: Income
    declared_net_fen: int


class HousingCheck(Check, frozen=True, kw_only=True):
    """Housing, to see its size, structure and safety."""

    area_dm2: int
    structure: str
    safety: str
    built_year: int


class PropertyCheck(Check, frozen=True, kw_only=True):
    """Property, to see how well off the household is."""

    items: tuple[str, ...]


class FamilyCheck(Check, frozen=True, kw_only=True):
    """Family, to see its strength and its burdens."""

    labour: int
    dependants: int
    students: int
    dropouts: int


class ProductionCheck(Check, frozen=True, kw_only=True):
    """Production and living conditions; land in hundredths of a mu."""

    land_mu_hundredths: int
    livestock: int
    poultry: int
    has_water: bool
    has_power: bool
    has_road: bool


class Checks(Struct, frozen=True, kw_only=True):
    """The five checks as far as they were done; each bears the name that rule packs use."""

    income: IncomeCheck | None = None
    housing: HousingCheck | None = None
    property: PropertyCheck | None = None
    family: FamilyCheck | None = None
    production: ProductionCheck | None = None


class Found(Struct, frozen=True, kw_only=True):
    """What a visit found, without who went and where; codes, numbers and hashes only."""

    cause: str
    checks: Checks
    photos: tuple[str, ...]
    signature_sha256: str | None = None
    assurances_met: tuple[str, ...] = ()
    guarantees_met: tuple[str, ...] = ()


def missing_checks(checks: Checks, pack: RulePack) -> list[str]:
    """Return which of the five checks are not done (五查五看)."""
    return [name for name in pack.checks if getattr(checks, name, None) is None]
