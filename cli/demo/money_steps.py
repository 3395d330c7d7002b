"""Programmes, funds, and the way of every batch: made, checked, paid by three people, answered by the bank."""

from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from chassis.ids import new_id
from chassis.money import format_yuan
from cli.bank import BankDecision, answer_order
from cli.demo.bulk import send_all, until
from cli.demo.world import World, yuan
from cli.sample.claim import COUNTY_TIME
from cli.sample.county import Programme
from cli.sample.plan import SampleBatch
from cli.sample.step import CalendarStep
from contracts.values import DONATION, HOUSING, INDUSTRY, INTEGRATED, SPECIAL

XML = "application/xml"
FUND_NAMES = {SPECIAL: "专项扶贫资金", INTEGRATED: "涉农整合资金", DONATION: "社会捐赠资金"}
# The seed's own standard (line 11): 200,000 yuan a household at a centralized site, 100,000 at an interspersed one.
INFRASTRUCTURE_FEN = {"centralized": 20_000_000, "interspersed": 10_000_000}
RULE_DOCUMENT = "样例〔2016〕2号 (sample document)"
FLOOR_RULE = "floor-unmet"


async def open_programmes(world: World, _: CalendarStep) -> None:
    """Publish every programme, the rules of relocation, and the floor that supervision watches."""
    for programme in world.plan.programmes:
        await world.officer.post("/subsidy/v1/programmes", _programme(world, programme))
    for kind, value in _relocation_rules(world).items():
        edition = {
            "kind": kind,
            "value": value,
            "effective_from": str(world.plan.county.housing.effective_from),
            "basis_document": RULE_DOCUMENT,
        }
        await world.officer.post("/relocation/v1/rules", edition)
    await _watch_floor(world)


def _programme(world: World, programme: Programme) -> dict[str, Any]:
    draft: dict[str, Any] = {
        "code": programme.code,
        "kind": programme.kind,
        "unit": programme.unit,
        "rate": yuan(programme.rate_fen),
        "effective_from": str(programme.effective_from),
        "effective_to": str(programme.effective_to) if programme.effective_to else None,
        "basis_document": programme.basis_document,
    }
    if programme.kind == INDUSTRY:
        draft["floor"] = yuan(world.plan.county.figures.industry_floor_fen)
    return draft


def _relocation_rules(world: World) -> dict[str, dict[str, Any]]:
    figures = world.plan.county.figures
    instalment = {"stage": "completed", "amount": yuan(figures.housing_subsidy_fen)}
    return {
        "area-cap": {"m2_per_person": f"{figures.area_cap_m2}.00"},
        "infrastructure-standard": {kind: yuan(fen) for kind, fen in INFRASTRUCTURE_FEN.items()},
        "housing-subsidy": {
            "programme_code": world.plan.county.housing.code,
            "unit": "household",
            "instalments": [instalment],
        },
    }


async def _watch_floor(world: World) -> None:
    """Another county has another floor: its rule is data, published as the next version."""
    floor_fen = world.plan.county.figures.industry_floor_fen
    rules = (await world.officer.get("/supervision/v1/rules"))["items"]
    rule = max((one for one in rules if one["code"] == FLOOR_RULE), key=lambda one: one["version"])
    if rule["parameters"]["amount_fen"] == floor_fen:
        return
    kept = ("code", "kind", "severity", "effective_from", "effective_to", "explanation")
    changed = {
        **{name: rule[name] for name in kept},
        "parameters": {**rule["parameters"], "amount_fen": floor_fen},
        "basis_document": RULE_DOCUMENT,
    }
    await world.officer.post("/supervision/v1/rules", changed)


async def receive_fund(world: World, step: CalendarStep) -> None:
    """Open a fund and note what it received."""
    for source in step.refs:
        account = {
            "holder": f"样例{world.plan.county.name}财政专户",
            "number": "0000000000000001",
            "bank_code": "000100000001",
        }
        made = await world.officer.post(
            "/finance/v1/funds", {"source": source, "name": FUND_NAMES[source], "account": account}
        )
        world.funds[source] = made["id"]
        amount = yuan(world.plan.county.figures.fund(source))
        await world.officer.post(f"/finance/v1/funds/{made['id']}/receipts", {"amount": amount})


async def allocate_fund(world: World, step: CalendarStep) -> None:
    """Set money aside for programmes."""
    for allocation in world.plan.allocations:
        if allocation.programme in step.refs:
            await world.officer.post(
                "/finance/v1/allocations",
                {
                    "fund_id": world.funds[allocation.source],
                    "programme_code": allocation.programme,
                    "amount": yuan(allocation.amount_fen),
                },
            )


async def freeze_batch(world: World, step: CalendarStep) -> None:
    """Make a batch and have it checked: its payees' data are frozen with it."""
    batch = world.batch[step.refs[0]]
    sources = await _sources(world, batch)
    payments = await _payments(world, batch, sources)
    made = await world.officer.post(
        "/finance/v1/batches",
        {
            "programme_code": batch.programme,
            "payment_ids": payments,
            "declared_count": len(batch.refs),
            "declared_sum": format_yuan(batch.control_sum_fen),
        },
    )
    world.batches[batch.key] = made["id"]
    await world.people.checker.api.post(f"/finance/v1/batches/{made['id']}/approvals")


async def _sources(world: World, batch: SampleBatch) -> list[str]:
    """Return what is paid for: claims, or instalments that relocation asks for just now."""
    if batch.kind != HOUSING:
        return [world.claims[key] for key in batch.refs]
    items = [{"house_id": world.houses[number], "stage": "completed"} for number in batch.refs]
    results = await send_all(world.officer, "/relocation/v1/subsidy-requests/bulk", items)
    return [result["due_id"] for result in results]


async def _payments(world: World, batch: SampleBatch, sources: Collection[str]) -> list[str]:
    """Return the payment items of the sources, once finance has heard of all of them."""
    found: dict[str, str] = {}

    async def all_taken_on() -> bool:
        listed = await world.officer.all("/finance/v1/payments", programme=batch.programme, status="drafted")
        found.update({one["source_id"]: one["id"] for one in listed})
        return found.keys() >= set(sources)

    await until(f"finance to take on {batch.key}", all_taken_on)
    return [found[source] for source in sources]


async def send_batch(world: World, step: CalendarStep) -> None:
    """Release a batch to the bank."""
    await world.people.payer.api.post(f"/finance/v1/batches/{world.batches[step.refs[0]]}/releases")


async def settle_batch(world: World, step: CalendarStep) -> None:
    """Let the bank fetch its order and answer it, and wait until the money has been heard of."""
    batch = world.batch[step.refs[0]]
    bank = await world.people.bank.visit()
    path = f"/finance/v1/bank/batches/{world.batches[batch.key]}/document"
    order = (await bank.request("GET", path)).content
    # The sample bank lives in the sample year: it decides on the business date.
    decided_at = datetime.combine(step.on, time(15), tzinfo=COUNTY_TIME)
    decision = BankDecision(report_id=new_id().hex, decided_at=decided_at)
    report = answer_order(order, decision)
    await bank.request("POST", "/finance/v1/bank/reports", content=report, headers={"content-type": XML})
    await _heard_of(world, batch)


async def _heard_of(world: World, batch: SampleBatch) -> None:
    paid_before = world.paid_fen.get(batch.kind, 0)
    world.paid_fen[batch.kind] = paid_before + batch.control_sum_fen
    expected = format_yuan(world.paid_fen[batch.kind])

    async def paid() -> bool:
        if batch.kind == HOUSING:
            figures = await world.officer.get("/relocation/v1/statistics")
            return bool(figures["total"]["subsidy_paid"]["amount"] == expected)
        figures = await world.officer.get("/subsidy/v1/statistics")
        return bool(figures["recipients"]["amount"]["amount"] == expected)

    await until(f"the money of {batch.key} to be heard of", paid)
