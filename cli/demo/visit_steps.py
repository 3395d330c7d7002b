"""Visits to households: everybody's in a round and once a year, and the one before an exit."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from chassis.money import format_yuan
from cli.demo.bulk import send_all
from cli.demo.people import TOWNSHIP_DIGITS
from cli.demo.world import World
from cli.sample.draft import CAUSE
from cli.sample.plan import SampleHousehold, SampleIncome
from cli.sample.step import CalendarStep

BULK = "/registry/v1/visits/bulk"
TEAM = ["样队员甲", "样队员乙"]
# More than any line of the years played, for each person.
EXIT_WAGE_FEN = 600_000


async def visit_households(world: World, step: CalendarStep) -> None:
    """Visit households once in the year, as the linked cadres have to."""
    await visit_all(world, step.refs, on=step.on)


async def visit_all(
    world: World, file_numbers: Iterable[str], *, on: date, round_id: str | None = None
) -> None:
    """Record a visit to each household, every township's by its own work team."""
    towns = await world.people.towns()
    by_town: dict[str, list[str]] = {}
    for number in sorted(file_numbers):
        by_town.setdefault(world.village(number)[:TOWNSHIP_DIGITS], []).append(number)

    async def by_team(town: str, numbers: list[str]) -> None:
        items = [_item(world, number, on, round_id) for number in numbers]
        results = await send_all(towns[town].team.api, BULK, items)
        world.visits |= {number: result["visit_id"] for number, result in zip(numbers, results, strict=True)}

    await asyncio.gather(*(by_team(town, numbers) for town, numbers in by_town.items()))


def content_of(household: SampleHousehold, income: SampleIncome, mark: str) -> dict[str, Any]:
    """Return what a team says of a household: the five checks, each with its evidence."""
    checks: dict[str, dict[str, Any]] = {
        "income": _income(income),
        "housing": {
            "area_m2": str(household.housing.area_m2),
            "structure": household.housing.structure,
            "safety": "B",
            "built_year": household.housing.year_built,
        },
        "property": {"items": []},
        "family": _family(household),
        "production": {
            "land_mu": "4.0",
            "livestock": 1,
            "poultry": 6,
            "has_water": True,
            "has_power": household.housing.power,
            "has_road": True,
        },
    }
    evidence = {"finding": "as-told", "evidence_sha256": _hash(f"{mark} {household.file_number} form")}
    return {
        "members": TEAM,
        "latitude": "26.11",
        "longitude": "99.95",
        "photos": [_hash(f"{mark} {household.file_number} photo")],
        "signature_sha256": _hash(f"{mark} {household.file_number} signature"),
        "cause": CAUSE[household.cause],
        "checks": {name: {**evidence, **found} for name, found in checks.items()},
        "assurances_met": ["food", "clothing"],
        "guarantees_met": ["education", "medical", "housing"],
    }


def prosperous(household: SampleHousehold) -> SampleIncome:
    """Return an income of the household that lies above the line."""
    return replace(household.income, wage_fen=EXIT_WAGE_FEN * len(household.members))


def _item(world: World, number: str, on: date, round_id: str | None) -> dict[str, Any]:
    household = world.household[number]
    return {
        **content_of(household, household.income, f"synthetic visit of {on}"),
        "household_id": world.households[number],
        "visited_on": str(on),
        "round_id": round_id,
    }


def _income(income: SampleIncome) -> dict[str, str]:
    return {
        "wage_income": format_yuan(income.wage_fen),
        "business_income": format_yuan(income.business_fen),
        "transfer_income": format_yuan(income.transfer_fen),
        "property_income": format_yuan(income.property_fen),
        "production_cost": format_yuan(income.cost_fen),
        "net_income": format_yuan(income.net_fen),
    }


def _family(household: SampleHousehold) -> dict[str, int]:
    labour = sum(member.labour == "ordinary" for member in household.members)
    students = sum(member.schooling != "none" for member in household.members)
    others = len(household.members) - labour - students
    return {"labour": labour, "students": students, "dependants": max(0, others), "dropouts": 0}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
