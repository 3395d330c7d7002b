"""What a change makes of each household: its new versions, its state, and the facts that tell of it.

The way back is here too: the former content is stated anew from the same days on, and the former state with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from msgspec import structs

from contracts.events import registry as facts
from contracts.values import (
    CLOSED,
    EXITED,
    ON_THE_REGISTER,
    REGISTERED,
    VERIFIED,
    WITHDRAWN,
    RegistrationBasis,
)
from services.registry.domain import household as domain
from services.registry.domain.change import Founding, state_of_founded
from services.registry.domain.errors.life_cycle import HouseholdClosed
from services.registry.domain.errors.register import HouseholdWithdrawn
from services.registry.domain.file import check_file
from services.registry.domain.household import Household
from services.registry.domain.timeline import Content, Edit, Stretch, carry_through, emptied_on
from services.registry.workbook.draft import HouseholdDraft

CHANGE_UNDONE = "change-undone"
Told = tuple[facts.HouseholdChanged | domain.Fact, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a file, valid from a day on."""

    since: date
    household: Household
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One household after a change; `standings` are its new states and why, `told` the facts with their sequence."""

    before: Household | None
    after: Household
    versions: tuple[Version, ...] = ()
    standings: tuple[Household, ...] = ()
    standing_reason: str | None = None
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What held of a household before a change was applied."""

    version: int
    status: str
    status_since: date
    village_since: date


def refuse_closed(household: Household) -> None:
    """Refuse a household whose file takes no more changes."""
    if household.status == WITHDRAWN:
        raise HouseholdWithdrawn
    if household.status == CLOSED:
        raise HouseholdClosed


def is_known_outside(household: Household) -> bool:
    """Others hear of a household from the day on which it comes onto the register."""
    return household.status not in domain.NOT_YET_REGISTERED


def restate(
    before: Household, stretches: Sequence[Stretch], edit: Edit, *, closing_reason: str | None, today: date
) -> Outcome:
    """Return a household with an edit carried through its days; emptied, it is closed."""
    refuse_closed(before)
    on = stretches[0].since
    edited = carry_through(stretches, edit)
    versions = _versions(before, edited, today)
    after = versions[-1].household if versions else before
    changed = domain.changed_fact(before, after, on=on)
    told: list[Told] = [(changed, after.version)] if changed is not None else []
    closed_on = emptied_on(edited)
    if closed_on is None:
        return Outcome(before=before, after=after, versions=versions, told=tuple(told))
    assert closing_reason is not None  # noqa: S101 - a file is never corrected to nobody
    closed, fact = domain.close(after, reason=closing_reason, on=closed_on, today=today)
    if is_known_outside(after):
        told.append((fact, closed.version))
    return Outcome(
        before=before,
        after=closed,
        versions=versions,
        standings=(closed,),
        standing_reason=closing_reason,
        told=tuple(told),
    )


def found(
    origin: Household, founding: Founding, *, new_id: UUID, basis: RegistrationBasis, on: date, today: date
) -> Outcome:
    """Return the household that splits off: it stands where its origin stands, from that day on."""
    draft = founding.content.draft
    status = state_of_founded(origin.status)
    domain.check_standing_day(origin, on)
    check_file(draft, today)
    first = Household(
        id=new_id,
        village_code=draft.village_code,
        file_number=draft.file_number,
        status=REGISTERED if status == VERIFIED else status,
        status_since=on,
        category=draft.category,
        persons=len(draft.members),
        version=1,
        content_version=1,
        village_since=on,
        recorded_at=origin.recorded_at,
    )
    versions = (Version(since=on, household=first, content=founding.content),)
    if not is_known_outside(first):
        return Outcome(before=None, after=first, versions=versions)
    registered = structs.replace(domain.registered_fact(first), basis=basis)
    if status != VERIFIED:
        return Outcome(before=None, after=first, versions=versions, told=((registered, 1),))
    verified, fact = domain.verify(first, on=on, today=today)
    told: tuple[Told, ...] = ((registered, 1), (fact, 2))
    return Outcome(before=None, after=verified, versions=versions, standings=(verified,), told=told)


def undo(now: Household, former: Former, stretches: Sequence[Stretch], *, today: date) -> Outcome:
    """Return a household with its former content from the same days on, and its former state."""
    on = stretches[0].since
    reopened = replace(now, status=former.status, status_since=former.status_since)
    versions = _versions(reopened, stretches, today)
    restored = replace(versions[-1].household, village_since=former.village_since)
    versions = (*versions[:-1], replace(versions[-1], household=restored))
    changed = domain.changed_fact(now, restored, on=on)
    told: tuple[Told, ...] = ((changed, restored.version),) if changed is not None else ()
    if now.status == former.status:
        return Outcome(before=now, after=restored, versions=versions, told=told)
    after, back = _reopened(restored, closed_on=now.status_since)
    return Outcome(
        before=now,
        after=after,
        versions=versions,
        standings=(after,),
        standing_reason=CHANGE_UNDONE,
        told=(*told, *back),
    )


def unfound(founded: Household, *, today: date) -> Outcome:
    """Return a household that had split off as one that never counted, whatever state it took from its origin."""
    withdrawn = replace(founded, status=WITHDRAWN, version=founded.version + 1)
    fact = facts.HouseholdWithdrawn(household_id=founded.id, withdrawn_on=today, reason=CHANGE_UNDONE)
    told: tuple[Told, ...] = ((fact, withdrawn.version),) if is_known_outside(founded) else ()
    return Outcome(
        before=founded, after=withdrawn, standings=(withdrawn,), standing_reason=CHANGE_UNDONE, told=told
    )


def recorded(outcome: Outcome, at: datetime) -> Outcome:
    """Return the outcome with the moment of its recording in every version and state."""
    return replace(
        outcome,
        after=replace(outcome.after, recorded_at=at),
        versions=tuple(
            replace(version, household=replace(version.household, recorded_at=at))
            for version in outcome.versions
        ),
        standings=tuple(replace(standing, recorded_at=at) for standing in outcome.standings),
    )


def _reopened(household: Household, *, closed_on: date) -> tuple[Household, list[Told]]:
    """Return the household with its next version, and what others hear: it is back where it was."""
    first = household.version + 1
    if household.status == EXITED:
        exited = facts.HouseholdExited(household_id=household.id, exited_on=closed_on, reason=CHANGE_UNDONE)
        return replace(household, version=first), [(exited, first)]
    if household.status not in ON_THE_REGISTER:
        return replace(household, version=first), []
    returned = facts.HouseholdReturned(household_id=household.id, returned_on=closed_on, reason=CHANGE_UNDONE)
    if household.status != VERIFIED:
        return replace(household, version=first), [(returned, first)]
    verified = facts.HouseholdVerified(
        household_id=household.id,
        village_code=household.village_code,
        persons=household.persons,
        category=household.category,
        verified_on=closed_on,
    )
    return replace(household, version=first + 1), [(returned, first), (verified, first + 1)]


def _versions(before: Household, stretches: Sequence[Stretch], today: date) -> tuple[Version, ...]:
    versions: list[Version] = []
    household = before
    for stretch in stretches:
        if stretch.content is None:
            break
        check_file(stretch.content.draft, today)
        stated = _stated(household, stretch.content.draft)
        household = domain.restate(household, stated, on=stretch.since, today=today)
        versions.append(Version(since=stretch.since, household=household, content=stretch.content))
    return tuple(versions)


def _stated(before: Household, draft: HouseholdDraft) -> Household:
    return replace(
        before,
        village_code=draft.village_code,
        file_number=draft.file_number,
        category=draft.category,
        persons=len(draft.members),
    )
