"""People's numbers, names and accounts are found nowhere outside the answers that are meant to show them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import asyncpg
import pytest

from chassis.database import plain_dsn
from cli.api import Refused
from cli.catalogue import ALL
from tests.flows.town import VILLAGE, Town, household, identity, member

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]

NAME = "金丝雀丙丁"
WIFE = "金丝雀戊己"
ACCOUNT = "6217998877665544332"
FUND_ACCOUNT = "8899776655443322110"
PHONE = "13911112222333"
ADDRESS = "鸟巢村七组八号"
IDENTITY = identity("19610203", "017")
WIFE_IDENTITY = identity("19630405", "028")
WRONG_IDENTITY = IDENTITY[:-1] + ("1" if IDENTITY[-1] != "1" else "2")
CANARIES = (NAME, WIFE, ACCOUNT, PHONE, ADDRESS, IDENTITY, WIFE_IDENTITY, WRONG_IDENTITY)
CHUNK = 4 * 2**20
READ = (
    "/registry/v1/households",
    "/registry/v1/statistics",
    "/subsidy/v1/claims",
    "/subsidy/v1/disbursements",
    "/finance/v1/payments",
    "/finance/v1/batches",
    "/finance/v1/journal",
    "/supervision/v1/findings?state=open",
    "/supervision/v1/trail",
)


def spellings(canaries: Iterable[str] = CANARIES) -> set[bytes]:
    """Return every form in which a canary could lie somewhere: as text, in hexadecimal, escaped, in UTF-16."""
    found: set[bytes] = set()
    for one in canaries:
        plain = one.encode()
        found |= {plain, plain.hex().encode(), one.encode("unicode_escape"), one.encode("utf-16-le")}
    return found


def hits(parts: Iterable[bytes], wanted: set[bytes]) -> set[bytes]:
    """Return what was found in a stream of parts, across their seams too."""
    found: set[bytes] = set()
    tail = b""
    for part in parts:
        held = tail + part
        found |= {one for one in wanted if one in held}
        tail = held[-256:]
    return found


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def parts_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while part := opened.read(CHUNK):
            yield part


@pytest.fixture(scope="module")
async def lived(town: Town) -> Town:
    """A town through which the canaries went by every way there is, refused ones included."""
    body = household(
        71,
        account=ACCOUNT,
        phone=PHONE,
        address=ADDRESS,
        members=[
            member(71, name=NAME, identity_number=IDENTITY),
            member(72, name=WIFE, identity_number=WIFE_IDENTITY, sex="2", relation="10"),
        ],
    )
    await _refusals(town, body)
    household_id = await town.file(body)
    await town.post(town.clerk, "/registry/v1/households", body)  # registered already
    await town.open_money({"holder": "样例县财政", "number": FUND_ACCOUNT, "bank_code": "000100000001"})
    batch = await town.release_batch(household_id, "c" * 64)
    order = await town.order(batch)
    assert NAME.encode() in order
    assert ACCOUNT.encode() in order
    await town.hand_in(order)  # the order itself is no report
    report = town.report_on(order)
    wrong = report.replace(b"<OrgnlEndToEndId>", f"<OrgnlEndToEndId>{ACCOUNT}".encode(), 1)
    await town.hand_in(wrong)
    assert (await town.hand_in(report)).status_code == 201
    await town.until_paid("3000.00")
    insurer = await town.people.insurer.visit()
    question = {"identity_number": IDENTITY, "on": "2026-01-01", "purpose": "premium-subsidy"}
    await insurer.post("/gateway/v1/eligibility-checks", question)
    shown = await town.officer.get(f"/registry/v1/households/{household_id}")
    path = f"/registry/v1/persons/{shown['members'][0]['id']}/unmaskings"
    assert (await town.officer.post(path, {"reason": "check at the door"}))["identity_number"] == IDENTITY
    town.made["household"] = household_id
    return town


async def _refusals(town: Town, body: dict[str, object]) -> None:
    wrong = body | {"members": [member(71, name=NAME, identity_number=WRONG_IDENTITY)]}
    for one in (
        wrong,
        body | {"account": f"{ACCOUNT}x"},
        body | {"cause": NAME},
        body | {IDENTITY: NAME},
        body | {NAME: 1},
    ):
        assert (await town.post(town.clerk, "/registry/v1/households", one)).status_code == 422
    await town.send(town.clerk, "GET", f"/registry/v1/households?file_number={IDENTITY}")
    await town.send(town.clerk, "GET", f"/registry/v1/households/{IDENTITY}")
    await town.send(
        town.clerk,
        "POST",
        "/registry/v1/households",
        content=f'{{"{NAME}'.encode(),
        headers={"content-type": "application/json"},
    )
    with pytest.raises(Refused):
        await town.officer.post("/registry/v1/divisions/imports", {"name": NAME})


async def test_database_files_and_the_write_ahead_log_hold_no_canary(lived: Town) -> None:
    connection = await asyncpg.connect(plain_dsn(lived.platform.database))
    await connection.execute("CHECKPOINT")
    folder = Path(await connection.fetchval("SHOW data_directory"))
    await connection.close()
    files = files_in(folder)
    wanted = spellings()

    assert [file.parent.name for file in files if file.parent.name == "pg_wal"]
    assert {str(file): hits(parts_of(file), wanted) for file in files if hits(parts_of(file), wanted)} == {}
    # The search itself finds what is not secret: the village of the household.
    assert any(hits(parts_of(file), {VILLAGE.encode()}) for file in files)


async def test_logs_hold_no_canary(lived: Town) -> None:
    files = files_in(lived.platform.data / "logs")

    assert files
    assert {
        file.name: hits(parts_of(file), spellings()) for file in files if hits(parts_of(file), spellings())
    } == {}


async def test_facts_hold_no_canary(lived: Town) -> None:
    connection = await asyncpg.connect(plain_dsn(lived.platform.database))
    facts = [
        row["whole"].encode()
        for name in ALL
        for row in await connection.fetch(
            f"SELECT row_to_json(o)::text || convert_from(o.payload, 'UTF8') AS whole FROM {name}.outbox o"  # noqa: S608
        )
    ]
    await connection.close()

    assert facts
    assert hits(facts, spellings()) == set()


async def test_metrics_and_error_bodies_hold_no_canary(lived: Town) -> None:
    metrics = (await lived.send(lived.officer, "GET", "/metrics")).content

    assert b"# HELP" in metrics
    assert lived.bodies
    assert [body for body in [metrics, *lived.bodies] if hits([body], spellings())] == []


async def test_answers_show_numbers_masked_only(lived: Town) -> None:
    bodies = [
        (await lived.send(lived.people.auditor.api, "GET", path)).content
        for path in (*READ, f"/gateway/v1/households/{lived.made['household']}/360")
    ]

    assert hits(bodies, spellings((IDENTITY, WIFE_IDENTITY, ACCOUNT, PHONE, NAME, WIFE, ADDRESS))) == set()


def test_a_canary_across_two_parts_is_found() -> None:
    assert hits([IDENTITY.encode()[:7], IDENTITY.encode()[7:]], spellings()) == {IDENTITY.encode()}
