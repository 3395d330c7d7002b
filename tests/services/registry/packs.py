"""Rule packs to propose, and the two people who bring one into force."""

from typing import Any

import httpx

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, post

PROPOSER = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"}
REVIEWER = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-2"}
CODE = "eryuan-2016"
V1 = f"/rule-packs/{CODE}/versions/1"


def proposal(**changes: Any) -> dict[str, Any]:
    """Return a county's pack: the national one, with notices of nine days."""
    days = {"first-notice": 9, "second-notice": 9, "exit-notice": 9, "area-exit-notice": 9}
    return {
        "code": CODE,
        "title": "Eryuan 2016",
        "document": "洱政发〔2016〕1号",
        "based_on": {"code": "national-2016", "version": 1},
        "content": {"notice_days": days, "documents": {"notice-days": "洱政发〔2016〕1号"}},
    } | changes


async def proposed(registry: Harness, **changes: Any) -> httpx.Response:
    """Propose a pack as the first officer."""
    return await post(registry, "/rule-packs", json=proposal(**changes), **PROPOSER)


async def reviewed(registry: Harness, path: str = V1, **who: Any) -> httpx.Response:
    """Review a pack as the second officer."""
    return await post(registry, f"{path}/reviews", **(REVIEWER | who))


async def activated(
    registry: Harness, active_from: str = "2016-05-01", path: str = V1, **who: Any
) -> httpx.Response:
    """Bring a pack into force as the first officer."""
    body = {"active_from": active_from}
    return await post(registry, f"{path}/activations", json=body, **(PROPOSER | who))


async def in_force(registry: Harness, **changes: Any) -> None:
    """Propose, review and activate a pack."""
    answer = await proposed(registry, **changes)
    assert answer.status_code == 201, answer.text
    path = answer.headers["location"].removeprefix("/registry/v1")
    assert (await reviewed(registry, path)).status_code == 201
    answer = await activated(registry, path=path)
    assert answer.status_code == 201, answer.text
