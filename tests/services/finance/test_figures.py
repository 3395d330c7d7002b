"""The figures of a day: what is told late counts on the day it happened, and all parts of an answer agree."""

from datetime import timedelta
from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.finance import builders as b

AMOUNT = {"amount": "500.00", "currency": "CNY"}


async def figures(finance: Harness, day: object) -> dict[str, Any]:
    answer = await finance.call("GET", f"/finance/v1/statistics?as_of={day}", roles=[roles.AUDITOR])
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def cents(amounts: list[dict[str, str]]) -> int:
    return sum(int(amount["amount"].replace(".", "")) for amount in amounts)


def payments(answer: dict[str, Any], *states: str) -> int:
    return cents([each["sum"] for each in answer["payments"] if each["status"] in states])


async def test_money_counts_from_the_day_it_came(finance: Harness) -> None:
    fund_id = await b.open_fund(finance, yuan=None)
    path = f"/finance/v1/funds/{fund_id}/receipts"

    answer = await b.officer(finance, path, {"amount": AMOUNT, "received_on": "2016-06-01"})

    assert answer.status_code == 201, answer.text
    (movement,) = (await finance.call("GET", "/finance/v1/journal", roles=[roles.AUDITOR])).json()["items"]
    assert movement["occurred_on"] == "2016-06-01"
    assert (await figures(finance, "2016-05-31"))["received"] == []
    assert cents([each["received"] for each in (await figures(finance, "2016-06-01"))["received"]]) == 50_000


@pytest.mark.parametrize(("days", "status"), [(0, 201), (1, 422), (30_000, 422)])
async def test_money_that_has_not_come_is_not_noted(finance: Harness, days: int, status: int) -> None:
    fund_id = await b.open_fund(finance, yuan=None)
    body = {"amount": AMOUNT, "received_on": str(b.TODAY + timedelta(days=days))}

    answer = await b.officer(finance, f"/finance/v1/funds/{fund_id}/receipts", body)

    assert answer.status_code == status
    if status != 201:
        assert answer.json()["code"] == "receipt-in-future"
        assert answer.json()["errors"][0]["pointer"] == "/received_on"
        assert await b.facts_of(finance, "fund-received") == 0


async def test_the_figures_of_a_day_agree_after_a_late_report(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 5)
    batch_id = await b.sent_batch(funded, ids)
    days = [b.TODAY + timedelta(days=number) for number in range(6)]
    funded.clock.move_to(days[4])
    late = await b.bank_answers(funded, batch_id, rejected={ids[0]: "AC04"}, pending=[ids[1]])
    for day in (days[1], days[2]):
        # Each of two settled lines was accepted on another day.
        late = late.replace(
            f"<TxSts>ACSC</TxSts><AccptncDtTm>{days[4]}".encode(),
            f"<TxSts>ACSC</TxSts><AccptncDtTm>{day}".encode(),
            1,
        )

    taken = await b.report(funded, late)

    assert taken.status_code == 201, taken.text
    paid = []
    for day in days:
        answer = await figures(funded, day)
        (programme,) = answer["programmes"]
        assert cents([programme["paid"]]) == payments(answer, "settled")
        assert cents([programme["reserved"]]) == payments(answer, "batched", "sent", "pending")
        paid.append(cents([programme["paid"]]))
    assert paid == [0, 100_000, 200_000, 200_000, 300_000, 300_000]


async def test_a_day_to_come_is_counted_as_today(funded: Harness) -> None:
    figures = await funded.call(
        "GET", "/finance/v1/statistics?as_of=2999-12-31", roles=[roles.AUDITOR], area=b.COUNTY
    )

    assert figures.json()["as_of"] == funded.clock.today().isoformat()
