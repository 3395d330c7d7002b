"""Passing requests on: what a service sees, what the caller gets, and what happens when a service is down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import structlog
from starlette.types import Message, Receive, Scope, Send

from chassis.serving import HttpServer, listen
from gateway.main import service
from gateway.settings import GatewaySettings
from gateway.upstreams.over_http import HttpUpstreams
from tests.gateway.house import House, StandIns
from tests.kit import HarnessFactory

SERVICES = ["registry", "subsidy", "relocation", "finance", "supervision"]


@asynccontextmanager
async def served(stand_ins: StandIns) -> AsyncIterator[dict[str, str]]:
    """Serve every stand-in on a port of its own and yield the addresses."""
    listeners = {name: listen("127.0.0.1", 0) for name in stand_ins}
    servers = {name: HttpServer(stand_ins[name], listeners[name]) for name in stand_ins}
    tasks = [asyncio.create_task(server.run_until_stopped()) for server in servers.values()]
    addresses = {name: f"http://127.0.0.1:{socket.getsockname()[1]}" for name, socket in listeners.items()}
    try:
        yield addresses
    finally:
        for server in servers.values():
            server.should_exit = True
        await asyncio.gather(*tasks)


SETTINGS = GatewaySettings(
    recheck_seconds=0, part_seconds=0.5, proxy_seconds=0.5, body_limit=2048, public_url="https://gateway.test"
)


@pytest.fixture(params=["in-process", "over-http"])
async def both(
    request: pytest.FixtureRequest, harness_for: HarnessFactory, stand_ins: StandIns
) -> AsyncIterator[House]:
    """The gateway before the same services, in process and over HTTP."""
    async with harness_for(service) as harness:
        if request.param == "in-process":
            async with House(harness, stand_ins, settings=SETTINGS) as house:
                yield house
            return
        async with served(stand_ins) as addresses:
            upstreams = HttpUpstreams(addresses)
            async with House(harness, stand_ins, upstreams=upstreams, settings=SETTINGS) as house:
                yield house


@pytest.mark.parametrize("name", SERVICES)
async def test_without_a_session_nothing_reaches_a_service(
    house: House, stand_ins: StandIns, name: str
) -> None:
    refused = await house.http.get(f"/{name}/v1/anything")

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert stand_ins.of(name).asked == []


async def test_an_internal_token_from_outside_is_refused(house: House, stand_ins: StandIns) -> None:
    token = house.harness.minter.mint("actor-1", {"county-officer"}, "")

    refused = await house.http.get("/registry/v1/households", headers={"authorization": f"Bearer {token}"})

    assert refused.status_code == 401
    assert stand_ins.of("registry").asked == []


async def test_a_service_sees_who_asks_by_a_minted_token(both: House, stand_ins: StandIns) -> None:
    headers = await both.person("clerk", area="532930101")

    answer = await both.http.get(
        "/registry/v1/households?village=532930101201&status=%E5%BC%A0",
        headers={**headers, "tuopin-purpose": "look-back"},
    )

    assert answer.status_code == 200
    asked = stand_ins.of("registry").asked[-1]
    assert asked.query == "village=532930101201&status=%E5%BC%A0"
    principal = both.harness.secrets.verifier().verify(asked.headers["authorization"].removeprefix("Bearer "))
    assert principal.roles == {"clerk"}
    assert principal.area == "532930101"
    assert principal.purpose == "look-back"


async def test_only_known_headers_pass_in_and_the_method_and_body_arrive_whole(
    both: House, stand_ins: StandIns
) -> None:
    headers = await both.person("clerk")
    passed = {
        "idempotency-key": "key-1",
        "if-match": '"3"',
        "accept": "application/json",
        "content-type": "application/json",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "x-request-id": "request-0001",
    }
    dropped = {"cookie": "a=b", "x-forwarded-for": "1.2.3.4", "te": "trailers", "x-actor-id": "root"}

    await both.http.put("/finance/v1/a%2Fb", content=b'{"a": 1}', headers={**headers, **passed, **dropped})

    asked = stand_ins.of("finance").asked[-1]
    assert asked.method == "PUT"
    assert asked.body == b'{"a": 1}'
    assert {name: asked.headers[name] for name in passed} == passed
    assert not dropped.keys() & asked.headers.keys()


async def test_a_streamed_body_without_a_length_arrives_whole(both: House, stand_ins: StandIns) -> None:
    headers = await both.person("clerk")

    async def body() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"x" * 100

    await both.http.post("/registry/v1/imports", content=body(), headers=headers)

    assert stand_ins.of("registry").asked[-1].body == b"x" * 400


async def test_an_answer_passes_out_with_its_status_and_headers_but_no_cookie(
    both: House, stand_ins: StandIns
) -> None:
    stand_in = stand_ins.of("subsidy")
    stand_in.answers["/subsidy/v1/claims"] = (422, b'{"code": "x"}')
    stand_in.headers = [
        (b"content-type", b"application/problem+json"),
        (b"etag", b'"7"'),
        (b"tuopin-business-date", b"2016-12-31; moved"),
        (b"set-cookie", b"a=b"),
    ]

    answer = await both.http.get("/subsidy/v1/claims", headers=await both.person("clerk"))

    assert answer.status_code == 422
    assert answer.json() == {"code": "x"}
    assert answer.headers["etag"] == '"7"'
    assert answer.headers["tuopin-business-date"] == "2016-12-31; moved"
    assert "set-cookie" not in answer.headers


async def test_a_large_answer_streams_through_unchanged(both: House, stand_ins: StandIns) -> None:
    stand_ins.of("registry").answers["/registry/v1/exports/households.xlsx"] = (
        200,
        bytes(range(256)) * 20_000,
    )

    answer = await both.http.get("/registry/v1/exports/households.xlsx", headers=await both.person("clerk"))

    assert answer.content == bytes(range(256)) * 20_000


@pytest.mark.parametrize("is_streamed", [False, True])
async def test_a_body_over_the_limit_is_refused(both: House, stand_ins: StandIns, is_streamed: bool) -> None:
    headers = await both.person("clerk")

    async def body() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 1000

    content: Any = body() if is_streamed else b"x" * 5000

    refused = await both.http.post("/registry/v1/imports", content=content, headers=headers)

    assert refused.status_code == 413
    assert refused.json()["code"] == "payload-too-large"
    assert "2048" in refused.json()["detail"]


@pytest.mark.parametrize("length", ["-1", "x", "1e9"])
async def test_a_length_that_is_no_number_is_refused(house: House, length: str) -> None:
    headers = {**await house.person("clerk"), "content-length": length}

    assert (await house.http.post("/registry/v1/imports", content=b"x", headers=headers)).status_code == 413


async def test_a_slow_service_is_named_after_the_time_limit(both: House, stand_ins: StandIns) -> None:
    stand_ins.of("relocation").delay = 5

    late = await both.http.get("/relocation/v1/sites", headers=await both.person("clerk"))

    assert late.status_code == 504
    assert late.json()["code"] == "timed-out"
    assert "relocation" in late.json()["detail"]


async def test_a_service_that_is_not_there_is_named_in_process(house: House, stand_ins: StandIns) -> None:
    headers = await house.person("clerk")
    del stand_ins["finance"]

    down = await house.http.get("/finance/v1/payments", headers=headers)

    assert down.status_code == 503
    assert down.headers["content-type"].startswith("application/problem+json")
    assert "finance" in down.json()["detail"]


async def test_a_service_that_is_not_there_is_named_over_http(
    harness_for: HarnessFactory, stand_ins: StandIns
) -> None:
    closed = listen("127.0.0.1", 0)
    port = closed.getsockname()[1]
    closed.close()
    upstreams = HttpUpstreams({"finance": f"http://127.0.0.1:{port}"})
    async with harness_for(service) as harness, House(harness, stand_ins, upstreams=upstreams) as house:
        headers = await house.person("clerk")

        refused = await house.http.get("/finance/v1/payments", headers=headers)
        unknown = await house.http.get("/registry/v1/households", headers=headers)

    assert (refused.status_code, unknown.status_code) == (503, 503)
    assert "finance" in refused.json()["detail"]
    assert str(port) not in refused.text


async def test_a_service_that_fails_before_it_answers_is_an_outage(both: House, stand_ins: StandIns) -> None:
    stand_ins.of("subsidy").explodes = True

    answer = await both.http.get("/subsidy/v1/claims", headers=await both.person("clerk"))

    assert answer.status_code in {500, 503}
    assert "a defect" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/registry/v2/x",
        "/unknown/v1/x",
        "/registryx/v1/x",
        "//registry/v1/x",
        "/registry/metrics",
        "/registry",
    ],
)
async def test_only_the_services_own_paths_are_passed_on(
    house: House, stand_ins: StandIns, path: str
) -> None:
    answer = await house.http.get(f"http://door{path}", headers=await house.person("administrator"))

    assert answer.status_code == 404
    assert all(stand_ins.of(name).asked == [] for name in SERVICES)


async def test_the_log_holds_no_query_and_no_identifier_of_a_path(house: House) -> None:
    headers = await house.person("clerk")
    with structlog.testing.capture_logs() as lines:
        await house.http.get("/registry/v1/households/0192-secret?name=%E5%BC%A0%E4%B8%89", headers=headers)

    line = next(line for line in lines if line["event"] == "request")
    assert line["route"] == "/registry/v1/*"
    assert line["status"] == 200
    assert "secret" not in str(lines)
    assert "%E5" not in str(lines)


async def test_an_answer_that_breaks_off_does_not_look_whole(
    harness_for: HarnessFactory, stand_ins: StandIns
) -> None:
    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"1000")],
        }
        await send(start)
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ConnectionResetError

    stand_ins["registry"] = breaks
    async with (
        harness_for(service) as harness,
        served(stand_ins) as addresses,
        House(harness, stand_ins, upstreams=HttpUpstreams(addresses), settings=SETTINGS) as house,
    ):
        headers = await house.person("clerk")
        transport = httpx.ASGITransport(app=house.app)
        strict = httpx.AsyncClient(transport=transport, base_url="http://door")
        with pytest.raises(Exception):  # noqa: B017, PT011 - whichever error closes the connection
            await strict.get("/registry/v1/households", headers=headers)
        await strict.aclose()


def test_an_address_that_the_small_client_does_not_speak_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="plain HTTP"):
        HttpUpstreams({"registry": "https://registry:8443"})
