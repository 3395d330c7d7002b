"""A public notice (公示) and an announcement (公告): exactly the list that was frozen, with its hash."""

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from contracts.values import AREA_EXIT_NOTICE, EXIT_NOTICE
from services.registry.prints.household import NONE_GIVEN, Imprint
from services.registry.prints.words import (
    CHINESE_OF_ANSWER,
    CHINESE_OF_CRITERION,
    CHINESE_OF_NOTICE,
    CHINESE_OF_OUTCOME,
    CHINESE_OF_PROPOSAL,
    chinese_day,
    chinese_reason,
)
from services.registry.schemas.notice import AnnouncementWithList, NoticeWithList

LIST = "名单"
CHINESE_OF_SUBJECT = {AREA_EXIT_NOTICE: "退出指标完成情况"}
OBJECT = "对公示内容有异议的，请在公示期内向村委会、驻村工作队或乡（镇）提出，异议未答复前不进入下一程序。"


class Hanging(Struct, frozen=True, kw_only=True):
    """What hangs or hung in public: its frozen list byte by byte, and the days around it."""

    title: str
    words: str
    frozen: str
    list_sha256: str
    signed_on: date
    state: str = ""


class PrintedItem(Struct, frozen=True, kw_only=True):
    """A row of the list, as it was frozen."""

    number: int
    name: str
    persons: str
    proposal: str
    reason: str


class PrintedCriterion(Struct, frozen=True, kw_only=True):
    """A criterion of an area's exit, as it was frozen."""

    name: str
    observed: str
    limit: str
    as_of: str
    outcome: str


class PrintedNotice(Struct, frozen=True, kw_only=True):
    """What the paper says."""

    place: str
    title: str
    words: str
    state: str
    of_areas: bool
    items: list[PrintedItem]
    criteria: list[PrintedCriterion]
    list_sha256: str
    signed_on: str
    printed_at: str
    printed_by: str


def hanging_of_notice(notice: NoticeWithList) -> Hanging:
    """Return a notice as it hangs: how long, and where to object."""
    until = f"{chinese_day(notice.posted_on)}起至{chinese_day(notice.closes_on)}止，不少于{notice.min_days}天"
    voided = notice.voided_on
    return Hanging(
        title=f"建档立卡{CHINESE_OF_NOTICE[notice.kind]}",
        words=f"现将{CHINESE_OF_SUBJECT.get(notice.kind, LIST)}予以公示，公示期自{until}。{OBJECT}",
        frozen=notice.list,
        list_sha256=notice.list_sha256,
        signed_on=notice.posted_on,
        state="" if voided is None else f"本公示已于{chinese_day(voided)}作废",
    )


def hanging_of_announcement(announced: AnnouncementWithList) -> Hanging:
    """Return an announcement: what the county confirmed takes effect with it."""
    subject = "退出结果" if announced.kind == EXIT_NOTICE else "识别结果"
    return Hanging(
        title="建档立卡公告",
        words=f"经县级确认，现将{subject}予以公告，自{chinese_day(announced.published_on)}起生效。",
        frozen=announced.list,
        list_sha256=announced.list_sha256,
        signed_on=announced.published_on,
    )


def printed_notice(hanging: Hanging, imprint: Imprint) -> PrintedNotice:
    """Return the record of a notice or announcement, read from the frozen list itself."""
    listed = msgspec.json.decode(hanging.frozen.encode())
    of_areas = listed["kind"] == AREA_EXIT_NOTICE
    return PrintedNotice(
        place=imprint.place,
        title=hanging.title,
        words=hanging.words,
        state=hanging.state,
        of_areas=of_areas,
        items=[] if of_areas else [_item(number, one) for number, one in enumerate(listed["items"], 1)],
        criteria=[_criterion(each) for one in listed["items"] for each in one["criteria"]]
        if of_areas
        else [],
        list_sha256=hanging.list_sha256,
        signed_on=chinese_day(hanging.signed_on),
        printed_at=imprint.printed_at,
        printed_by=imprint.printed_by,
    )


def _item(number: int, one: dict[str, Any]) -> PrintedItem:
    return PrintedItem(
        number=number,
        name=one["name"],
        persons=str(one["persons"]),
        proposal=CHINESE_OF_PROPOSAL[one["proposal"]],
        reason=chinese_reason(one["reason"]),
    )


def _criterion(one: dict[str, Any]) -> PrintedCriterion:
    observed = one["observed"]
    return PrintedCriterion(
        name=CHINESE_OF_CRITERION.get(one["code"], one["code"]),
        observed=NONE_GIVEN if observed is None else CHINESE_OF_ANSWER.get(observed, observed),
        limit=CHINESE_OF_ANSWER.get(one["limit"], one["limit"]),
        as_of=NONE_GIVEN if one["as_of"] is None else chinese_day(one["as_of"]),
        outcome=CHINESE_OF_OUTCOME[one["outcome"]],
    )
