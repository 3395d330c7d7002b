"""Workbooks over HTTP: all or nothing, reported by cell, undone as a whole, exported to the same again.

Each defect that reliability.md's pain 18 saw in a peer's household import is a case here or in the workbook's own tests.
"""

import asyncio
import io
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from contracts import roles
from services.registry.workbook.export import export_households
from services.registry.workbook.read import read_workbook
from services.registry.workbook.validate import validate
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_NAME,
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    get,
    household,
    identity,
    post,
    put,
)
from tests.services.registry.sheet import drafts, household_draft, member_draft, send

TABLES = ("household", "person", "household_version", "member_version", "household_standing")


async def counts(registry: Harness) -> dict[str, int]:
    """Return how many rows the register holds."""
    return {
        table: (await registry.sql(f"SELECT count(*) FROM registry.{table}"))[0][0]  # noqa: S608 - a table's name
        for table in TABLES
    }


async def test_an_import_enters_all_households_with_history_and_facts(registry: Harness) -> None:
    answer = await send(registry, drafts(3))

    assert answer.status_code == 201, answer.text
    assert (answer.json()["outcome"], answer.json()["households"], answer.json()["persons"]) == (
        "committed",
        3,
        6,
    )
    assert await counts(registry) == {
        "household": 3,
        "person": 6,
        "household_version": 3,
        "member_version": 6,
        "household_standing": 3,
    }
    facts = await registry.facts()
    assert {fact.type for fact in facts} == {"registry.household-registered.v1"}
    assert {(fact.sequence, fact.areacode) for fact in facts} == {(1, VILLAGE)}


async def test_a_dry_run_changes_nothing(registry: Harness) -> None:
    answer = await send(registry, drafts(3), dry_run=True)

    assert (answer.status_code, answer.json()["outcome"]) == (200, "checked")
    assert not any((await counts(registry)).values())
    assert await registry.facts() == []


async def test_the_same_file_again_names_each_cell_and_changes_nothing(registry: Harness) -> None:
    await send(registry, drafts(2))
    before = await counts(registry)

    again = await send(registry, drafts(2))

    assert (again.status_code, again.json()["code"]) == (422, "import-faulty")
    assert [(error["pointer"], error["code"]) for error in again.json()["errors"]] == [
        ("/rows/2/户编号", "file-number-registered"),
        ("/rows/2/证件号码", "identity-registered"),
        ("/rows/3/证件号码", "identity-registered"),
        ("/rows/4/户编号", "file-number-registered"),
        ("/rows/4/证件号码", "identity-registered"),
        ("/rows/5/证件号码", "identity-registered"),
    ]
    assert await counts(registry) == before


async def test_a_person_of_another_township_is_found_too(registry: Harness) -> None:
    await send(registry, drafts(1))
    elsewhere = [household_draft(9, village_code=OTHER_VILLAGE, members=(member_draft(1),))]

    refused = await send(registry, elsewhere, area=OTHER_TOWNSHIP)

    assert [error["code"] for error in refused.json()["errors"]] == ["identity-registered"]


async def test_adding_a_member_is_a_change_and_no_second_import(registry: Harness) -> None:
    await send(registry, drafts(1))
    (row,) = (await get(registry, "/households")).json()["items"]
    stated = household(1, file_number="W-00001")

    changed = await put(registry, row["id"], 1, json=stated)

    assert changed.status_code == 200, changed.text
    assert (await registry.facts())[-1].type == "registry.household-changed.v1"


async def test_a_village_outside_the_callers_area_is_unknown_to_them(registry: Harness) -> None:
    refused = await send(registry, [household_draft(1, village_code=OTHER_VILLAGE)])

    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/rows/2/行政村代码", "village-unknown")
    ]


async def test_one_faulty_household_keeps_all_out_and_its_report_stays(registry: Harness) -> None:
    households = [household_draft(1), household_draft(2, members=(member_draft(2, relation="10"),))]

    refused = await send(registry, households)

    assert refused.status_code == 422
    assert not any((await counts(registry)).values())
    path = refused.headers["location"].removeprefix("/registry/v1")
    report = (await get(registry, path)).json()
    assert report["outcome"] == "refused"
    assert [(f["row"], f["name"], f["code"]) for f in report["report"]["findings"]] == [
        (4, "与户主关系", "head-missing")
    ]
    assert CANARY_NAME not in str(report)
    assert identity(2) not in str(report)


async def test_the_marked_workbook_shows_the_cell_to_its_sender_and_the_officer_only(
    registry: Harness,
) -> None:
    refused = await send(registry, [household_draft(2, members=(member_draft(2, relation="10"),))])
    path = refused.headers["location"].removeprefix("/registry/v1") + "/report.xlsx"

    own = await get(registry, path)
    officer = await get(registry, path, roles=[roles.OFFICER], area=COUNTY, actor="officer-1")
    colleague = await get(registry, path, actor="clerk-2")
    auditor = await get(registry, path, roles=[roles.AUDITOR], area="", actor="auditor-1")

    assert [own.status_code, officer.status_code, colleague.status_code, auditor.status_code] == [
        200,
        200,
        404,
        403,
    ]
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(own.content))
    assert sheets.get_sheet_by_name("问题").to_python()[1][3] == "head-missing"
    logged = await registry.sql("SELECT actor_id FROM registry.disclosure WHERE kind = 'report' ORDER BY 1")
    assert [row["actor_id"] for row in logged] == ["clerk-1", "officer-1"]


async def test_an_export_imports_back_to_the_same(registry: Harness) -> None:
    sent = drafts(4)
    imported = (await send(registry, sent)).json()

    exported = await get(registry, f"/exports/households.xlsx?village={VILLAGE}")

    assert exported.status_code == 200
    read = validate(read_workbook(exported.content), {VILLAGE}, registry.clock.today())
    assert list(read.households) == sent
    logged = await registry.sql("SELECT actor_id, asked_for, items FROM registry.disclosure")
    assert [tuple(row) for row in logged] == [("clerk-1", f"area {VILLAGE}, status any", 8)]
    await post(registry, f"/imports/{imported['id']}/undo")
    assert (await send(registry, exported.content)).status_code == 201


async def test_an_export_stays_inside_the_callers_area(registry: Harness) -> None:
    await send(registry, drafts(2))

    outside = await get(registry, f"/exports/households.xlsx?village={VILLAGE}", area=OTHER_TOWNSHIP)
    own = await get(registry, "/exports/households.xlsx", area=OTHER_TOWNSHIP)
    auditor = await get(registry, "/exports/households.xlsx", roles=[roles.AUDITOR], area="")

    assert (outside.status_code, auditor.status_code) == (404, 403)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(own.content))
    assert len(sheets.get_sheet_by_name("人员").to_python()) == 1


@pytest.mark.parametrize(
    ("document", "status", "code"),
    [
        (b"", 422, "not-a-workbook"),
        (b"\x00\x01\x02" * 100, 422, "not-a-workbook"),
        ("户编号,姓名\n1,甲\n".encode("gb18030"), 422, "text-file"),
    ],
)
async def test_what_is_no_workbook_is_refused_whole(
    registry: Harness, document: bytes, status: int, code: str
) -> None:
    refused = await send(registry, document)

    assert refused.status_code == status
    assert refused.json()["code"] == "workbook-unreadable"
    assert [error["code"] for error in refused.json()["errors"]] == [code]


async def test_a_document_beyond_the_limit_is_refused_before_it_is_read(registry: Harness) -> None:
    refused = await send(registry, b"PK\x03\x04" + bytes(20 * 1024 * 1024))

    assert refused.status_code == 413


async def test_an_import_with_the_same_key_happens_once(registry: Harness) -> None:
    document = export_households(drafts(2))
    first = await send(registry, document, key="import-1")
    second = await send(registry, document, key="import-1")

    assert (second.status_code, second.json()["id"]) == (201, first.json()["id"])
    assert len(await registry.facts()) == 2


async def test_the_counter_is_served_while_a_workbook_is_read(registry: Harness) -> None:
    importing = asyncio.create_task(send(registry, drafts(400)))
    served = 0
    while not importing.done():
        answer = await get(registry, "/households?limit=1")
        assert answer.status_code == 200
        served += 1

    assert importing.result().status_code == 201, importing.result().text
    assert served > 3


async def test_too_many_workbooks_at_once_are_sent_away(registry: Harness) -> None:
    answers = await asyncio.gather(*(send(registry, [household_draft(number)]) for number in range(1, 9)))

    assert {answer.status_code for answer in answers} == {201, 503}
    committed = sum(answer.status_code == 201 for answer in answers)
    assert (await counts(registry))["household"] == committed


async def test_an_import_that_breaks_off_leaves_nothing(registry: Harness) -> None:
    await registry.sql("ALTER TABLE registry.member_version ADD CONSTRAINT broken CHECK (position < 1)")

    try:
        failed = await send(registry, drafts(3))
    finally:
        await registry.sql("ALTER TABLE registry.member_version DROP CONSTRAINT broken")

    assert failed.status_code == 500
    assert not any((await counts(registry)).values())
    assert await registry.sql("SELECT 1 FROM registry.change_set") == []
    assert await registry.facts() == []


async def test_roles_that_do_not_file_cannot_import(registry: Harness) -> None:
    for role in (roles.AUDITOR, roles.BANK, roles.INSURER, roles.PAYER):
        assert (await send(registry, drafts(1), roles=[role])).status_code == 403


def ids_of(listed: dict[str, Any]) -> list[UUID]:
    return [UUID(item["id"]) for item in listed["items"]]


async def test_imported_households_carry_their_change_set_in_their_history(registry: Harness) -> None:
    imported = (await send(registry, drafts(1))).json()
    (household_id,) = ids_of((await get(registry, "/households", area=TOWNSHIP)).json())

    history = (await get(registry, f"/households/{household_id}/history")).json()

    assert [entry["change_set_id"] for entry in history["contents"]] == [imported["id"]]
    assert [entry["actor_id"] for entry in history["standings"]] == ["clerk-1"]
