"""Any history, any day, any moment of knowledge: the answer equals a naive recomputation."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.values import ON_THE_REGISTER
from tests.kit import Harness
from tests.services.registry.builders import TOWNSHIP, filed, get, household, member, post, put, spouse
from tests.services.registry.test_statistics import digest_of

START = date(2016, 1, 1)
TODAY = date(2016, 6, 1)
CATEGORY = {"01": "general", "02": "dibao", "03": "wubao"}
DAYS = st.integers(0, (TODAY - START).days).map(lambda days: START + timedelta(days=days))
STEP = st.one_of(
    st.tuples(st.just("change"), st.sampled_from(sorted(CATEGORY)), st.sampled_from([1, 2]), DAYS),
    st.tuples(st.just("category"), st.sampled_from(sorted(CATEGORY)), DAYS),
    st.tuples(st.sampled_from(["verifications", "exits", "returns"]), DAYS),
)


@dataclass
class Model:
    """Statements in the order of recording: (recorded, from, what)."""

    contents: list[tuple[datetime, date, tuple[str, int | None]]] = field(default_factory=list)
    standings: list[tuple[datetime, date, str]] = field(default_factory=list)

    @staticmethod
    def _last(statements: list[Any], day: date, known: datetime) -> Any:
        spoken = [what for recorded, since, what in statements if since <= day and recorded < known]
        return spoken[-1] if spoken else None

    def at(self, day: date, known: datetime) -> tuple[str, str, int] | None:
        """Return status, category and persons on a day as known before a moment."""
        content, status = self._content(day, known), self._last(self.standings, day, known)
        return None if content is None or status is None else (status, *content)

    def _content(self, day: date, known: datetime) -> tuple[str, int] | None:
        """Say it over, statement by statement: a category alone leaves the people of the day as they were."""
        content: tuple[str, int] | None = None
        for recorded, since, (category, persons) in self.contents:
            if since <= day and recorded < known:
                content = (category, persons or (content[1] if content else 0))
        return content


async def moment(registry: Harness) -> datetime:
    """Return a moment after everything recorded so far."""
    now: datetime = (await registry.sql("SELECT clock_timestamp() AS now"))[0]["now"]
    return now.astimezone(UTC)


async def play(registry: Harness, steps: list[Any], number: int) -> tuple[str, Model, list[datetime]]:
    """File a household, play the steps that are allowed, and tell the model of those."""
    model, version = Model(), 1
    household_id = await filed(registry, number, on=START.isoformat())
    model.contents.append((datetime.now(UTC), START, ("general", 2)))
    model.standings.append((datetime.now(UTC), START, "registered"))
    moments = [await moment(registry)]
    for action, *values, day in steps:
        if action == "change":
            attribute, persons = values
            people = [member(number * 2), spouse(number * 2 + 1)][:persons]
            body = household(number, attribute=attribute, members=people) | {"effective_on": day.isoformat()}
            answer = await put(registry, household_id, version, json=body)
            if answer.status_code == 200:
                model.contents.append((datetime.now(UTC), day, (CATEGORY[attribute], persons)))
        elif action == "category":
            body = {"category": CATEGORY[values[0]], "from": day.isoformat(), "basis_document": "12号"}
            answer = await post(registry, f"/households/{household_id}/categories", json=body)
            if answer.status_code == 200:
                model.contents.append((datetime.now(UTC), day, (CATEGORY[values[0]], None)))
        else:
            reason = {} if action == "verifications" else {"reason": "other"}
            body = {"on": day.isoformat()} | reason
            answer = await post(registry, f"/households/{household_id}/{action}", json=body)
            if answer.status_code == 200:
                model.standings.append((datetime.now(UTC), day, answer.json()["status"]))
        assert answer.status_code in {200, 409, 422}, answer.text
        version = answer.json()["version"] if answer.status_code == 200 else version
        moments.append(await moment(registry))
    return household_id, model, moments


async def ask(
    registry: Harness, household_id: str, day: date, known: datetime
) -> tuple[str, str, int] | None:
    """Return what the registry says."""
    query = {"as_of": day.isoformat(), "recorded_before": known.isoformat()}
    answer = await get(registry, f"/households/{household_id}", params=query)
    if answer.status_code == 404:
        return None
    shown = answer.json()
    return shown["status"], shown["category"], shown["persons"]


def naive(models: list[Model], day: date, known: datetime) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return households by state, and households and people on the register by category, counted one by one."""
    states: dict[str, int] = {}
    categories: dict[str, list[int]] = {}
    for model in models:
        found = model.at(day, known)
        if found is None:
            continue
        status, category, persons = found
        states[status] = states.get(status, 0) + 1
        if status in ON_THE_REGISTER:
            sums = categories.setdefault(category, [0, 0])
            sums[0] += 1
            sums[1] += persons
    return states, categories


async def counted(
    registry: Harness, day: date, known: datetime
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return what the registry counts, after checking its own rows against the digest."""
    query = {"as_of": day.isoformat(), "recorded_before": known.isoformat(), "group_by": "category"}
    shown = (await get(registry, "/statistics", params=query)).json()
    listed = await get(registry, f"/statistics/lineage?limit=500&area={TOWNSHIP}", params=query)
    assert digest_of(listed.json()["items"]) == shown["lineage"]["sha256"]
    return shown["by_status"], {one["key"]: [one["households"], one["persons"]] for one in shown["groups"]}


async def test_any_history_reads_like_a_naive_recomputation(registry: Harness) -> None:
    number = 0
    models: list[Model] = []

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(steps=st.lists(STEP, min_size=1, max_size=6), days=st.lists(DAYS, min_size=3, max_size=3))
    async def holds(steps: list[Any], days: list[date]) -> None:
        nonlocal number
        number += 1
        household_id, model, moments = await play(registry, steps, number)
        models.append(model)
        for day in (*days, START, TODAY):
            for known in (moments[0], moments[len(moments) // 2], moments[-1]):
                expected = model.at(day, known)
                assert await ask(registry, household_id, day, known) == expected
        for day in (*days, TODAY):
            for known in (moments[0], moments[-1]):
                assert await counted(registry, day, known) == naive(models, day, known)

    inner = holds.hypothesis.inner_test  # type: ignore[attr-defined]
    await run(holds, inner)


async def run(holds: Any, inner: Any) -> None:
    """Let Hypothesis, which is synchronous, drive an asynchronous example on the running loop."""
    import asyncio

    loop = asyncio.get_running_loop()

    def example(**values: Any) -> None:
        asyncio.run_coroutine_threadsafe(inner(**values), loop).result(timeout=50)

    holds.hypothesis.inner_test = example
    await asyncio.to_thread(holds)
