"""Turns generated households into the workbook's drafts, so that they enter as any county's own file would."""

from collections.abc import Iterable

from cli.sample.plan import SampleHousehold, SampleMember
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

NATIONAL_LINE = "1"
ATTRIBUTE = {False: "01", True: "02"}
CAUSE = {
    "illness": "01",
    "schooling": "03",
    "lack-of-skill": "07",
    "lack-of-labour": "08",
    "lack-of-money": "09",
    "poor-transport": "10",
}
SEX = {"male": "1", "female": "2"}
RELATION = {
    "head": "02",
    "spouse": "10",
    "son": "20",
    "daughter": "30",
    "father": "51",
    "mother": "52",
}
ETHNIC_GROUP = {"汉族": "01", "回族": "03", "彝族": "07", "白族": "14"}
EDUCATION = {"preschool": "01", "illiterate": "02", "primary": "03", "middle": "04", "high": "05"}
SCHOOLING = {"none": "00", "primary": "02", "middle": "03", "high": "04"}
HEALTH = {"healthy": "01", "chronic": "02", "serious": "03", "disabled": "04"}
LABOUR = {"ordinary": "01", "lost": "03", "none": "04"}
WORK = {"none": "00", "farming": "00", "migrant": "03"}


def to_drafts(households: Iterable[SampleHousehold]) -> tuple[HouseholdDraft, ...]:
    """Return one draft for each household, members in the same order."""
    return tuple(_household(household) for household in households)


def _household(household: SampleHousehold) -> HouseholdDraft:
    income = household.income
    return HouseholdDraft(
        file_number=household.file_number,
        village_code=household.village_code,
        attribute=ATTRIBUTE[household.dibao],
        standard=NATIONAL_LINE,
        cause=CAUSE[household.cause],
        address=f"样例{household.group_no}组",
        bank_code=household.bank_code,
        account=household.bank_account,
        housing_area_m2=household.housing.area_m2,
        wage_income_fen=income.wage_fen,
        business_income_fen=income.business_fen,
        transfer_income_fen=income.transfer_fen,
        property_income_fen=income.property_fen,
        production_cost_fen=income.cost_fen,
        members=tuple(_member(member) for member in household.everybody),
    )


def _member(member: SampleMember) -> MemberDraft:
    return MemberDraft(
        name=member.name,
        identity_number=member.id_number,
        sex=SEX[member.sex],
        relation=RELATION[member.relation],
        ethnic_group=ETHNIC_GROUP[member.ethnicity],
        education=EDUCATION[member.education],
        schooling=SCHOOLING[member.schooling],
        health=HEALTH[member.health],
        labour=LABOUR[member.labour],
        work=WORK[member.work],
        medical_scheme=member.medical_scheme,
    )
