"""Sites, allocations and the stages of every new house."""

from collections.abc import Iterable
from typing import Any

from cli.demo.bulk import send_all
from cli.demo.world import World
from cli.sample.step import CalendarStep

STAGES = "/relocation/v1/stages/bulk"
CHECKS = ("kitchen_inside", "bathroom_inside", "animals_separate", "structure_safe", "water", "power")
# The allocation may overtake the registration on its way to relocation.
UNHEARD = ("household-unknown", "household-not-on-register")


async def register_sites(world: World, _: CalendarStep) -> None:
    """Register every site with its planned households and persons."""
    for site in world.plan.sites:
        made = await world.officer.post(
            "/relocation/v1/sites",
            {
                "name": site.name,
                "kind": site.kind.value,
                "area_code": site.village_code,
                "planned_households": site.planned_households,
                "planned_persons": site.planned_persons,
            },
        )
        world.sites[site.key] = made["id"]


async def allocate_households(world: World, _: CalendarStep) -> None:
    """Give every relocated household its one house."""
    items = [
        {
            "household_id": world.households[house.file_number],
            "site_id": world.sites[house.site_key],
            "floor_area_m2": str(house.planned_area_m2),
        }
        for house in world.plan.houses
    ]
    results = await send_all(world.officer, "/relocation/v1/allocations/bulk", items, again=UNHEARD)
    for house, result in zip(world.plan.houses, results, strict=True):
        world.houses[house.file_number] = result["house_id"]


async def start_houses(world: World, step: CalendarStep) -> None:
    """Record houses started."""
    await send_all(world.officer, STAGES, _items(world, step.refs, stage="started"))


async def top_out_houses(world: World, step: CalendarStep) -> None:
    """Record houses topped out."""
    await send_all(world.officer, STAGES, _items(world, step.refs, stage="topped-out"))


async def complete_houses(world: World, step: CalendarStep) -> None:
    """Record houses completed, each with the area that was measured."""
    items = [
        {**item, "floor_area_m2": str(world.house[number].floor_area_m2)}
        for number, item in zip(step.refs, _items(world, step.refs, stage="completed"), strict=True)
    ]
    await send_all(world.officer, STAGES, items)


async def accept_houses(world: World, step: CalendarStep) -> None:
    """Accept houses where every check holds."""
    found = dict.fromkeys(CHECKS, True)
    await send_all(world.officer, "/relocation/v1/acceptances/bulk", _items(world, step.refs, **found))


async def move_in(world: World, step: CalendarStep) -> None:
    """Record that households moved in."""
    await send_all(world.officer, "/relocation/v1/moves/bulk", _items(world, step.refs))


async def correct_stages(world: World, step: CalendarStep) -> None:
    """Date completions again that were recorded wrongly."""
    for number in step.refs:
        await world.officer.post(
            f"/relocation/v1/houses/{world.houses[number]}/stage-corrections",
            {
                "stage": "completed",
                "on": str(world.house[number].corrected_completed_on),
                "reason": "date-misread",
            },
        )


def _items(world: World, numbers: Iterable[str], **what: Any) -> list[dict[str, Any]]:
    return [{"house_id": world.houses[number], **what} for number in numbers]
