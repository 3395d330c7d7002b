"""A household as the workbook states it: checked values, not yet a record of the register."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.registry.workbook import codes


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDraft:
    """One person's row; `row` is only where it stood, two equal people may stand on different rows."""

    name: str = field(repr=False)
    identity_number: str = field(repr=False)
    sex: str
    relation: str
    ethnic_group: str
    education: str
    schooling: str
    health: str
    labour: str
    work: str
    medical_scheme: bool
    row: int = field(default=0, compare=False)

    @property
    def born_on(self) -> date:
        """The date of birth inside the identity number (GB 11643)."""
        digits = self.identity_number[6:14]
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))

    @property
    def is_head(self) -> bool:
        return self.relation == codes.HEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdDraft:
    """One household with its people in the order of their rows; money is fen, the area has one decimal."""

    file_number: str
    village_code: str
    attribute: str
    standard: str
    cause: str
    address: str | None = field(default=None, repr=False)
    bank_code: str | None = field(default=None, repr=False)
    account: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    housing_area_m2: Decimal
    wage_income_fen: int
    business_income_fen: int
    transfer_income_fen: int
    property_income_fen: int
    production_cost_fen: int
    members: tuple[MemberDraft, ...]

    @property
    def category(self) -> str:
        """The category as published events name it: general, dibao or wubao."""
        return codes.CATEGORY_OF_ATTRIBUTE[self.attribute]

    @property
    def head(self) -> MemberDraft:
        return next(member for member in self.members if member.is_head)

    @property
    def net_income_fen(self) -> int:
        """The four incomes minus the production cost; below zero in a year of loss."""
        income = (
            self.wage_income_fen
            + self.business_income_fen
            + self.transfer_income_fen
            + self.property_income_fen
        )
        return income - self.production_cost_fen

    @property
    def per_capita_income_fen(self) -> int:
        """Net income by persons, rounded half up to the fen."""
        persons = len(self.members)
        return (2 * self.net_income_fen + persons) // (2 * persons)
