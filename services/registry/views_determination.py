"""Determinations as they are read."""

from uuid import UUID

from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.registry.schemas import determination as answer

# A village reads what was determined above it, the county what was determined below.
LIST = """
SELECT id, round_id, determination, area, determined_on, document, confirmed, turned_down, sent_back, actor_id,
    recorded_at
FROM determination
WHERE round_id = $1 AND (starts_with(area, $2) OR starts_with($2, area)) AND ($3::text IS NULL OR determination = $3)
  AND ($4::uuid IS NULL OR id > $4)
ORDER BY id LIMIT $5
"""


async def list_determinations(
    unit: UnitOfWork, round_id: UUID, *, determination: str | None, cursor: str | None, limit: int
) -> Page[answer.Determination]:
    """Return the determinations of a round over the caller's area, in it, or around it."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(LIST, round_id, unit.principal.area, determination, last, limit + 1)
    return page_of(found, limit, lambda row: answer.Determination(**dict(row)), lambda row: (row["id"],))
