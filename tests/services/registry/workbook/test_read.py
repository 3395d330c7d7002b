"""A document that is no plain workbook of the form gets one clear refusal or a finding at its cell."""

import io
import zipfile
from pathlib import Path

import pytest

from services.registry.workbook.finding import WorkbookRefused
from services.registry.workbook.package import Limits
from services.registry.workbook.read import read_workbook
from tests.services.registry.workbook import sample
from tests.services.registry.workbook.sample import (
    NAMES,
    NAMESPACE,
    findings,
    rows,
    with_part,
    with_sheet,
    workbook,
)

HEADER = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in NAMES)


def sheet(body: str, after: str = "") -> str:
    head = f'<row r="1">{HEADER}</row>'
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{head}{body}</sheetData>{after}</worksheet>'


def refusal(document: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(WorkbookRefused) as caught:
        read_workbook(document, limits or Limits())
    return caught.value.code


def ole(text: str) -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + text.encode("utf-16-le") + bytes(500)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "not-a-workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-a-workbook"),
        ("户编号,姓名\n0001,测试\n".encode(), "text-file"),
        ("户编号,姓名\n0001,测试\n".encode("gb18030"), "text-file"),
        (ole("Workbook"), "old-format"),
        (ole("EncryptedPackage"), "encrypted"),
        (b"PK\x03\x04 and then nothing of a ZIP", "malformed"),
    ],
    ids=["empty", "picture", "csv", "csv in GBK", "xls", "password", "broken zip"],
)
def test_a_file_that_is_no_workbook_is_refused(document: bytes, code: str) -> None:
    assert refusal(document) == code


def test_a_truncated_workbook_is_refused() -> None:
    document = workbook(rows())

    assert refusal(document[: len(document) // 2]) == "malformed"


def test_a_damaged_sheet_is_refused() -> None:
    document = bytearray(workbook(rows()))
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        start = archive.getinfo(sample.SHEET_PART).header_offset
    document[start + 200 : start + 260] = bytes(60)

    assert refusal(bytes(document)) == "malformed"


def test_another_zip_file_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")

    assert refusal(target.getvalue()) == "not-a-workbook"


def test_a_workbook_without_the_sheet_is_refused() -> None:
    assert refusal(workbook(rows(), sheet_name="Sheet1")) == "sheet-missing"


def test_a_workbook_with_a_header_and_no_rows_is_refused() -> None:
    assert refusal(workbook([])) == "no-rows"


def test_an_empty_sheet_is_refused() -> None:
    assert refusal(with_sheet(f'<worksheet xmlns="{NAMESPACE}"><sheetData/></worksheet>')) == "no-rows"


def test_a_path_and_a_stream_are_read_alike(tmp_path: Path) -> None:
    document = workbook(rows())
    path = tmp_path / "households.xlsx"
    path.write_bytes(document)

    assert read_workbook(path) == read_workbook(io.BytesIO(document)) == read_workbook(document)


def test_columns_may_stand_in_any_order() -> None:
    assert findings(rows(), NAMES[::-1]) == []


def test_an_unknown_column_is_named_by_its_letter() -> None:
    assert findings(rows(), [*NAMES, "测试甲"]) == [("AC1", "", "column-unknown")]


def test_a_missing_column_is_named() -> None:
    names = [name for name in NAMES if name != "证件号码"]

    assert findings(rows(), names) == [("1", "证件号码", "column-missing")]


def test_a_column_that_stands_twice_is_named() -> None:
    assert findings(rows(), [*NAMES, "姓名"]) == [("AC1", "姓名", "column-duplicate")]


def test_an_optional_column_may_be_left_out() -> None:
    assert (
        findings(
            rows(), [name for name in NAMES if name not in ("住址", "联系电话", "年纯收入", "人均纯收入")]
        )
        == []
    )


def test_a_first_row_of_values_is_not_repeated_in_the_findings() -> None:
    values = [str(value) for value in rows()[0].values()]

    validation = sample.check(workbook([dict.fromkeys(values, "x")], values))

    assert not any(item.column in values for item in validation.findings)


def test_a_value_outside_the_columns_is_found() -> None:
    document = with_sheet(sheet('<row r="2"><c r="AZ2"><v>1</v></c></row>'))

    assert sample.brief(read_workbook(document).findings[0]) == ("AZ2", "", "cell-outside-columns")


def test_merged_cells_are_found_at_their_first_cell() -> None:
    document = workbook(rows())
    merged = sample.part_of(document).replace(
        "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'
    )

    validation = sample.check(with_sheet(merged))

    assert [sample.brief(item) for item in validation.findings] == [("B2", "行政村代码", "merged-cells")]


def test_a_formula_with_a_cached_text_is_found() -> None:
    document = with_sheet(sheet('<row r="2"><c r="A2" t="str"><f>"00"&amp;"01"</f><v>0001</v></c></row>'))

    assert sample.brief(read_workbook(document).findings[0]) == ("A2", "户编号", "formula-not-allowed")


@pytest.mark.parametrize("cell", ['t="e"><v>#REF!</v>', 't="d"><v>2016-01-01</v>', 't="b"><v>1</v>'])
def test_an_error_a_date_and_a_truth_value_are_no_text(cell: str) -> None:
    document = with_sheet(sheet(f'<row r="2"><c r="I2" {cell}</c></row>'))

    assert sample.brief(read_workbook(document).findings[0]) == ("I2", "姓名", "cell-type-invalid")


@pytest.mark.parametrize(
    "body",
    [
        '<row r="3"/><row r="2"/>',
        '<row r="2"><c r="B2"/><c r="A2"/></row>',
        '<row r="2"><c r="A2"/><c r="A2"/></row>',
        '<row r="2"><c r="A3"/></row>',
        '<row r="2"><c r="XFE2"/></row>',
        '<row r="1048577"/>',
        '<row r="-2"/>',
        '<row r="2"><c r="A2" t="s"><v>999999</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>',
        '<row r="2"><c r="A2">',
    ],
)
def test_a_sheet_that_programs_would_read_differently_is_refused(body: str) -> None:
    assert refusal(with_sheet(sheet(body))) == "malformed"


def test_entities_are_refused_and_nothing_outside_is_read() -> None:
    bomb = '<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + sheet(
        '<row r="2"><c r="A2" t="inlineStr"><is><t>&a;</t></is></c></row>'
    )

    assert refusal(with_sheet(bomb)) == "malformed"


def test_escaped_control_characters_are_seen() -> None:
    document = with_sheet(sheet('<row r="2"><c r="A2" t="inlineStr"><is><t>a_x0000_b</t></is></c></row>'))

    assert read_workbook(document).rows[0].cells == {0: "a\x00b"}


def test_rich_text_is_joined_and_its_phonetic_guide_left_out() -> None:
    rich = "<r><t>测</t></r><r><t>试</t></r><rPh><t>ceshi</t></rPh>"
    document = with_sheet(sheet(f'<row r="2"><c r="A2" t="inlineStr"><is>{rich}</is></c></row>'))

    assert read_workbook(document).rows[0].cells == {0: "测试"}


def test_blank_rows_after_and_between_are_skipped() -> None:
    people = rows()

    assert findings([people[0], {}, people[1], people[2], {}, {}]) == []


def test_more_rows_than_an_import_takes_are_refused() -> None:
    assert refusal(workbook(rows()), Limits(rows=2)) == "too-many-rows"


def test_a_document_beyond_the_size_limit_is_refused() -> None:
    assert refusal(workbook(rows()), Limits(document_bytes=100)) == "too-large"


def test_two_parts_of_one_name_are_refused() -> None:
    target = io.BytesIO(workbook(rows()))
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(sample.SHEET_PART, sheet(""))

    assert refusal(target.getvalue()) == "malformed"


def test_a_flood_of_parts_is_refused() -> None:
    target = io.BytesIO(workbook(rows()))
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(600):
            archive.writestr(f"xl/media/{number}", "")

    assert refusal(target.getvalue()) == "too-many-parts"


def test_a_flood_of_texts_is_refused() -> None:
    strings = f'<sst xmlns="{NAMESPACE}">' + "<si><t>a</t></si>" * 200 + "</sst>"

    assert (
        refusal(with_part(workbook(rows()), "xl/sharedStrings.xml", strings), Limits(strings=100))
        == "too-large"
    )
