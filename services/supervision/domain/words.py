"""Chinese words of codes that stand in an explanation; docs/glossary.md has the same."""

from collections.abc import Iterable
from typing import Final

from contracts.values import (
    BUSINESSES,
    DEATHS,
    HOUSE_OWNERS,
    INTERNAL_MEETING,
    PARTY_MEETING,
    PAYROLL,
    VEHICLES,
    VILLAGERS_MEETING,
)

LOW_INCOME: Final = "income not above the line"
NO_ASSURANCE: Final = "an assurance is missing"
NO_GUARANTEE: Final = "a guarantee is missing"
UNSIGNED: Final = "not signed"
UNCHECKED: Final = "the checks of its visit are incomplete"
ANNULLED: Final = "its visit was annulled"

_CHINESE: Final = {
    LOW_INCOME: "人均纯收入未超过扶贫线",
    NO_ASSURANCE: "“两不愁”未全部达到",
    NO_GUARANTEE: "“三保障”未全部达到",
    UNSIGNED: "农户未签字认可",
    UNCHECKED: "所依据走访的五查不完整",
    ANNULLED: "所依据的走访已作废",
    INTERNAL_MEETING: "内部评议",
    PARTY_MEETING: "党员评议",
    VILLAGERS_MEETING: "村民评议",
    PAYROLL: "财政供养",
    VEHICLES: "车辆",
    HOUSE_OWNERS: "商品房",
    BUSINESSES: "工商",
    DEATHS: "死亡",
}


def in_chinese(words: Iterable[str]) -> str:
    """Return codes in Chinese, one after the other; an unknown one stays as it is."""
    return "、".join(_CHINESE.get(word, word) for word in words)
