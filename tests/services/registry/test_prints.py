"""Papers in Chinese: what each shows and hides, that it is on record first, and that the text can be read back."""

import io
from typing import Any

import pypdf
import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_ACCOUNT,
    CANARY_ADDRESS,
    CANARY_NAME,
    CANARY_PHONE,
    OTHER_TOWNSHIP,
    VILLAGE,
    filed,
    household,
    identity,
    member,
    post,
)

CARD = {"paper": "household-card", "reason": "hung on the door"}
PAGE = {"paper": "handbook-page", "reason": "handed to the household"}


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF without its spaces and line ends, as any reader extracts it."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return "".join("".join(page.extract_text() for page in reader.pages).split())


async def test_a_card_shows_the_household_in_chinese_and_masks_its_numbers(registry: Harness) -> None:
    household_id = await filed(registry, 1, attribute="02", cause="02")

    printed = await post(registry, f"/households/{household_id}/prints", json=CARD)

    assert printed.status_code == 200, printed.text
    assert printed.headers["content-type"] == "application/pdf"
    text = text_of(printed.content)
    for shown in (
        "贫困户明白卡",
        "洱源县甲镇一村",
        "F-00001",
        CANARY_NAME,
        "因残",
        "低保贫困户",
        "配偶",
        "1400.25",
    ):
        assert shown in text, shown
    assert f"{identity(2)[:4]}**********{identity(2)[-2:]}" in text
    for hidden in (identity(2), CANARY_ACCOUNT, CANARY_PHONE, CANARY_ADDRESS):
        assert hidden not in text


async def test_a_page_of_the_handbook_shows_numbers_in_full(registry: Harness) -> None:
    household_id = await filed(registry, 1)

    printed = await post(registry, f"/households/{household_id}/prints", json=PAGE)

    text = text_of(printed.content)
    for shown in (
        "扶贫手册",
        identity(2),
        CANARY_ACCOUNT,
        CANARY_PHONE,
        CANARY_ADDRESS,
        "白族",
        "80.5平方米",
    ):
        assert shown in text, shown


async def test_a_rare_character_of_a_name_is_printed_as_itself(registry: Harness) -> None:
    people = [member(2, name="龘㛃䶮")]
    household_id = await filed(registry, 1, members=people)

    printed = await post(registry, f"/households/{household_id}/prints", json=CARD)

    assert "龘㛃䶮" in text_of(printed.content)


async def test_a_paper_is_on_record_with_who_why_and_of_whom(registry: Harness) -> None:
    household_id = await filed(registry, 1)

    await post(registry, f"/households/{household_id}/prints", json=PAGE)

    (row,) = await registry.sql(
        "SELECT kind, subject_id::text, actor_id, reason, asked_for, items, area_code FROM registry.disclosure"
    )
    assert tuple(row) == (
        "print",
        household_id,
        "clerk-1",
        "handed to the household",
        "handbook-page",
        2,
        VILLAGE,
    )


async def test_nothing_is_printed_when_the_record_cannot_be_written(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    await registry.sql("REVOKE INSERT ON registry.disclosure FROM tuopin_registry")

    try:
        refused = await post(registry, f"/households/{household_id}/prints", json=CARD)
    finally:
        await registry.sql("GRANT INSERT ON registry.disclosure TO tuopin_registry")

    assert refused.status_code == 500
    assert b"%PDF" not in refused.content


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({"roles": [roles.AUDITOR]}, 403),
        ({"roles": [roles.BANK]}, 403),
        ({"area": OTHER_TOWNSHIP}, 404),
    ],
)
async def test_printing_needs_the_role_and_the_area(
    registry: Harness, who: dict[str, Any], status: int
) -> None:
    household_id = await filed(registry, 1)

    refused = await post(registry, f"/households/{household_id}/prints", json=CARD, **who)

    assert refused.status_code == status
    assert await registry.sql("SELECT 1 FROM registry.disclosure") == []


async def test_printing_needs_a_reason_and_a_known_paper(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    path = f"/households/{household_id}/prints"

    assert (await post(registry, path, json={"paper": "household-card"})).status_code == 422
    assert (await post(registry, path, json=CARD | {"paper": "wall-chart"})).status_code == 422


async def test_a_household_of_thirty_goes_on_to_a_second_page(registry: Harness) -> None:
    people = [
        member(100 + number, relation="02" if number == 0 else "97", name=f"人{number}")
        for number in range(30)
    ]
    household_id = await filed(registry, 1, **{**household(), "members": people})

    printed = await post(registry, f"/households/{household_id}/prints", json=CARD)

    reader = pypdf.PdfReader(io.BytesIO(printed.content))
    assert len(reader.pages) == 2
    assert "人29" in text_of(printed.content)
    assert "第2页，共2页" in text_of(printed.content)
