"""The closing table names every figure with its source, and is equal only when all are."""

from cli.sample.figures import compare, expected_figures
from cli.sample.plan import SamplePlan


def test_the_table_carries_the_seeds_figures_with_their_lines(eryuan_plan: SamplePlan) -> None:
    table = {figure.key: (figure.value, figure.source) for figure in expected_figures(eryuan_plan)}

    assert table["households"] == (4_290, "L7")
    assert table["dibao_household_share"] == (4_375, "L7")
    assert table["dibao_person_share"] == (3_854, "L7")
    assert table["relocated_persons"] == (6_415, "L11")
    assert table["housing_subsidy_fen"] == (1_566_000_000, "L11")
    assert table["special_and_integrated_fen"] == (106_035_130_000, "L39")
    assert table["donation_fen"] == (1_073_384_600, "L29")


def test_keys_are_unique(plan: SamplePlan) -> None:
    keys = [figure.key for figure in expected_figures(plan)]

    assert len(keys) == len(set(keys))


def test_a_made_up_county_never_cites_the_seed(small_plan: SamplePlan) -> None:
    assert {figure.source for figure in expected_figures(small_plan)} == {"made up", "plan"}


def test_equal_figures_make_equal_rows(plan: SamplePlan) -> None:
    expected = expected_figures(plan)

    rows = compare(expected, {figure.key: figure.value for figure in expected})

    assert all(row.is_equal for row in rows)
    assert [row.key for row in rows] == [figure.key for figure in expected]


def test_a_figure_off_by_one_fen_is_not_equal(eryuan_plan: SamplePlan) -> None:
    expected = expected_figures(eryuan_plan)
    observed = {figure.key: figure.value for figure in expected} | {"housing_subsidy_fen": 1_566_000_001}

    rows = compare(expected, observed)

    assert [row.key for row in rows if not row.is_equal] == ["housing_subsidy_fen"]


def test_a_figure_that_nobody_observed_is_not_equal(eryuan_plan: SamplePlan) -> None:
    rows = compare(expected_figures(eryuan_plan), {})

    assert not any(row.is_equal for row in rows)
    assert {row.observed_text for row in rows} == {"-"}


def test_figures_are_printed_with_thousands_yuan_and_percent(eryuan_plan: SamplePlan) -> None:
    texts = {row.key: row.expected_text for row in compare(expected_figures(eryuan_plan), {})}

    assert texts["persons"] == "15,002"
    assert texts["integrated_fen"] == "585,046,800.00"
    assert texts["dibao_household_share"] == "43.75%"
