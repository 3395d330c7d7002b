"""A frozen batch as the order that the bank reads; the same batch always gives the same bytes."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from chassis.crypto import Cipher
from services.finance.domain.errors import PayeeNotPayable
from services.finance.iso20022.credit_transfer import (
    CreditTransferBatch,
    CreditTransferLine,
    write_credit_transfer,
)
from services.finance.iso20022.reconcile import SentBatch, SentLine
from services.finance.iso20022.refusal import BatchNotWritable
from services.finance.store.batch import Line, Payee
from services.finance.store.fund import DebtorAccount


def payment_information_id(batch_id: UUID) -> str:
    """Return the id of the batch's one payment information."""
    return f"P{batch_id.hex}"


def write_document(
    batch_id: UUID, *, debtor: bytes, lines: Sequence[Line], cipher: Cipher, at: datetime, on: date
) -> bytes:
    """Return pain.001.001.09 of a batch."""
    account = msgspec.json.decode(cipher.decrypt_bytes(debtor), type=DebtorAccount)
    order = CreditTransferBatch(
        message_id=batch_id.hex,
        created_at=at,
        initiator_name=account.holder,
        payment_id=payment_information_id(batch_id),
        execution_date=on,
        debtor_name=account.holder,
        debtor_account=account.number,
        debtor_bank_code=account.bank_code,
        lines=tuple(_line(line, cipher) for line in lines),
    )
    return write_credit_transfer(order)


def check_document(
    batch_id: UUID, *, debtor: bytes, lines: Sequence[Line], cipher: Cipher, at: datetime
) -> None:
    """Refuse a batch that no bank could read while its maker can still do something about it."""
    try:
        write_document(batch_id, debtor=debtor, lines=lines, cipher=cipher, at=at, on=at.date())
    except BatchNotWritable as fault:
        place = fault.pointer.split("/")
        pointer = f"/payment_ids/{place[1]}" if place[0] == "lines" and len(place) > 1 else "/fund_id"
        raise PayeeNotPayable(f"{fault.message} ({place[-1]})", pointer=pointer, rule=fault.code) from None


def seal(payee: Payee, cipher: Cipher) -> bytes:
    """Return a payee as it is kept."""
    return cipher.encrypt(msgspec.json.encode(payee))


def sent_batch(batch_id: UUID, lines: Sequence[Line], reports_read: frozenset[str]) -> SentBatch:
    """Return what a bank's report is held against."""
    return SentBatch(
        message_id=batch_id.hex,
        payment_id=payment_information_id(batch_id),
        lines={
            line.payment_id.hex: SentLine(instruction_id=line.instruction_id.hex, amount_fen=line.amount_fen)
            for line in lines
        },
        reports_read=reports_read,
    )


def _line(line: Line, cipher: Cipher) -> CreditTransferLine:
    payee = msgspec.json.decode(cipher.decrypt_bytes(line.payee), type=Payee)
    return CreditTransferLine(
        instruction_id=line.instruction_id.hex,
        end_to_end_id=line.payment_id.hex,
        amount_fen=line.amount_fen,
        creditor_name=payee.name,
        creditor_account=payee.account,
        creditor_bank_code=payee.bank_code,
        purpose=line.purpose,
    )
