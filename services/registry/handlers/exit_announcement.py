"""Announcing exits: what a closed exit notice listed takes effect, and the policies are kept from that day on."""

from datetime import date
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound, Refusal
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from contracts.values import EXIT_NOTICE
from services.registry.domain import leaving as domain
from services.registry.domain import notice as notices
from services.registry.domain.effect import refuse_effects
from services.registry.domain.errors.life_cycle import HouseholdNotInPreExit
from services.registry.domain.errors.notice import NoticeNotClosed
from services.registry.domain.exit_criteria import EXITED
from services.registry.domain.freshness import add_months
from services.registry.domain.household import Decision, Household
from services.registry.domain.notice import EXIT
from services.registry.domain.rule_pack import RulePack
from services.registry.handlers.announcement import Day, publish
from services.registry.handlers.decided import Decided, decided_of, save_decided
from services.registry.handlers.leaving import HOUSEHOLD_LEFT, leave_rounds
from services.registry.handlers.notice import load_hanging
from services.registry.handlers.posting import Said, masked
from services.registry.schemas.notice import AnnouncementRequest
from services.registry.store import household as households
from services.registry.store import notice as notice_store
from services.registry.store import pre_exit as store
from services.registry.store.pre_exit import PreExit

CRITERIA_MET = "exit-criteria-met"


async def announce_exit(notice_id: UUID, request: AnnouncementRequest, unit: UnitOfWork) -> Answer:
    """Announce the exits of a closed notice."""
    unit.require(CLERK, OFFICER)
    async with unit:
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
    day = Day(on=on, today=unit.today)
    decided: list[Decided] = []
    refused: list[tuple[UUID, Refusal]] = []
    for one in listed:
        try:
            decision = _decide(known.get(one), pending.get(one), day)
        except Refusal as refusal:
            refused.append((one, refusal))
        else:
            decided.append(decided_of(decision, CRITERIA_MET, unit))
    refuse_effects(refused)
    kept_until = add_months(on, pack.exit.policy_kept_months)
    await store.end_pending(unit.driver, dict.fromkeys(listed, kept_until), outcome=EXITED, on=on)
    await save_decided(unit, decided)


def _decide(household: Household | None, pending: PreExit | None, day: Day) -> Decision:
    if household is None:
        raise NotFound("No such household.")
    if pending is None:
        raise HouseholdNotInPreExit
    return domain.exit_noticed(household, pending.assessment, reason=CRITERIA_MET, on=day.on, today=day.today)
