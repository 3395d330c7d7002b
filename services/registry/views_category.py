"""A household's categories as periods, told from its versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.registry.domain.category import periods
from services.registry.schemas import category as answer
from services.registry.views import NAMES_ARE_SHOWN_TO
from services.registry.workbook.codes import DISABLED

VERSIONS = """
SELECT v.version, v.valid_from, v.moved_out, v.category, v.recorded_at, c.sealed,
    (SELECT count(*) FROM member_version AS m
     WHERE m.household_id = v.household_id AND m.version = v.version AND m.health = $4)::int AS disabled
FROM household_version AS v LEFT JOIN household_category AS c USING (household_id, version)
WHERE v.household_id = $1 AND starts_with(v.area_code, $2) AND ($3::timestamptz IS NULL OR v.recorded_at < $3)
ORDER BY v.version, v.moved_out DESC
"""
IS_VISIBLE = "SELECT 1 FROM household WHERE id = $1 AND starts_with(area_code, $2)"


async def show_categories(
    unit: UnitOfWork, household_id: UUID, *, recorded_before: datetime | None
) -> answer.Categories:
    """Return when a household had which category, and how many disabled people."""
    area = unit.principal.area
    if not await unit.driver.fetchval(IS_VISIBLE, household_id, area):
        raise NotFound
    found = await unit.driver.fetch(VERSIONS, household_id, area, recorded_before, DISABLED)
    spoken = [(row["valid_from"], row) for row in found]
    is_shown = not unit.principal.roles.isdisjoint(NAMES_ARE_SHOWN_TO)
    return answer.Categories(
        household_id=household_id,
        recorded_before=recorded_before,
        categories=[
            answer.CategoryPeriod(
                category=row["category"],
                valid_from=period.valid_from,
                valid_to=period.valid_to,
                version=row["version"],
                basis_document=_basis(unit, row) if is_shown else None,
                recorded_at=row["recorded_at"],
            )
            for period, row in periods(spoken, lambda row: (row["moved_out"], row["category"]))
            if not row["moved_out"]
        ],
        disabled=[
            answer.DisabilityPeriod(
                persons=row["disabled"], valid_from=period.valid_from, valid_to=period.valid_to
            )
            for period, row in periods(spoken, lambda row: (row["moved_out"], row["disabled"]))
            if row["disabled"] and not row["moved_out"]
        ],
    )


def _basis(unit: UnitOfWork, row: Any) -> str | None:
    return None if row["sealed"] is None else unit.cipher.decrypt(row["sealed"])
