"""A whole county's households go through in one batch."""

from tests.kit import Harness
from tests.services.finance import builders as b

LINES = 4_290
INSERT = """
WITH owed AS (
    INSERT INTO finance.obligation
    SELECT gen_random_uuid(), '532930101201', 'vegetables', gen_random_uuid(), '2016', 'claim', gen_random_uuid(),
           10000, '2016-12-01'
    FROM generate_series(1, $1) RETURNING *
)
INSERT INTO finance.payment (id, area_code, obligation_id, attempt, source_kind, source_id, household_id,
    programme_code, period, amount_fen, drafted_on, status, version)
SELECT gen_random_uuid(), area_code, id, 1, source_kind, source_id, household_id, programme_code, period, amount_fen,
       drafted_on, 'drafted', 1 FROM owed RETURNING id
"""


async def test_the_countys_households_are_paid_in_one_batch(funded: Harness) -> None:
    rows = await funded.sql(INSERT, LINES)

    batch_id = await b.sent_batch(funded, [row["id"] for row in rows], fen=10_000)
    answer = await b.report(funded, await b.bank_answers(funded, batch_id))

    assert answer.json()["settled"] == LINES
    assert [len(question["household_ids"]) for question in b.registry_of(funded).questions] == [1_000] * 4 + [
        290
    ]
