"""Offices and partners that name the canaries: lists, questions, and the reasons, documents and marks of a request."""

import json
from typing import Any

import httpx

from cli.api import Api
from tests.flows import canary
from tests.flows.canary_ways import NEXT_VILLAGE, REGISTRY, done, refused
from tests.flows.town import VILLAGE, Town, household
from tests.services.registry.dci import PATH as DCI
from tests.services.registry.dci import by_number, by_predicate, envelope

LIST = f"{REGISTRY}/cross-checks?kind=vehicles&office=交警大队&as_of=2016-05-31"


async def compare_with_lists(town: Town) -> None:
    """Import another office's list that names people, have others refused, and clear the match up."""
    rows = f"{canary.IDENTITY},{canary.DETAIL}\n{canary.STRANGER_IDENTITY},{canary.PHONE} {canary.STRANGER}\n"
    faulty = (
        f"identity_number,detail\n{canary.WRONG_IDENTITY},{canary.DETAIL}\n{canary.IDENTITY},{canary.NAME},{canary.PHONE}\n",
        f"{canary.IDENTITY},{canary.NAME}\n",
        f'identity_number,detail\n"{canary.IDENTITY}",{canary.NAME}\x07\n',
    )
    for text in faulty:
        assert (await _list(town, town.officer, text)).status_code == 422
    assert (await _list(town, town.clerk, f"identity_number,detail\n{rows}")).status_code == 403
    await refused(
        town,
        town.officer,
        LIST,
        {"rows": [{"identity_number": canary.IDENTITY, canary.NAME: canary.NAME}]},
        {canary.NAME: []},
    )
    taken = await _list(town, town.officer, f"identity_number,detail\n{rows}")
    assert taken.json()["matches"] == 1, taken.text
    again = {
        "rows": [
            {"identity_number": canary.IDENTITY, "detail": canary.DETAIL},
            {"identity_number": canary.WRONG_IDENTITY},
        ]
    }
    await refused(town, town.officer, LIST, again)
    await done(town, town.officer, f"{REGISTRY}/cross-checks/{taken.json()['id']}/matches", {})
    (match,) = await town.clerk.all(f"{REGISTRY}/cross-checks/matches")
    assert match["detail"] == canary.DETAIL  # who clears a match up reads what it says
    path = f"{REGISTRY}/cross-checks/matches/{match['id']}/resolutions"
    await refused(
        town, town.clerk, path, {"outcome": "explained", "reason": canary.NAME}, {"outcome": canary.NAME}
    )
    await done(town, town.clerk, path, {"outcome": "explained", "reason": "same-name"})
    town.made |= {"list": taken.json()["id"]}


async def _list(town: Town, api: Api, text: str) -> httpx.Response:
    return await town.send(api, "POST", LIST, content=text.encode(), headers={"content-type": "text/csv"})


async def ask_as_partner(town: Town) -> None:
    """Ask about people as an insurer: in bulk, and by the DCI interface; only the number asked about comes back."""
    insurer = await town.people.insurer.visit()
    items: list[dict[str, Any]] = [
        {"identity_number": canary.IDENTITY, "on": "2026-01-01"},
        {"identity_number": canary.STRANGER_IDENTITY},
        {"identity_number": canary.WRONG_IDENTITY},
        {"identity_number": canary.NAME},
    ]
    many = "/gateway/v1/eligibility-checks/bulk"
    asked = await town.post(insurer, many, {"items": items, "purpose": "premium-subsidy"})
    assert (asked.json()["answered"], asked.json()["refused"]) == (2, 2), asked.text
    assert canary.open_in(asked.content) == set()
    # A mark of the caller's own comes back as it is, and is kept nowhere.
    marked = [item | {"reference_id": canary.ACCOUNT} for item in items]
    assert canary.open_in(
        (await town.post(insurer, many, {"items": marked, "purpose": "premium-subsidy"})).content
    ) == {canary.ACCOUNT}
    await refused(
        town,
        insurer,
        many,
        {"items": items, "purpose": canary.NAME},
        {"items": [{canary.IDENTITY: 1}], "purpose": "x"},
    )
    await refused(
        town,
        insurer,
        "/gateway/v1/eligibility-checks",
        {"identity_number": canary.NAME, "on": canary.IDENTITY, "purpose": "premium-subsidy"},
    )
    await _ask_by_dci(town, insurer)


async def _ask_by_dci(town: Town, insurer: Api) -> None:
    def number(value: object) -> dict[str, Any]:
        return by_number(1, query={"type": "UIN", "value": value})

    for message, shown in (
        (envelope(number(canary.IDENTITY)), {canary.IDENTITY}),
        (envelope(number(canary.WRONG_IDENTITY), number(canary.NAME), number([canary.NAME])), set()),
        (
            envelope(
                by_predicate(("name", "eq", canary.NAME)), by_predicate(("village", "eq", canary.IDENTITY))
            ),
            set(),
        ),
        (envelope(number(canary.IDENTITY), version=canary.IDENTITY), set()),
        (envelope(by_predicate(("village", "eq", VILLAGE), ("group_size", "ge", 1))), set()),
    ):
        answer = await town.post(insurer, DCI, message)
        assert answer.is_success, answer.text
        assert canary.open_in(answer.content) == shown
    sender = envelope(number(canary.IDENTITY), message_id=canary.IDENTITY, action=canary.NAME)
    assert canary.open_in((await town.post(insurer, DCI, sender)).content) == set()
    await refused(
        town,
        insurer,
        DCI,
        {canary.NAME: canary.IDENTITY},
        {"header": canary.NAME, "message": canary.IDENTITY},
    )


async def give_reasons(town: Town) -> None:
    """Give reasons, documents and marks that hold a number: they are kept as they are, so none is taken."""
    home, person = town.made["household"], town.made["person"]
    number = f"核对{canary.IDENTITY}"
    for path, body in (
        (f"persons/{person}/unmaskings", {"reason": number}),
        (f"households/{home}/prints", {"paper": "household-card", "reason": number}),
        ("payees/resolve", {"household_ids": [home], "purpose": number}),
        ("persons/duplicates/search", {"identity_number": canary.IDENTITY, "reason": number}),
        ("eligibility-checks", {"identity_number": canary.IDENTITY, "on": "2026-01-01", "purpose": number}),
        ("eligibility-checks/bulk", {"items": [{"identity_number": canary.IDENTITY}], "purpose": number}),
        (
            f"areas/{VILLAGE}/figures",
            {
                "kind": "rural-population",
                "year": 2026,
                "value": "100",
                "as_of": "2026-01-01",
                "basis_document": number,
            },
        ),
        (f"households/{home}/exits", {"reason": canary.NAME}),
        (f"households/{home}/verifications", {"on": canary.IDENTITY}),
    ):
        await refused(town, town.officer, f"{REGISTRY}/{path}", body)
    await refused(town, town.officer, "/supervision/v1/rules", *_rules())
    named = LIST.replace("交警大队", canary.IDENTITY)
    await refused(town, town.officer, named, {"rows": [{"identity_number": canary.BRIDE_IDENTITY}]})
    purpose = {"purpose": {"code": number, "text": number}}
    message = envelope(by_number(1, query={"type": "UIN", "value": canary.IDENTITY}, authorize=purpose))
    answer = await town.post(town.officer, DCI, message)
    assert answer.json()["message"]["search_response"][0]["status"] == "rjct"
    await _mark_requests(town)


def _rules() -> list[dict[str, Any]]:
    rule = {
        "code": "canary",
        "kind": "deadline",
        "severity": "low",
        "effective_from": "2026-01-01",
        "basis_document": "样例〔2026〕1号",
        "explanation": {"zh": "样例", "en": "A sample."},
    }
    return [rule | {"parameters": {canary.NAME: 1}}, rule | {"parameters": {"subject": canary.NAME}}]


async def _mark_requests(town: Town) -> None:
    """Name requests by somebody's number: what they are named by goes into logs and facts."""
    path = f"{REGISTRY}/households"
    for number, mark in enumerate((canary.IDENTITY, f"card-{canary.IDENTITY}"), 78):
        marks = {"x-request-id": mark, "traceparent": mark, "idempotency-key": mark}
        marks["content-type"] = "application/json"
        filed = json.dumps(household(number, village_code=NEXT_VILLAGE)).encode()
        for content, status in ((filed, 201), (b"{}", 422)):
            answer = await town.send(town.clerk, "POST", path, content=content, headers=marks)
            assert answer.status_code == status, answer.text
            assert canary.open_in(str(answer.headers).encode()) == set()
