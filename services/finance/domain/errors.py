"""What finance refuses."""

from typing import ClassVar

from chassis.errors import NotFound, Refusal


class FundUnknown(NotFound):
    """There is no such fund."""

    code: ClassVar[str] = "fund-unknown"


class FundAlreadyOpened(Refusal):
    """A fund of this source already has this name."""

    code: ClassVar[str] = "fund-already-opened"


class BalanceExhausted(Refusal):
    """The account does not hold that much."""

    code: ClassVar[str] = "balance-exhausted"


class AllocationExhausted(Refusal):
    """No allocation to the programme covers the whole batch."""

    code: ClassVar[str] = "allocation-exhausted"


class EntriesUnbalanced(Refusal):
    """The entries of a transaction do not add up to zero."""

    code: ClassVar[str] = "entries-unbalanced"


class AmountNotPositive(Refusal):
    """An amount of money moved must be greater than zero."""

    code: ClassVar[str] = "amount-not-positive"


class ReceiptInFuture(Refusal):
    """Money is noted when it has arrived, not before."""

    code: ClassVar[str] = "receipt-in-future"


class TransactionUnknown(NotFound):
    """There is no such transaction in the journal."""

    code: ClassVar[str] = "transaction-unknown"


class TransactionNotReversible(Refusal):
    """Only a receipt or an allocation is reversed by hand; payments are reversed by the bank's answer."""

    code: ClassVar[str] = "transaction-not-reversible"


class TransactionAlreadyReversed(Refusal):
    """The transaction was reversed before."""

    code: ClassVar[str] = "transaction-already-reversed"


class ObligationDiffers(Refusal):
    """The same claim or stage was taken on before with another household, programme, period or amount."""

    code: ClassVar[str] = "obligation-differs"


class PaymentUnknown(NotFound):
    """There is no such payment item."""

    code: ClassVar[str] = "payment-unknown"


class PaymentNotDrafted(Refusal):
    """The payment item is in another batch, sent, paid, rejected or withdrawn."""

    code: ClassVar[str] = "payment-not-drafted"


class PaymentNotInProgramme(Refusal):
    """The payment item belongs to another programme than the batch."""

    code: ClassVar[str] = "payment-not-in-programme"


class PaymentNotRejected(Refusal):
    """Only a payment that the bank rejected is issued again; an unknown outcome is not a rejection."""

    code: ClassVar[str] = "payment-not-rejected"


class PaymentAlreadyReissued(Refusal):
    """Another attempt took the place of this payment before."""

    code: ClassVar[str] = "payment-already-reissued"


class BatchTotalsDiffer(Refusal):
    """The declared count or sum is not that of the payment items."""

    code: ClassVar[str] = "batch-totals-differ"


class BatchEmpty(Refusal):
    """There is nothing to pay."""

    code: ClassVar[str] = "batch-empty"


class BatchTooLarge(Refusal):
    """A batch holds at most 10,000 payment items."""

    code: ClassVar[str] = "batch-too-large"


class BatchUnknown(NotFound):
    """There is no such batch."""

    code: ClassVar[str] = "batch-unknown"


class BatchNotDrafted(Refusal):
    """The batch was decided before."""

    code: ClassVar[str] = "batch-not-drafted"


class BatchNotApproved(Refusal):
    """Only an approved batch is released, and only once."""

    code: ClassVar[str] = "batch-not-approved"


class BatchAlreadyReleased(Refusal):
    """A batch that went to the bank, or was rejected, is not rejected."""

    code: ClassVar[str] = "batch-already-released"


class SamePerson(Refusal):
    """Maker, checker and payer of a batch are three people."""

    code: ClassVar[str] = "same-person"


class PayeeNotPayable(Refusal):
    """The register has no account that money can be sent to."""

    code: ClassVar[str] = "payee-not-payable"


class PayeesUnavailable(Refusal):
    """The registry did not give the payees; nothing changed, try again."""

    code: ClassVar[str] = "payees-unavailable"


class PayeesChanged(Refusal):
    """Payment items came in meanwhile; nothing changed, try again."""

    code: ClassVar[str] = "payees-changed"


class BankReportRefused(Refusal):
    """The bank's report cannot be taken over; nothing changed."""

    code: ClassVar[str] = "bank-report-refused"


class ReportAlreadyTaken(Refusal):
    """The report was taken over before."""

    code: ClassVar[str] = "report-already-read"
