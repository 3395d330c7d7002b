"""Each service's card is true: every rule names a function and a test that exist, every refusal is
used, and what the card owns, publishes and hears is what the service's value says.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from chassis.service import Service
from cli.catalogue import ALL, NAMES, load
from contracts import topics
from contracts.catalogue import BY_TYPE
from tests.architecture import tree

FEWEST_RULES = 10
CODE = re.compile(r"`([^`]+)`")
IN_CARD = re.compile(
    r"^(?:- )?\*\*(Owns|Publishes|Hears)\*\*(.*?)(?=^(?:- )?\*\*|^#|^$)", re.MULTILINE | re.DOTALL
)
EVENT = re.compile(r"[a-z]+(?:-[a-z]+)+")
PLUMBING = {"outbox", "inbox", "position", "relay_position", "dead_letter", "idempotency", "business_date"}


@dataclass(frozen=True)
class Row:
    """One line of a rules table."""

    rule: str
    function: str
    test: str
    source: str


def card(name: str) -> str:
    """Return a service's card."""
    return (folder(name) / "README.md").read_text("utf-8")


def folder(name: str) -> Path:
    """Return a service's folder."""
    return tree.ROOT / name if name == "gateway" else tree.ROOT / "services" / name


def rows(text: str) -> list[Row]:
    """Return the lines of the table whose first column is headed `rule`."""
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines) if line.lower().startswith("| rule | function |")]
    found = []
    for line in lines[heads[0] + 2 :] if heads else []:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found.append(Row(*cells) if len(cells) == len(Row.__match_args__) else Row(line, "", "", ""))
    return found


def faults(text: str, home: Path, tests: Path) -> Iterator[str]:
    """Yield what is wrong with the rules of a card."""
    for row in rows(text):
        if not (row.rule and row.source):
            yield f"no rule or no source: {row.rule}"
        yield from _of_functions(row, home)
        yield from _of_tests(row, tests)


def _of_functions(row: Row, home: Path) -> Iterator[str]:
    named = CODE.findall(row.function)
    if not named:
        yield f"no function: {row.rule}"
    for one in named:
        if not _exists(one, home):
            yield f"{one} is nowhere: {row.rule}"


def _exists(named: str, home: Path) -> bool:
    """Tell whether `domain/x.py:f`, `x.f`, a file, or the name of a constraint or a table exists."""
    path, colon, function = named.partition(":")
    if colon:
        return (home / path).is_file() and function in _defined(home / path)
    if path.endswith(".py"):
        return (home / path).is_file()
    module, dot, function = named.partition(".")
    if dot:
        file = home / "domain" / f"{module}.py"
        return file.is_file() and function in _defined(file)
    return any(
        re.search(rf"\b{re.escape(named)}\b", file.read_text("utf-8"))
        for file in [*_tables(home), *home.glob("migrations/*.py")]
    ) or (named.startswith(("uq_", "ck_")) and named.partition("_")[2] in _constraint_names(home))


def _tables(home: Path) -> list[Path]:
    return sorted([*home.glob("tables.py"), *home.glob("tables/*.py")])


def _errors(home: Path) -> list[Path]:
    return sorted([*home.glob("domain/errors.py"), *home.glob("domain/errors/*.py")])


def _constraint_names(home: Path) -> set[str]:
    """Return the names of constraints as the tables write them, before the convention adds its prefix."""
    text = "".join(file.read_text("utf-8") for file in _tables(home))
    found = {
        f"{table}_{name}"
        for table in re.findall(r'"(\w+)"', text)
        for name in re.findall(r'name="(\w+)"', text)
    }
    return found | set(re.findall(r'"(\w+)"', text))


@cache
def _defined(file: Path) -> frozenset[str]:
    """Return what a file defines: functions, methods with and without their class, classes, names of the module."""
    parsed = ast.parse(file.read_text("utf-8"))
    dotted = {name for name, _ in tree.functions(parsed)}
    classes = {node.name for node in ast.walk(parsed) if isinstance(node, ast.ClassDef)}
    assigned = {
        target.id
        for node in parsed.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return frozenset(dotted | {name.rpartition(".")[2] for name in dotted} | classes | assigned)


def _of_tests(row: Row, tests: Path) -> Iterator[str]:
    named = CODE.findall(row.test)
    if not named:
        yield f"no test: {row.rule}"
    for one in named:
        path, colon, test = one.rpartition("::")
        home = [tree.ROOT / path] if colon else sorted(tests.rglob("test_*.py"))
        if not any(file.is_file() and test in _defined(file) for file in home):
            yield f"{one} is no test: {row.rule}"


def said(text: str, section: str) -> str:
    """Return what a card says of what it owns, publishes or hears."""
    return " ".join(match.group(2) for match in IN_CARD.finditer(text) if match.group(1) == section)


def events_in(text: str) -> set[str]:
    """Return the names of facts that stand in a section, without owner and version."""
    known = {kind.split(".")[1] for kind in BY_TYPE}
    return set(EVENT.findall(text)) & known


def published(service: Service) -> set[str]:
    """Return the names of the facts that a service publishes."""
    return {kind.event_type.split(".")[1] for kind in service.publishes}


def unsaid_hearing(service: Service, text: str) -> set[str]:
    """Return what a service hears and its card does not say: a fact by its name, or its topic or owner as a whole."""
    if "every topic" in text:
        return set()
    missing = {topic for topic in service.batch_topics if not _is_covered(topic, text)}
    for kind in service.consumers:
        if kind.event_type.split(".")[1] not in text and not _is_covered(kind.topic, text):
            missing.add(kind.event_type)
    return missing


def _is_covered(topic: str, text: str) -> bool:
    return (
        f"`{topic}`" in text
        or f"`{topic}*`" in text
        or any(kind.split(".")[1] in text for kind, fact in BY_TYPE.items() if fact.topic == topic)
    )


def overheard(service: Service, text: str) -> set[str]:
    """Return facts and topics that a card says are heard although they are not."""
    heard = set(service.topics())
    facts = {
        kind
        for kind, fact in BY_TYPE.items()
        if kind.split(".")[1] in events_in(text) and fact.topic not in heard
    }
    return facts | {topic for topic in topics.ALL_TOPICS if f"`{topic}`" in text and topic not in heard}


def refusals(name: str) -> set[str]:
    """Return the names of the classes of a service's refusals."""
    bodies = [node for file in _errors(folder(name)) for node in tree.parsed(file).body]
    return {node.name for node in bodies if isinstance(node, ast.ClassDef)}


def never_refused(names: set[str], home: Path) -> set[str]:
    """Return refusals that no file of a service uses besides those that define them."""
    own = _errors(home)
    text = " ".join(file.read_text("utf-8") for file in home.rglob("*.py") if file not in own)
    return names - set(re.findall(r"\w+", text))


@pytest.mark.parametrize("name", ALL)
def test_every_rule_names_a_function_and_a_test_that_exist(name: str) -> None:
    home = "tests/gateway" if name == "gateway" else f"tests/services/{name}"

    assert list(faults(card(name), folder(name), tree.ROOT / home)) == []
    assert len(rows(card(name))) >= min(FEWEST_RULES, len(refusals(name)))


@pytest.mark.parametrize("name", ALL)
def test_every_refusal_is_one_that_the_service_gives(name: str) -> None:
    assert refusals(name)
    assert never_refused(refusals(name), folder(name)) == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_what_its_service_publishes(name: str) -> None:
    assert events_in(said(card(name), "Publishes")) == published(load(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_what_its_service_hears(name: str) -> None:
    text = said(card(name), "Hears")

    assert text
    assert unsaid_hearing(load(name), text) == set()
    if "every topic" not in text:
        assert overheard(load(name), text) == set()


@pytest.mark.parametrize("name", ["registry", "subsidy", "gateway"])
def test_a_card_that_lists_tables_lists_all_of_them(name: str) -> None:
    tables = {table.rpartition(".")[2] for table in load(name).metadata.tables} - PLUMBING

    assert tables <= set(CODE.findall(said(card(name), "Owns")))


GOOD = """| rule | function | test | source |
|---|---|---|---|
| a claim is decided once | `domain/claim.py:accept` | `tests/services/subsidy/domain/test_claim.py::test_no_claim_is_decided_twice` | own |
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("claim.py:accept", "claim.py:planted"),
        ("domain/claim.py", "domain/planted.py"),
        ("::test_no_claim_is_decided_twice", "::test_planted"),
        ("test_claim.py::", "test_planted.py::"),
        ("| own |", "| |"),
        ("`domain/claim.py:accept`", "somewhere"),
    ],
)
def test_a_rule_whose_function_test_or_source_is_missing_is_seen(before: str, after: str) -> None:
    tests = tree.ROOT / "tests/services/subsidy"

    assert list(faults(GOOD, folder("subsidy"), tests)) == []
    assert len(list(faults(GOOD.replace(before, after), folder("subsidy"), tests))) == 1


def test_a_fact_or_a_topic_too_much_or_too_little_is_seen() -> None:
    finance = load("finance")
    heard = "`subsidy.claim-approved`, `relocation.housing-subsidy-due`"

    assert events_in("`claim-approved` and `planted-fact`") == {"claim-approved"}
    assert unsaid_hearing(finance, "`subsidy.claim-approved`") == {"relocation.housing-subsidy-due.v1"}
    assert unsaid_hearing(finance, heard) == set()
    assert overheard(finance, heard + ", `household-verified`, `relocation.site`") == {
        "registry.household-verified.v1",
        "relocation.site",
    }


def test_a_refusal_that_nobody_gives_is_seen() -> None:
    assert never_refused({"Planted", "SamePerson"}, folder("finance")) == {"Planted"}
