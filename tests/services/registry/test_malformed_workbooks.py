"""Three hundred malformed workbooks sent as requests: each is refused with the cell that is wrong, and nothing is taken over."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit import Harness
from tests.services.registry.builders import get, post
from tests.services.registry.malformed import Malformed, all_malformed
from tests.services.registry.sheet import drafts, send

COUNT = 300
SEED = 2016
LIMIT_MIB = 512
ROOT = Path(__file__).parents[3]
EMPTY = (
    "household",
    "household_version",
    "member_version",
    "household_standing",
    "person",
    "outbox",
)


@pytest.fixture(scope="module")
def malformed() -> list[Malformed]:
    """Every workbook, made only when it is sent."""
    return all_malformed(COUNT, SEED)


async def what_is_wrong(registry: Harness, one: Malformed) -> str:
    """Send a workbook and return what is wrong with the answer, or nothing."""
    answer = await post(registry, "/imports", content=one.make())
    problem = answer.json()
    told = {error["code"] for error in problem.get("errors", [])}
    if answer.status_code not in {413, 422} or answer.headers["content-type"] != "application/problem+json":
        return f"{one.label}: {answer.status_code} {problem.get('code')}"
    if not told & one.codes:
        return f"{one.label}: {sorted(told)} and not {sorted(one.codes)}"
    if one.where is None:
        return ""
    row, column = one.where
    pointers = {error["pointer"] for error in problem["errors"] if error["code"] in one.codes}
    return "" if f"/rows/{row}/{column}" in pointers else f"{one.label}: {sorted(pointers)}"


@pytest.mark.timeout(300)
async def test_each_of_three_hundred_malformed_workbooks_is_refused_at_its_cell_and_changes_nothing(
    registry: Harness, malformed: list[Malformed]
) -> None:
    wrong = [fault for one in malformed if (fault := await what_is_wrong(registry, one))]

    rows = {
        table: await registry.sql(f"SELECT count(*) AS n FROM registry.{table}")  # noqa: S608 - names from this file
        for table in EMPTY
    }
    assert not wrong, "\n".join(wrong)
    assert {table: found[0]["n"] for table, found in rows.items()} == dict.fromkeys(EMPTY, 0)
    assert (await get(registry, "/statistics")).json()["households"] == 0


async def test_the_workbook_that_was_not_damaged_is_taken_over(registry: Harness) -> None:
    assert (await send(registry, drafts(2))).status_code == 201


def test_the_three_hundred_are_different_and_of_every_kind(malformed: list[Malformed]) -> None:
    codes = {code for one in malformed for code in one.codes}

    assert len({one.label for one in malformed}) > COUNT // 2
    assert {"formula-not-allowed", "merged-cells", "head-duplicate", "inflated", "no-rows"} <= codes


CHILD = """
import json
from datetime import date
from pathlib import Path
from services.registry.workbook.finding import WorkbookRefused
from services.registry.workbook.read import read_workbook
from services.registry.workbook.report import report_as_dict
from services.registry.workbook.validate import validate
from tests.services.registry.malformed import all_malformed
for one in all_malformed({count}, {seed}):
    try:
        report_as_dict(validate(read_workbook(one.make()), {{"532930101201"}}, date(2016, 6, 1)))
    except WorkbookRefused:
        pass
status = Path("/proc/self/status").read_text()
print(json.dumps(int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024))
"""


@pytest.mark.timeout(300)
def test_all_of_them_together_stay_within_the_limit_of_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(count=COUNT, seed=SEED)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) < LIMIT_MIB
