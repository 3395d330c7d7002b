"""How personal data looks to those who may see that it exists, not what it is."""


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
