"""Every decision has a number of its own, the same in its name and its title, and whoever names a record names one that is there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
NAMED = re.compile(r"docs/decisions/([\w.-]+\.md)")


def test_every_record_has_its_own_number() -> None:
    numbers = Counter(record.name[:4] for record in RECORDS)

    assert [number for number, times in numbers.items() if times > 1] == []
    assert [
        one.name for one in RECORDS[1:] if not one.read_text("utf-8").startswith(f"# {one.name[:4]}. ")
    ] == []


def test_every_record_that_a_page_names_is_there() -> None:
    known = {record.name for record in RECORDS}
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "services").rglob("README.md")]
    named = {(page.name, name) for page in pages for name in NAMED.findall(page.read_text("utf-8"))}

    assert named
    assert {one for one in named if one[1] not in known} == set()
