"""An exported workbook reads back to exactly the drafts it was made of, and the empty form can be filled in."""

import io
from datetime import date
from decimal import Decimal

import pytest
import python_calamine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.registry.workbook import codes
from services.registry.workbook.cell import has_invisible_character
from services.registry.workbook.columns import COLUMNS, MAX_FEN
from services.registry.workbook.draft import HouseholdDraft, MemberDraft
from services.registry.workbook.export import export_households
from services.registry.workbook.finding import WorkbookRefused
from services.registry.workbook.identity import sex_of
from services.registry.workbook.read import read_workbook
from tests.services.registry.workbook import sample
from tests.services.registry.workbook.sample import VILLAGE


def texts(longest: int) -> st.SearchStrategy[str]:
    plain = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=longest)
    tricky = st.sampled_from(["=1+1", "_x41_", "<b>&amp;", 'O\'Neil "x"', "阿·依 古丽", "0012", "1E5"])
    return (
        st.one_of(plain, tricky)
        .map(str.strip)
        .filter(lambda text: bool(text) and not has_invisible_character(text))
    )


def one_of(codes_of: codes.CodeList) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(codes_of.terms))


def identities() -> st.SearchStrategy[str]:
    births = st.dates(date(1900, 1, 1), sample.TODAY).map(lambda day: day.strftime("%Y%m%d"))
    return st.builds(
        lambda birth, number: sample.identity(birth, f"{number:03d}"), births, st.integers(0, 999)
    )


def digits(shortest: int, longest: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=shortest, max_size=longest)


@st.composite
def member(draw: st.DrawFn, identity: str, relation: str) -> MemberDraft:
    return MemberDraft(
        name=draw(texts(50)),
        identity_number=identity,
        sex=sex_of(identity),
        relation=relation,
        ethnic_group=draw(one_of(codes.ETHNIC_GROUP)),
        education=draw(one_of(codes.EDUCATION)),
        schooling=draw(one_of(codes.SCHOOLING)),
        health=draw(one_of(codes.HEALTH)),
        labour=draw(one_of(codes.LABOUR)),
        work=draw(one_of(codes.WORK)),
        medical_scheme=draw(st.booleans()),
    )


@st.composite
def household(draw: st.DrawFn, file_number: str, people: list[str]) -> HouseholdDraft:
    relations = [draw(one_of(codes.RELATION).filter(lambda code: code != codes.HEAD)) for _ in people]
    relations[draw(st.integers(0, len(people) - 1))] = codes.HEAD
    fen = st.integers(0, MAX_FEN)
    bank = draw(st.none() | st.tuples(digits(12, 12), digits(8, 32))) or (None, None)
    return HouseholdDraft(
        file_number=file_number,
        village_code=VILLAGE,
        attribute=draw(one_of(codes.ATTRIBUTE)),
        standard=draw(one_of(codes.STANDARD)),
        cause=draw(one_of(codes.CAUSE)),
        address=draw(st.none() | texts(200)),
        bank_code=bank[0],
        account=bank[1],
        phone=draw(st.none() | digits(6, 20)),
        housing_area_m2=Decimal(draw(st.integers(0, 99_999))) / 10,
        wage_income_fen=draw(fen),
        business_income_fen=draw(fen),
        transfer_income_fen=draw(fen),
        property_income_fen=draw(fen),
        production_cost_fen=draw(fen),
        members=tuple(draw(member(*pair)) for pair in zip(people, relations, strict=True)),
    )


@st.composite
def registers(draw: st.DrawFn) -> list[HouseholdDraft]:
    numbers = draw(
        st.lists(
            st.from_regex(r"[0-9A-Za-z][0-9A-Za-z\-]{0,31}", fullmatch=True),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    people = draw(st.lists(identities(), min_size=len(numbers) * 2, max_size=len(numbers) * 3, unique=True))
    size = max(1, len(people) // max(1, len(numbers)))
    return [
        draw(household(number, people[place * size : (place + 1) * size]))
        for place, number in enumerate(numbers)
    ]


# Shrinking whole registers takes longer than a test may; the first register that fails tells enough.
@settings(
    max_examples=100, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.too_slow]
)
@given(registers())
def test_what_is_exported_reads_back_the_same(households: list[HouseholdDraft]) -> None:
    validation = sample.check(export_households(households))

    assert validation.findings == ()
    assert list(validation.households) == households


def test_an_export_of_nothing_has_no_rows_to_read() -> None:
    with pytest.raises(WorkbookRefused, match="no-rows"):
        read_workbook(export_households([]))


def test_another_reader_sees_the_leading_zeros() -> None:
    households = sample.check(sample.workbook(sample.rows())).households

    document = export_households(households)

    seen = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(document))
        .get_sheet_by_name("人员")
        .to_python()
    )
    assert seen[0] == [column.name for column in COLUMNS]
    assert [seen[1][place] for place in (0, 1, 5, 6)] == ["0001", VILLAGE, "002731000012", "0200000000000001"]


def test_household_values_stand_on_the_heads_row_only() -> None:
    households = sample.check(sample.workbook(sample.rows())).households

    rows = read_workbook(export_households(households)).rows

    assert [1 in row.cells for row in rows] == [True, False, True]


def test_the_empty_form_has_every_column() -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(export_households([])))

    assert book.sheet_names == ["人员", "代码表"]
    assert book.get_sheet_by_name("人员").to_python() == [[column.name for column in COLUMNS]]
