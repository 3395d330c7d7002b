"""The columns of the household workbook: name, meaning, kind of cell and limits, as data for reader, checks and docs."""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from services.registry.workbook import codes
from services.registry.workbook.codes import CodeList

SHEET = "人员"
MAX_FEN = 9_999_999_999


class Kind(Enum):
    """What a cell of the column holds."""

    TEXT = "text"
    CODE = "code"
    MONEY = "yuan"
    AREA = "m2"


class Scope(Enum):
    """Whether a value belongs to the household (given on the head's row) or to each person."""

    HOUSEHOLD = "household"
    PERSON = "person"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column; `field` is its name in the drafts, empty for figures that are only checked."""

    name: str
    english: str
    field: str = ""
    scope: Scope = Scope.PERSON
    kind: Kind = Kind.TEXT
    must_exist: bool = True
    required: bool = True
    codes: CodeList | None = None
    pattern: str = ""
    fault: str = ""
    max_length: int = 100
    rule: str = ""


def _household(
    name: str,
    field: str,
    english: str,
    *,
    kind: Kind = Kind.TEXT,
    required: bool = True,
    must_exist: bool = True,
    pattern: str = "",
    fault: str = "",
    max_length: int = 100,
    rule: str = "",
) -> Column:
    return Column(
        name=name,
        field=field,
        english=english,
        scope=Scope.HOUSEHOLD,
        kind=kind,
        required=required,
        must_exist=must_exist,
        pattern=pattern,
        fault=fault,
        max_length=max_length,
        rule=rule,
    )


def _coded(
    field: str, english: str, allowed: CodeList, *, scope: Scope = Scope.PERSON, rule: str = ""
) -> Column:
    return Column(
        name=allowed.name,
        field=field,
        english=english,
        scope=scope,
        kind=Kind.CODE,
        codes=allowed,
        max_length=20,
        rule=rule,
    )


def _income(name: str, field: str, english: str, rule: str = "0.00 to 99,999,999.99") -> Column:
    return _household(name, field, english, kind=Kind.MONEY, rule=rule)


FILE_NUMBER = Column(
    name="户编号",
    english="household file number",
    field="file_number",
    pattern=r"[0-9A-Za-z][0-9A-Za-z\-]{0,31}",
    fault="file-number-invalid",
    max_length=32,
    rule="stable number of the household's file; rows with the same number are one household, adjacent or not",
)
VILLAGE = _household(
    "行政村代码",
    "village_code",
    "village division code",
    pattern=r"[0-9]{12}",
    fault="village-code-invalid",
    max_length=12,
    rule="12 digits (GB/T 2260 with township and village); must be a village of the imported division tree",
)
BANK_CODE = _household(
    "开户银行行号",
    "bank_code",
    "bank branch (CNAPS)",
    required=False,
    pattern=r"[0-9]{12}",
    fault="bank-code-invalid",
    max_length=12,
    rule="12 digits; given together with the account or not at all",
)
ACCOUNT = _household(
    "银行账号",
    "account",
    "bank account",
    required=False,
    pattern=r"[0-9]{8,32}",
    fault="account-invalid",
    max_length=32,
    rule="8 to 32 digits",
)
IDENTITY = Column(
    name="证件号码",
    english="identity number",
    field="identity_number",
    max_length=18,
    rule="18 characters (GB 11643): place, date, sex and check character must hold; final x is read as X",
)
SEX = _coded("sex", "sex", codes.SEX, rule="must agree with the identity number")
RELATION = _coded("relation", "relation to the head", codes.RELATION, rule="exactly one 户主 in a household")
WAGE = _income("工资性收入", "wage_income_fen", "wage income")
BUSINESS = _income("经营性收入", "business_income_fen", "income from household business")
TRANSFER = _income("转移性收入", "transfer_income_fen", "transfer income")
PROPERTY = _income("财产性收入", "property_income_fen", "property income")
COST = _income("生产经营性支出", "production_cost_fen", "production cost")
NET = _household(
    "年纯收入",
    "",
    "net income of the year",
    kind=Kind.MONEY,
    required=False,
    must_exist=False,
    rule="only checked: the four incomes minus the cost",
)
PER_CAPITA = _household(
    "人均纯收入",
    "",
    "net income a person",
    kind=Kind.MONEY,
    required=False,
    must_exist=False,
    rule="only checked: net income by persons of the household, to the fen",
)
NAME = Column(name="姓名", english="name", field="name", max_length=50)
AREA = _household(
    "住房面积", "housing_area_m2", "housing area", kind=Kind.AREA, rule="0.0 to 9999.9, one decimal"
)

COLUMNS: tuple[Column, ...] = (
    FILE_NUMBER,
    VILLAGE,
    _coded("attribute", "household attribute", codes.ATTRIBUTE, scope=Scope.HOUSEHOLD),
    _coded("standard", "line of identification", codes.STANDARD, scope=Scope.HOUSEHOLD),
    _household("住址", "address", "address", required=False, must_exist=False, max_length=200),
    BANK_CODE,
    ACCOUNT,
    _household(
        "联系电话",
        "phone",
        "telephone",
        required=False,
        must_exist=False,
        pattern=r"\+?[0-9][0-9\-]{4,18}[0-9]",
        fault="phone-invalid",
        max_length=20,
        rule="digits, with + in front and - between allowed",
    ),
    NAME,
    SEX,
    IDENTITY,
    RELATION,
    _coded("ethnic_group", "ethnic group", codes.ETHNIC_GROUP),
    _coded("education", "education", codes.EDUCATION),
    _coded("schooling", "at school", codes.SCHOOLING),
    _coded("health", "health", codes.HEALTH),
    _coded("labour", "labour capacity", codes.LABOUR),
    _coded("work", "work away from home", codes.WORK),
    _coded("medical_scheme", "member of the new rural cooperative medical scheme", codes.MEDICAL_SCHEME),
    AREA,
    _coded("cause", "main cause of poverty", codes.CAUSE, scope=Scope.HOUSEHOLD),
    WAGE,
    BUSINESS,
    TRANSFER,
    PROPERTY,
    COST,
    NET,
    PER_CAPITA,
)
BY_NAME = MappingProxyType({column.name: column for column in COLUMNS})
HOUSEHOLD_COLUMNS = tuple(column for column in COLUMNS if column.scope is Scope.HOUSEHOLD)
PERSON_COLUMNS = tuple(column for column in COLUMNS if column.scope is Scope.PERSON)


def letter_of(index: int) -> str:
    """Return the sheet letter of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
