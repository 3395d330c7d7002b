"""How papers say things in Chinese: days, and the words of the wire."""

from datetime import date
from typing import Final

from contracts import values
from services.registry.domain import area_exit
from services.registry.domain.evaluation import NOT_CARRIED, PASSED
from services.registry.domain.procedure import TURNED_DOWN

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
CHINESE_OF_PROPOSAL: Final = {
    values.KEEP: "保留",
    values.ADD: "新增",
    values.REMOVE: "剔除",
    values.CORRECT: "更正",
    "exit": "退出",
}
CHINESE_OF_EVALUATION: Final = {
    values.INTERNAL_MEETING: "内部评议",
    values.PARTY_MEETING: "党员评议",
    values.VILLAGERS_MEETING: "村民评议",
}
CHINESE_OF_VOTE: Final = {PASSED: "通过", TURNED_DOWN: "不予通过", NOT_CARRIED: "未获多数"}
CHINESE_OF_NOTICE: Final = {
    values.FIRST_NOTICE: "第一次公示",
    values.SECOND_NOTICE: "第二次公示",
    values.EXIT_NOTICE: "退出公示",
    values.AREA_EXIT_NOTICE: "退出公示",
}
# The reasons of the packs that come with the service; another pack's own code is printed as it is.
CHINESE_OF_REASON: Final = {
    "missed-before": "上轮遗漏",
    "fell-into-poverty": "致贫返贫",
    "new-household": "新立户",
    "income-above-line": "收入超过标准",
    "on-payroll": "有财政供养人员",
    "owns-vehicle": "有车辆",
    "owns-house-elsewhere": "有商品房",
    "runs-business": "有工商登记",
    "deceased": "死亡",
    "moved-away": "迁出",
    "duplicate": "重复登记",
    "persons-changed": "人口变化",
    "category-changed": "类别变化",
    "figures-corrected": "数据更正",
    "votes-against": "评议未通过",
    "objection-upheld": "异议成立",
}

CHINESE_OF_CRITERION: Final = {
    area_exit.INCIDENCE: "贫困发生率（%）",
    f"{area_exit.INCOME_GROWTH_ABOVE}township": "农民人均纯收入增幅高于乡（镇）（%）",
    f"{area_exit.INCOME_GROWTH_ABOVE}county": "农民人均纯收入增幅高于县（%）",
    f"{area_exit.INCOME_GROWTH_ABOVE}province": "农民人均纯收入增幅高于省（%）",
    area_exit.COLLECTIVE_ECONOMY: "村集体经济",
    area_exit.POOR_VILLAGES_OUT: "贫困村退出比例（%）",
    area_exit.COVERAGE: "覆盖率（%）",
    area_exit.COMPULSORY_EDUCATION: "义务教育",
}
CHINESE_OF_OUTCOME: Final = {
    area_exit.HOLDS: "达标",
    area_exit.FAILS: "未达标",
    area_exit.NOT_KNOWN: "未报",
}
CHINESE_OF_ANSWER: Final = {"yes": "是", "no": "否"}


def chinese_day(day: date | str) -> str:
    """Return a day as papers write it, such as 2016年6月1日."""
    given = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{given.year}年{given.month}月{given.day}日"


def chinese_reason(code: str | None) -> str:
    """Return a reason's words, its code where none are known."""
    return "" if code is None else CHINESE_OF_REASON.get(code, code)
