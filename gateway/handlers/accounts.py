"""Making and changing accounts; a one-time password is shown once and stored only as its hash."""

from collections.abc import Sequence
from uuid import UUID

from chassis.answers import Answer, answer
from chassis.errors import StaleVersion
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from gateway.domain.accounts import check_staff_roles, is_last_administrator
from gateway.domain.errors import AreaOutsideYours, LastAdministrator
from gateway.identity.passwords import hash_one_time, new_one_time_password
from gateway.schemas import AccountChange, AccountDraft, AccountShown, OneTimePassword
from gateway.state import Gateway
from gateway.store import accounts as account_store
from gateway.store import sessions as session_store
from gateway.store import upkeep as upkeep_store

FIRST_ADMINISTRATOR = "administrator"


def shown(account: account_store.Account) -> AccountShown:
    """Return what may be seen of an account."""
    return AccountShown(
        id=account.id,
        name=account.name,
        roles=sorted(account.roles),
        area=account.area,
        is_active=account.is_active,
        must_change_password=account.password_is_one_time,
        created_at=account.created_at,
        version=account.version,
    )


async def open_account(draft: AccountDraft, unit: UnitOfWork) -> Answer:
    """Make an account; a repeated request gets it again, but never its one-time password."""
    unit.require(roles.ADMINISTRATOR)
    check_staff_roles(draft.roles)
    _require_inside(unit, draft.area)
    one_time = new_one_time_password()
    async with unit:
        account = account_store.Account(
            id=new_id(),
            name=draft.name,
            area=draft.area,
            password_hash=hash_one_time(one_time),
            password_is_one_time=True,
            is_active=True,
            version=1,
            created_at=unit.now,
            roles=tuple(draft.roles),
        )
        await account_store.add_account(unit.connection, account)
        await upkeep_store.note_change(
            unit, "account-opened", account.id, roles=sorted(draft.roles), area=draft.area
        )
        location = f"/gateway/v1/accounts/{account.id}"
        unit.answer(shown(account), status=201, etag=1, location=location)
    # Answered outside the unit, so that the password is not among the answers stored for replay.
    body = shown(account).model_copy(update={"one_time_password": one_time})
    return answer(body, status=201, etag=1, location=location)


async def change_account(
    account_id: UUID, change: AccountChange, unit: UnitOfWork, gateway: Gateway, *, expected: int
) -> Answer:
    """Give an account other roles, another area, or close it; its sessions end."""
    unit.require(roles.ADMINISTRATOR)
    check_staff_roles(change.roles)
    _require_inside(unit, change.area)
    async with unit:
        areas = await account_store.areas_of_administrators(unit.connection)
        account = await account_store.load_account(unit.connection, account_id)
        unit.require_area(account.area)
        if account.version != expected:
            raise StaleVersion
        was = account.is_active and roles.ADMINISTRATOR in account.roles
        stays = (
            change.is_active and roles.ADMINISTRATOR in change.roles and account.area.startswith(change.area)
        )
        if was and not stays and is_last_administrator(account.area, areas):
            raise LastAdministrator
        changed = account._replace(roles=tuple(change.roles), area=change.area, is_active=change.is_active)
        await account_store.save_account(unit.connection, changed)
        await session_store.end_sessions_of(unit.connection, account.id, unit.now)
        await upkeep_store.note_change(
            unit,
            "account-changed",
            account.id,
            before=_trace(account.roles, account.area, account.is_active),
            after=_trace(change.roles, change.area, change.is_active),
        )
        made = unit.answer(shown(changed._replace(version=expected + 1)), etag=expected + 1)
    gateway.sessions.forget_holder(str(account_id))
    return made


async def reset_password(account_id: UUID, unit: UnitOfWork, gateway: Gateway) -> Answer:
    """Give an account a new one-time password; its sessions end."""
    unit.require(roles.ADMINISTRATOR)
    one_time = new_one_time_password()
    async with unit:
        account = await account_store.load_account(unit.connection, account_id)
        unit.require_area(account.area)
        await account_store.save_account(
            unit.connection,
            account._replace(password_hash=hash_one_time(one_time), password_is_one_time=True),
        )
        await session_store.end_sessions_of(unit.connection, account.id, unit.now)
        await session_store.forget_guesses(unit.connection, unit.cipher.keyed_hash(account.name))
        await upkeep_store.note_change(unit, "password-reset", account.id)
        unit.answer(OneTimePassword(one_time_password=None))
    gateway.sessions.forget_holder(str(account_id))
    return answer(OneTimePassword(one_time_password=one_time))


async def ensure_administrator(gateway: Gateway) -> None:
    """Make the first administrator of a new installation, with the one-time password of the data folder."""
    one_time = gateway.secrets.administrator_password()
    if one_time is None:
        return
    async with gateway.unit(read_only=True) as unit:
        if await account_store.has_accounts(unit.connection):
            return
    # Argon2id, as for a password that a person chose: an operator may have laid the file there.
    password_hash = await gateway.passwords.hash(one_time)
    unit = gateway.unit()
    async with unit:
        account = account_store.Account(
            id=new_id(),
            name=FIRST_ADMINISTRATOR,
            area="",
            password_hash=password_hash,
            password_is_one_time=True,
            is_active=True,
            version=1,
            created_at=unit.now,
            roles=(roles.ADMINISTRATOR,),
        )
        if await account_store.claim_first_account(unit.connection):
            await account_store.add_account(unit.connection, account)
            await upkeep_store.note_change(
                unit, "account-opened", account.id, roles=[roles.ADMINISTRATOR], area=""
            )


def _require_inside(unit: UnitOfWork, area: str) -> None:
    if not area.startswith(unit.principal.area):
        raise AreaOutsideYours(pointer="/area")


def _trace(held: Sequence[str], area: str, is_active: bool) -> dict[str, object]:
    return {"roles": sorted(held), "area": area, "is_active": is_active}
