"""Families through which the canaries live: born, married, moved, split, corrected, looked for and given a category."""

from typing import Any

from tests.flows import canary
from tests.flows.canary_ways import NEXT_VILLAGE, REGISTRY, done, refused, seen
from tests.flows.town import Town, household, member
from tests.services.registry.changes import AMOUNTS

CHANGES = f"{REGISTRY}/change-requests"
SEARCH = f"{REGISTRY}/search"
DUPLICATES = f"{REGISTRY}/persons/duplicates/search"
BANK = "002731000012"


async def change_families(town: Town) -> None:
    """Let a family's file be corrected, grow, be split and told otherwise, each by a request that a second person reviews."""
    elders = [
        member(73, name=canary.ELDER, identity_number=canary.ELDER_IDENTITY),
        member(74, name=canary.SON, identity_number=canary.SON_IDENTITY, relation="20"),
    ]
    filed = household(73, account=canary.ACCOUNT, phone=canary.PHONE, address=canary.ADDRESS, members=elders)
    family = (await done(town, town.clerk, f"{REGISTRY}/households", filed))["id"]
    elder, son = await _people(town, family)
    await _correct(town, family, filed, [elder, son])
    spouse = member(75, name=canary.BRIDE, identity_number=canary.BRIDE_IDENTITY, sex="2", relation="38")
    await _asked(
        town, {"kind": "marriage-in", "household_id": family, "reason": "reported", "spouse": spouse}
    )
    bride = (await _people(town, family))[-1]
    await _split(town, family, [(son, "02"), (bride, "10")])
    await _be_born(town)
    await _move(town, family)
    await _take_for_one(town, elder, bride)
    town.made |= {"family": family, "person": elder}


async def _correct(town: Town, family: str, filed: dict[str, Any], ids: list[str]) -> None:
    people = [one | {"id": known} for one, known in zip(filed["members"], ids, strict=True)]
    renamed = people[0] | {"name": canary.RENAMED, "identity_number": canary.RENAMED_IDENTITY}
    stated = {"kind": "correction", "household_id": family, "reason": "figures-corrected", **filed}
    wrong = renamed | {"identity_number": canary.WRONG_IDENTITY}
    taken = renamed | {"identity_number": canary.IDENTITY}
    await refused(
        town,
        town.clerk,
        CHANGES,
        stated | {"members": [wrong, people[1]]},
        stated | {"members": [renamed | {"id": canary.NAME}, people[1]]},
        stated | {"reason": canary.NAME},
    )
    corrected = stated | {"members": [renamed, people[1]]}
    # Whose number it is already is seen when it is to be applied.
    rejected = (await done(town, town.clerk, CHANGES, stated | {"members": [taken, people[1]]}))["id"]
    review = f"{CHANGES}/{rejected}/reviews"
    await refused(town, town.officer, review, {"outcome": "approved"})
    await refused(town, town.officer, review, {"outcome": "rejected", "reason": canary.NAME})
    await done(town, town.officer, review, {"outcome": "rejected", "reason": "not-proven"})
    await _asked(town, corrected)


async def _split(town: Town, family: str, members: list[tuple[str, str]]) -> None:
    told = {
        "address": canary.SPLIT_ADDRESS,
        "bank_code": BANK,
        "account": canary.SPLIT_ACCOUNT,
        "phone": canary.SPLIT_PHONE,
    }
    founded = AMOUNTS | told | {"file_number": "T-0074"}
    named = [{"person_id": person, "relation": relation} for person, relation in members]
    body = {"kind": "split", "household_id": family, "reason": "reported", "members": named}
    await refused(
        town,
        town.clerk,
        CHANGES,
        body | {"founded": founded | {"account": f"{canary.SPLIT_ACCOUNT}x"}},
        body | {"founded": founded | {"phone": canary.SPLIT_ADDRESS}},
        body | {"founded": founded | {"address": f"{canary.SPLIT_ADDRESS}\n"}},
        body | {"founded": founded, "members": [{"person_id": canary.SON_IDENTITY, "relation": canary.SON}]},
    )
    await _asked(town, body | {"founded": founded})


async def _be_born(town: Town) -> None:
    of = town.made["household"]
    child = member(76, name=canary.CHILD, identity_number=canary.CHILD_IDENTITY, relation="41")
    body = {"kind": "birth", "household_id": of, "reason": "reported"}
    await refused(
        town,
        town.clerk,
        CHANGES,
        body | {"child": child | {"identity_number": canary.WRONG_IDENTITY}},
        body | {"child": child | {"name": f"{canary.CHILD}\n"}},
        body | {"child": child, "effective_on": "2019-01-01"},
        body | {"kind": "death", "person_id": canary.CHILD_IDENTITY},
        body | {"kind": canary.CHILD},
    )
    born = await _asked(town, body | {"child": child})
    await done(town, town.officer, f"{CHANGES}/{born}/undo", {})
    await _asked(town, body | {"child": child})


async def _move(town: Town, family: str) -> None:
    body = {
        "kind": "move",
        "household_id": family,
        "reason": "reported",
        "village_code": NEXT_VILLAGE,
        "address": canary.NEW_ADDRESS,
    }
    await refused(town, town.clerk, CHANGES, body | {"village_code": canary.NEW_ADDRESS})
    moved = (await done(town, town.clerk, CHANGES, body))["id"]
    await done(town, town.clerk, f"{CHANGES}/{moved}/rebasings", {})
    await done(town, town.clerk, f"{CHANGES}/{moved}/cancellations", {})


async def _take_for_one(town: Town, kept: str, dropped: str) -> None:
    path, body = f"{REGISTRY}/persons/merges", {"kept": kept, "dropped": dropped, "reason": "filed-twice"}
    await refused(
        town,
        town.clerk,
        path,
        body | {"reason": canary.NAME},
        body | {"dropped": kept},
        body | {"kept": canary.IDENTITY},
        body | {canary.NAME: canary.IDENTITY},
    )
    asked = (await done(town, town.clerk, path, body))["id"]
    await done(
        town, town.officer, f"{CHANGES}/{asked}/reviews", {"outcome": "rejected", "reason": "two-people"}
    )


async def _asked(town: Town, body: dict[str, Any]) -> str:
    """Ask for a change as the clerk, look at it and agree as the officer; return its id."""
    made = str((await done(town, town.clerk, CHANGES, body))["id"])
    shown = await seen(town, town.officer, f"{CHANGES}/{made}")
    assert canary.open_in(shown, canary.NUMBERS) == set(), "whoever reviews reads names, and numbers masked"
    await done(town, town.officer, f"{CHANGES}/{made}/reviews", {"outcome": "approved"})
    return made


async def _people(town: Town, household_id: str) -> list[str]:
    shown = await town.officer.get(f"{REGISTRY}/households/{household_id}")
    return [str(one["id"]) for one in shown["members"]]


async def assign_categories(town: Town) -> None:
    """Give the household a category by a document that names it; whoever may not see people does not read the document."""
    path = f"{REGISTRY}/households/{town.made['household']}/categories"
    body = {
        "category": "dibao",
        "from": "2026-01-02",
        "basis_document": f"{canary.NAME}低保通知（{canary.IDENTITY}）",
    }
    await refused(
        town, town.officer, path, body | {"category": canary.NAME}, body | {"from": canary.IDENTITY}
    )
    item = body | {"household_id": town.made["household"], "reference_id": f"{canary.NAME} {canary.IDENTITY}"}
    await done(town, town.officer, f"{REGISTRY}/categories/bulk", {"items": [item]})


async def look_for_people(town: Town) -> None:
    """Search by everything that is personal; households are found with names, people masked."""
    for asked in (
        {"name": canary.NAME},
        {"identity_number": canary.WIFE_IDENTITY},
        {"address": canary.ADDRESS, "name": canary.RENAMED},
    ):
        answer = await town.post(town.clerk, SEARCH, asked)
        assert len(answer.json()["items"]) == 1, answer.text
        assert canary.open_in(answer.content, (*canary.NUMBERS, canary.ADDRESS)) == set()
    await refused(
        town,
        town.clerk,
        SEARCH,
        {canary.NAME: canary.NAME},
        {"name": f"{canary.NAME}\n"},
        {"identity_number": canary.NAME},
    )
    await refused(town, town.clerk, SEARCH, {"name": canary.NAME, "cursor": canary.IDENTITY})
    await refused(town, town.people.auditor.api, SEARCH, {"name": canary.NAME})
    near = {
        "identity_number": canary.ELDER_IDENTITY,
        "name": canary.RENAMED,
        "address": canary.ADDRESS,
        "head_name": canary.RENAMED,
        "reason": "before filing",
    }
    found = await town.post(town.clerk, DUPLICATES, near)
    assert found.json()["items"], found.text
    assert canary.open_in(found.content) == set()
    assert canary.open_in(await seen(town, town.clerk, f"{REGISTRY}/duplicates")) == set()
    await refused(
        town,
        town.clerk,
        DUPLICATES,
        near | {"born_on": canary.IDENTITY},
        near | {"reason": f"{canary.NAME}\n"},
        near | {canary.IDENTITY: 1},
    )
