"""Registrations without their evaluations, and exits against their criteria."""

from typing import Any

import pytest

from chassis.ids import new_id
from chassis.service import raw
from contracts.values import INTERNAL_MEETING, PARTY_MEETING, VILLAGERS_MEETING
from services.supervision.consumers import hear_batch
from tests.kit import Harness
from tests.services.supervision.builders import (
    Family,
    day,
    envelopes,
    findings,
    hear,
    reach,
)
from tests.services.supervision.rounds import (
    LINE_FEN,
    Round,
    annulled,
    assessment,
    corrected,
    found,
    visited,
)

UNEVALUATED = "registered-without-evaluations"
AGAINST = "exit-against-criteria"


async def test_a_registration_after_three_evaluations_is_left_alone(supervision: Harness) -> None:
    family, round_ = Family(), Round()

    await hear(supervision, *round_.held_all(family), round_.registered(family))
    await reach(supervision, day(6, 30))

    assert await findings(supervision) == []


async def test_a_registration_without_its_three_evaluations_is_found_the_day_after(
    supervision: Harness,
) -> None:
    family, round_ = Family(), Round()
    await reach(supervision, day(6, 1))
    await hear(supervision, round_.held(INTERNAL_MEETING, family), round_.registered(family))
    assert await findings(supervision) == []

    await reach(supervision, day(6, 2))

    assert await findings(supervision) == [(UNEVALUATED, f"household/{family.id}")]
    (row,) = await supervision.sql("SELECT observed, explanation FROM supervision.finding")
    assert row["observed"] == "registered on 2016-03-20 without party-meeting, villagers-meeting"
    assert "党员评议、村民评议" in row["explanation"]


async def test_evaluations_of_two_rounds_do_not_add_up(supervision: Harness) -> None:
    family, first, second = Family(), Round(), Round()
    facts = [first.held(INTERNAL_MEETING, family), first.held(PARTY_MEETING, family)]

    await hear(supervision, *facts, second.held(VILLAGERS_MEETING, family), second.registered(family))
    await reach(supervision, day(6, 2))

    assert await findings(supervision) == [(UNEVALUATED, f"household/{family.id}")]


async def test_a_household_taken_over_needs_no_evaluation(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, family.registered())
    await reach(supervision, day(6, 30))

    assert await findings(supervision) == []


async def test_an_annulled_evaluation_is_found_at_once(supervision: Harness) -> None:
    family, other, round_ = Family(), Family(), Round()
    await hear(supervision, *round_.held_all(family, other), round_.registered(family))
    await reach(supervision, day(6, 30))

    (told,) = await hear(supervision, round_.annulled(PARTY_MEETING, family, other, Family()))

    assert await findings(supervision) == [(UNEVALUATED, f"household/{family.id}")]
    (row,) = await supervision.sql("SELECT opened_by FROM supervision.finding")
    assert row["opened_by"] == told.id


async def test_a_meeting_held_again_in_the_same_round_closes_it(supervision: Harness) -> None:
    family, round_ = Family(), Round()
    await hear(supervision, *round_.held_all(family), round_.registered(family))
    await reach(supervision, day(6, 30))
    await hear(supervision, round_.annulled(PARTY_MEETING, family))
    round_.meetings[PARTY_MEETING] = new_id()

    await hear(supervision, round_.held(PARTY_MEETING, family, on=day(7, 5)))

    assert await findings(supervision) == []


async def test_a_later_round_that_evaluates_and_confirms_closes_it(supervision: Harness) -> None:
    family, first, second = Family(), Round(), Round()
    await hear(supervision, first.registered(family))
    await reach(supervision, day(6, 30))
    await hear(supervision, *second.held_all(family))
    assert await findings(supervision) == [(UNEVALUATED, f"household/{family.id}")]

    await hear(supervision, family.verified(day(7, 20), round_id=second.id))

    assert await findings(supervision) == []


async def test_a_household_that_left_the_register_need_not_be_evaluated_any_more(
    supervision: Harness,
) -> None:
    family, round_ = Family(), Round()
    await hear(supervision, round_.registered(family))
    await reach(supervision, day(6, 30))

    await hear(supervision, family.closed(day(7, 1)))

    assert await findings(supervision) == []


async def statements_for(harness: Harness, households: int) -> int:
    """Return how many statements it takes to hear a meeting that agreed to so many households."""
    families = [Family() for _ in range(households)]
    heard = envelopes(harness, Round().held_all(*families))
    await hear(harness, *(family.registered() for family in families))
    statements: list[str] = []
    unit = harness.unit("service")
    async with unit:
        with unit.driver.query_logger(lambda record: statements.append(record.query)):
            await hear_batch([raw(envelope) for envelope in heard], unit)
    return len(statements)


async def test_a_meeting_of_many_households_takes_no_more_statements_than_one_of_few(
    supervision: Harness,
) -> None:
    assert await statements_for(supervision, 200) == await statements_for(supervision, 2)


def lacking() -> list[tuple[dict[str, Any], str]]:
    """Return how an assessment may fail, and the words for it."""
    return [
        ({"per_capita_income_fen": LINE_FEN}, "income not above the line"),
        ({"assurances_met": False}, "an assurance is missing"),
        ({"guarantees_met": False}, "a guarantee is missing"),
        ({"signed": False}, "not signed"),
    ]


async def leave(harness: Harness, family: Family, **changes: Any) -> Any:
    """Let a household exit on a visit, and return the visit's id."""
    visit_id = new_id()
    exit_ = family.exited(day(4, 20), assessment=assessment(visit_id, **changes))
    await hear(harness, family.registered(), visited(family, day(4, 1), visit_id), exit_)
    return visit_id


async def test_an_exit_by_its_criteria_is_left_alone(supervision: Harness) -> None:
    await leave(supervision, Family(), per_capita_income_fen=LINE_FEN + 1)

    assert await findings(supervision) == []


async def test_an_exit_that_rests_on_no_assessment_is_not_judged(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, family.registered(), family.exited(day(4, 20)))

    assert await findings(supervision) == []


@pytest.mark.parametrize(("changes", "words"), lacking())
async def test_an_exit_against_its_criteria_is_found(
    supervision: Harness, changes: dict[str, Any], words: str
) -> None:
    family = Family()

    await leave(supervision, family, **changes)

    assert await findings(supervision) == [(AGAINST, f"household/{family.id}")]
    (row,) = await supervision.sql("SELECT observed FROM supervision.finding")
    assert row["observed"] == f"exited on 2016-04-20: {words}"


async def test_a_visit_corrected_down_to_the_line_is_found_and_corrected_back_closes_it(
    supervision: Harness,
) -> None:
    family = Family()
    visit_id = await leave(supervision, family)

    await hear(supervision, corrected(family, visit_id, found(LINE_FEN)))
    assert await findings(supervision) == [(AGAINST, f"household/{family.id}")]
    await hear(supervision, corrected(family, visit_id, found(LINE_FEN + 1)))

    assert await findings(supervision) == []


async def test_a_visit_whose_checks_turn_out_incomplete_is_found(supervision: Harness) -> None:
    family = Family()
    visit_id = await leave(supervision, family)

    await hear(supervision, corrected(family, visit_id, found(is_complete=False)))

    assert await findings(supervision) == [(AGAINST, f"household/{family.id}")]


async def test_an_annulled_visit_takes_the_ground_from_an_exit_until_the_return(
    supervision: Harness,
) -> None:
    family = Family()
    visit_id = await leave(supervision, family)
    await hear(supervision, annulled(family, visit_id, day(4, 1)))
    assert await findings(supervision) == [(AGAINST, f"household/{family.id}")]

    await hear(supervision, family.returned(day(5, 10)))

    assert await findings(supervision) == []


async def test_an_annulled_visit_on_which_no_exit_rests_says_nothing_of_the_exit(
    supervision: Harness,
) -> None:
    family, other = Family(), new_id()
    await leave(supervision, family)

    await hear(supervision, visited(family, day(4, 2), other), annulled(family, other, day(4, 2)))

    assert await findings(supervision) == []


async def test_no_income_stands_in_a_finding(supervision: Harness) -> None:
    await leave(supervision, Family(), per_capita_income_fen=123_456)

    (row,) = await supervision.sql("SELECT to_jsonb(f)::text AS content FROM supervision.finding AS f")
    assert "1234.56" not in row["content"]
    assert "123456" not in row["content"]
