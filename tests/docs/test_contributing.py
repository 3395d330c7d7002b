"""CONTRIBUTING's ways to add a rule, a command and a service, each step followed as it is written on a copy of the tree."""

import pytest

from tests.docs.clone import Clone, cloned, steps_of
from tests.docs.ways import COMMAND, RULE, SERVICE, Step

PAGE = "CONTRIBUTING.md"
MOST_STEPS = 9


def follow(clone: Clone, heading: str, steps: list[Step]) -> None:
    """Do one thing for each numbered step, and hold the page to still saying it."""
    written = steps_of(PAGE, heading)
    assert len(written) <= MOST_STEPS
    assert len(written) == len(steps), written
    for text, (words, do) in zip(written, steps, strict=True):
        assert words in text, (words, text)
        do(clone)


def check(clone: Clone) -> None:
    """Run what `make format` and `make check` run."""
    clone.passes("ruff", "format", ".")
    clone.passes("ruff", "check", "--fix", ".")
    for command in (
        ("ruff", "check", "."),
        ("mypy",),
        ("scripts.lints",),
        ("scripts.generate", "--check"),
        ("cli.main", "migrate", "--check"),
    ):
        clone.passes(*command)


TESTS = ("pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_rule_a_command_and_a_service_are_added_step_by_step() -> None:
    with cloned() as clone:
        follow(clone, "A rule", RULE)
        clone.passes(
            *TESTS,
            "tests/services/registry/domain/test_visit.py",
            "tests/services/registry/domain/test_rule_pack.py",
        )
        follow(clone, "A command with its event", COMMAND)
        recipes = "tests/services/registry/test_access_matrix.py"
        clone.passes(*TESTS, "tests/services/registry/test_card.py", recipes, "-k", "card or recipe")
        follow(clone, "A service", SERVICE)
        clone.passes(*TESTS, "tests/services/grievance", "tests/deploy/test_compose.py")
        clone.passes(*TESTS, "tests/flows/test_isolation.py", "-k", "grievance")

        check(clone)
        # What is planted against the rules does not depend on what was added.
        clone.passes(*TESTS, "tests/architecture", "tests/contracts", "-k", "not a_planted")
