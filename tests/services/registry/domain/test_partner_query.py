"""What partners may search by, at the limits of each part."""

from typing import Any

import pytest

from services.registry.domain.errors.partner import SearchRejected
from services.registry.domain.partner_query import (
    MAX_PAGE,
    MAX_PREDICATES,
    Clause,
    Order,
    Term,
    Window,
    clauses_of,
    identity_asked,
    order_of,
    told,
    window_of,
)


def expression(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"attribute_name": name, "operator": operator, "attribute_value": value}


SMALL = expression("group_size", "lt", 3)


def test_an_identity_number_is_asked_for_under_any_of_its_names() -> None:
    assert identity_asked({"type": "UIN", "value": "53293019500101001x"}) == "53293019500101001X"
    assert identity_asked({"type": "NationalID", "value": "1"}) == "1"


@pytest.mark.parametrize(
    "query",
    [None, "UIN", [], {}, {"type": "MOBILE", "value": "1"}, {"type": [], "value": "1"}, {"type": "UIN"}],
)
def test_anything_else_is_no_identity_query(query: Any) -> None:
    with pytest.raises(SearchRejected) as rejected:
        identity_asked(query)

    assert rejected.value.reason == "rjct.search_criteria.invalid"


def test_a_predicate_is_read_with_its_values_as_words_and_whole_numbers() -> None:
    read = clauses_of(
        [
            {"expression1": expression("village", "in", ["532930101201", "532930101202"])},
            {
                "seq_num": 2,
                "expression1": expression("group_size", "ge", "2"),
                "condition": "and",
                "expression2": expression("status", "eq", "verified"),
            },
        ]
    )

    assert read == (
        Clause(
            first=Term(attribute="village", operator="in", values=("532930101201", "532930101202")),
        ),
        Clause(
            first=Term(attribute="group_size", operator="ge", values=(2,)),
            condition="and",
            second=Term(attribute="status", operator="eq", values=("verified",)),
        ),
    )
    assert told(read) == "village in 532930101201,532930101202; group_size ge 2 and status eq verified"


@pytest.mark.parametrize(
    "query",
    [
        [{"expression1": expression("name", "eq", "张三")}],
        [{"expression1": expression("poverty_score", "lt", 5)}],
        [{"expression1": expression("village", "lt", "532930101201")}],
        [{"expression1": expression("village", "eq", "5329301012")}],
        [{"expression1": expression("village", "in", "532930101201")}],
        [{"expression1": expression("village", "in", [])}],
        [{"expression1": expression("status", "eq", "poor")}],
        [{"expression1": expression("status", "eq", ["verified"])}],
        [{"expression1": expression("category", "eq", None)}],
        [{"expression1": expression("group_size", "eq", "many")}],
        [{"expression1": expression("group_size", "eq", True)}],
        [{"expression1": expression("group_size", "eq", -1)}],
        [{"expression1": SMALL, "condition": "xor", "expression2": SMALL}],
        [{"expression1": SMALL, "condition": "and"}],
        [{"expression1": SMALL, "expression2": SMALL}],
        [{}],
    ],
)
def test_an_expression_that_cannot_be_told_from_a_guess_is_rejected(query: Any) -> None:
    with pytest.raises(SearchRejected) as rejected:
        clauses_of(query)

    assert rejected.value.reason == "rjct.filter.invalid"
    assert "张三" not in rejected.value.message


@pytest.mark.parametrize("query", [None, [], {}, "x", ["x"], [{"expression1": SMALL}] * (MAX_PREDICATES + 1)])
def test_a_predicate_is_a_list_of_a_few_objects(query: Any) -> None:
    with pytest.raises(SearchRejected) as rejected:
        clauses_of(query)

    assert rejected.value.reason == "rjct.search_criteria.invalid"
    assert len(clauses_of([{"expression1": SMALL}] * MAX_PREDICATES)) == MAX_PREDICATES


def test_pages_are_counted_from_one_and_end_at_the_largest_size() -> None:
    assert window_of(None) == Window(size=MAX_PAGE, number=1)
    assert window_of({"page_size": "10", "page_number": 3}).offset == 20
    assert window_of({"page_size": MAX_PAGE}).number == 1


@pytest.mark.parametrize(
    "pagination",
    [
        {"page_size": 0},
        {"page_size": MAX_PAGE + 1},
        {"page_size": 10, "page_number": 0},
        {"page_size": 10, "page_number": 10_000_000},
        {"page_size": "ten"},
        {"page_size": 1.5},
        {"page_number": 1},
        [],
        "1",
    ],
)
def test_a_page_outside_its_limits_is_rejected(pagination: Any) -> None:
    with pytest.raises(SearchRejected) as rejected:
        window_of(pagination)

    assert rejected.value.reason == "rjct.pagination.invalid"


def test_what_can_be_searched_can_be_sorted_by() -> None:
    assert order_of(None) == ()
    assert order_of([{"attribute_name": "group_size", "sort_order": "desc"}]) == (
        Order(attribute="group_size", is_descending=True),
    )


@pytest.mark.parametrize(
    "sort",
    [
        [{"attribute_name": "name"}],
        [{"attribute_name": "village", "sort_order": "up"}],
        [{"attribute_name": "village", "sort_order": []}],
        ["village"],
        [{"attribute_name": "village"}] * 5,
        7,
    ],
)
def test_anything_else_is_not(sort: Any) -> None:
    with pytest.raises(SearchRejected) as rejected:
        order_of(sort)

    assert rejected.value.reason == "rjct.sort.invalid"
