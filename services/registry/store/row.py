"""Rows of one version of a household's file, made from a draft and turned back into one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.crypto import Cipher
from services.registry.domain.household import Household
from services.registry.store.key import address_key, birth_key, name_key
from services.registry.store.sealed import (
    SealedHousehold,
    SealedMember,
    hash_identity,
    open_household,
    open_member,
    seal,
)
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

COUNTY_DIGITS = 6

HOUSEHOLD_COLUMNS = (
    "id",
    "area_code",
    "county_code",
    "file_number",
    "status",
    "status_since",
    "category",
    "persons",
    "version",
    "content_version",
    "village_since",
    "change_set_id",
    "recorded_at",
)
VERSION_COLUMNS = (
    "household_id",
    "version",
    "moved_out",
    "area_code",
    "valid_from",
    "recorded_at",
    "actor_id",
    "change_set_id",
    "reason",
    "file_number",
    "category",
    "attribute",
    "standard",
    "cause",
    "persons",
    "housing_area_dm2",
    "wage_income_fen",
    "business_income_fen",
    "transfer_income_fen",
    "property_income_fen",
    "production_cost_fen",
    "sealed",
)
MEMBER_COLUMNS = (
    "household_id",
    "version",
    "position",
    "area_code",
    "person_id",
    "identity_hash",
    "sealed",
    "sex",
    "relation",
    "ethnic_group",
    "education",
    "schooling",
    "health",
    "labour",
    "work",
    "medical_scheme",
)
NEW_HOUSEHOLD_COLUMNS = (*HOUSEHOLD_COLUMNS, "address_key")
PERSON_COLUMNS = ("id", "household_id", "area_code", "identity_hash", "name_key", "birth_key")
STANDING_COLUMNS = (
    "household_id",
    "version",
    "area_code",
    "status",
    "since",
    "reason",
    "actor_id",
    "change_set_id",
    "recorded_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Who stated something, when it was recorded, and as part of what."""

    actor_id: str
    recorded_at: datetime
    change_set_id: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A household with the content of its file and the ids of its people, in their order."""

    household: Household
    draft: HouseholdDraft
    person_ids: Sequence[UUID]


def household_row(household: Household) -> tuple[Any, ...]:
    """Return the row of what holds now."""
    return (
        household.id,
        household.village_code,
        household.village_code[:COUNTY_DIGITS],
        household.file_number,
        household.status,
        household.status_since,
        household.category,
        household.persons,
        household.version,
        household.content_version,
        household.village_since,
        household.change_set_id,
        household.recorded_at,
    )


def new_household_row(filed: Filed, cipher: Cipher) -> tuple[Any, ...]:
    """Return the row of a household that is entered, with the key of its address."""
    return (*household_row(filed.household), address_key(cipher, filed.draft.address))


def household_of(row: Mapping[str, Any]) -> Household:
    """Return a household from its row."""
    return Household(
        id=row["id"],
        village_code=row["area_code"],
        file_number=row["file_number"],
        status=row["status"],
        status_since=row["status_since"],
        category=row["category"],
        persons=row["persons"],
        version=row["version"],
        content_version=row["content_version"],
        village_since=row["village_since"],
        change_set_id=row["change_set_id"],
        recorded_at=row["recorded_at"],
    )


def version_row(filed: Filed, cipher: Cipher, trace: Trace, valid_from: date) -> tuple[Any, ...]:
    """Return the row of a version of the household's file."""
    household, draft = filed.household, filed.draft
    private = SealedHousehold(draft.address, draft.bank_code, draft.account, draft.phone)
    return (
        household.id,
        household.version,
        False,
        household.village_code,
        valid_from,
        trace.recorded_at,
        trace.actor_id,
        trace.change_set_id,
        trace.reason,
        draft.file_number,
        draft.category,
        draft.attribute,
        draft.standard,
        draft.cause,
        len(draft.members),
        int(draft.housing_area_m2 * 10),
        draft.wage_income_fen,
        draft.business_income_fen,
        draft.transfer_income_fen,
        draft.property_income_fen,
        draft.production_cost_fen,
        seal(cipher, private),
    )


def member_rows(filed: Filed, cipher: Cipher) -> list[tuple[Any, ...]]:
    """Return the rows of its people in that version."""
    household = filed.household
    return [
        (
            household.id,
            household.version,
            position,
            household.village_code,
            person_id,
            hash_identity(cipher, member.identity_number),
            seal(cipher, SealedMember(member.name, member.identity_number)),
            member.sex,
            member.relation,
            member.ethnic_group,
            member.education,
            member.schooling,
            member.health,
            member.labour,
            member.work,
            member.medical_scheme,
        )
        for position, (person_id, member) in enumerate(
            zip(filed.person_ids, filed.draft.members, strict=True)
        )
    ]


def person_rows(
    members: Iterable[tuple[Any, ...]], drafts: Iterable[MemberDraft], cipher: Cipher
) -> list[tuple[Any, ...]]:
    """Return the rows of people on file, taken from their rows in the version, with the keys to look them up by."""
    keys = person_keys(drafts, cipher)
    return [(row[4], row[0], row[3], row[5], *key) for row, key in zip(members, keys, strict=True)]


def person_keys(drafts: Iterable[MemberDraft], cipher: Cipher) -> list[tuple[bytes, bytes]]:
    """Return the keys of names and of days of birth that people are looked up by."""
    return [(name_key(cipher, draft.name), birth_key(cipher, draft.identity_number)) for draft in drafts]


def standing_row(household: Household, trace: Trace) -> tuple[Any, ...]:
    """Return the row of the household's present state."""
    return (
        household.id,
        household.version,
        household.village_code,
        household.status,
        household.status_since,
        trace.reason,
        trace.actor_id,
        trace.change_set_id,
        household.recorded_at,
    )


def draft_of(
    version: Mapping[str, Any], members: Iterable[Mapping[str, Any]], cipher: Cipher
) -> HouseholdDraft:
    """Return what a version of the file states, opened."""
    private = open_household(cipher, version["sealed"])
    return HouseholdDraft(
        file_number=version["file_number"],
        village_code=version["area_code"],
        attribute=version["attribute"],
        standard=version["standard"],
        cause=version["cause"],
        address=private.address,
        bank_code=private.bank_code,
        account=private.account,
        phone=private.phone,
        housing_area_m2=Decimal(version["housing_area_dm2"]) / 10,
        wage_income_fen=version["wage_income_fen"],
        business_income_fen=version["business_income_fen"],
        transfer_income_fen=version["transfer_income_fen"],
        property_income_fen=version["property_income_fen"],
        production_cost_fen=version["production_cost_fen"],
        members=tuple(_member(row, cipher) for row in members),
    )


def _member(row: Mapping[str, Any], cipher: Cipher) -> MemberDraft:
    private = open_member(cipher, row["sealed"])
    return MemberDraft(
        name=private.name,
        identity_number=private.identity_number,
        sex=row["sex"],
        relation=row["relation"],
        ethnic_group=row["ethnic_group"],
        education=row["education"],
        schooling=row["schooling"],
        health=row["health"],
        labour=row["labour"],
        work=row["work"],
        medical_scheme=row["medical_scheme"],
    )
