"""The part of pain.002.001.10 that the county reads: which elements, in which order, how often, holding what."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from services.finance.iso20022.amount import text_to_fen

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"

_COUNT = re.compile(r"[0-9]{1,15}", re.ASCII)
_STATUS = re.compile(r"[A-Z]{4}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9]{1,4}", re.ASCII)
_CHINA = timezone(timedelta(hours=8))
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRule:
    """What the text of an element must be."""

    code: str
    message: str
    holds: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element: either it has a text rule, or children, or (with neither) it is passed over unread."""

    required: bool = False
    repeats: bool = False
    text: TextRule | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, "Element"] = field(default_factory=dict)
    places: Mapping[str, int] = field(init=False)
    is_passed_over: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", {name: place for place, name in enumerate(self.children)})
        object.__setattr__(self, "is_passed_over", self.text is None and not self.children)


def day_in_china(text: str) -> date:
    """Return the day in China; a time without a zone is the bank's own, which is China's."""
    time = datetime.fromisoformat(text)
    return (time.astimezone(_CHINA) if time.tzinfo else time).date()


def _is_time(text: str) -> bool:
    if _TIME.fullmatch(text) is None:
        return False
    try:
        day_in_china(text)
    except (ValueError, OverflowError):  # no such day, here or there
        return False
    return True


def _is_short(length: int) -> Callable[[str], bool]:
    return lambda text: bool(text.strip()) and len(text) <= length


_ID = TextRule(code="text-malformed", message="Expected 1 to 35 characters.", holds=_is_short(35))
_COUNT_RULE = TextRule(
    code="count-malformed",
    message="Expected 1 to 15 digits.",
    holds=lambda text: _COUNT.fullmatch(text) is not None,
)
_AMOUNT = TextRule(
    code="amount-malformed",
    message="Expected a decimal number of yuan with at most two digits after the point.",
    holds=lambda text: text_to_fen(text) is not None,
)
_STATUS_RULE = TextRule(
    code="status-malformed",
    message="Expected a status of four capital letters.",
    holds=lambda text: _STATUS.fullmatch(text) is not None,
)
_CODE_RULE = TextRule(
    code="reason-malformed",
    message="Expected a reason code of 1 to 4 letters and digits.",
    holds=lambda text: _CODE.fullmatch(text) is not None,
)
_TIME_RULE = TextRule(
    code="time-malformed", message="Expected a date with time, as ISO 8601.", holds=_is_time
)

_ORIGINAL_MESSAGE = TextRule(
    code="original-not-a-credit-transfer",
    message="Expected the name of a credit transfer, such as pain.001.001.09.",
    holds=lambda text: re.fullmatch(r"pain\.001(?:\.[0-9]{3}\.[0-9]{2})?", text, re.ASCII) is not None,
)

_UNREAD = Element()
_UNREAD_MANY = Element(repeats=True)
_MONEY = Element(text=_AMOUNT, attributes={"Ccy": "CNY"})
_REASON = Element(
    repeats=True,
    children={
        "Orgtr": _UNREAD,
        "Rsn": Element(children={"Cd": Element(text=_CODE_RULE), "Prtry": Element(text=_ID)}),
        "AddtlInf": _UNREAD_MANY,
    },
)

_ORIGINAL_TRANSACTION = {
    "IntrBkSttlmAmt": _MONEY,
    "Amt": Element(children={"InstdAmt": _MONEY, "EqvtAmt": _UNREAD}),
} | dict.fromkeys(
    [
        "IntrBkSttlmDt",
        "ReqdColltnDt",
        "ReqdExctnDt",
        "CdtrSchmeId",
        "SttlmInf",
        "PmtTpInf",
        "PmtMtd",
        "MndtRltdInf",
        "RmtInf",
        "UltmtDbtr",
        "Dbtr",
        "DbtrAcct",
        "DbtrAgt",
        "DbtrAgtAcct",
        "CdtrAgt",
        "CdtrAgtAcct",
        "Cdtr",
        "CdtrAcct",
        "UltmtCdtr",
        "Purp",
    ],
    _UNREAD,
)

_TRANSACTION = Element(
    repeats=True,
    children={
        "StsId": _UNREAD,
        "OrgnlInstrId": Element(text=_ID),
        "OrgnlEndToEndId": Element(text=_ID, required=True),
        "OrgnlUETR": _UNREAD,
        "TxSts": Element(text=_STATUS_RULE, required=True),
        "StsRsnInf": _REASON,
        "ChrgsInf": _UNREAD_MANY,
        "TrckrData": _UNREAD,
        "AccptncDtTm": Element(text=_TIME_RULE),
        "AcctSvcrRef": _UNREAD,
        "ClrSysRef": _UNREAD,
        "OrgnlTxRef": Element(children=_ORIGINAL_TRANSACTION),
        "SplmtryData": _UNREAD_MANY,
    },
)

_PAYMENT_INFORMATION = Element(
    children={
        "OrgnlPmtInfId": Element(text=_ID, required=True),
        "OrgnlNbOfTxs": Element(text=_COUNT_RULE),
        "OrgnlCtrlSum": Element(text=_AMOUNT),
        "PmtInfSts": Element(text=_STATUS_RULE),
        "StsRsnInf": _REASON,
        "NbOfTxsPerSts": _UNREAD_MANY,
        "TxInfAndSts": _TRANSACTION,
    }
)

_ORIGINAL_GROUP = Element(
    required=True,
    children={
        "OrgnlMsgId": Element(text=_ID, required=True),
        "OrgnlMsgNmId": Element(text=_ORIGINAL_MESSAGE, required=True),
        "OrgnlCreDtTm": Element(text=_TIME_RULE),
        "OrgnlNbOfTxs": Element(text=_COUNT_RULE),
        "OrgnlCtrlSum": Element(text=_AMOUNT),
        "GrpSts": Element(text=_STATUS_RULE),
        "StsRsnInf": _REASON,
        "NbOfTxsPerSts": _UNREAD_MANY,
    },
)

_HEADER = Element(
    required=True,
    children={
        "MsgId": Element(text=_ID, required=True),
        "CreDtTm": Element(text=_TIME_RULE, required=True),
        "InitgPty": _UNREAD,
        "FwdgAgt": _UNREAD,
        "DbtrAgt": _UNREAD,
        "CdtrAgt": _UNREAD,
    },
)

# The county's batches hold one payment information each, so a report about two is about something else.
STATUS_REPORT = Element(
    children={
        "Document": Element(
            required=True,
            children={
                "CstmrPmtStsRpt": Element(
                    required=True,
                    children={
                        "GrpHdr": _HEADER,
                        "OrgnlGrpInfAndSts": _ORIGINAL_GROUP,
                        "OrgnlPmtInfAndSts": _PAYMENT_INFORMATION,
                        "SplmtryData": _UNREAD_MANY,
                    },
                )
            },
        )
    }
)
