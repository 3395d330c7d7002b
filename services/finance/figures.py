"""The county's figures of money, summed from the journal as of a day."""

from datetime import date

from chassis.money import Amount
from chassis.unit_of_work import UnitOfWork
from services.finance.schemas import answer

RECEIVED = """
SELECT f.source, sum(e.amount_fen)::bigint AS fen
FROM journal_entry AS e JOIN journal_transaction AS t ON t.id = e.transaction_id JOIN fund AS f ON f.id = t.fund_id
WHERE e.account = 'cash' AND t.kind IN ('receipt', 'receipt-reversal') AND t.occurred_on <= $1
GROUP BY f.source ORDER BY f.source LIMIT 10
"""
PROGRAMMES = """
SELECT e.programme_code,
       coalesce(-sum(e.amount_fen) FILTER (
           WHERE e.account = 'allocated' AND t.kind IN ('allocation', 'allocation-reversal')), 0)::bigint AS allocated,
       coalesce(-sum(e.amount_fen) FILTER (WHERE e.account = 'reserved'), 0)::bigint AS reserved,
       coalesce(sum(e.amount_fen) FILTER (WHERE e.account = 'reserved' AND t.kind = 'payment'), 0)::bigint AS paid
FROM journal_entry AS e JOIN journal_transaction AS t ON t.id = e.transaction_id
WHERE e.programme_code <> '' AND t.occurred_on <= $1
GROUP BY e.programme_code ORDER BY e.programme_code LIMIT 1000
"""
# What an item was on an earlier day follows from its dates; batched and pending are known of today only.
PAYMENTS = """
SELECT programme_code, status, count(*)::integer AS number, sum(amount_fen)::bigint AS fen
FROM (
    SELECT programme_code, amount_fen,
           CASE WHEN paid_on <= $1 THEN 'settled' WHEN rejected_on <= $1 THEN 'rejected'
                WHEN withdrawn_on <= $1 THEN 'withdrawn'
                WHEN sent_on <= $1 THEN CASE WHEN status = 'pending' THEN 'pending' ELSE 'sent' END
                WHEN status = 'batched' THEN 'batched' ELSE 'drafted' END AS status
    FROM payment WHERE starts_with(area_code, $2) AND drafted_on <= $1
) AS then_known GROUP BY programme_code, status ORDER BY programme_code, status LIMIT 5000
"""


async def statistics(unit: UnitOfWork, as_of: date) -> answer.Statistics:
    """Return receipts by source, money by programme, and payment items by state; nothing is known of days to come."""
    as_of = min(as_of, unit.today)
    received = await unit.driver.fetch(RECEIVED, as_of)
    programmes = await unit.driver.fetch(PROGRAMMES, as_of)
    payments = await unit.driver.fetch(PAYMENTS, as_of, unit.principal.area)
    return answer.Statistics(
        as_of=as_of,
        source="finance journal and payment items",
        population=f"money of the county; payment items of area {unit.principal.area or 'all'}",
        received=[
            answer.SourceFigures(source=row["source"], received=Amount.of(row["fen"])) for row in received
        ],
        programmes=[
            answer.ProgrammeFigures(
                programme_code=row["programme_code"],
                allocated=Amount.of(row["allocated"]),
                reserved=Amount.of(row["reserved"]),
                paid=Amount.of(row["paid"]),
            )
            for row in programmes
        ],
        payments=[
            answer.StatusFigures(
                programme_code=row["programme_code"],
                status=row["status"],
                count=row["number"],
                sum=Amount.of(row["fen"]),
            )
            for row in payments
        ],
    )
