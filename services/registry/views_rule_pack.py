"""Rule packs as they are shown: those that come with the service beside those that were proposed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.rule_pack_check import NOT_CONTENT
from services.registry.domain.rule_pack_state import SHIPPED, PackVersion
from services.registry.rules import pack_in_force, shipped_packs
from services.registry.schemas import rule_pack as answer
from services.registry.store import rule_pack as store
from services.registry.store.rule_pack import Activation


async def load_version(unit: UnitOfWork, code: str, version: int) -> PackVersion:
    """Return a version that comes with the service, or was proposed above, in or below the caller's area."""
    shipped = shipped_packs().get(code)
    if shipped is not None and shipped.version == version:
        return _shipped(shipped)
    found = await store.find_version(unit.driver, code, version, area=unit.principal.area)
    if found is None:
        raise NotFound
    return found


async def show_pack(unit: UnitOfWork, code: str, version: int) -> answer.ShownPack:
    """Return a version with its content and the days from which it is in force."""
    found = await load_version(unit, code, version)
    activations = await store.list_activations(unit.driver, code, version, area=unit.principal.area)
    return shown(found, activations)


async def show_in_force(unit: UnitOfWork, on: date) -> answer.ShownPack:
    """Return the version in force in the caller's area on a day."""
    pack = await pack_in_force(unit.driver, on, area=unit.principal.area)
    return await show_pack(unit, pack.code, pack.version)


async def list_packs(
    unit: UnitOfWork, *, code: str | None, cursor: str | None, limit: int
) -> Page[answer.ListedPack]:
    """Return versions by code and number."""
    after = decode_cursor(cursor, str, int)
    proposed = await store.list_versions(
        unit.driver,
        area=unit.principal.area,
        code=code,
        after=(after[0], after[1]) if after else None,
        limit=limit + 1,
    )
    shipped = [
        _shipped(pack)
        for pack in shipped_packs().values()
        if code in {None, pack.code} and (after is None or (pack.code, pack.version) > after)
    ]
    found = sorted([*proposed, *shipped], key=_key)
    return page_of(found, limit, listed, _key)


def listed(version: PackVersion) -> answer.ListedPack:
    """Return a version without its content."""
    return answer.ListedPack(**_head(version))


def shown(version: PackVersion, activations: Sequence[Activation]) -> answer.ShownPack:
    """Return a version with its content."""
    stated = msgspec.to_builtins(version.pack)
    content = {name: value for name, value in stated.items() if name not in NOT_CONTENT}
    return answer.ShownPack(
        **_head(version), activations=[activation_of(one) for one in activations], content=content
    )


def activation_of(activation: Activation) -> answer.Activation:
    """Return from which day on a version is in force."""
    return answer.Activation(
        id=activation.id,
        scope=activation.scope,
        active_from=activation.active_from,
        activated_by=activation.actor_id,
        activated_on=activation.activated_on,
    )


def _key(version: PackVersion) -> tuple[str, int]:
    return version.pack.code, version.pack.version


def _shipped(pack: RulePack) -> PackVersion:
    return PackVersion(pack=pack, scope="", proposed_by=SHIPPED, reviewed_by=SHIPPED)


def _head(version: PackVersion) -> dict[str, Any]:
    pack = version.pack
    based_on = version.based_on
    return {
        "code": pack.code,
        "version": pack.version,
        "title": pack.title,
        "document": pack.document,
        "state": version.state,
        "scope": version.scope,
        "based_on": None if based_on is None else {"code": based_on[0], "version": based_on[1]},
        "proposed_by": version.proposed_by,
        "proposed_on": version.proposed_on,
        "reviewed_by": version.reviewed_by,
        "reviewed_on": version.reviewed_on,
        "adopted_from": pack.adopted_from,
    }
