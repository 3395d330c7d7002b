"""The two papers of a household: the card (明白卡) for its door, and the page of its handbook (扶贫手册)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from chassis.money import format_yuan
from services.registry.domain.mask import mask_identity
from services.registry.prints.words import CHINESE_OF_STATE, chinese_day
from services.registry.workbook import codes
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

NONE_GIVEN: Final = "—"


class PrintedMember(Struct, frozen=True, kw_only=True):
    """A person's row."""

    name: str
    identity_number: str
    sex: str
    relation: str
    age: int
    ethnic_group: str
    education: str
    schooling: str
    health: str
    labour: str
    work: str
    medical_scheme: str

    def __repr__(self) -> str:
        return "PrintedMember(...)"


class PrintedHousehold(Struct, frozen=True, kw_only=True):
    """What both papers say; the card shows less of it."""

    file_number: str
    place: str
    status: str
    status_since: str
    attribute: str
    standard: str
    cause: str
    address: str
    phone: str
    bank_code: str
    account: str
    housing_area_m2: str
    incomes: list[tuple[str, str]]
    net_income: str
    per_capita_income: str
    members: list[PrintedMember]
    as_of: str
    printed_at: str
    printed_by: str

    def __repr__(self) -> str:
        return "PrintedHousehold(...)"


class Imprint(Struct, frozen=True, kw_only=True):
    """Where and how a paper came about."""

    place: str
    as_of: date
    printed_at: str
    printed_by: str


def printed_household(
    draft: HouseholdDraft, standing: Mapping[str, date | str], imprint: Imprint, *, is_masked: bool
) -> PrintedHousehold:
    """Return the record of a household's paper; masked, it carries no identity number, address, account or telephone."""
    return PrintedHousehold(
        file_number=draft.file_number,
        place=imprint.place,
        status=CHINESE_OF_STATE[str(standing["status"])],
        status_since=chinese_day(standing["status_since"]),
        attribute=codes.ATTRIBUTE.term(draft.attribute),
        standard=codes.STANDARD.term(draft.standard),
        cause=codes.CAUSE.term(draft.cause),
        address=_shown(draft.address, is_masked=is_masked),
        phone=_shown(draft.phone, is_masked=is_masked),
        bank_code=_shown(draft.bank_code, is_masked=is_masked),
        account=_shown(draft.account, is_masked=is_masked),
        housing_area_m2=str(draft.housing_area_m2),
        incomes=_incomes(draft),
        net_income=format_yuan(draft.net_income_fen),
        per_capita_income=format_yuan(draft.per_capita_income_fen),
        members=[_member(member, imprint.as_of, is_masked=is_masked) for member in draft.members],
        as_of=chinese_day(imprint.as_of),
        printed_at=imprint.printed_at,
        printed_by=imprint.printed_by,
    )


def _incomes(draft: HouseholdDraft) -> list[tuple[str, str]]:
    listed = (
        ("工资性收入", draft.wage_income_fen),
        ("生产经营性收入", draft.business_income_fen),
        ("财产性收入", draft.property_income_fen),
        ("转移性收入", draft.transfer_income_fen),
        ("生产经营性支出", draft.production_cost_fen),
    )
    return [(name, format_yuan(fen)) for name, fen in listed]


def _member(member: MemberDraft, as_of: date, *, is_masked: bool) -> PrintedMember:
    number = member.identity_number
    return PrintedMember(
        name=member.name,
        identity_number=mask_identity(number) if is_masked else number,
        sex=codes.SEX.term(member.sex),
        relation=codes.RELATION.term(member.relation),
        age=age_on(member.born_on, as_of),
        ethnic_group=codes.ETHNIC_GROUP.term(member.ethnic_group),
        education=codes.EDUCATION.term(member.education),
        schooling=codes.SCHOOLING.term(member.schooling),
        health=codes.HEALTH.term(member.health),
        labour=codes.LABOUR.term(member.labour),
        work=codes.WORK.term(member.work),
        medical_scheme=codes.MEDICAL_SCHEME.term("1" if member.medical_scheme else "0"),
    )


def _shown(value: str | None, *, is_masked: bool) -> str:
    return NONE_GIVEN if is_masked or value is None else value


def age_on(born_on: date, day: date) -> int:
    """Return the full years of somebody on a day (周岁)."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
