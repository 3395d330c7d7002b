"""Categories in the database: versions repeated with another category, many at a time, and the documents behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from services.registry.domain.category import ASSIGNED, Copy, Statement
from services.registry.domain.household import Household
from services.registry.store import row as rows
from services.registry.workbook.codes import ATTRIBUTE_OF_CATEGORY

Driver = asyncpg.Connection

STATEMENTS = """
SELECT household_id, version, valid_from, category FROM household_version
WHERE household_id = ANY($1) AND NOT moved_out ORDER BY household_id, version
"""
_NEW = """
unnest($1::uuid[], $2::int[], $3::int[], $4::date[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::bytea[])
    AS n (household_id, source, version, valid_from, category, attribute, recorded_at, actor_id, sealed)
"""
_STATED = {
    "version": "n.version",
    "valid_from": "n.valid_from",
    "recorded_at": "n.recorded_at",
    "actor_id": "n.actor_id",
    "change_set_id": "NULL::uuid",
    "reason": f"'{ASSIGNED}'",
    "category": "n.category",
    "attribute": "n.attribute",
}
# Sealed content is repeated as it is: nobody's data is opened to change a category.
ADD_VERSIONS = f"""
WITH n AS (SELECT * FROM {_NEW}), versions AS (
    INSERT INTO household_version ({", ".join(rows.VERSION_COLUMNS)})
    SELECT {", ".join(_STATED.get(name, f"v.{name}") for name in rows.VERSION_COLUMNS)}
    FROM n JOIN household_version AS v ON v.household_id = n.household_id AND v.version = n.source AND NOT v.moved_out
), members AS (
    INSERT INTO member_version ({", ".join(rows.MEMBER_COLUMNS)})
    SELECT {", ".join("n.version" if name == "version" else f"m.{name}" for name in rows.MEMBER_COLUMNS)}
    FROM n JOIN member_version AS m ON m.household_id = n.household_id AND m.version = n.source
)
INSERT INTO household_category (household_id, version, area_code, category, valid_from, sealed, actor_id, recorded_at)
SELECT n.household_id, n.version, v.area_code, n.category, n.valid_from, n.sealed, n.actor_id, n.recorded_at
FROM n JOIN household_version AS v ON v.household_id = n.household_id AND v.version = n.source AND NOT v.moved_out
"""  # noqa: S608 - our own names
SAVE = """
UPDATE household AS h SET category = n.category, version = n.version, content_version = n.content_version,
    recorded_at = n.recorded_at
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::timestamptz[])
    AS n (id, category, version, content_version, recorded_at)
WHERE h.id = n.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A household after its category was assigned, with the versions to add and the sealed title of the document."""

    household: Household
    copies: Sequence[Copy]
    sealed: bytes


async def load_statements(driver: "Driver[Any]", ids: Iterable[UUID]) -> dict[UUID, list[Statement]]:
    """Return the versions of households' files in the order of recording."""
    found: dict[UUID, list[Statement]] = {}
    for row in await driver.fetch(STATEMENTS, list(set(ids))):
        statement = Statement(
            version=row["version"],
            source=row["version"],
            valid_from=row["valid_from"],
            category=row["category"],
        )
        found.setdefault(row["household_id"], []).append(statement)
    return found


async def save_assigned(driver: "Driver[Any]", assigned: Sequence[Assigned], *, actor_id: str) -> None:
    """Store the new versions, and what holds now; of a household given twice the last holds."""
    if not assigned:
        return
    values = [
        (
            copy.household_id,
            copy.source,
            copy.version,
            copy.valid_from,
            copy.category,
            ATTRIBUTE_OF_CATEGORY[copy.category],
            one.household.recorded_at,
            actor_id,
            one.sealed,
        )
        for one in assigned
        for copy in one.copies
    ]
    await driver.execute(ADD_VERSIONS, *(list(column) for column in zip(*values, strict=True)))
    latest = {one.household.id: one.household for one in assigned}
    now = [(h.id, h.category, h.version, h.content_version, h.recorded_at) for h in latest.values()]
    await driver.execute(SAVE, *(list(column) for column in zip(*now, strict=True)))
