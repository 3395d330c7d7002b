"""Who still keeps a register by hand: a village that no round has ever covered (存量接收); elsewhere the procedure decides."""

from collections.abc import Collection

from chassis.unit_of_work import UnitOfWork
from services.registry import rules
from services.registry.domain.errors.life_cycle import ProcedureRequired
from services.registry.store.round import hold_rounds, round_covers
from services.registry.store.row import COUNTY_DIGITS

PROCEDURE_REQUIRED = "procedure-required"


async def keep_rounds(unit: UnitOfWork) -> None:
    """Let no round be opened or closed here until the transaction ends: its snapshots show either what held before the
    transaction or what holds after it, and whoever meets an open round meets its entries.

    Call it before anything is locked, since an opening waits for households that it enters.
    """
    await hold_rounds(unit.driver, unit.principal.area)
    # Who waited for an opening or a closing acts after it, and is counted as what came after it.
    unit.now = unit.runtime.clock.now()


async def procedure_required(
    unit: UnitOfWork, village_codes: Collection[str]
) -> dict[str, ProcedureRequired]:
    """Return the refusal of a direct command for each of the villages that a round covers; see `keep_rounds`."""
    covered = await round_covers(unit.driver, village_codes)
    if not covered:
        return {}
    packs = await rules.packs_in_force(unit.driver, unit.today, areas=covered)
    return {
        code: ProcedureRequired(
            f"A round covers village {code}: households come onto the register, are verified and leave it by the procedure.",
            rule=PROCEDURE_REQUIRED,
            basis=packs[code[:COUNTY_DIGITS]].basis(PROCEDURE_REQUIRED),
        )
        for code in covered
    }
