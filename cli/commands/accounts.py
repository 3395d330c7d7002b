"""`tuopin accounts`: the people of the office who may log in."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.api import Api
from cli.commands.closing import close_by_name, found_by_name
from cli.commands.login import asked_password
from cli.options import DEFAULT_DATA, AsJson, DataFolder, SessionFile, Url
from cli.session import address_of, api_as_user, session_file
from cli.show import err, out, run, show_json, show_table
from gateway.domain.accounts import STAFF_ROLES

FIRST_ADMINISTRATOR = "administrator"
NEW_PASSWORD = "TUOPIN_NEW_PASSWORD"  # noqa: S105 - the name of a variable
PATH = "/gateway/v1/accounts"
ROLES = sorted(STAFF_ROLES)

app = typer.Typer(
    no_args_is_help=True, help="Accounts of the office's people: add, list, choose a password, close."
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits, dots and dashes.")],
    role: Annotated[
        list[str], typer.Option("--role", help=f"{', '.join(ROLES)}; may be given several times.")
    ],
    area: Annotated[
        str,
        typer.Option(
            help="Beginning of a division code, such as 532931 for a county and 532931901 for a township; empty for everywhere."
        ),
    ] = "",
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """Make an account; its one-time password is printed once."""

    async def work() -> Any:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            return await api.post(PATH, {"name": name, "roles": role, "area": area})

    _show_made(run(work(), json_=json_), json_=json_)


@app.command("list")
def list_(
    url: Url = None, data: DataFolder = DEFAULT_DATA, session: SessionFile = None, json_: AsJson = False
) -> None:
    """List the accounts of your area."""

    async def work() -> list[dict[str, Any]]:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            return await api.all(PATH)

    found = run(work(), json_=json_)
    if json_:
        show_json(found)
        return
    rows = [
        (
            one["name"],
            ", ".join(one["roles"]),
            one["area"] or "everywhere",
            "open" if one["is_active"] else "closed",
        )
        for one in found
    ]
    show_table("Accounts", ("name", "roles", "area", "state"), rows)


@app.command()
def password(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Choose a password in place of the present one.

    The first administrator's one-time password is read from the data folder. TUOPIN_PASSWORD and TUOPIN_NEW_PASSWORD
    stand in for the prompts.
    """
    one_time = one_time_password(data) if name == FIRST_ADMINISTRATOR else None
    current = one_time or asked_password("Present password")
    new = asked_password("New password", NEW_PASSWORD, confirm=True)
    run(change_password(address_of(url, data), name, current, new))
    err().print(f"The password of {name} was changed.")


@app.command()
def reset(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """Give an account a new one-time password, printed once; its sessions end."""

    async def work() -> Any:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            account = await found_by_name(api, PATH, name)
            return await api.post(f"{PATH}/{account['id']}/password-resets")

    _show_made(run(work(), json_=json_), json_=json_)


@app.command()
def close(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """Close the account of somebody who has left; its sessions end, and what was done by it stays on record."""

    async def work() -> None:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            await close_by_name(api, PATH, name, ("roles", "area"))

    run(work(), json_=json_)
    err().print(f"The account {name} is closed.", markup=False)


def one_time_password(data: Path) -> str | None:
    """Return the first administrator's one-time password, or None once it was changed."""
    file = data / "secrets" / "administrator-password"
    return file.read_text().strip() if file.exists() else None


async def change_password(url: str, name: str, current: str, new: str) -> None:
    """Replace a password."""
    async with Api(url) as api:
        await api.post(
            "/gateway/v1/passwords", {"name": name, "current_password": current, "new_password": new}
        )


def _show_made(made: dict[str, Any], *, json_: bool) -> None:
    if json_:
        show_json(made)
    elif made["one_time_password"] is None:
        # The first answer was lost on the way, and a repeated one does not show it.
        err().print(
            "It was made, but its one-time password was not heard: tuopin accounts reset NAME makes another."
        )
    else:
        out().print(f"One-time password: {made['one_time_password']}", markup=False, soft_wrap=True)
