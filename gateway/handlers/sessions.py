"""Logging in and out, and changing one's password; every guess is counted before it is checked."""

from datetime import timedelta

import structlog

from chassis.crypto import fingerprint
from gateway.domain.accounts import check_password
from gateway.domain.errors import (
    PasswordChangeRequired,
    PasswordUnchanged,
    TooManyGuesses,
    WrongNameOrPassword,
)
from gateway.handlers.accounts import FIRST_ADMINISTRATOR
from gateway.identity.sessions import Identity, new_token
from gateway.schemas import Login, PasswordChange, SessionOpened
from gateway.state import Gateway
from gateway.store import accounts as account_store
from gateway.store import sessions as session_store
from gateway.store import upkeep as upkeep_store

log = structlog.get_logger("tuopin.identity")


async def log_in(login: Login, gateway: Gateway) -> SessionOpened:
    """Open a session for a right name and password."""
    account = await _prove(login.name, login.password, gateway)
    if account.password_is_one_time:
        raise PasswordChangeRequired
    token = new_token()
    unit = gateway.unit()
    expires_at = unit.now + gateway.settings.session_life
    async with unit:
        # The password was proved outside: whoever reset it meanwhile has ended the sessions that there were.
        if not await account_store.holds_still(unit.connection, account):
            raise WrongNameOrPassword
        await session_store.forget_guesses(unit.connection, unit.cipher.keyed_hash(login.name))
        session_id = await session_store.add_session(
            unit.connection,
            fingerprint(token.encode()),
            account_id=account.id,
            created_at=unit.now,
            expires_at=expires_at,
        )
    log.info("session opened", actor=str(account.id), session=str(session_id))
    return SessionOpened(
        token=token,
        expires_at=expires_at,
        account_id=account.id,
        roles=sorted(account.roles),
        area=account.area,
    )


async def log_out(identity: Identity, gateway: Gateway) -> None:
    """End the session that asks for it."""
    async with gateway.unit() as unit:
        await session_store.end_session(unit.connection, identity.token_hash, unit.now)
    gateway.sessions.forget(identity.token_hash)
    log.info("session closed", actor=identity.actor_id)


async def change_password(change: PasswordChange, gateway: Gateway) -> None:
    """Replace a password by one's own; every session of the account ends."""
    account = await _prove(change.name, change.current_password, gateway)
    check_password(change.new_password, name=account.name)
    if change.new_password == change.current_password:
        raise PasswordUnchanged(pointer="/new_password")
    password_hash = await gateway.passwords.hash(change.new_password)
    async with gateway.unit() as unit:
        await account_store.save_account(
            unit.connection,
            account._replace(password_hash=password_hash, password_is_one_time=False),
        )
        await session_store.end_sessions_of(unit.connection, account.id, unit.now)
        await session_store.forget_guesses(unit.connection, unit.cipher.keyed_hash(account.name))
        await upkeep_store.note_change(unit, "password-changed", account.id)
    gateway.sessions.forget_holder(str(account.id))
    if account.name == FIRST_ADMINISTRATOR:
        gateway.secrets.forget_administrator_password()


async def _prove(name: str, password: str, gateway: Gateway) -> account_store.Account:
    # No connection is held while a password is hashed: a flood of logins must not empty the pool.
    unit = gateway.unit()
    async with unit:
        locked = await session_store.reserve_guess(
            unit.connection, unit.cipher.keyed_hash(name), unit.now, gateway.guesses
        )
        account = await account_store.find_account(unit.connection, name)
    if locked is not None:
        raise TooManyGuesses(max(1, -((unit.now - locked) // timedelta(seconds=1))))
    stored = account.password_hash if account is not None and account.is_active else None
    if not await gateway.passwords.is_right(stored, password) or account is None:
        log.warning("wrong name or password")
        raise WrongNameOrPassword
    return account
