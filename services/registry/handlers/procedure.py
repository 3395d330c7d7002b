"""Who still keeps a register by hand: a village that no round has ever covered (存量接收); elsewhere the procedure decides."""

from collections.abc import Collection

from chassis.locks import hold, hold_from_here
from chassis.unit_of_work import UnitOfWork
from services.registry import rules
from services.registry.domain.errors.life_cycle import ProcedureRequired
from services.registry.store.round import ROUNDS, round_covers
from services.registry.store.row import COUNTY_DIGITS

PROCEDURE_REQUIRED = "procedure-required"


def keep_rounds(unit: UnitOfWork) -> UnitOfWork:
    """Return the unit, to be entered: no round is opened or closed here until it ends.

    So the snapshots of a round show either what held before the transaction or what holds after it, and whoever meets an
    open round meets its entries. Who waited for an opening or a closing acts after it, and is counted as what came after.
    """
    return hold(unit, _rounds_of(unit))


async def keep_rounds_from_here(unit: UnitOfWork) -> None:
    """Do the same for a transaction that looked at much before: nobody waited for that."""
    await hold_from_here(unit, _rounds_of(unit))


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


def _rounds_of(unit: UnitOfWork) -> str:
    return f"{ROUNDS}:{unit.principal.area[:COUNTY_DIGITS]}"
