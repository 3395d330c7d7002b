"""Claims in the database, with every version they had."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from contracts.events.subsidy import Evidence
from services.subsidy.domain.claim import Claim

Driver = asyncpg.Connection

NAMES = tuple(field.name for field in fields(Claim))
COLUMNS = ", ".join(NAMES)
_values = attrgetter(*NAMES)

LOAD_FOR_CHANGE = f"""
SELECT {COLUMNS} FROM claim
WHERE id = ANY($1) AND starts_with(area_code, $2)
ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608
SAVE = """
UPDATE claim AS c SET
    status = n.status, version = n.version, accepted_quantity = n.accepted_quantity,
    amount_fen = n.amount_fen, inspector_id = n.inspector_id, accepted_on = n.accepted_on,
    approver_id = n.approver_id, approved_on = n.approved_on, rejected_on = n.rejected_on,
    paid_on = n.paid_on, reason = n.reason
FROM unnest(
    $1::uuid[], $2::text[], $3::int[], $4::numeric[], $5::bigint[], $6::text[], $7::date[],
    $8::text[], $9::date[], $10::date[], $11::date[], $12::text[]
) AS n (id, status, version, accepted_quantity, amount_fen, inspector_id, accepted_on,
        approver_id, approved_on, rejected_on, paid_on, reason)
WHERE c.id = n.id
"""
_changing = attrgetter(
    "id",
    "status",
    "version",
    "accepted_quantity",
    "amount_fen",
    "inspector_id",
    "accepted_on",
    "approver_id",
    "approved_on",
    "rejected_on",
    "paid_on",
    "reason",
)
ADD_VERSIONS = """
INSERT INTO claim_version (claim_id, version, area_code, status, accepted_quantity, amount_fen, reason,
                           actor_id, happened_on, recorded_at)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::numeric[], $6::bigint[], $7::text[],
                     $8::text[], $9::date[], $10::timestamptz[])
"""
ADD_CLAIMS = f"""
INSERT INTO claim ({COLUMNS})
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::numeric[],
    $9::text[], $10::int[], $11::date[], $12::text[], $13::numeric[], $14::bigint[], $15::text[],
    $16::date[], $17::text[], $18::date[], $19::date[], $20::date[], $21::text[]
)
"""  # noqa: S608
ADD_EVIDENCE = """
INSERT INTO evidence (claim_id, position, area_code, photo_sha256, taken_at, latitude, longitude)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::float8[], $7::float8[])
"""


class Trace(NamedTuple):
    """Who changed claims, and when; it becomes a row of each claim's history."""

    actor_id: str
    at: datetime


def claim_of(row: Any) -> Claim:
    """Return a claim from a row with COLUMNS."""
    return Claim(**{name: row[name] for name in NAMES})


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


async def load_claims_for_change(
    driver: "Driver[Any]", ids: Iterable[UUID], *, area: str
) -> dict[UUID, Claim]:
    """Return the claims within an area by id, locked until the transaction ends."""
    rows = await driver.fetch(LOAD_FOR_CHANGE, list(set(ids)), area)
    return {row["id"]: claim_of(row) for row in rows}


async def add_claims(driver: "Driver[Any]", claims: Sequence[Claim]) -> None:
    """Insert new claims."""
    if claims:
        await driver.execute(ADD_CLAIMS, *_columns([_values(claim) for claim in claims]))


async def add_evidence(driver: "Driver[Any]", claims: Iterable[tuple[Claim, Sequence[Evidence]]]) -> None:
    """Insert the photos of new claims."""
    rows = [
        (
            claim.id,
            position,
            claim.area_code,
            photo.photo_sha256,
            photo.taken_at,
            photo.latitude,
            photo.longitude,
        )
        for claim, photos in claims
        for position, photo in enumerate(photos)
    ]
    if rows:
        await driver.execute(ADD_EVIDENCE, *_columns(rows))


async def save_claims(driver: "Driver[Any]", claims: Iterable[Claim]) -> None:
    """Store the present state of claims that were loaded for change."""
    rows = [_changing(claim) for claim in claims]
    if rows:
        await driver.execute(SAVE, *_columns(rows))


async def add_versions(driver: "Driver[Any]", claims: Sequence[tuple[Claim, Any]], trace: Trace) -> None:
    """Append states, each with the day it counts from, to the history of their claims."""
    rows = [
        (
            claim.id,
            claim.version,
            claim.area_code,
            claim.status,
            claim.accepted_quantity,
            claim.amount_fen,
            claim.reason,
            trace.actor_id,
            day,
            trace.at,
        )
        for claim, day in claims
    ]
    if rows:
        await driver.execute(ADD_VERSIONS, *_columns(rows))
