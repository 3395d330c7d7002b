"""Change requests in the database: what each asks for is encrypted, whom it touches is found by id and keyed hash."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from services.registry.domain.change_request import ChangeRequest, Rival
from services.registry.domain.household import Household
from services.registry.domain.outcome import Former
from services.registry.store.scope import whole_register

Driver = asyncpg.Connection

NAMES = (
    "id",
    "area_code",
    "kind",
    "effective_on",
    "reason",
    "state",
    "sealed",
    "yields_to",
    "submitted_by",
    "submitted_on",
    "submitted_at",
    "decided_by",
    "decided_on",
    "decided_at",
    "decision_reason",
    "undone_by",
    "undone_on",
    "undone_at",
)
COLUMNS = ", ".join(NAMES)
ADD = f"""
INSERT INTO change_request ({COLUMNS}) VALUES ({", ".join(f"${number + 1}" for number in range(len(NAMES)))})
"""  # noqa: S608
SAVE = """
UPDATE change_request SET state = $2, yields_to = $3, decided_by = $4, decided_on = $5, decided_at = $6,
    decision_reason = $7, undone_by = $8, undone_on = $9, undone_at = $10
WHERE id = $1
"""
FIND = f"SELECT {COLUMNS} FROM change_request WHERE id = $1 AND starts_with(area_code, $2)"  # noqa: S608
LOCK = f"{FIND} FOR UPDATE"
LIST = f"""
SELECT {COLUMNS} FROM change_request AS r
WHERE starts_with(area_code, $1) AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id > $3)
  AND ($4::uuid IS NULL OR EXISTS (
      SELECT 1 FROM change_request_household AS h WHERE h.request_id = r.id AND h.household_id = $4))
ORDER BY id LIMIT $5
"""  # noqa: S608
TOUCH = """
INSERT INTO change_request_household (request_id, household_id, area_code, version)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::int[])
ON CONFLICT (request_id, household_id) DO UPDATE SET version = excluded.version, area_code = excluded.area_code
"""
CONCERN = """
INSERT INTO change_request_person (request_id, area_code, identity_hash)
SELECT $1, $2, * FROM unnest($3::bytea[])
"""
TOUCHED = """
SELECT household_id, area_code, version, applied_version, status, status_since, village_since
FROM change_request_household WHERE request_id = ANY($1) ORDER BY household_id
"""
CONCERNED = "SELECT identity_hash FROM change_request_person WHERE request_id = $1"
APPLY = """
INSERT INTO change_request_household
    (request_id, household_id, area_code, version, applied_version, status, status_since, village_since)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::int[], $5::int[], $6::text[], $7::date[], $8::date[])
ON CONFLICT (request_id, household_id) DO UPDATE SET applied_version = excluded.applied_version,
    status = excluded.status, status_since = excluded.status_since, village_since = excluded.village_since
"""
# From the few that are open to what they touch.
RIVALS = """
SELECT r.id, r.area_code, r.yields_to FROM change_request AS r
WHERE r.state = 'submitted' AND r.id <> $1 AND (
    EXISTS (SELECT 1 FROM change_request_household AS h WHERE h.request_id = r.id AND h.household_id = ANY($2))
    OR EXISTS (SELECT 1 FROM change_request_person AS p WHERE p.request_id = r.id AND p.identity_hash = ANY($3)))
ORDER BY r.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A household of a request; version 0 is one that the request itself founded."""

    household_id: UUID
    village_code: str
    version: int
    applied_version: int | None
    former: Former | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of a household by a request, and what held before."""

    household_id: UUID
    village_code: str
    before: Household | None
    applied_version: int


async def add_request(
    driver: "Driver[Any]", request: ChangeRequest, households: Iterable[Household], people: Sequence[bytes]
) -> None:
    """Keep a request with the households and people that it touches."""
    r = request
    await driver.execute(
        ADD,
        *(r.id, r.village_code, r.kind, r.effective_on, r.reason, r.state, r.sealed, list(r.yields_to)),
        *(r.submitted_by, r.submitted_on, r.submitted_at),
        *(r.decided_by, r.decided_on, r.decided_at, r.decision_reason, r.undone_by, r.undone_on, r.undone_at),
    )
    await touch(driver, r.id, households)
    await driver.execute(CONCERN, r.id, r.village_code, list(set(people)))


async def touch(driver: "Driver[Any]", request_id: UUID, households: Iterable[Household]) -> None:
    """Note the versions of households that a request is written against."""
    rows = [(one.id, one.village_code, one.version) for one in households]
    await driver.execute(TOUCH, request_id, *(list(column) for column in zip(*rows, strict=True)))


async def save_request(driver: "Driver[Any]", request: ChangeRequest) -> None:
    """Store what became of a request."""
    r = request
    await driver.execute(
        SAVE,
        *(r.id, r.state, list(r.yields_to), r.decided_by, r.decided_on, r.decided_at, r.decision_reason),
        *(r.undone_by, r.undone_on, r.undone_at),
    )


async def save_applied(driver: "Driver[Any]", request_id: UUID, applied: Sequence[Applied]) -> None:
    """Store which version of each household a request made, and what held before, for its undoing."""
    rows = [
        (
            one.household_id,
            one.village_code,
            one.before.version if one.before else 0,
            one.applied_version,
            one.before.status if one.before else None,
            one.before.status_since if one.before else None,
            one.before.village_since if one.before else None,
        )
        for one in applied
    ]
    await driver.execute(APPLY, request_id, *(list(column) for column in zip(*rows, strict=True)))


async def find_request(driver: "Driver[Any]", request_id: UUID, *, area: str) -> ChangeRequest | None:
    """Return a request of an area."""
    row = await driver.fetchrow(FIND, request_id, area)
    return None if row is None else _request_of(row)


async def lock_request(driver: "Driver[Any]", request_id: UUID, *, area: str) -> ChangeRequest | None:
    """Return a request of an area, locked until the transaction ends."""
    row = await driver.fetchrow(LOCK, request_id, area)
    return None if row is None else _request_of(row)


async def list_requests(
    driver: "Driver[Any]",
    *,
    area: str,
    state: str | None,
    household_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[ChangeRequest]:
    """Return requests of an area in the order of their submission."""
    return [_request_of(row) for row in await driver.fetch(LIST, area, state, after, household_id, limit)]


async def list_touched(driver: "Driver[Any]", request_id: UUID) -> list[Touched]:
    """Return the households of a request."""
    return [_touched_of(row) for row in await driver.fetch(TOUCHED, [request_id])]


async def list_concerned(driver: "Driver[Any]", request_id: UUID) -> list[bytes]:
    """Return the keyed hashes of the people of a request."""
    return [row["identity_hash"] for row in await driver.fetch(CONCERNED, request_id)]


async def list_rivals(
    driver: "Driver[Any]",
    request_id: UUID,
    *,
    households: Iterable[UUID],
    people: Iterable[bytes],
    area: str,
) -> list[Rival]:
    """Return other open requests on the same households or people, wherever they were written."""
    async with whole_register(driver, area):
        rows = await driver.fetch(RIVALS, request_id, list(households), list(people))
    return [Rival(id=row["id"], village_code=row["area_code"], yields_to=row["yields_to"]) for row in rows]


def _request_of(row: Mapping[str, Any]) -> ChangeRequest:
    return ChangeRequest(
        village_code=row["area_code"], **{name: row[name] for name in NAMES if name != "area_code"}
    )


def _touched_of(row: Mapping[str, Any]) -> Touched:
    since: date | None = row["status_since"]
    former = None
    if since is not None:
        former = Former(
            version=row["version"],
            status=row["status"],
            status_since=since,
            village_since=row["village_since"],
        )
    return Touched(
        household_id=row["household_id"],
        village_code=row["area_code"],
        version=row["version"],
        applied_version=row["applied_version"],
        former=former,
    )
