"""The rivals of B10: the same household by bare ASGI and asyncpg, and the usual way by FastAPI and the ORM."""

import asyncio
import json
import sys
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import uvloop
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import foreign, registry, relationship, selectinload
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.database import plain_dsn, with_driver
from chassis.serving import HttpServer, listen
from services.registry.tables.every import metadata
from services.registry.views import NOW

POOL = 10
SETTINGS = {"tuopin.area": "area:"}


async def bare(url: str) -> ASGIApp:
    """Return an application that runs the product's statement and answers its rows: no caller, no keys, no model."""
    pool = await asyncpg.create_pool(plain_dsn(url), min_size=POOL, max_size=POOL, server_settings=SETTINGS)
    encode = msgspec.json.Encoder().encode

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        household_id = UUID(scope["path"].rpartition("/")[2])
        async with pool.acquire() as connection:
            rows = await connection.fetch(NOW, household_id, "532930")
        body = encode([tuple(row) for row in rows])
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


class _Household:
    members: list[Any]
    versions: list[Any]


class _Version:
    pass


class _Member:
    pass


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MemberShown(_Shown):
    """One person as the rival answers."""

    position: int
    person_id: UUID
    sex: str
    relation: str
    ethnic_group: str
    education: str
    schooling: str
    health: str
    labour: str
    work: str
    medical_scheme: bool


class VersionShown(_Shown):
    """What the file says as the rival answers."""

    version: int
    area_code: str
    attribute: str
    standard: str
    cause: str
    housing_area_dm2: int
    wage_income_fen: int
    business_income_fen: int
    transfer_income_fen: int
    property_income_fen: int
    production_cost_fen: int


class HouseholdShown(_Shown):
    """A household as the rival answers."""

    id: UUID
    file_number: str
    status: str
    category: str
    persons: int
    versions: list[VersionShown]
    members: list[MemberShown]


def by_orm(url: str) -> ASGIApp:
    """Return an application as tutorials write it: mapped classes, relations loaded, a response model."""
    mapping = registry()
    household, version, member = (
        metadata.tables[name] for name in ("household", "household_version", "member_version")
    )
    mapping.map_imperatively(_Version, version)
    mapping.map_imperatively(_Member, member)
    mapping.map_imperatively(
        _Household,
        household,
        properties={
            "versions": relationship(
                _Version, primaryjoin=household.c.id == foreign(version.c.household_id), viewonly=True
            ),
            "members": relationship(
                _Member, primaryjoin=household.c.id == foreign(member.c.household_id), viewonly=True
            ),
        },
    )
    connect = {"server_settings": SETTINGS}
    engine = create_async_engine(with_driver(url), pool_size=POOL, max_overflow=0, connect_args=connect)
    app = FastAPI()
    wanted = (selectinload(_Household.versions), selectinload(_Household.members))  # type: ignore[arg-type]

    @app.get("/registry/v1/households/{household_id}", response_model=HouseholdShown)
    async def show(household_id: UUID) -> Any:
        async with AsyncSession(engine) as session:
            found = await session.get(_Household, household_id, options=wanted)
            if found is None:
                raise HTTPException(404)
            return HouseholdShown.model_validate(found)

    return app


async def _serve(which: str, url: str) -> None:
    app = await bare(url) if which == "bare" else by_orm(url)
    listener = listen("127.0.0.1", 0)
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    await asyncio.create_task(HttpServer(app, listener).run_until_stopped())


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1], sys.argv[2]))
