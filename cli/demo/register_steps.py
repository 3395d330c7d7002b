"""Divisions and households enter by their files; households are verified in bulk; one leaves and comes back."""

from cli.commands.register import import_divisions, import_households
from cli.demo.bulk import send_all, until
from cli.demo.world import World
from cli.sample.division import division_bytes
from cli.sample.plan import CalendarStep


async def enter_divisions(world: World, _: CalendarStep) -> None:
    """Import the county's division file."""
    await import_divisions(world.officer, division_bytes(world.plan.county))


async def enter_households(world: World, _: CalendarStep) -> None:
    """Import the household workbook and learn the ids that the register gave."""
    await import_households(world.officer, world.workbook)
    async for household in world.officer.pages("/registry/v1/households"):
        world.households[household["file_number"]] = household["id"]
        world.villages[household["file_number"]] = household["village_code"]


async def verify_households(world: World, _: CalendarStep) -> None:
    """Verify every household, and wait until the services that pay and build know all of them."""
    items = [{"household_id": household_id} for household_id in world.households.values()]
    await send_all(world.officer, "/registry/v1/verifications/bulk", items)

    async def known() -> bool:
        return await on_register(world) == len(items)

    await until("subsidy to hear of every household", known)


async def on_register(world: World) -> int:
    """Return how many households subsidy knows to be on the register."""
    figures = await world.officer.get("/subsidy/v1/statistics")
    return int(figures["floor"]["households_on_register"])


async def leave(world: World, step: CalendarStep) -> None:
    """Let households leave the register, and wait until subsidy has heard of it: money is on its way to them."""
    await _move(world, step, "exits", {"reason": "income-above-line"}, change=-len(step.refs))


async def come_back(world: World, step: CalendarStep) -> None:
    """Let households come back to the register."""
    await _move(world, step, "returns", {"reason": "fell-back"}, change=len(step.refs))


async def _move(world: World, step: CalendarStep, what: str, body: dict[str, str], *, change: int) -> None:
    before = await on_register(world)
    for number in step.refs:
        await world.officer.post(f"/registry/v1/households/{world.households[number]}/{what}", body)

    async def heard() -> bool:
        return await on_register(world) == before + change

    await until(f"subsidy to hear of {what}", heard)
