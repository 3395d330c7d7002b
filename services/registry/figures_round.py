"""What a round comes to, counted in one statement: its entries against the history of the register."""

from collections import Counter
from datetime import date
from typing import Any

import asyncpg

from contracts import values
from contracts.events.procedure import RoundCounts
from services.registry.domain import procedure
from services.registry.domain.closing import Numbers, Tally
from services.registry.domain.round import Round

Driver = asyncpg.Connection
MOST_NAMED = 100

# Ways onto the register and off it beside the round's own decisions; each left its trace in the history.
MOVED_IN, FOUNDED, CAME_BACK = "moved-in", "founded", "came-back"
MOVED_OUT = "moved-out"
GONE = (values.EXITED, values.CLOSED, values.WITHDRAWN)

# Persons of a closing are counted in the lists of members, those that came and went in the versions of the files:
# two records of the same people, which must agree.
TALLY = f"""
WITH content AS (
    SELECT DISTINCT ON (household_id) household_id, version, area_code, persons, moved_out FROM household_version
    WHERE valid_from <= $3 ORDER BY household_id, version DESC, moved_out
), standing AS (
    SELECT DISTINCT ON (household_id) household_id, status, reason, recorded_at FROM household_standing
    WHERE since <= $3 ORDER BY household_id, version DESC
), present AS (
    SELECT c.household_id, c.version, c.persons, s.status, s.reason, s.recorded_at,
        starts_with(c.area_code, $2) AND NOT c.moved_out AS is_here,
        starts_with(c.area_code, $2) AND NOT c.moved_out AND s.status = ANY($4) AS is_on
    FROM content AS c JOIN standing AS s USING (household_id)
), people AS (
    SELECT household_id, version, count(*) AS people FROM member_version GROUP BY household_id, version
), entry AS (
    SELECT household_id, proposal, outcome, opening_persons,
        proposal = $7 AND outcome = $6 AS is_added, proposal = $8 AND outcome = $6 AS is_removed
    FROM round_entry WHERE round_id = $1
), household AS (
    SELECT household_id, e.proposal, e.outcome, e.opening_persons, p.version, p.persons, p.status, p.reason, p.recorded_at,
        p.is_here, coalesce(e.is_added, false) AS is_added, coalesce(e.is_removed, false) AS is_removed,
        coalesce(p.is_on, false) AS is_on,
        (e.opening_persons IS NOT NULL OR coalesce(e.is_added, false)) AND NOT coalesce(e.is_removed, false) AS is_due
    FROM entry AS e FULL JOIN present AS p USING (household_id)
    WHERE e.household_id IS NOT NULL OR p.is_on
), accounted AS MATERIALIZED (
    SELECT h.*, m.people, CASE
        WHEN h.is_on = h.is_due THEN NULL
        WHEN h.is_on AND EXISTS (
            SELECT FROM household_version AS v WHERE v.household_id = h.household_id AND v.version = 1
                AND NOT v.moved_out AND v.recorded_at >= $5 AND v.reason IS NOT NULL
        ) THEN '{FOUNDED}'
        WHEN h.is_on AND EXISTS (
            SELECT FROM household_version AS v LEFT JOIN LATERAL (
                SELECT starts_with(b.area_code, $2) AND NOT b.moved_out AS was_here FROM household_version AS b
                WHERE b.household_id = v.household_id AND b.version < v.version
                ORDER BY b.version DESC, b.moved_out LIMIT 1
            ) AS b ON true
            WHERE v.household_id = h.household_id AND v.version > 1 AND NOT v.moved_out AND v.recorded_at >= $5
                AND starts_with(v.area_code, $2) AND NOT coalesce(b.was_here, false)
        ) THEN '{MOVED_IN}'
        WHEN h.is_on AND h.reason IS NOT NULL AND h.recorded_at >= $5 THEN '{CAME_BACK}'
        WHEN NOT h.is_on AND NOT h.is_here THEN '{MOVED_OUT}'
        WHEN NOT h.is_on AND h.status = ANY($13) AND h.reason IS NOT NULL THEN h.status
    END AS cause
    FROM household AS h LEFT JOIN people AS m ON h.is_on AND m.household_id = h.household_id AND m.version = h.version
), judged AS (
    SELECT *, is_on AND cause IS NOT NULL AS did_come, NOT is_on AND cause IS NOT NULL AS did_leave,
        is_on <> is_due AND cause IS NULL OR is_on AND people IS DISTINCT FROM persons AS is_unaccounted,
        (is_on OR proposal = $7 AND NOT $14) AND outcome = $9 AS is_undecided
    FROM accounted
)
SELECT count(*) FILTER (WHERE is_added) + count(*) FILTER (WHERE did_come) AS added_households,
    coalesce(sum(persons) FILTER (WHERE is_added), 0) + coalesce(sum(persons) FILTER (WHERE did_come), 0) AS added_persons,
    count(*) FILTER (WHERE is_removed) + count(*) FILTER (WHERE did_leave) AS removed_households,
    coalesce(sum(opening_persons) FILTER (WHERE is_removed), 0)
        + coalesce(sum(coalesce(opening_persons, persons)) FILTER (WHERE did_leave), 0) AS removed_persons,
    coalesce(sum(persons - opening_persons) FILTER (WHERE is_on AND is_due AND NOT is_added), 0) AS changed_persons,
    count(*) FILTER (WHERE is_on) AS closing_households,
    coalesce(sum(people) FILTER (WHERE is_on), 0) AS closing_persons,
    count(*) FILTER (WHERE is_on AND outcome = $6 AND proposal = $10) AS kept,
    count(*) FILTER (WHERE is_on AND outcome = $6 AND proposal = $11) AS corrected,
    count(*) FILTER (WHERE is_undecided) AS undecided,
    (array_agg(household_id ORDER BY household_id) FILTER (WHERE is_undecided))[1:$12] AS undecided_ids,
    (array_agg(household_id ORDER BY household_id) FILTER (WHERE is_unaccounted))[1:$12] AS unaccounted_ids,
    array_agg(cause) FILTER (WHERE did_come) AS came, array_agg(cause) FILTER (WHERE did_leave) AS went
FROM judged
"""  # noqa: S608 - our own words


async def tally(driver: "Driver[Any]", one: Round, on: date, *, is_ending_additions: bool = False) -> Tally:
    """Count what a round comes to on a day, as known now; additions that end with the round need no decision."""
    row = await driver.fetchrow(
        TALLY,
        *(one.id, one.scope, on, list(values.ON_THE_REGISTER), one.opened_at, procedure.EFFECTIVE),
        *(values.ADD, values.REMOVE, procedure.OPEN, values.KEEP, values.CORRECT, MOST_NAMED),
        *(list(GONE), is_ending_additions),
    )
    assert row is not None  # noqa: S101 - counts always have a row
    numbers = Numbers(
        counts=_counts(one, row),
        kept_households=row["kept"],
        corrected_households=row["corrected"],
        came=_by_cause(row["came"]),
        left=_by_cause(row["went"]),
    )
    return Tally(
        numbers=numbers,
        undecided=row["undecided"],
        undecided_ids=row["undecided_ids"] or (),
        unaccounted_ids=row["unaccounted_ids"] or (),
    )


def _counts(one: Round, row: Any) -> RoundCounts:
    return RoundCounts(
        opening_households=one.opening_households,
        opening_persons=one.opening_persons,
        added_households=row["added_households"],
        added_persons=int(row["added_persons"]),
        removed_households=row["removed_households"],
        removed_persons=int(row["removed_persons"]),
        changed_persons=int(row["changed_persons"]),
        closing_households=row["closing_households"],
        closing_persons=int(row["closing_persons"]),
    )


def _by_cause(causes: list[str] | None) -> dict[str, int]:
    return dict(sorted(Counter(causes or ()).items()))
