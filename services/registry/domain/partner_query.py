"""What a partner may search by: one identity number, or a predicate over four attributes of a household.

The names are those of the DCI Social Registry interface, version 1.0.0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.values import CATEGORIES, HOUSEHOLD_STATES
from services.registry.domain.errors.partner import SearchRejected

CRITERIA: Final = "rjct.search_criteria.invalid"
FILTER: Final = "rjct.filter.invalid"
SORT: Final = "rjct.sort.invalid"
PAGES: Final = "rjct.pagination.invalid"

IDTYPE_VALUE: Final = "idtype-value"
PREDICATE: Final = "predicate"
GROUP: Final = "Group"
MEMBER: Final = "Member"
# Every spelling in which the interface's documents name a national identity number.
IDENTITY_TYPES: Final = ("UIN", "NIN", "NID", "NationalID", "national_id")

VILLAGE: Final = "village"
STATUS: Final = "status"
CATEGORY: Final = "category"
GROUP_SIZE: Final = "group_size"
ATTRIBUTES: Final = (VILLAGE, STATUS, CATEGORY, GROUP_SIZE)
EQUAL: Final = "eq"
ONE_OF: Final = "in"
COMPARING: Final = ("gt", "lt", "ge", "le")
CONDITIONS: Final = ("and", "or", "not")
DIRECTIONS: Final = ("asc", "desc")
WORDS: Final = {STATUS: HOUSEHOLD_STATES, CATEGORY: CATEGORIES}

MAX_PREDICATES: Final = 20
MAX_VALUES: Final = 200
MAX_PAGE: Final = 1_000
MAX_PAGES: Final = 1_000_000
MAX_SIZE: Final = 1_000
VILLAGE_DIGITS: Final = 12

Value = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One comparison of an attribute with a value, or with several of which one must hold."""

    attribute: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A term, alone or joined with a second one."""

    first: Term
    condition: str | None = None
    second: Term | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An attribute to sort by."""

    attribute: str
    is_descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One page of what was found; pages are counted from one."""

    size: int = MAX_PAGE
    number: int = 1

    @property
    def offset(self) -> int:
        """How many come before the page."""
        return (self.number - 1) * self.size


def identity_asked(query: Any) -> str:
    """Return the identity number of an idtype-value query."""
    if not isinstance(query, Mapping) or query.get("type") not in IDENTITY_TYPES:
        raise SearchRejected(CRITERIA, f"type is one of {', '.join(IDENTITY_TYPES)}.")
    value = query.get("value")
    if not isinstance(value, str):
        raise SearchRejected(CRITERIA, "value is an identity number.")
    return value.upper()


def clauses_of(query: Any) -> tuple[Clause, ...]:
    """Return the clauses of a predicate, by seq_num; all of them must hold."""
    if not isinstance(query, Sequence) or isinstance(query, str) or not 0 < len(query) <= MAX_PREDICATES:
        raise SearchRejected(CRITERIA, f"A predicate is a list of 1 to {MAX_PREDICATES} expressions.")
    if not all(isinstance(each, Mapping) for each in query):
        raise SearchRejected(CRITERIA, "Each entry of a predicate is an object with expression1.")
    return tuple(_clause(each) for each in query)


def order_of(sort: Any) -> tuple[Order, ...]:
    """Return what to sort by."""
    if sort is None:
        return ()
    if not isinstance(sort, Sequence) or len(sort) > len(ATTRIBUTES):
        raise SearchRejected(SORT, "sort is a list of attribute_name and sort_order.")
    return tuple(_order(each) for each in sort)


def window_of(pagination: Any) -> Window:
    """Return the page that is wanted; the first of the largest size if none is."""
    if pagination is None:
        return Window()
    stated = pagination if isinstance(pagination, Mapping) else {}
    size, number = _whole(stated.get("page_size")), _whole(stated.get("page_number", 1))
    if not 1 <= size <= MAX_PAGE or not 1 <= number <= MAX_PAGES:
        raise SearchRejected(PAGES, f"page_size is 1 to {MAX_PAGE}, page_number counts from 1.")
    return Window(size=size, number=number)


def told(clauses: Sequence[Clause]) -> str:
    """Return a predicate as it stands on record: attributes, operators and codes."""
    return "; ".join(
        _told(one.first) + (f" {one.condition} {_told(one.second)}" if one.second else "") for one in clauses
    )


def _told(term: Term) -> str:
    shown = ",".join(str(value) for value in term.values[:10])
    return f"{term.attribute} {term.operator} {shown}"


def _whole(value: Any) -> int:
    """Return a whole number, given as one or as its digits; below zero what is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < VILLAGE_DIGITS:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _clause(entry: Mapping[str, Any]) -> Clause:
    first = _term(entry.get("expression1"))
    condition, second = entry.get("condition"), entry.get("expression2")
    if condition is None and second is None:
        return Clause(first=first)
    if condition not in CONDITIONS or second is None:
        raise SearchRejected(FILTER, "condition (and, or, not) joins expression1 with expression2.")
    return Clause(first=first, condition=condition, second=_term(second))


def _term(expression: Any) -> Term:
    if not isinstance(expression, Mapping):
        raise SearchRejected(FILTER, "An expression has attribute_name, operator and attribute_value.")
    attribute, operator = str(expression.get("attribute_name")), str(expression.get("operator"))
    if attribute not in ATTRIBUTES:
        raise SearchRejected(FILTER, f"attribute_name is one of {', '.join(ATTRIBUTES)}.")
    allowed = (EQUAL, ONE_OF, *COMPARING) if attribute == GROUP_SIZE else (EQUAL, ONE_OF)
    if operator not in allowed:
        raise SearchRejected(FILTER, f"operator of {attribute} is one of {', '.join(allowed)}.")
    given = expression.get("attribute_value")
    listed = given if operator == ONE_OF else [given]
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_VALUES:
        raise SearchRejected(FILTER, f"attribute_value of in is a list of 1 to {MAX_VALUES} values.")
    return Term(
        attribute=attribute, operator=operator, values=tuple(_value(attribute, one) for one in listed)
    )


def _value(attribute: str, given: Any) -> Value:
    if attribute == GROUP_SIZE:
        size = _whole(given)
        if not 0 <= size <= MAX_SIZE:
            raise SearchRejected(FILTER, "group_size is a whole number.")
        return size
    is_village = (
        isinstance(given, str) and len(given) == VILLAGE_DIGITS and given.isascii() and given.isdigit()
    )
    if attribute == VILLAGE and not is_village:
        raise SearchRejected(FILTER, "village is a division code of 12 digits.")
    if attribute != VILLAGE and given not in WORDS[attribute]:
        raise SearchRejected(FILTER, f"{attribute} is one of {', '.join(WORDS[attribute])}.")
    return str(given)


def _order(entry: Any) -> Order:
    attribute = entry.get("attribute_name") if isinstance(entry, Mapping) else None
    direction = entry.get("sort_order", "asc") if isinstance(entry, Mapping) else None
    if attribute not in ATTRIBUTES or direction not in DIRECTIONS:
        raise SearchRejected(SORT, f"Sort by {', '.join(ATTRIBUTES)}, asc or desc.")
    return Order(attribute=attribute, is_descending=direction == "desc")
