"""Accounts of the office's people; for administrators."""

from uuid import UUID

from fastapi import APIRouter, status
from starlette.responses import Response

from chassis.http import CommandUnit, ExpectedVersion, QueryUnit
from chassis.pagination import CursorParam, Limit, Page, decode_cursor, page_of
from contracts import roles
from gateway.handlers import accounts
from gateway.schemas import AccountChange, AccountDraft, AccountShown, OneTimePassword
from gateway.state import AGateway
from gateway.store import accounts as account_store

router = APIRouter(prefix="/gateway/v1/accounts", tags=["accounts"])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountShown)
async def open_account(draft: AccountDraft, unit: CommandUnit) -> Response:
    """Make an account. The answer shows its one-time password, once."""
    return await accounts.open_account(draft, unit)


@router.get("")
async def list_accounts(unit: QueryUnit, limit: Limit = 50, cursor: CursorParam = None) -> Page[AccountShown]:
    """List the accounts of your area by name."""
    unit.require(roles.ADMINISTRATOR, roles.AUDITOR)
    after = decode_cursor(cursor, str) or ("",)
    async with unit:
        rows = await account_store.list_accounts(
            unit.connection, area=unit.principal.area, after=after[0], limit=limit + 1
        )
    return page_of(rows, limit, accounts.shown, lambda row: (row.name,))


@router.put("/{account_id}", response_model=AccountShown)
async def change_account(
    account_id: UUID, change: AccountChange, expected: ExpectedVersion, unit: CommandUnit, gateway: AGateway
) -> Response:
    """Replace an account's roles, area and state; its open sessions end."""
    return await accounts.change_account(account_id, change, unit, gateway, expected=expected)


@router.post("/{account_id}/password-resets", response_model=OneTimePassword)
async def reset_password(account_id: UUID, unit: CommandUnit, gateway: AGateway) -> Response:
    """Give an account a new one-time password; its open sessions end."""
    return await accounts.reset_password(account_id, unit, gateway)
