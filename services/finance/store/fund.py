"""Funds and the bank account each is kept in."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec

from chassis.unit_of_work import UnitOfWork
from services.finance.domain.errors import FundUnknown

INSERT = """
INSERT INTO fund (id, area_code, source, name, account, version, opened_by, opened_on, bank_client)
VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)
"""
LOCK = (
    "SELECT id, area_code, source, name, account, opened_on, bank_client FROM fund WHERE id = $1 FOR UPDATE"
)
EXISTS = "SELECT EXISTS (SELECT FROM fund WHERE id = $1)"
RAISE_VERSION = "UPDATE fund SET version = version + 1 WHERE id = $1 RETURNING version"


class DebtorAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The public account that payments leave."""

    holder: str
    number: str
    bank_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """Money of one source."""

    id: UUID
    area_code: str
    source: str
    name: str
    opened_on: date
    bank_client: str | None = None


async def add_fund(unit: UnitOfWork, fund: Fund, account: DebtorAccount) -> None:
    """Keep a new fund, its account encrypted."""
    sealed = unit.cipher.encrypt(msgspec.json.encode(account))
    await unit.driver.execute(
        INSERT,
        fund.id,
        fund.area_code,
        fund.source,
        fund.name,
        sealed,
        unit.principal.actor_id,
        fund.opened_on,
        fund.bank_client,
    )


async def lock_fund(unit: UnitOfWork, fund_id: UUID) -> tuple[Fund, bytes]:
    """Return a fund and its sealed account, and hold it: the fund's lock orders everything in its journal."""
    row = await unit.driver.fetchrow(LOCK, fund_id)
    if row is None:
        raise FundUnknown
    fund = Fund(
        id=row["id"],
        area_code=row["area_code"],
        source=row["source"],
        name=row["name"],
        opened_on=row["opened_on"],
        bank_client=row["bank_client"],
    )
    return fund, row["account"]


async def require_fund(unit: UnitOfWork, fund_id: UUID) -> None:
    """Refuse a fund that there is not."""
    if not await unit.driver.fetchval(EXISTS, fund_id):
        raise FundUnknown(pointer="/fund_id")


async def next_version(unit: UnitOfWork, fund_id: UUID) -> int:
    """Return the number of the next fact about a fund."""
    version = await unit.driver.fetchval(RAISE_VERSION, fund_id)
    return int(version)
