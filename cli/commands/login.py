"""`tuopin login` and `tuopin logout`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from cli.api import Api
from cli.options import DEFAULT_DATA, DataFolder, SessionFile, Url
from cli.session import address_of, api_as_user, forget_session, keep_session, session_file
from cli.show import err, run

PASSWORD = "TUOPIN_PASSWORD"  # noqa: S105 - the name of a variable


def asked_password(label: str, variable: str = PASSWORD, *, confirm: bool = False) -> str:
    """Return a password from the environment, else ask for it without showing it."""
    given = os.environ.get(variable)
    return given if given is not None else typer.prompt(label, hide_input=True, confirmation_prompt=confirm)


def login(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
) -> None:
    """Open a session; the password is asked for or read from TUOPIN_PASSWORD."""
    run(_login(address_of(url, data), name, asked_password("Password"), session_file(session)))


async def _login(url: str, name: str, password: str, file: Path) -> None:
    async with Api(url) as api:
        opened = await api.post("/gateway/v1/sessions", {"name": name, "password": password})
    keep_session(file, url, opened)
    roles = ", ".join(opened["roles"])
    err().print(f"Logged in at {url} as {name} ({roles}; area {opened['area'] or 'everywhere'}).")


def logout(url: Url = None, data: DataFolder = DEFAULT_DATA, session: SessionFile = None) -> None:
    """End the session and forget its token."""
    run(_logout(address_of(url, data), session_file(session)))


async def _logout(url: str, file: Path) -> None:
    async with api_as_user(url, file) as api:
        await api.request("DELETE", "/gateway/v1/sessions/current")
    forget_session(file, url)
