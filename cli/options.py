"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataFolder = Annotated[Path, typer.Option("--data", envvar="TUOPIN_DATA", help="The platform's data folder.")]
DEFAULT_DATA = Path("var/tuopin")
Url = Annotated[
    str | None,
    typer.Option(
        "--url", envvar="TUOPIN_URL", help="The platform's address; the one in its data folder otherwise."
    ),
]
SessionFile = Annotated[
    Path | None,
    typer.Option(
        "--session", envvar="TUOPIN_SESSION", help="Where the session is kept; the user's own otherwise."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]
