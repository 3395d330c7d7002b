"""The bank's door: it takes a released batch, and its report is taken over whole or not at all."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from starlette.responses import Response

from chassis.crypto import Cipher
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from contracts.events.finance import BatchReported
from services.finance.access import require_county
from services.finance.document import sent_batch, write_document
from services.finance.domain import ledger
from services.finance.domain.batch import Batch, BatchStatus, is_for_bank
from services.finance.domain.errors import BankReportRefused, BatchUnknown
from services.finance.domain.outcome import Change, LineReport, changes_of, fact_of, sums_by_day
from services.finance.domain.payment import OPEN, Payment, Status
from services.finance.iso20022.personal import holds_number
from services.finance.iso20022.reconcile import LineOutcome, Outcome, match_report
from services.finance.iso20022.refusal import ReportRefused
from services.finance.iso20022.status_report import REPORT, StatusReport, read_status_report
from services.finance.schemas import answer
from services.finance.store import batch as store
from services.finance.store import journal
from services.finance.store import payment as payments
from services.finance.store.fund import lock_fund

AT_THE_BANK = frozenset({BatchStatus.RELEASED, BatchStatus.CLOSED})
XML = "application/xml"
# As long as an identity number or an account.
PERSONAL_DIGITS = 15
STATUS_OF = {
    Outcome.SETTLED: Status.SETTLED,
    Outcome.PENDING: Status.PENDING,
    Outcome.REJECTED: Status.REJECTED,
}


async def hand_out_document(batch_id: UUID, unit: UnitOfWork) -> Response:
    """Return pain.001 of a released batch; who took it is recorded first."""
    require_county(unit, roles.BANK)
    async with unit:
        batch = await store.lock_batch(unit, batch_id)
        if not _is_visible(batch, unit) or batch.released_on is None:
            raise BatchUnknown
        lines = await store.load_lines(unit, batch_id)
        frozen = await store.load_frozen(unit, batch_id)
        await store.add_access(unit, batch_id)
    document = await asyncio.to_thread(
        write_document,
        batch_id,
        debtor=frozen["debtor"],
        lines=lines,
        cipher=unit.cipher,
        at=frozen["released_at"],
        on=batch.released_on,
    )
    return Response(document, media_type=XML)


async def take_report(document: bytes, unit: UnitOfWork) -> Response:
    """Take over pain.002: match it with what was sent, move what it moves, refuse it whole otherwise."""
    require_county(unit, roles.BANK)
    report = await _read(document)
    report = replace(report, message_id=_kept_id(report.message_id, unit.cipher))
    async with unit:
        batch = await _lock_reported(report, unit)
        items = await payments.lock_of_batch(unit, batch.id)
        changes = await _changes(report, batch, items, unit)
        await lock_fund(unit, batch.fund_id)
        await payments.apply_changes(unit, changes)
        await _book(batch, changes, unit)
        counts = _counts(items, changes)
        reported = _after(batch, counts)
        await store.save_batch(unit, reported)
        report_id = await store.add_report(
            unit,
            batch.id,
            message_id=report.message_id,
            sha256=hashlib.sha256(document).digest(),
            counts=counts,
        )
        _record(reported, changes, unit)
        return unit.answer(
            answer.Report(id=report_id, batch_id=batch.id, status=reported.status, **counts), status=201
        )


async def _read(document: bytes) -> StatusReport:
    try:
        return await asyncio.to_thread(read_status_report, document)
    except ReportRefused as refusal:
        raise _refused(refusal) from None


def _kept_id(message_id: str, cipher: Cipher) -> str:
    """Return a message id as it is kept: it only tells a report sent twice, so a hash serves where it may be somebody's."""
    if holds_number(message_id, PERSONAL_DIGITS):
        return cipher.keyed_hash(message_id).hex()
    return message_id


async def _lock_reported(report: StatusReport, unit: UnitOfWork) -> Batch:
    place = f"{REPORT}/OrgnlGrpInfAndSts/OrgnlMsgId"
    unknown = BankReportRefused("No batch with this id was sent.", pointer=place, rule="other-batch")
    try:
        batch = await store.lock_batch(unit, UUID(hex=report.original_message_id))
    except (ValueError, BatchUnknown):
        raise unknown from None
    if not _is_visible(batch, unit) or batch.id.hex != report.original_message_id:
        raise unknown
    return batch


def _is_visible(batch: Batch, unit: UnitOfWork) -> bool:
    return batch.status in AT_THE_BANK and is_for_bank(batch, unit.principal.actor_id)


async def _changes(
    report: StatusReport, batch: Batch, items: Sequence[Payment], unit: UnitOfWork
) -> list[Change]:
    lines = await store.load_lines(unit, batch.id)
    read = await store.list_report_ids(unit, batch.id)
    # Ids from before numbers were hashed stand there as the bank wrote them.
    sent = sent_batch(batch.id, lines, read | {_kept_id(each, unit.cipher) for each in read})
    try:
        outcomes = await asyncio.to_thread(match_report, report, sent)
    except ReportRefused as refusal:
        raise _refused(refusal) from None
    places = {
        transaction.end_to_end_id: f"{REPORT}/OrgnlPmtInfAndSts/TxInfAndSts[{number}]"
        for number, transaction in enumerate(report.transactions, start=1)
    }
    said = [_line_report(outcome, places.get(outcome.end_to_end_id, REPORT)) for outcome in outcomes]
    return changes_of(
        said, {item.id: item for item in items}, sent_on=batch.released_on or date.max, today=unit.today
    )


def _line_report(outcome: LineOutcome, place: str) -> LineReport:
    return LineReport(
        payment_id=UUID(hex=outcome.end_to_end_id),
        status=STATUS_OF[outcome.outcome],
        reason=outcome.reason.code if outcome.reason else None,
        accepted_on=outcome.accepted_on,
        is_silent=outcome.is_inferred and outcome.outcome is Outcome.PENDING,
        place=place,
    )


async def _book(batch: Batch, changes: Sequence[Change], unit: UnitOfWork) -> None:
    for (status, on), total in sums_by_day(changes).items():
        move = ledger.pay if status is Status.SETTLED else ledger.give_back
        movement = move(batch.fund_id, batch.programme_code, total)
        await journal.append(unit, movement, on=on, batch_id=batch.id)


def _counts(items: Sequence[Payment], changes: Sequence[Change]) -> dict[str, int]:
    status_of = {item.id: item.status for item in items}
    status_of.update({change.payment.id: change.status for change in changes})
    counts = Counter(status_of.values())
    return {
        "settled": counts[Status.SETTLED],
        "rejected": counts[Status.REJECTED],
        "pending": sum(counts[status] for status in OPEN),
    }


def _after(batch: Batch, counts: dict[str, int]) -> Batch:
    status = BatchStatus.RELEASED if counts["pending"] else BatchStatus.CLOSED
    return replace(batch, status=status, version=batch.version + 1)


def _record(batch: Batch, changes: Sequence[Change], unit: UnitOfWork) -> None:
    for change in changes:
        fact = fact_of(change, batch.id)
        if fact is not None:
            unit.record(fact, sequence=change.payment.version + 1, area=change.payment.area_code)
    reported = BatchReported(
        batch_id=batch.id, count=batch.count, sum_fen=batch.sum_fen, reported_on=unit.today
    )
    unit.record(reported, sequence=batch.version, area=batch.area_code)


def _refused(refusal: ReportRefused) -> BankReportRefused:
    return BankReportRefused(refusal.message, pointer=refusal.pointer, rule=refusal.code)
