"""Whether people were on the register on a day; each question is kept with its answer by the statement that answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg

from chassis.ids import new_id
from contracts.values import EXITED, ON_THE_REGISTER
from services.registry.domain.disclosure import ELIGIBILITY
from services.registry.domain.exit_criteria import EXITED as EXIT_TOOK_EFFECT

Driver = asyncpg.Connection

# One statement for known and unknown people alike, for one of them or a thousand.
ASK = """
WITH asked AS (
    SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::date[]) WITH ORDINALITY AS a (id, identity_hash, day, place)
), answered AS (
    SELECT a.*, f.category, coalesce(f.keeps_policies, false) AS keeps_policies
    FROM asked AS a LEFT JOIN LATERAL (
        SELECT CASE WHEN s.status = ANY($4::text[]) THEN v.category END AS category, s.status = $13 AS keeps_policies
        FROM (
            SELECT id FROM person WHERE identity_hash = a.identity_hash
            UNION SELECT person_id FROM former_number WHERE identity_hash = a.identity_hash
        ) AS p
        JOIN member_version AS m ON m.person_id = p.id AND m.identity_hash = a.identity_hash
        CROSS JOIN LATERAL (
            SELECT version, category FROM household_version
            WHERE household_id = m.household_id AND valid_from <= a.day AND NOT moved_out
            ORDER BY version DESC LIMIT 1
        ) AS v
        CROSS JOIN LATERAL (
            SELECT status, since FROM household_standing WHERE household_id = m.household_id AND since <= a.day
            ORDER BY version DESC LIMIT 1
        ) AS s
        WHERE m.version = v.version AND (s.status = ANY($4::text[]) OR s.status = $13 AND NOT EXISTS (
            SELECT FROM pre_exit AS e
            WHERE e.household_id = m.household_id AND e.outcome = $14 AND e.ended_on = s.since
              AND e.policies_kept_until <= a.day
        ))
        ORDER BY s.status = $13 LIMIT 1
    ) AS f ON true
), kept AS (
    INSERT INTO eligibility_query (id, identity_hash, asked_on, answer, purpose, actor_id, recorded_at)
    SELECT id, identity_hash, day, coalesce(category, CASE WHEN keeps_policies THEN 'policies-kept' ELSE 'no' END), $5, $6, $7 FROM answered
), told AS (
    INSERT INTO disclosure (id, area_code, kind, actor_id, reason, asked_for, items, recorded_at)
    VALUES ($8, $9, $10, $6, $5, $11, $12, $7)
)
SELECT category, keeps_policies FROM answered ORDER BY place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Whether people were on the register, each on a day, asked by somebody for one purpose."""

    people: Sequence[tuple[bytes, date]]
    purpose: str
    actor_id: str
    area: str
    at: datetime
    kind: str = ELIGIBILITY
    asked_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The category of a person's household, None when it was not on the register; and whether it kept the policies then."""

    category: str | None
    keeps_policies: bool


async def ask(driver: "Driver[Any]", inquiry: Inquiry) -> list[Told]:
    """Return how each person's household stood on the day; keep the questions."""
    rows = await driver.fetch(
        ASK,
        [new_id() for _ in inquiry.people],
        [identity_hash for identity_hash, _ in inquiry.people],
        [day for _, day in inquiry.people],
        sorted(ON_THE_REGISTER),
        inquiry.purpose,
        inquiry.actor_id,
        inquiry.at,
        new_id(),
        inquiry.area,
        inquiry.kind,
        inquiry.asked_for,
        len(inquiry.people),
        EXITED,
        EXIT_TOOK_EFFECT,
    )
    return [Told(category=row["category"], keeps_policies=row["keeps_policies"]) for row in rows]
