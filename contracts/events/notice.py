"""What the registry publishes about public notices, objections and announcements."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts import topics
from contracts.values import PUBLIC, AreaCode, NoticeKind, Sha256


class NoticeFact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every fact about one public notice carries its id and its place."""

    topic: ClassVar[str] = topics.NOTICE
    data_class: ClassVar[str] = PUBLIC
    subject_kind: ClassVar[str] = "notice"

    notice_id: UUID
    area_code: AreaCode

    def subject_id(self) -> str:
        """Return the notice's id."""
        return str(self.notice_id)


class NoticePosted(NoticeFact, frozen=True, kw_only=True):
    """A masked list was posted in public and frozen by its hash."""

    event_type: ClassVar[str] = "registry.notice-posted.v1"

    kind: NoticeKind
    round_id: UUID | None = None
    posted_on: date
    min_days: int
    closes_on: date
    households: int
    list_sha256: Sha256


class NoticeClosed(NoticeFact, frozen=True, kw_only=True):
    """A notice hung its whole time and no objection is open."""

    event_type: ClassVar[str] = "registry.notice-closed.v1"

    kind: NoticeKind
    posted_on: date
    min_days: int
    closed_on: date
    # The first day on which it might be closed; absent where its days count from the posting.
    closes_on: date | None = None


class NoticeReopened(NoticeFact, frozen=True, kw_only=True):
    """The closing of a notice was undone: an objection that was filed in time was entered after it."""

    event_type: ClassVar[str] = "registry.notice-reopened.v1"

    reopened_on: date


class NoticeVoided(NoticeFact, frozen=True, kw_only=True):
    """The list of a notice changed, so the notice counts for nothing and must be posted again."""

    event_type: ClassVar[str] = "registry.notice-voided.v1"

    voided_on: date
    reason: str


class NoticeCutShort(NoticeFact, frozen=True, kw_only=True):
    """It became known that a notice was taken down before its time."""

    event_type: ClassVar[str] = "registry.notice-cut-short.v1"

    posted_on: date
    taken_down_on: date
    min_days: int
    reason: str
    # The first day on which it might have come down; absent where its days count from the posting.
    closes_on: date | None = None


class ObjectionFiled(NoticeFact, frozen=True, kw_only=True):
    """Somebody objected to a notice; its next step waits for the answer."""

    event_type: ClassVar[str] = "registry.objection-filed.v1"

    objection_id: UUID
    filed_on: date
    channel: str


class ObjectionDecided(NoticeFact, frozen=True, kw_only=True):
    """An objection was answered."""

    event_type: ClassVar[str] = "registry.objection-decided.v1"

    objection_id: UUID
    decided_on: date
    outcome: str


class AnnouncementPublished(NoticeFact, frozen=True, kw_only=True):
    """The county's result was announced in the village; decisions take effect with it."""

    event_type: ClassVar[str] = "registry.announcement-published.v1"

    kind: NoticeKind
    round_id: UUID | None = None
    published_on: date
    households: int


EVENTS = (
    NoticePosted,
    NoticeClosed,
    NoticeReopened,
    NoticeVoided,
    NoticeCutShort,
    ObjectionFiled,
    ObjectionDecided,
    AnnouncementPublished,
)
