"""A file over its days: which statement answers, and how a change is carried through."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.registry.domain.errors.change import DateBeforeMembership, PersonNotInHousehold
from services.registry.domain.timeline import (
    Content,
    Edit,
    Stretch,
    carry_through,
    emptied_on,
    from_day,
    spans,
)
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

JANUARY, MARCH, MAY = date(2016, 1, 1), date(2016, 3, 1), date(2016, 5, 1)
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def person(name: str = "甲", relation: str = "02") -> MemberDraft:
    """Return somebody."""
    return MemberDraft(
        name=name,
        identity_number="53293019610101001X",
        sex="1",
        relation=relation,
        ethnic_group="14",
        education="03",
        schooling="00",
        health="01",
        labour="01",
        work="00",
        medical_scheme=True,
    )


def content(*ids: UUID) -> Content:
    """Return a file with these people."""
    members = tuple(person(relation="20" if number else "02") for number in range(len(ids)))
    draft = HouseholdDraft(
        file_number="F-1",
        village_code="532930101201",
        attribute="01",
        standard="1",
        cause="01",
        housing_area_m2=Decimal("80.5"),
        wage_income_fen=0,
        business_income_fen=0,
        transfer_income_fen=0,
        property_income_fen=0,
        production_cost_fen=0,
        members=members,
    )
    return Content(draft=draft, person_ids=ids)


def test_of_all_that_speak_of_a_day_the_last_recorded_answers() -> None:
    statements = [("first", JANUARY), ("second", MAY), ("third", MARCH)]

    assert spans(statements) == [(JANUARY, "first"), (MARCH, "third")]
    assert spans(statements[:2]) == [(JANUARY, "first"), (MAY, "second")]


def test_days_before_the_one_asked_for_are_cut_off() -> None:
    known = [(JANUARY, "first"), (MAY, "second")]

    assert from_day(known, MARCH) == [(MARCH, "first"), (MAY, "second")]
    assert from_day(known, MAY) == [(MAY, "second")]
    assert from_day(known, date(2015, 1, 1)) == known


def test_a_change_is_carried_through_every_stretch() -> None:
    stretches = [Stretch(since=JANUARY, content=content(ONE, TWO)), Stretch(since=MAY, content=content(ONE))]
    edit = Edit(joining=((THREE, person("丙", "30")),), figures={"wage_income_fen": 7})

    edited = carry_through(stretches, edit)

    found = [each.content for each in edited if each.content]
    assert [each.person_ids for each in found] == [(ONE, TWO, THREE), (ONE, THREE)]
    assert {each.draft.wage_income_fen for each in found} == {7}


def test_who_leaves_must_be_there_in_every_stretch() -> None:
    stretches = [Stretch(since=JANUARY, content=content(ONE)), Stretch(since=MAY, content=content(ONE, TWO))]

    with pytest.raises(DateBeforeMembership):
        carry_through(stretches, Edit(leaving=frozenset({TWO})))


def test_once_nobody_is_left_nobody_is_there_later() -> None:
    alone_first = [
        Stretch(since=JANUARY, content=content(ONE)),
        Stretch(since=MAY, content=content(ONE, TWO)),
    ]
    alone_last = [
        Stretch(since=JANUARY, content=content(ONE, TWO)),
        Stretch(since=MAY, content=content(ONE)),
    ]
    edit = Edit(leaving=frozenset({ONE}))

    with pytest.raises(DateBeforeMembership):
        carry_through(alone_first, edit)
    assert emptied_on(carry_through(alone_last, edit)) == MAY
    assert emptied_on(alone_last) is None


def test_an_empty_stretch_takes_no_change() -> None:
    with pytest.raises(DateBeforeMembership):
        carry_through([Stretch(since=JANUARY, content=None)], Edit())


def test_what_is_said_of_those_who_stay_is_said_anew() -> None:
    (stretch,) = carry_through(
        [Stretch(since=JANUARY, content=content(ONE, TWO))], Edit(people={TWO: {"health": "02"}})
    )

    assert stretch.content is not None
    assert [member.health for member in stretch.content.draft.members] == ["01", "02"]


def test_somebody_of_another_household_is_refused_by_the_field_that_names_them() -> None:
    with pytest.raises(PersonNotInHousehold) as refused:
        content(ONE).person(TWO, "/person_id")

    assert refused.value.pointer == "/person_id"
    assert content(ONE).person(ONE, "/person_id") == replace(person())
