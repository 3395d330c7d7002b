"""`tuopin business-date`: show the date the platform works on, move it everywhere, or let it follow the calendar."""

import asyncio
import time
from datetime import date
from typing import Annotated, Any

import typer

from cli.api import Api
from cli.options import DEFAULT_DATA, AsJson, DataFolder, SessionFile, Url
from cli.session import address_of, api_as_user, session_file
from cli.show import REFUSED, err, fail, out, run, show_json

PATH = "/gateway/v1/business-date"
POLL_SECONDS = 0.05


class NotSettled(Exception):  # noqa: N818 - a sentence, as all errors here
    """Some service has not heard of the date in time."""


def business_date(
    wanted: Annotated[str | None, typer.Argument(metavar="[DATE]", help="YYYY-MM-DD")] = None,
    *,
    calendar: Annotated[
        bool, typer.Option("--calendar", help="Follow the calendar again, today and every day after.")
    ] = False,
    wait: Annotated[float, typer.Option(help="Seconds to wait for every service.")] = 60.0,
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """Show the business date, or move it and return when every service works on it.

    Only the business date moves; recorded times stay real. Administrators may move it. A date that was set stays
    until the next one, or until `--calendar`.
    """
    if wanted and calendar:
        raise typer.BadParameter("Either a date or --calendar.")
    try:
        target = date.fromisoformat(wanted) if wanted else None
    except ValueError as error:
        raise typer.BadParameter("A business date is YYYY-MM-DD.") from error

    async def work() -> dict[str, Any]:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            if target is None and not calendar:
                return dict(await api.get(PATH))
            with err().status(f"moving to {target or 'the calendar'}, waiting for every service"):
                return await move_business_date(api, target, seconds=wait)

    try:
        shown = run(work(), json_=json_)
    except NotSettled as late:
        fail(str(late), REFUSED)
    if json_:
        show_json(shown)
    else:
        out().print(_sentence(shown))


async def move_business_date(api: Api, target: date | None, *, seconds: float) -> dict[str, Any]:
    """Move the business date, None to the calendar; return when all work on it, NotSettled after so long."""
    await api.put(PATH, {"business_date": target and target.isoformat()})
    ends = time.monotonic() + seconds
    while True:
        shown: dict[str, Any] = await api.get(PATH)
        if shown["is_settled"] and _is_there(shown, target):
            return shown
        if time.monotonic() > ends:
            on = target.isoformat() if target else shown["business_date"]
            late = [one["service"] for one in shown["services"] if one["business_date"] != on]
            raise NotSettled(f"After {seconds:g} s these services work on another date: {', '.join(late)}.")
        await asyncio.sleep(POLL_SECONDS)


def _sentence(shown: dict[str, Any]) -> str:
    how = " (moved)" if shown["is_moved"] else "" if shown["follows_calendar"] else " (fixed)"
    settled = "" if shown["is_settled"] else "; not every service has heard of it"
    return f"{shown['business_date']}{how}{settled}"


def _is_there(shown: dict[str, Any], target: date | None) -> bool:
    if target is None:
        return bool(shown["follows_calendar"])
    return bool(shown["business_date"] == target.isoformat())
