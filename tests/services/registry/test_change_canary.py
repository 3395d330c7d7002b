"""What a change request says of people, and what is searched for, lies open nowhere."""

import pytest

from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_ACCOUNT,
    CANARY_ADDRESS,
    CANARY_NAME,
    CANARY_PHONE,
    identity,
    post,
)
from tests.services.registry.changes import (
    AMOUNTS,
    OFFICER,
    aged,
    changed,
    child,
    ids,
    review,
    submit,
    submitted,
    undo,
)

BANK = {"bank_code": "002731000012", "account": CANARY_ACCOUNT, "phone": CANARY_PHONE}


async def test_canaries_of_changes_and_searches_are_found_nowhere(
    registry: Harness, capsys: pytest.CaptureFixture[str]
) -> None:
    household_id, other = await aged(registry, 1), await aged(registry, 2)
    born = await changed(registry, "birth", household_id, child=child(700))
    wife, last = (await ids(registry, household_id))[1:]
    founded = AMOUNTS | BANK | {"file_number": "F-90001", "address": CANARY_ADDRESS}
    members = [{"person_id": last, "relation": "02"}]
    answers = [
        await undo(registry, born),
        await submit(registry, "birth", household_id, child=child(700)),
        await submit(registry, "birth", household_id, child=child(701, name=f"{CANARY_NAME}\n")),
        await submit(registry, "death", household_id, person_id=CANARY_NAME),
        await review(registry, await submitted(registry, "birth", other, child=child(2))),
        await submit(registry, "split", household_id, founded=founded, members=members),
        await post(registry, "/persons/merges", json={"kept": wife, "dropped": wife, "reason": CANARY_NAME}),
        await post(
            registry,
            "/persons/duplicates/search",
            json={"identity_number": identity(4), "name": CANARY_NAME, "reason": "before filing"},
        ),
        await post(registry, "/search", json={"name": CANARY_NAME, "cursor": CANARY_NAME}),
    ]
    await post(registry, "/search", json={"name": CANARY_NAME, "address": CANARY_ADDRESS}, **OFFICER)

    tables = await registry.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'registry'")
    kept = [
        str(row[0])
        for table in tables
        for row in await registry.sql(f"SELECT t::text FROM registry.{table['tablename']} AS t")  # noqa: S608
    ]
    captured = capsys.readouterr()
    told = "\n".join([*kept, captured.out, captured.err, *(answer.text for answer in answers)])
    canaries = [CANARY_NAME, CANARY_ACCOUNT, CANARY_PHONE, CANARY_ADDRESS]
    canaries += [identity(number) for number in (2, 4, 700, 701)]
    forms = [form for canary in canaries for form in (canary, canary.encode().hex())]

    assert len(kept) > 30
    assert [form for form in forms if form in told] == []
