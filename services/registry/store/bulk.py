"""A whole import into the database: copied into two tables of the transaction, taken over from there in one request.

PostgreSQL does not COPY into a table with row-level security, and no wall is lowered for speed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import asyncpg

from chassis.crypto import Cipher
from services.registry.store import row as rows
from services.registry.store.row import Filed, Trace

Driver = asyncpg.Connection
Row = tuple[Any, ...]

TABLES = {
    "household": rows.NEW_HOUSEHOLD_COLUMNS,
    "household_version": rows.VERSION_COLUMNS,
    "household_standing": rows.STANDING_COLUMNS,
    "person": rows.PERSON_COLUMNS,
    "member_version": rows.MEMBER_COLUMNS,
}
# What is copied of a household and of a person; the same value is not sent for each table that holds it.
_OF_VERSION = tuple(
    column
    for column in rows.VERSION_COLUMNS
    if column not in {*rows.NEW_HOUSEHOLD_COLUMNS, "household_id", "valid_from"}
)
STAGED = {
    "household": (*rows.NEW_HOUSEHOLD_COLUMNS, *_OF_VERSION),
    "member": (*rows.MEMBER_COLUMNS, "name_key", "birth_key"),
}
_own_part = itemgetter(*(rows.VERSION_COLUMNS.index(column) for column in _OF_VERSION))


def _taking_over(table: str, staged: str, **elsewhere: str) -> str:
    """Return the statement that fills a table; `elsewhere` names the columns that are staged under another name."""
    columns = TABLES[table]
    sources = ", ".join(elsewhere.get(column, column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {sources} FROM pg_temp.incoming_{staged}"  # noqa: S608


OPEN_STAGING = f"""
CREATE TEMP TABLE incoming_household ON COMMIT DROP AS
SELECT {", ".join(f"h.{column}" for column in rows.NEW_HOUSEHOLD_COLUMNS)}, {", ".join(f"v.{column}" for column in _OF_VERSION)}
FROM household AS h, household_version AS v WITH NO DATA;
CREATE TEMP TABLE incoming_member ON COMMIT DROP AS
SELECT {", ".join(f"m.{column}" for column in rows.MEMBER_COLUMNS)}, p.name_key, p.birth_key
FROM member_version AS m, person AS p WITH NO DATA
"""  # noqa: S608 - our own names
# In the order that foreign keys ask for.
TAKE_OVER = "; ".join(
    (
        _taking_over("household", "household"),
        _taking_over("household_version", "household", household_id="id", valid_from="status_since"),
        _taking_over("household_standing", "household", household_id="id", since="status_since"),
        _taking_over("person", "member", id="person_id"),
        _taking_over("member_version", "member"),
        "TRUNCATE pg_temp.incoming_household, pg_temp.incoming_member",
    )
)
KNOWN_IDENTITIES = "SELECT identity_hash FROM person WHERE identity_hash = ANY($1)"
KNOWN_FILES = """
SELECT county_code, file_number FROM household
WHERE status <> 'withdrawn'
  AND (county_code, file_number) IN (SELECT * FROM unnest($1::text[], $2::text[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The rows of many households and of their people, as they are copied."""

    households: list[Row]
    members: list[Row]


def make_batch(filed: Iterable[Filed], cipher: Cipher, trace: Trace) -> Batch:
    """Return the rows of households to enter, personal data already encrypted. No I/O: run it in a thread."""
    batch = Batch(households=[], members=[])
    for each in filed:
        version = rows.version_row(each, cipher, trace, each.household.status_since)
        batch.households.append((*rows.new_household_row(each, cipher), *_own_part(version)))
        members = zip(
            rows.member_rows(each, cipher), rows.person_keys(each.draft.members, cipher), strict=True
        )
        batch.members.extend((*member, *keys) for member, keys in members)
    return batch


async def open_staging(driver: "Driver[Any]") -> None:
    """Make the transaction's own tables that rows are copied into."""
    await driver.execute(OPEN_STAGING)


async def add_batch(driver: "Driver[Any]", batch: Batch) -> None:
    """Enter all rows of a batch."""
    for staged, records in (("household", batch.households), ("member", batch.members)):
        await driver.copy_records_to_table(
            f"incoming_{staged}", records=records, columns=STAGED[staged], schema_name="pg_temp"
        )
    await driver.execute(TAKE_OVER)


async def find_registered(
    driver: "Driver[Any]", identities: Sequence[bytes], files: Sequence[tuple[str, str]]
) -> tuple[set[bytes], set[tuple[str, str]]]:
    """Return which people and which file numbers of a county are on file already, wherever they are."""
    people = await driver.fetch(KNOWN_IDENTITIES, list(identities))
    counties, numbers = zip(*files, strict=True) if files else ((), ())
    known = await driver.fetch(KNOWN_FILES, list(counties), list(numbers))
    return {row[0] for row in people}, {(row["county_code"], row["file_number"]) for row in known}
