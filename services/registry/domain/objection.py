"""An objection to a notice: filed while the list hangs, answered by somebody else, before the next step."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events import notice as facts
from contracts.values import (
    ADD,
    AREA_EXIT_NOTICE,
    EXIT_NOTICE,
    FIRST_NOTICE,
    KEEP,
    REMOVE,
    SECOND_NOTICE,
)
from services.registry.domain.division import division_prefix
from services.registry.domain.errors.notice import (
    NoticeDayInvalid,
    NoticeNotOpen,
    NoticeUsed,
    ObjectionDecided,
    ObjectionSamePerson,
)
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.notice import (
    OBJECTION_UPHELD,
    OPEN,
    VOIDED,
    Notice,
    check_not_before,
    check_open,
)
from services.registry.domain.procedure import CHECKED, Entry, is_behind, turn_down
from services.registry.domain.rule_pack import RulePack

UPHELD: Final = "upheld"
DISMISSED: Final = "dismissed"
OUTCOMES: Final = (UPHELD, DISMISSED)
IN_TIME: Final = "objection-in-time"
# What is done about a list on which the county has built already.
INSTEAD: Final = {
    FIRST_NOTICE: "Until the county has confirmed, object to the notice that follows, or let the village propose otherwise.",
    SECOND_NOTICE: "Until the county has confirmed, let the village propose otherwise; after that, in the next round.",
    EXIT_NOTICE: "Before its announcement take the pre-exit back; after it a visit that finds poverty lets the household return.",
    AREA_EXIT_NOTICE: "Until the area has left, correct its figures and post the notice anew; after that tell the auditors.",
}
CHANNELS: Final = ("in-person", "telephone", "letter", "box", "online")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What is known of an objection beside its sealed words; without a household it is about the whole list."""

    id: UUID
    notice_id: UUID
    area_code: str
    household_id: UUID | None
    channel: str
    filed_on: date
    filed_by: str
    outcome: str | None = None
    decided_on: date | None = None
    decided_by: str | None = None


def check_in_time(notice: Notice, pack: RulePack, *, filed_on: date, is_used: bool) -> None:
    """Take what was filed while the list hung, also when it is entered late; not once anything else rests on it.

    What is objected to must be weighed before the next step is taken (国开办发〔2014〕24号, 两公示一公告).
    """
    if notice.state == OPEN:
        return
    rule, basis = IN_TIME, pack.basis(IN_TIME)
    if notice.state == VOIDED:
        message = "The notice is void: object to the one that is posted instead."
        raise NoticeNotOpen(message, rule=rule, basis=basis)
    hung_until = min(day for day in (notice.closed_on, notice.taken_down_on) if day is not None)
    if filed_on > hung_until:
        message = f"The notice hung until {hung_until.isoformat()}. {INSTEAD[notice.kind]}"
        raise NoticeNotOpen(message, pointer="/filed_on", rule=rule, basis=basis)
    if is_used:
        message = f"The procedure has gone on from the notice, or back before it. {INSTEAD[notice.kind]}"
        raise NoticeUsed(message, rule=rule, basis=basis)


def file(notice: Notice, objection: Objection, *, today: date) -> facts.ObjectionFiled:
    """Take an objection to an open notice; its closing waits for the answer."""
    check_open(notice)
    if objection.filed_on > today:
        raise DateInFuture(pointer="/filed_on")
    check_not_before(notice, objection.filed_on, "/filed_on")
    return facts.ObjectionFiled(
        notice_id=notice.id,
        area_code=division_prefix(notice.area_code),
        objection_id=objection.id,
        filed_on=objection.filed_on,
        channel=objection.channel,
    )


def decide(
    objection: Objection, pack: RulePack, *, outcome: str, by: str, on: date, today: date
) -> tuple[Objection, facts.ObjectionDecided]:
    """Answer an objection once; not by the one who recorded it."""
    if objection.outcome is not None:
        raise ObjectionDecided
    if by == objection.filed_by:
        rule = "objection-second-person"
        raise ObjectionSamePerson(rule=rule, basis=pack.basis(rule))
    if on > today:
        raise DateInFuture(pointer="/decided_on")
    if on < objection.filed_on:
        raise NoticeDayInvalid("The objection was filed later.", pointer="/decided_on")
    decided = replace(objection, outcome=outcome, decided_on=on, decided_by=by)
    return decided, facts.ObjectionDecided(
        notice_id=objection.notice_id,
        area_code=division_prefix(objection.area_code),
        objection_id=objection.id,
        decided_on=on,
        outcome=outcome,
    )


def uphold(entry: Entry, *, on: date) -> Entry:
    """Return an entry after an objection to it was upheld: an addition ends, anything else is evaluated anew.

    What would have been removed is to be kept, as after any other refusal; the village may propose something else.
    """
    if entry.proposal == ADD:
        return turn_down(entry, OBJECTION_UPHELD)
    kept = replace(entry, proposal=KEEP, reason=None) if entry.proposal == REMOVE else entry
    if not is_behind(entry, CHECKED):
        return kept
    return replace(kept, step=CHECKED, step_on=max(entry.step_on, on))
