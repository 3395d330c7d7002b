"""`tuopin import` and `tuopin export`: divisions and households in and out as files."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.api import Api, Refused
from cli.options import DEFAULT_DATA, AsJson, DataFolder, SessionFile, Url
from cli.session import address_of, api_as_user, session_file
from cli.show import err, out, run, show_json

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
DIVISIONS = "/registry/v1/divisions/imports"
IMPORTS = "/registry/v1/imports"
EXPORT = "/registry/v1/exports/households.xlsx"
InFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]

imports = typer.Typer(no_args_is_help=True, help="Bring a county's own data in: all of a file or nothing.")
exports = typer.Typer(no_args_is_help=True, help="Take data out as a file that imports back to the same.")


@imports.command("divisions")
def divisions(
    file: InFile,
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """Import the division tree from a CSV file (code,level,parent_code,name)."""

    async def work() -> Any:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            with err().status(f"importing {file.name}"):
                return await import_divisions(api, file.read_bytes())

    _show_done(run(work(), json_=json_), json_=json_)


@imports.command("households")
def households(
    file: InFile,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
    standing: Annotated[
        str | None, typer.Option(help="candidate or registered; after the first round only candidates enter.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Where to save the workbook with its faulty cells marked.")
    ] = None,
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
    json_: AsJson = False,
) -> None:
    """Import the household workbook: every cell is checked, then all of it is taken or nothing.

    Exit status 1 when the workbook has faults; each is printed with its row, column and rule.
    """
    require_writable(report)

    async def work() -> Any:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            with err().status(f"checking {file.name}"):
                return await _import(
                    api, file.read_bytes(), dry_run=dry_run, standing=standing, report=report
                )

    _show_done(run(work(), json_=json_), json_=json_)


async def import_divisions(api: Api, content: bytes) -> Any:
    """Import a division file."""
    response = await api.request("POST", DIVISIONS, content=content, headers={"content-type": CSV})
    return response.json()


async def import_households(
    api: Api, workbook: bytes, *, dry_run: bool = False, standing: str | None = None
) -> Any:
    """Import a household workbook."""
    params = {"dry_run": "true" if dry_run else "false", "standing": standing}
    response = await api.request(
        "POST", IMPORTS, content=workbook, params=params, headers={"content-type": XLSX}
    )
    return response.json()


async def _import(
    api: Api, workbook: bytes, *, dry_run: bool, standing: str | None, report: Path | None
) -> Any:
    try:
        done = await import_households(api, workbook, dry_run=dry_run, standing=standing)
    except Refused as refused:
        if report is not None and refused.location is not None:
            await _save_report(api, f"{refused.location}/report.xlsx", report)
        raise
    if report is not None:
        await _save_report(api, f"{IMPORTS}/{done['id']}/report.xlsx", report)
    return done


async def _save_report(api: Api, path: str, report: Path) -> None:
    response = await api.request("GET", path)
    await asyncio.to_thread(write_private, report, response.content)
    err().print(f"The checked workbook is in {report}.", markup=False, soft_wrap=True)


@exports.command("households")
def export_households(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The workbook to write.")],
    village: Annotated[str | None, typer.Option(help="Only one village, by its code.")] = None,
    url: Url = None,
    data: DataFolder = DEFAULT_DATA,
    session: SessionFile = None,
) -> None:
    """Export the register as a workbook that imports back to the same; the export is recorded."""
    require_writable(file)

    async def work() -> bytes:
        async with api_as_user(address_of(url, data), session_file(session)) as api:
            with err().status("exporting"):
                return (await api.request("GET", EXPORT, params={"village": village})).content

    content = run(work())
    write_private(file, content)
    err().print(f"Wrote {file} ({len(content):,} bytes).", markup=False, soft_wrap=True)


def require_writable(file: Path | None) -> None:
    """End with the status of wrong usage where a file cannot be written: better before anything is sent."""
    if file is not None and (file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK)):
        raise typer.BadParameter(f"{file} cannot be written.")


def write_private(file: Path, content: bytes) -> None:
    """Write a file with personal data so that only its owner can read it."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_bytes(content)


def _show_done(done: dict[str, Any], *, json_: bool) -> None:
    if json_:
        show_json(done)
        return
    for name, value in done.items():
        if isinstance(value, str | int | bool):
            out().print(f"{name.replace('_', ' ')}: {value}", markup=False, soft_wrap=True)
