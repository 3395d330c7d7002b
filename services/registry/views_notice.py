"""Notices, objections and announcements as they are read; what hangs in public may be read by every office."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from services.registry.domain.notice import Notice
from services.registry.schemas import notice as answer
from services.registry.store import notice as notices
from services.registry.store import objection as objections
from services.registry.store.announcement import Announcement

SHOW = f"""
SELECT {notices.COLUMNS}, place, photo_sha256, latitude, longitude, posted_by, closed_by, recorded_at, list,
    (SELECT count(*) FROM objection AS o WHERE o.notice_id = notice.id AND o.outcome IS NULL) AS open_objections
FROM notice WHERE id = $1 AND starts_with(area_code, $2)
"""  # noqa: S608
LIST = f"""
SELECT {notices.COLUMNS} FROM notice
WHERE starts_with(area_code, $1) AND ($2::uuid IS NULL OR round_id = $2) AND ($3::text IS NULL OR area_code = $3)
  AND ($4::text IS NULL OR kind = $4) AND ($5::uuid IS NULL OR id > $5)
ORDER BY id LIMIT $6
"""  # noqa: S608
OBJECTIONS = f"""
SELECT {objections.COLUMNS}, sealed, sealed_answer FROM objection
WHERE notice_id = $1 AND starts_with(area_code, $2) AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4
"""  # noqa: S608
_ANNOUNCED = (
    "id, kind, area_code, round_id, notice_id, published_on, place, photo_sha256, households, list_sha256"
)
ANNOUNCEMENTS = f"""
SELECT {_ANNOUNCED} FROM announcement
WHERE round_id = $1 AND starts_with(area_code, $2) AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4
"""  # noqa: S608
ANNOUNCEMENT = f"""
SELECT {_ANNOUNCED}, published_by, recorded_at, list FROM announcement
WHERE id = $1 AND starts_with(area_code, $2)
"""  # noqa: S608

READS_WORDS = frozenset({roles.CLERK, roles.OFFICER})


def summary_of(notice: Notice) -> answer.Notice:
    """Return a notice without its list."""
    return answer.Notice(**asdict(notice))


def announcement_of(announced: Announcement) -> answer.Announcement:
    """Return an announcement without its list."""
    known = {name: getattr(announced, name) for name in answer.Announcement.model_fields}
    return answer.Announcement(**known)


async def show_notice(unit: UnitOfWork, notice_id: UUID) -> answer.NoticeWithList:
    """Return a notice with its list."""
    row = await unit.driver.fetchrow(SHOW, notice_id, unit.principal.area)
    if row is None:
        raise NotFound
    return answer.NoticeWithList(**{**row, "list": row["list"].decode()})


async def list_notices(
    unit: UnitOfWork,
    *,
    round_id: UUID | None,
    village: str | None,
    kind: str | None,
    cursor: str | None,
    limit: int,
) -> Page[answer.Notice]:
    """Return notices in the order they were posted."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(LIST, unit.principal.area, round_id, village, kind, last, limit + 1)
    return page_of(found, limit, lambda row: answer.Notice(**row), lambda row: (row["id"],))


async def list_objections(
    unit: UnitOfWork, notice_id: UUID, *, cursor: str | None, limit: int
) -> Page[answer.ObjectionWithWords]:
    """Return the objections to a notice, in the order they were filed."""
    if await notices.find_notice(unit.driver, notice_id, area=unit.principal.area) is None:
        raise NotFound
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(OBJECTIONS, notice_id, unit.principal.area, last, limit + 1)
    may_read = not unit.principal.roles.isdisjoint(READS_WORDS)
    return page_of(
        found, limit, lambda row: _objection(row, unit, may_read=may_read), lambda row: (row["id"],)
    )


async def list_announcements(
    unit: UnitOfWork, round_id: UUID, *, cursor: str | None, limit: int
) -> Page[answer.Announcement]:
    """Return what was announced of a round, in its order."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(ANNOUNCEMENTS, round_id, unit.principal.area, last, limit + 1)
    return page_of(found, limit, lambda row: answer.Announcement(**row), lambda row: (row["id"],))


async def show_announcement(unit: UnitOfWork, announcement_id: UUID) -> answer.AnnouncementWithList:
    """Return an announcement with its list."""
    row = await unit.driver.fetchrow(ANNOUNCEMENT, announcement_id, unit.principal.area)
    if row is None:
        raise NotFound
    return answer.AnnouncementWithList(**{**row, "list": row["list"].decode()})


def _objection(row: Any, unit: UnitOfWork, *, may_read: bool) -> answer.ObjectionWithWords:
    known = {name: row[name] for name in answer.Objection.model_fields}
    if not may_read:
        return answer.ObjectionWithWords(**known, by=None, text=None, answer=None)
    words = objections.open_words(unit.cipher, row["sealed"])
    sealed_answer = row["sealed_answer"]
    return answer.ObjectionWithWords(
        **known,
        by=words.by,
        text=words.text,
        answer=unit.cipher.decrypt(sealed_answer) if sealed_answer else None,
    )
