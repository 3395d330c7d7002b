"""Rules and sites: what the county lays down before anything is built."""

from chassis.answers import Answer
from chassis.errors import Forbidden
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import OFFICER, is_of_county
from services.relocation import views
from services.relocation.domain.errors import AreaOutsideYours
from services.relocation.domain.rule import (
    INFRASTRUCTURE_STANDARD,
    Rule,
    check_edition,
    ended_by_the_next,
    next_start,
)
from services.relocation.domain.site import Plan
from services.relocation.domain.site import register_site as enter_site
from services.relocation.store import rule as rules_store
from services.relocation.store import site as sites_store


async def publish_rule(rule: Rule, unit: UnitOfWork) -> Answer:
    """Publish an edition of a rule."""
    unit.require(OFFICER)
    if not is_of_county(unit.principal.area):
        raise Forbidden("Rules are published by a county or above it.")
    async with unit:
        await rules_store.lock_kind(unit.driver, rule.kind)
        editions = await rules_store.list_editions(unit.driver, rule.kind)
        since, before = rule.effective_from, next_start(rule, editions)
        applied_on = await rules_store.last_applied(unit.driver, rule.kind, since=since, before=before)
        check_edition(rule, editions, applied_on=applied_on)
        await rules_store.add_rule(unit.driver, rule, by=unit.principal.actor_id, at=unit.now)
        return unit.answer(views.rule_of(ended_by_the_next(rule, editions)), status=201)


async def register_site(plan: Plan, unit: UnitOfWork) -> Answer:
    """Enter a site with its budget."""
    unit.require(OFFICER)
    if not plan.area_code.startswith(unit.principal.area):
        raise AreaOutsideYours(pointer="/area_code")
    async with unit:
        editions = await rules_store.hold_editions(unit.driver, INFRASTRUCTURE_STANDARD)
        site, fact = enter_site(plan, editions, site_id=new_id(), on=unit.today)
        await sites_store.add_site(unit.driver, site, by=unit.principal.actor_id, at=unit.now)
        unit.record(fact, sequence=1, area=site.area_code)
        return unit.answer(views.site_of(site), status=201, etag=1)
