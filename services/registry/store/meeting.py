"""Meetings in the database: entered with their votes, never changed; an annulment is a row of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.registry.domain.evaluation import CastVote, Meeting, Vote

Driver = asyncpg.Connection

ADD = """
INSERT INTO meeting (id, round_id, area_code, evaluation, held_on, eligible, present, convenor, team_member_present,
    photos_sha256, minutes_sha256, sealed, actor_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""
ADD_VOTES = """
INSERT INTO evaluation_vote (meeting_id, area_code, position, household_id, votes_for, votes_against, abstentions,
    outcome, reason, proposal, proposal_reason, stood_since)
SELECT $1, $2, n.* FROM unnest($3::int[], $4::uuid[], $5::int[], $6::int[], $7::int[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::date[]) AS n
"""
FIND = """
SELECT m.id, m.round_id, m.evaluation, m.area_code AS village_code, m.held_on, m.eligible, m.present,
    EXISTS (SELECT FROM meeting_annulment AS a WHERE a.meeting_id = m.id) AS is_annulled
FROM meeting AS m WHERE m.id = $1 AND starts_with(m.area_code, $2)
"""
# A household may come back to an evaluation; then it rests on the later meeting, not on this one.
RESTING = """
SELECT v.household_id, v.outcome, v.reason, v.proposal, v.proposal_reason, v.stood_since
FROM evaluation_vote AS v WHERE v.meeting_id = $1 AND NOT EXISTS (
    SELECT FROM evaluation_vote AS w JOIN meeting AS m ON m.id = w.meeting_id
    WHERE w.household_id = v.household_id AND m.round_id = $2 AND m.evaluation = $3 AND m.id > $1
) ORDER BY v.position
"""
# Of each kind the last meeting counts, as above.
RESTING_ON_ANNULLED = """
SELECT DISTINCT l.household_id FROM (
    SELECT DISTINCT ON (v.household_id, m.evaluation) v.household_id, m.id
    FROM evaluation_vote AS v JOIN meeting AS m ON m.id = v.meeting_id AND m.round_id = $1
    WHERE v.household_id = ANY($2) ORDER BY v.household_id, m.evaluation, m.id DESC
) AS l JOIN meeting_annulment AS a ON a.meeting_id = l.id
"""
ADD_ANNULMENT = """
INSERT INTO meeting_annulment (meeting_id, area_code, reason, annulled_on, actor_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What is on record of a meeting beside its votes; `sealed` holds place, roll and text, encrypted."""

    convenor: str
    is_team_present: bool
    photos_sha256: Sequence[str]
    minutes_sha256: str
    sealed: bytes
    actor_id: str
    recorded_at: datetime


async def add_meeting(
    driver: "Driver[Any]", meeting: Meeting, minutes: Minutes, votes: Sequence[Vote]
) -> None:
    """Enter a meeting with its votes."""
    m = meeting
    await driver.execute(
        ADD,
        *(m.id, m.round_id, m.village_code, m.evaluation, m.held_on, m.eligible, m.present),
        *(minutes.convenor, minutes.is_team_present, list(minutes.photos_sha256), minutes.minutes_sha256),
        *(minutes.sealed, minutes.actor_id, minutes.recorded_at),
    )
    rows = [_vote_row(position, vote) for position, vote in enumerate(votes)]
    columns = (list(column) for column in zip(*rows, strict=True))
    await driver.execute(ADD_VOTES, m.id, m.village_code, *columns)


async def find_meeting(driver: "Driver[Any]", meeting_id: UUID, *, area: str) -> tuple[Meeting | None, bool]:
    """Return a meeting of an area, and whether it was annulled."""
    row = await driver.fetchrow(FIND, meeting_id, area)
    if row is None:
        return None, False
    return Meeting(**{name: row[name] for name in Meeting.__dataclass_fields__}), row["is_annulled"]


async def list_resting(driver: "Driver[Any]", meeting: Meeting) -> list[CastVote]:
    """Return the votes of a meeting that no later meeting of the same kind has replaced."""
    found = await driver.fetch(RESTING, meeting.id, meeting.round_id, meeting.evaluation)
    return [CastVote(**dict(row)) for row in found]


async def list_annulled(driver: "Driver[Any]", round_id: UUID, household_ids: Sequence[UUID]) -> list[UUID]:
    """Return the households that rest on an annulled meeting of a round."""
    if not household_ids:
        return []
    found = await driver.fetch(RESTING_ON_ANNULLED, round_id, household_ids)
    return [row["household_id"] for row in found]


async def add_annulment(
    driver: "Driver[Any]", meeting: Meeting, *, reason: str, on: date, actor_id: str, at: datetime
) -> None:
    """Enter a meeting's annulment; a second one is refused by the key."""
    await driver.execute(ADD_ANNULMENT, meeting.id, meeting.village_code, reason, on, actor_id, at)


def _vote_row(position: int, vote: Vote) -> tuple[Any, ...]:
    ballot, before = vote.ballot, vote.before
    return (
        *(position, ballot.household_id, ballot.votes_for, ballot.votes_against, ballot.abstentions),
        *(vote.outcome, ballot.reason, before.proposal, before.reason, before.step_on),
    )
