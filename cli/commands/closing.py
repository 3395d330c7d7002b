"""Closing an account or a partner: what was done by it stays on record, its sessions end."""

from collections.abc import Sequence
from typing import Any

from cli.api import Api
from cli.show import REFUSED, fail


async def found_by_name(api: Api, path: str, name: str) -> dict[str, Any]:
    """Return the one of that name in the caller's area, or end with a sentence."""
    found = [one for one in await api.all(path) if one["name"] == name]
    if not found:
        fail(f"Nobody of your area is called {name}.", REFUSED)
    return found[0]


async def close_by_name(api: Api, path: str, name: str, kept: Sequence[str]) -> None:
    """Close what is called so, as it was read, with all else that it holds unchanged."""
    one = await found_by_name(api, path, name)
    body = {field: one[field] for field in kept} | {"is_active": False}
    version = {"if-match": f'"{one["version"]}"'}
    await api.request("PUT", f"{path}/{one['id']}", json=body, headers=version)
