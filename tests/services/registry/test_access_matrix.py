"""Every operation by every role from its own area, another one and the one above: nothing leaks (S1, BOLA).

A new operation fails here until it has a recipe in `tests/services/registry/access/`.
"""

import dataclasses

import pytest

from contracts import roles
from tests.services.registry.access.check import faults_of
from tests.services.registry.access.every import RECIPES, operations
from tests.services.registry.access.recipe import Recipe, listing
from tests.services.registry.access.world import World

OPERATIONS = operations()


def test_every_operation_has_a_recipe_and_every_recipe_an_operation() -> None:
    assert sorted(RECIPES) == OPERATIONS


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one in RECIPES])
async def test_an_operation_leaks_nothing(world: World, operation: str) -> None:
    assert await faults_of(world, RECIPES[operation]) == []


async def test_a_role_too_many_is_found(world: World) -> None:
    too_narrow = dataclasses.replace(RECIPES["GET /households"], roles=(roles.CLERK,))

    faults = await faults_of(world, too_narrow)

    assert any(fault.startswith(roles.AUDITOR) for fault in faults)


async def test_a_list_that_shows_another_area_is_found(world: World) -> None:
    leaking = dataclasses.replace(
        listing("/households", roles.CLERK), ask=RECIPES["GET /households/{household_id}"].ask, is_list=True
    )
    world.west = dataclasses.replace(world.west, area=world.east.area)

    faults = await faults_of(world, leaking)

    assert any("learned" in fault for fault in faults)


async def test_a_recipe_for_nothing_is_found(world: World) -> None:
    empty: Recipe = listing("/households?status=exited", roles.CLERK)

    faults = await faults_of(world, dataclasses.replace(empty, roles=(roles.CLERK,)))

    assert any(fault.startswith("clerk at home") for fault in faults)
