"""Notices, objections and announcements on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry import fields
from services.registry.domain.objection import CHANNELS, OUTCOMES
from services.registry.schemas.request import Request

MAX_TEXT = 2_000
Text = Annotated[str, Field(pattern=r"^[^\p{C}\s]([^\p{C}\n]|\n)*$", min_length=1, max_length=MAX_TEXT)]


class Hung(Request):
    """Where something hangs in public, with its photo by hash."""

    place: fields.OpenLine
    photo_sha256: fields.Sha256


class Posted(Hung):
    """A list that hangs since a day."""

    village_code: fields.VillageCode
    posted_on: fields.Day
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


class NoticeRequest(Posted):
    """One of the two notices of a round in a village; its list is computed."""

    kind: Literal["first-notice", "second-notice"]


class ClosureRequest(Request):
    """The day on which a notice had hung its whole time."""

    on: fields.Day


class TakedownRequest(Request):
    """The day on which a notice was taken down, as it became known, and why."""

    taken_down_on: fields.Day
    reason: fields.ReasonCode


class ObjectionRequest(Request):
    """An objection to a list, or to one household's place on it or missing from it."""

    household_id: UUID | None = None
    channel: Annotated[str, Field(pattern=f"^({'|'.join(CHANNELS)})$")]
    by: fields.Name
    text: Text
    filed_on: fields.Day


class DecisionRequest(Request):
    """The answer to an objection."""

    outcome: Annotated[str, Field(pattern=f"^({'|'.join(OUTCOMES)})$")]
    answer: Text
    decided_on: fields.Day


class RoundAnnouncementRequest(Hung):
    """The county's result, announced in a village."""

    village_code: fields.VillageCode
    published_on: fields.Day


class AnnouncementRequest(Hung):
    """What a closed notice listed, announced in its village."""

    published_on: fields.Day


class Notice(BaseModel):
    """A notice, without its list."""

    id: UUID
    kind: str
    area_code: str
    round_id: UUID | None
    rule_pack: str
    rule_pack_version: int
    state: str
    version: int
    posted_on: date
    min_days: int
    closes_on: date
    households: int
    list_sha256: str
    closed_on: date | None
    voided_on: date | None
    void_reason: str | None
    taken_down_on: date | None
    announced_on: date | None


class NoticeWithList(Notice):
    """A notice with its masked list as it hangs; `list_sha256` is the SHA-256 of `list`, byte by byte."""

    place: str
    photo_sha256: str
    latitude: float | None
    longitude: float | None
    posted_by: str
    closed_by: str | None
    recorded_at: datetime
    open_objections: int
    list: str


class Objection(BaseModel):
    """An objection; who objects and every word are shown to those who answer it only."""

    id: UUID
    notice_id: UUID
    household_id: UUID | None
    channel: str
    filed_on: date
    filed_by: str
    outcome: str | None
    decided_on: date | None
    decided_by: str | None


class ObjectionWithWords(Objection):
    """An objection with its words, as far as the caller may read them."""

    by: str | None
    text: str | None
    answer: str | None


class Announcement(BaseModel):
    """What was announced in a village; with it, decisions took effect."""

    id: UUID
    kind: str
    area_code: str
    round_id: UUID | None
    notice_id: UUID
    published_on: date
    place: str
    photo_sha256: str
    households: int
    list_sha256: str


class AnnouncementWithList(Announcement):
    """An announcement with its masked list; `list_sha256` is the SHA-256 of `list`, byte by byte."""

    published_by: str
    recorded_at: datetime
    list: str
