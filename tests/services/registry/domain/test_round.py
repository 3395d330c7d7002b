"""Which scopes overlap, and what a round's numbers must come to."""

from dataclasses import replace
from datetime import date

import pytest
from msgspec import structs

from chassis.ids import new_id
from contracts.events.procedure import RoundCounts
from services.registry.domain.closing import (
    Numbers,
    Tally,
    check_numbers,
    close,
    is_balanced,
    restate,
)
from services.registry.domain.errors.round import (
    NothingToRestate,
    RoundClosedAlready,
    RoundDoesNotClose,
    RoundOverlaps,
    RoundUndecided,
    SamePersonSignsOff,
)
from services.registry.domain.round import do_overlap, refuse_closed, refuse_overlap
from tests.services.registry.domain.test_proposal import DAY, LATER, PACK, ROUND

COUNTS = RoundCounts(
    opening_households=10,
    opening_persons=30,
    added_households=2,
    added_persons=5,
    removed_households=1,
    removed_persons=4,
    changed_persons=-1,
    closing_households=11,
    closing_persons=30,
)
NUMBERS = Numbers(counts=COUNTS, kept_households=8, corrected_households=1, came={}, left={})
TALLY = Tally(numbers=NUMBERS, undecided=0, undecided_ids=(), unaccounted_ids=())
CLOSED = close(ROUND, TALLY, PACK, by="officer-2", on=LATER, at=ROUND.opened_at)


@pytest.mark.parametrize(
    ("scope", "other", "overlap"),
    [
        ("532930", "532930101", True),
        ("532930101201", "532930101", True),
        ("532930101", "532930101", True),
        ("532930101", "532930102", False),
        ("532930", "532931", False),
        ("532930101201", "532930101202", False),
    ],
)
def test_scopes_overlap_when_one_lies_in_the_other(scope: str, other: str, *, overlap: bool) -> None:
    assert do_overlap(scope, other) is overlap
    assert do_overlap(other, scope) is overlap


def test_an_overlap_is_refused_with_rule_and_document() -> None:
    refuse_overlap("532930101", ["532930102"], PACK)

    with pytest.raises(RoundOverlaps) as refused:
        refuse_overlap("532930101", ["532930102", "532930"], PACK)

    assert (refused.value.rule, refused.value.basis) == ("one-open-round", PACK.document)


def test_opening_plus_added_minus_removed_is_closing() -> None:
    assert is_balanced(COUNTS)


@pytest.mark.parametrize("name", RoundCounts.__struct_fields__)
@pytest.mark.parametrize("by", [-1, 1])
def test_no_number_can_be_off_by_one(name: str, by: int) -> None:
    off = structs.replace(COUNTS, **{name: getattr(COUNTS, name) + by})
    tally = replace(TALLY, numbers=structs.replace(NUMBERS, counts=off))

    assert not is_balanced(off)
    with pytest.raises(RoundDoesNotClose) as refused:
        check_numbers(tally, PACK)
    assert (refused.value.rule, refused.value.basis) == ("round-closes", PACK.document)


def test_two_faults_that_cancel_out_are_seen() -> None:
    tally = replace(TALLY, unaccounted_ids=(new_id(), new_id()))

    with pytest.raises(RoundDoesNotClose) as refused:
        check_numbers(tally, PACK)

    assert len(refused.value.errors) == 2


def test_another_person_signs_off_when_all_are_decided() -> None:
    assert (CLOSED.is_open, CLOSED.closed_on, CLOSED.signed_off_by) == (False, LATER, "officer-2")
    with pytest.raises(SamePersonSignsOff):
        close(ROUND, TALLY, PACK, by=ROUND.opened_by, on=LATER, at=ROUND.opened_at)
    with pytest.raises(RoundUndecided):
        close(ROUND, replace(TALLY, undecided=1), PACK, by="officer-2", on=LATER, at=ROUND.opened_at)
    with pytest.raises(RoundClosedAlready):
        refuse_closed(CLOSED)


def test_numbers_are_stated_anew_when_they_changed_and_close() -> None:
    after = structs.replace(COUNTS, changed_persons=0, closing_persons=31)
    tally = replace(TALLY, numbers=structs.replace(NUMBERS, counts=after))

    fact = restate(CLOSED, NUMBERS, tally, PACK, reason="late-report", on=date(2016, 8, 1))

    assert (fact.before, fact.after, fact.reason) == (COUNTS, after, "late-report")
    with pytest.raises(NothingToRestate):
        restate(CLOSED, NUMBERS, TALLY, PACK, reason="late-report", on=DAY)
    broken = replace(TALLY, numbers=structs.replace(NUMBERS, counts=structs.replace(COUNTS, added_persons=6)))
    with pytest.raises(RoundDoesNotClose):
        restate(CLOSED, NUMBERS, broken, PACK, reason="late-report", on=DAY)
