"""Every fault that a file can carry by itself is found at its cell, and a faultless file becomes drafts."""

from decimal import Decimal
from typing import Any

import pytest

from services.registry.workbook.read import read_workbook
from services.registry.workbook.validate import validate
from tests.services.registry.workbook import sample
from tests.services.registry.workbook.sample import TODAY, VILLAGE, changed, findings, identity, rows


def test_rows_of_a_household_need_not_be_adjacent() -> None:
    validation = sample.check(sample.workbook(rows()))

    assert validation.is_faultless
    assert [[member.row for member in household.members] for household in validation.households] == [
        [2, 4],
        [3],
    ]


def test_leading_zeros_are_kept() -> None:
    household = sample.check(sample.workbook(rows())).households[0]

    assert (household.file_number, household.bank_code, household.account) == (
        "0001",
        "002731000012",
        "0200000000000001",
    )


def test_money_becomes_whole_fen_and_the_area_keeps_one_decimal() -> None:
    household = sample.check(sample.workbook(rows())).households[0]

    assert (household.wage_income_fen, household.business_income_fen) == (100_000, 50_050)
    assert household.net_income_fen == 140_025
    assert household.per_capita_income_fen == 70_013
    assert household.housing_area_m2 == Decimal("80.5")


def test_a_blank_cell_elsewhere_in_a_column_changes_no_other_cell() -> None:
    people = changed(3, 联系电话=None)

    first, second = sample.check(sample.workbook(people)).households

    assert (first.phone, second.phone) == ("0872-5120000", None)


def test_a_number_cell_of_money_is_read_as_it_is_shown() -> None:
    people = changed(2, 工资性收入=0.1 + 0.2)

    assert sample.check(sample.workbook(people)).households[0].wage_income_fen == 30


def test_a_head_who_is_not_listed_first_changes_no_other_role() -> None:
    people = rows()

    household = sample.check(sample.workbook([people[2], people[1], people[0]])).households[0]

    assert [member.relation for member in household.members] == ["10", "02"]
    assert household.head.name == "测试甲"


def test_a_household_value_repeated_on_another_row_is_accepted() -> None:
    assert findings(changed(4, 行政村代码=VILLAGE, 户属性="01")) == []


def test_a_small_x_at_the_end_is_the_same_number() -> None:
    number = next(
        value for value in (identity("19700101", f"{i:03d}") for i in range(1, 99, 2)) if value.endswith("X")
    )

    validation = sample.check(sample.workbook(changed(2, 证件号码=number.lower())))

    assert validation.households[0].head.identity_number == number


ONE_CELL: list[tuple[str, int, dict[str, Any], tuple[str, str]]] = [
    (
        "identity number typed as a number",
        2,
        {"证件号码": 532930197001010019},
        ("K2", "number-in-text-column"),
    ),
    ("file number typed as a number", 3, {"户编号": 2}, ("A3", "number-in-text-column")),
    ("village code typed as a number", 3, {"行政村代码": 532930101201}, ("B3", "number-in-text-column")),
    ("account typed as a number", 3, {"银行账号": 6200000000000001}, ("G3", "number-in-text-column")),
    ("code typed as a number", 3, {"致贫原因": 1}, ("U3", "number-in-text-column")),
    ("identity number too short", 2, {"证件号码": "53293019700101"}, ("K2", "identity-length")),
    ("identity number with a letter", 2, {"证件号码": "53293O197001010019"}, ("K2", "identity-format")),
    (
        "full-width digits",
        2,
        {"证件号码": "532930197001010019".translate({48: 0xFF10})},
        ("K2", "identity-format"),
    ),
    ("wrong check character", 2, {"证件号码": "532930197001010010"}, ("K2", "identity-checksum")),
    ("no such date", 2, {"证件号码": identity("19700231", "001")}, ("K2", "identity-date")),
    ("born in 2090", 2, {"证件号码": identity("20900101", "001")}, ("K2", "identity-future")),
    ("born tomorrow", 2, {"证件号码": identity("20160602", "001")}, ("K2", "identity-future")),
    ("no such place", 2, {"证件号码": identity("19700101", "001", "999999")}, ("K2", "identity-place")),
    ("sex disagrees", 2, {"性别": "女"}, ("J2", "identity-sex")),
    ("no such relation", 4, {"与户主关系": "朋友"}, ("L4", "code-unknown")),
    ("no such ethnic group code", 4, {"民族": "57"}, ("M4", "code-unknown")),
    ("code without its zero", 4, {"健康状况": "1"}, ("P4", "code-unknown")),
    ("name missing", 4, {"姓名": None}, ("I4", "required")),
    ("name of blanks only", 4, {"姓名": "  "}, ("I4", "required")),
    ("name too long", 4, {"姓名": "长" * 51}, ("I4", "too-long")),
    ("control character in a name", 4, {"姓名": "测\x07试"}, ("I4", "control-character")),
    ("zero-width space in a name", 4, {"姓名": "测\u200b试"}, ("I4", "control-character")),
    ("replacement character of a lost encoding", 4, {"姓名": "测\ufffd"}, ("I4", "control-character")),
    ("spelled control character in a name", 4, {"姓名": "测_x0041_试"}, ("I4", "control-character")),
    ("file number with a slash", 3, {"户编号": "00/2"}, ("A3", "file-number-invalid")),
    (
        "identity number for a file number",
        3,
        {"户编号": identity("19700101", "001")},
        ("A3", "file-number-is-identity"),
    ),
    ("file number missing", 3, {"户编号": None}, ("A3", "required")),
    ("village code too short", 3, {"行政村代码": "532930"}, ("B3", "village-code-invalid")),
    ("village not in the tree", 3, {"行政村代码": "532930101999"}, ("B3", "village-unknown")),
    ("household value missing on the head's row", 3, {"户属性": None}, ("C3", "required")),
    ("household value differs on another row", 4, {"户属性": "低保贫困户"}, ("C4", "household-differs")),
    ("bank branch code with 11 digits", 3, {"开户银行行号": "00273100001"}, ("F3", "bank-code-invalid")),
    ("account with letters", 3, {"银行账号": "6200x"}, ("G3", "account-invalid")),
    ("account without its branch", 3, {"开户银行行号": None}, ("F3", "bank-incomplete")),
    ("branch without an account", 3, {"银行账号": None}, ("G3", "bank-incomplete")),
    ("telephone with letters", 3, {"联系电话": "n/a"}, ("H3", "phone-invalid")),
    ("area that is no number", 3, {"住房面积": "八十"}, ("T3", "number-invalid")),
    ("area with two decimals", 3, {"住房面积": 80.55}, ("T3", "too-many-decimals")),
    ("area below zero", 3, {"住房面积": -1}, ("T3", "out-of-range")),
    ("income with a thousands comma", 3, {"工资性收入": "1,000"}, ("V3", "number-invalid")),
    ("income with three decimals", 3, {"工资性收入": "1.005"}, ("V3", "too-many-decimals")),
    ("income below zero", 3, {"工资性收入": "-1"}, ("V3", "out-of-range")),
    ("income beyond the range", 3, {"工资性收入": 1e20}, ("V3", "out-of-range")),
    ("true in a text column", 3, {"姓名": True}, ("I3", "cell-type-invalid")),
    ("true in a money column", 3, {"工资性收入": True}, ("V3", "cell-type-invalid")),
    ("formula in a money column", 3, {"工资性收入": "=1+1"}, ("V3", "formula-not-allowed")),
    (
        "formula in an identity number",
        3,
        {"证件号码": '=CONCATENATE("1","2")'},
        ("K3", "formula-not-allowed"),
    ),
    ("net income is not the sum", 3, {"年纯收入": "1400.00"}, ("AA3", "net-income-differs")),
    ("income a person is wrong", 2, {"人均纯收入": "1400.25"}, ("AB2", "per-capita-differs")),
    ("no head", 3, {"与户主关系": "子"}, ("L3", "head-missing")),
    ("two heads", 4, {"与户主关系": "户主"}, ("L4", "head-duplicate")),
]


@pytest.mark.parametrize(
    ("row", "cells", "expected"), [case[1:] for case in ONE_CELL], ids=[case[0] for case in ONE_CELL]
)
def test_a_planted_fault_is_found_at_its_cell(
    row: int, cells: dict[str, Any], expected: tuple[str, str]
) -> None:
    found = [(cell, code) for cell, _, code in findings(changed(row, **cells))]

    assert expected in found
    # A second head has no household values of its own to give, and a wrong number no sex to compare.
    assert {code for _, code in found} == {expected[1]}


def test_a_household_with_a_fault_yields_no_draft_and_the_others_do() -> None:
    validation = sample.check(sample.workbook(changed(4, 姓名=None)))

    assert [household.file_number for household in validation.households] == ["0002"]


def test_an_identity_number_that_stands_twice_names_both_cells() -> None:
    validation = sample.check(sample.workbook(changed(3, 证件号码=sample.HEAD_IDENTITY)))

    assert [(item.cell, item.code, item.note) for item in validation.findings] == [
        ("K2", "identity-duplicate", "K3"),
        ("K3", "identity-duplicate", "K2"),
    ]


def test_a_second_head_is_told_where_the_first_one_is() -> None:
    validation = sample.check(sample.workbook(changed(4, 与户主关系="户主")))

    assert [(item.cell, item.note) for item in validation.findings] == [("L4", "L2")]


def test_every_fault_is_reported_not_only_the_first() -> None:
    people = [*changed(2, 性别="x", 民族="x", 住房面积="x"), {"户编号": "0003"}]

    codes = [code for _, _, code in findings(people)]

    assert codes.count("code-unknown") == 2
    assert codes.count("number-invalid") == 1
    assert codes.count("required") == 11


def test_findings_beyond_the_cap_are_counted() -> None:
    workbook = read_workbook(sample.workbook([{"户编号": "0003"}]))

    validation = validate(workbook, {VILLAGE}, TODAY, max_findings=3)

    assert (len(validation.findings), validation.suppressed) == (3, 8)
    assert not validation.is_faultless


def test_the_register_adds_findings_at_cells_of_the_workbook() -> None:
    validation = sample.check(sample.workbook(rows()))

    extended = validation.with_findings([validation.finding(2, "证件号码", "identity-registered")])

    assert [sample.brief(item) for item in extended.findings] == [("K2", "证件号码", "identity-registered")]
    assert not extended.is_faultless


def test_a_finding_points_into_the_sheet() -> None:
    finding = sample.check(sample.workbook(changed(2, 证件号码="1"))).findings[0]

    assert finding.pointer == "/rows/2/证件号码"


def test_drafts_do_not_show_personal_values_when_printed() -> None:
    shown = repr(sample.check(sample.workbook(rows())).households)

    assert sample.HEAD_IDENTITY not in shown
    assert "测试甲" not in shown
    assert "0200000000000001" not in shown
