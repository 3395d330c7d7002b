"""A round that comes to its announcement, for the registry's tests."""

import json
from datetime import date
from typing import Any

from tests.kit import Harness
from tests.services.registry.noticing import (
    closed,
    stand_at,
)
from tests.services.registry.rounds import opened, propose

ON = "2016-06-08"


async def confirmed(registry: Harness, *items: dict[str, Any], **changes: Any) -> str:
    """Open a round with proposals, and let it come to the announcement: the last notice hung its time."""
    is_asked = {"include_candidates": True, "candidate_reason": "missed-before"}
    round_id = str((await opened(registry, **(is_asked | changes)))["id"])
    if items:
        answer = await propose(registry, round_id, *items)
        assert answer.json()["refused"] == 0, answer.text
    await stand_at(registry, round_id, "township-review")
    await registry.sql("UPDATE registry.household SET status = 'evaluated' WHERE status = 'candidate'")
    await closed(registry, round_id, "second-notice")
    await stand_at(registry, round_id, "county-confirmation", on=date(2016, 6, 8))
    return round_id


async def last_fact(registry: Harness, kind: str) -> dict[str, Any]:
    """Return what the last fact of a kind says."""
    found = [one for one in await registry.facts() if one.type == f"registry.{kind}.v1"]
    told: dict[str, Any] = json.loads(bytes(found[-1].data))
    return told
