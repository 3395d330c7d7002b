"""How papers say things in Chinese: days, and the words of the wire."""

from datetime import date
from typing import Final

from contracts import values

CHINESE_OF_STATE: Final = {
    values.CANDIDATE: "候选",
    values.EVALUATED: "已评议",
    values.NOTICED: "已公示",
    values.REGISTERED: "在册",
    values.VERIFIED: "在册（已核实）",
    values.PRE_EXIT: "预脱贫",
    values.EXITED: "已脱贫（脱贫不脱政策）",
    values.CLOSED: "销号",
    values.RETURNED: "返贫",
    values.WITHDRAWN: "撤销",
}


def chinese_day(day: date | str) -> str:
    """Return a day as papers write it, such as 2016年6月1日."""
    given = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{given.year}年{given.month}月{given.day}日"
