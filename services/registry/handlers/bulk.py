"""Requests of many items: each has its result, and with `atomic` one refusal refuses all."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import FieldError, Refusal
from services.registry.domain.errors.register import BulkRefused
from services.registry.schemas.answer import ItemResult

MAX_ERRORS = 100


def count_refused(outcomes: Sequence[object], *, atomic: bool) -> int:
    """Return how many items were refused; BulkRefused when one was and all hang together."""
    refused = {index: outcome for index, outcome in enumerate(outcomes) if isinstance(outcome, Refusal)}
    if refused and atomic:
        raise BulkRefused(
            errors=[
                FieldError(f"/items/{index}{refusal.pointer or ''}", refusal.code, refusal.message)
                for index, refusal in list(refused.items())[:MAX_ERRORS]
            ]
        )
    return len(refused)


def refused_item(index: int, household_id: UUID, reference_id: str | None, refusal: Refusal) -> ItemResult:
    """Return the result of an item that was refused."""
    return ItemResult(
        index=index,
        reference_id=reference_id,
        outcome="refused",
        household_id=household_id,
        code=refusal.code,
        message=refusal.message,
        pointer=f"/items/{index}{refusal.pointer or ''}",
    )


def done_item(
    index: int, household_id: UUID, reference_id: str | None, *, version: int | None = None
) -> ItemResult:
    """Return the result of an item that was done."""
    return ItemResult(
        index=index, reference_id=reference_id, outcome="done", household_id=household_id, version=version
    )
