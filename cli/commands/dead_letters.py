"""`tuopin dead-letters`: messages a service could not handle; an operator looks, replays or gives up.

It works on the service's own database, since what is broken may be the service.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer

from cli.catalogue import NAMES
from cli.options import DEFAULT_DATA, AsJson, DataFolder
from cli.session import UNREACHABLE
from cli.show import REFUSED, USAGE, fail, out, run, show_json, show_table

T = TypeVar("T")
STATES = ("parked", "waiting", "replayed", "discarded")
OPEN_STATES = STATES[:2]

app = typer.Typer(
    no_args_is_help=True,
    help="Messages that could not be handled, in the database of `--data` or of TUOPIN_<SERVICE>_DATABASE_URL.",
)

Of = Annotated[str, typer.Option("--service", help=f"One of {', '.join(NAMES)}.")]
Letter = Annotated[UUID, typer.Argument(help="The dead letter's id.")]


@app.command("list")
def list_(
    service: Annotated[str | None, typer.Option("--service", help="Only one service.")] = None,
    state: Annotated[
        str | None, typer.Option(help=f"One of {', '.join(STATES)}; open ones otherwise.")
    ] = None,
    data: DataFolder = DEFAULT_DATA,
    json_: AsJson = False,
) -> None:
    """List dead letters, oldest first, with the cause of each; exit status 1 while any of them is open."""
    from cli import letters

    if state is not None and state not in STATES:
        fail(f"--state is one of {', '.join(STATES)}.", USAGE)

    async def work() -> list[dict[str, Any]]:
        names = [_known(service)] if service else NAMES
        return [letter for name in names for letter in await letters.list_letters(name, data, state)]

    found = _run(work, json_=json_)
    if json_:
        show_json(found)
    else:
        columns = ("service", "id", "type", "key", "state", "attempts", "cause", "parked_at")
        show_table("Dead letters", columns, [[letter[name] for name in columns] for letter in found])
    raise typer.Exit(REFUSED if any(letter["state"] in OPEN_STATES for letter in found) else 0)


@app.command()
def show(letter: Letter, service: Of, data: DataFolder = DEFAULT_DATA, json_: AsJson = False) -> None:
    """Show one dead letter and those of its key that wait behind it; the payload stays in the database."""
    from cli import letters

    shown = _run(lambda: letters.show_letter(_known(service), data, letter), json_=json_)
    if json_:
        show_json(shown)
    else:
        show_table("Dead letter", ("field", "value"), list(shown.items()))


@app.command()
def replay(letter: Letter, service: Of, data: DataFolder = DEFAULT_DATA, json_: AsJson = False) -> None:
    """Apply a letter and those waiting behind it, in order, up to the first that fails again."""
    from cli import letters

    done = _run(lambda: letters.replay_letter(_known(service), data, letter), json_=json_)
    if json_:
        show_json({"replayed": done})
    else:
        out().print(f"{done} replayed.")
    raise typer.Exit(0 if done else REFUSED)


@app.command()
def discard(letter: Letter, service: Of, data: DataFolder = DEFAULT_DATA, json_: AsJson = False) -> None:
    """Give a letter up; the next of its key can then be replayed."""
    from cli import letters

    _run(lambda: letters.discard_letter(_known(service), data, letter), json_=json_)
    if json_:
        show_json({"discarded": str(letter)})
    else:
        out().print("Discarded.")


def _run(work: Callable[[], Coroutine[Any, Any, T]], *, json_: bool) -> T:
    from cli.letters import NoDatabase

    try:
        return run(work(), json_=json_)
    except NoDatabase as reason:
        fail(str(reason), UNREACHABLE)


def _known(name: str) -> str:
    if name not in NAMES:
        fail(f"There is no service {name!r} that consumes; the services are {', '.join(NAMES)}.", USAGE)
    return name
