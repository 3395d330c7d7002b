"""Laying a batch's dossiers on the desk, and putting away what changed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from services.supervision.domain.checks.every import next_due
from services.supervision.domain.checks.photo import whose_photo
from services.supervision.domain.desk import Desk, photos_of
from services.supervision.domain.dossier import last_told
from services.supervision.domain.fold.every import REGISTER_FACTS
from services.supervision.domain.fold.sheet import NOTICE_FOLDS, ROUND_FOLDS
from services.supervision.domain.heard import Heard
from services.supervision.domain.rule import Rulebook
from services.supervision.hearing import codes_of, households_of
from services.supervision.store import projection, sheet
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


async def lay_out_rounds(driver: "Driver[Any]", desk: Desk) -> None:
    """Pin every round to the board: they are few, and each household may concern any of them."""
    if not desk.board.holds_every_round:
        desk.board.rounds.update(await sheet.load_rounds(driver))
        desk.board.holds_every_round = True


async def lay_out_notices(driver: "Driver[Any]", desk: Desk, notices: Collection[UUID]) -> None:
    """Pin some notices to the board."""
    wanted = [notice_id for notice_id in notices if notice_id not in desk.board.notices]
    if wanted:
        desk.board.notices.update(await sheet.load_notices(driver, wanted))


async def lay_out_batch(driver: "Driver[Any]", desk: Desk, batch: Sequence[Heard]) -> None:
    """Lay out everything that a batch concerns, in a few statements whatever its size."""
    await lay_out(driver, desk, households_of(batch))
    await lay_out_photos(driver, desk, photos_of(batch, desk.dossiers))
    await _lay_out_paid(driver, desk, batch)
    await _lay_out_sheets(driver, desk, batch)


async def _lay_out_paid(driver: "Driver[Any]", desk: Desk, batch: Sequence[Heard]) -> None:
    """Lay the dossiers on the desk that were paid under a programme whose kind is new."""
    for code, kind in codes_of(batch).items():
        if desk.programmes.get(code) != kind:
            await lay_out(driver, desk, await projection.paid_under(driver, code))


async def _lay_out_sheets(driver: "Driver[Any]", desk: Desk, batch: Sequence[Heard]) -> None:
    counted = [each for each in batch if type(each.fact) in ROUND_FOLDS]
    if counted or any(type(each.fact) in REGISTER_FACTS for each in batch):
        await lay_out_rounds(driver, desk)
    for each in counted:
        await _lay_out_late(driver, desk, each)
    await lay_out_notices(
        driver, desk, {each.fact.notice_id for each in batch if type(each.fact) in NOTICE_FOLDS}
    )


async def _lay_out_late(driver: "Driver[Any]", desk: Desk, counted: Heard) -> None:
    """Lay out whom a round must be compared with: households that were late, and those told of after its counting."""
    known = desk.board.rounds.get(counted.fact.round_id)
    await lay_out(driver, desk, known.late if known else ())
    await lay_out(driver, desk, await projection.told_after(driver, counted.event_id))


async def put_away(driver: "Driver[Any]", desk: Desk) -> None:
    """Save everything that changed and clear the desk."""
    if desk.touched:
        dossiers = [desk.dossiers[household_id] for household_id in desk.touched]
        rows = [
            (dossier, next_due(dossier, desk.rules, desk.through), last_told(dossier)) for dossier in dossiers
        ]
        await projection.save_dossiers(driver, rows)
    if desk.touched_photos:
        photos = [desk.photos[sha256] for sha256 in desk.touched_photos]
        await projection.save_photos(driver, [(photo, whose_photo(photo).area_code) for photo in photos])
    if desk.programmes_changed:
        await projection.save_programmes(driver, desk.programmes)
    await sheet.save_rounds(driver, [desk.board.rounds[each] for each in desk.board.touched_rounds])
    await sheet.save_notices(driver, [desk.board.notices[each] for each in desk.board.touched_notices])
    await save_findings(driver, desk.findings.values())
    desk.clear()
