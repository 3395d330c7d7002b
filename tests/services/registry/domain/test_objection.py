"""Until when an objection is taken, and what an upheld one makes of each proposal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.errors import Refusal
from chassis.ids import new_id
from services.registry.domain.errors.notice import NoticeNotOpen, NoticeUsed
from services.registry.domain.notice import Notice
from services.registry.domain.objection import check_in_time, uphold
from services.registry.domain.procedure import Entry
from services.registry.rules import shipped_packs

DAY = date(2016, 6, 1)
ENTRY = Entry(
    round_id=new_id(),
    household_id=new_id(),
    village_code="532930101201",
    proposal="keep",
    reason=None,
    step="representatives",
    step_on=date(2016, 5, 1),
    outcome="open",
    opening_persons=3,
)


def test_an_addition_ends() -> None:
    after = uphold(replace(ENTRY, proposal="add", reason="missed-before"), on=DAY)

    assert (after.outcome, after.reason) == ("turned-down", "objection-upheld")


@pytest.mark.parametrize(
    ("proposal", "reason", "after"),
    [
        ("keep", None, ("keep", None)),
        ("correct", "persons-changed", ("correct", "persons-changed")),
        ("remove", "moved-away", ("keep", None)),
    ],
)
def test_anything_else_is_evaluated_anew(
    proposal: str, reason: str | None, after: tuple[str, str | None]
) -> None:
    entry = uphold(replace(ENTRY, proposal=proposal, reason=reason), on=DAY)

    assert (entry.proposal, entry.reason) == after
    assert (entry.step, entry.step_on, entry.outcome) == ("checked", DAY, "open")


CLOSED = Notice(
    id=new_id(),
    kind="first-notice",
    area_code="532930101201",
    round_id=ENTRY.round_id,
    rule_pack="national-2014",
    rule_pack_version=1,
    state="closed",
    version=2,
    posted_on=DAY,
    min_days=7,
    closes_on=date(2016, 6, 8),
    households=1,
    list_sha256="0" * 64,
    closed_on=date(2016, 6, 9),
)
PACK = shipped_packs()["national-2014"]


@pytest.mark.parametrize(
    ("changes", "filed_on", "is_used", "refusal"),
    [
        ({}, 9, False, None),
        ({}, 10, False, NoticeNotOpen),
        ({"taken_down_on": date(2016, 6, 8)}, 8, False, None),
        ({"taken_down_on": date(2016, 6, 8)}, 9, False, NoticeNotOpen),
        ({"taken_down_on": date(2016, 6, 10)}, 10, False, NoticeNotOpen),
        ({}, 9, True, NoticeUsed),
        ({"state": "voided"}, 1, False, NoticeNotOpen),
        ({"state": "open", "closed_on": None}, 30, True, None),
    ],
)
def test_what_was_filed_while_the_list_hung_is_taken_until_the_next_step(
    changes: dict[str, Any], filed_on: int, *, is_used: bool, refusal: type[Refusal] | None
) -> None:
    def check() -> None:
        check_in_time(replace(CLOSED, **changes), PACK, filed_on=date(2016, 6, filed_on), is_used=is_used)

    if refusal is None:
        check()
        return
    with pytest.raises(refusal) as refused:
        check()
    assert refused.value.rule == "objection-in-time"
    assert "国开办发" in (refused.value.basis or "")


def test_an_upheld_objection_moves_nobody_forward() -> None:
    unseen = replace(ENTRY, step="opened")

    assert uphold(unseen, on=DAY) == unseen
    assert uphold(replace(ENTRY, step_on=date(2016, 6, 2)), on=DAY).step_on == date(2016, 6, 2)
