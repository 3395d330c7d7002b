"""The glossary names every word that travels on the wire, so that nobody has to guess what it is called in the office."""

from contracts import roles, values
from services.registry.domain import (
    area,
    area_exit,
    change_request,
    disclosure,
    objection,
    procedure,
    rule_pack_state,
)
from tests.architecture import tree

GLOSSARY = tree.ROOT / "docs" / "glossary.md"


def wire_words() -> set[str]:
    """Return the words of roles, states, kinds and units."""
    constants = {**vars(roles), **vars(values)}
    return {
        word for name, word in constants.items() if name.isupper() and isinstance(word, str)
    } | register_words()


def register_words() -> set[str]:
    """Return the words of the registry's own routes: steps, kinds, states, channels, figures and outcomes."""
    return {
        *procedure.STEPS,
        *procedure.OUTCOMES,
        *change_request.KINDS,
        *change_request.STATES,
        *objection.CHANNELS,
        *objection.OUTCOMES,
        *area.FIGURES,
        area_exit.HOLDS,
        area_exit.FAILS,
        area_exit.NOT_KNOWN,
        rule_pack_state.DRAFT,
        rule_pack_state.REVIEWED,
        rule_pack_state.SHIPPED,
        *disclosure.DISCLOSURES,
    }


def missing(words: set[str], text: str) -> set[str]:
    """Return the words that do not stand in the text as code."""
    return {word for word in words if f"`{word}`" not in text}


def test_every_word_on_the_wire_stands_in_the_glossary() -> None:
    assert missing(wire_words(), GLOSSARY.read_text("utf-8")) == set()


def test_a_word_that_is_missing_is_seen() -> None:
    assert missing({"clerk", "planted-word"}, GLOSSARY.read_text("utf-8")) == {"planted-word"}
