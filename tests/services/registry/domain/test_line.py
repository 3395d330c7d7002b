"""Income lines, and why a household stands differently under another pack: at the limit, below and above."""

import pytest

from contracts.values import CANDIDATE, DIBAO, EXITED, GENERAL, ON_THE_REGISTER, WUBAO
from services.registry.domain.line import (
    POOR_NOT_REGISTERED,
    POOR_WITHOUT_ALLOWANCE,
    are_one,
    is_below,
    mismatches,
)
from services.registry.domain.trial import (
    FALLS_BELOW,
    NO_LONGER_RULED_OUT,
    RISES_ABOVE,
    RULED_OUT,
    Standing,
    why_changed,
)


@pytest.mark.parametrize(("income", "below"), [(295_199, True), (295_200, False), (295_201, False)])
def test_a_household_at_the_line_is_not_below_it(income: int, below: bool) -> None:
    assert is_below(income, 295_200) is below


def test_nobody_is_below_a_line_that_there_is_not() -> None:
    assert not is_below(-1, None)


@pytest.mark.parametrize(
    ("poverty", "dibao", "one"),
    [(100, 99, False), (100, 100, True), (100, 101, True), (None, 1, None), (1, None, None)],
)
def test_two_lines_are_one_when_the_allowances_is_not_lower(
    poverty: int | None, dibao: int | None, one: bool | None
) -> None:
    assert are_one(poverty, dibao) is one


def test_a_household_below_a_line_is_missed_on_the_list_it_does_not_stand_on() -> None:
    def found(status: str, category: str) -> list[str]:
        return mismatches(status=status, category=category, below_poverty=True, below_dibao=True)

    for status in (CANDIDATE, EXITED):
        assert found(status, GENERAL) == [POOR_NOT_REGISTERED, POOR_WITHOUT_ALLOWANCE]
        assert found(status, DIBAO) == found(status, WUBAO) == [POOR_NOT_REGISTERED]
    for status in ON_THE_REGISTER:
        assert found(status, GENERAL) == [POOR_WITHOUT_ALLOWANCE]
        assert found(status, DIBAO) == found(status, WUBAO) == []


def test_a_household_above_both_lines_is_missed_nowhere() -> None:
    assert not mismatches(status=CANDIDATE, category=GENERAL, below_poverty=False, below_dibao=False)
    assert mismatches(status=CANDIDATE, category=GENERAL, below_poverty=False, below_dibao=True) == [
        POOR_WITHOUT_ALLOWANCE
    ]


def test_every_change_has_its_reason() -> None:
    poor, out = Standing(is_below=True, is_ruled_out=False), Standing(is_below=False, is_ruled_out=True)

    assert why_changed(poor, poor) == why_changed(out, out) == []
    assert why_changed(poor, out) == [RISES_ABOVE, RULED_OUT]
    assert why_changed(out, poor) == [FALLS_BELOW, NO_LONGER_RULED_OUT]
