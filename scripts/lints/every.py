"""Every lint of the house, in the order in which they are run."""

from pathlib import Path

from scripts.lints import address, clock, commit, foreign_table, mock, money, name, output, stopwatch, todo
from scripts.lints.source import Tree, Violation

LINTS = (
    money.LINT,
    clock.LINT,
    commit.LINT,
    foreign_table.LINT,
    mock.LINT,
    stopwatch.LINT,
    name.LINT,
    output.LINT,
    todo.LINT,
    address.LINT,
)


def violations(root: Path) -> list[Violation]:
    """Return what breaks a rule anywhere under the folder."""
    tree = Tree.read(root)
    return [violation for lint in LINTS for violation in lint.run(tree)]
