"""`tuopin findings`: what supervision holds open or has closed."""

from typing import Annotated, Any

import typer

from cli.options import DEFAULT_DATA, AsJson, DataFolder, SessionFile, Url
from cli.session import address_of, api_as_user, session_file
from cli.show import REFUSED, USAGE, fail, run, show_json, show_table

PATH = "/supervision/v1/findings"
STATES = ("open", "closed", "all")


def findings(
    *,
    state: Annotated[str, typer.Option(help="open, closed or all.")] = "open",
    rule: Annotated[str | None, typer.Option(help="Only findings of one rule.")] = None,
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """List findings with what was observed, what was expected, and the evidence.

    The exit status is 1 when anything is listed, so that a script notices.
    """
    if state not in STATES:
        fail(f"--state is one of {', '.join(STATES)}.", USAGE)

    async def work() -> list[dict[str, Any]]:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            return await api.all(PATH, state=None if state == "all" else state, rule=rule)

    found = run(work(), json_=json_)
    if json_:
        show_json(found)
    else:
        show_findings("Findings", found)
    raise typer.Exit(REFUSED if found else 0)


def show_findings(title: str, found: list[dict[str, Any]]) -> None:
    """Print findings as a table."""
    rows = [
        (
            one["rule"],
            one["subject"],
            one["observed"],
            one["expected"],
            one.get("opened_on"),
            one.get("closed_on"),
            len(one.get("evidence", ())),
        )
        for one in found
    ]
    show_table(title, ("rule", "subject", "observed", "expected", "opened", "closed", "evidence"), rows)
