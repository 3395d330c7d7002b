"""What is read: prepared statements straight to answers, each scoped to an area inside the caller's."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.crypto import Cipher
from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from services.registry.domain.household import Household
from services.registry.domain.mask import mask_identity, mask_name, mask_tail
from services.registry.schemas import answer
from services.registry.store import row as rows
from services.registry.store.sealed import open_member
from services.registry.workbook.codes import HEAD
from services.registry.workbook.draft import HouseholdDraft

# Each row is a person's, so `sealed` is the person's; the household's has a name of its own.
_VERSION = ", ".join(
    f"v.{name}" for name in rows.VERSION_COLUMNS if name not in {"household_id", "version", "sealed"}
)
_MEMBER = (
    "v.sealed AS household_sealed, m.position, m.person_id, m.sealed, m.sex, m.relation, m.ethnic_group, m.education, m.schooling, "
    "m.health, m.labour, m.work, m.medical_scheme"
)
# The counter's page: one statement, one row a person.
NOW = f"""
SELECT h.id, h.status, h.status_since, h.version AS latest, {_VERSION}, {_MEMBER}
FROM household AS h
JOIN household_version AS v ON v.household_id = h.id AND v.version = h.content_version AND NOT v.moved_out
JOIN member_version AS m ON m.household_id = h.id AND m.version = v.version
WHERE h.id = $1 AND starts_with(h.area_code, $2) ORDER BY m.position
"""  # noqa: S608
# For any day, the version recorded last among those that speak of the day.
AS_OF = f"""
SELECT v.household_id AS id, s.status, s.since AS status_since, greatest(v.version, s.version) AS latest,
    {_VERSION}, {_MEMBER}
FROM (
    SELECT * FROM household_version
    WHERE household_id = $1 AND valid_from <= $3 AND ($4::timestamptz IS NULL OR recorded_at < $4)
    ORDER BY version DESC, moved_out LIMIT 1
) AS v
CROSS JOIN LATERAL (
    SELECT status, since, version FROM household_standing
    WHERE household_id = $1 AND since <= $3 AND ($4::timestamptz IS NULL OR recorded_at < $4)
    ORDER BY version DESC LIMIT 1
) AS s
JOIN member_version AS m ON m.household_id = v.household_id AND m.version = v.version
WHERE NOT v.moved_out AND starts_with(v.area_code, $2) ORDER BY m.position
"""  # noqa: S608
LIST = """
SELECT h.id, h.file_number, h.area_code, h.status, h.status_since, h.category, h.persons, h.version, m.sealed
FROM household AS h
JOIN member_version AS m ON m.household_id = h.id AND m.version = h.content_version AND m.relation = $7
WHERE starts_with(h.area_code, $1) AND ($2::text IS NULL OR h.area_code = $2)
  AND ($3::text IS NULL OR h.status = $3) AND ($4::text IS NULL OR h.file_number = $4)
  AND ($5::uuid IS NULL OR h.id > $5) AND ($8::text IS NULL OR EXISTS (
    SELECT FROM household_version AS v
    WHERE v.household_id = h.id AND v.version = h.content_version AND NOT v.moved_out AND v.cause = $8
  ))
ORDER BY h.id LIMIT $6
"""
CONTENTS = """
SELECT version, valid_from, area_code, category, persons, reason, actor_id, change_set_id, recorded_at
FROM household_version WHERE household_id = $1 AND NOT moved_out ORDER BY version
"""
STANDINGS = """
SELECT version, status, since, area_code, reason, actor_id, change_set_id, recorded_at
FROM household_standing WHERE household_id = $1 ORDER BY version
"""
IS_VISIBLE = "SELECT 1 FROM household WHERE id = $1 AND starts_with(area_code, $2)"
DIVISIONS = """
SELECT code, level, parent_code, name FROM division
WHERE ($1::text IS NULL AND parent_code IS NULL OR parent_code = $1) AND ($2::text IS NULL OR code > $2)
ORDER BY code LIMIT $3
"""

NAMES_ARE_SHOWN_TO = frozenset({roles.CLERK, roles.OFFICER})


def summary_of(household: Household) -> answer.HouseholdSummary:
    """Return where a household stands."""
    return answer.HouseholdSummary(
        id=household.id,
        file_number=household.file_number,
        village_code=household.village_code,
        status=household.status,
        status_since=household.status_since,
        category=household.category,
        persons=household.persons,
        version=household.version,
    )


async def show_household(unit: UnitOfWork, household_id: UUID) -> answer.Household:
    """Return a household's file as it is now."""
    found = await unit.driver.fetch(NOW, household_id, unit.principal.area)
    return _household(unit, found, unit.today)


async def show_household_as_of(
    unit: UnitOfWork, household_id: UUID, *, as_of: date, recorded_before: datetime | None
) -> answer.Household:
    """Return a household's file as it was on a day, as far as it was known before a moment."""
    found = await unit.driver.fetch(AS_OF, household_id, unit.principal.area, as_of, recorded_before)
    return _household(unit, found, as_of)


async def list_households(
    unit: UnitOfWork,
    *,
    village: str | None,
    status: str | None,
    file_number: str | None,
    cause: str | None,
    cursor: str | None,
    limit: int,
) -> Page[answer.ListedHousehold]:
    """Return households in the order they were filed."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(
        LIST, unit.principal.area, village, status, file_number, last, limit + 1, HEAD, cause
    )
    is_shown = not unit.principal.roles.isdisjoint(NAMES_ARE_SHOWN_TO)
    return page_of(
        found, limit, lambda row: _listed(row, unit.cipher, is_shown=is_shown), lambda row: (row["id"],)
    )


async def show_history(unit: UnitOfWork, household_id: UUID) -> answer.History:
    """Return everything ever stated of a household."""
    if not await unit.driver.fetchval(IS_VISIBLE, household_id, unit.principal.area):
        raise NotFound
    contents = await unit.driver.fetch(CONTENTS, household_id)
    standings = await unit.driver.fetch(STANDINGS, household_id)
    return answer.History(
        household_id=household_id,
        contents=_entries(contents, "valid_from"),
        standings=_entries(standings, "since"),
    )


async def list_divisions(
    unit: UnitOfWork, *, parent: str | None, cursor: str | None, limit: int
) -> Page[answer.Division]:
    """Return the units directly below one, or the topmost."""
    (last,) = decode_cursor(cursor, str) or (None,)
    found = await unit.driver.fetch(DIVISIONS, parent, last, limit + 1)
    return page_of(found, limit, lambda row: answer.Division(**dict(row)), lambda row: (row["code"],))


def listed_of(unit: UnitOfWork, row: Any) -> answer.ListedHousehold:
    """Return a household of a list, with its head's name as far as the caller may see it."""
    is_shown = not unit.principal.roles.isdisjoint(NAMES_ARE_SHOWN_TO)
    return _listed(row, unit.cipher, is_shown=is_shown)


def _household(unit: UnitOfWork, found: list[Any], as_of: date) -> answer.Household:
    if not found:
        raise NotFound
    first = found[0]
    draft = rows.draft_of({**first, "sealed": first["household_sealed"]}, found, unit.cipher)
    is_shown = not unit.principal.roles.isdisjoint(NAMES_ARE_SHOWN_TO)
    return answer.Household(
        id=first["id"],
        file_number=draft.file_number,
        village_code=draft.village_code,
        status=first["status"],
        status_since=first["status_since"],
        category=draft.category,
        persons=len(found),
        version=first["latest"],
        attribute=draft.attribute,
        standard=draft.standard,
        cause=draft.cause,
        address=draft.address if is_shown else None,
        bank_code=draft.bank_code,
        account=mask_tail(draft.account),
        phone=mask_tail(draft.phone, 2),
        housing_area_m2=str(draft.housing_area_m2),
        wage_income=draft.wage_income_fen,
        business_income=draft.business_income_fen,
        transfer_income=draft.transfer_income_fen,
        property_income=draft.property_income_fen,
        production_cost=draft.production_cost_fen,
        net_income=draft.net_income_fen,
        per_capita_income=draft.per_capita_income_fen,
        members=_members(draft, [row["person_id"] for row in found], is_shown=is_shown),
        valid_from=first["valid_from"],
        recorded_at=first["recorded_at"],
        as_of=as_of,
    )


def _members(draft: HouseholdDraft, ids: list[UUID], *, is_shown: bool) -> list[answer.Member]:
    return [
        answer.Member(
            id=person_id,
            name=member.name if is_shown else mask_name(member.name),
            identity_number=mask_identity(member.identity_number),
            sex=member.sex,
            relation=member.relation,
            ethnic_group=member.ethnic_group,
            education=member.education,
            schooling=member.schooling,
            health=member.health,
            labour=member.labour,
            work=member.work,
            medical_scheme=member.medical_scheme,
        )
        for person_id, member in zip(ids, draft.members, strict=True)
    ]


def _listed(row: Any, cipher: Cipher, *, is_shown: bool) -> answer.ListedHousehold:
    name = open_member(cipher, row["sealed"]).name
    return answer.ListedHousehold(
        id=row["id"],
        file_number=row["file_number"],
        village_code=row["area_code"],
        status=row["status"],
        status_since=row["status_since"],
        category=row["category"],
        persons=row["persons"],
        version=row["version"],
        head_name=name if is_shown else mask_name(name),
    )


def _entries(found: list[Any], since: str) -> list[answer.HistoryEntry]:
    """Return rows with the day each ended: the first later statement that began on that day or before it."""
    entries = []
    for index, row in enumerate(found):
        later = [other[since] for other in found[index + 1 :]]
        entries.append(
            answer.HistoryEntry(
                version=row["version"],
                status=row.get("status"),
                valid_from=row[since],
                valid_to=max(row[since], min(later)) if later else None,
                village_code=row["area_code"],
                category=row.get("category"),
                persons=row.get("persons"),
                reason=row["reason"],
                actor_id=row["actor_id"],
                change_set_id=row["change_set_id"],
                recorded_at=row["recorded_at"],
            )
        )
    return entries
