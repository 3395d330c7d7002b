"""Payees, asked of the registry before any transaction is open: a slow registry must not hold our locks."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from chassis.errors import TimedOut, Unavailable
from chassis.unit_of_work import UnitOfWork
from services.finance.domain.errors import PayeesUnavailable
from services.finance.store.batch import Payee

PATH = "/registry/v1/payees/resolve"
CHUNK = 1_000
OK = 200


class ResolvedPayee(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the registry; more members may be added to it, and a household may have no account yet."""

    household_id: UUID
    name: str
    account: str | None
    bank_code: str | None


class ResolvedPayees(msgspec.Struct, frozen=True, kw_only=True):
    """The registry's answer."""

    items: list[ResolvedPayee]


async def resolve_payees(unit: UnitOfWork, households: Sequence[UUID]) -> dict[UUID, Payee | None]:
    """Return the payee of each household as of today, None where the register has no complete one."""
    payees: dict[UUID, Payee | None] = dict.fromkeys(households)
    for start in range(0, len(households), CHUNK):
        chunk = households[start : start + CHUNK]
        payees.update(await _ask(unit, chunk))
    return payees


async def _ask(unit: UnitOfWork, households: Sequence[UUID]) -> dict[UUID, Payee]:
    question = {"household_ids": [str(household) for household in households], "purpose": "payment"}
    try:
        status, body = await unit.peers.request(
            "registry", "POST", PATH, json=question, token=unit.principal.token
        )
    except (Unavailable, TimedOut) as lost:
        raise PayeesUnavailable from lost
    except msgspec.DecodeError as broken:
        raise PayeesUnavailable from broken
    if status != OK:
        raise PayeesUnavailable
    try:
        answer = msgspec.convert(body, ResolvedPayees)
    except msgspec.ValidationError:
        # The cause would quote the answer, which holds names and accounts.
        raise PayeesUnavailable from None
    return {
        item.household_id: Payee(name=item.name, account=item.account, bank_code=item.bank_code)
        for item in answer.items
        if item.account and item.bank_code
    }
