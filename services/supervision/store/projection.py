"""Dossiers, photos and programmes: loaded and saved a whole batch at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from services.supervision.collector import collector_at_rest
from services.supervision.domain.dossier import Dossier, Photo

Driver = asyncpg.Connection

LOAD_DOSSIERS = "SELECT state::text FROM dossier WHERE household_id = ANY($1)"
SAVE_DOSSIERS = """
INSERT INTO dossier (household_id, area_code, next_due, last_told, state)
SELECT n.household_id, n.area_code, n.next_due, n.last_told, n.state::jsonb
FROM unnest($1::uuid[], $2::text[], $3::date[], $4::uuid[], $5::text[])
    AS n (household_id, area_code, next_due, last_told, state)
ON CONFLICT (household_id) DO UPDATE SET area_code = excluded.area_code, next_due = excluded.next_due,
    last_told = excluded.last_told, state = excluded.state
"""
LOAD_PHOTOS = "SELECT state::text FROM photo WHERE sha256 = ANY($1)"
SAVE_PHOTOS = """
INSERT INTO photo (sha256, area_code, state)
SELECT n.sha256, n.area_code, n.state::jsonb FROM unnest($1::text[], $2::text[], $3::text[]) AS n (sha256, area_code, state)
ON CONFLICT (sha256) DO UPDATE SET area_code = excluded.area_code, state = excluded.state
"""
PROGRAMMES = "SELECT code, kind FROM programme ORDER BY code"
SAVE_PROGRAMMES = """
INSERT INTO programme (code, kind) SELECT * FROM unnest($1::text[], $2::text[])
ON CONFLICT (code) DO UPDATE SET kind = excluded.kind
"""
# Seldom asked: only when a programme is published after money was paid under its code.
PAID_UNDER = """
SELECT household_id FROM dossier
WHERE jsonb_path_exists(state, '$.payments.*.programme_code ? (@ == $code)', jsonb_build_object('code', $1::text))
"""
# Asked only when a round is closed or stated anew: not worth an index that every save would have to keep.
TOLD_AFTER = "SELECT household_id FROM dossier WHERE last_told > $1"
DUE = "SELECT household_id FROM dossier WHERE next_due <= $1"
EVERY = "SELECT household_id FROM dossier WHERE $1::uuid IS NULL OR household_id > $1 ORDER BY household_id LIMIT $2"
EVERY_PHOTO = "SELECT sha256 FROM photo WHERE sha256 > $1 ORDER BY sha256 LIMIT $2"
EMPTY = tuple(
    f"DELETE FROM {table}"  # noqa: S608
    for table in ("dossier", "photo", "programme", "round", "notice", "finding")
)

_dossier = msgspec.json.Decoder(Dossier)
_photo = msgspec.json.Decoder(Photo)
_encode = msgspec.json.Encoder().encode


async def load_dossiers(driver: "Driver[Any]", ids: Iterable[UUID]) -> dict[UUID, Dossier]:
    """Return the dossiers there are of some households."""
    rows = await driver.fetch(LOAD_DOSSIERS, list(ids))
    with collector_at_rest():
        found = [_dossier.decode(row["state"]) for row in rows]
    return {dossier.household_id: dossier for dossier in found}


async def save_dossiers(
    driver: "Driver[Any]", dossiers: Sequence[tuple[Dossier, date | None, UUID | None]]
) -> None:
    """Store dossiers, each with the next day on which the clock could matter and the registry's last word on it."""
    await driver.execute(
        SAVE_DOSSIERS,
        [dossier.household_id for dossier, _, _ in dossiers],
        [dossier.area_code for dossier, _, _ in dossiers],
        [due for _, due, _ in dossiers],
        [told for _, _, told in dossiers],
        [_encode(dossier).decode() for dossier, _, _ in dossiers],
    )


async def load_photos(driver: "Driver[Any]", hashes: Iterable[str]) -> dict[str, Photo]:
    """Return the photos there are of some hashes."""
    rows = await driver.fetch(LOAD_PHOTOS, list(hashes))
    return {photo.sha256: photo for photo in (_photo.decode(row["state"]) for row in rows)}


async def save_photos(driver: "Driver[Any]", photos: Sequence[tuple[Photo, str]]) -> None:
    """Store photos, each with the division that holds its claims."""
    await driver.execute(
        SAVE_PHOTOS,
        [photo.sha256 for photo, _ in photos],
        [area for _, area in photos],
        [_encode(photo).decode() for photo, _ in photos],
    )


async def load_programmes(driver: "Driver[Any]") -> dict[str, str]:
    """Return the kind of every programme by its code."""
    return {row["code"]: row["kind"] for row in await driver.fetch(PROGRAMMES)}


async def save_programmes(driver: "Driver[Any]", programmes: Mapping[str, str]) -> None:
    """Store programmes."""
    await driver.execute(SAVE_PROGRAMMES, list(programmes), list(programmes.values()))


async def paid_under(driver: "Driver[Any]", code: str) -> set[UUID]:
    """Return the households that were paid under a programme's code."""
    return {row["household_id"] for row in await driver.fetch(PAID_UNDER, code)}


async def told_after(driver: "Driver[Any]", event_id: UUID) -> list[UUID]:
    """Return the households of which the registry has spoken after an event."""
    return [row["household_id"] for row in await driver.fetch(TOLD_AFTER, event_id)]


async def due_by(driver: "Driver[Any]", day: date) -> list[UUID]:
    """Return the households at which the clock must look by a day."""
    return [row["household_id"] for row in await driver.fetch(DUE, day)]


async def every_household(driver: "Driver[Any]", after: UUID | None, limit: int) -> list[UUID]:
    """Return household ids in order, some at a time."""
    return [row["household_id"] for row in await driver.fetch(EVERY, after, limit)]


async def every_photo(driver: "Driver[Any]", after: str, limit: int) -> list[str]:
    """Return photo hashes in order, some at a time."""
    return [row["sha256"] for row in await driver.fetch(EVERY_PHOTO, after, limit)]


async def empty(driver: "Driver[Any]") -> None:
    """Forget everything that is folded from the trail."""
    for statement in EMPTY:
        await driver.execute(statement)
