"""Who still keeps a register by hand: a village that no round has ever covered (存量接收); elsewhere the procedure decides."""

from collections.abc import Collection

from chassis.unit_of_work import UnitOfWork
from services.registry import rules
from services.registry.domain.errors.life_cycle import ProcedureRequired
from services.registry.store.round import round_covers

PROCEDURE_REQUIRED = "procedure-required"


async def procedure_required(
    unit: UnitOfWork, village_codes: Collection[str]
) -> dict[str, ProcedureRequired]:
    """Return the refusal of a direct command for each of the villages that a round covers."""
    covered = await round_covers(unit.driver, village_codes)
    if not covered:
        return {}
    pack = await rules.pack_in_force(unit.driver, unit.today, area=min(covered))
    basis = pack.basis(PROCEDURE_REQUIRED)
    return {
        code: ProcedureRequired(
            f"A round covers village {code}: households come onto the register, are verified and leave it by the procedure.",
            rule=PROCEDURE_REQUIRED,
            basis=basis,
        )
        for code in covered
    }
