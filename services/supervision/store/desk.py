"""Laying a batch's dossiers on the desk, and putting away what changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from services.supervision.domain.checks.photo import whose_photo
from services.supervision.domain.desk import Desk, Heard, next_due, photos_of
from services.supervision.domain.rule import Rulebook
from services.supervision.store import projection
from services.supervision.store.finding import save_findings

Driver = asyncpg.Connection


async def open_desk(driver: "Driver[Any]", rules: Rulebook, through: date | None) -> Desk:
    """Return a desk with nothing on it yet."""
    return Desk(rules=rules, programmes=await projection.load_programmes(driver), through=through)


async def lay_out(driver: "Driver[Any]", desk: Desk, households: Collection[UUID]) -> None:
    """Lay the dossiers of some households on the desk."""
    wanted = [household_id for household_id in households if household_id not in desk.dossiers]
    if wanted:
        desk.dossiers.update(await projection.load_dossiers(driver, wanted))


async def lay_out_photos(driver: "Driver[Any]", desk: Desk, hashes: Collection[str]) -> None:
    """Lay some photos on the desk."""
    wanted = [sha256 for sha256 in hashes if sha256 not in desk.photos]
    if wanted:
        desk.photos.update(await projection.load_photos(driver, wanted))


async def lay_out_shown(driver: "Driver[Any]", desk: Desk, heard: Sequence[Heard]) -> None:
    """Lay the photos that a batch shows or rejects on the desk, once its dossiers lie there."""
    await lay_out_photos(driver, desk, photos_of(heard, desk.dossiers))


async def lay_out_paid(driver: "Driver[Any]", desk: Desk, codes: Mapping[str, str]) -> None:
    """Lay the dossiers on the desk that were paid under a programme whose kind is new."""
    for code, kind in codes.items():
        if desk.programmes.get(code) != kind:
            await lay_out(driver, desk, await projection.paid_under(driver, code))


async def put_away(driver: "Driver[Any]", desk: Desk) -> None:
    """Save everything that changed and clear the desk."""
    if desk.touched:
        dossiers = [desk.dossiers[household_id] for household_id in desk.touched]
        rows = [(dossier, next_due(dossier, desk.rules, desk.through)) for dossier in dossiers]
        await projection.save_dossiers(driver, rows)
    if desk.touched_photos:
        photos = [desk.photos[sha256] for sha256 in desk.touched_photos]
        await projection.save_photos(driver, [(photo, whose_photo(photo).area_code) for photo in photos])
    if desk.programmes_changed:
        await projection.save_programmes(driver, desk.programmes)
    await save_findings(driver, desk.findings.values())
    desk.clear()
