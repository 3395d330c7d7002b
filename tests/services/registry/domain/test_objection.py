"""What an upheld objection makes of each proposal."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.ids import new_id
from services.registry.domain.objection import uphold
from services.registry.domain.procedure import Entry

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


def test_an_upheld_objection_moves_nobody_forward() -> None:
    unseen = replace(ENTRY, step="opened")

    assert uphold(unseen, on=DAY) == unseen
    assert uphold(replace(ENTRY, step_on=date(2016, 6, 2)), on=DAY).step_on == date(2016, 6, 2)
