"""An objection to a notice: filed while the list hangs, answered by somebody else, before the next step."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events import notice as facts
from contracts.values import ADD, KEEP, REMOVE
from services.registry.domain.division import division_prefix
from services.registry.domain.errors.notice import NoticeDayInvalid, ObjectionDecided, ObjectionSamePerson
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.notice import OBJECTION_UPHELD, Notice, check_not_before, check_open
from services.registry.domain.procedure import CHECKED, Entry, is_behind, turn_down
from services.registry.domain.rule_pack import RulePack

UPHELD: Final = "upheld"
DISMISSED: Final = "dismissed"
OUTCOMES: Final = (UPHELD, DISMISSED)
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


def file(notice: Notice, objection: Objection, *, today: date) -> facts.ObjectionFiled:
    """Take an objection while the list hangs; its closing waits for the answer."""
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
