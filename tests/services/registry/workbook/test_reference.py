"""The page of the workbook is made of the columns, codes and rules, and is up to date."""

from pathlib import Path

from services.registry.workbook import codes
from services.registry.workbook.columns import COLUMNS
from services.registry.workbook.finding import FINDINGS
from services.registry.workbook.reference import reference_page

PAGE = Path(__file__).parents[4] / "docs" / "household-workbook.md"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page()


def test_every_rule_of_a_column_is_a_known_finding() -> None:
    assert {column.fault for column in COLUMNS if column.fault} <= FINDINGS.keys()


def test_a_term_stands_for_one_code_only() -> None:
    for code_list in codes.CODE_LISTS:
        assert len(code_list.codes) == 2 * len(code_list.terms), code_list.name


def test_the_ethnic_groups_are_the_56_of_the_standard_and_two_more() -> None:
    assert len(codes.ETHNIC_GROUP.terms) == 58
    assert codes.ETHNIC_GROUP.term("14") == "白族"
