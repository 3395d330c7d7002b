"""Lists of other offices to import, and what is then asked about them."""

from typing import Any
from uuid import UUID

import httpx

from contracts import roles
from contracts.values import VEHICLES
from services.registry.rules import shipped_packs
from services.registry.store.cross_check import open_ruling_out
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, get, identity, post

OFFICER = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"}
DETAIL = "a lorry, bought in May"
KINDS = shipped_packs()["national-2014"].ruled_out_by


def csv(*numbers: int, detail: str = DETAIL) -> bytes:
    """Return a list that names the men of these numbers."""
    rows = [f'{identity(number)},"{detail}"\n' for number in numbers]
    return ("identity_number,detail\n" + "".join(rows)).encode()


async def sent(
    registry: Harness, document: bytes, kind: str = VEHICLES, as_of: str = "2016-05-31", **who: Any
) -> httpx.Response:
    """Import a list as the county's officer."""
    query = {"kind": kind, "office": "交警大队", "as_of": as_of}
    request = OFFICER | {"headers": {"content-type": "text/csv"}} | who
    return await post(registry, "/cross-checks", params=query, content=document, **request)


async def matches(registry: Harness, **query: Any) -> list[dict[str, Any]]:
    """Return the matches that the township's clerk sees."""
    listed = await get(registry, "/cross-checks/matches", params=query)
    return list(listed.json()["items"])


async def resolve(
    registry: Harness, match_id: str, outcome: str = "explained", reason: str = "same-name", **who: Any
) -> httpx.Response:
    """Say what became of a match, with what `corrects` says is wrong about that."""
    path = f"/cross-checks/matches/{match_id}/resolutions"
    corrects = {"corrects": who.pop("corrects")} if "corrects" in who else {}
    return await post(registry, path, json={"outcome": outcome, "reason": reason} | corrects, **who)


async def ruled_out(registry: Harness, *household_ids: str) -> set[str]:
    """Return whom the county may not confirm."""
    asked = [UUID(one) for one in household_ids]
    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        found = await open_ruling_out(unit.driver, asked, KINDS, area=COUNTY)
    return {str(one) for one in found}
