"""Tell what may be somebody's number among what a bank sends: an identity, an account, a telephone."""

import re

_SEPARATORS = re.compile(r"[\W_]+")


def holds_number(text: str, digits: int) -> bool:
    """Return whether so many digits follow each other; spaces, hyphens and the like between them do not count."""
    return re.search(rf"\d{{{digits}}}", _SEPARATORS.sub("", text)) is not None
