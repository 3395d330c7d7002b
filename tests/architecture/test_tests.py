"""The tests mirror the tree, one behaviour a sentence, so that the test of a file is found without searching."""

import re
from pathlib import Path

from tests.architecture import tree

# Folders of tests with no folder of the same name: what holds across rooms.
ACROSS = {"architecture", "faults", "flows", "plugins"}
SENTENCE = re.compile(r"^test_[a-z0-9]+(_[a-z0-9]+)+$")


def files_of_tests() -> list[Path]:
    """Return the files that hold tests."""
    return [path for path in tree.files("tests") if path.name.startswith("test_")]


def test_every_folder_of_tests_mirrors_a_folder() -> None:
    strangers = set()
    for path in files_of_tests():
        inside = path.parent.relative_to(tree.ROOT / "tests")
        if inside.parts and inside.parts[0] not in ACROSS and not (tree.ROOT / inside).is_dir():
            strangers.add(inside.as_posix())

    assert strangers == set()


def test_every_test_is_named_by_a_sentence() -> None:
    nameless = [
        f"{tree.name(path)}::{dotted}"
        for path in files_of_tests()
        for dotted, function in tree.functions(tree.parsed(path))
        if function.name.startswith("test_") and dotted == function.name and not SENTENCE.match(function.name)
    ]

    assert nameless == []


def test_no_test_is_written_twice_in_one_file() -> None:
    shadowed = []
    for path in files_of_tests():
        names = [node.name for node in tree.parsed(path).body if isinstance(node, tree.Function)]
        shadowed += [f"{tree.name(path)}::{name}" for name in set(names) if names.count(name) > 1]

    assert shadowed == []
