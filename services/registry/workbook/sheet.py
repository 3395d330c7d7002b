"""The XML inside a workbook, streamed: shared strings, sheet names, and rows whose cells keep their written form."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO, cast

from lxml import etree

from services.registry.workbook.columns import SHEET
from services.registry.workbook.finding import WorkbookRefused
from services.registry.workbook.package import CappedStream, Limits, Package

_TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST_ROW = 1_048_576
_WIDTH = 16_384


class Fault(Enum):
    """A cell that holds something else than text or a number."""

    FORMULA = "formula-not-allowed"
    TYPE = "cell-type-invalid"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the file writes it; it becomes a Decimal only in a column that takes numbers."""

    literal: str


RawCell = str | Number | Fault


@dataclass(slots=True)
class RawRow:
    """A row that holds something: (column index from 0, content) for its cells that are not blank."""

    number: int
    cells: list[tuple[int, RawCell]]


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range by its first cell."""

    row: int
    column: int


def sheet_part(package: Package) -> str:
    """Return the name of the part that holds the sheet 人员."""
    root = _targets(package, "_rels/.rels")
    main = next((target for kind, target in root.values() if kind == "officeDocument"), "")
    if main.endswith(".bin"):
        raise WorkbookRefused("old-format")
    if not main.startswith("xl/") or not package.has(main):
        raise WorkbookRefused("not-a-workbook")
    targets = _targets(package, _relations_of(main))
    for sheet in _small_tree(package, main).iter("{*}sheet"):
        if sheet.get("name") == SHEET:
            key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
            kind, target = targets.get(str(key), ("", ""))
            if kind != "worksheet":
                raise WorkbookRefused("malformed")
            return target
    raise WorkbookRefused("sheet-missing")


def shared_strings(package: Package, limits: Limits) -> list[str]:
    """Return the workbook's table of texts."""
    name = "xl/sharedStrings.xml"
    if not package.has(name):
        return []
    texts: list[str] = []
    with package.part(name) as stream:
        for element in _elements(stream, "si"):
            texts.append(_text(element))
            if len(texts) > limits.strings:
                raise WorkbookRefused("too-large", f"<= {limits.strings} texts")
    return texts


def rows_and_merges(package: Package, part: str, strings: Sequence[str]) -> Iterator[RawRow | Merge]:
    """Yield the rows that hold something, in order, then the merged ranges."""
    letters: dict[str, int] = {}
    last = 0
    with package.part(part) as stream:
        for element in _elements(stream, "row", "mergeCell"):
            if element.tag.endswith("}mergeCell"):
                yield _merge(element.get("ref", ""))
                continue
            last = _row_number(element, last)
            if len(element) and (cells := list(_cells(element, last, strings, letters))):
                yield RawRow(last, cells)


def _elements(stream: CappedStream, *names: str) -> Iterator[etree._Element]:
    tags = [f"{{{space}}}{name}" for name in names for space in (_TRANSITIONAL, _STRICT)]
    try:
        events = etree.iterparse(
            stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
        )
        for _, element in events:
            yield element
            if stream.is_due():
                _let_go(element)
                stream.progress()
        if events.root is not None:
            _refuse_doctype(events.root)
    except etree.XMLSyntaxError as error:
        raise WorkbookRefused("malformed") from error


def _let_go(element: etree._Element) -> None:
    """Free everything before an element, beside its ancestors too, so that the tree never grows."""
    node: etree._Element | None = element
    while node is not None and (parent := node.getparent()) is not None:
        while node.getprevious() is not None:
            del parent[0]
        node = parent


def _row_number(row: etree._Element, last: int) -> int:
    written = row.get("r")
    if written is None:
        return last + 1
    if not (written.isascii() and written.isdigit() and last < int(written[:8]) <= _LAST_ROW):
        raise WorkbookRefused("malformed", f"after row {last}")
    return int(written)


def _cells(
    row: etree._Element, number: int, strings: Sequence[str], letters: dict[str, int]
) -> Iterator[tuple[int, RawCell]]:
    index = -1
    for cell in row:
        if not isinstance(cell.tag, str) or not cell.tag.endswith("}c"):
            continue
        reference = cell.get("r")
        position = index + 1 if reference is None else _column_index(reference, number, letters)
        if position <= index:
            raise WorkbookRefused("malformed", f"row {number}")
        index = position
        content = _content(cell, strings) if len(cell) else None
        if content is not None and content != "":
            yield index, content


def _column_index(reference: str, row: int, letters: dict[str, int]) -> int:
    name = reference.rstrip("0123456789")
    index = letters.get(name)
    if index is None:
        index = _index_of_letters(name) if _CELL.fullmatch(reference) else _WIDTH
        if index >= _WIDTH:
            raise WorkbookRefused("malformed", f"row {row}")
        letters[name] = index
    # A cell that says it is elsewhere would be read differently by other programs.
    if reference[len(name) :] != str(row):
        raise WorkbookRefused("malformed", f"row {row}")
    return index


def _index_of_letters(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _content(cell: etree._Element, strings: Sequence[str]) -> RawCell | None:
    kind = cell.get("t", "n")
    value: str | None = None
    for child in cell:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        if name == "f":
            return Fault.FORMULA
        if name == "is":
            return _text(child)
        if name == "v":
            value = child.text
    return None if value is None else _typed(kind, value, strings)


def _typed(kind: str, value: str, strings: Sequence[str]) -> RawCell:
    if kind == "s":
        if not (value.isascii() and value.isdigit() and int(value[:8]) < len(strings)):
            raise WorkbookRefused("malformed", "shared text")
        return strings[int(value)]
    if kind == "n":
        return Number(value.strip())
    # `str` is the cached text of a formula, but some writers use it for plain text.
    return _unescape(value).strip() if kind in ("str", "inlineStr") else Fault.TYPE


def _text(element: etree._Element) -> str:
    """Return the text of a string item without its phonetic guide, decoded and without blanks around it."""
    parts: list[str] = []
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(run.text or "" for run in child if str(run.tag).endswith("}t"))
    return _unescape("".join(parts)).strip()


def _unescape(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)


def _merge(reference: str) -> Merge:
    match = _CELL.fullmatch(reference.partition(":")[0])
    merge = Merge(int(match.group(2)), _index_of_letters(match.group(1))) if match else None
    if merge is None or not (0 < merge.row <= _LAST_ROW and merge.column < _WIDTH):
        raise WorkbookRefused("malformed", "merged range")
    return merge


def _small_tree(package: Package, name: str) -> etree._Element:
    with package.part(name) as stream:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            tree = etree.parse(cast("IO[bytes]", stream), parser).getroot()
        except etree.XMLSyntaxError as error:
            raise WorkbookRefused("malformed") from error
        _refuse_doctype(tree)
        return tree


def _refuse_doctype(root: etree._Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise WorkbookRefused("malformed", "document type")


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _targets(package: Package, relations: str) -> dict[str, tuple[str, str]]:
    """Return {relation id: (kind, part name)} of a relations part."""
    if not package.has(relations):
        raise WorkbookRefused("not-a-workbook")
    base = posixpath.dirname(posixpath.dirname(relations))
    targets = {}
    for relation in _small_tree(package, relations).iter("{*}Relationship"):
        kind = relation.get("Type", "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/", base, relation.get("Target", ""))).lstrip("/")
        targets[relation.get("Id", "")] = (kind, target)
    return targets
