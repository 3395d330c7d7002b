"""Pre-exits in the database: what an exit rests on, and what became of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from contracts.events.registry import ExitAssessment
from services.registry.domain.exit_criteria import EXITED, OVERTAKEN, PENDING, CommitteeVote

Driver = asyncpg.Connection

ADD = """
INSERT INTO pre_exit (id, area_code, household_id, pre_exited_on, status_before, visit_id, rule_pack, rule_pack_version,
    per_capita_income_fen, line_fen, assurances_met, guarantees_met, signed, signature_sha256, held_on, eligible,
    present, votes, recorded_by, recorded_at, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
"""
PENDING_OF = """
SELECT household_id, pre_exited_on, status_before, visit_id, rule_pack, rule_pack_version, per_capita_income_fen,
    line_fen, assurances_met, guarantees_met, signed, held_on, eligible, present, votes
FROM pre_exit WHERE household_id = ANY($1) AND outcome = $2 FOR UPDATE
"""
END = """
UPDATE pre_exit AS p SET outcome = $3, ended_on = $4, policies_kept_until = n.kept_until
FROM unnest($1::uuid[], $2::date[]) AS n (household_id, kept_until)
WHERE p.household_id = n.household_id AND p.outcome = $5
"""
KEPT_UNTIL = """
SELECT policies_kept_until FROM pre_exit WHERE household_id = $1 AND outcome = $2 AND ended_on = $3 ORDER BY id DESC LIMIT 1
"""
# The last of each household, where another state ended it.
RESUME = """
UPDATE pre_exit AS p SET outcome = $2, ended_on = NULL
WHERE p.household_id = ANY($1) AND p.outcome = $3
  AND NOT EXISTS (SELECT FROM pre_exit AS n WHERE n.household_id = p.household_id AND n.id > p.id)
"""
MOVE = "UPDATE pre_exit SET area_code = $2 WHERE household_id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreExit:
    """A household's pending exit: since when, the state before, the committees' vote, and the visit's figures."""

    household_id: UUID
    on: date
    status_before: str
    rule_pack_version: int
    vote: CommitteeVote
    assessment: ExitAssessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The household's signature, and who recorded the pre-exit."""

    signature_sha256: str | None
    actor_id: str
    at: datetime


async def add_pre_exit(
    driver: "Driver[Any]", one: PreExit, evidence: Evidence, *, id_: UUID, area_code: str
) -> None:
    """Enter a pre-exit with what it rests on."""
    a, v = one.assessment, one.vote
    await driver.execute(
        ADD,
        *(id_, area_code, one.household_id, one.on, one.status_before, a.visit_id, a.rule_pack),
        *(one.rule_pack_version, a.per_capita_income_fen, a.line_fen, a.assurances_met, a.guarantees_met),
        *(a.signed, evidence.signature_sha256, v.held_on, v.eligible, v.present, v.votes),
        *(evidence.actor_id, evidence.at, PENDING),
    )


async def lock_pending(driver: "Driver[Any]", household_ids: Collection[UUID]) -> dict[UUID, PreExit]:
    """Return the pending exits of households, locked."""
    rows = await driver.fetch(PENDING_OF, list(household_ids), PENDING)
    return {row["household_id"]: _pre_exit(row) for row in rows}


async def end_pending(
    driver: "Driver[Any]", ended: dict[UUID, date | None], *, outcome: str, on: date
) -> None:
    """Store what became of pending exits; who exited keeps the policies until a day."""
    if ended:
        await driver.execute(END, list(ended), list(ended.values()), outcome, on, PENDING)


async def resume_overtaken(driver: "Driver[Any]", household_ids: Collection[UUID]) -> None:
    """Let exits wait again that another state of their household ended last."""
    if household_ids:
        await driver.execute(RESUME, list(household_ids), PENDING, OVERTAKEN)


async def move_pre_exits(driver: "Driver[Any]", household_id: UUID, village_code: str) -> None:
    """Let a household's exits, pending and past, follow it to another village."""
    await driver.execute(MOVE, household_id, village_code)


async def find_kept_until(driver: "Driver[Any]", household_id: UUID, exited_on: date) -> date | None:
    """Return until when a household that exited by the procedure keeps its policies."""
    found: date | None = await driver.fetchval(KEPT_UNTIL, household_id, EXITED, exited_on)
    return found


def _pre_exit(row: Any) -> PreExit:
    return PreExit(
        household_id=row["household_id"],
        on=row["pre_exited_on"],
        status_before=row["status_before"],
        rule_pack_version=row["rule_pack_version"],
        vote=CommitteeVote(
            held_on=row["held_on"], eligible=row["eligible"], present=row["present"], votes=row["votes"]
        ),
        assessment=ExitAssessment(
            visit_id=row["visit_id"],
            rule_pack=row["rule_pack"],
            per_capita_income_fen=row["per_capita_income_fen"],
            line_fen=row["line_fen"],
            assurances_met=row["assurances_met"],
            guarantees_met=row["guarantees_met"],
            signed=row["signed"],
        ),
    )
