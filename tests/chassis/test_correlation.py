"""A request keeps the name that its caller gave it, unless that may be somebody's number."""

import pytest

from chassis.correlation import request_id_of, traceparent_of

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize(
    "given", ["request-0001", "01a21865-53ff-7537-ba5b-3a6d355f2261", "a" + "1" * 31, "1" * 14]
)
def test_an_id_of_the_caller_is_kept(given: str) -> None:
    assert request_id_of({b"x-request-id": given.encode()}) == given


@pytest.mark.parametrize(
    "given", ["", "short", "5329311961020301", "53293119610203001X", "card-53293119610203001x", "a b c d e"]
)
def test_what_may_be_a_number_of_somebody_is_no_id(given: str) -> None:
    assert request_id_of({b"x-request-id": given.encode()}) not in {given, ""}


def test_only_a_trace_is_taken_for_one() -> None:
    assert traceparent_of({b"traceparent": TRACE.encode()}) == TRACE
    for given in ("", "532931196102030017", f"{TRACE}-532931196102030017"):
        assert traceparent_of({b"traceparent": given.encode()}) is None
