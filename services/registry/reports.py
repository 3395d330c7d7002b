"""Reports of imports, and the workbooks that leave the register."""

import asyncio
import base64
from uuid import UUID

import msgspec

from chassis.crypto import Cipher
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.registry.domain.disclosure import REPORT
from services.registry.handlers.gate import gate_of
from services.registry.handlers.record import put_on_record
from services.registry.schemas import answer
from services.registry.store import change_set as store
from services.registry.store.change_set import ChangeSet
from services.registry.workbook.finding import Finding
from services.registry.workbook.read import read_workbook
from services.registry.workbook.report import report_as_workbook
from services.registry.workbook.validate import Validation


def change_set_of(change_set: ChangeSet) -> answer.ChangeSet:
    """Return a change set with its report."""
    report = change_set.report
    return answer.ChangeSet(
        id=change_set.id,
        kind=change_set.kind,
        outcome=change_set.outcome,
        households=change_set.households,
        persons=change_set.persons,
        reverts=change_set.reverts,
        undone_by=change_set.undone_by,
        document_sha256=change_set.document_sha256,
        actor_id=change_set.actor_id,
        happened_on=change_set.happened_on,
        recorded_at=change_set.recorded_at,
        report=None if report is None else answer.Report.model_validate_json(report),
    )


async def load_change_set(unit: UnitOfWork, change_set_id: UUID) -> ChangeSet:
    """Return a change set that the caller may see: their own, or as an officer of the area."""
    found = await store.find_change_set(unit.driver, change_set_id, area=unit.principal.area)
    is_own = found is not None and found.actor_id == unit.principal.actor_id
    if found is None or not (is_own or OFFICER in unit.principal.roles):
        raise NotFound
    return found


async def marked_workbook(unit: UnitOfWork, change_set_id: UUID) -> bytes:
    """Return the workbook of an import as it came, with its faulty cells marked."""
    unit.require(CLERK, OFFICER)
    async with gate_of(unit.runtime).passing():
        async with unit:
            change_set = await load_change_set(unit, change_set_id)
            if change_set.report is None:
                raise NotFound
            await put_on_record(
                unit,
                REPORT,
                reason="the marked workbook of an import",
                subjects=[(change_set.area_code, change_set_id)],
                items=change_set.persons,
            )
            sealed = await store.load_document(unit.driver, change_set_id)
        return await asyncio.to_thread(_mark, sealed, change_set.report, unit.cipher)


def _mark(sealed: bytes, report: bytes, cipher: Cipher) -> bytes:
    told = msgspec.json.decode(report)
    workbook = read_workbook(base64.b64decode(cipher.decrypt(sealed)))
    findings = tuple(
        Finding(
            row=each["row"], letter=each["column"], column=each["name"], code=each["code"], note=_note(each)
        )
        for each in told["findings"]
    )
    validation = Validation(
        workbook=workbook,
        households=(),
        findings=findings,
        suppressed=told["suppressed"],
        row_count=told["rows"],
        household_count=told["households"],
    )
    return report_as_workbook(validation)


def _note(told: dict[str, str]) -> str:
    message = told["message"]
    return message[message.rindex("(") + 1 : -1] if message.endswith(")") else ""
