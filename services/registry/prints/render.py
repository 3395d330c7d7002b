"""From a record to a PDF: a template beside this module, a font from a wheel, everything in memory."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import pylopdf_fonts_zh_cn
import typst

HOUSEHOLD_CARD: Final = "household-card"
HANDBOOK_PAGE: Final = "handbook-page"
MINUTES: Final = "minutes"
NOTICE: Final = "notice"

_TEMPLATES = Path(__file__).parent


@cache
def _fonts() -> typst.Fonts:
    # The wheel's two fonts hold every character of GB 18030's first planes; a rarer one is taken from the system.
    folder = pylopdf_fonts_zh_cn.serif_path().parent
    return typst.Fonts(include_embedded_fonts=False, font_paths=[str(folder)])


def render(template: str, record: object, *, made_at: datetime) -> bytes:
    """Return the PDF of a record. It takes a core for a moment and lets go of the interpreter: run it in a thread."""
    compiler = typst.Compiler(str(_TEMPLATES / f"{template}.typ"), root=str(_TEMPLATES), font_paths=_fonts())
    made = compiler.compile(
        format="pdf",
        sys_inputs={"record": msgspec.json.encode(record).decode()},
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)  # noqa: S101 - one document in one format is bytes
    return made
