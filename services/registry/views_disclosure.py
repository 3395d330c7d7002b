"""What auditors read of disclosures: who was shown what, newest first."""

from uuid import UUID

from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.registry.schemas.partner import Disclosure

LIST = """
SELECT id, kind, area_code, actor_id, reason, asked_for, subject_id, items, recorded_at FROM disclosure
WHERE starts_with(area_code, $1) AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR actor_id = $3)
  AND ($4::uuid IS NULL OR subject_id = $4) AND ($5::uuid IS NULL OR id < $5)
ORDER BY id DESC LIMIT $6
"""


async def list_disclosures(
    unit: UnitOfWork,
    *,
    kind: str | None,
    actor: str | None,
    subject_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> Page[Disclosure]:
    """Return disclosures in the caller's area."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(LIST, unit.principal.area, kind, actor, subject_id, last, limit + 1)
    return page_of(found, limit, lambda row: Disclosure(**dict(row)), lambda row: (row["id"],))
