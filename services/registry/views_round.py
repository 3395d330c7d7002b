"""Rounds as they are read: how far the procedure has come, and each household's entry."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts.values import CORRECT, KEEP
from services.registry import figures_round, rules
from services.registry.domain.closing import Numbers, Statement, is_balanced
from services.registry.domain.procedure import OPEN, OPENED, STEPS, step_after
from services.registry.domain.round import Round
from services.registry.schemas import round as answer
from services.registry.store import round as store

LIST = f"""
SELECT {store.COLUMNS} FROM round
WHERE (starts_with(scope, $1) OR starts_with($1, scope)) AND ($2::bool IS NULL OR is_open = $2)
  AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""  # noqa: S608
COUNTS = """
SELECT area_code, step, outcome, proposal, count(*)::int AS entries FROM round_entry
WHERE round_id = $1 AND starts_with(area_code, $2) GROUP BY area_code, step, outcome, proposal ORDER BY area_code
"""
ENTRIES = """
SELECT e.household_id, h.file_number, e.area_code, h.status, e.proposal, e.reason, e.step, e.step_on, e.outcome,
    e.opening_persons, h.persons, e.visit_id, c.cause, v.cause AS cause_at_visit,
    ARRAY(
        SELECT name FROM unnest($9::text[]) AS n (name) WHERE e.step = $10 AND v.found -> 'checks' ->> name IS NULL
    ) AS missing_checks
FROM (
    SELECT round_id, household_id, area_code, proposal, reason, step, step_on, outcome, opening_persons, visit_id
    FROM round_entry
    WHERE round_id = $1 AND starts_with(area_code, $2) AND ($3::text IS NULL OR area_code = $3)
      AND ($4::text IS NULL OR step = $4) AND ($5::text IS NULL OR outcome = $5)
      AND ($6::text IS NULL OR proposal = $6) AND ($7::uuid IS NULL OR household_id > $7)
      AND EXISTS (SELECT FROM household AS h WHERE h.id = household_id)
    ORDER BY household_id LIMIT $8
) AS e JOIN household AS h ON h.id = e.household_id
JOIN household_version AS c ON c.household_id = h.id AND c.version = h.content_version AND NOT c.moved_out
LEFT JOIN LATERAL (
    SELECT o.cause, n.found FROM visit AS o JOIN visit_version AS n ON n.visit_id = o.id AND n.version = o.version
    WHERE o.round_id = e.round_id AND o.household_id = e.household_id AND o.is_valid
    ORDER BY o.visited_on DESC, o.id DESC LIMIT 1
) AS v ON true
ORDER BY e.household_id
"""


def summary_of(one: Round) -> answer.RoundSummary:
    """Return a round without its households."""
    return answer.RoundSummary(**_facts_of(one))


async def show_round(unit: UnitOfWork, round_id: UUID) -> answer.Round:
    """Return a round with its counts in the caller's area."""
    one = await _load(unit, round_id)
    counted = await unit.driver.fetch(COUNTS, round_id, unit.principal.area)
    still_open = [row for row in counted if row["outcome"] == OPEN]
    waiting = _by(still_open, "step")
    statements = await store.list_statements(unit.driver, round_id)
    return answer.Round(
        **_facts_of(one),
        entries=sum(row["entries"] for row in counted),
        by_step=_by(counted, "step"),
        by_outcome=_by(counted, "outcome"),
        by_proposal=_by(counted, "proposal"),
        waiting_for={
            following: waiting[step] for step in STEPS if step in waiting and (following := step_after(step))
        },
        villages=_villages(counted),
        as_closed=statement_of(one, statements[0]) if statements else None,
        restated=statement_of(one, statements[-1]) if len(statements) > 1 else None,
        as_known_now=await _known_now(unit, one),
    )


def statement_of(one: Round, statement: Statement) -> answer.Statement:
    """Return the numbers of a closed round as somebody stated them."""
    return answer.Statement(
        **_numbers(one, statement.numbers),
        number=statement.number,
        stated_on=statement.stated_on,
        stated_by=statement.stated_by,
        stated_at=statement.stated_at,
        reason=statement.reason,
    )


async def list_rounds(
    unit: UnitOfWork, *, is_open: bool | None, cursor: str | None, limit: int
) -> Page[answer.RoundSummary]:
    """Return rounds that cover the caller's area or lie in it, the latest first."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(LIST, unit.principal.area, is_open, last, limit + 1)
    return page_of(found, limit, lambda row: summary_of(store.round_of(row)), lambda row: (row["id"],))


async def list_entries(
    unit: UnitOfWork,
    round_id: UUID,
    *,
    village: str | None,
    step: str | None,
    outcome: str | None,
    proposal: str | None,
    cursor: str | None,
    limit: int,
) -> Page[answer.Entry]:
    """Return entries of a round in the caller's area."""
    one = await _load(unit, round_id)
    pack = await rules.load_pack(unit.driver, one.rule_pack, one.rule_pack_version)
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(
        ENTRIES,
        *(round_id, unit.principal.area, village, step, outcome, proposal, last, limit + 1),
        *(list(pack.checks), OPENED),
    )
    return page_of(found, limit, _entry, lambda row: (row["household_id"],))


async def _load(unit: UnitOfWork, round_id: UUID) -> Round:
    one = await store.find_round(unit.driver, round_id, area=unit.principal.area)
    if one is None:
        raise NotFound
    return one


async def _known_now(unit: UnitOfWork, one: Round) -> answer.Numbers | None:
    """Count a closed round anew; who sees a part of its area only would count a part only."""
    if one.closed_on is None or not one.scope.startswith(unit.principal.area):
        return None
    tally = await figures_round.tally(unit.driver, one, one.closed_on)
    return answer.Numbers(**_numbers(one, tally.numbers))


def _numbers(one: Round, numbers: Numbers) -> dict[str, Any]:
    counts = numbers.counts
    return {
        "as_of": one.closed_on,
        "closes": is_balanced(counts),
        "counts": {name: getattr(counts, name) for name in counts.__struct_fields__},
        "kept_households": numbers.kept_households,
        "corrected_households": numbers.corrected_households,
        "came": dict(numbers.came),
        "left": dict(numbers.left),
    }


def _facts_of(one: Round) -> dict[str, Any]:
    return {
        "id": one.id,
        "scope": one.scope,
        "kind": one.kind,
        "number": one.number,
        "state": "open" if one.is_open else "closed",
        "rule_pack": one.rule_pack,
        "rule_pack_version": one.rule_pack_version,
        "opened_on": one.opened_on,
        "opened_by": one.opened_by,
        "opened_at": one.opened_at,
        "opening_households": one.opening_households,
        "opening_persons": one.opening_persons,
        "closed_on": one.closed_on,
        "signed_off_by": one.signed_off_by,
        "closed_at": one.closed_at,
    }


def _by(counted: Iterable[Any], column: str) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for row in counted:
        sums[row[column]] += row["entries"]
    return dict(sums)


def _villages(counted: list[Any]) -> list[answer.VillageEntries]:
    villages: dict[str, list[Any]] = {}
    for row in counted:
        villages.setdefault(row["area_code"], []).append(row)
    return [
        answer.VillageEntries(
            village_code=code,
            entries=sum(row["entries"] for row in rows),
            by_step=_by(rows, "step"),
            by_outcome=_by(rows, "outcome"),
            by_proposal=_by(rows, "proposal"),
        )
        for code, rows in villages.items()
    ]


def _entry(row: Any) -> answer.Entry:
    return answer.Entry(
        household_id=row["household_id"],
        file_number=row["file_number"],
        village_code=row["area_code"],
        status=row["status"],
        proposal=row["proposal"],
        reason=row["reason"],
        step=row["step"],
        step_on=row["step_on"],
        next_step=step_after(row["step"]) if row["outcome"] == OPEN else None,
        outcome=row["outcome"],
        opening_persons=row["opening_persons"],
        persons=row["persons"],
        visit_id=row["visit_id"],
        missing_checks=row["missing_checks"],
        cause=row["cause"],
        cause_at_visit=row["cause_at_visit"],
        suggested_proposal=_suggested(row),
    )


def _suggested(row: Any) -> str | None:
    """A household that is kept although its cause was found to be another one should be corrected."""
    is_another = row["cause_at_visit"] not in {None, row["cause"]}
    return CORRECT if is_another and row["outcome"] == OPEN and row["proposal"] == KEEP else None
