"""Change requests: submitted, reviewed by a second person, re-based, taken back, and undone whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.registry import views_change
from services.registry.domain import change_request as domain
from services.registry.domain import household as households
from services.registry.domain.change_request import ChangeRequest, Mark
from services.registry.domain.household import Household
from services.registry.domain.outcome import Former
from services.registry.domain.timeline import Content
from services.registry.handlers import change_effect as effect
from services.registry.handlers.procedure import keep_rounds
from services.registry.schemas import change as form
from services.registry.schemas.change import DuplicateMerge, Requested, Review
from services.registry.schemas.change_plan import households_of, numbers_of
from services.registry.store import change_request as store
from services.registry.store import household as household_store
from services.registry.store import merge as merges
from services.registry.store.change_request import Touched
from services.registry.store.sealed import hash_identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The households that a request touches, locked, and what their files say now."""

    households: Mapping[UUID, Household]
    contents: Mapping[UUID, Content]


async def submit(body: Requested, unit: UnitOfWork) -> Answer:
    """Take a change request down, tried against the files as they are; nothing is changed by it yet."""
    unit.require(CLERK, OFFICER)
    async with unit:
        return await take_down(body, unit)


async def take_down(body: Requested, unit: UnitOfWork) -> Answer:
    """Take a change request down inside the unit's transaction."""
    on = body.effective_on or unit.today
    households.check_day(on, unit.today, "/effective_on")
    files = await _load(unit, body)
    await effect.try_out(unit, body, files, on=on)
    people = await _people(unit, body, files)
    request = ChangeRequest(
        id=new_id(),
        village_code=files.households[body.household_id].village_code,
        kind=body.kind,
        effective_on=on,
        reason=body.reason,
        state=domain.SUBMITTED,
        sealed=unit.cipher.encrypt(form.written(body)),
        yields_to=(),
        submitted_by=unit.principal.actor_id,
        submitted_on=unit.today,
        submitted_at=unit.now,
    )
    await store.add_request(unit.driver, request, files.households.values(), people)
    shown = await views_change.summary_of(unit, request)
    return unit.answer(shown, status=201, location=f"/registry/v1/change-requests/{request.id}")


async def review(request_id: UUID, decision: Review, unit: UnitOfWork) -> Answer:
    """Let a second person agree to a request, which applies it at once, or turn it down."""
    unit.require(CLERK, OFFICER)
    async with keep_rounds(unit):
        request = await _lock(unit, request_id)
        mark = _mark(unit)
        if decision.outcome == domain.REJECTED:
            decided = domain.reject(request, mark, reason=decision.reason or "other")
        else:
            decided = await _approve(unit, request, mark)
        await store.save_request(unit.driver, decided)
        return unit.answer(await views_change.summary_of(unit, decided))


async def cancel(request_id: UUID, unit: UnitOfWork) -> Answer:
    """Let the submitter take a request back."""
    unit.require(CLERK, OFFICER)
    async with unit:
        cancelled = domain.cancel(await _lock(unit, request_id), _mark(unit))
        await store.save_request(unit.driver, cancelled)
        return unit.answer(await views_change.summary_of(unit, cancelled))


async def rebase(request_id: UUID, unit: UnitOfWork) -> Answer:
    """Write a request anew against the files as they are now, behind the open ones that touch the same."""
    unit.require(CLERK, OFFICER)
    async with unit:
        request = await _lock(unit, request_id)
        rebased = domain.rebase(
            request, unit.principal.actor_id, await views_change.rivals_of(unit, request_id)
        )
        body = form.read(unit.cipher.decrypt(request.sealed))
        files = await _load(unit, body)
        await effect.try_out(unit, body, files, on=request.effective_on)
        await store.touch(unit.driver, request_id, files.households.values())
        await store.save_request(unit.driver, rebased)
        return unit.answer(await views_change.summary_of(unit, rebased))


async def undo(request_id: UUID, unit: UnitOfWork) -> Answer:
    """Take an approved request back: every household says again what it said before, from the same day on."""
    unit.require(CLERK, OFFICER)
    async with keep_rounds(unit):
        request = await _lock(unit, request_id)
        undone = domain.undo(request, _mark(unit))
        touched = await store.list_touched(unit.driver, request_id)
        domain.check_reviewer(request.kind, [each.village_code for each in touched], unit.principal.roles)
        now = await household_store.lock_households(
            unit.driver, [each.household_id for each in touched], area=unit.principal.area
        )
        domain.refuse_overtaken({each.household_id: each.applied_version or 0 for each in touched}, now)
        await effect.take_back(unit, request, _formers(touched), now)
        await store.save_request(unit.driver, undone)
        if request.kind == domain.DUPLICATE_MERGE:
            await merges.revert_merge(unit.driver, request_id, actor_id=unit.principal.actor_id, at=unit.now)
        return unit.answer(await views_change.summary_of(unit, undone))


async def _approve(unit: UnitOfWork, request: ChangeRequest, mark: Mark) -> ChangeRequest:
    domain.refuse_decided(request)
    approved = domain.approve(request, mark, await views_change.rivals_of(unit, request.id))
    body = form.read(unit.cipher.decrypt(request.sealed))
    touched = await store.list_touched(unit.driver, request.id)
    now = await household_store.lock_households(
        unit.driver, [each.household_id for each in touched], area=unit.principal.area
    )
    domain.refuse_stale({each.household_id: each.version for each in touched}, now)
    files = Files(households=now, contents=await _contents(unit, now))
    villages = [household.village_code for household in now.values()]
    villages += [body.village_code] if isinstance(body, form.Move) else []
    domain.check_reviewer(request.kind, villages, unit.principal.roles)
    for village in villages:
        unit.require_area(village)
    await effect.apply(unit, request, body, files)
    if isinstance(body, DuplicateMerge):
        await effect.trace_merge(unit, request, body, files.households[body.household_id])
    return approved


async def _load(unit: UnitOfWork, body: Requested) -> Files:
    asked = households_of(body)
    found = await household_store.lock_households(unit.driver, asked, area=unit.principal.area)
    if len(found) != len(set(asked)):
        raise NotFound
    return Files(households=found, contents=await _contents(unit, found))


async def _contents(unit: UnitOfWork, found: Mapping[UUID, Household]) -> dict[UUID, Content]:
    contents = {}
    for household in found.values():
        filed, _ = await household_store.load_content(unit.driver, household, unit.cipher)
        contents[household.id] = Content(draft=filed.draft, person_ids=tuple(filed.person_ids))
    return contents


async def _people(unit: UnitOfWork, body: Requested, files: Files) -> list[bytes]:
    hashes = [hash_identity(unit.cipher, number) for number in numbers_of(body, files.contents)]
    if isinstance(body, DuplicateMerge):
        kept = await merges.find_identity(unit.driver, body.kept, area=unit.principal.area)
        if kept is None:
            raise NotFound
        hashes.append(kept)
    return hashes


async def _lock(unit: UnitOfWork, request_id: UUID) -> ChangeRequest:
    request = await store.lock_request(unit.driver, request_id, area=unit.principal.area)
    if request is None:
        raise NotFound
    return request


def _mark(unit: UnitOfWork) -> Mark:
    return Mark(actor_id=unit.principal.actor_id, on=unit.today, at=unit.now)


def _formers(touched: Sequence[Touched]) -> dict[UUID, Former | None]:
    return {each.household_id: each.former for each in touched}
