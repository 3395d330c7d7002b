"""A whole import into the database: copied into tables of the transaction, taken over by one statement each.

PostgreSQL does not COPY into a table with row-level security, and no wall is lowered for speed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
KNOWN_IDENTITIES = "SELECT identity_hash FROM person WHERE identity_hash = ANY($1)"
KNOWN_FILES = """
SELECT county_code, file_number FROM household
WHERE status <> 'withdrawn'
  AND (county_code, file_number) IN (SELECT * FROM unnest($1::text[], $2::text[]))
"""


@dataclass(slots=True, kw_only=True)
class Batch:
    """The rows of many households, by table, in the order that foreign keys ask for."""

    rows: dict[str, list[Row]]


def make_batch(filed: Iterable[Filed], cipher: Cipher, trace: Trace) -> Batch:
    """Return the rows of households to enter, personal data already encrypted. No I/O: run it in a thread."""
    batch: dict[str, list[Row]] = {table: [] for table in TABLES}
    for each in filed:
        members = rows.member_rows(each, cipher)
        batch["household"].append(rows.new_household_row(each, cipher))
        batch["household_version"].append(rows.version_row(each, cipher, trace, each.household.status_since))
        batch["household_standing"].append(rows.standing_row(each.household, trace))
        batch["member_version"] += members
        batch["person"] += rows.person_rows(members, each.draft.members, cipher)
    return Batch(rows=batch)


async def open_staging(driver: "Driver[Any]") -> None:
    """Make the transaction's own tables that rows are copied into."""
    for table, columns in TABLES.items():
        content = f"SELECT {', '.join(columns)} FROM {table} WITH NO DATA"  # noqa: S608 - our own names
        await driver.execute(f"CREATE TEMP TABLE incoming_{table} ON COMMIT DROP AS {content}")


async def add_batch(driver: "Driver[Any]", batch: Batch) -> None:
    """Enter all rows of a batch."""
    for table, records in batch.rows.items():
        columns = TABLES[table]
        listed, staged = ", ".join(columns), f"incoming_{table}"
        await driver.copy_records_to_table(staged, records=records, columns=columns, schema_name="pg_temp")
        await driver.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM pg_temp.{staged}; "  # noqa: S608 - our own names
            f"TRUNCATE pg_temp.{staged}"
        )


async def find_registered(
    driver: "Driver[Any]", identities: Sequence[bytes], files: Sequence[tuple[str, str]]
) -> tuple[set[bytes], set[tuple[str, str]]]:
    """Return which people and which file numbers of a county are on file already, wherever they are."""
    people = await driver.fetch(KNOWN_IDENTITIES, list(identities))
    counties, numbers = zip(*files, strict=True) if files else ((), ())
    known = await driver.fetch(KNOWN_FILES, list(counties), list(numbers))
    return {row[0] for row in people}, {(row["county_code"], row["file_number"]) for row in known}
