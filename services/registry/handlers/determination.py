"""Making one of the four determinations over an area: every household that stands before it, in one go."""

from collections import Counter
from uuid import UUID

from chassis.answers import Answer
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.values import ADD
from services.registry.domain import determination as domain
from services.registry.domain.determination import CONFIRMED, SENT_BACK, Determination, Objected
from services.registry.domain.division import CODE_LENGTH, division_prefix
from services.registry.domain.procedure import TURNED_DOWN
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.rule_pack_check import DETERMINING
from services.registry.handlers.candidate import turn_back
from services.registry.handlers.round import load_open_round
from services.registry.schemas import determination as schema
from services.registry.store import determination as store
from services.registry.store import entry as entries
from services.registry.store.cross_check import open_ruling_out
from services.registry.store.meeting import list_annulled


async def make_determination(
    round_id: UUID, request: schema.DeterminationRequest, unit: UnitOfWork
) -> Answer:
    """Record a determination over an area."""
    # Which of them makes which is the rule pack's to say.
    unit.require(*DETERMINING)
    made = _determination(round_id, request, unit)
    unit.require_area(made.area)
    async with unit:
        _, pack = await load_open_round(unit, round_id)
        domain.check_determination(made, pack, roles=unit.principal.roles, today=unit.today)
        standing = await entries.lock_area(unit.driver, round_id, made.area)
        objected = [Objected(**each.model_dump()) for each in request.turned_down]
        determined = domain.determine(made, standing, objected, pack)
        evaluated = domain.to_be_evaluated(made, determined)
        domain.refuse_annulled(await list_annulled(unit.driver, round_id, evaluated), pack)
        earlier = await store.list_earlier(unit.driver, made, store.villages_of(determined))
        domain.refuse_same_person(made.kind, earlier, pack)
        await _refuse_ruled_out(unit, domain.to_be_added(determined), pack)
        await entries.save_entries(unit.driver, round_id, [each.after for each in determined])
        turned_down = [each.before for each in determined if each.outcome == TURNED_DOWN]
        ended = [entry.household_id for entry in turned_down if entry.proposal == ADD]
        await turn_back(unit, ended, on=made.determined_on, pointer="/determined_on")
        counts = Counter(each.outcome for each in determined)
        await store.add_determination(
            unit.driver, made, determined, document=request.document, counts=counts, at=unit.now
        )
        area_code = made.area.ljust(CODE_LENGTH, "0")
        unit.record(domain.made_fact(made, determined), sequence=1, area=area_code)
        return unit.answer(_made(made, request.document, counts, unit), status=201)


async def _refuse_ruled_out(unit: UnitOfWork, adding: list[UUID], pack: RulePack) -> None:
    found = await open_ruling_out(unit.driver, adding, pack.ruled_out_by, area=unit.principal.area)
    domain.refuse_ruled_out(found, pack)


def _determination(round_id: UUID, request: schema.DeterminationRequest, unit: UnitOfWork) -> Determination:
    return Determination(
        id=new_id(),
        round_id=round_id,
        kind=request.determination,
        area=division_prefix(request.area),
        determined_on=request.determined_on,
        actor_id=unit.principal.actor_id,
    )


def _made(made: Determination, document: str, counts: Counter[str], unit: UnitOfWork) -> schema.Determination:
    return schema.Determination(
        id=made.id,
        round_id=made.round_id,
        determination=made.kind,
        area=made.area,
        determined_on=made.determined_on,
        document=document,
        confirmed=counts[CONFIRMED],
        turned_down=counts[TURNED_DOWN],
        sent_back=counts[SENT_BACK],
        actor_id=made.actor_id,
        recorded_at=unit.now,
    )
