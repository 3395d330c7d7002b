"""Divisions and households enter by their files, households as candidates."""

from cli.commands.register import import_divisions, import_households
from cli.demo.world import World
from cli.sample.division import division_bytes
from cli.sample.step import CalendarStep
from contracts.values import CANDIDATE


async def enter_divisions(world: World, _: CalendarStep) -> None:
    """Import the county's division file."""
    await import_divisions(world.officer, division_bytes(world.plan.county))


async def enter_households(world: World, _: CalendarStep) -> None:
    """Import the household workbook and learn the ids that the register gave."""
    await import_households(world.officer, world.workbook, standing=CANDIDATE)
    async for household in world.officer.pages("/registry/v1/households"):
        world.households[household["file_number"]] = household["id"]


async def on_register(world: World) -> int:
    """Return how many households subsidy knows to be on the register."""
    figures = await world.officer.get("/subsidy/v1/statistics")
    return int(figures["floor"]["households_on_register"])
