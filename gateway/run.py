"""Running the gateway in a process of its own: `python -m gateway [api|relay]`."""

import argparse

import uvloop

from chassis.calendar import follow_business_date
from chassis.clock import BusinessClock
from chassis.peers import HttpPeers
from chassis.process import make_worker, run_ticker
from chassis.run import addresses, run_role
from chassis.secrets import load_secrets
from chassis.serving import HttpServer, announce, listen, run_all
from chassis.settings import PlatformSettings, ServiceSettings
from chassis.telemetry import configure_logging
from gateway.main import open_gateway, service
from gateway.upstreams.over_http import HttpUpstreams


def main() -> None:
    """Run the role named on the command line until told to stop."""
    parser = argparse.ArgumentParser(prog="tuopin gateway")
    parser.add_argument("role", nargs="?", choices=("api", "relay"), default="api")
    if parser.parse_args().role == "relay":
        run_role(service, "relay")
    else:
        run_gateway()


def run_gateway() -> None:
    """Serve the gateway on the settings of the environment."""
    platform = PlatformSettings()
    configure_logging(platform.log_level)
    uvloop.run(_serve(platform))


async def _serve(platform: PlatformSettings) -> None:
    settings = ServiceSettings.of(service.name)
    if not settings.database_url:
        raise SystemExit("Set TUOPIN_GATEWAY_DATABASE_URL to the gateway's database.")
    secrets = load_secrets(platform.data)
    clock = BusinessClock(platform.timezone)
    peers = HttpPeers(addresses())
    worker = make_worker(
        service,
        settings.database_url,
        cipher=secrets.cipher(),
        peers=peers,
        clock=clock,
        pool_size=platform.pool_size,
    )
    async with open_gateway(
        worker.runtime,
        verifier=secrets.verifier(),
        health=worker.health,
        secrets=secrets,
        upstreams=HttpUpstreams(addresses()),
    ) as app:
        listener = listen(platform.host, platform.port)
        server = HttpServer(app, listener)
        announce(service=service.name, role="api", host=platform.host, port=listener.getsockname()[1])
        tickers = [run_ticker(worker, ticker) for ticker in service.tickers]
        try:
            await run_all(
                [follow_business_date(worker.runtime.database, clock), *tickers, server.run_until_stopped()]
            )
        finally:
            await peers.close()
            await worker.runtime.database.close()
