"""Words that are kept and shown as they are take nobody's number."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registry import fields
from tests.kit import Harness
from tests.services.registry.builders import CANARY_ACCOUNT, CANARY_PHONE, identity
from tests.services.registry.dci import ask, by_number, envelope

OPEN = {"reason": TypeAdapter(fields.Reason), "line": TypeAdapter(fields.OpenLine)}
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
NUMBERS = (
    identity(2),
    identity(2)[:-1] + "X",
    identity(2)[:15],
    CANARY_ACCOUNT,
    identity(2).translate(FULL_WIDTH),
)


@pytest.mark.parametrize("kind", OPEN)
@pytest.mark.parametrize("number", NUMBERS)
def test_words_with_a_number_of_somebody_are_refused_without_repeating_it(kind: str, number: str) -> None:
    with pytest.raises(ValidationError) as refused:
        OPEN[kind].validate_python(f"核对{number}")

    assert number not in str([(each["loc"], each["msg"]) for each in refused.value.errors()])


@pytest.mark.parametrize("kind", OPEN)
@pytest.mark.parametrize(
    "words", ["洱扶字〔2016〕1号", "2016-06-01 至 2016-12-31", f"电话{CANARY_PHONE[:11]}", "532930101201"]
)
def test_dates_codes_and_documents_stay_what_they_are(kind: str, words: str) -> None:
    assert OPEN[kind].validate_python(words) == words


async def test_a_purpose_with_a_number_of_somebody_is_no_purpose(registry: Harness) -> None:
    for purpose in (identity(4), f"check {identity(4)}"):
        answer = await ask(registry, envelope(by_number(2, authorize={"purpose": {"code": purpose}})))

        (response,) = answer.json()["message"]["search_response"]
        assert response["status_reason_code"] == "rjct.search_criteria.invalid"
        assert identity(4) not in answer.text

    assert await registry.sql("SELECT 1 FROM registry.eligibility_query") == []
