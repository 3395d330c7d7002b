"""Rows turned into columns, which one `unnest` statement takes however many there are."""

from collections.abc import Sequence
from typing import Any


def columns_of(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Return one list for each column."""
    return [list(column) for column in zip(*rows, strict=True)]
