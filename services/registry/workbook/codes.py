"""Code lists of the household workbook, each with the official Chinese term and an English one.

A list that follows a national standard says so; the others carry the terms of the 建档立卡 household form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """One closed list of values that a cell may hold, as a code or as its Chinese term."""

    name: str
    source: str
    terms: Mapping[str, tuple[str, str]]

    @cached_property
    def codes(self) -> dict[str, str]:
        """Every accepted spelling with the code that it means."""
        return {spelling: code for code, (term, _) in self.terms.items() for spelling in (code, term)}

    def term(self, code: str) -> str:
        """Return the Chinese term of a code."""
        return self.terms[code][0]


FORM = "建档立卡 household form"


def _list(name: str, source: str, lines: Iterable[str]) -> CodeList:
    split = (line.split(" ", 2) for line in lines)
    return CodeList(name=name, source=source, terms={code: (term, english) for code, term, english in split})


HEAD = "02"

ATTRIBUTE = _list(
    "户属性",
    FORM,
    (
        "01 一般贫困户 general poor household",
        "02 低保贫困户 poor household on the subsistence allowance (dibao)",
        "03 五保贫困户 poor household under the five guarantees (wubao)",
    ),
)
# The category words are those of the registry's published events.
CATEGORY_OF_ATTRIBUTE = {"01": "general", "02": "dibao", "03": "wubao"}
ATTRIBUTE_OF_CATEGORY = {category: attribute for attribute, category in CATEGORY_OF_ATTRIBUTE.items()}

STANDARD = _list(
    "识别标准",
    FORM,
    ("1 国家标准 national line", "2 省定标准 provincial line", "3 市定标准 prefectural line"),
)
CAUSE = _list(
    "致贫原因",
    FORM,
    (
        "01 因病 illness",
        "02 因残 disability",
        "03 因学 cost of schooling",
        "04 因灾 disaster",
        "05 缺土地 lack of land",
        "06 缺水 lack of water",
        "07 缺技术 lack of skills",
        "08 缺劳力 lack of labour",
        "09 缺资金 lack of capital",
        "10 交通条件落后 poor road access",
        "11 自身发展动力不足 lack of own initiative",
        "12 因婚 marriage",
        "13 因丧 bereavement",
        "99 其他 other",
    ),
)
SEX = _list("性别", "GB/T 2261.1", ("1 男 male", "2 女 female"))
RELATION = _list(
    "与户主关系",
    "after GB/T 4761",
    (
        "02 户主 head of household",
        "10 配偶 spouse",
        "20 子 son",
        "28 女婿 son-in-law",
        "30 女 daughter",
        "38 儿媳 daughter-in-law",
        "41 孙子 son's son",
        "42 孙女 son's daughter",
        "43 外孙子 daughter's son",
        "44 外孙女 daughter's daughter",
        "45 孙媳 grandson's wife",
        "46 孙女婿 granddaughter's husband",
        "47 曾孙子 great-grandson",
        "48 曾孙女 great-granddaughter",
        "51 父亲 father",
        "52 母亲 mother",
        "53 公公 husband's father",
        "54 婆婆 husband's mother",
        "55 岳父 wife's father",
        "56 岳母 wife's mother",
        "61 祖父 father's father",
        "62 祖母 father's mother",
        "63 外祖父 mother's father",
        "64 外祖母 mother's mother",
        "71 兄 elder brother",
        "72 嫂 elder brother's wife",
        "73 弟 younger brother",
        "74 弟媳 younger brother's wife",
        "75 姐 elder sister",
        "76 姐夫 elder sister's husband",
        "77 妹 younger sister",
        "78 妹夫 younger sister's husband",
        "97 其他亲属 other relative",
        "99 非亲属 not a relative",
    ),
)
EDUCATION = _list(
    "文化程度",
    FORM,
    (
        "01 学龄前儿童 below school age",
        "02 文盲或半文盲 illiterate or half literate",
        "03 小学 primary school",
        "04 初中 junior middle school",
        "05 高中 senior middle school",
        "06 大专及以上 college or above",
    ),
)
SCHOOLING = _list(
    "在校生状况",
    FORM,
    (
        "00 非在校生 not at school",
        "01 学前教育 pre-school",
        "02 小学 primary school",
        "03 初中 junior middle school",
        "04 高中 senior middle school",
        "05 中等职业学校 vocational secondary school",
        "06 高职高专 vocational college",
        "07 本科及以上 university",
    ),
)
DISABLED = "04"
HEALTH = _list(
    "健康状况",
    FORM,
    (
        "01 健康 healthy",
        "02 长期慢性病 long chronic illness",
        "03 患有大病 serious illness",
        "04 残疾 disabled",
    ),
)
LABOUR = _list(
    "劳动能力",
    FORM,
    (
        "01 普通劳动力 ordinary labour",
        "02 技能劳动力 skilled labour",
        "03 丧失劳动力 labour capacity lost",
        "04 无劳动力 no labour capacity",
    ),
)
WORK = _list(
    "务工状况",
    FORM,
    (
        "00 未务工 not working away",
        "01 乡镇内务工 inside the township",
        "02 乡镇外县内务工 inside the county",
        "03 县外省内务工 inside the province",
        "04 省外务工 outside the province",
    ),
)
MEDICAL_SCHEME = _list("是否参加新农合", FORM, ("1 是 yes", "0 否 no"))

_ETHNIC_GROUPS = """
01 汉族 Han|02 蒙古族 Mongol|03 回族 Hui|04 藏族 Tibetan|05 维吾尔族 Uygur|06 苗族 Miao|07 彝族 Yi|08 壮族 Zhuang
09 布依族 Bouyei|10 朝鲜族 Korean|11 满族 Manchu|12 侗族 Dong|13 瑶族 Yao|14 白族 Bai|15 土家族 Tujia|16 哈尼族 Hani
17 哈萨克族 Kazak|18 傣族 Dai|19 黎族 Li|20 傈僳族 Lisu|21 佤族 Va|22 畲族 She|23 高山族 Gaoshan|24 拉祜族 Lahu
25 水族 Sui|26 东乡族 Dongxiang|27 纳西族 Naxi|28 景颇族 Jingpo|29 柯尔克孜族 Kirgiz|30 土族 Tu|31 达斡尔族 Daur
32 仫佬族 Mulao|33 羌族 Qiang|34 布朗族 Blang|35 撒拉族 Salar|36 毛南族 Maonan|37 仡佬族 Gelao|38 锡伯族 Xibe
39 阿昌族 Achang|40 普米族 Pumi|41 塔吉克族 Tajik|42 怒族 Nu|43 乌孜别克族 Uzbek|44 俄罗斯族 Russian|45 鄂温克族 Ewenki
46 德昂族 Deang|47 保安族 Bonan|48 裕固族 Yugur|49 京族 Gin|50 塔塔尔族 Tatar|51 独龙族 Derung|52 鄂伦春族 Oroqen
53 赫哲族 Hezhen|54 门巴族 Monba|55 珞巴族 Lhoba|56 基诺族 Jino|97 其他 other|98 外国血统 of foreign descent
"""
ETHNIC_GROUP = _list("民族", "GB/T 3304", _ETHNIC_GROUPS.strip().replace("\n", "|").split("|"))

CODE_LISTS = (
    ATTRIBUTE,
    STANDARD,
    CAUSE,
    SEX,
    RELATION,
    ETHNIC_GROUP,
    EDUCATION,
    SCHOOLING,
    HEALTH,
    LABOUR,
    WORK,
    MEDICAL_SCHEME,
)
