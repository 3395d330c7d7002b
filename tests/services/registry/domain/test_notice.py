"""What a notice is: a list in one canonical form, days to the day, and an order that nobody leaves."""

import hashlib
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain import notice as domain
from services.registry.domain.errors.notice import (
    NoticeHangsTooShort,
    NoticeNotClosed,
    NoticeNotOpen,
    NoticeTakenDownAlready,
    ObjectionOpen,
)
from services.registry.domain.notice import Item, Notice, canonical_list, hash_list, last_day
from services.registry.rules import shipped_packs

PACK = shipped_packs()["national-2014"]
ID = UUID("0193a000-0000-7000-8000-000000000001")
TODAY = date(2016, 6, 30)
NOTICE = Notice(
    id=ID,
    kind="first-notice",
    area_code="532930101201",
    round_id=ID,
    rule_pack="national-2014",
    rule_pack_version=1,
    state="open",
    version=1,
    posted_on=date(2016, 6, 1),
    min_days=7,
    closes_on=date(2016, 6, 8),
    households=1,
    list_sha256="0" * 64,
)
CLOSED = replace(NOTICE, state="closed", closed_on=date(2016, 6, 8))
ITEM = Item(household_id=ID, name="金**", persons=2, proposal="keep", reason=None)
CHANGES = st.sampled_from(
    [
        {"household_id": UUID(int=7)},
        {"name": "银**"},
        {"persons": 3},
        {"proposal": "remove"},
        {"reason": "moved-away"},
    ]
)


def test_a_list_is_canonical_json() -> None:
    frozen = canonical_list("first-notice", "532930101201", ID, [ITEM])

    assert frozen.decode() == (
        '{"area_code":"532930101201","items":[{"household_id":"0193a000-0000-7000-8000-000000000001","name":"金**",'
        '"persons":2,"proposal":"keep","reason":null}],"kind":"first-notice",'
        '"round_id":"0193a000-0000-7000-8000-000000000001"}'
    )
    assert hash_list(frozen) == hashlib.sha256(frozen).hexdigest()


@given(st.integers(1, 5), st.integers(0, 4), CHANGES)
def test_any_change_of_any_item_changes_the_hash(count: int, place: int, changes: dict[str, object]) -> None:
    items = [ITEM] * count
    changed = [*items]
    changed[place % count] = Item(
        **{**{name: getattr(ITEM, name) for name in ITEM.__struct_fields__}, **changes}
    )

    assert hash_list(canonical_list("first-notice", "1", ID, items)) != hash_list(
        canonical_list("first-notice", "1", ID, changed)
    )


def test_the_kind_the_place_the_round_and_the_order_are_covered_too() -> None:
    other = Item(household_id=UUID(int=7), name="银**", persons=1, proposal="keep", reason=None)
    lists = [
        canonical_list("first-notice", "1", ID, [ITEM, other]),
        canonical_list("second-notice", "1", ID, [ITEM, other]),
        canonical_list("first-notice", "2", ID, [ITEM, other]),
        canonical_list("first-notice", "1", None, [ITEM, other]),
        canonical_list("first-notice", "1", ID, [other, ITEM]),
        canonical_list("first-notice", "1", ID, [ITEM]),
    ]

    assert len({hash_list(one) for one in lists}) == len(lists)


@pytest.mark.parametrize("days", [0, 5, 7])
def test_a_notice_hangs_whole_days(days: int) -> None:
    posted_on = date(2016, 2, 27)

    closes_on = last_day(posted_on, days, recorded_on=posted_on)

    assert (closes_on - posted_on).days == days


@pytest.mark.parametrize(("posted_on", "closes_on"), [(1, 17), (9, 17), (10, 17), (11, 18)])
def test_the_days_of_a_notice_count_from_the_later_of_posting_and_recording(
    posted_on: int, closes_on: int
) -> None:
    found = last_day(date(2016, 6, posted_on), 7, recorded_on=date(2016, 6, 10))

    assert found == date(2016, 6, closes_on)


def test_a_notice_is_closed_on_its_last_day_and_not_before() -> None:
    closed, fact = domain.close(NOTICE, PACK, on=date(2016, 6, 8), today=TODAY, open_objections=0)

    assert (closed.state, closed.version, fact.closed_on) == ("closed", 2, date(2016, 6, 8))
    with pytest.raises(NoticeHangsTooShort) as refused:
        domain.close(NOTICE, PACK, on=date(2016, 6, 7), today=TODAY, open_objections=0)
    assert (refused.value.rule, refused.value.basis) == (
        "notice-minimum-days",
        PACK.basis("notice-days"),
    )


def test_one_open_objection_is_enough_to_wait() -> None:
    with pytest.raises(ObjectionOpen) as refused:
        domain.close(NOTICE, PACK, on=date(2016, 6, 8), today=TODAY, open_objections=1)

    assert refused.value.rule == "no-open-objection"


@pytest.mark.parametrize("state", ["closed", "voided"])
def test_what_does_not_hang_is_not_closed(state: str) -> None:
    with pytest.raises(NoticeNotOpen):
        domain.close(replace(NOTICE, state=state), PACK, on=TODAY, today=TODAY, open_objections=0)


def test_a_notice_is_voided_once() -> None:
    voided, fact = domain.void(CLOSED, on=TODAY, reason="proposal-changed")

    assert (voided.state, fact.reason) == ("voided", "proposal-changed")
    with pytest.raises(NoticeNotOpen):
        domain.void(voided, on=TODAY, reason="proposal-changed")


@pytest.mark.parametrize(("day", "is_short"), [(1, True), (7, True), (8, False), (9, False)])
def test_only_a_takedown_before_the_last_day_cuts_short(day: int, is_short: bool) -> None:
    taken_down, fact = domain.take_down(CLOSED, on=date(2016, 6, day), today=TODAY, reason="rain")

    assert taken_down.taken_down_on == date(2016, 6, day)
    assert (fact is not None) is is_short
    with pytest.raises(NoticeTakenDownAlready):
        domain.take_down(taken_down, on=date(2016, 6, day), today=TODAY, reason="rain")


def test_a_notice_is_announced_once_after_it_was_closed() -> None:
    announced = domain.announce(CLOSED, PACK, on=date(2016, 6, 8), today=TODAY)

    for wrong, on in ((announced, TODAY), (NOTICE, TODAY), (CLOSED, date(2016, 6, 7))):
        with pytest.raises(NoticeNotClosed) as refused:
            domain.announce(wrong, PACK, on=on, today=TODAY)
        assert (refused.value.rule, bool(refused.value.basis)) == ("two-notices-one-announcement", True)
