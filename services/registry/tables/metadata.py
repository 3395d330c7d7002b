"""The one metadata of the registry's tables, with the chassis' tables in it."""

from chassis.tables import add_plumbing, new_metadata

metadata = new_metadata()
add_plumbing(metadata)


def one_of(column: str, words: tuple[str, ...]) -> str:
    """Return the condition that a column holds one of these words."""
    return f"{column} IN ({', '.join(repr(word) for word in words)})"
