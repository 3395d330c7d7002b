"""Importing a workbook of households: everything is checked, then all of it is committed as one change set, or nothing."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

import msgspec

from chassis.answers import Answer
from chassis.crypto import Cipher
from chassis.errors import FieldError
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from contracts.values import CANDIDATE, REGISTERED
from services.registry import reports
from services.registry.domain.errors.register import ImportFaulty, WorkbookTooLarge, WorkbookUnreadable
from services.registry.domain.household import registered_fact
from services.registry.handlers.gate import gate_of
from services.registry.handlers.household import new_file
from services.registry.handlers.procedure import keep_rounds_from_here, procedure_required
from services.registry.store import bulk
from services.registry.store import change_set as change_sets
from services.registry.store import division as divisions
from services.registry.store.bulk import Batch
from services.registry.store.change_set import ChangeSet
from services.registry.store.row import COUNTY_DIGITS, Filed, Trace
from services.registry.store.scope import whole_register
from services.registry.store.sealed import hash_identity
from services.registry.workbook.draft import HouseholdDraft
from services.registry.workbook.finding import WorkbookRefused
from services.registry.workbook.package import Limits
from services.registry.workbook.read import read_workbook
from services.registry.workbook.report import report_as_dict
from services.registry.workbook.validate import Validation, validate

MAX_ERRORS = 1_000
# Households prepared, sent and told of at a time; the loop serves others in between.
AT_ONCE = 500
TOO_LARGE = frozenset({"too-large", "too-many-parts", "inflated", "too-many-rows"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWorkbook:
    """Take over the households of a workbook, or only say whether it could be."""

    document: bytes
    is_dry_run: bool
    standing: str | None = None


async def import_workbook(command: ImportWorkbook, unit: UnitOfWork) -> Answer:
    """Check a workbook and take over its households."""
    unit.require(CLERK, OFFICER)
    async with gate_of(unit.runtime).passing(), unit:
        validation = await _check(command.document, unit)
        if validation.is_faultless:
            status = await _standing(command, validation, unit)
            return await _take_over(command, validation, unit, status)
    return await _refuse(command, validation, unit)


async def commit_households(
    drafts: Sequence[HouseholdDraft],
    unit: UnitOfWork,
    change_set_id: UUID | None = None,
    *,
    status: str = REGISTERED,
) -> list[Filed]:
    """Enter checked households with people, history and facts inside the unit's transaction."""
    trace = Trace(actor_id=unit.principal.actor_id, recorded_at=unit.now, change_set_id=change_set_id)
    entered: list[Filed] = []
    await bulk.open_staging(unit.driver)
    async for filed, batch in _prepared(drafts, unit, trace, status):
        await bulk.add_batch(unit.driver, batch)
        entered += filed
    return entered


async def _prepared(
    drafts: Sequence[HouseholdDraft], unit: UnitOfWork, trace: Trace, status: str
) -> AsyncIterator[tuple[list[Filed], Batch]]:
    """Yield rows part by part; the next part is made and told of while the database takes over the one before."""
    parts = [drafts[first : first + AT_ONCE] for first in range(0, max(1, len(drafts)), AT_ONCE)]

    def start(part: Sequence[HouseholdDraft]) -> asyncio.Task[tuple[list[Filed], Batch]]:
        prepare = partial(_prepare, part, unit, trace, status=status)
        return asyncio.create_task(asyncio.to_thread(prepare))

    preparing = start(parts[0])
    try:
        for following in parts[1:]:
            ready = await preparing
            preparing = start(following)
            yield ready
        yield await preparing
    finally:
        preparing.cancel()


async def _check(document: bytes, unit: UnitOfWork) -> Validation:
    villages = await divisions.list_villages(unit.driver, unit.principal.area)
    today = unit.today
    try:
        validation = await asyncio.to_thread(
            lambda: validate(read_workbook(document, Limits()), villages, today)
        )
    except WorkbookRefused as refused:
        kind = WorkbookTooLarge if refused.code in TOO_LARGE else WorkbookUnreadable
        message = f"{refused.message} {refused.chinese}"
        raise kind(message, errors=[FieldError("/", refused.code, message)]) from None
    return await _check_register(validation, unit)


async def _check_register(validation: Validation, unit: UnitOfWork) -> Validation:
    """Add a finding for each person and file number that the register holds already, in whichever area."""
    drafts = validation.households
    people, files = await asyncio.to_thread(_keys, drafts, unit.cipher)
    async with whole_register(unit.driver, unit.principal.area):
        known, taken = await bulk.find_registered(unit.driver, list(people), list(files))
    findings = [validation.finding(people[key], "证件号码", "identity-registered") for key in known]
    findings += [validation.finding(files[key], "户编号", "file-number-registered") for key in taken]
    return validation.with_findings(findings) if findings else validation


def _keys(
    drafts: Sequence[HouseholdDraft], cipher: Cipher
) -> tuple[dict[bytes, int], dict[tuple[str, str], int]]:
    people = {
        hash_identity(cipher, member.identity_number): member.row
        for draft in drafts
        for member in draft.members
    }
    files = {(draft.village_code[:COUNTY_DIGITS], draft.file_number): draft.head.row for draft in drafts}
    return people, files


def _prepare(
    drafts: Sequence[HouseholdDraft], unit: UnitOfWork, trace: Trace, *, status: str = REGISTERED
) -> tuple[list[Filed], Batch]:
    filed = [new_file(draft, status=status, on=unit.today, trace=trace) for draft in drafts]
    for each in filed if status == REGISTERED else ():
        fact = registered_fact(each.household)
        unit.record(fact, sequence=each.household.version, area=each.household.village_code)
    return filed, bulk.make_batch(filed, unit.cipher, trace)


async def _standing(command: ImportWorkbook, validation: Validation, unit: UnitOfWork) -> str:
    """Return what the households are entered as; where rounds cover a part of them only, the caller must say it."""
    if command.standing == CANDIDATE:
        return CANDIDATE
    villages = {draft.village_code for draft in validation.households}
    await keep_rounds_from_here(unit)
    refused = await procedure_required(unit, villages)
    if refused and (command.standing == REGISTERED or len(refused) < len(villages)):
        raise refused[min(refused)]
    return CANDIDATE if refused else REGISTERED


async def _take_over(
    command: ImportWorkbook, validation: Validation, unit: UnitOfWork, status: str
) -> Answer:
    outcome = "checked" if command.is_dry_run else "committed"
    change_set = await _keep(command, validation, unit, outcome)
    if not command.is_dry_run:
        await commit_households(validation.households, unit, change_set.id, status=status)
    return unit.answer(
        reports.change_set_of(change_set),
        status=200 if command.is_dry_run else 201,
        location=f"/registry/v1/imports/{change_set.id}",
    )


async def _refuse(command: ImportWorkbook, validation: Validation, unit: UnitOfWork) -> Answer:
    # The report outlives the refusal, so it has a transaction of its own.
    async with UnitOfWork(unit.runtime, unit.principal) as apart:
        change_set = await _keep(command, validation, apart, "refused")
    count = len(validation.findings) + validation.suppressed
    refusal = ImportFaulty(
        f"The workbook has {count} faults; nothing was taken over. The report is at /registry/v1/imports/{change_set.id}.",
        errors=[FieldError(f.pointer, f.code, f.message) for f in validation.findings[:MAX_ERRORS]],
    )
    refusal.headers = {"location": f"/registry/v1/imports/{change_set.id}"}
    raise refusal


async def _keep(command: ImportWorkbook, validation: Validation, unit: UnitOfWork, outcome: str) -> ChangeSet:
    report, sealed, digest = await asyncio.to_thread(
        _record_of, command.document, validation, unit.cipher.encrypt
    )
    change_set = ChangeSet(
        id=new_id(),
        area_code=unit.principal.area.ljust(12, "0"),
        kind="import",
        outcome=outcome,
        document_sha256=digest,
        households=validation.household_count,
        persons=validation.row_count,
        report=report,
        actor_id=unit.principal.actor_id,
        happened_on=unit.today,
        recorded_at=unit.now,
    )
    await change_sets.add_change_set(unit.driver, change_set, sealed)
    return replace(change_set, report=report)


def _record_of(
    document: bytes, validation: Validation, encrypt: Callable[[bytes], bytes]
) -> tuple[bytes, bytes, str]:
    report = msgspec.json.encode(report_as_dict(validation))
    return report, encrypt(base64.b64encode(document)), hashlib.sha256(document).hexdigest()
