"""The rule packs in use: which one is in force on a day, and any one by its code and version."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from services.registry.domain.rule_pack import RulePack

Driver = asyncpg.Connection
DEFAULT = "national-2014"


@cache
def shipped_packs() -> dict[str, RulePack]:
    """Return the packs that come with the service, by code."""
    folder = Path(__file__).with_name("packs")
    read = [msgspec.json.decode(path.read_bytes(), type=RulePack) for path in sorted(folder.glob("*.json"))]
    return {pack.code: pack for pack in read}


async def pack_in_force(driver: "Driver[Any]", on: date) -> RulePack:  # noqa: ARG001 - H1
    """Return the rule pack in force on a day."""
    return shipped_packs()[DEFAULT]


async def load_pack(driver: "Driver[Any]", code: str, version: int) -> RulePack:  # noqa: ARG001 - H1
    """Return a version of a rule pack."""
    return shipped_packs()[code]
