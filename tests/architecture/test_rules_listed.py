"""No rule is left off its card: whatever refuses by a rule that has a document stands there, or works for what does."""

import ast
from pathlib import Path

import pytest

from cli.catalogue import ALL
from tests.architecture import tree
from tests.architecture.test_service_cards import CODE, card, folder, rows


def documented_rules(module: ast.Module) -> set[str]:
    """Return the functions of a module that refuse something by a rule with its document behind it."""
    return {
        dotted
        for dotted, function in tree.functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if any(keyword.arg == "rule" for keyword in node.exc.keywords)
    }


def covered(module: ast.Module, listed: set[str]) -> set[str]:
    """Return the functions of a module that its card lists, and the hidden ones that work for those."""
    bodies = dict(tree.functions(module))
    found, waiting = set[str](), [one for one in bodies if one in listed]
    while waiting:
        one = waiting.pop()
        found.add(one)
        called = {node.id for node in ast.walk(bodies[one]) if isinstance(node, ast.Name)}
        waiting += [name for name in called & set(bodies) - found if tree.is_private(name)]
    return found


def unlisted(text: str, home: Path) -> set[str]:
    """Return the functions that hold a rule with a document and stand in no line of the card."""
    named = [one.partition(":") for row in rows(text) for one in CODE.findall(row.function)]
    missing = set()
    for file in home.rglob("domain/*.py"):
        path, module = file.relative_to(home).as_posix(), tree.parsed(file)
        listed = {function for where, _, function in named if where == path}
        missing |= {f"{path}:{one}" for one in documented_rules(module) - covered(module, listed)}
    return missing


@pytest.mark.parametrize("name", ALL)
def test_every_rule_with_a_document_stands_on_its_card(name: str) -> None:
    assert unlisted(card(name), folder(name)) == set()


def test_a_rule_that_its_card_forgets_is_seen() -> None:
    listed, forgotten = card("registry"), "`domain/notice.py:close`"

    assert forgotten in listed
    assert unlisted(listed.replace(forgotten, "`domain/notice.py:void`"), folder("registry")) == {
        "domain/notice.py:close"
    }
