"""Lists of other offices and whom they name, each scoped to an area inside the caller's."""

from typing import Any
from uuid import UUID

from chassis.crypto import Cipher
from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.registry.domain.cross_check import Resolution
from services.registry.schemas import cross_check as answer
from services.registry.store import cross_check as store
from services.registry.store.cross_check import HOLDING
from services.registry.store.sealed import open_detail
from services.registry.views import NAMES_ARE_SHOWN_TO

LISTS = """
SELECT l.id, l.area_code, l.kind, l.office, l.as_of, l.document_sha256, l.rows, l.persons, l.actor_id, l.imported_on,
    l.recorded_at, count(m.id) AS matches, count(DISTINCT m.household_id) AS households,
    count(m.id) FILTER (WHERE r.outcome IS NULL) AS open
FROM cross_check_list AS l
LEFT JOIN cross_check_match AS m ON m.list_id = l.id
LEFT JOIN cross_check_resolution AS r ON r.match_id = m.id AND r.number = 1
WHERE starts_with(l.area_code, $1) AND ($2::uuid IS NULL OR l.id = $2) AND ($3::text IS NULL OR l.kind = $3)
  AND ($4::uuid IS NULL OR l.id > $4)
GROUP BY l.id ORDER BY l.id LIMIT $5
"""
MATCHES = f"""
SELECT m.id, m.list_id, m.kind, m.household_id, m.person_id, m.area_code, m.rules_out, m.sealed, m.matched_on,
    coalesce(r.outcome, 'open') AS state, r.reason, r.actor_id AS resolved_by, r.resolved_on
FROM cross_check_match AS m {HOLDING}
WHERE starts_with(m.area_code, $1) AND ($2::uuid IS NULL OR m.list_id = $2) AND ($3::text IS NULL OR m.kind = $3)
  AND ($4::uuid IS NULL OR m.household_id = $4) AND ($5::text IS NULL OR coalesce(r.outcome, 'open') = $5)
  AND ($6::uuid IS NULL OR m.id > $6)
ORDER BY m.id LIMIT $7
"""  # noqa: S608


async def list_of(unit: UnitOfWork, list_id: UUID) -> answer.CrossCheckList:
    """Return a list with its counts."""
    found = await unit.driver.fetch(LISTS, unit.principal.area, list_id, None, None, 1)
    if not found:
        raise NotFound
    return _list(found[0])


async def list_lists(
    unit: UnitOfWork, *, kind: str | None, cursor: str | None, limit: int
) -> Page[answer.CrossCheckList]:
    """Return lists in the order they came."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(LISTS, unit.principal.area, None, kind, last, limit + 1)
    return page_of(found, limit, _list, lambda row: (row["id"],))


async def list_matches(
    unit: UnitOfWork,
    *,
    list_id: UUID | None,
    kind: str | None,
    household_id: UUID | None,
    state: str | None,
    cursor: str | None,
    limit: int,
) -> Page[answer.Match]:
    """Return matches in the order they were found."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(
        MATCHES, unit.principal.area, list_id, kind, household_id, state, last, limit + 1
    )
    history = await store.list_resolutions(unit.driver, [row["id"] for row in found])
    is_shown = not unit.principal.roles.isdisjoint(NAMES_ARE_SHOWN_TO)
    return page_of(
        found,
        limit,
        lambda row: _match(row, history.get(row["id"], []), unit.cipher, is_shown=is_shown),
        lambda row: (row["id"],),
    )


def resolved_of(resolution: Resolution) -> answer.Resolved:
    """Return what became of a match."""
    return answer.Resolved(
        match_id=resolution.match_id,
        number=resolution.number,
        outcome=resolution.outcome,
        reason=resolution.reason,
        resolved_by=resolution.actor_id,
        resolved_on=resolution.resolved_on,
        correction_reason=resolution.correction_reason,
    )


def _list(row: Any) -> answer.CrossCheckList:
    return answer.CrossCheckList(area=row["area_code"], **dict(row))


def _match(row: Any, history: list[Resolution], cipher: Cipher, *, is_shown: bool) -> answer.Match:
    detail = open_detail(cipher, row["sealed"]).detail if is_shown else None
    resolutions = [resolved_of(each) for each in history]
    return answer.Match(village_code=row["area_code"], detail=detail, history=resolutions, **dict(row))
