"""Workbooks with the canaries: refused by cell and rule, taken over, marked, and exported again."""

import io
from typing import Any

import httpx
from python_calamine import CalamineWorkbook

from tests.flows import canary
from tests.flows.canary_ways import NEXT_VILLAGE, REGISTRY, seen
from tests.flows.town import Town
from tests.services.registry.workbook.sample import HOUSEHOLD, NAMES, PERSON, workbook


async def bring_a_workbook(town: Town) -> None:
    """Have workbooks refused, one taken over, and households exported again."""
    row = (
        HOUSEHOLD
        | PERSON
        | {"行政村代码": NEXT_VILLAGE, "户编号": "W-0001", "姓名": canary.IMPORTED, "性别": "男"}
    )
    row |= {"证件号码": canary.IMPORTED_IDENTITY, "与户主关系": "户主", "住址": canary.ADDRESS}
    row |= {"银行账号": canary.ACCOUNT, "联系电话": canary.PHONE}
    await _refuse_workbooks(town, row)
    for dry, status in (("true", 200), ("false", 201)):
        taken = await _workbook(town, workbook([row]), dry)
        assert taken.status_code == status, taken.text
        assert canary.open_in(taken.content) == set()
    exported = await seen(town, town.officer, f"{REGISTRY}/exports/households.xlsx?village={NEXT_VILLAGE}")
    # An export is the household itself, in full; whoever took it is on record.
    assert {canary.IMPORTED, canary.IMPORTED_IDENTITY, canary.ACCOUNT, canary.PHONE, canary.ADDRESS} <= set(
        _cells(exported)
    )
    for api in (town.people.auditor.api, town.people.checker.api):
        assert (await town.send(api, "GET", f"{REGISTRY}/exports/households.xlsx")).status_code == 403


async def _refuse_workbooks(town: Town, row: dict[str, Any]) -> None:
    faulty = row | {
        "性别": canary.NAME,
        "证件号码": canary.WRONG_IDENTITY,
        "户编号": canary.NAME,
        "民族": canary.IDENTITY,
    }
    faulty |= {"银行账号": f"{canary.ACCOUNT}x", "联系电话": canary.ADDRESS, "工资性收入": canary.ACCOUNT}
    headless = [name if name != "姓名" else canary.NAME for name in NAMES]
    for document in (
        workbook([faulty]),
        workbook([row | {"证件号码": canary.IDENTITY}]),  # on the register already
        workbook([row], [*NAMES, canary.IDENTITY]),
        workbook([row], [*headless, canary.NAME]),
        workbook([row], sheet_name=canary.NAME),
        f"{canary.NAME},{canary.IDENTITY}\n".encode(),
    ):
        answer = await _workbook(town, document, "true")
        assert answer.status_code == 422, answer.text
        if report := answer.headers.get("location"):
            assert canary.open_in(await seen(town, town.clerk, report)) == set()
    # The marked workbook shows the sheet as it came, and names cells and rules beside it.
    answer = await _workbook(town, workbook([faulty]), "false")
    marked = await seen(town, town.clerk, f"{answer.headers['location']}/report.xlsx")
    assert {canary.NAME, canary.WRONG_IDENTITY, canary.ADDRESS} <= set(_cells(marked))
    assert canary.open_in("\n".join(_cells(marked, "问题")).encode()) == set()


async def _workbook(town: Town, document: bytes, dry: str) -> httpx.Response:
    path = f"{REGISTRY}/imports?dry_run={dry}&standing=registered"
    return await town.send(town.clerk, "POST", path, content=document)


def _cells(document: bytes, sheet: str = "人员") -> list[str]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(document)).get_sheet_by_name(sheet).to_python()
    return [str(cell) for row in rows for cell in row]
