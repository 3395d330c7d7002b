"""Workbooks for the registry's tests over HTTP, made by the product's own writer or cell by cell."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import httpx

from services.registry.workbook.draft import HouseholdDraft, MemberDraft
from services.registry.workbook.export import export_households
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_ACCOUNT,
    CANARY_ADDRESS,
    CANARY_NAME,
    CANARY_PHONE,
    VILLAGE,
    identity,
    post,
)


def member_draft(number: int, **changes: Any) -> MemberDraft:
    """Return a man who is head of his household."""
    values: dict[str, Any] = {
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
    }
    return MemberDraft(**(values | changes))


def household_draft(number: int, **changes: Any) -> HouseholdDraft:
    """Return a household of two."""
    wife = member_draft(number, identity_number=identity(number, female=True), sex="2", relation="10")
    values: dict[str, Any] = {
        "file_number": f"W-{number:05d}",
        "village_code": VILLAGE,
        "attribute": "02" if number % 2 else "01",
        "standard": "1",
        "cause": "01",
        "address": CANARY_ADDRESS,
        "bank_code": "002731000012",
        "account": CANARY_ACCOUNT,
        "phone": CANARY_PHONE,
        "housing_area_m2": Decimal("80.5"),
        "wage_income_fen": 100_000,
        "business_income_fen": 50_050,
        "transfer_income_fen": 0,
        "property_income_fen": 0,
        "production_cost_fen": 10_025,
        "members": (member_draft(number), wife),
    }
    return HouseholdDraft(**(values | changes))


def drafts(count: int = 3) -> list[HouseholdDraft]:
    """Return so many households of two."""
    return [household_draft(number) for number in range(1, count + 1)]


async def send(
    harness: Harness,
    households: Sequence[HouseholdDraft] | bytes,
    *,
    dry_run: bool = False,
    standing: str | None = None,
    **who: Any,
) -> httpx.Response:
    """Import households as the township's clerk."""
    document = households if isinstance(households, bytes) else export_households(households)
    query = f"dry_run={str(dry_run).lower()}" + (f"&standing={standing}" if standing else "")
    return await post(harness, f"/imports?{query}", content=document, **who)
