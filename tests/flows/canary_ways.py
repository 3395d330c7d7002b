"""How canaries are let through: a command that is taken, commands that are refused, an answer that is looked at."""

import io
from typing import Any

import pypdf

from cli.api import Api
from tests.flows.town import Town

REGISTRY = "/registry/v1"
# No round covers it: its register is kept by hand.
NEXT_VILLAGE = "532931901902"


async def done(town: Town, api: Api, path: str, body: object) -> Any:
    """Send a command that is accepted and return what is answered."""
    answer = await town.post(api, path, body)
    assert answer.is_success, (path, answer.text)
    return answer.json()


async def refused(town: Town, api: Api, path: str, *bodies: object) -> None:
    """Send commands that are refused; the town keeps what is answered."""
    for body in bodies:
        answer = await town.post(api, path, body)
        assert answer.is_client_error, (path, answer.status_code, answer.text)


async def seen(town: Town, api: Api, path: str) -> bytes:
    """Return an answer that is shown."""
    answer = await town.send(api, "GET", path)
    assert answer.is_success, (path, answer.text)
    return answer.content


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF without its spaces and line ends."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())
