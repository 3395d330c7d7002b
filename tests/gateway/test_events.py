"""The auditors' stream: from a start, after an event, for ever, and gone when the session is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
from starlette.types import Receive, Scope, Send

from chassis.serving import HttpServer, listen
from tests.gateway.house import House, StandIns

PATH = "/gateway/v1/events"


class Trail:
    """A stand-in for supervision's trail that grows when told."""

    def __init__(self) -> None:
        self.events: list[tuple[int, dict[str, Any]]] = []
        self.polls: list[str] = []
        self.askers: list[asyncio.Task[Any] | None] = []
        self.status = 200

    def add(self, position: int, *, type: str = "registry.household-verified.v1") -> None:  # noqa: A002
        self.events.append((position, {"type": type, "id": f"event-{position}", "data": {"line": "a\nb"}}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Answer one poll."""
        query = httpx.QueryParams(scope["query_string"].decode())
        self.polls.append(scope["query_string"].decode())
        self.askers.append(asyncio.current_task())
        items = [
            {"position": position, "envelope": event}
            for position, event in self.events
            if position > int(query["after"]) and query.get("type", event["type"]) == event["type"]
        ]
        body = msgspec.json.encode({"items": items[: int(query["limit"])], "next": None})
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def trail(stand_ins: StandIns) -> Trail:
    stand_ins["supervision"] = found = Trail()
    return found


@asynccontextmanager
async def listening(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the gateway on a socket: an in-memory client would wait for the stream's end."""
    listener = listen("127.0.0.1", 0)
    server = HttpServer(house.app, listener)
    task = asyncio.create_task(server.run_until_stopped())
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        yield client
    server.should_exit = True
    server.force_exit = True
    await task


async def read(response: httpx.Response, count: int) -> list[dict[str, str]]:
    """Return the next events of a stream."""
    found: list[dict[str, str]] = []
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if line == "" and "id" in fields:
            found.append(fields)
            fields = {}
            if len(found) == count:
                return found
        elif name:
            fields[name] = value
    return found


async def test_a_stream_begins_at_the_beginning_and_goes_on(house: House, trail: Trail) -> None:
    trail.add(1)
    trail.add(4)
    headers = await house.person("auditor")

    async with listening(house) as client, client.stream("GET", PATH, headers=headers) as response:
        first = asyncio.create_task(read(response, 3))
        await asyncio.sleep(0.3)
        trail.add(9)
        events = await first

    assert response.headers["content-type"].startswith("text/event-stream")
    assert [event["id"] for event in events] == ["1", "4", "9"]
    assert events[0]["event"] == "registry.household-verified.v1"
    assert msgspec.json.decode(events[2]["data"])["id"] == "event-9"


async def test_a_reader_that_comes_back_goes_on_after_its_last_event(house: House, trail: Trail) -> None:
    for position in (1, 2, 3):
        trail.add(position)
    headers = {**await house.person("auditor"), "last-event-id": "2"}

    async with listening(house) as client, client.stream("GET", PATH, headers=headers) as response:
        events = await read(response, 1)

    assert [event["id"] for event in events] == ["3"]


async def test_filters_and_start_time_are_asked_of_the_trail(house: House, trail: Trail) -> None:
    trail.add(1)
    trail.add(2, type="finance.payment-settled.v1")
    headers = await house.person("auditor")
    params = {"type": "finance.payment-settled.v1", "subject": "payment/1", "from": "2016-12-31T00:00:00Z"}

    async with (
        listening(house) as client,
        client.stream("GET", PATH, headers=headers, params=params) as response,
    ):
        events = await read(response, 1)

    assert [event["id"] for event in events] == ["2"]
    assert "subject=payment%2F1" in trail.polls[0]
    assert "from=2016-12-31T00%3A00%3A00%2B00%3A00" in trail.polls[0]


async def test_a_quiet_stream_says_that_it_is_still_there(house: House, trail: Trail) -> None:
    headers = await house.person("auditor")

    async with listening(house) as client, client.stream("GET", PATH, headers=headers) as response:
        said = [line async for line in _first(response, 3)]

    assert said == [": open", ": still here", ": still here"]


async def _first(response: httpx.Response, count: int) -> AsyncIterator[str]:
    seen = 0
    async for line in response.aiter_lines():
        if line:
            yield line
            seen += 1
        if seen == count:
            return


def _waiting(house: House) -> int:
    """Return how many readers wait at the end of the trail."""
    return sum(tail._waiting for tail in house.gateway.tails._tails.values())


async def test_many_readers_of_one_question_share_one_poll_and_hold_no_connection(
    house: House, trail: Trail
) -> None:
    headers = await house.person("auditor")
    trail.add(1)

    async with listening(house) as client:
        streams = [client.stream("GET", PATH, headers=headers) for _ in range(40)]
        responses = await asyncio.gather(*(stream.__aenter__() for stream in streams))
        readers = [asyncio.create_task(read(response, 3)) for response in responses]
        async with asyncio.timeout(30):
            while _waiting(house) < len(readers):  # noqa: ASYNC110 - it happens elsewhere
                await asyncio.sleep(0.01)
        trail.askers.clear()
        async with asyncio.timeout(30):
            while len(trail.askers) < len(readers):  # noqa: ASYNC110 - it happens elsewhere
                await asyncio.sleep(0.01)
            # Whether its session still holds, each asks now and then.
            while house.harness.runtime.database.lent:  # noqa: ASYNC110 - it happens elsewhere
                await asyncio.sleep(0)
        askers = set(trail.askers)
        trail.add(2)
        trail.add(3)
        events = await asyncio.gather(*readers)
        await asyncio.gather(*(stream.__aexit__(None, None, None) for stream in streams))

    assert len(askers) == 1, "40 readers polling for themselves would be 40"
    assert all([event["id"] for event in found] == ["1", "2", "3"] for found in events)


async def test_a_stream_ends_with_its_session(house: House, trail: Trail) -> None:
    headers = await house.person("auditor")

    async with listening(house) as client, client.stream("GET", PATH, headers=headers) as response:
        reading = asyncio.create_task(read(response, 1))
        await asyncio.sleep(0.2)
        await house.http.delete("/gateway/v1/sessions/current", headers=headers)
        trail.add(1)
        events = await asyncio.wait_for(reading, 30)

    assert events == []


async def test_a_stream_survives_an_outage_of_the_trail(
    house: House, trail: Trail, stand_ins: StandIns
) -> None:
    headers = await house.person("auditor")
    trail.add(1)

    async with listening(house) as client, client.stream("GET", PATH, headers=headers) as response:
        reading = asyncio.create_task(read(response, 2))
        await asyncio.sleep(0.3)
        del stand_ins["supervision"]
        await asyncio.sleep(0.3)
        trail.add(2)
        stand_ins["supervision"] = trail
        events = await asyncio.wait_for(reading, 30)

    assert [event["id"] for event in events] == ["1", "2"]


async def test_a_trail_that_is_down_at_the_start_is_a_problem_and_not_a_stream(
    house: House, stand_ins: StandIns
) -> None:
    del stand_ins["supervision"]

    refused = await house.http.get(PATH, headers=await house.person("auditor"))

    assert refused.status_code == 503
    assert "supervision" in refused.json()["detail"]


async def test_a_trail_that_refuses_is_a_problem(house: House, trail: Trail) -> None:
    trail.status = 403

    refused = await house.http.get(PATH, headers=await house.person("auditor"))

    assert refused.status_code == 502
    assert refused.json()["code"] == "trail-refused"


@pytest.mark.parametrize("role", ["clerk", "county-officer", "payer", "bank", "administrator"])
async def test_only_auditors_listen(house: House, trail: Trail, role: str) -> None:
    assert (await house.http.get(PATH, headers=await house.person(role))).status_code == 403
    assert trail.polls == []


@pytest.mark.parametrize("last", [b"x", b"-1", b"1" * 19, b"\xb2", b"1\xb9"])
async def test_a_foreign_last_event_id_is_refused(house: House, trail: Trail, last: bytes) -> None:
    person = {name.encode(): value.encode() for name, value in (await house.person("auditor")).items()}
    headers = {**person, b"last-event-id": last}

    assert (await house.http.get(PATH, headers=headers)).status_code == 422
