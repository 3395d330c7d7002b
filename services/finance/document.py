"""A frozen batch as the order that the bank reads; the same batch always gives the same bytes."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from chassis.crypto import Cipher
from services.finance.domain.batch import PayeeFault
from services.finance.domain.errors import PayeeNotPayable
from services.finance.iso20022.credit_transfer import (
    CreditTransferBatch,
    CreditTransferLine,
    faults_of_lines,
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
) -> dict[int, PayeeFault]:
    """Return by its place why a line could be read by no bank, while its maker can still do something about it."""
    try:
        write_document(batch_id, debtor=debtor, lines=lines, cipher=cipher, at=at, on=at.date())
    except BatchNotWritable as fault:
        faults = dict(faults_of_lines([_line(line, cipher) for line in lines]))
        if not faults:
            raise PayeeNotPayable(_sentence(fault), pointer="/fund_id", rule=fault.code) from None
        return {
            position: PayeeFault(rule=each.code, message=_sentence(each)) for position, each in faults.items()
        }
    return {}


def _sentence(fault: BatchNotWritable) -> str:
    return f"{fault.message} ({fault.pointer.rsplit('/', 1)[-1]})"


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
