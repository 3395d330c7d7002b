"""Meetings as they are read: lists in numbers, one with its votes as the minutes print them."""

from typing import Any
from uuid import UUID

from chassis.crypto import Cipher
from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from services.registry.domain.mask import mask_name
from services.registry.schemas import meeting as answer
from services.registry.store.sealed import open_meeting, open_member
from services.registry.workbook.codes import HEAD

_SUMMARY = """
SELECT m.id, m.round_id, m.evaluation, m.area_code AS village_code, m.held_on, m.eligible, m.present,
    c.passed, c.turned_down, c.not_carried, a.annulled_on, a.reason AS annulment_reason,
    m.convenor, m.team_member_present, m.photos_sha256, m.minutes_sha256, m.sealed, m.actor_id, m.recorded_at
FROM meeting AS m
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE v.outcome = 'passed')::int AS passed,
        count(*) FILTER (WHERE v.outcome = 'turned-down')::int AS turned_down,
        count(*) FILTER (WHERE v.outcome = 'not-carried')::int AS not_carried
    FROM evaluation_vote AS v WHERE v.meeting_id = m.id
) AS c
LEFT JOIN meeting_annulment AS a ON a.meeting_id = m.id
"""
LIST = f"""{_SUMMARY}
WHERE m.round_id = $1 AND starts_with(m.area_code, $2) AND ($3::text IS NULL OR m.area_code = $3)
  AND ($4::text IS NULL OR m.evaluation = $4) AND ($5::uuid IS NULL OR m.id > $5)
ORDER BY m.id LIMIT $6
"""
FIND = f"{_SUMMARY} WHERE m.id = $1 AND starts_with(m.area_code, $2)"
# Minutes say what was known when they were recorded: the file as it then spoke of the meeting's day, or else of a later one.
# A household that has moved away since is no longer the caller's to see: its vote stays, its name does not.
VOTES = """
SELECT v.household_id, f.file_number, p.sealed AS head, v.proposal, v.proposal_reason, v.votes_for, v.votes_against,
    v.abstentions, v.outcome, v.reason
FROM meeting AS m
JOIN evaluation_vote AS v ON v.meeting_id = m.id
LEFT JOIN household AS h ON h.id = v.household_id AND starts_with(h.area_code, $2)
LEFT JOIN LATERAL (
    SELECT version, file_number FROM household_version
    WHERE household_id = h.id AND NOT moved_out AND recorded_at <= m.recorded_at
    ORDER BY valid_from > m.held_on, version DESC LIMIT 1
) AS f ON true
LEFT JOIN member_version AS p ON p.household_id = h.id AND p.version = f.version AND p.relation = $3
WHERE m.id = $1 ORDER BY v.position
"""

NAMES_ARE_SHOWN_TO = frozenset({roles.VILLAGE_COMMITTEE, roles.WORK_TEAM, roles.CLERK, roles.OFFICER})


async def list_meetings(
    unit: UnitOfWork,
    round_id: UUID,
    *,
    village: str | None,
    evaluation: str | None,
    cursor: str | None,
    limit: int,
) -> Page[answer.MeetingSummary]:
    """Return the meetings of a round in the order they were recorded."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(LIST, round_id, unit.principal.area, village, evaluation, last, limit + 1)
    return page_of(found, limit, _summary, lambda row: (row["id"],))


async def show_meeting(unit: UnitOfWork, meeting_id: UUID) -> answer.Meeting:
    """Return a meeting with its votes, with names as far as the caller may see them."""
    row = await unit.driver.fetchrow(FIND, meeting_id, unit.principal.area)
    if row is None:
        raise NotFound
    votes = await unit.driver.fetch(VOTES, meeting_id, unit.principal.area, HEAD)
    is_shown = not unit.principal.roles.isdisjoint(NAMES_ARE_SHOWN_TO)
    sealed = open_meeting(unit.cipher, row["sealed"])
    return answer.Meeting(
        **_summary(row).model_dump(),
        convenor=row["convenor"],
        team_member_present=row["team_member_present"],
        photos_sha256=row["photos_sha256"],
        minutes_sha256=row["minutes_sha256"],
        place=sealed.place if is_shown else None,
        roll=sealed.roll if is_shown else [mask_name(name) for name in sealed.roll],
        minutes=sealed.minutes if is_shown else None,
        annulment_reason=row["annulment_reason"],
        actor_id=row["actor_id"],
        recorded_at=row["recorded_at"],
        results=[_vote(vote, unit.cipher, is_shown=is_shown) for vote in votes],
    )


def _summary(row: Any) -> answer.MeetingSummary:
    return answer.MeetingSummary(**{name: row[name] for name in answer.MeetingSummary.model_fields})


def _vote(row: Any, cipher: Cipher, *, is_shown: bool) -> answer.Vote:
    name = open_member(cipher, row["head"]).name if row["head"] else None
    return answer.Vote(
        head_name=name if is_shown or name is None else mask_name(name),
        **{column: value for column, value in row.items() if column != "head"},
    )
