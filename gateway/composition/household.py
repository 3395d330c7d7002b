"""A household's page from five services side by side; a part that does not come in time is named, not waited for."""

import asyncio
from typing import Final
from uuid import UUID

import msgspec

from chassis.errors import NotFound
from gateway.upstreams.port import Headers, Reply, ServiceDown, ServiceSlow, Upstreams

OK: Final = 200
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404

QUESTIONS: Final[tuple[tuple[str, str, str], ...]] = (
    ("registry", "household", "/registry/v1/households/{id}"),
    ("subsidy", "claims", "/subsidy/v1/claims?household={id}&limit=100"),
    ("subsidy", "disbursements", "/subsidy/v1/disbursements?household={id}&limit=100"),
    ("relocation", "houses", "/relocation/v1/houses?household={id}&limit=100"),
    ("finance", "payments", "/finance/v1/payments?household={id}&limit=100"),
    ("supervision", "findings", "/supervision/v1/findings?household={id}&limit=100"),
)


class MissingPart(msgspec.Struct, frozen=True):
    """A part of the page that is not there, and why."""

    service: str
    part: str
    reason: str
    detail: str


class HouseholdPage(msgspec.Struct, frozen=True):
    """What five services say of one household at this moment."""

    household_id: UUID
    as_of: str
    parts: dict[str, msgspec.Raw]
    missing: list[MissingPart]


async def compose_household(
    upstreams: Upstreams, household_id: UUID, headers: Headers, *, as_of: str, seconds: float
) -> HouseholdPage:
    """Ask every service at once; NotFound when the registry shows the caller no such household."""
    answers = await asyncio.gather(
        *(
            _ask(upstreams, service, path.format(id=household_id), headers, seconds=seconds)
            for service, _, path in QUESTIONS
        )
    )
    parts: dict[str, msgspec.Raw] = {}
    missing: list[MissingPart] = []
    for (service, part, _), answer in zip(QUESTIONS, answers, strict=True):
        if isinstance(answer, Reply) and answer.status == OK:
            parts[part] = msgspec.Raw(answer.body)
            continue
        if service == "registry" and isinstance(answer, Reply) and answer.status == NOT_FOUND:
            # Whoever may not see the household must not learn of it from the other four.
            raise NotFound
        missing.append(_why(service, part, answer))
    return HouseholdPage(household_id, as_of, parts, missing)


async def _ask(
    upstreams: Upstreams, service: str, target: str, headers: Headers, *, seconds: float
) -> Reply | ServiceDown | ServiceSlow:
    try:
        return await upstreams.fetch(service, target, headers, seconds=seconds)
    except (ServiceDown, ServiceSlow) as refusal:
        return refusal


def _why(service: str, part: str, answer: Reply | ServiceDown | ServiceSlow) -> MissingPart:
    if isinstance(answer, ServiceSlow):
        return MissingPart(service, part, "timed-out", f"The {service} service did not answer in time.")
    if isinstance(answer, ServiceDown):
        return MissingPart(service, part, "unavailable", f"The {service} service cannot be reached.")
    if answer.status == FORBIDDEN:
        return MissingPart(service, part, "forbidden", "Your role does not show this part.")
    return MissingPart(service, part, "failed", f"The {service} service answered {answer.status}.")
