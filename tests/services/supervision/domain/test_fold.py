"""What an event changes in a projection, also where what it rests on was never heard of."""

from datetime import UTC, date, datetime
from typing import Any

from chassis.ids import new_id
from contracts.values import INTERNAL_MEETING, PARTY_MEETING
from services.supervision.domain.checks.sheet import add_up
from services.supervision.domain.desk import Desk
from services.supervision.domain.dossier import Dossier, last_told
from services.supervision.domain.heard import Heard
from services.supervision.domain.rule import Rulebook
from services.supervision.domain.sheet import Round as RoundSheet
from services.supervision.domain.sheet import find_late
from services.supervision.rules import shipped_rules
from tests.services.supervision.builders import VILLAGE, Family, day
from tests.services.supervision.rounds import COUNTS, COUNTY, Round, corrected, found


def desk_after(*facts: Any) -> Desk:
    """Return a desk that has heard facts in order."""
    desk = Desk(rules=Rulebook(shipped_rules()), programmes={}, through=date(2016, 6, 1))
    for fact in facts:
        heard = Heard(
            event_id=new_id(),
            event_type=fact.event_type,
            fact=fact,
            area_code=VILLAGE,
            on=date(2016, 6, 1),
            at=datetime(2016, 6, 1, tzinfo=UTC),
        )
        desk.hear(heard)
    return desk


def test_a_meeting_counts_until_it_is_annulled() -> None:
    family, round_ = Family(), Round()

    held = desk_after(round_.held(INTERNAL_MEETING, family), round_.held(PARTY_MEETING, family))
    annulled = desk_after(round_.held(PARTY_MEETING, family), round_.annulled(PARTY_MEETING, family))

    assert list(held.dossiers[family.id].passed[round_.id].values()) == [INTERNAL_MEETING, PARTY_MEETING]
    assert annulled.dossiers[family.id].passed == {}


def test_a_meeting_annulled_for_a_household_it_never_passed_changes_nothing() -> None:
    family, other, round_ = Family(), Family(), Round()

    desk = desk_after(round_.held(PARTY_MEETING, family), round_.annulled(PARTY_MEETING, other))

    assert set(desk.dossiers) == {family.id}
    assert desk.dossiers[family.id].passed[round_.id]


def test_a_correction_of_a_visit_never_heard_of_is_kept_nowhere() -> None:
    family = Family()

    desk = desk_after(corrected(family, new_id(), found(1)))

    assert desk.dossiers[family.id].visits == {}


def test_a_restatement_of_a_round_never_closed_states_nothing() -> None:
    round_, family = Round(), Family()

    desk = desk_after(family.registered(), round_.restated(closing_persons=1))

    assert desk.board.rounds[round_.id].closing is None
    assert desk.findings == {}


def test_nothing_is_late_for_a_round_that_is_open() -> None:
    desk = desk_after(Family().registered())
    (dossier,) = desk.dossiers.values()

    assert find_late(RoundSheet(new_id(), COUNTY), dossier) is None


def test_the_registrys_last_word_is_its_latest_event_of_any_kind() -> None:
    family = Family()

    (registered,) = desk_after(family.registered()).dossiers.values()
    (moved,) = desk_after(family.registered(), family.moved(VILLAGE, day(3, 1))).dossiers.values()
    (changed,) = desk_after(family.moved(VILLAGE, day(3, 1))).dossiers.values()

    assert last_told(Dossier(household_id=family.id)) is None
    assert last_told(registered) == registered.standings[-1].event_id
    assert last_told(moved) == moved.restatements[-1].event_id
    assert last_told(changed) == changed.restatements[-1].event_id


def test_closing_numbers_follow_from_the_others() -> None:
    assert str(add_up(COUNTS)) == "9 households, 38 persons"
