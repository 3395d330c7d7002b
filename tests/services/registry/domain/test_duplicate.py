"""Identity numbers one slip apart, and what speaks for two people being one."""

from datetime import date
from uuid import UUID

import pytest
from stdnum.cn import ric

from services.registry.domain import duplicate as domain
from services.registry.domain.duplicate import Traits
from services.registry.domain.errors.change import SameHousehold
from tests.services.registry.builders import identity

NUMBER = identity(7)


def test_every_wrong_digit_is_thought_of_and_no_two() -> None:
    near = domain.near_numbers(NUMBER)

    assert all(str(ric.calc_check_digit(number)) == number[17] for number in near)
    for place in range(17):
        digit = str((int(NUMBER[place]) + 1) % 10)
        body = NUMBER[:place] + digit + NUMBER[place + 1 : 17]
        assert body + str(ric.calc_check_digit(body + "0")) in near
    two_wrong = str((int(NUMBER[0]) + 1) % 10) + NUMBER[1:4] + str((int(NUMBER[4]) + 1) % 10) + NUMBER[5:17]
    assert two_wrong + str(ric.calc_check_digit(two_wrong + "0")) not in near
    assert len(near) <= 1 + 17 * 9 + 16


def test_a_number_is_not_near_itself() -> None:
    assert not domain.are_near(NUMBER, NUMBER)
    assert not domain.have_near_numbers([NUMBER, NUMBER])
    assert domain.have_near_numbers([NUMBER, identity(8)])


def test_a_date_of_birth_is_read_where_there_is_one() -> None:
    assert domain.born_on(NUMBER) == date(1950, 1, 1)
    assert domain.born_on("532930195013010010") is None
    assert domain.born_on("") is None


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("杨甲", "杨甲", ["name"]),
        ("杨甲", "杨乙", ["name-near"]),
        ("杨甲乙", "杨甲", ["name-near"]),
        ("杨甲", "李乙", []),
        ("杨甲乙", "李甲丙", []),
        ("杨甲乙丙", "杨甲", []),
        ("杨", "李", []),
        ("杨", "杨甲", []),
    ],
)
def test_names_are_alike_by_one_letter_at_most(one: str, other: str, told: list[str]) -> None:
    assert domain.evidence(Traits(name=one), Traits(name=other)) == told


def test_evidence_at_the_limit_is_likely_and_below_is_not() -> None:
    assert domain.is_likely(["name", "address"])
    assert domain.score(["name", "address"]) == domain.LIKELY_FROM
    assert not domain.is_likely(["birth-date", "address"])
    assert not domain.is_likely(["name", "name-near"])
    assert domain.score(["identity-number", "name"]) == 100


def test_what_is_not_known_speaks_for_nothing() -> None:
    assert domain.evidence(Traits(), Traits()) == []
    assert domain.evidence(Traits(address="一组", head_name="杨甲"), Traits()) == []


def test_traits_show_nobody() -> None:
    assert "杨甲" not in repr(Traits(name="杨甲", identity_number=NUMBER))


def test_nobody_is_merged_with_themselves() -> None:
    one = UUID(int=1)

    with pytest.raises(SameHousehold):
        domain.refuse_same_person(one, one)
