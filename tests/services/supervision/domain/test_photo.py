"""A photo's finding stands where all of its claims can see it."""

import pytest

from services.supervision.domain.checks.photo import common_area


@pytest.mark.parametrize(
    ("codes", "common"),
    [
        (["532930101201"], "532930101201"),
        (["532930101201", "532930101202"], "532930101000"),
        (["532930101201", "532930102201"], "532930000000"),
        (["532930101201", "532931102201"], "532900000000"),
        (["532930101201", "110101001001"], "000000000000"),
        ([], "000000000000"),
    ],
)
def test_the_common_area_is_the_smallest_division_of_all(codes: list[str], common: str) -> None:
    assert common_area(codes) == common
