"""Classes of villages, and how the figures of an area are written."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from services.registry.domain.area import (
    COLLECTIVE_ECONOMY,
    COVERAGE,
    INCOME_GROWTH,
    POOR_VILLAGE,
    RURAL_POPULATION,
    Figure,
    check_figure,
    is_key_village,
)
from services.registry.domain.errors.area import FigureInvalid
from services.registry.rules import shipped_packs

PACK = shipped_packs()["national-2014"]
TODAY = date(2016, 6, 1)
FIGURE = Figure(
    area_code="532930000000",
    kind=RURAL_POPULATION,
    year=2015,
    value="280000",
    as_of=date(2015, 12, 31),
    basis_document="Yearbook 2015",
)


def test_a_village_above_the_limit_is_a_key_village() -> None:
    limit = PACK.key_village_above_households

    found = [is_key_village(limit + more, PACK, is_poor_village=False) for more in (-1, 0, 1)]

    assert found == [False, False, True]


def test_a_poor_village_is_no_key_village() -> None:
    assert not is_key_village(PACK.key_village_above_households + 1, PACK, is_poor_village=True)


def test_a_poor_village_is_a_village() -> None:
    stated = replace(FIGURE, kind=POOR_VILLAGE, value="yes")

    check_figure(replace(stated, area_code="532930101201"), TODAY)
    for code in ("532930000000", "532930101000"):
        with pytest.raises(FigureInvalid) as refused:
            check_figure(replace(stated, area_code=code), TODAY)
        assert refused.value.pointer == "/kind"


def test_the_limit_of_key_villages_is_the_packs() -> None:
    pack = msgspec.structs.replace(PACK, key_village_above_households=1)

    assert is_key_village(2, pack, is_poor_village=False)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (RURAL_POPULATION, "1"),
        (RURAL_POPULATION, "280000"),
        (INCOME_GROWTH, "-3.5"),
        (INCOME_GROWTH, "12.25"),
        (COVERAGE, "0"),
        (COVERAGE, "100"),
        (COLLECTIVE_ECONOMY, "no"),
    ],
)
def test_a_figure_is_written_as_its_kind_asks(kind: str, value: str) -> None:
    check_figure(replace(FIGURE, kind=kind, value=value), TODAY)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (RURAL_POPULATION, "0"),
        (RURAL_POPULATION, "280000.5"),
        (RURAL_POPULATION, "yes"),
        (INCOME_GROWTH, "12.345"),
        (COVERAGE, "100.01"),
        (COVERAGE, "-1"),
        (COLLECTIVE_ECONOMY, "1"),
    ],
)
def test_a_figure_written_otherwise_is_refused(kind: str, value: str) -> None:
    with pytest.raises(FigureInvalid):
        check_figure(replace(FIGURE, kind=kind, value=value), TODAY)


def test_a_figure_speaks_of_no_day_or_year_to_come() -> None:
    check_figure(replace(FIGURE, as_of=TODAY, year=2016), TODAY)

    with pytest.raises(FigureInvalid):
        check_figure(replace(FIGURE, as_of=date(2016, 6, 2)), TODAY)
    with pytest.raises(FigureInvalid):
        check_figure(replace(FIGURE, year=2016), TODAY)
