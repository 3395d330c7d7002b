"""What the services show at the end: every figure read from their public statistics, and what supervision holds."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from chassis.money import parse_yuan
from cli.api import Api
from cli.demo.world import World
from cli.sample.figures import HUNDREDTHS_OF_PERCENT
from cli.sample.schedule import YEAR_END
from cli.sample.sums import share
from contracts.values import DONATION, EXITED, INTEGRATED, SPECIAL

FINDINGS = "/supervision/v1/findings"


async def observed_figures(world: World, findings: list[dict[str, Any]]) -> dict[str, int]:
    """Return every figure of the closing table under its key."""
    api = world.people.officer.api
    return {
        **await _register(world, api),
        **_houses(await api.get("/relocation/v1/statistics")),
        **await _money(api),
        **_claims(await api.get("/subsidy/v1/statistics", as_of=str(YEAR_END))),
        **_findings(findings),
    }


async def open_findings(api: Api) -> list[dict[str, Any]]:
    """Return what supervision holds open."""
    return await api.all(FINDINGS, state="open")


async def _register(world: World, api: Api) -> dict[str, int]:
    # After three look-backs, as the seed counts; two households exit in the year that follows.
    after = str(world.plan.rounds[-1].dates.confirmed_on)
    figures = await api.get("/registry/v1/statistics", as_of=after, group_by="village")
    over = world.plan.county.figures.key_village_over
    households, persons = figures["households"], figures["persons"]
    levels = await _divisions(api, world.plan.county.code)
    now = await api.get("/registry/v1/statistics")
    dibao_households, dibao_persons = figures["dibao_households"], figures["dibao_persons"]
    return {
        "townships": levels["township"],
        "villages": levels["village"],
        "households": households,
        "persons": persons,
        "dibao_households": dibao_households,
        "dibao_persons": dibao_persons,
        "dibao_household_share": share(HUNDREDTHS_OF_PERCENT, dibao_households, households),
        "dibao_person_share": share(HUNDREDTHS_OF_PERCENT, dibao_persons, persons),
        "key_villages": sum(one["households"] > over for one in figures["groups"]),
        "exited": now["by_status"].get(EXITED, 0),
        **{
            f"{key}.{what}": counts[f"closing_{what}"]
            for key, counts in world.closings.items()
            for what in ("households", "persons")
        },
    }


async def _divisions(api: Api, county: str) -> Counter[str]:
    levels: Counter[str] = Counter()
    waiting = [county]
    while waiting:
        below = await api.all("/registry/v1/divisions", parent=waiting.pop())
        levels.update(one["level"] for one in below)
        waiting += [one["code"] for one in below if one["level"] != "village"]
    return levels


def _houses(figures: Mapping[str, Any]) -> dict[str, int]:
    total, kinds = figures["total"], figures["by_kind"]
    found = {
        "sites": total["sites"],
        "relocated_households": total["households"],
        "relocated_persons": total["persons"],
        "houses_completed": total["completed"],
        "houses_moved_in": total["moved_in"],
        "houses_subsidised": total["subsidised_households"],
        "housing_subsidy_fen": _fen(total["subsidy_paid"]),
    }
    for kind, of_kind in kinds.items():
        found[f"{kind}_sites"] = of_kind["sites"]
        found[f"{kind}_households"] = of_kind["households"]
        found[f"{kind}_persons"] = of_kind["persons"]
    return found


async def _money(api: Api) -> dict[str, int]:
    figures = await api.get("/finance/v1/statistics")
    received = {one["source"]: _fen(one["received"]) for one in figures["received"]}
    special, integrated = received.get(SPECIAL, 0), received.get(INTEGRATED, 0)
    return {
        "donation_fen": received.get(DONATION, 0),
        "special_fen": special,
        "integrated_fen": integrated,
        "special_and_integrated_fen": special + integrated,
        "batches": len(await api.all("/finance/v1/batches", status="closed")),
    }


def _claims(figures: Mapping[str, Any]) -> dict[str, int]:
    claims = figures["claims"]
    return {
        "claims": sum(claims.values()),
        "claims_paid": claims["paid"],
        "industry_paid_fen": _fen(figures["recipients"]["amount"]),
        "floor_households": figures["floor"]["met"],
    }


def _findings(findings: list[dict[str, Any]]) -> dict[str, int]:
    from cli.sample.county import Rule

    by_rule = Counter(one["rule"] for one in findings)
    return {"findings": len(findings), **{f"findings.{rule.value}": by_rule[rule.value] for rule in Rule}}


def _fen(amount: Mapping[str, str]) -> int:
    return parse_yuan(amount["amount"])
