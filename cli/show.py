"""What commands print: results on standard output, progress and problems on standard error, and an exit status that tells."""

import asyncio
import json
import sys
from collections.abc import Coroutine, Iterable, Sequence
from functools import cache
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chassis.errors import Refusal
from cli.api import PlatformUnreachable, Refused
from cli.session import UNREACHABLE, NotLoggedIn

T = TypeVar("T")
FINE, REFUSED, USAGE = range(3)
MOST_ERRORS_SHOWN = 50

# Without a terminal there is no width to keep to, and a folded figure is hard to search for.
PLAIN_WIDTH = 150


@cache
def out() -> Console:
    """Return standard output."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)


@cache
def err() -> Console:
    """Return standard error."""
    return Console(stderr=True, highlight=False)


def run(work: Coroutine[Any, Any, T], *, json_: bool = False) -> T:
    """Run a command's work and turn what stopped it into a message and an exit status."""
    try:
        return asyncio.run(work)
    except Refused as refused:
        show_problem(refused.problem, json_=json_)
        raise typer.Exit(REFUSED) from refused
    except Refusal as refusal:  # of a command that works on the database itself
        show_problem({"code": refusal.code, "detail": refusal.message}, json_=json_)
        raise typer.Exit(REFUSED) from refusal
    except NotLoggedIn as reason:
        fail(str(reason), REFUSED)
    except (PlatformUnreachable, ConnectionError, TimeoutError) as lost:
        fail(str(lost), UNREACHABLE)
    except OSError as fault:  # a file that cannot be read or written
        fail(str(fault), REFUSED)


def fail(message: str, status: int) -> NoReturn:
    """Say why on standard error and end."""
    err().print(Text(message), soft_wrap=True)
    raise typer.Exit(status)


def show_problem(problem: dict[str, Any], *, json_: bool = False) -> None:
    """Print a problem (RFC 9457) with each field and rule that it names."""
    if json_:
        typer.echo(json.dumps(problem, ensure_ascii=False), err=True)
        return
    err().print(Text(f"{problem.get('code', 'problem')}: {problem.get('detail', '')}"), soft_wrap=True)
    if "rule" in problem:
        err().print(Text(f"  rule: {problem['rule']}"), soft_wrap=True)
    errors = problem.get("errors", [])
    for error in errors[:MOST_ERRORS_SHOWN]:
        line = f"  {error.get('pointer', '')}  {error.get('code', '')}: {error.get('message', '')}"
        err().print(Text(line), soft_wrap=True)
    if len(errors) > MOST_ERRORS_SHOWN:
        err().print(f"  and {len(errors) - MOST_ERRORS_SHOWN} more")


def show_json(value: Any) -> None:
    """Print a value as JSON on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table; what it holds is text, never markup."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    out().print(table)
