"""Amounts as ISO 20022 writes them (decimal text in yuan) and as the county keeps them (whole fen)."""

import re

# CtrlSum and InstdAmt carry at most 18 digits (xs:totalDigits), two of which are fen.
MAX_FEN = 10**18 - 1

_DECIMAL = re.compile(r"(?P<yuan>[0-9]{1,16})(?:\.(?P<fen>[0-9]{1,17}))?", re.ASCII)


def fen_to_text(fen: int) -> str:
    """Return 123456 as "1234.56"."""
    return f"{fen // 100}.{fen % 100:02d}"


def text_to_fen(text: str) -> int | None:
    """Return "1234.5" as 123450, or None when the text is no amount of whole fen.

    The schema allows 17 fraction digits, so zeros after the second are the same amount; anything else
    there would have to be rounded, and money that a bank states is never rounded.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    fraction = (found["fen"] or "").rstrip("0")
    if len(fraction) > 2:  # noqa: PLR2004 a yuan has a hundred fen
        return None
    return int(found["yuan"]) * 100 + int(fraction.ljust(2, "0"))
