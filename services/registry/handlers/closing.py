"""Signing a round off, and stating a closed round's numbers anew."""

from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.roles import OFFICER
from services.registry import figures_round, rules, views_round
from services.registry.domain import closing as domain
from services.registry.domain.closing import Numbers, Statement
from services.registry.domain.errors.round import RoundStillOpen
from services.registry.domain.round import Round, refuse_closed
from services.registry.domain.rule_pack import RulePack
from services.registry.handlers.candidate import turn_back
from services.registry.schemas.round import ClosingRequest, RestatementRequest
from services.registry.store import round as store
from services.registry.store.row import COUNTY_DIGITS


async def close_round(round_id: UUID, request: ClosingRequest, unit: UnitOfWork) -> Answer:
    """Sign a round off once every household of it is decided and its numbers close."""
    unit.require(OFFICER)
    async with unit:
        one, pack = await _lock(round_id, unit)
        refuse_closed(one)
        tally = await figures_round.tally(
            unit.driver, one, unit.today, is_ending_additions=request.end_additions
        )
        closed = domain.close(one, tally, pack, by=unit.principal.actor_id, on=unit.today, at=unit.now)
        undecided = await store.save_closed(unit.driver, closed)
        await turn_back(unit, undecided, on=unit.today)
        statement = _statement(1, None, tally.numbers, unit)
        await store.add_statement(unit.driver, round_id, statement)
        unit.record(domain.closed_fact(closed, tally.numbers), sequence=2, area=closed.area_code)
        return unit.answer(views_round.statement_of(closed, statement), status=201)


async def restate_round(round_id: UUID, request: RestatementRequest, unit: UnitOfWork) -> Answer:
    """State the numbers of a closed round as they are known now."""
    unit.require(OFFICER)
    async with unit:
        one, pack = await _lock(round_id, unit)
        if one.closed_on is None:
            raise RoundStillOpen
        *_, last = await store.list_statements(unit.driver, round_id)
        tally = await figures_round.tally(unit.driver, one, one.closed_on)
        fact = domain.restate(one, last.numbers, tally, pack, reason=request.reason, on=unit.today)
        statement = _statement(last.number + 1, request.reason, tally.numbers, unit)
        await store.add_statement(unit.driver, round_id, statement)
        unit.record(fact, sequence=statement.number + 1, area=one.area_code)
        return unit.answer(views_round.statement_of(one, statement), status=201)


async def _lock(round_id: UUID, unit: UnitOfWork) -> tuple[Round, RulePack]:
    seen = await store.find_round(unit.driver, round_id, area=unit.principal.area)
    if seen is None:
        raise NotFound
    # Who sees a part of the area only would count a part only.
    unit.require_area(seen.scope)
    # Whatever changes the register meanwhile is counted, or it is recorded and told of later than the numbers.
    await store.lock_rounds(unit.driver, seen.scope[:COUNTY_DIGITS])
    unit.now = unit.runtime.clock.now()
    one = await store.lock_round(unit.driver, round_id, area=unit.principal.area) or seen
    return one, await rules.load_pack(unit.driver, one.rule_pack, one.rule_pack_version)


def _statement(number: int, reason: str | None, numbers: Numbers, unit: UnitOfWork) -> Statement:
    return Statement(
        number=number,
        stated_on=unit.today,
        stated_by=unit.principal.actor_id,
        stated_at=unit.now,
        reason=reason,
        numbers=numbers,
    )
