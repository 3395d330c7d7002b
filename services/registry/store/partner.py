"""Households as partners' searches find them, and the messages that were answered already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.registry.domain import partner_query as query
from services.registry.domain.partner_query import Clause, Order, Term, Window
from services.registry.workbook.codes import HEAD

Driver = asyncpg.Connection

TAKE = """
INSERT INTO partner_message (actor_id, message_hash, recorded_at) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING RETURNING true
"""
_GROUP = "h.id, h.area_code, h.status, h.status_since, h.category, h.persons"
OF_PERSON = f"""
SELECT {_GROUP}, p.id AS person_id FROM person AS p JOIN household AS h ON h.id = p.household_id
WHERE p.identity_hash = $1 AND h.status = ANY($2)
"""  # noqa: S608
PEOPLE = """
SELECT m.household_id, m.person_id, m.sealed, m.sex, m.relation = $2 AS is_head FROM member_version AS m
JOIN household AS h ON h.id = m.household_id AND h.content_version = m.version
WHERE h.id = ANY($1) ORDER BY m.household_id, m.position
"""
COLUMNS = {
    query.VILLAGE: ("h.area_code", "text"),
    query.STATUS: ("h.status", "text"),
    query.CATEGORY: ("h.category", "text"),
    query.GROUP_SIZE: ("h.persons", "int"),
}
OPERATORS = {"gt": ">", "lt": "<", "ge": ">=", "le": "<="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which households are wanted: of an area, in certain states, by every clause."""

    area: str
    states: Sequence[str]
    clauses: Sequence[Clause]
    order: Sequence[Order]
    window: Window


async def take_message(driver: "Driver[Any]", actor_id: str, message_hash: bytes, at: datetime) -> bool:
    """Keep that a message was answered; False if it was before."""
    return bool(await driver.fetchval(TAKE, actor_id, message_hash, at))


async def find_of_person(driver: "Driver[Any]", identity_hash: bytes, states: Sequence[str]) -> Any:
    """Return the household of a person, in one of the states."""
    return await driver.fetchrow(OF_PERSON, identity_hash, list(states))


async def search(driver: "Driver[Any]", wanted: Search) -> tuple[int, list[Any]]:
    """Return how many households there are, and those of the page."""
    values: list[Any] = [wanted.area, list(wanted.states)]
    clauses = " AND ".join(_clause(clause, values) for clause in wanted.clauses)
    which = f"FROM household AS h WHERE starts_with(h.area_code, $1) AND h.status = ANY($2) AND {clauses}"
    total = await driver.fetchval(f"SELECT count(*) {which}", *values)
    order = ", ".join([*(_order(one) for one in wanted.order), "h.id"])
    page = f"LIMIT {wanted.window.size:d} OFFSET {wanted.window.offset:d}"
    found = await driver.fetch(
        f"SELECT {_GROUP} {which} ORDER BY {order} {page}",
        *values,
    )
    return int(total), list(found)


async def list_people(driver: "Driver[Any]", households: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Return the people of households, by household."""
    people: dict[UUID, list[Any]] = {}
    for row in await driver.fetch(PEOPLE, households, HEAD):
        people.setdefault(row["household_id"], []).append(row)
    return people


def _clause(clause: Clause, values: list[Any]) -> str:
    first = _term(clause.first, values)
    if clause.second is None:
        return first
    joined = "AND NOT" if clause.condition == "not" else str(clause.condition).upper()
    return f"({first} {joined} {_term(clause.second, values)})"


def _term(term: Term, values: list[Any]) -> str:
    column, kind = COLUMNS[term.attribute]
    if term.operator in OPERATORS:
        values.append(term.values[0])
        return f"{column} {OPERATORS[term.operator]} ${len(values)}::{kind}"
    values.append(list(term.values))
    return f"{column} = ANY(${len(values)}::{kind}[])"


def _order(order: Order) -> str:
    return COLUMNS[order.attribute][0] + (" DESC" if order.is_descending else "")
