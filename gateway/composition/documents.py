"""One OpenAPI 3.1 document of the gateway and every service behind it, each service's schemas under its own name."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from contracts.topics import SERVICES
from gateway.upstreams.port import ServiceDown, ServiceSlow, Upstreams

CACHE_SECONDS: Final = 60.0
RETRY_SECONDS: Final = 2.0
FETCH_SECONDS: Final = 5.0
OK: Final = 200


class Documents:
    """The merged document, kept for a minute; while a service is down its part is named in `x-missing`."""

    def __init__(self, upstreams: Upstreams, own: Callable[[], Mapping[str, Any]]) -> None:
        self._upstreams = upstreams
        self._own = own
        self._cached: tuple[float, bytes] | None = None

    async def merged(self) -> bytes:
        """Return the merged document as JSON."""
        if self._cached is not None and time.monotonic() < self._cached[0]:
            return self._cached[1]
        found = dict(
            zip(SERVICES, await asyncio.gather(*(self._fetch(name) for name in SERVICES)), strict=True)
        )
        document = merge(self._own(), found)
        body = msgspec.json.encode(document)
        life = RETRY_SECONDS if document["x-missing"] else CACHE_SECONDS
        self._cached = (time.monotonic() + life, body)
        return body

    async def _fetch(self, service: str) -> bytes | None:
        try:
            reply = await self._upstreams.fetch(
                service, f"/{service}/v1/openapi.json", (), seconds=FETCH_SECONDS
            )
        except (ServiceDown, ServiceSlow):
            return None
        return reply.body if reply.status == OK else None


def merge(own: Mapping[str, Any], found: Mapping[str, bytes | None]) -> dict[str, Any]:
    """Return one document; a schema `Household` of the registry becomes `registry.Household`."""
    document: dict[str, Any] = {
        **own,
        "info": {
            "title": "Tuopin",
            "version": "1",
            "description": "Everything is reached through the gateway.",
        },
        "paths": dict(own["paths"]),
        "components": {**own.get("components", {})},
        "x-missing": [],
    }
    schemas = dict(document["components"].get("schemas", {}))
    document["components"]["schemas"] = schemas
    for service, body in found.items():
        part = _part(service, body)
        if part is None:
            document["x-missing"].append(service)
            continue
        document["paths"].update(part["paths"])
        for name, schema in part.get("components", {}).get("schemas", {}).items():
            schemas[f"{service}.{name}"] = schema
    document["components"]["securitySchemes"] = {
        "HTTPBearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a session or a partner.",
        }
    }
    document["paths"] = dict(sorted(document["paths"].items()))
    return document


def _part(service: str, body: bytes | None) -> dict[str, Any] | None:
    if body is None:
        return None
    renamed = body.replace(b'"#/components/schemas/', f'"#/components/schemas/{service}.'.encode())
    try:
        part: dict[str, Any] = msgspec.json.decode(renamed, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    if not isinstance(part.get("paths"), dict):
        return None
    operations = [operation for path in part["paths"].values() for operation in path.values()]
    for operation in operations:
        if isinstance(operation, dict):  # a path's parameters are a list
            operation["tags"] = [service]
            operation["operationId"] = f"{service}.{operation.get('operationId', '')}"
    return part
