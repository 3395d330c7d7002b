"""A county's own data in and out by command: all of a file or nothing."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cli.sample.county import small_county
from cli.sample.division import division_bytes
from cli.sample.draft import to_drafts
from cli.sample.generate import generate
from cli.sample.plan import SamplePlan
from services.registry.workbook.draft import HouseholdDraft
from services.registry.workbook.export import export_households
from tests.cli.kit import Office

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def small_plan() -> SamplePlan:
    return generate(small_county(), 2016)


@pytest.fixture(scope="module", autouse=True)
def divisions(office: Office) -> None:
    file = office.folder / "divisions.csv"
    file.write_bytes(division_bytes(small_county()))
    done = office.tuopin("import", "divisions", str(file), as_="officer")
    assert done.returncode == 0, done.stderr


def some_households(plan: SamplePlan, first: int, last: int) -> tuple[HouseholdDraft, ...]:
    return to_drafts(plan.households[first:last])


def faulty(plan: SamplePlan) -> bytes:
    """A workbook whose second household has a head without a valid identity number."""
    good, bad = some_households(plan, 0, 2)
    head, *others = bad.members
    wrong = replace(head, identity_number=head.identity_number[:-1] + "Y")
    return export_households([good, replace(bad, members=(wrong, *others))])


def test_a_faulty_workbook_names_row_column_and_rule(
    office: Office, small_plan: SamplePlan, tmp_path: Path
) -> None:
    (tmp_path / "in.xlsx").write_bytes(faulty(small_plan))

    refused = office.tuopin("import", "households", str(tmp_path / "in.xlsx"), as_="officer")

    row = 2 + len(small_plan.households[0].members)
    assert refused.returncode == 1
    assert f"/rows/{row}/证件号码" in refused.stderr
    assert office.tuopin("findings", as_="officer").returncode == 0


def test_a_faulty_workbook_comes_back_with_its_cells_marked(
    office: Office, small_plan: SamplePlan, tmp_path: Path
) -> None:
    (tmp_path / "in.xlsx").write_bytes(faulty(small_plan))
    report = tmp_path / "report.xlsx"

    office.tuopin("import", "households", str(tmp_path / "in.xlsx"), "--report", str(report), as_="officer")

    assert report.read_bytes().startswith(b"PK")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_a_dry_run_changes_nothing(office: Office, small_plan: SamplePlan, tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_bytes(export_households(some_households(small_plan, 0, 2)))
    file = str(tmp_path / "in.xlsx")

    first = office.tuopin("import", "households", file, "--dry-run", "--json", as_="officer")
    second = office.tuopin("import", "households", file, "--dry-run", "--json", as_="officer")

    assert first.returncode == second.returncode == 0
    assert json.loads(second.stdout)["outcome"] == "checked"


def test_what_is_exported_holds_the_same_cells(
    office: Office, small_plan: SamplePlan, tmp_path: Path
) -> None:
    (tmp_path / "in.xlsx").write_bytes(export_households(some_households(small_plan, 2, 6)))
    imported = office.tuopin("import", "households", str(tmp_path / "in.xlsx"), as_="officer")
    assert imported.returncode == 0, imported.stderr

    exported = office.tuopin("export", "households", str(tmp_path / "out.xlsx"), as_="officer")

    assert exported.returncode == 0, exported.stderr
    assert stat.S_IMODE((tmp_path / "out.xlsx").stat().st_mode) == 0o600
    assert cells_of(tmp_path / "out.xlsx") == cells_of(tmp_path / "in.xlsx")


def cells_of(workbook: Path) -> list[list[str]]:
    rows = CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).to_python()
    return sorted([str(cell) for cell in row] for row in rows)


def test_a_role_that_may_not_import_is_refused(
    office: Office, small_plan: SamplePlan, tmp_path: Path
) -> None:
    (tmp_path / "in.xlsx").write_bytes(export_households(some_households(small_plan, 0, 1)))

    refused = office.tuopin("import", "households", str(tmp_path / "in.xlsx"), as_="administrator")

    assert refused.returncode == 1
    assert "forbidden" in refused.stderr


def test_a_report_that_cannot_be_written_is_said_before_anything_is_sent(
    office: Office, tmp_path: Path
) -> None:
    workbook = tmp_path / "households.xlsx"
    workbook.write_bytes(b"PK")
    nowhere = tmp_path / "none" / "report.xlsx"

    refused = office.tuopin("import", "households", str(workbook), "--report", str(nowhere), as_="officer")
    exported = office.tuopin("export", "households", str(nowhere), as_="officer")

    assert (refused.returncode, exported.returncode) == (2, 2)
    assert "cannot be written" in refused.stderr
    assert "cannot be written" in exported.stderr
