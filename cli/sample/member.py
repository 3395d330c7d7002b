"""The members of a synthetic household: relations, sexes and ages that fit together."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cli.sample.identity import FEMALE, GIVEN_FIRST, GIVEN_SECOND, MALE, SURNAME, IdentityRegister
from cli.sample.plan import SampleMember

REFERENCE_DAY = date(2015, 1, 1)
DAYS_A_YEAR = 365
SCHOOL_AGE = range(6, 19)
PRIMARY_ENDS = 12
MIDDLE_ENDS = 15
WORKING_AGE = range(19, 65)
MOTHER_AGE = range(20, 30)
HEAD_AGE = range(34, 48)
LONE_HEAD_AGE = range(45, 79)
BIRTH_GAP_YEARS = 3
# What a household of each size adds to a smaller one; the eighth person is a fourth child.
COMPOSITION = ("head", "spouse", "child", "child", "mother", "child", "father", "child")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Role:
    relation: str
    sex: str
    age: int


def build_members(
    size: int, *, dibao: bool, ethnicity: str, register: IdentityRegister, rng: Random
) -> tuple[SampleMember, ...]:
    """Return the members of one household, head first."""
    return tuple(
        _person(role, dibao=dibao, ethnicity=ethnicity, register=register, rng=rng)
        for role in _roles(size, rng)
    )


def build_parent(head: SampleMember, *, register: IdentityRegister, rng: Random) -> SampleMember:
    """Return the head's mother."""
    age = (REFERENCE_DAY - head.born).days // DAYS_A_YEAR + rng.choice(MOTHER_AGE)
    role = _Role(relation="mother", sex=FEMALE, age=age)
    return _person(role, dibao=head.dibao, ethnicity=head.ethnicity, register=register, rng=rng)


def _roles(size: int, rng: Random) -> list[_Role]:
    head_sex = FEMALE if rng.randrange(10) == 0 else MALE
    if size == 1:
        return [_Role(relation="head", sex=head_sex, age=rng.choice(LONE_HEAD_AGE))]
    head_age = rng.choice(HEAD_AGE)
    spouse = _Role(
        relation="spouse", sex=FEMALE if head_sex == MALE else MALE, age=head_age + rng.randint(-2, 2)
    )
    oldest_child = min(head_age, spouse.age) - rng.choice(MOTHER_AGE[:4])
    roles = []
    children = 0
    for kind in COMPOSITION[:size]:
        if kind == "head":
            roles.append(_Role(relation="head", sex=head_sex, age=head_age))
        elif kind == "spouse":
            roles.append(spouse)
        elif kind == "child":
            roles.append(_child(oldest_child - BIRTH_GAP_YEARS * children, rng))
            children += 1
        else:
            parent_sex = FEMALE if kind == "mother" else MALE
            roles.append(_Role(relation=kind, sex=parent_sex, age=head_age + rng.choice(MOTHER_AGE)))
    return roles


def _child(age: int, rng: Random) -> _Role:
    if rng.randrange(2):
        return _Role(relation="son", sex=MALE, age=max(0, age))
    return _Role(relation="daughter", sex=FEMALE, age=max(0, age))


def _person(
    role: _Role, *, dibao: bool, ethnicity: str, register: IdentityRegister, rng: Random
) -> SampleMember:
    drawn = REFERENCE_DAY - timedelta(days=DAYS_A_YEAR * role.age + rng.randint(1, DAYS_A_YEAR - 1))
    id_number, born = register.issue(drawn, role.sex)
    able = role.age in WORKING_AGE
    return SampleMember(
        name=SURNAME + rng.choice(GIVEN_FIRST) + rng.choice(GIVEN_SECOND),
        sex=role.sex,
        id_number=id_number,
        born=born,
        relation=role.relation,
        ethnicity=ethnicity,
        education=_education(role.age, rng),
        schooling=_schooling(role.age),
        health=rng.choices(("healthy", "chronic", "serious", "disabled"), weights=(80, 12, 3, 5))[0],
        labour="ordinary" if able else "none",
        work=rng.choice(("farming", "farming", "migrant")) if able else "none",
        dibao=dibao,
        medical_scheme=True,
        pension=able or role.age not in range(WORKING_AGE.stop),
    )


def _schooling(age: int) -> str:
    if age not in SCHOOL_AGE:
        return "none"
    if age < PRIMARY_ENDS:
        return "primary"
    return "middle" if age < MIDDLE_ENDS else "high"


def _education(age: int, rng: Random) -> str:
    if age < SCHOOL_AGE.start:
        return "preschool"
    if age < PRIMARY_ENDS:
        return "primary"
    if age < MIDDLE_ENDS:
        return "middle"
    if age < SCHOOL_AGE.stop:
        return "high"
    return rng.choice(("illiterate", "primary", "primary", "middle", "high"))
