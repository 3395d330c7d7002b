"""Any damage to a workbook ends in a refusal or in findings, never in an error of the reader itself."""

import random

import pytest

from services.registry.workbook.finding import WorkbookRefused
from services.registry.workbook.report import report_as_workbook
from tests.services.registry.workbook import sample
from tests.services.registry.workbook.sample import check, part_of, rows, with_part, workbook

PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
    "xl/sharedStrings.xml",
    sample.SHEET_PART,
)


def survives(document: bytes) -> bool:
    try:
        validation = check(document)
    except WorkbookRefused:
        return False
    report_as_workbook(validation)
    return True


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a few of them overwritten, cut out or doubled."""
    result = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(result))
        kind = chance.randrange(3)
        if kind == 0:
            result[place] = chance.randrange(256)
        elif kind == 1:
            del result[place : place + chance.randint(1, 20)]
        else:
            result[place:place] = result[place : place + chance.randint(1, 200)]
    return bytes(result)


# Among them are files whose directory puts a part before the beginning of the file.
@pytest.mark.parametrize("seed", range(120))
def test_damaged_files_are_answered(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret

    survives(damaged(workbook(rows()), chance))


@pytest.mark.parametrize("part", PARTS)
def test_damaged_parts_are_answered(part: str) -> None:
    document = workbook(rows())
    content = part_of(document, part).encode()

    for seed in range(40):
        chance = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
        survives(with_part(document, part, damaged(content, chance)))


def test_the_undamaged_workbook_survives() -> None:
    assert survives(workbook(rows()))
