"""People's numbers, names and accounts are found nowhere outside the answers that are meant to show them."""

import base64
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from chassis.database import plain_dsn
from cli.api import Refused
from cli.catalogue import ALL
from tests.flows import canary_families, canary_offices, canary_round, canary_workbook
from tests.flows.canary import (
    ACCOUNT,
    ADDRESS,
    CANARIES,
    FUND_ACCOUNT,
    IDENTITY,
    MARKS,
    NAME,
    PHONE,
    PRIVATE,
    WIFE,
    WIFE_IDENTITY,
    WRONG_IDENTITY,
    hits,
    open_in,
    spellings,
)
from tests.flows.town import VILLAGE, Town, household, member

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]

CHUNK = 2**18
# A workbook or paper that was kept open could hide its words by compression.
DOCUMENTS = {b"xl/worksheets/", b"%PDF-"}
READ = (
    "/registry/v1/households",
    "/registry/v1/households/{household}",
    "/registry/v1/households/{household}?as_of=2026-12-31",
    "/registry/v1/households/{household}/history",
    "/registry/v1/households/{household}/categories",
    "/registry/v1/households/{household}/income",
    "/registry/v1/households/{household}/visits",
    "/registry/v1/households/{family}/history",
    "/registry/v1/visits/{visit}",
    "/registry/v1/persons/{person}",
    "/registry/v1/persons/{person}/history",
    "/registry/v1/change-requests",
    "/registry/v1/cross-checks",
    "/registry/v1/cross-checks/{list}",
    "/registry/v1/cross-checks/matches",
    "/registry/v1/lines",
    "/registry/v1/line-mismatches",
    "/registry/v1/rounds",
    "/registry/v1/rounds/{round}",
    "/registry/v1/rounds/{round}/entries",
    "/registry/v1/rounds/{round}/meetings",
    "/registry/v1/rounds/{round}/determinations",
    "/registry/v1/rounds/{round}/notices",
    "/registry/v1/rounds/{round}/announcements",
    "/registry/v1/meetings/{meeting}",
    "/registry/v1/notices",
    "/registry/v1/notices/{notice}",
    "/registry/v1/notices/{notice}/objections",
    "/registry/v1/announcements/{announcement}",
    "/registry/v1/disclosures",
    "/registry/v1/statistics?group_by=cause",
    "/registry/v1/statistics/lineage",
    "/registry/v1/overlaps",
    "/registry/v1/key-villages",
    "/registry/v1/stale-records",
    "/registry/v1/causes",
    "/registry/v1/areas/{village}",
    "/registry/v1/areas/{village}/exit-assessment",
    "/registry/v1/areas/{village}/figures",
    "/subsidy/v1/claims",
    "/subsidy/v1/disbursements",
    "/finance/v1/payments",
    "/finance/v1/batches",
    "/finance/v1/journal",
    "/supervision/v1/findings?state=open",
    "/supervision/v1/trail",
    "/gateway/v1/households/{household}/360",
)
# Each has a body that could hold a person's words; the order is that in which an office meets them.
WAYS = (
    canary_offices.compare_with_lists,
    canary_families.change_families,
    canary_families.assign_categories,
    canary_families.look_for_people,
    canary_offices.ask_as_partner,
    canary_workbook.bring_a_workbook,
    canary_offices.give_reasons,
    canary_round.hold_round,
    canary_round.print_papers,
)


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


@asynccontextmanager
async def database(town: Town) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Open the platform's database with all that it was told written to its files."""
    connection = await asyncpg.connect(plain_dsn(town.platform.database))
    try:
        await connection.execute("CHECKPOINT")
        yield connection
    finally:
        await connection.close()


def found_in(files: Iterable[Path], wanted: set[bytes]) -> dict[Path, set[bytes]]:
    """Return what is found in which file."""
    found = {file: hits(parts_of(file), wanted) for file in files}
    return {file: each for file, each in found.items() if each}


def parts_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while part := opened.read(CHUNK):
            # Most of the log is laid out ahead, and empty.
            if part.strip(b"\0"):
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
    town.made |= {"household": household_id, "village": VILLAGE}
    for way in WAYS:
        await way(town)
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
    async with database(lived) as connection:
        folder = Path(await connection.fetchval("SHOW data_directory"))
    files = {*files_in(folder), *files_in(lived.platform.data)}

    assert any(file.parent.name == "pg_wal" for file in files)
    assert found_in(files, spellings(MARKS) | DOCUMENTS) == {}
    # The search itself finds what is not secret: the village of the household.
    assert any(hits(parts_of(file), {VILLAGE.encode()}) for file in files)


async def test_logs_hold_no_canary(lived: Town) -> None:
    files = files_in(lived.platform.data / "logs")

    assert files
    assert found_in(files, spellings(MARKS)) == {}


async def test_facts_hold_no_canary(lived: Town) -> None:
    async with database(lived) as connection:
        facts = [
            row["whole"].encode()
            for name in ALL
            for row in await connection.fetch(
                f"SELECT row_to_json(o)::text || convert_from(o.payload, 'UTF8') AS whole FROM {name}.outbox o"  # noqa: S608
            )
        ]

    assert facts
    assert hits(facts, spellings(MARKS)) == set()


async def test_metrics_and_error_bodies_hold_no_canary(lived: Town) -> None:
    metrics = (await lived.send(lived.officer, "GET", "/metrics")).content

    assert b"# HELP" in metrics
    assert len(lived.bodies) > 100
    assert [body for body in [metrics, *lived.bodies] if hits([body], spellings(MARKS))] == []


async def test_answers_show_people_masked_to_whoever_may_not_see_them(lived: Town) -> None:
    auditor = lived.people.auditor.api
    answers = {path: await lived.send(auditor, "GET", path.format_map(lived.made)) for path in READ}
    shown = {path: hits([answer.content], spellings(PRIVATE)) for path, answer in answers.items()}

    assert {path for path, answer in answers.items() if not answer.is_success} == set()
    assert {path: found for path, found in shown.items() if found} == {}


# The last one that looks into files: from here on a canary lies in them.
async def test_a_canary_planted_in_a_table_is_found_in_its_file_and_in_the_log(lived: Town) -> None:
    async with database(lived) as connection:
        folder = Path(await connection.fetchval("SHOW data_directory"))
        await connection.execute("CREATE TABLE planted (words text)")
        await connection.execute("INSERT INTO planted VALUES ($1)", f"{NAME} {IDENTITY}")
        await connection.execute("CHECKPOINT")
        table = folder / await connection.fetchval("SELECT pg_relation_filepath('planted')")
        found = found_in([table, *files_in(folder / "pg_wal")], spellings([NAME, IDENTITY]))
        await connection.execute("DROP TABLE planted")

    assert found[table] == {NAME.encode(), IDENTITY.encode()}
    assert len(found) > 1


@pytest.mark.parametrize("one", CANARIES)
def test_a_canary_is_found_in_whatever_it_was_written(one: str) -> None:
    plain = one.encode()
    written = [
        plain,
        plain.hex().encode(),
        json.dumps(one).encode(),
        quote(one).encode(),
        one.encode("utf-16"),
        *(base64.b64encode(b"x" * before + plain + b"xx") for before in range(4)),
    ]

    assert [form for form in written if not hits([b"before", form, b"behind"], spellings(MARKS))] == []


def test_a_canary_across_two_parts_is_found() -> None:
    assert hits([IDENTITY.encode()[:7], IDENTITY.encode()[7:]], spellings()) == {IDENTITY.encode()}


def test_a_way_that_lets_words_through_is_seen() -> None:
    assert open_in(f"{NAME}, {IDENTITY[:4]}**********{IDENTITY[-2:]}".encode()) == {NAME}
