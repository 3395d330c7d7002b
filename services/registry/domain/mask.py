"""How personal data looks to those who may see that it exists, not what it is."""

import re

# The length of the older identity numbers; accounts of people are longer, telephones are not told from other figures.
_NUMBER_OF_PERSON = re.compile(r"\d{15}")


def holds_number(text: str) -> bool:
    """Tell whether words hold an identity or account number, so that they cannot be kept open."""
    return _NUMBER_OF_PERSON.search(text) is not None


def mask_identity(number: str) -> str:
    """Return the first four and last two characters, such as 5329**********45 (reliability S4)."""
    return f"{number[:4]}{'*' * 10}{number[-2:]}"


def mask_name(name: str) -> str:
    """Return the family name's character and a star for each other one."""
    return name[:1] + "*" * (len(name) - 1)


def mask_tail(value: str | None, shown: int = 4) -> str | None:
    """Return an account or telephone number with only its last characters."""
    if value is None:
        return None
    shown = min(shown, len(value) // 2)
    return "*" * (len(value) - shown) + value[len(value) - shown :]
