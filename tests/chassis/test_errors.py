"""What is said of a document never repeats what stands in it."""

from typing import Literal

import msgspec
import pytest

from chassis.errors import unrepeated


class Inside(msgspec.Struct, forbid_unknown_fields=True):
    """A struct with one word."""

    word: Literal["claim", "house"] = "claim"


class Whole(msgspec.Struct, forbid_unknown_fields=True):
    """A struct with others inside."""

    items: list[Inside] = []
    count: int = 0


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b'{"weather": 1}', "Object contains unknown field `weather`"),
        (b'{"count": "\\u91d1"}', "Expected `int`, got `str` - at `$.count`"),
        ('{"金丝雀": 1}'.encode(), "Object contains unknown field"),
        (b'{"532931196102030017": 1}', "Object contains unknown field"),
        ('{"items": [{"a`b - 金": 1}]}'.encode(), "Object contains unknown field - at `$.items[0]`"),
        ('{"items": [{"word": "金丝雀"}]}'.encode(), "Invalid enum value - at `$.items[0].word`"),
    ],
)
def test_a_fault_names_the_place_and_the_type_and_nothing_of_the_document(document: bytes, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as fault:
        msgspec.json.decode(document, type=Whole)

    assert unrepeated(fault.value) == said
