"""Maker, checker and payer: three people, held by the domain and by the database, whoever races."""

import asyncio
from datetime import date

import asyncpg
import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.finance import builders as b
from tests.services.finance.test_journal import as_the_service

STATES = ("drafted", "approved", "released", "closed", "rejected")
ACTIONS = {"approvals": roles.CHECKER, "releases": roles.PAYER, "rejections": roles.CHECKER}
ALLOWED = {
    ("drafted", "approvals"),
    ("approved", "releases"),
    ("drafted", "rejections"),
    ("approved", "rejections"),
}


async def batch_in(finance: Harness, state: str) -> str:
    batch_id = await b.draft(finance, await b.hear_claims(finance, 1))
    if state == "rejected":
        await b.reject(finance, batch_id)
    if state in {"approved", "released", "closed"}:
        await b.approve(finance, batch_id)
    if state in {"released", "closed"}:
        await b.release(finance, batch_id)
    if state == "closed":
        await b.report(finance, await b.bank_answers(finance, batch_id))
    return batch_id


async def status_of(finance: Harness, batch_id: str) -> str:
    (row,) = await finance.sql("SELECT status FROM finance.batch WHERE id = $1::uuid", batch_id)
    return str(row["status"])


@pytest.mark.parametrize("state", STATES)
async def test_a_batch_moves_by_no_role_and_no_action_but_its_own(funded: Harness, state: str) -> None:
    batch_id = await batch_in(funded, state)

    for action, role in ACTIONS.items():
        for other in sorted(roles.ALL_ROLES):
            may_act = other == role or (action == "rejections" and other in {roles.OFFICER, roles.PAYER})
            if may_act and (state, action) in ALLOWED:
                continue
            answer = await funded.call(
                "POST",
                f"/finance/v1/batches/{batch_id}/{action}",
                roles=[other],
                area=b.COUNTY,
                actor="nobody",
            )
            assert answer.status_code == (409 if may_act else 403), (action, other, answer.text)

    assert await status_of(funded, batch_id) == state


@pytest.mark.parametrize(("state", "action"), sorted(ALLOWED))
async def test_the_right_role_moves_a_batch_on(funded: Harness, state: str, action: str) -> None:
    batch_id = await batch_in(funded, state)

    answer = await funded.call(
        "POST",
        f"/finance/v1/batches/{batch_id}/{action}",
        roles=[ACTIONS[action]],
        area=b.COUNTY,
        actor="third",
    )

    assert answer.status_code == 201, answer.text


async def test_a_maker_with_every_role_approves_nothing_of_their_own(funded: Harness) -> None:
    batch_id = await b.draft(funded, await b.hear_claims(funded, 1))

    answer = await b.approve(funded, batch_id, actor="maker")

    assert (answer.status_code, answer.json()["code"]) == (403, "same-person")


@pytest.mark.parametrize("actor", ["maker", "checker"])
async def test_neither_maker_nor_checker_releases(funded: Harness, actor: str) -> None:
    batch_id = await batch_in(funded, "approved")

    answer = await b.release(funded, batch_id, actor=actor)

    assert (answer.status_code, answer.json()["code"]) == (403, "same-person")
    assert await status_of(funded, batch_id) == "approved"


async def test_a_township_decides_nothing_about_batches(funded: Harness) -> None:
    batch_id = await batch_in(funded, "drafted")

    answer = await funded.call(
        "POST",
        f"/finance/v1/batches/{batch_id}/approvals",
        roles=[roles.CHECKER],
        area="532930101",
        actor="c",
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("state", "statement"),
    [
        ("drafted", "status = 'approved', checker_id = maker_id, approved_on = '2016-12-01'"),
        ("approved", "status = 'released', payer_id = maker_id, released_on = '2016-12-01', released_at = now()"),
        ("approved", "status = 'released', payer_id = checker_id, released_on = '2016-12-01', released_at = now()"),
        ("drafted", ("status = 'released', checker_id = 'c', approved_on = '2016-12-01', payer_id = 'p',"
         " released_on = '2016-12-01', released_at = now()")),
        ("approved", "checker_id = 'other'"),
        ("released", "status = 'approved', payer_id = NULL, released_on = NULL, released_at = NULL"),
        ("rejected", "status = 'drafted', rejected_by = NULL, rejected_on = NULL"),
        ("closed", "status = 'released'"),
    ],
)  # fmt: skip
async def test_the_database_refuses_what_the_domain_refuses(
    funded: Harness, state: str, statement: str
) -> None:
    await batch_in(funded, state)

    async with as_the_service(funded) as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(f"UPDATE batch SET {statement}")  # noqa: S608

    assert await funded.sql("SELECT 1 FROM finance.batch WHERE status = $1", state)


async def test_no_line_joins_a_batch_that_was_made(funded: Harness) -> None:
    await batch_in(funded, "approved")
    (late,) = await b.hear_claims(funded, 1)

    async with as_the_service(funded) as connection:
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await connection.execute(
                "INSERT INTO batch_line SELECT batch_id, 2, $1, batch_id, 1, purpose, payee FROM batch_line",
                late,
            )

    assert refusal.value.constraint_name == "ck_batch_line_frozen"


async def test_a_hundred_racing_approvals_have_one_effect(funded: Harness) -> None:
    batch_id = await batch_in(funded, "drafted")

    answers = await asyncio.gather(*(b.approve(funded, batch_id, actor=f"checker-{n}") for n in range(100)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 99
    assert await b.facts_of(funded, "batch-approved") == 1


async def test_a_hundred_racing_releases_send_each_payment_once(funded: Harness) -> None:
    batch_id = await batch_in(funded, "approved")

    answers = await asyncio.gather(*(b.release(funded, batch_id, actor=f"payer-{n}") for n in range(100)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 99
    assert await b.facts_of(funded, "payment-sent") == 1


async def test_a_release_racing_a_rejection_ends_one_way(funded: Harness) -> None:
    batch_id = await batch_in(funded, "approved")

    answers = await asyncio.gather(b.release(funded, batch_id), b.reject(funded, batch_id, actor="x"))

    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_signatures_carry_their_days(funded: Harness) -> None:
    batch_id = await b.draft(funded, await b.hear_claims(funded, 1))
    funded.clock.move_to(date(2016, 12, 2))
    await b.approve(funded, batch_id)
    funded.clock.move_to(date(2016, 12, 5))

    answer = (await b.release(funded, batch_id)).json()

    assert [answer[name] for name in ("drafted_on", "approved_on", "released_on")] == [
        "2016-12-01", "2016-12-02", "2016-12-05",
    ]  # fmt: skip
