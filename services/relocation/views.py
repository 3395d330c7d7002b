"""What is read: queries straight to answers, each scoped to the caller's area."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from chassis.money import Amount
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts.events.relocation import HouseRejected
from services.relocation.domain.errors import HouseUnknown
from services.relocation.domain.house import Decision, House
from services.relocation.domain.rule import AreaCap, InfrastructureStandard, Rule, Terms
from services.relocation.domain.site import Site
from services.relocation.schemas import answer
from services.relocation.store.house import COLUMNS as HOUSE_COLUMNS
from services.relocation.store.house import house_of as house_from
from services.relocation.store.rule import COLUMNS as RULE_COLUMNS
from services.relocation.store.rule import EDITIONS
from services.relocation.store.rule import rule_of as rule_from
from services.relocation.store.site import COLUMNS as SITE_COLUMNS
from services.relocation.store.site import site_of as site_from

RULES = f"""
SELECT {RULE_COLUMNS} FROM {EDITIONS}
WHERE ($1::text IS NULL OR kind = $1)
  AND ($2::date IS NULL OR (effective_from <= $2 AND (effective_to IS NULL OR effective_to >= $2)))
  AND ($3::text IS NULL OR (kind, effective_from) > ($3, $4::date))
ORDER BY kind, effective_from LIMIT $5
"""  # noqa: S608
SITES = f"""
SELECT {SITE_COLUMNS} FROM site
WHERE starts_with(area_code, $1) AND ($3::uuid IS NULL OR id > $3) AND ($4::text IS NULL OR kind = $4)
ORDER BY id LIMIT $2
"""  # noqa: S608
HOUSES = f"""
SELECT {HOUSE_COLUMNS} FROM house
WHERE starts_with(area_code, $1) AND ($3::uuid IS NULL OR id > $3)
  AND ($4::uuid IS NULL OR household_id = $4) AND ($5::uuid IS NULL OR site_id = $5)
  AND ($6::text IS NULL OR stage = $6)
ORDER BY id LIMIT $2
"""  # noqa: S608
HOUSE = f"SELECT {HOUSE_COLUMNS} FROM house WHERE id = $1 AND starts_with(area_code, $2)"  # noqa: S608
HISTORY = """
SELECT version, event, stage, happened_on, details::text AS details, actor_id, recorded_at
FROM house_event WHERE house_id = $1 ORDER BY version LIMIT 1000
"""
# Money that arrived counts before a refusal, in whatever order the bank's reports came.
INSTALMENTS = """
SELECT d.id, d.stage, d.programme_code, d.period, d.amount_fen, d.stage_on, d.due_on,
       s.paid_fen, s.settled_on, r.reason AS rejection_reason, w.reason AS withdrawal_reason
FROM subsidy_due AS d
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_fen), 0)::bigint AS paid_fen, max(happened_on) AS settled_on
    FROM subsidy_payment WHERE due_id = d.id AND outcome = 'settled'
) AS s
LEFT JOIN LATERAL (
    SELECT reason FROM subsidy_payment WHERE due_id = d.id AND outcome = 'rejected' AND s.settled_on IS NULL
    ORDER BY happened_on DESC, attempt DESC LIMIT 1
) AS r ON true
LEFT JOIN LATERAL (
    SELECT reason FROM subsidy_payment WHERE due_id = d.id AND outcome = 'withdrawn' LIMIT 1
) AS w ON true
WHERE d.house_id = $1 ORDER BY d.id LIMIT 100
"""


def rule_of(rule: Rule) -> answer.Rule:
    """Return a rule as it is answered."""
    return answer.Rule(
        id=rule.id,
        kind=rule.kind,
        value=_value_of(rule.terms),
        effective_from=rule.effective_from,
        effective_to=rule.effective_to,
        basis_document=rule.basis_document,
    )


def site_of(site: Site) -> answer.Site:
    """Return a site as it is answered."""
    fields = asdict(site)
    return answer.Site(infrastructure_budget=Amount.of(fields.pop("budget_fen")), **fields)


def house_of(house: House) -> answer.House:
    """Return a house as it is answered."""
    return answer.House(**asdict(house))


def decision_of(decision: Decision) -> answer.DecidedHouse:
    """Return a house with what a command came to."""
    return answer.DecidedHouse(
        **asdict(decision.house),
        failed=failed_of(decision),
        due_id=decision.due.id if decision.due else None,
    )


def failed_of(decision: Decision) -> list[str]:
    """Return the codes of the checks a house failed."""
    return list(decision.fact.failed) if isinstance(decision.fact, HouseRejected) else []


async def list_rules(
    unit: UnitOfWork, *, kind: str | None, on: date | None, cursor: str | None, limit: int
) -> Page[answer.Rule]:
    """Return rule editions by kind and first day."""
    last_kind, last_from = decode_cursor(cursor, str, date) or (None, None)
    rows = await unit.driver.fetch(RULES, kind, on, last_kind, last_from, limit + 1)
    return page_of(
        rows, limit, lambda row: rule_of(rule_from(row)), lambda row: (row["kind"], row["effective_from"])
    )


async def list_sites(
    unit: UnitOfWork, *, kind: str | None, cursor: str | None, limit: int
) -> Page[answer.Site]:
    """Return sites by id, which is their order of registration."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(SITES, unit.principal.area, limit + 1, last, kind)
    return page_of(rows, limit, lambda row: site_of(site_from(row)), lambda row: (row["id"],))


async def list_houses(
    unit: UnitOfWork,
    *,
    household: UUID | None,
    site: UUID | None,
    stage: str | None,
    cursor: str | None,
    limit: int,
) -> Page[answer.House]:
    """Return houses by id, which is their order of allocation."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(HOUSES, unit.principal.area, limit + 1, last, household, site, stage)
    return page_of(rows, limit, lambda row: house_of(house_from(row)), lambda row: (row["id"],))


async def show_house(unit: UnitOfWork, house_id: UUID) -> answer.HouseInFull:
    """Return one house with its instalments and its history."""
    row = await unit.driver.fetchrow(HOUSE, house_id, unit.principal.area)
    if row is None:
        raise HouseUnknown
    instalments = await unit.driver.fetch(INSTALMENTS, house_id)
    steps = await unit.driver.fetch(HISTORY, house_id)
    return answer.HouseInFull(
        **asdict(house_from(row)),
        subsidies=[_instalment_of(each) for each in instalments],
        history=[_step_of(step) for step in steps],
    )


def _value_of(terms: Terms) -> dict[str, Any]:
    if isinstance(terms, AreaCap):
        return {"m2_per_person": str(terms.m2_per_person)}
    if isinstance(terms, InfrastructureStandard):
        return {kind: Amount.of(fen) for kind, fen in terms.per_household_fen.items()}
    instalments = [{"stage": stage, "amount": Amount.of(fen)} for stage, fen in terms.instalments_fen.items()]
    return {"programme_code": terms.programme_code, "unit": terms.unit, "instalments": instalments}


def _instalment_of(row: Any) -> answer.Instalment:
    fields = dict(row)
    amount, paid = Amount.of(fields.pop("amount_fen")), Amount.of(fields.pop("paid_fen"))
    if fields["settled_on"] is not None:
        state = "paid"
    elif fields["withdrawal_reason"] is not None:
        state = "withdrawn"
    else:
        state = "due" if fields["rejection_reason"] is None else "rejected"
    return answer.Instalment(amount=amount, paid=paid, state=state, **fields)


def _step_of(row: Any) -> answer.Step:
    fields = dict(row)
    return answer.Step(details=msgspec.json.decode(fields.pop("details")), **fields)
