"""Requests, people and divisions for the registry tests."""

from typing import Any

import httpx
from stdnum.cn import ric

from contracts import roles
from tests.kit import Harness

COUNTY = "532930"
TOWNSHIP = "532930101"
VILLAGE = "532930101201"
NEXT_VILLAGE = "532930101202"
OTHER_TOWNSHIP = "532930102"
OTHER_VILLAGE = "532930102201"
CANARY_NAME = "金丝雀甲"
CANARY_ACCOUNT = "6217000099998888777"
CANARY_PHONE = "13988887777"
CANARY_ADDRESS = "鸟巢村七组"
DIVISIONS = f"""code,level,parent_code,name
530000000000,province,,云南省
532900000000,prefecture,530000000000,大理白族自治州
532930000000,county,532900000000,洱源县
532930101000,township,532930000000,甲镇
532930102000,township,532930000000,乙镇
{VILLAGE},village,532930101000,一村
{NEXT_VILLAGE},village,532930101000,二村
{OTHER_VILLAGE},village,532930102000,三村
"""


def identity(number: int, *, female: bool = False) -> str:
    """Return a valid identity number; the sex digit is odd for men."""
    sequence = number * 2 % 1000 + (0 if female else 1)
    base = f"532930{1950 + number // 500 % 50}0101{sequence:03d}"
    return base + str(ric.calc_check_digit(base + "0"))


def member(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a head of household."""
    return {
        "name": CANARY_NAME,
        "identity_number": identity(number),
        "sex": "1",
        "relation": "02",
        "ethnic_group": "14",
        "education": "03",
        "schooling": "00",
        "health": "01",
        "labour": "01",
        "work": "00",
        "medical_scheme": True,
    } | changes


def spouse(number: int = 2, **changes: Any) -> dict[str, Any]:
    """Return a wife."""
    return member(number, identity_number=identity(number, female=True), sex="2", relation="10") | changes


def household(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a household of two to file."""
    return {
        "file_number": f"F-{number:05d}",
        "village_code": VILLAGE,
        "attribute": "01",
        "standard": "1",
        "cause": "01",
        "address": CANARY_ADDRESS,
        "bank_code": "002731000012",
        "account": CANARY_ACCOUNT,
        "phone": CANARY_PHONE,
        "housing_area_m2": "80.5",
        "wage_income": "1000.00",
        "business_income": "500.50",
        "transfer_income": "0.00",
        "property_income": "0.00",
        "production_cost": "100.25",
        "members": [member(number * 2), spouse(number * 2 + 1)],
    } | changes


async def import_divisions(harness: Harness, text: str = DIVISIONS, area: str = "") -> httpx.Response:
    """Import a division file as an officer."""
    return await harness.call(
        "POST", "/registry/v1/divisions/imports", roles=[roles.OFFICER], area=area, content=text.encode()
    )


async def post(harness: Harness, path: str, **request: Any) -> httpx.Response:
    """Send a POST as the township's clerk unless told otherwise."""
    who = {"roles": [roles.CLERK], "area": TOWNSHIP, "actor": "clerk-1"} | request
    return await harness.call("POST", f"/registry/v1{path}", **who)


async def get(harness: Harness, path: str, **request: Any) -> httpx.Response:
    """Send a GET as the township's clerk unless told otherwise."""
    who = {"roles": [roles.CLERK], "area": TOWNSHIP, "actor": "clerk-1"} | request
    return await harness.call("GET", f"/registry/v1{path}", **who)


async def put(harness: Harness, household_id: str, version: int, **request: Any) -> httpx.Response:
    """Change a household as the county's officer."""
    who = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"} | request
    headers = {"if-match": f'"{version}"'}
    return await harness.call("PUT", f"/registry/v1/households/{household_id}", headers=headers, **who)


async def filed(harness: Harness, number: int = 1, **changes: Any) -> str:
    """File a household as the clerk of its township and return its id."""
    body = household(number, **changes)
    answer = await post(harness, "/households", json=body, area=body["village_code"][:9])
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
