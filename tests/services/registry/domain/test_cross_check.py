"""What a list rules out, with which reasons a match is confirmed, and which lists are taken."""

import json
from datetime import date

import msgspec
import pytest

from contracts.values import CONFIRMED, CROSS_CHECK_KINDS, DEATHS, EXPLAINED, VEHICLES
from services.registry.domain import cross_check
from services.registry.domain.cross_check_list import MAX_ERRORS, MAX_ROWS, read_csv, read_json
from services.registry.domain.errors.cross_check import CrossCheckListInvalid, MatchReasonUnknown
from services.registry.rules import shipped_packs
from tests.services.registry.builders import identity

PACK = shipped_packs()["national-2014"]
TODAY = date(2016, 6, 1)
HEADER = "identity_number,detail\n"


def faults(document: str | bytes) -> list[tuple[str, str]]:
    """Return where a CSV is faulty, by which rule."""
    raw = document if isinstance(document, bytes) else document.encode()
    with pytest.raises(CrossCheckListInvalid) as refused:
        read_csv(raw, TODAY)
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_the_pack_says_which_lists_rule_out() -> None:
    assert [kind for kind in CROSS_CHECK_KINDS if cross_check.rules_out(kind, PACK)] == list(
        PACK.ruled_out_by
    )
    assert not cross_check.rules_out(DEATHS, PACK)

    only_deaths = msgspec.structs.replace(PACK, ruled_out_by=(DEATHS,))
    assert cross_check.rules_out(DEATHS, only_deaths)
    assert not cross_check.rules_out(VEHICLES, only_deaths)


def test_a_match_is_confirmed_only_with_a_reason_on_which_a_round_acts() -> None:
    for reason in (*PACK.remove_reasons, *PACK.correct_reasons):
        cross_check.check_reason(CONFIRMED, reason, PACK)
    cross_check.check_reason(EXPLAINED, "same-name", PACK)

    with pytest.raises(MatchReasonUnknown) as refused:
        cross_check.check_reason(CONFIRMED, "same-name", PACK)

    assert (refused.value.rule, refused.value.basis) == (
        "not-ruled-out",
        PACK.basis("not-ruled-out"),
    )


def test_rows_of_one_person_are_counted_and_kept_together() -> None:
    small = identity(1)[:-1] + identity(1)[-1].lower()
    text = f"\ufeff{HEADER}{identity(1)},a lorry\n{small}, a van \n\n{identity(2)},\n"

    listed = read_csv(text.encode(), TODAY)

    assert listed.rows == 3
    assert listed.details == {identity(1): "a lorry; a van", identity(2): ""}


def test_csv_and_json_say_the_same() -> None:
    rows = [{"identity_number": identity(1), "detail": "x"}, {"identity_number": identity(2)}]

    as_json = read_json(json.dumps({"rows": rows}).encode(), TODAY)

    assert as_json == read_csv(f"{HEADER}{identity(1)},x\n{identity(2)},\n".encode(), TODAY)


WRONG = identity(1)[:-1] + ("0" if identity(1)[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("text", "pointer", "code"),
    [
        (f"{HEADER}{WRONG},\n", "/lines/2/identity_number", "identity-checksum"),
        (f"{HEADER}{identity(1)},\n123,\n", "/lines/3/identity_number", "identity-length"),
        (f"{HEADER}{'A' * 18},\n", "/lines/2/identity_number", "identity-format"),
        (f"{HEADER}{identity(1)},{'x' * 201}\n", "/lines/2/detail", "too-long"),
        (f"{HEADER}{identity(1)},a\x07b\n", "/lines/2/detail", "control-character"),
        (f"{HEADER}{identity(1)}\n", "/lines/2", "column-count"),
        (f'{HEADER}"{identity(1)}"x,\n', "/lines/2", "csv-invalid"),
        ("number,detail\n", "/lines/1", "header-invalid"),
        ("", "/lines/1", "header-invalid"),
        (HEADER, "/lines", "no-rows"),
    ],
)
def test_a_faulty_list_is_named_by_line_and_rule(text: str, pointer: str, code: str) -> None:
    assert (pointer, code) in faults(text)


def test_a_list_in_another_encoding_is_refused() -> None:
    assert faults("identity_number,detail\n1,货车\n".encode("gb18030")) == [("/lines", "encoding-invalid")]


def test_no_fault_repeats_what_the_line_said() -> None:
    with pytest.raises(CrossCheckListInvalid) as refused:
        read_csv(f"{HEADER}{WRONG},secret\n".encode(), TODAY)

    assert WRONG not in repr(refused.value.errors)
    assert WRONG not in repr(read_csv(f"{HEADER}{identity(1)},\n".encode(), TODAY))


@pytest.mark.parametrize("count", [199, 200])
def test_a_detail_may_be_as_long_as_the_limit(count: int) -> None:
    assert read_csv(f"{HEADER}{identity(1)},{'x' * count}\n".encode(), TODAY).rows == 1


def test_faults_are_named_up_to_a_limit() -> None:
    assert len(faults(HEADER + "1,\n" * 1_500)) == MAX_ERRORS


def test_a_list_may_have_as_many_rows_as_the_limit() -> None:
    full = HEADER + f"{identity(1)},\n" * MAX_ROWS

    assert read_csv(full.encode(), TODAY).rows == MAX_ROWS
    assert faults(f"{full}{identity(2)},\n") == [("/lines", "too-many-rows")]


@pytest.mark.parametrize(
    ("document", "pointer", "code"),
    [
        (b'{"rows": [', "", "json-invalid"),
        (b"\xff", "", "json-invalid"),
        (b"{}", "", "shape"),
        (b'{"rows": [{"identity_number": 7}]}', "/rows/0/identity_number", "shape"),
        (b'{"rows": [], "more": 1}', "", "shape"),
        ('{"rows": [], "金丝雀": 1}'.encode(), "", "shape"),
        (b'{"rows": []}', "/rows", "no-rows"),
        (b'{"rows": [{"identity_number": "7"}]}', "/rows/0/identity_number", "identity-length"),
    ],
)
def test_faulty_json_is_named_by_pointer(document: bytes, pointer: str, code: str) -> None:
    with pytest.raises(CrossCheckListInvalid) as refused:
        read_json(document, TODAY)

    assert (pointer, code) in [(error.pointer, error.code) for error in refused.value.errors]
    assert "金丝雀" not in str(refused.value.errors)
