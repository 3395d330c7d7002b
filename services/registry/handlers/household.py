"""Filing one household, and changing what its file says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from chassis.answers import Answer
from chassis.crypto import Cipher
from chassis.errors import NotFound, StaleVersion
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from contracts.values import CANDIDATE, REGISTERED
from services.registry import views
from services.registry.domain import household as domain
from services.registry.domain.errors.life_cycle import ProcedureRequired
from services.registry.domain.errors.register import NothingChanged, VillageUnknown
from services.registry.domain.file import asked_by_request, check_file
from services.registry.domain.household import Household
from services.registry.handlers.following import follow_households
from services.registry.handlers.notice import HOUSEHOLD_CHANGED, void_where_changed
from services.registry.handlers.procedure import keep_rounds, procedure_required
from services.registry.schemas import draft as form
from services.registry.schemas.request import HouseholdChange, HouseholdRequest
from services.registry.store import division as division_store
from services.registry.store import household as store
from services.registry.store.row import Filed, Trace
from services.registry.store.sealed import hash_identity
from services.registry.workbook.draft import HouseholdDraft


async def file_household(request: HouseholdRequest, unit: UnitOfWork) -> Answer:
    """File a household, as a candidate or on the register."""
    unit.require(CLERK, OFFICER)
    unit.require_area(request.village_code)
    draft = form.new_draft(request)
    on = request.on or unit.today
    domain.check_day(on, unit.today)
    check_file(draft, unit.today)
    async with unit if request.candidate else keep_rounds(unit):
        status = await _standing(request, unit)
        filed = new_file(draft, status=status, on=on, trace=_trace(unit))
        if not await store.add_household(unit.driver, filed, unit.cipher, _trace(unit)):
            raise VillageUnknown(pointer="/village_code")
        household = filed.household
        if status == REGISTERED:
            fact = domain.registered_fact(household)
            unit.record(fact, sequence=household.version, area=household.village_code)
        location = f"/registry/v1/households/{household.id}"
        return unit.answer(views.summary_of(household), status=201, etag=household.version, location=location)


async def change_household(
    household_id: UUID, request: HouseholdChange, version: int, unit: UnitOfWork
) -> Answer:
    """State the whole file of a household anew, from a day on; where the procedure holds, its people and village stay."""
    unit.require(CLERK, OFFICER)
    unit.require_area(request.village_code)
    on = request.effective_on or unit.today
    async with keep_rounds(unit):
        before = await _load_for_change(unit, household_id, version)
        now, hashes = await store.load_content(unit.driver, before, unit.cipher)
        draft = form.changed_draft(
            request, now.draft, form.kept_members(request, now.person_ids, now.draft.members)
        )
        check_file(draft, unit.today)
        if draft == now.draft:
            raise NothingChanged
        villages = await division_store.list_villages(unit.driver, draft.village_code)
        if draft.village_code not in villages:
            raise VillageUnknown(pointer="/village_code")
        await _refuse_alone(unit, now.draft, draft)
        trace = replace(_trace(unit, before), reason=request.reason)
        after = domain.restate(before, _stated(before, draft, trace), on=on, today=unit.today)
        after = replace(after, recorded_at=trace.recorded_at)
        filed = Filed(household=after, draft=draft, person_ids=_person_ids(unit.cipher, draft, now, hashes))
        await store.save_content(unit.driver, before, filed, cipher=unit.cipher, valid_from=on, trace=trace)
        await follow_households(unit, {household_id: after})
        await void_where_changed(unit, [household_id], HOUSEHOLD_CHANGED)
        _record_change(unit, before, after, on)
        return unit.answer(views.summary_of(after), etag=after.version)


async def _standing(request: HouseholdRequest, unit: UnitOfWork) -> str:
    """A household is entered on the register by hand, or else as a candidate, which is all that the procedure leaves."""
    if request.candidate:
        return CANDIDATE
    refused = (await procedure_required(unit, [request.village_code])).get(request.village_code)
    if refused is not None and request.candidate is False:
        raise refused
    return CANDIDATE if refused else REGISTERED


async def _refuse_alone(unit: UnitOfWork, now: HouseholdDraft, stated: HouseholdDraft) -> None:
    # Otherwise one person alone would put others in the place of those whom the procedure decided on.
    errors = asked_by_request(now, stated)
    refused = await procedure_required(unit, {now.village_code, stated.village_code}) if errors else {}
    for refusal in refused.values():
        message = (
            "A round covers the village: a second person decides who is in a household and where it lives."
        )
        raise ProcedureRequired(message, rule=refusal.rule, basis=refusal.basis, errors=errors)


def new_file(draft: HouseholdDraft, *, status: str, on: date, trace: Trace) -> Filed:
    """Return a household's first version with new ids."""
    household = Household(
        id=new_id(),
        village_code=draft.village_code,
        file_number=draft.file_number,
        status=status,
        status_since=on,
        category=draft.category,
        persons=len(draft.members),
        version=1,
        content_version=1,
        village_since=on,
        recorded_at=trace.recorded_at,
        change_set_id=trace.change_set_id,
    )
    return Filed(household=household, draft=draft, person_ids=[new_id() for _ in draft.members])


async def _load_for_change(unit: UnitOfWork, household_id: UUID, version: int) -> Household:
    found = await store.lock_households(unit.driver, [household_id], area=unit.principal.area)
    household = found.get(household_id)
    if household is None:
        raise NotFound
    if household.version != version:
        raise StaleVersion
    return household


def _trace(unit: UnitOfWork, before: Household | None = None) -> Trace:
    # A request that waited for the lock began earlier than the one it waited for.
    at = max(unit.now, before.recorded_at) if before else unit.now
    return Trace(actor_id=unit.principal.actor_id, recorded_at=at)


def _person_ids(cipher: Cipher, draft: HouseholdDraft, now: Filed, hashes: Sequence[bytes]) -> list[UUID]:
    """Return each member's id: whoever was in the household before keeps theirs."""
    known = dict(zip(hashes, now.person_ids, strict=True))
    return [known.get(hash_identity(cipher, member.identity_number)) or new_id() for member in draft.members]


def _stated(before: Household, draft: HouseholdDraft, trace: Trace) -> Household:
    return replace(
        before,
        village_code=draft.village_code,
        file_number=draft.file_number,
        category=draft.category,
        persons=len(draft.members),
        recorded_at=trace.recorded_at,
    )


def _record_change(unit: UnitOfWork, before: Household, after: Household, on: date) -> None:
    fact = domain.changed_fact(before, after, on=on)
    if fact is not None:
        unit.record(fact, sequence=after.version, area=after.village_code)
