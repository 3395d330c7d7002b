"""Where a platform is and who is logged in there: the address file of a data folder, the session file of the user."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import typer

from cli.api import Api

ADDRESS = "address"
UNREACHABLE = 3
OWNER_ONLY = 0o600


class NotLoggedIn(Exception):  # noqa: N818 - a sentence, as all errors here
    """No open session is kept for the address."""


def session_file(given: Path | None) -> Path:
    """Return the file that keeps sessions: the one named, or the user's own."""
    return given or Path(typer.get_app_dir("tuopin")) / "sessions.json"


def address_of(url: str | None, data: Path) -> str:
    """Return the platform's address: the one named, or the one that its data folder tells; another is never guessed."""
    if url:
        return url.rstrip("/")
    try:
        return (data / ADDRESS).read_text().strip()
    except OSError:
        typer.echo(f"Nothing runs in {data}: start it with `tuopin up`, or name its --url.", err=True)
        raise typer.Exit(UNREACHABLE) from None


def keep_session(path: Path, url: str, opened: dict[str, Any]) -> None:
    """Keep a session's token where only its owner can read it."""
    sessions = _sessions(path)
    sessions[url] = {"token": opened["token"]}
    _write(path, sessions)


def forget_session(path: Path, url: str) -> None:
    """Forget the session of an address."""
    sessions = _sessions(path)
    if sessions.pop(url, None) is not None:
        _write(path, sessions)


def api_as_user(url: str, path: Path) -> Api:
    """Return the platform as the logged-in user sees it; a token only ever goes to the address that gave it."""
    kept = _sessions(path).get(url)
    if kept is None:
        raise NotLoggedIn(f"No session is open at {url}. Log in first: tuopin login NAME")
    return Api(url, str(kept["token"]))


def _sessions(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, sessions: dict[str, Any]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    with os.fdopen(handle, "w") as file:
        json.dump(sessions, file)
    Path(draft).replace(path)
