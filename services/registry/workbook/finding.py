"""What can be wrong with a workbook: refusals of the whole document, and findings that point at a cell."""

from dataclasses import dataclass, field
from types import MappingProxyType

REFUSALS = MappingProxyType(
    {
        "not-a-workbook": ("The document is not an XLSX workbook.", "文件不是 XLSX 工作簿。"),
        "text-file": (
            "The document is a text file (CSV or the like); save it as XLSX.",
            "文件是文本(如 CSV),请另存为 XLSX。",
        ),
        "old-format": (
            "The document is in the old XLS or the binary XLSB format; save it as XLSX.",
            "文件是旧版 XLS 或二进制 XLSB 格式,请另存为 XLSX。",
        ),
        "encrypted": ("The workbook is encrypted; save it without a password.", "工作簿已加密,请取消密码。"),
        "too-large": ("The workbook exceeds the size limit.", "工作簿超过大小限制。"),
        "too-many-parts": ("The workbook has more parts than allowed.", "工作簿内部文件过多。"),
        "inflated": (
            "The workbook unpacks to far more than its size.",
            "工作簿解压后的大小与文件大小不成比例。",
        ),
        "malformed": ("The workbook is damaged or malformed.", "工作簿已损坏或结构不正确。"),
        "sheet-missing": ("The workbook has no sheet 人员.", "工作簿中没有“人员”表。"),
        "too-many-rows": ("The sheet has more rows than one import takes.", "表中行数超过一次导入的上限。"),
        "no-rows": ("The sheet has no row of data.", "表中没有数据行。"),
    }
)

FINDINGS = MappingProxyType(
    {
        "column-unknown": ("The column is not one of the form's.", "不是规定的列。"),
        "column-missing": ("A column of the form is missing.", "缺少规定的列。"),
        "column-duplicate": ("The column appears twice.", "列重复出现。"),
        "cell-outside-columns": ("A value stands outside the form's columns.", "数值位于规定列之外。"),
        "formula-not-allowed": ("Formulas are not allowed; enter the value.", "不允许使用公式,请填写数值。"),
        "merged-cells": ("Merged cells are not allowed.", "不允许合并单元格。"),
        "cell-type-invalid": (
            "The cell holds a date, a true/false value or an error.",
            "单元格是日期、逻辑值或错误值。",
        ),
        "number-in-text-column": (
            "The cell holds a number; format it as text and type it again.",
            "单元格为数值,请设为文本格式后重新填写。",
        ),
        "required": ("A value is required.", "必填。"),
        "too-long": ("The text is too long.", "文字过长。"),
        "control-character": (
            "The text holds a control or invisible character.",
            "含有控制字符或不可见字符。",
        ),
        "code-unknown": ("The value is not in the column's code list.", "不在代码表中。"),
        "number-invalid": ("The value is not a plain decimal number.", "不是有效数字。"),
        "too-many-decimals": ("The number has too many decimals.", "小数位数过多。"),
        "out-of-range": ("The number is outside the allowed range.", "超出允许范围。"),
        "file-number-invalid": (
            "The file number may hold only letters, digits and hyphens.",
            "户编号只能含字母、数字和连字符。",
        ),
        "file-number-is-identity": (
            "An identity number does not serve as a file number, which is kept open.",
            "户编号不得使用证件号码。",
        ),
        "village-code-invalid": ("A village code has 12 digits.", "行政村代码应为12位数字。"),
        "village-unknown": ("The code is not a village of the division tree.", "区划中没有该行政村。"),
        "bank-code-invalid": ("A bank branch code has 12 digits.", "行号应为12位数字。"),
        "account-invalid": ("An account has 8 to 32 digits.", "银行账号应为8至32位数字。"),
        "bank-incomplete": (
            "Bank branch code and account must be given together.",
            "行号与账号应同时填写。",
        ),
        "phone-invalid": ("The telephone number is not valid.", "电话号码无效。"),
        "identity-length": ("An identity number has 18 characters.", "证件号码应为18位。"),
        "identity-format": (
            "An identity number has 17 digits and a digit or X.",
            "证件号码应为17位数字加1位数字或X。",
        ),
        "identity-checksum": ("The check character is wrong (GB 11643).", "校验码错误(GB 11643)。"),
        "identity-date": ("The date of birth inside does not exist.", "出生日期不存在。"),
        "identity-future": ("The date of birth inside lies in the future.", "出生日期在未来。"),
        "identity-place": ("The first six digits are no known place.", "前六位不是已知的行政区划。"),
        "identity-sex": ("Sex and identity number disagree.", "性别与证件号码不符。"),
        "identity-duplicate": (
            "The identity number stands twice in this workbook.",
            "证件号码在本工作簿中重复。",
        ),
        "head-missing": ("The household has no head (户主).", "该户没有户主。"),
        "head-duplicate": ("The household has more than one head (户主).", "该户有多个户主。"),
        "household-differs": (
            "The value differs from the one on the head's row.",
            "与户主行的数值不一致。",
        ),
        "net-income-differs": (
            "Net income is not the four incomes minus the cost.",
            "年纯收入不等于四项收入减支出。",
        ),
        "per-capita-differs": (
            "Income a person is not net income by persons.",
            "人均纯收入不等于年纯收入除以人数。",
        ),
        "identity-registered": (
            "The person is already on the register in another household.",
            "该人员已在其他户登记。",
        ),
        "file-number-registered": ("The file number is already on the register.", "该户编号已登记。"),
    }
)


class WorkbookRefused(Exception):  # noqa: N818 - errors are named as sentences
    """The document as a whole cannot be read; `code` is one of REFUSALS."""

    def __init__(self, code: str, note: str = "") -> None:
        english, chinese = REFUSALS[code]
        self.code = code
        self.message = _with_note(english, note)
        self.chinese = _with_note(chinese, note)
        super().__init__(f"{code}: {self.message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault at one cell. It never holds the cell's value; `note` is a limit or another cell's address."""

    row: int
    letter: str
    column: str
    code: str
    note: str = ""

    @property
    def cell(self) -> str:
        return f"{self.letter}{self.row}"

    @property
    def pointer(self) -> str:
        """Where the fault is, as a JSON Pointer into the sheet."""
        name = (self.column or self.letter).replace("~", "~0").replace("/", "~1")
        return f"/rows/{self.row}/{name}"

    @property
    def message(self) -> str:
        return _with_note(FINDINGS[self.code][0], self.note)

    @property
    def chinese(self) -> str:
        return _with_note(FINDINGS[self.code][1], self.note)


@dataclass(slots=True)
class Findings:
    """Collects findings up to a cap and counts the rest, so that a file of faults stays small."""

    cap: int
    items: list[Finding] = field(default_factory=list)
    suppressed: int = 0

    def add(self, finding: Finding) -> None:
        if len(self.items) < self.cap:
            self.items.append(finding)
        else:
            self.suppressed += 1

    def __len__(self) -> int:
        return len(self.items) + self.suppressed


def _with_note(sentence: str, note: str) -> str:
    return f"{sentence} ({note})" if note else sentence
