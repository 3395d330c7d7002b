"""Three hundred malformed workbooks: each one damage, done to a faultless workbook, and where its report must point.

`where` is the cell's row and column; None where the document as a whole is refused.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from services.registry.workbook.columns import BY_NAME, COLUMNS, Kind, letter_of
from tests.services.registry.workbook.sample import (
    NAMES,
    NAMESPACE,
    SHEET_PART,
    changed,
    identity,
    part_of,
    rows,
    with_part,
    workbook,
)

Cell = tuple[int, str]
HEAD_ROW = 2


@dataclass(frozen=True, slots=True)
class Malformed:
    """One workbook with what its report must name: codes any of which is right, and the cell."""

    label: str
    make: Callable[[], bytes]
    codes: frozenset[str]
    where: Cell | None


def all_malformed(count: int, seed: int) -> list[Malformed]:
    """Return so many different workbooks, each kind of damage in its turn."""
    kinds = [
        _wrong_types,
        _wrong_texts,
        _formulas,
        _merged,
        _identities,
        _heads,
        _swapped,
        _columns,
        _documents,
        _money,
    ]
    chance = Random(seed)  # noqa: S311 - a repeatable choice, nothing secret
    supplies = [kind(chance) for kind in kinds]
    return [next(supplies[number % len(supplies)]) for number in range(count)]


def _cell(label: str, codes: set[str], where: Cell, value: Any) -> Malformed:
    row, name = where
    return Malformed(
        f"{label} at row {row}, {name}",
        lambda: workbook(changed(row, **{name: value})),
        frozenset(codes),
        where,
    )


def _person_row(chance: Random) -> int:
    return chance.choice((2, 3, 4))


def _wrong_types(chance: Random) -> Iterator[Malformed]:
    """Numbers and truth values where text belongs."""
    texts = [column.name for column in COLUMNS if column.kind in (Kind.TEXT, Kind.CODE)]
    while True:
        name = chance.choice(texts)
        row = HEAD_ROW if BY_NAME[name].scope.value == "household" else _person_row(chance)
        value = chance.choice((42, 3.5, True, False, 20160101))
        codes = {"number-in-text-column", "cell-type-invalid"}
        # A file number of another type also leaves its household without a head or its people.
        yield _cell("wrong type", codes, (row, name), value)


def _wrong_texts(chance: Random) -> Iterator[Malformed]:
    """Words that are in no code list, and characters that nobody sees."""
    coded = [column.name for column in COLUMNS if column.kind is Kind.CODE]
    while True:
        name = chance.choice(coded)
        row = HEAD_ROW if BY_NAME[name].scope.value == "household" else _person_row(chance)
        yield _cell("unknown code", {"code-unknown"}, (row, name), f"未知{chance.randrange(1000)}")
        hidden = f"测\u200b试{chance.randrange(1000)}"
        yield _cell("invisible character", {"control-character"}, (_person_row(chance), "姓名"), hidden)
        yield _cell("too long", {"too-long"}, (_person_row(chance), "姓名"), "长" * chance.randint(51, 400))


def _formulas(chance: Random) -> Iterator[Malformed]:
    while True:
        column = chance.choice(COLUMNS)
        row = HEAD_ROW if column.scope.value == "household" else _person_row(chance)
        formula = chance.choice(("=1+1", "=A1", '=HYPERLINK("x")', "=SUM(A1:A9)", "=cmd|' /C calc'!A0"))
        yield _cell("formula", {"formula-not-allowed"}, (row, column.name), formula)


def _merged(chance: Random) -> Iterator[Malformed]:
    while True:
        first = chance.randint(2, 4)
        letter = chance.choice("ABCDEFGH")
        reference = f"{letter}{first}:{letter}{first + chance.randint(1, 5)}"

        def make(reference: str = reference) -> bytes:
            document = workbook(rows())
            merged = f'</sheetData><mergeCells count="1"><mergeCell ref="{reference}"/></mergeCells>'
            return with_part(document, SHEET_PART, part_of(document).replace("</sheetData>", merged, 1))

        yield Malformed(
            f"merged {reference}", make, frozenset({"merged-cells"}), (first, NAMES["ABCDEFGH".index(letter)])
        )


def _identities(chance: Random) -> Iterator[Malformed]:
    good = identity("19700101", "001")
    while True:
        row, name = _person_row(chance), "证件号码"
        place = chance.randrange(17)
        digit = str((int(good[place]) + chance.randint(1, 9)) % 10)
        wrong = good[:place] + digit + good[place + 1 :]
        yield _cell("one wrong digit", {"identity-checksum"}, (row, name), wrong)
        yield _cell("too short", {"identity-length"}, (row, name), good[: chance.randint(1, 17)])
        unborn = identity(f"20{chance.randint(17, 99)}0101", "001")
        yield _cell("born later", {"identity-future"}, (row, name), unborn)
        nowhere = identity("19700101", f"{chance.randrange(100):02d}1", place="009999")
        yield _cell("no such place", {"identity-place"}, (row, name), nowhere)


def _heads(chance: Random) -> Iterator[Malformed]:
    while True:
        yield _cell("second head", {"head-duplicate"}, (4, "与户主关系"), "户主")
        row = chance.choice((2, 3))
        yield _cell("no head", {"head-missing"}, (row, "与户主关系"), chance.choice(("配偶", "子", "女")))
        people = rows()
        people[2]["证件号码"] = people[chance.choice((0, 1))]["证件号码"]

        def make(people: list[dict[str, Any]] = people) -> bytes:
            return workbook(people)

        codes = frozenset({"identity-duplicate"})
        yield Malformed(f"one number twice {chance.randrange(9)}", make, codes, (4, "证件号码"))


def _swapped(chance: Random) -> Iterator[Malformed]:
    """The values of two columns exchanged under their headings."""
    pairs = [
        ("姓名", "性别", {"code-unknown"}, "性别"),
        ("性别", "证件号码", {"identity-length"}, "证件号码"),
        ("行政村代码", "户属性", {"village-code-invalid"}, "行政村代码"),
        ("开户银行行号", "银行账号", {"bank-code-invalid"}, "开户银行行号"),
        ("住房面积", "致贫原因", {"number-invalid"}, "住房面积"),
        ("工资性收入", "致贫原因", {"number-invalid"}, "工资性收入"),
        ("民族", "文化程度", {"code-unknown"}, "民族"),
        ("健康状况", "劳动能力", {"code-unknown"}, "健康状况"),
    ]
    while True:
        one, other, codes, where = chance.choice(pairs)
        row = chance.choice((2, 3))
        person = rows()[row - 2]
        exchanged = {one: person[other], other: person[one]}

        def make(row: int = row, exchanged: dict[str, Any] = exchanged) -> bytes:
            return workbook(changed(row, **exchanged))

        yield Malformed(f"{one} and {other} exchanged in row {row}", make, frozenset(codes), (row, where))


def _columns(chance: Random) -> Iterator[Malformed]:
    """Headings that are unknown, missing or there twice."""
    must = [column.name for column in COLUMNS if column.must_exist]
    while True:
        stranger = f"备注{chance.randrange(1000)}"
        yield Malformed(
            f"unknown column {stranger}",
            lambda stranger=stranger: workbook(rows(), [*NAMES, stranger]),  # type: ignore[misc]
            frozenset({"column-unknown"}),
            (1, letter_of(len(NAMES))),
        )
        lost = chance.choice(must)
        yield Malformed(
            f"without column {lost}",
            lambda lost=lost: workbook(rows(), [name for name in NAMES if name != lost]),  # type: ignore[misc]
            frozenset({"column-missing"}),
            (1, lost),
        )
        twice = chance.choice(NAMES)
        yield Malformed(
            f"column {twice} twice",
            lambda twice=twice: workbook(rows(), [*NAMES, twice]),  # type: ignore[misc]
            frozenset({"column-duplicate"}),
            (1, twice),
        )


def _money(chance: Random) -> Iterator[Malformed]:
    names = [column.name for column in COLUMNS if column.kind is Kind.MONEY and column.field]
    while True:
        where = (HEAD_ROW, chance.choice(names))
        yield _cell(
            "no number", {"number-invalid"}, where, chance.choice(("一千", "1,000.00", "１００", "¥5"))
        )
        yield _cell(
            "too exact", {"too-many-decimals"}, where, f"{chance.randint(1, 999)}.{chance.randint(1, 9):03d}"
        )
        yield _cell("below zero", {"out-of-range"}, where, f"-{chance.randint(1, 9999)}.00")
        yield _cell("missing", {"required"}, where, None)


def _documents(chance: Random) -> Iterator[Malformed]:
    """What is no workbook at all, or one that hides much in little."""
    head = f'<worksheet xmlns="{NAMESPACE}"><sheetData>'
    while True:
        text = f"户编号,姓名\n{chance.randrange(1000)},测试\n"
        for encoding in ("utf-8", "gb18030", "utf-16", "hz"):
            codes = frozenset({"text-file", "not-a-workbook"})
            yield Malformed(f"text in {encoding}", lambda t=text, e=encoding: t.encode(e), codes, None)  # type: ignore[misc]
        cut = chance.uniform(0.1, 0.9)
        yield Malformed("cut off", lambda cut=cut: _cut(cut), frozenset({"malformed"}), None)  # type: ignore[misc]
        noise = chance.randbytes(chance.randint(1, 4_000))
        yield Malformed("noise", lambda noise=noise: noise, frozenset({"not-a-workbook", "text-file"}), None)  # type: ignore[misc]
        spaces = chance.randint(60, 120)
        bomb = f"{head}{' ' * spaces * 2**20}</sheetData></worksheet>"
        yield Malformed(
            f"zip bomb of {spaces} MiB",
            lambda bomb=bomb: with_part(workbook(rows()), SHEET_PART, bomb),  # type: ignore[misc]
            frozenset({"inflated", "too-large"}),
            None,
        )
        empty = chance.randint(900_000, 1_000_000)
        yield Malformed(
            f"{empty} empty rows",
            lambda empty=empty: _empty_rows(empty),  # type: ignore[misc]
            frozenset({"no-rows"}),
            None,
        )


def _cut(share: float) -> bytes:
    document = workbook(rows())
    return document[: int(len(document) * share)]


def _empty_rows(count: int) -> bytes:
    """Return a workbook of the form's headings and so many empty rows."""
    document = workbook([])
    sheet = part_of(document)
    before, _, after = sheet.partition("</sheetData>")
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename != SHEET_PART:
                new.writestr(info.filename, old.read(info))
        with new.open(SHEET_PART, "w") as part:
            part.write(before.encode())
            for first in range(2, count + 2, 10_000):
                last = min(first + 10_000, count + 2)
                part.write("".join(f'<row r="{n}"/>' for n in range(first, last)).encode())
            part.write(f"</sheetData>{after}".encode())
    return target.getvalue()
