"""A household's file over its days: loaded stretch by stretch with its people, and saved with every new version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from chassis.crypto import Cipher
from contracts.values import CLOSED, WITHDRAWN
from services.registry.domain.outcome import Outcome, Version
from services.registry.domain.timeline import Content, Stretch, from_day, spans
from services.registry.store import household as households
from services.registry.store import row as rows
from services.registry.store.row import Filed, Trace

Driver = asyncpg.Connection

STATEMENTS = """
SELECT version, valid_from FROM household_version
WHERE household_id = $1 AND version <= $2 AND NOT moved_out ORDER BY version
"""
CONTENTS = f"""
SELECT {", ".join(rows.VERSION_COLUMNS)} FROM household_version
WHERE household_id = $1 AND version = ANY($2) AND NOT moved_out
"""  # noqa: S608
PEOPLE = f"""
SELECT {", ".join(rows.MEMBER_COLUMNS)} FROM member_version
WHERE household_id = $1 AND version = ANY($2) ORDER BY version, position
"""  # noqa: S608


async def load_stretches(
    driver: "Driver[Any]", household_id: UUID, *, on: date, up_to: int, cipher: Cipher
) -> list[Stretch]:
    """Return the file from a day on, as its versions up to one state it; nothing for a day before the file."""
    statements = await driver.fetch(STATEMENTS, household_id, up_to)
    known = from_day(spans([(row["version"], row["valid_from"]) for row in statements]), on)
    contents = await _contents(driver, household_id, [version for _, version in known], cipher)
    return [Stretch(since=since, content=contents[version]) for since, version in known]


async def save_outcomes(
    driver: "Driver[Any]", outcomes: Sequence[Outcome], *, cipher: Cipher, trace: Trace
) -> None:
    """Store every new version and state; a household founded out of another one comes last."""
    for outcome in sorted(outcomes, key=lambda each: each.before is None):
        before = outcome.before
        for version in outcome.versions:
            filed = _filed(version)
            if before is None:
                await households.add_household(driver, filed, cipher, trace)
            else:
                await households.save_content(
                    driver, before, filed, cipher=cipher, valid_from=version.since, trace=trace
                )
            before = version.household
        why = replace(trace, reason=outcome.standing_reason or trace.reason)
        await households.save_standings(driver, outcome.standings, why)
    gone = [each.after for each in outcomes if each.after.status in {CLOSED, WITHDRAWN}]
    await households.remove_people(driver, gone)


def _filed(version: Version) -> Filed:
    return Filed(
        household=version.household, draft=version.content.draft, person_ids=version.content.person_ids
    )


async def _contents(
    driver: "Driver[Any]", household_id: UUID, versions: Sequence[int], cipher: Cipher
) -> dict[int, Content]:
    found = await driver.fetch(CONTENTS, household_id, versions)
    people = await driver.fetch(PEOPLE, household_id, versions)
    contents = {}
    for version in found:
        members = [person for person in people if person["version"] == version["version"]]
        contents[version["version"]] = Content(
            draft=rows.draft_of(version, members, cipher),
            person_ids=tuple(member["person_id"] for member in members),
        )
    return contents
