"""Whoever asks states what happened, never what follows from who asks and from the procedure (S3)."""

import dataclasses
from typing import Any

import pytest

from tests.services.registry.access.every import RECIPES
from tests.services.registry.access.world import World

# What no caller may say of a record: it follows from who asks and from the procedure.
NEVER_STATED: dict[str, Any] = {
    "status": "verified",
    "area_code": "532930102201",
    "approved_by": "somebody",
    "actor_id": "somebody",
    "version": 99,
}


@pytest.mark.parametrize("operation", sorted(RECIPES))
async def test_nobody_states_what_follows_from_the_procedure(world: World, operation: str) -> None:
    recipe = RECIPES[operation]
    place = world.county if recipe.of_county else world.east
    ask = await recipe.ask(world, place)
    if not isinstance(ask.json, dict) or recipe.lenient_because:
        return
    bodies = [ask.json | {name: value} for name, value in NEVER_STATED.items() if name not in ask.json]

    answers = [
        await world.send(dataclasses.replace(ask, json=body), recipe.roles[0], area=place.area)
        for body in bodies
    ]

    assert bodies
    assert [answer.status_code for answer in answers] == [422] * len(bodies)
