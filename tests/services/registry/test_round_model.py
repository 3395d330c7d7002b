"""Whatever becomes of its households, a round's numbers equal a naive recomputation."""

from dataclasses import dataclass
from random import Random

import pytest

from tests.kit import Harness
from tests.services.registry.builders import OTHER_VILLAGE, TOWNSHIP, VILLAGE, filed
from tests.services.registry.changes import left_alone, moved
from tests.services.registry.rounds import close_round, decide, opened, stand

ON_IT = ("kept", "not-removed", "removed", "exited", "merged", "moved-out", "shrunk")
CANDIDATES = ("added", "turned-down", "undecided", "added-and-exited")
ELSEWHERE = ("moved-in", "stays-out")
SIZE = 2
HOUSEHOLDS = 16


@dataclass(frozen=True)
class Fate:
    """What a household was before the round, what becomes of it, and how many it is at the end."""

    number: int
    kind: str

    @property
    def was_on(self) -> bool:
        return self.kind in ON_IT

    @property
    def is_on(self) -> bool:
        return self.kind in {"kept", "not-removed", "shrunk", "added", "moved-in"}

    @property
    def came(self) -> bool:
        return self.kind in {"added", "added-and-exited", "moved-in"}

    @property
    def left(self) -> bool:
        return self.kind in {"removed", "exited", "merged", "moved-out", "added-and-exited"}

    @property
    def persons(self) -> int:
        return 1 if self.kind == "shrunk" else SIZE


def naive(fates: list[Fate]) -> dict[str, int]:
    """Count a round by hand."""
    return {
        "opening_households": sum(fate.was_on for fate in fates),
        "opening_persons": sum(SIZE for fate in fates if fate.was_on),
        "added_households": sum(fate.came for fate in fates),
        "added_persons": sum(fate.persons for fate in fates if fate.came),
        "removed_households": sum(fate.left for fate in fates),
        "removed_persons": sum(SIZE for fate in fates if fate.left),
        "changed_persons": sum(fate.persons - SIZE for fate in fates if fate.was_on and fate.is_on),
        "closing_households": sum(fate.is_on for fate in fates),
        "closing_persons": sum(fate.persons for fate in fates if fate.is_on),
    }


async def begin(registry: Harness, fate: Fate) -> str:
    """File a household as it is before the round."""
    village = OTHER_VILLAGE if fate.kind in ELSEWHERE else VILLAGE
    return await filed(registry, fate.number, village_code=village, candidate=fate.kind in CANDIDATES)


async def play(registry: Harness, round_id: str, household_id: str, fate: Fate) -> None:
    """Let a household meet its fate."""
    decided = {"not-removed": "turned-down", "turned-down": "turned-down", "undecided": "open"}
    if fate.kind not in {*ELSEWHERE, "exited", "merged", "moved-out"}:
        await decide(registry, round_id, household_id, decided.get(fate.kind, "effective"))
    if fate.kind in {"removed", "not-removed"}:
        await registry.sql(
            "UPDATE registry.round_entry SET proposal = 'remove' WHERE household_id = $1::uuid", household_id
        )
    states: dict[str, list[tuple[str, str | None]]] = {
        "removed": [("closed", "deceased")],
        "exited": [("exited", "income-above-line")],
        "merged": [("closed", "merged")],
        "added": [("registered", None)],
        "added-and-exited": [("registered", None), ("exited", "moved-away")],
    }
    for status, reason in states.get(fate.kind, []):
        await stand(registry, household_id, status, reason)
    if fate.kind in {"moved-out", "moved-in"}:
        await moved(registry, household_id, OTHER_VILLAGE if fate.kind == "moved-out" else VILLAGE)
    if fate.kind == "shrunk":
        await left_alone(registry, household_id)


@pytest.mark.parametrize("seed", range(4))
async def test_a_round_counts_like_a_naive_recomputation(registry: Harness, seed: int) -> None:
    draw = Random(seed)  # noqa: S311 - a history, not a secret
    kinds = [draw.choice((*ON_IT, *CANDIDATES, *ELSEWHERE)) for _ in range(HOUSEHOLDS)]
    fates = [Fate(number, kind) for number, kind in enumerate(kinds, start=1)]
    ids = [await begin(registry, fate) for fate in fates]
    one = await opened(registry, scope=TOWNSHIP, include_candidates=True)
    for household_id, fate in zip(ids, fates, strict=True):
        await play(registry, one["id"], household_id, fate)

    closed = await close_round(registry, one["id"], end_additions=True)

    assert closed.status_code == 201, closed.text
    assert closed.json()["counts"] == naive(fates)
    assert closed.json()["closes"]
