"""One demo from a fresh folder to its verdict, on a platform that is already running."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from cli.demo.barrier import Barrier
from cli.demo.observe import observed_figures, open_findings
from cli.demo.people import TOWNSHIP_DIGITS, People, invite
from cli.demo.platform import DemoPlatform
from cli.demo.play import Report, play
from cli.demo.verdict import Verdict, compare_findings
from cli.demo.world import World
from cli.sample.county import County
from cli.sample.draft import to_drafts
from cli.sample.figures import compare, expected_figures
from cli.sample.generate import generate
from cli.sample.plan import SamplePlan
from cli.sample.schedule import FLOOR_CHECKED_ON

PURPOSE = "premium-subsidy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The plan to play, with the household workbook that any county would hand in."""

    plan: SamplePlan
    workbook: bytes


def write_script(county: County, seed: int) -> Script:
    """Generate a sample county and its workbook; this takes seconds and needs no platform."""
    from services.registry.workbook.export import export_households

    plan = generate(county, seed)
    return Script(plan=plan, workbook=export_households(to_drafts(plan.filed)))


async def run_demo(
    platform: DemoPlatform, script: Script, *, report: Report, say: Callable[[str], None]
) -> tuple[World, Verdict]:
    """Play the script on the platform and return what came of it."""
    plan = script.plan
    async with AsyncExitStack() as stack:
        barrier = Barrier(platform.database)
        stack.push_async_callback(barrier.close)
        say("opening an account for every role")
        people = await _people(stack, platform, plan)
        world = World(plan=plan, workbook=script.workbook, people=people)

        async def settled() -> None:
            platform.fleet.check()
            await barrier.wait()

        await play(world, settled=settled, report=report)
        say("asking the insurer's question")
        await ask_as_insurer(world)
        say("reading the figures")
        findings = await open_findings(world.officer)
        observed = await observed_figures(world, findings)
    verdict = Verdict(
        figures=compare(expected_figures(plan), observed),
        findings=compare_findings(world, findings),
        gates=tuple(world.gates),
    )
    return world, verdict


async def ask_as_insurer(world: World) -> None:
    """Ask, as an insurer would, whether one person is on the register; nothing but yes and a category comes back."""
    insurer = await world.people.insurer.visit()
    person = world.plan.households[0].head
    question = {"identity_number": person.id_number, "on": str(FLOOR_CHECKED_ON), "purpose": PURPOSE}
    world.answers |= await insurer.post("/gateway/v1/eligibility-checks", question)


async def _people(stack: AsyncExitStack, platform: DemoPlatform, plan: SamplePlan) -> People:
    towns = sorted(one.code[:TOWNSHIP_DIGITS] for one in plan.divisions if one.level == "township")
    return await invite(stack, platform.address, platform.data, county=plan.county.code[:6], towns=towns)
