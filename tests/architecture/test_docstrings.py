"""Whoever opens a file learns in one sentence what it is for; what decides and what is public says what it does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import tree


def explained_rooms(path: Path) -> bool:
    """Tell whether every public function here needs a docstring: chassis, contracts and domain decisions."""
    place = tree.name(path)
    return place.startswith(("chassis/", "contracts/")) or (
        "domain" in path.parts[:-1] and not place.startswith("tests/")
    )


def undocumented(path: Path, text: str) -> Iterator[str]:
    """Yield the places of a file that owe a docstring."""
    module = ast.parse(text)
    if module.body and not ast.get_docstring(module):
        yield tree.name(path)
    if "migrations" in path.parts or not explained_rooms(path):
        return
    for dotted, function in tree.public_functions(module):
        if not ast.get_docstring(function):
            yield f"{tree.name(path)}::{dotted}"
    for node in module.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{tree.name(path)}::{node.name}"


def test_every_module_and_every_decision_says_what_it_is_for() -> None:
    owing = [place for path in tree.files(*tree.ALL) for place in undocumented(path, path.read_text("utf-8"))]

    assert owing == []


def test_every_event_says_when_it_happens() -> None:
    owing = [
        f"{tree.name(path)}::{node.name}"
        for path in tree.files("contracts/events")
        for node in tree.parsed(path).body
        if isinstance(node, ast.ClassDef) and not (ast.get_docstring(node) or "").endswith(".")
    ]

    assert owing == []


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("cli/x.py", "x = 1\n"),
        ("chassis/x.py", '"""X."""\n\ndef f() -> None: ...\n'),
        ("chassis/x.py", '"""X."""\n\nclass F: ...\n'),
        ("services/finance/domain/x.py", '"""X."""\n\ndef is_y() -> bool: ...\n'),
        ("contracts/events/x.py", '"""X."""\n\nclass XHappened: ...\n'),
    ],
)
def test_a_planted_silence_is_seen(place: str, text: str) -> None:
    assert list(undocumented(tree.ROOT / place, text))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("services/finance/x.py", '"""X."""\n\ndef f() -> None: ...\n'),
        ("chassis/x.py", '"""X."""\n\ndef _f() -> None: ...\n'),
    ],
)
def test_what_is_private_or_at_the_edge_may_speak_by_its_name(place: str, text: str) -> None:
    assert not list(undocumented(tree.ROOT / place, text))
