"""What is read of people: where they are on file, where they were, and who look like one and the same."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.registry.domain import duplicate as domain
from services.registry.domain.division import division_prefix
from services.registry.domain.mask import mask_identity, mask_name
from services.registry.domain.membership import Statement, memberships
from services.registry.schemas.person import (
    DuplicateGroup,
    FoundPerson,
    MembershipShown,
    PersonHistory,
    PersonShown,
)
from services.registry.store import merge as merges
from services.registry.store import search as store
from services.registry.store.sealed import open_member

# A row of the day on which a household moved out comes before the one of the village it moved to.
CONTENTS = """
SELECT v.household_id, v.valid_from, v.area_code, m.relation FROM household_version AS v
LEFT JOIN member_version AS m
    ON m.household_id = v.household_id AND m.version = v.version AND m.person_id = $1 AND NOT v.moved_out
WHERE v.household_id IN (SELECT household_id FROM member_version WHERE person_id = $1)
  AND starts_with(v.area_code, $2)
ORDER BY v.household_id, v.version, v.moved_out DESC
"""
STANDINGS = """
SELECT household_id, status, since FROM household_standing
WHERE household_id = ANY($1) AND starts_with(area_code, $2) ORDER BY household_id, version
"""
EVIDENCE = {
    "name-and-birth-date": [domain.NAME, domain.BIRTH_DATE],
    "name-and-address": [domain.NAME, domain.ADDRESS],
}


async def show_person(unit: UnitOfWork, person_id: UUID) -> PersonShown:
    """Return where somebody is on file, or for whom they are taken."""
    area = unit.principal.area
    rows = [
        row for row in await store.list_people(unit.driver, [person_id]) if row["area_code"].startswith(area)
    ]
    if rows:
        found = found_of(unit, rows[0])
        return PersonShown(
            id=person_id,
            merged_into=None,
            household_id=found.household_id,
            village_code=found.village_code,
            name=found.name,
            identity_number=found.identity_number,
        )
    kept = await merges.find_kept(unit.driver, person_id, area=area)
    if kept is None:
        raise NotFound
    return PersonShown(
        id=person_id, merged_into=kept, household_id=None, village_code=None, name=None, identity_number=None
    )


async def show_history(unit: UnitOfWork, person_id: UUID) -> PersonHistory:
    """Return in which households somebody was."""
    area = unit.principal.area
    contents: dict[UUID, list[tuple[Statement, date]]] = defaultdict(list)
    for row in await unit.driver.fetch(CONTENTS, person_id, area):
        statement = Statement(village_code=row["area_code"], relation=row["relation"])
        contents[row["household_id"]].append((statement, row["valid_from"]))
    if not contents:
        raise NotFound
    standings: dict[UUID, list[tuple[str, date]]] = defaultdict(list)
    for row in await unit.driver.fetch(STANDINGS, list(contents), area):
        standings[row["household_id"]].append((row["status"], row["since"]))
    found = [
        MembershipShown(
            household_id=household_id,
            village_code=each.village_code,
            relation=each.relation,
            since=each.since,
            until=each.until,
        )
        for household_id, stated in contents.items()
        for each in memberships(stated, standings[household_id])
    ]
    found.sort(key=lambda each: (each.since, each.until or date.max))
    kept = await merges.find_kept(unit.driver, person_id, area=area)
    return PersonHistory(person_id=person_id, merged_into=kept, memberships=found)


async def list_duplicates(
    unit: UnitOfWork, *, area: str | None, kind: str, cursor: str | None, limit: int
) -> Page[DuplicateGroup]:
    """Return groups of people who share two keys, in the order of the keys."""
    prefix = unit.principal.area if area is None else division_prefix(area)
    if not prefix.startswith(unit.principal.area):
        raise NotFound
    last = decode_cursor(cursor, bytes, bytes)
    groups = await store.list_groups(
        unit.driver, kind, area=prefix, after=None if last is None else (last[0], last[1]), limit=limit + 1
    )
    rows = await store.list_people(unit.driver, (one for group in groups for one in group["ids"]))
    people = {row["id"]: row for row in rows}
    return page_of(
        groups,
        limit,
        lambda group: _group(unit, EVIDENCE[kind], [people[one] for one in group["ids"]]),
        lambda group: (group["first"], group["second"]),
    )


def found_of(unit: UnitOfWork, row: Any) -> FoundPerson:
    """Return somebody on file, masked."""
    private = open_member(unit.cipher, row["sealed"])
    return FoundPerson(
        person_id=row["id"],
        household_id=row["household_id"],
        file_number=row["file_number"],
        village_code=row["area_code"],
        name=mask_name(private.name),
        identity_number=mask_identity(private.identity_number),
    )


def _group(unit: UnitOfWork, evidence: list[str], rows: list[Any]) -> DuplicateGroup:
    numbers = [open_member(unit.cipher, row["sealed"]).identity_number for row in rows]
    near = [domain.IDENTITY_NUMBER_NEAR] if domain.have_near_numbers(numbers) else []
    return DuplicateGroup(evidence=[*near, *evidence], persons=[found_of(unit, row) for row in rows])
