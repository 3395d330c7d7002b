"""The report names cells and rules, as values and as a marked workbook."""

import io
import json
import zipfile

import python_calamine
from lxml import etree

from services.registry.workbook.export import export_households
from services.registry.workbook.read import read_workbook
from services.registry.workbook.report import report_as_dict, report_as_workbook
from services.registry.workbook.validate import validate
from tests.services.registry.workbook import sample
from tests.services.registry.workbook.sample import changed, check, rows, workbook


def sheet_of(document: bytes, name: str) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(document))
    return [list(row) for row in book.get_sheet_by_name(name).to_python()]


def test_the_report_is_json_and_holds_no_value() -> None:
    validation = check(workbook(changed(2, 证件号码=sample.HEAD_IDENTITY[:-1] + "?", 姓名="测\x07试")))

    report = json.dumps(report_as_dict(validation), ensure_ascii=False)

    assert sample.HEAD_IDENTITY[:-1] not in report
    assert json.loads(report)["findings"][1] == {
        "pointer": "/rows/2/证件号码",
        "row": 2,
        "column": "K",
        "name": "证件号码",
        "code": "identity-format",
        "message": "An identity number has 17 digits and a digit or X.",
        "message_zh": "证件号码应为17位数字加1位数字或X。",
    }


def test_the_report_counts_rows_and_households() -> None:
    report = report_as_dict(check(workbook(changed(4, 姓名=None))))

    assert (report["rows"], report["households"], report["faultless_households"]) == (3, 2, 1)
    assert (report["finding_count"], report["suppressed"]) == (1, 0)


def test_the_marked_workbook_keeps_the_cells_as_they_were() -> None:
    document = workbook(changed(2, 证件号码="0012", 工资性收入="x"))

    marked = report_as_workbook(check(document))

    assert sheet_of(marked, "人员") == sheet_of(document, "人员")


def test_a_faulty_cell_is_filled_and_commented() -> None:
    marked = report_as_workbook(check(workbook(changed(3, 证件号码="1", 姓名=None))))

    with zipfile.ZipFile(io.BytesIO(marked)) as archive:
        comments = etree.fromstring(archive.read("xl/comments1.xml"))
        sheet = etree.fromstring(archive.read(sample.SHEET_PART))
    styles = {cell.get("r"): cell.get("s") for cell in sheet.iter("{*}c")}
    assert [comment.get("ref") for comment in comments.iter("{*}comment")] == ["I3", "K3"]
    assert styles["K3"] == styles["I3"] != styles["K2"]


def test_the_error_sheet_lists_every_finding() -> None:
    marked = report_as_workbook(check(workbook(changed(3, 证件号码="1", 姓名=None))))

    lines = sheet_of(marked, "问题")

    assert [line[:4] for line in lines[1:]] == [
        [3, "I", "姓名", "required"],
        [3, "K", "证件号码", "identity-length"],
    ]


def test_the_error_sheet_says_how_many_are_not_listed() -> None:
    faulty = read_workbook(workbook([{"户编号": "1"}]))
    validation = validate(faulty, {sample.VILLAGE}, sample.TODAY, max_findings=1)

    assert "10 more findings" in str(sheet_of(report_as_workbook(validation), "问题")[-1][4])


def test_formulas_merged_cells_and_columns_can_be_marked() -> None:
    names = [*sample.NAMES[1:], "备注"]
    document = workbook(changed(2, 姓名="=1+1"), names)
    merged = sample.part_of(document).replace(
        "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="XFD9:XFD10"/></mergeCells>'
    )

    marked = report_as_workbook(check(sample.with_part(document, sample.SHEET_PART, merged)))

    assert {line[3] for line in sheet_of(marked, "问题")[1:]} == {
        "column-missing",
        "column-unknown",
        "formula-not-allowed",
        "merged-cells",
    }


def test_a_marked_workbook_can_be_corrected_and_read_again() -> None:
    people = changed(3, 姓名="测\u200b试")
    marked = report_as_workbook(check(workbook(people)))

    again = check(marked)

    assert [sample.brief(item) for item in again.findings] == [("I3", "姓名", "control-character")]


def test_a_faultless_report_has_no_finding() -> None:
    households = check(workbook(rows())).households

    validation = check(export_households(households))

    assert report_as_dict(validation)["findings"] == []
    assert len(sheet_of(report_as_workbook(validation), "问题")) == 1
