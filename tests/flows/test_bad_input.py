"""What nobody should send: each gets a problem that names field and rule, nothing changes, memory stays bounded."""

import io
import zipfile
from collections.abc import AsyncIterator, Callable

import pytest

from cli.api import Api
from tests.flows.town import Town, household
from tests.services.registry.workbook.sample import NAMES, SHEET_PART, changed, rows, with_part, workbook

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]

JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_MIB = 512
TOO_LARGE = 413
HOUSEHOLDS = "/registry/v1/households"


@pytest.fixture(autouse=True)
async def unchanged(paying_town: Town) -> AsyncIterator[None]:
    """Every test here leaves every figure and every count of facts as it was, and memory bounded."""
    before = await paying_town.state()
    yield
    assert await paying_town.state() == before
    assert paying_town.peak_mib() < MOST_MIB


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"housing_area_m2": 80.5}, "/housing_area_m2"),
        ({"wage_income": 1000}, "/wage_income"),
        ({"members": "nobody"}, "/members"),
        ({"members": []}, "/members"),
        ({"village_code": "5329"}, "/village_code"),
        ({"planted": 1}, "/planted"),
        ({"file_number": None}, "/file_number"),
    ],
)
async def test_json_of_the_wrong_shape_names_its_field_and_rule(
    paying_town: Town, change: dict[str, object], pointer: str
) -> None:
    answer = await paying_town.post(paying_town.clerk, HOUSEHOLDS, household(9) | change)

    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert pointer in [one["pointer"] for one in problem["errors"]]
    assert all(one["code"] and one["message"] for one in problem["errors"])


COMMANDS = {
    HOUSEHOLDS: "clerk",
    "/subsidy/v1/claims": "clerk",
    "/finance/v1/funds": "officer",
    "/relocation/v1/sites": "officer",
    "/supervision/v1/rules": "officer",
    "/gateway/v1/accounts": "administrator",
    "/gateway/v1/sessions": "administrator",
}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 422),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 422),
        (b"{", 422),
        (b"\xff\xfe{}", 422),
        (b"null", 422),
        (b'"' + b" " * (64 * 1024 * 1024) + b'"', 413),
    ],
    ids=["deep list", "deep object", "cut off", "not UTF-8", "null", "64 MiB"],
)
async def test_json_that_is_no_request_gets_a_problem(paying_town: Town, body: bytes, status: int) -> None:
    for path, role in COMMANDS.items():
        answer = await paying_town.send(
            _as(paying_town, role), "POST", path, content=body, headers={"content-type": JSON}
        )

        assert answer.status_code == status, (path, answer.text[:500])
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] in {"json-too-deep", "invalid-request", "payload-too-large"}
        assert status == TOO_LARGE or answer.json()["errors"][0]["pointer"]


@pytest.mark.parametrize("path", [HOUSEHOLDS, "/gateway/v1/accounts"])
async def test_a_body_that_never_says_its_length_is_cut_off(paying_town: Town, path: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 2**20

    api = _as(paying_town, "administrator")
    headers = {"authorization": f"Bearer {api.token}", "idempotency-key": "endless", "content-type": JSON}
    answer = await api._http.post(path, content=endless(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "payload-too-large")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
async def test_another_content_type_is_refused(paying_town: Town, kind: str) -> None:
    answer = await paying_town.send(
        paying_town.clerk, "POST", HOUSEHOLDS, content=b"{}", headers={"content-type": kind}
    )

    assert answer.status_code in {415, 422}
    assert answer.json()["code"]


def bomb() -> bytes:
    target = io.BytesIO(workbook(rows()))
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/big.bin", "w") as part,
    ):
        for _ in range(600):
            part.write(bytes(2**20))
    return target.getvalue()


FAULTY: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("wrong type", lambda: workbook(changed(2, 工资性收入="many")), "import-faulty", "/rows/2/工资性收入"),
    ("formula", lambda: workbook(changed(2, 姓名="=A1")), "import-faulty", "/rows/2/姓名"),
    ("unknown column", lambda: workbook(rows(), [*NAMES, "身高"]), "import-faulty", "/rows/1/AC"),
    ("no rows", lambda: workbook([]), "workbook-unreadable", "no-rows"),
    ("zip bomb", bomb, "workbook-too-large", "too-large"),
    ("no workbook", lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "workbook-unreadable", "not-a-workbook"),
    ("CSV in GBK", lambda: "户编号,姓名\n0001,测试\n".encode("gb18030"), "workbook-unreadable", "text-file"),
    (
        "broken XML",
        lambda: with_part(workbook(rows()), SHEET_PART, "<worksheet"),
        "workbook-unreadable",
        "malformed",
    ),
]


@pytest.mark.parametrize(
    ("made", "code", "place"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY]
)
async def test_a_faulty_workbook_gets_a_problem_with_place_and_rule(
    paying_town: Town, made: Callable[[], bytes], code: str, place: str
) -> None:
    answer = await paying_town.send(
        paying_town.officer, "POST", "/registry/v1/imports", content=made(), headers={"content-type": XLSX}
    )

    problem = answer.json()
    found = [f"{one['pointer']} {one['code']}" for one in problem["errors"]]
    assert answer.status_code in {413, 422}, answer.text[:500]
    assert problem["code"] == code
    assert any(place in one for one in found), found


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"<OrgnlPmtInfId>", b"<OrgnlPmtInfId>0", "other-batch"),
        (b"<OrgnlCtrlSum>3000.00<", b"<OrgnlCtrlSum>3000.01<", "sum-differs"),
        (b"<OrgnlNbOfTxs>1<", b"<OrgnlNbOfTxs>2<", "count-differs"),
        (b'<InstdAmt Ccy="CNY">3000.00<', b'<InstdAmt Ccy="CNY">2999.99<', "amount-differs"),
    ],
)
async def test_a_report_with_other_sums_or_of_another_batch_is_refused(
    paying_town: Town, old: bytes, new: bytes, rule: str
) -> None:
    report = paying_town.report_on(await paying_town.order(paying_town.made["batch"]))
    assert old in report

    answer = await paying_town.hand_in(report.replace(old, new, 1))

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["rule"]) == (422, "bank-report-refused", rule)
    assert problem["errors"][0]["pointer"].startswith("/Document/CstmrPmtStsRpt")


async def test_a_report_that_comes_twice_changes_nothing_the_second_time(paying_town: Town) -> None:
    answer = await paying_town.hand_in(paying_town.paid_report)

    assert (answer.status_code, answer.json()["code"]) == (422, "bank-report-refused")
    assert answer.json()["rule"] == "report-already-read"
    assert answer.json()["errors"][0]["pointer"].startswith("/Document/CstmrPmtStsRpt")


@pytest.mark.parametrize("report", [b"", b"<a", b"{}", b"<Document/>", b"<!DOCTYPE a><a/>", b"<a>" * 100_000])
async def test_what_is_no_report_is_refused(paying_town: Town, report: bytes) -> None:
    answer = await paying_town.hand_in(report)

    assert (answer.status_code, answer.json()["code"]) == (422, "bank-report-refused")


def _as(town: Town, role: str) -> Api:
    people = {"clerk": town.clerk, "officer": town.officer, "administrator": town.people.administrator.api}
    return people[role]
