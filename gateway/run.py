"""The gateway in a process of its own, before services reached over HTTP."""

import uvloop

from chassis.calendar import follow_business_date, take_business_date
from chassis.clock import BusinessClock
from chassis.housekeeping import HOUSEKEEPING
from chassis.peers import HttpPeers
from chassis.process import make_worker, run_ticker
from chassis.secrets import load_secrets
from chassis.serving import HttpServer, announce, listen, run_all
from chassis.settings import PlatformSettings, ServiceSettings, addresses
from chassis.telemetry import configure_logging
from gateway.main import open_gateway, service
from gateway.upstreams.over_http import HttpUpstreams


def run_gateway() -> None:
    """Serve on the settings of the environment until told to stop."""
    platform = PlatformSettings()
    configure_logging(platform.log_level)
    uvloop.run(_run(platform))


async def _run(platform: PlatformSettings) -> None:
    settings = ServiceSettings.of(service.name)
    if not settings.database_url:
        raise SystemExit("Set TUOPIN_GATEWAY_DATABASE_URL to the gateway's database.")
    secrets = load_secrets(platform.data)
    peers = HttpPeers(addresses())
    worker = make_worker(
        service,
        settings.database_url,
        cipher=secrets.cipher(),
        peers=peers,
        clock=BusinessClock(platform.timezone),
        pool_size=platform.pool_size,
    )
    runtime = worker.runtime
    opened = open_gateway(
        runtime,
        verifier=secrets.verifier(),
        health=worker.health,
        secrets=secrets,
        upstreams=HttpUpstreams(addresses()),
    )
    try:
        await take_business_date(runtime.database, runtime.clock)
        async with opened as app:
            listener = listen(platform.host, platform.port)
            server = HttpServer(app, listener)
            announce(service=service.name, role="api", host=platform.host, port=listener.getsockname()[1])
            # The gateway hears nothing, so it has no consumer process whose tickers could do this.
            tickers = [run_ticker(worker, ticker) for ticker in (*service.tickers, HOUSEKEEPING)]
            calendar = follow_business_date(runtime.database, runtime.clock)
            await run_all([calendar, *tickers, server.run_until_stopped()], on_stop=server.drain)
    finally:
        await peers.close()
        await runtime.database.close()
