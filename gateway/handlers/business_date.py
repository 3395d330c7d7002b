"""Moving the business date: one fact that every service hears, and who has heard it."""

import asyncio
from datetime import date

import msgspec

from chassis.answers import Answer
from chassis.errors import Forbidden
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from contracts.events.gateway import BusinessDateSet
from contracts.topics import SERVICES
from gateway.schemas import BusinessDateShown, ServiceDate
from gateway.state import Gateway
from gateway.store import upkeep as upkeep_store
from gateway.upstreams.port import ServiceDown, ServiceSlow

EVERYWHERE = "000000000000"
"""The division code of no division: the date moves for all of them."""
READY_SECONDS = 2.0


class _Ready(msgspec.Struct):
    business_date: date


async def set_business_date(wanted: date | None, unit: UnitOfWork, gateway: Gateway) -> Answer:
    """Record that the business date is moved, or with None follows the calendar again; recorded times stay real."""
    unit.require(roles.ADMINISTRATOR)
    if not roles.is_of_county(unit.principal.area):
        raise Forbidden("The business date is the whole platform's: a county or above it moves it.")
    clock = gateway.runtime.clock
    async with unit:
        calendar = clock.calendar_today()
        fact = BusinessDateSet(
            business_date=wanted or calendar, previous=clock.today(), follows_calendar=wanted is None
        )
        sequence = await upkeep_store.add_business_date_move(unit, fact)
        unit.record(fact, sequence=sequence, area=EVERYWHERE)
        await upkeep_store.keep_business_date(unit.connection, wanted, unit.now)
        shown = BusinessDateShown(
            business_date=fact.business_date,
            is_moved=fact.business_date != calendar,
            follows_calendar=fact.follows_calendar,
            is_settled=False,
            services=[],
        )
        made = unit.answer(shown, status=202)
    clock.move_to(wanted)
    return made


async def show_business_date(gateway: Gateway) -> BusinessDateShown:
    """Return the gateway's date and what each service says its own is."""
    clock = gateway.runtime.clock
    today = clock.today()
    services = list(await asyncio.gather(*(_date_of(gateway, name) for name in SERVICES)))
    return BusinessDateShown(
        business_date=today,
        is_moved=clock.is_moved(),
        follows_calendar=clock.follows_calendar(),
        is_settled=all(service.business_date == today for service in services),
        services=services,
    )


async def _date_of(gateway: Gateway, service: str) -> ServiceDate:
    try:
        reply = await gateway.upstreams.fetch(service, "/health/ready", (), seconds=READY_SECONDS)
        found = msgspec.json.decode(reply.body, type=_Ready).business_date
    except (ServiceDown, ServiceSlow, msgspec.DecodeError, msgspec.ValidationError):
        return ServiceDate(service=service, business_date=None)
    return ServiceDate(service=service, business_date=found)
