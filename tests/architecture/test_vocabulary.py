"""The chassis can be described without a business noun; whoever needs one there is in the wrong room."""

import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.architecture import tree

NOUNS = """
    acceptance allocation allowance bank beneficiary brick cattle claim county dibao disbursement donation dossier
    evidence family finance finding fund funds house household housing inspector instalment insurer livestock loan
    officer payee payer payment pension photo poverty programme registry relocation site subsidy
    supervision township village villager wubao
    """
BUSINESS = frozenset(NOUNS.split())
# A word that the trade of software uses too, only where it means that.
TECHNICAL = {
    "chassis/events.py": {"household"},  # the example of a subject in the envelope's documentation
    "chassis/auth.py": {"claim"},  # a token's claims, RFC 7519
}
TECHNICAL_NAMES = re.compile(r"CollectorRegistry|JWTClaimsRegistry|ClaimsRegistry|prometheus\.REGISTRY")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def words(text: str) -> Iterator[str]:
    """Yield the words of identifiers and sentences, in the singular and in small letters."""
    for word in WORD.findall(TECHNICAL_NAMES.sub("", text)):
        small = word.lower()
        yield small
        yield small.removesuffix("s")
        if small.endswith("ies"):
            yield f"{small.removesuffix('ies')}y"


def business_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each business noun in names, strings, docstrings and comments, with its line."""
    spoken = {tokenize.NAME, tokenize.STRING, tokenize.COMMENT}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in spoken or tokenize.tok_name[token.type].startswith("FSTRING"):
            for word in BUSINESS.intersection(words(token.string)):
                yield token.start[0], word


def test_the_chassis_knows_no_business_noun() -> None:
    found = [
        f"{tree.name(path)}:{line}: {word}"
        for path in tree.files("chassis")
        for line, word in business_words(path.read_text("utf-8"))
        if word not in TECHNICAL.get(tree.name(path), ())
    ]

    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "class HouseholdStore: ...",
        "def find_villages() -> None: ...",
        '"""Pay subsidies."""',
        "# only for payments",
        'topic = "finance.payment"',
    ],
)
def test_a_planted_business_noun_is_seen(planted: str) -> None:
    assert list(business_words(planted + "\n"))


@pytest.mark.parametrize(
    "honest", ["registry = CollectorRegistry()", "def remember(warehouse: str) -> None: ...", "# refund"]
)
def test_words_that_only_look_alike_are_left_alone(honest: str) -> None:
    assert not [word for _, word in business_words(honest.replace("registry = ", "x = ") + "\n")]
