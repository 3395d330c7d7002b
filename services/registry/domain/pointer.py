"""Where a decoded document does not have its shape, as a JSON Pointer."""

import re

import msgspec

from chassis.errors import FieldError, unrepeated

_PATH = re.compile(r"^(?P<message>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


def shape_fault(error: msgspec.ValidationError, root: str) -> FieldError:
    """Return the first place where a document is not what was expected; the sentence names types, never values."""
    found = _PATH.match(unrepeated(error))
    path = (found["path"] if found else None) or ""
    steps = [name or index for name, index in _STEP.findall(path)]
    message = found["message"] if found else ""
    return FieldError("/".join([root, *(step for step in steps if step != "...")]), "shape", f"{message}.")
