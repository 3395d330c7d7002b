"""What is read of change requests: where each stands, what stands against it, and what it asks for, masked."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.registry.domain.change_request import SUBMITTED, ChangeRequest, Rival
from services.registry.domain.mask import mask_identity, mask_tail
from services.registry.schemas import change as form
from services.registry.schemas.change_answer import (
    ChangeShown,
    ChangeSummary,
    ListedChange,
    TouchedHousehold,
)
from services.registry.store import change_request as store

VERSIONS = "SELECT id, version FROM household WHERE id = ANY($1)"
MASKS: Mapping[str, Callable[[str], str | None]] = {
    "identity_number": mask_identity,
    "account": mask_tail,
    "phone": lambda value: mask_tail(value, 2),
}


async def list_changes(
    unit: UnitOfWork, *, state: str | None, household_id: UUID | None, cursor: str | None, limit: int
) -> Page[ListedChange]:
    """Return change requests in the order of their submission."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await store.list_requests(
        unit.driver,
        area=unit.principal.area,
        state=state,
        household_id=household_id,
        after=last,
        limit=limit + 1,
    )
    return page_of(found, limit, lambda one: ListedChange(**_listed(one)), lambda one: (one.id,))


async def show_change(unit: UnitOfWork, request_id: UUID) -> ChangeShown:
    """Return one change request with what it asks for."""
    request = await store.find_request(unit.driver, request_id, area=unit.principal.area)
    if request is None:
        raise NotFound
    summary = await summary_of(unit, request)
    asked = form.shown(form.read(unit.cipher.decrypt(request.sealed)))
    return ChangeShown(**dict(summary), asked=masked(asked))


async def summary_of(unit: UnitOfWork, request: ChangeRequest) -> ChangeSummary:
    """Return where a change request stands."""
    touched = await store.list_touched(unit.driver, request.id)
    is_open = request.state == SUBMITTED
    rivals = await rivals_of(unit, request.id) if is_open else []
    rows = await unit.driver.fetch(VERSIONS, [each.household_id for each in touched])
    versions = {row["id"]: row["version"] for row in rows}
    is_near = unit.principal.area
    return ChangeSummary(
        **_listed(request),
        households=[
            TouchedHousehold(
                household_id=each.household_id, version=each.version, applied_version=each.applied_version
            )
            for each in touched
        ],
        is_stale=is_open and any(versions.get(each.household_id) != each.version for each in touched),
        conflicts_with=[rival.id for rival in rivals if rival.village_code.startswith(is_near)],
        conflicts_elsewhere=any(not rival.village_code.startswith(is_near) for rival in rivals),
        yields_to=list(request.yields_to),
    )


async def rivals_of(unit: UnitOfWork, request_id: UUID) -> list[Rival]:
    """Return the other open requests that touch a household or person of this one, wherever they were written."""
    return await store.list_rivals(
        unit.driver,
        request_id,
        households=[each.household_id for each in await store.list_touched(unit.driver, request_id)],
        people=await store.list_concerned(unit.driver, request_id),
        area=unit.principal.area,
    )


def masked(asked: Any) -> Any:
    """Return what a request asks for with every number that identifies masked, however deep it stands."""
    if isinstance(asked, Mapping):
        return {
            name: MASKS[name](value) if name in MASKS and value is not None else masked(value)
            for name, value in asked.items()
        }
    return [masked(each) for each in asked] if isinstance(asked, list) else asked


def _listed(request: ChangeRequest) -> dict[str, Any]:
    return {name: getattr(request, name) for name in ListedChange.model_fields}
