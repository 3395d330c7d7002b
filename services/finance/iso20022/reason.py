"""What the bank's reason codes (ISO 20022 external status reason codes) mean to a clerk, in both languages."""

from dataclasses import dataclass

# ISO 20022: "reason has not been specified by agent".
UNSPECIFIED = "MS03"

_MEANINGS = {
    "AC01": ("The account number is wrong", "账号错误"),
    "AC03": ("The payee's account number is invalid", "收款账号无效"),
    "AC04": ("The account is closed", "账户已销户"),
    "AC06": ("The account is blocked", "账户被冻结"),
    "AG01": ("This kind of transfer is not allowed on the account", "该账户不允许此类交易"),
    "AM02": ("The amount is above what is allowed", "金额超过限额"),
    "AM04": ("The funds are insufficient", "余额不足"),
    "AM05": ("The payment is a duplicate", "重复付款"),
    "AM09": ("The amount is wrong", "金额错误"),
    "AM10": ("The control sum is wrong", "控制总额不符"),
    "AM18": ("The number of payments is wrong", "笔数不符"),
    "BE01": ("The account's holder is someone else", "户名与账号不符"),
    "BE04": ("The payee's address is missing or wrong", "收款人地址缺失或错误"),
    "BE05": ("The initiating party is not known", "发起方无法识别"),
    "BE07": ("The payer's address is missing or wrong", "付款人地址缺失或错误"),
    "DS07": ("The signatures do not allow the whole order", "签名授权不足"),
    "DT01": ("The date is wrong", "日期错误"),
    "MD01": ("No mandate covers the payment", "无有效授权"),
    "MD07": ("The account's holder has died", "账户持有人已故"),
    "MS02": ("The payee gave no reason", "收款人未说明原因"),
    "MS03": ("The bank gave no reason", "银行未说明原因"),
    "NARR": ("The bank gave its reason in words; ask the bank", "原因以文字说明，请询问银行"),
    "RC01": ("The bank code is wrong", "行号错误"),
    "RR04": ("A regulation forbids the payment", "监管原因"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionReason:
    """Why the bank did not pay: its code, and what that says."""

    code: str
    english: str
    chinese: str


def explain_reason(code: str | None) -> RejectionReason:
    """Return the meaning of a code; one that is not known keeps its code, so that the bank can be asked."""
    code = code or UNSPECIFIED
    english, chinese = _MEANINGS.get(
        code, ("The bank's own reason; ask the bank", "银行自定义原因，请询问银行")
    )
    return RejectionReason(code=code, english=english, chinese=chinese)
