"""`tuopin clients`: partners that prove themselves with their own keys."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.commands.closing import close_by_name
from cli.options import DEFAULT_DATA, AsJson, DataFolder, SessionFile, Url
from cli.session import address_of, api_as_user, session_file
from cli.show import USAGE, err, fail, out, run, show_json, show_table

PATH = "/gateway/v1/clients"

app = typer.Typer(
    no_args_is_help=True, help="Partners (bank, insurer, auditor) and their public keys: add, list, close."
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The partner's name; it is the client id of its assertions.")],
    role: Annotated[str, typer.Option("--role", help="bank, insurer or auditor.")],
    keys: Annotated[
        Path,
        typer.Option("--keys", help="JWK or JWK set with public keys only.", exists=True, dir_okay=False),
    ],
    area: Annotated[
        str,
        typer.Option(help="Beginning of a division code, such as 532931 for a county; empty for everywhere."),
    ] = "",
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """Register a partner by its public keys."""
    draft = {"name": name, "role": role, "area": area, "keys": _keys_in(keys)}

    async def work() -> Any:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            return await api.post(PATH, draft)

    made = run(work(), json_=json_)
    if json_:
        show_json(made)
    else:
        out().print(f"{made['name']} may now ask for a token at /oauth2/token.", markup=False)


@app.command("list")
def list_(
    url: Url = None, data: DataFolder = DEFAULT_DATA, session: SessionFile = None, json_: AsJson = False
) -> None:
    """List the partners of your area."""

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
            one["role"],
            one["area"] or "everywhere",
            len(one["keys"]),
            "open" if one["is_active"] else "closed",
        )
        for one in found
    ]
    show_table("Partners", ("name", "role", "area", "keys", "state"), rows)


@app.command()
def close(
    name: Annotated[str, typer.Argument(help="The partner's name.")],
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """Close a partner, such as one whose key was stolen; its tokens end."""

    async def work() -> None:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            await close_by_name(api, PATH, name, ("keys",))

    run(work(), json_=json_)
    err().print(f"The partner {name} is closed.", markup=False)


def _keys_in(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_text())
    except ValueError:
        fail(f"{file} is not JSON.", USAGE)
    keys = found.get("keys", [found]) if isinstance(found, dict) else found
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        fail(f"{file} holds no JWK and no JWK set.", USAGE)
    return keys
