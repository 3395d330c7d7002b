"""Rules are versioned data: which version holds, and which parameters fit."""

from datetime import date

import msgspec
import pytest

from services.supervision.domain.rule import (
    CAP,
    DEADLINE,
    EVALUATIONS,
    FLOOR,
    KINDS,
    MAX_FEN,
    THREE_WAY,
    Rule,
    Rulebook,
    fault_of,
    terms_of,
)
from services.supervision.rules import shipped_rules


def cap(version: int, m2: str, since: date, until: date | None = None) -> Rule:
    return Rule(
        code="house-over-area",
        version=version,
        kind=CAP,
        terms=terms_of(CAP, {"m2_per_person": m2}),
        severity="high",
        effective_from=since,
        effective_to=until,
        basis_document="sample",
        explanation={"zh": "$subject", "en": "$subject has $area"},
    )


def test_the_highest_version_in_force_on_the_day_holds() -> None:
    rules = Rulebook(
        [
            cap(1, "25", date(2014, 1, 1)),
            cap(2, "30", date(2016, 7, 1), date(2016, 12, 31)),
        ]
    )

    assert [rule.version for rule in rules.in_force(CAP, date(2016, 6, 30))] == [1]
    assert [rule.version for rule in rules.in_force(CAP, date(2016, 7, 1))] == [2]
    assert [rule.version for rule in rules.in_force(CAP, date(2016, 12, 31))] == [2]
    assert [rule.version for rule in rules.in_force(CAP, date(2017, 1, 1))] == [1]
    assert rules.in_force(CAP, date(2013, 12, 31)) == ()
    assert rules.in_force(DEADLINE, date(2016, 7, 1)) == ()


def test_an_explanation_fills_in_what_it_knows() -> None:
    assert cap(1, "25", date(2014, 1, 1)).explain({"subject": "house/1"}) == {
        "zh": "house/1",
        "en": "house/1 has $area",
    }


def test_every_kind_is_shipped_with_a_source_and_two_languages() -> None:
    shipped = shipped_rules()

    assert {rule.kind for rule in shipped} == KINDS
    assert len({rule.code for rule in shipped}) == len(shipped) == 14
    assert all(rule.basis_document and set(rule.explanation) == {"zh", "en"} for rule in shipped)


@pytest.mark.parametrize("parameters", [{}, {"m2_per_person": "many"}, {"m2_per_person": "25", "unknown": 1}])
def test_parameters_that_do_not_fit_the_kind_are_refused(parameters: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        terms_of(CAP, parameters)


@pytest.mark.parametrize("area", ["0.01", "25", "25.50", "1000"])
def test_an_area_within_its_bounds_fits(area: str) -> None:
    assert fault_of(terms_of(CAP, {"m2_per_person": area})) is None


@pytest.mark.parametrize("area", ["0", "-0", "0.001", "1000.01", "-25", "1E+2", "NaN", "-sNaN", "-Infinity"])
def test_an_area_outside_its_bounds_does_not_fit(area: str) -> None:
    fault = fault_of(terms_of(CAP, {"m2_per_person": area}))

    assert fault is not None
    assert fault.name == "m2_per_person"


@pytest.mark.parametrize(
    ("kind", "name", "others"),
    [(FLOOR, "amount_fen", {"programme_kind": "industry"}), (THREE_WAY, "tolerance_fen", {})],
)
def test_a_sum_has_an_upper_bound(kind: str, name: str, others: dict[str, object]) -> None:
    fault = fault_of(terms_of(kind, {**others, name: MAX_FEN + 1}))

    assert fault_of(terms_of(kind, {**others, name: MAX_FEN})) is None
    assert fault is not None
    assert fault.name == name


def deadline(subject: str, since: str, until: str) -> dict[str, object]:
    return {"subject": subject, "since": since, "until": until, "days": 3}


@pytest.mark.parametrize(
    ("kind", "parameters", "name"),
    [
        (DEADLINE, deadline("claim", "acepted", "paid"), "since"),
        (DEADLINE, deadline("claim", "accepted", "payed"), "until"),
        (DEADLINE, deadline("claim", "completed", "paid"), "since"),
        (DEADLINE, deadline("house", "completed", "paid"), "until"),
        (DEADLINE, deadline("claim", "paid", "paid"), "since"),
        (DEADLINE, deadline("claim", "accepted", "accepted"), "until"),
        (DEADLINE, deadline("house", "moved-in", "completed"), "since"),
        (EVALUATIONS, {"evaluations": ["nonsense"]}, "evaluations/0"),
        (EVALUATIONS, {"evaluations": ["party-meeting", "meeting"]}, "evaluations/1"),
        (FLOOR, {"amount_fen": 1, "programme_kind": "astrology"}, "programme_kind"),
    ],
)
def test_a_word_that_nobody_knows_does_not_fit(kind: str, parameters: dict[str, object], name: str) -> None:
    fault = fault_of(terms_of(kind, parameters))

    assert fault is not None
    assert fault.name == name


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        (DEADLINE, deadline("claim", "submitted", "accepted")),
        (DEADLINE, deadline("claim", "approved", "paid")),
        (DEADLINE, deadline("house", "allocated", "started")),
        (DEADLINE, deadline("house", "accepted", "moved-in")),
        (EVALUATIONS, {"evaluations": ["villagers-meeting"]}),
        (FLOOR, {"amount_fen": 1, "programme_kind": "housing"}),
    ],
)
def test_known_words_fit(kind: str, parameters: dict[str, object]) -> None:
    assert fault_of(terms_of(kind, parameters)) is None


def test_every_shipped_rule_fits() -> None:
    assert [rule.code for rule in shipped_rules() if fault_of(rule.terms)] == []
