"""The finance service, as one value."""

from pathlib import Path

from chassis.service import Service
from contracts.events.finance import EVENTS
from services.finance.consumers import CONSUMERS
from services.finance.domain import errors
from services.finance.routes import bank, batch, fund, payment
from services.finance.tables import metadata

MAX_REPORT_BYTES = 32 * 1024 * 1024

SERVICE = Service(
    name="finance",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=(fund.router, payment.router, batch.router, bank.router),
    problems={
        errors.BatchTotalsDiffer: 422,
        errors.PaymentUnknown: 404,
        errors.PaymentNotInProgramme: 422,
        errors.PayeeNotPayable: 422,
        errors.PayeesUnavailable: 503,
        errors.BankReportRefused: 422,
        errors.BatchUnknown: 404,
        errors.FundUnknown: 404,
        errors.TransactionUnknown: 404,
        errors.ReceiptInFuture: 422,
        errors.SamePerson: 403,
    },
    constraints={
        "uq_fund_source_name": errors.FundAlreadyOpened,
        "ck_account_balance_not_negative": errors.BalanceExhausted,
        "uq_payment_replaces": errors.PaymentAlreadyReissued,
        "uq_payment_obligation_id_attempt": errors.PaymentAlreadyReissued,
        "uq_payment_live_attempt": errors.PaymentAlreadyReissued,
        "uq_journal_transaction_reverses": errors.TransactionAlreadyReversed,
        "uq_bank_report_batch_id_message_id": errors.ReportAlreadyTaken,
        "ck_batch_maker_is_not_checker": errors.SamePerson,
        "ck_batch_maker_is_not_payer": errors.SamePerson,
        "ck_batch_checker_is_not_payer": errors.SamePerson,
    },
    body_limits={"/finance/v1/bank/reports": MAX_REPORT_BYTES},
    publishes=EVENTS,
    consumers=CONSUMERS,
)
