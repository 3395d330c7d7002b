"""Undoing an import: whole, once, and only while nothing rests on it."""

import asyncio

from tests.kit import Harness
from tests.services.registry.builders import (
    get,
    post,
)
from tests.services.registry.sheet import drafts, send

TABLES = ("household", "person", "household_version", "member_version", "household_standing")


async def test_an_undone_import_never_counted_and_frees_its_people(registry: Harness) -> None:
    imported = (await send(registry, drafts(2))).json()

    undone = await post(registry, f"/imports/{imported['id']}/undo")

    assert undone.status_code == 201, undone.text
    assert (undone.json()["kind"], undone.json()["reverts"]) == ("undo", imported["id"])
    facts = await registry.facts()
    assert [fact.type for fact in facts[2:]] == ["registry.household-withdrawn.v1"] * 2
    assert {fact.sequence for fact in facts[2:]} == {2}
    assert (await get(registry, "/statistics")).json()["households"] == 0
    assert (await get(registry, f"/imports/{imported['id']}")).json()["undone_by"] == undone.json()["id"]
    assert (await send(registry, drafts(2))).status_code == 201


async def test_what_was_known_before_an_undo_stays_readable(registry: Harness) -> None:
    imported = (await send(registry, drafts(2))).json()
    household_id = (await get(registry, "/households")).json()["items"][0]["id"]
    moment = (await registry.sql("SELECT clock_timestamp() AS now"))[0]["now"].isoformat()
    await post(registry, f"/imports/{imported['id']}/undo")

    known = {"as_of": "2016-06-01", "recorded_before": moment}
    then = await get(registry, f"/households/{household_id}", params=known)
    counted = await get(registry, "/statistics", params=known)
    now = await get(registry, f"/households/{household_id}")

    assert (then.json()["status"], now.json()["status"]) == ("registered", "withdrawn")
    assert counted.json()["households"] == 2


async def test_an_import_is_undone_once(registry: Harness) -> None:
    imported = (await send(registry, drafts(1))).json()

    answers = await asyncio.gather(*(post(registry, f"/imports/{imported['id']}/undo") for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await registry.facts()) == 2


async def test_an_import_that_was_built_upon_cannot_be_undone(registry: Harness) -> None:
    imported = (await send(registry, drafts(2))).json()
    touched = (await get(registry, "/households")).json()["items"][0]["id"]
    await post(registry, f"/households/{touched}/verifications", json={})

    refused = await post(registry, f"/imports/{imported['id']}/undo")

    assert (refused.status_code, refused.json()["code"]) == (409, "import-overtaken")
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/households/{touched}"]
    assert (await get(registry, "/statistics")).json()["households"] == 2


async def test_a_dry_run_or_refused_import_cannot_be_undone(registry: Harness) -> None:
    checked = (await send(registry, drafts(1), dry_run=True)).json()

    refused = await post(registry, f"/imports/{checked['id']}/undo")

    assert (refused.status_code, refused.json()["code"]) == (409, "import-not-committed")
