"""The synthetic people are valid where a check exists, plausible as families, and marked as nobody's."""

from datetime import date

from stdnum.cn import ric

from cli.sample.identity import IdentityRegister
from cli.sample.plan import SamplePlan


def test_every_identity_number_is_valid_and_used_once(plan: SamplePlan) -> None:
    numbers = [member.id_number for one in plan.filed for member in one.everybody]

    assert all(ric.is_valid(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_an_identity_number_tells_county_birth_and_sex(plan: SamplePlan) -> None:
    for one in plan.filed:
        for member in one.members:
            assert member.id_number[:6] == plan.county.code[:6]
            assert member.id_number[6:14] == f"{member.born:%Y%m%d}"
            assert int(member.id_number[16]) % 2 == (member.sex == "male")


def test_people_and_accounts_are_recognisable_as_synthetic(plan: SamplePlan) -> None:
    for one in plan.filed:
        assert one.bank_account.startswith("000000")
        assert one.bank_code.startswith("000")
        assert len(one.bank_code) == 12
        assert all(member.name.startswith("样") for member in one.members)
        assert all(member.id_number[14] == "9" for member in one.members)


def test_accounts_and_file_numbers_are_used_once(plan: SamplePlan) -> None:
    assert len({one.bank_account for one in plan.filed}) == len(plan.filed)
    assert len({one.file_number for one in plan.filed}) == len(plan.filed)


def test_each_household_has_one_head_and_at_most_one_spouse_of_the_other_sex(plan: SamplePlan) -> None:
    for one in plan.filed:
        relations = [member.relation for member in one.members]
        spouses = [member for member in one.members if member.relation == "spouse"]
        assert relations.count("head") == 1
        assert one.head.relation == "head"
        assert len(spouses) <= 1
        assert all(spouse.sex != one.head.sex for spouse in spouses)


def test_relations_agree_with_sex_and_age(plan: SamplePlan) -> None:
    sexes = {"son": "male", "daughter": "female", "father": "male", "mother": "female"}
    for one in plan.filed:
        for member in one.members:
            years = (member.born - one.head.born).days / 365.25
            assert sexes.get(member.relation, member.sex) == member.sex
            assert member.relation not in ("son", "daughter") or years > 15
            assert member.relation not in ("father", "mother") or years < -15
            assert date(1900, 1, 1) < member.born < date(2016, 1, 1)


def test_incomes_stay_under_the_poverty_line_of_2015(plan: SamplePlan) -> None:
    assert all(0 < one.income_per_person_fen < 285_500 for one in plan.filed)


def test_a_full_birthday_moves_to_the_next_day() -> None:
    register = IdentityRegister("532930")

    issued = [register.issue(date(1980, 5, 5), "male") for _ in range(51)]

    assert len({number for number, _ in issued}) == 51
    assert [born for _, born in issued[-2:]] == [date(1980, 5, 5), date(1980, 5, 6)]
