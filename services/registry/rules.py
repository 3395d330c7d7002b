"""The rule packs in use: which one is in force on a day, and any one by its code and version."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from chassis.errors import NotFound
from services.registry.domain.rule_pack import RulePack
from services.registry.store import rule_pack as store
from services.registry.store.row import COUNTY_DIGITS

Driver = asyncpg.Connection
DEFAULT = "national-2014"


@cache
def shipped_packs() -> dict[str, RulePack]:
    """Return the packs that come with the service, by code."""
    folder = Path(__file__).with_name("packs")
    read = [msgspec.json.decode(path.read_bytes(), type=RulePack) for path in sorted(folder.glob("*.json"))]
    return {pack.code: pack for pack in read}


async def pack_in_force(driver: "Driver[Any]", on: date, *, area: str) -> RulePack:
    """Return the rule pack in force on a day in an area: for a household that of its village, whoever asks.

    What a county activated and what was adopted with the service count by their day alone: the later one speaks.
    """
    adopted, since = _adopted(on)
    activated = await store.find_in_force(driver, on, area)
    if activated is None or activated["active_from"] < since:
        return adopted
    if activated["content"] is None:
        return shipped_packs()[activated["code"]]
    return store.decoded(activated["content"])


async def hold_pack(driver: "Driver[Any]", on: date, *, area: str) -> RulePack:
    """Return the rule pack in force on a day in an area, for a round or an exit that begins by it: it stays in force."""
    await store.hold_activations(driver)
    return await pack_in_force(driver, on, area=area)


async def packs_in_force(driver: "Driver[Any]", on: date, *, areas: Iterable[str]) -> dict[str, RulePack]:
    """Return the rule packs in force on a day, each by the county that an area is in; nobody below one sets rules."""
    counties = {area[:COUNTY_DIGITS] for area in areas}
    return {county: await pack_in_force(driver, on, area=county) for county in sorted(counties)}


async def load_pack(driver: "Driver[Any]", code: str, version: int) -> RulePack:
    """Return a version of a rule pack."""
    shipped = shipped_packs().get(code)
    if shipped is not None and shipped.version == version:
        return shipped
    pack = await store.find_pack(driver, code, version)
    if pack is None:
        raise NotFound("No such rule pack.")
    return pack


def _adopted(on: date) -> tuple[RulePack, date]:
    """Return the shipped pack in force by itself; before the first of them began, the first."""
    dated = [(pack.adopted_from, pack.code) for pack in shipped_packs().values() if pack.adopted_from]
    begun = [each for each in dated if each[0] <= on]
    if not begun:
        return shipped_packs()[DEFAULT], date.min
    since, code = max(begun)
    return shipped_packs()[code], since
