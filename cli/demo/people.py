"""The people and partners of the sample county, each with an account or a key of its own."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis.ids import new_id
from cli.api import Api
from cli.commands.accounts import FIRST_ADMINISTRATOR, change_password, one_time_password
from contracts import roles

ISSUER = "tuopin-gateway"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
TOWNSHIP_DIGITS = 9


class DataFolderUsed(Exception):  # noqa: N818 - a sentence, as all errors here
    """The folder's administrator has chosen a password already: it is somebody's platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account, logged in."""

    name: str
    password: str
    api: Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Who acts for the villages of one township: each determination is made by another of them."""

    committee: Person
    team: Person
    clerk: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody who acts in the demo; `deputy` signs off what the officer opened."""

    administrator: Person
    officer: Person
    deputy: Person
    checker: Person
    payer: Person
    auditor: Person
    bank: "Partner"
    insurer: "Partner"
    coming_towns: "asyncio.Task[dict[str, Town]]"

    async def towns(self) -> dict[str, Town]:
        """Return the townships' people by nine digits, once all of them have their accounts."""
        return await self.coming_towns

    async def clerks(self) -> dict[str, Person]:
        """Return the clerks by the nine digits of their township."""
        return {digits: town.clerk for digits, town in (await self.towns()).items()}


class Partner:
    """A partner with a key of its own, who asks for a fresh token before each visit."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._key = OKPKey.generate_key("Ed25519", parameters={"kid": f"{name}-1"})
        self.api = Api(url)

    @property
    def public_key(self) -> dict[str, Any]:
        """The public half, as it is registered."""
        return dict(self._key.as_dict(private=False))

    async def visit(self) -> Api:
        """Return the platform as the partner sees it, with a token just issued (RFC 7523)."""
        now = int(time.time())  # lint: allow-clock because a partner signs by its own clock
        claims = {
            "iss": self.name,
            "sub": self.name,
            "aud": ISSUER,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": new_id().hex,
        }
        header = {"alg": "Ed25519", "kid": f"{self.name}-1"}
        assertion = jwt.encode(header, claims, self._key, algorithms=["Ed25519"])
        self.api.token = None
        form = f"grant_type=client_credentials&client_assertion_type={ASSERTION_TYPE}&client_assertion={assertion}"
        response = await self.api.request(
            "POST",
            "/oauth2/token",
            content=form.encode(),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        self.api.token = response.json()["access_token"]
        return self.api


async def invite(stack: AsyncExitStack, url: str, data: Path, *, county: str, towns: Sequence[str]) -> People:
    """Make every account of the county, `towns` being the townships' nine digits, and log everybody in."""
    administrator = await _first_administrator(stack, url, data)
    officer, deputy, checker, payer, auditor = await _all_hired(
        stack,
        administrator.api,
        [
            ("officer", roles.OFFICER, county),
            ("deputy", roles.OFFICER, county),
            ("checker", roles.CHECKER, county),
            ("payer", roles.PAYER, county),
            ("auditor", roles.AUDITOR, ""),
        ],
    )

    return People(
        administrator=administrator,
        officer=officer,
        deputy=deputy,
        checker=checker,
        payer=payer,
        auditor=auditor,
        # Passwords are slow to hash by intent: the townships' accounts are made while the county office begins.
        coming_towns=asyncio.create_task(_towns(stack, administrator.api, towns)),
        bank=await _partner(stack, administrator.api, "sample-bank", roles.BANK, area=county),
        insurer=await _partner(stack, administrator.api, "sample-insurer", roles.INSURER, area=county),
    )


async def _towns(stack: AsyncExitStack, administrator: Api, towns: Sequence[str]) -> dict[str, Town]:
    wanted = (("committee", roles.VILLAGE_COMMITTEE), ("team", roles.WORK_TEAM), ("clerk", roles.CLERK))
    hired = iter(
        await _all_hired(
            stack, administrator, [(f"{name}-{town}", role, town) for town in towns for name, role in wanted]
        )
    )
    return {town: Town(committee=next(hired), team=next(hired), clerk=next(hired)) for town in towns}


async def _all_hired(
    stack: AsyncExitStack, administrator: Api, wanted: Sequence[tuple[str, str, str]]
) -> list[Person]:
    return await asyncio.gather(
        *(_hired(stack, administrator, name, role=role, area=area) for name, role, area in wanted)
    )


async def _first_administrator(stack: AsyncExitStack, url: str, data: Path) -> Person:
    one_time = one_time_password(data)
    if one_time is None:
        raise DataFolderUsed(f"{data} is a platform in use; the demo wants a fresh folder.")
    password = _new_password()
    await change_password(url, FIRST_ADMINISTRATOR, one_time, password)
    return await _logged_in(stack, url, FIRST_ADMINISTRATOR, password)


async def _hired(stack: AsyncExitStack, administrator: Api, name: str, *, role: str, area: str) -> Person:
    draft = {"name": name, "roles": [role], "area": area}
    one_time = (await administrator.post("/gateway/v1/accounts", draft))["one_time_password"]
    password = _new_password()
    await change_password(administrator.url, name, one_time, password)
    return await _logged_in(stack, administrator.url, name, password)


async def _logged_in(stack: AsyncExitStack, url: str, name: str, password: str) -> Person:
    api = await stack.enter_async_context(Api(url))
    opened = await api.post("/gateway/v1/sessions", {"name": name, "password": password})
    api.token = opened["token"]
    return Person(name=name, password=password, api=api)


async def _partner(stack: AsyncExitStack, administrator: Api, name: str, role: str, *, area: str) -> Partner:
    partner = Partner(name, administrator.url)
    await stack.enter_async_context(partner.api)
    draft = {"name": name, "role": role, "area": area, "keys": [partner.public_key]}
    await administrator.post("/gateway/v1/clients", draft)
    return partner


def _new_password() -> str:
    return secrets.token_urlsafe(18)
