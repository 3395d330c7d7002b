"""Hostile and huge workbooks are answered in a bounded address space, measured in a process of their own."""

import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.registry.workbook.columns import COLUMNS
from tests.services.registry.workbook.sample import NAMESPACE, SHEET_PART, rows, workbook

ROOT = Path(__file__).parents[4]
LIMIT_MIB = 512
HEAD = f'<worksheet xmlns="{NAMESPACE}"><sheetData>'
TAIL = "</sheetData></worksheet>"
NAMES = (
    '<row r="1">'
    + "".join(f'<c t="inlineStr"><is><t>{column.name}</t></is></c>' for column in COLUMNS)
    + "</row>"
)

# The address space is capped too: a reader that wants more dies instead of being measured.
CHILD = """
import json, resource, sys
from datetime import date
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (1024 * 2**20, 1024 * 2**20))
from services.registry.workbook.finding import WorkbookRefused
from services.registry.workbook.read import read_workbook
from services.registry.workbook.report import report_as_dict, report_as_workbook
from services.registry.workbook.validate import validate
try:
    validation = validate(read_workbook(Path(sys.argv[1])), {"532930101201"}, date(2016, 6, 1))
    report_as_dict(validation)
    if validation.findings:
        report_as_workbook(validation)
    answer = {"rows": validation.row_count, "findings": len(validation.findings)}
except WorkbookRefused as refused:
    answer = {"code": refused.code}
status = Path("/proc/self/status").read_text()
peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
print(json.dumps(answer | {"mib": int(peak) // 1024}))
"""


def answer(path: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=110,
    )
    result: dict[str, int] = json.loads(done.stdout)
    peak = result.pop("mib")
    print(f"peak {peak} MiB of {path.name}")  # noqa: T201 - shown with pytest -s
    assert peak < LIMIT_MIB
    return dict(result)


def with_sheet(path: Path, chunks: Iterator[str], part: str = SHEET_PART) -> Path:
    """Write a workbook whose part is streamed, so that the test itself stays small."""
    source = path.with_suffix(".source")
    source.write_bytes(workbook(rows()))
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info))
        with new.open(part, "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk.encode())
    return path


def blank_rows(first: int, count: int) -> Iterator[str]:
    for start in range(first, first + count, 10_000):
        yield "".join(
            f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(start, start + 10_000)
        )


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    bomb = with_sheet(tmp_path / "bomb.xlsx", iter([HEAD, *[" " * 2**20] * 1024, TAIL]))

    assert answer(bomb) == {"code": "too-large"}


def test_a_small_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    bomb = with_sheet(tmp_path / "bomb.xlsx", iter([HEAD, *[" " * 2**20] * 100, TAIL]))

    assert answer(bomb) == {"code": "inflated"}


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    honest = with_sheet(tmp_path / "bomb.xlsx", iter([HEAD, *[" " * 2**20] * 300, TAIL])).read_bytes()
    size = (300 * 2**20 + len(HEAD) + len(TAIL)).to_bytes(4, "little")
    assert size in honest
    lying = tmp_path / "lying.xlsx"
    lying.write_bytes(honest.replace(size, (1000).to_bytes(4, "little")))

    assert answer(lying) == {"code": "malformed"}


def test_a_million_empty_rows_are_no_rows(tmp_path: Path) -> None:
    sheet = with_sheet(tmp_path / "empty.xlsx", iter([HEAD, NAMES, *blank_rows(2, 1_000_000), TAIL]))

    assert answer(sheet) == {"code": "no-rows"}


def test_a_million_empty_rows_after_the_last_person_do_no_harm(tmp_path: Path) -> None:
    person = '<row r="2"><c r="A2" t="inlineStr"><is><t>1</t></is></c></row>'
    sheet = with_sheet(
        tmp_path / "trailing.xlsx", iter([HEAD, NAMES, person, *blank_rows(3, 1_000_000), TAIL])
    )

    assert answer(sheet) == {"rows": 1, "findings": 11}


def test_a_million_rows_of_people_are_refused(tmp_path: Path) -> None:
    people = (block.replace(' s="1"/>', "><v>1</v></c>") for block in blank_rows(2, 1_000_000))
    sheet = with_sheet(tmp_path / "people.xlsx", iter([HEAD, NAMES, *people, TAIL]))

    assert answer(sheet) == {"code": "too-many-rows"}


def test_two_cells_at_opposite_corners_make_no_grid(tmp_path: Path) -> None:
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = with_sheet(tmp_path / "corners.xlsx", iter([HEAD, NAMES, corner, TAIL]))

    assert answer(sheet) == {"rows": 1, "findings": 13}


def test_one_endless_row_is_refused(tmp_path: Path) -> None:
    words = ["".join(random.Random(seed).choices("abcdefgh", k=7)) for seed in range(20_000)]  # noqa: S311
    cells = "".join(f'<c t="{word}"/>' for word in words)
    sheet = with_sheet(tmp_path / "row.xlsx", iter([HEAD, '<row r="1">', *[cells] * 100, "</row>", TAIL]))

    assert answer(sheet) == {"code": "too-large"}


def test_elements_beside_the_rows_are_let_go(tmp_path: Path) -> None:
    blocks = (f'{"<x/>" * 5_000}<row r="{number}"/>' for number in range(2, 202))
    sheet = with_sheet(tmp_path / "beside.xlsx", iter([HEAD, NAMES, *blocks, TAIL]))

    assert answer(sheet) == {"code": "no-rows"}


def test_a_flood_of_texts_is_refused(tmp_path: Path) -> None:
    texts = (
        "".join(f"<si><t>{number}</t></si>" for number in range(start, start + 10_000))
        for start in range(0, 1_500_000, 10_000)
    )
    table = iter([f'<sst xmlns="{NAMESPACE}">', *texts, "</sst>"])

    assert answer(with_sheet(tmp_path / "texts.xlsx", table, "xl/sharedStrings.xml")) == {"code": "too-large"}


def test_nested_entities_are_refused(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document_type = f'<!DOCTYPE worksheet [<!ENTITY e0 "lol">{levels}]>'
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>&e9;</t></is></c></row>'
    sheet = with_sheet(tmp_path / "laughs.xlsx", iter([document_type, HEAD, NAMES, row, TAIL]))

    assert answer(sheet) == {"code": "malformed"}


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_largest_import_full_of_faults_stays_small(tmp_path: Path) -> None:
    width = range(len(COLUMNS))
    people = (
        f'<row r="{row}">'
        + "".join(f'<c t="inlineStr"><is><t>{row}值{place}</t></is></c>' for place in width)
        + "</row>"
        for row in range(2, 20_002)
    )
    sheet = with_sheet(tmp_path / "largest.xlsx", iter([HEAD, NAMES, *people, TAIL]))

    assert answer(sheet) == {"rows": 20_000, "findings": 10_000}
