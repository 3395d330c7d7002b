"""Households to register: as requests, as drafts of a workbook, every person with an identity number of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from stdnum.cn import ric

from bench.log import AREA
from chassis.ids import new_id
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

PEOPLE = 4
CLERK_AREA = "532930"
DIVISIONS = f"""code,level,parent_code,name
530000000000,province,,云南省
532900000000,prefecture,530000000000,大理白族自治州
532930000000,county,532900000000,洱源县
532930101000,township,532930000000,茈碧湖镇
{AREA},village,532930101000,测试村
"""
PERSON: dict[str, Any] = {
    "name": "测试甲",
    "sex": "1",
    "ethnic_group": "14",
    "education": "03",
    "schooling": "00",
    "health": "01",
    "labour": "01",
    "work": "00",
    "medical_scheme": True,
}
FILE: dict[str, Any] = {
    "village_code": AREA,
    "attribute": "01",
    "standard": "1",
    "cause": "01",
    "address": "测试村七组",
    "bank_code": "002731000012",
    "account": "6217000012345678901",
    "phone": "13900001111",
}
FEN = {"wage_income": 100_000, "business_income": 50_050, "transfer_income": 0, "property_income": 0}


@dataclass(slots=True)
class Households:
    """Makes households that nobody has filed yet."""

    _people: Iterator[int] = field(default_factory=count)
    _files: Iterator[int] = field(default_factory=count)

    def draft(self) -> HouseholdDraft:
        """Return a household as a workbook states it."""
        fen: dict[str, Any] = {f"{name}_fen": amount for name, amount in FEN.items()}
        return HouseholdDraft(
            **FILE,
            **fen,
            production_cost_fen=10_025,
            file_number=f"B-{next(self._files)}",
            housing_area_m2=Decimal("80.5"),
            members=tuple(MemberDraft(**member) for member in self._members()),
        )

    def request(self) -> dict[str, Any]:
        """Return a household as a request states it."""
        return {
            **FILE,
            **{name: f"{fen / 100:.2f}" for name, fen in FEN.items()},
            "production_cost": "100.25",
            "file_number": f"B-{next(self._files)}",
            "housing_area_m2": "80.5",
            "members": self._members(),
        }

    def _members(self) -> list[dict[str, Any]]:
        return [
            {**PERSON, "identity_number": _identity(next(self._people)), "relation": "20" if number else "02"}
            for number in range(PEOPLE)
        ]


def _identity(number: int) -> str:
    """Return a valid identity number of a man."""
    day = f"{1930 + number // 27_000:04d}{1 + number // 2_250 % 12:02d}{1 + number // 90 % 25:02d}"
    base = f"532930{day}{number % 90 * 10 + 1:03d}"
    return base + str(ric.calc_check_digit(base + "0"))


def new_key() -> str:
    """Return an Idempotency-Key."""
    return new_id().hex
