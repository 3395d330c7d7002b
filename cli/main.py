"""The `tuopin` command."""

import asyncio
import gc
import json
import sys
from collections.abc import Coroutine
from datetime import date, datetime
from typing import Annotated, Any, Literal, NoReturn, TypeVar

import typer

from chassis.clock import FIRST_BUSINESS_DATE, LAST_BUSINESS_DATE
from cli.catalogue import ALL, NAMES, load
from cli.commands import accounts, clients, dead_letters
from cli.commands.business_date import business_date
from cli.commands.demo import demo
from cli.commands.findings import findings
from cli.commands.login import login, logout
from cli.commands.register import exports, imports
from cli.options import DEFAULT_DATA, DataFolder
from cli.session import UNREACHABLE
from contracts.topics import GATEWAY

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold personal data
    help="Tuopin 脱贫: a county's system of record for targeted poverty alleviation.",
)

T = TypeVar("T")
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
ServiceName = Annotated[str, typer.Argument(help=f"One of {', '.join(ALL)}.")]


app.command()(login)
app.command()(logout)
app.add_typer(accounts.app, name="accounts")
app.add_typer(clients.app, name="clients")
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")
app.command()(findings)
app.command("business-date")(business_date)
app.command()(demo)
app.add_typer(dead_letters.app, name="dead-letters")


def business_date_of(text: str | None) -> date | None:
    """Return the date of an option; BadParameter otherwise."""
    if text is None:
        return None
    try:
        wanted = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError as error:
        raise typer.BadParameter("A business date is YYYY-MM-DD.") from error
    if not FIRST_BUSINESS_DATE <= wanted <= LAST_BUSINESS_DATE:
        raise typer.BadParameter(
            f"A business date is between {FIRST_BUSINESS_DATE} and {LAST_BUSINESS_DATE}."
        )
    return wanted


@app.command()
def up(
    data: DataFolder = DEFAULT_DATA,
    port: Annotated[int, typer.Option(help="0 lets the system pick one.")] = 8000,
    host: str = "127.0.0.1",
    business_date: Annotated[
        str | None, typer.Option(help="YYYY-MM-DD; without it the one set last, else today's date.")
    ] = None,
    log_level: LogLevel = "INFO",
) -> None:
    """Run the whole platform in this process; a second start finds everything again."""
    _rest_while_loading()
    from chassis.secrets import LoosePermissions
    from cli.postgres import DatabaseNotStarted
    from cli.up import AlreadyRunning
    from cli.up import up as run

    moved = business_date_of(business_date)
    try:
        run(data, host=host, port=port, business_date=moved, log_level=log_level)
    except (DatabaseNotStarted, AlreadyRunning, LoosePermissions, OSError, OverflowError) as fault:
        _fail(str(fault), status=1)


@app.command()
def serve(name: ServiceName) -> None:
    """Run one service's API (or the gateway) on the settings of the environment."""
    _known(name)
    if name == GATEWAY:
        _rest_while_loading()
        from gateway.run import run_gateway

        run_gateway()
    else:
        _role(name, "api")


@app.command()
def relay(name: ServiceName) -> None:
    """Publish one service's outbox to Kafka."""
    _role(_known(name), "relay")


@app.command()
def consume(name: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}.")]) -> None:
    """Run one service's consumer and its clock-driven work."""
    _role(_known(name), "consumer")


@app.command()
def migrate(
    check: Annotated[bool, typer.Option("--check", help="Try every chain on a throw-away database.")] = False,
) -> None:
    """Bring schemas and roles of the distributed installation up to date (TUOPIN_<SERVICE>_ADMIN_DATABASE_URL)."""
    if check:
        from cli.checks import check_migrations

        faults = check_migrations()
        for fault in faults:
            typer.echo(fault, err=True)
        raise typer.Exit(1 if faults else 0)
    from cli.distributed import migrate_from_environment

    _reach(migrate_from_environment())


@app.command()
def topics(json_: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Create the missing Kafka topics (TUOPIN_KAFKA_BOOTSTRAP)."""
    from chassis.bus.kafka import ensure_topics
    from chassis.settings import PlatformSettings
    from contracts.topics import ALL_TOPICS

    bootstrap = PlatformSettings().kafka_bootstrap
    if not bootstrap:
        _fail("Set TUOPIN_KAFKA_BOOTSTRAP to a broker, host:port.")
    made = _reach(ensure_topics(bootstrap, ALL_TOPICS))
    typer.echo(
        json.dumps({"created": made}) if json_ else f"{len(made)} topics created, {len(ALL_TOPICS)} in all."
    )


@app.command()
def openapi(name: ServiceName) -> None:
    """Print the OpenAPI 3.1 document of one service."""
    from cli.documents import openapi_of

    sys.stdout.write(openapi_of(load(_known(name))))


@app.command()
def asyncapi() -> None:
    """Print the AsyncAPI 3 document of every event."""
    from contracts.event_documents import asyncapi_text

    sys.stdout.write(asyncapi_text())


def _known(name: str) -> str:
    if name not in ALL:
        _fail(f"There is no service {name!r}; the services are {', '.join(ALL)}.")
    return name


def _rest_while_loading() -> None:
    """Let the collector rest until the process serves: what is loaded leaves nothing to collect."""
    gc.disable()


def _role(name: str, role: str) -> None:
    _rest_while_loading()
    from chassis.run import run_role

    run_role(load(name), role)


def _reach(work: Coroutine[Any, Any, T]) -> T:
    """Run what needs an engine; one that does not answer is named, with the status for that."""
    from aiokafka.errors import KafkaConnectionError

    try:
        return asyncio.run(work)
    except (OSError, KafkaConnectionError) as lost:
        _fail(str(lost), status=UNREACHABLE)


def _fail(message: str, *, status: int = 2) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status)


if __name__ == "__main__":
    app()
