"""The clock fires without any event: forwards, backwards, at year ends, and not at all when it stands still."""

import pytest

from chassis.ids import new_id
from contracts.values import HOUSING
from tests.kit import Harness
from tests.services.supervision.builders import Family, day, findings, hear, programme, reach
from tests.services.supervision.rounds import matched


async def test_money_that_arrives_for_the_year_later_closes_the_floor(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.accepted(on=day(12, 20)))
    await reach(supervision, day(1, 1, 2017))
    assert await findings(supervision) == [("floor-unmet", f"household/{family.id}")]

    await hear(supervision, family.claim_paid(on=day(1, 5, 2017)))

    assert await findings(supervision) == []


async def test_a_programme_of_another_kind_does_not_count_for_the_floor(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, *family.paid_in_order())
    await reach(supervision, day(1, 1, 2017))
    assert await findings(supervision) == []

    await hear(supervision, programme("plum", HOUSING))
    await hear(supervision, programme("plum", HOUSING))

    assert await findings(supervision) == [("floor-unmet", f"household/{family.id}")]


async def test_a_clock_moved_back_takes_its_findings_back(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.accepted())
    await reach(supervision, day(6, 1))

    await reach(supervision, day(4, 1))
    assert await findings(supervision) == []
    await reach(supervision, day(4, 21))

    assert await findings(supervision) == [("claim-unpaid", f"claim/{family.claim_id}")]


async def test_a_deadline_already_past_fires_with_the_event_that_sets_it(supervision: Harness) -> None:
    family = Family()
    await reach(supervision, day(6, 1))

    await hear(supervision, family.accepted(on=day(3, 21)))

    assert await findings(supervision) == [("claim-unpaid", f"claim/{family.claim_id}")]


async def test_a_clock_that_stands_still_writes_nothing(supervision: Harness) -> None:
    await reach(supervision, day(4, 1))
    await reach(supervision, day(4, 1))

    (row,) = await supervision.sql("SELECT count(*) AS steps FROM supervision.step WHERE kind = 'clock'")
    assert row["steps"] == 1


async def test_a_household_withdrawn_with_its_import_owes_no_floor(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.withdrawn(day(2, 1)))

    await reach(supervision, day(1, 1, 2017))

    assert await findings(supervision) == []


async def test_each_year_has_its_own_floor(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, *family.paid_in_order())

    await reach(supervision, day(1, 1, 2019))

    rows = await supervision.sql(
        "SELECT occurrence FROM supervision.finding WHERE rule = 'floor-unmet' ORDER BY occurrence"
    )
    assert [row["occurrence"] for row in rows] == ["2017", "2018"]


async def test_a_rule_that_a_newer_release_ships_is_asked_about_what_is_known(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), matched(family, new_id()))
    await supervision.sql("DELETE FROM supervision.step WHERE rule_code = 'ruled-out-by-list'")
    await supervision.sql("DELETE FROM supervision.rule WHERE code = 'ruled-out-by-list'")
    await supervision.sql("DELETE FROM supervision.finding")
    await supervision.sql("UPDATE supervision.dossier SET state = state - 'held'")

    await hear(supervision, Family().registered())
    assert await findings(supervision) == []
    await reach(supervision, day(6, 1))

    assert await findings(supervision) == [("ruled-out-by-list", f"household/{family.id}")]


STORED_RULE = """
INSERT INTO supervision.rule (code, version, kind, parameters, severity, effective_from, basis_document, explanation,
    published_by, recorded_at)
VALUES ($1, $2, $3, $4, 'low', '2014-01-01', 'sample', '{"zh": "$subject", "en": "$subject"}', 'officer', now())
"""


@pytest.mark.parametrize("area", ["NaN", "sNaN", "Infinity", "1e999999"])
async def test_a_stored_rule_that_cannot_be_computed_with_keeps_no_other_from_being_asked(
    supervision: Harness, area: str
) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.completed(day(5, 10), area="101"))
    odd = ("house-over-area", 2, "cap", f'{{"m2_per_person": "{area}"}}')
    late = (
        "started-late",
        1,
        "deadline",
        '{"subject": "house", "since": "completed", "until": "accepted", "days": 14}',
    )
    await supervision.sql(STORED_RULE, *odd)
    await supervision.sql(STORED_RULE, *late)

    await reach(supervision, day(6, 1))

    assert await findings(supervision) == [
        ("house-over-area", f"house/{family.house_id}"),
        ("started-late", f"house/{family.house_id}"),
    ]


async def test_a_stored_version_with_a_misspelt_step_supersedes_nothing(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.accepted(on=day(3, 21)))
    misspelt = '{"subject": "claim", "since": "acepted", "until": "paid", "days": 30}'
    await supervision.sql(STORED_RULE, "claim-unpaid", 2, "deadline", misspelt)

    await reach(supervision, day(6, 1))

    assert await findings(supervision) == [("claim-unpaid", f"claim/{family.claim_id}")]
