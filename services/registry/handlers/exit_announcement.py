"""Announcing exits: what a closed exit notice listed takes effect, and the policies are kept from that day on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound, Refusal
from chassis.unit_of_work import UnitOfWork
from contracts.events.registry import ExitAssessment
from contracts.roles import CLERK, OFFICER
from contracts.values import EXIT_NOTICE
from services.registry import rules
from services.registry.domain import leaving as domain
from services.registry.domain import notice as notices
from services.registry.domain.effect import refuse_effects
from services.registry.domain.errors.leaving import VisitUnknown
from services.registry.domain.errors.life_cycle import HouseholdNotInPreExit
from services.registry.domain.errors.notice import NoticeNotClosed
from services.registry.domain.exit_criteria import EXITED, Look, check_exit
from services.registry.domain.freshness import add_months
from services.registry.domain.household import Decision, Household
from services.registry.domain.notice import EXIT
from services.registry.domain.rule_pack import RulePack
from services.registry.handlers.announcement import Day, publish
from services.registry.handlers.decided import Decided, decided_of, save_decided
from services.registry.handlers.leaving import HOUSEHOLD_LEFT, leave_rounds, look_of
from services.registry.handlers.notice import load_hanging
from services.registry.handlers.posting import Said, masked
from services.registry.handlers.procedure import keep_rounds
from services.registry.schemas.notice import AnnouncementRequest
from services.registry.store import household as households
from services.registry.store import notice as notice_store
from services.registry.store import pre_exit as store
from services.registry.store import visit as visits
from services.registry.store.pre_exit import PreExit

CRITERIA_MET = "exit-criteria-met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What pre-exits rest on: their visits as they stand now, and the rule packs they were held against."""

    looks: Mapping[UUID, Look]
    packs: Mapping[tuple[str, int], RulePack]


async def announce_exit(notice_id: UUID, request: AnnouncementRequest, unit: UnitOfWork) -> Answer:
    """Announce the exits of a closed notice."""
    unit.require(CLERK, OFFICER)
    async with keep_rounds(unit):
        found = await load_hanging(unit, notice_id)
        if found.notice.kind != EXIT_NOTICE:
            raise NoticeNotClosed("Only an exit notice is announced by itself.")
        announced = notices.announce(found.notice, found.pack, on=request.published_on, today=unit.today)
        listed = await notice_store.list_listed(unit.driver, notice_id)
        said = {one: Said(proposal=EXIT, reason=None, since=request.published_on) for one in listed}
        items, _ = await masked(unit, said)
        await leave_rounds(unit, listed, HOUSEHOLD_LEFT)
        await _exit(unit, listed, found.pack, on=request.published_on)
        made = await publish(unit, announced, request, items)
        return unit.answer(made, status=201, location=f"/registry/v1/announcements/{made.id}")


async def _exit(unit: UnitOfWork, listed: list[UUID], pack: RulePack, *, on: date) -> None:
    known = await households.lock_households(unit.driver, listed, area=unit.principal.area)
    pending = await store.lock_pending(unit.driver, listed)
    grounds = await _load_grounds(unit, pending.values())
    day = Day(on=on, today=unit.today)
    decided: list[Decided] = []
    refused: list[tuple[UUID, Refusal]] = []
    for one in listed:
        try:
            decision = _decide(known.get(one), pending.get(one), grounds, day)
        except Refusal as refusal:
            refused.append((one, refusal))
        else:
            decided.append(decided_of(decision, CRITERIA_MET, unit))
    refuse_effects(refused)
    kept_until = add_months(on, pack.exit.policy_kept_months)
    await store.end_pending(unit.driver, dict.fromkeys(listed, kept_until), outcome=EXITED, on=on)
    await save_decided(unit, decided)


async def _load_grounds(unit: UnitOfWork, pending: Collection[PreExit]) -> Grounds:
    visit_ids = [one.assessment.visit_id for one in pending]
    seen = await visits.lock_visits(unit.driver, visit_ids, unit.cipher, area=unit.principal.area)
    versions = {(one.assessment.rule_pack, one.rule_pack_version) for one in pending}
    return Grounds(
        looks={visit.id: look_of(visit) for visit in seen.values()},
        packs={version: await rules.load_pack(unit.driver, *version) for version in versions},
    )


def _decide(household: Household | None, pending: PreExit | None, grounds: Grounds, day: Day) -> Decision:
    if household is None:
        raise NotFound("No such household.")
    if pending is None:
        raise HouseholdNotInPreExit
    assessment = _check_again(pending, grounds, household.village_code)
    return domain.exit_noticed(household, assessment, reason=CRITERIA_MET, on=day.on, today=day.today)


def _check_again(pending: PreExit, grounds: Grounds, area: str) -> ExitAssessment:
    """Hold the pre-exit against its visit as it stands now, as on its own day: what was corrected since decides."""
    rests_on = pending.assessment
    look = grounds.looks.get(rests_on.visit_id)
    if look is None:
        raise VisitUnknown
    pack = grounds.packs[rests_on.rule_pack, pending.rule_pack_version]
    return check_exit(look, pack, area, vote=pending.vote, signed=rests_on.signed, on=pending.on)
