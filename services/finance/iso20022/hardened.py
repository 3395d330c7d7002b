"""Walk through a foreign XML document without building it in memory, refusing what a hostile one would try."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from services.finance.iso20022.refusal import ReportRefused

_CHUNK = 64 * 1024
_LIMIT_CODES = frozenset({"document-too-deep", "too-many-transactions", "encoding-not-utf8"})
_DECLARED_ENCODING = re.compile(rb"""\A<\?xml[^>]{0,80}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLimits:
    """What a document may cost: 64 MiB hold 100,000 payments with every detail of the original."""

    document_bytes: int = 64 * 1024 * 1024
    depth: int = 32
    transactions: int = 200_000
    # From one "<" to the next: bounds a single tag's attributes and a single text.
    segment_bytes: int = 8 * 1024


class Listener(Protocol):
    """What hears the elements; it may raise ReportRefused at any of them."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Hear an element open."""

    def data(self, text: str) -> None:
        """Hear a piece of its text."""

    def end(self, tag: str) -> None:
        """Hear it close."""

    def close(self) -> None:
        """Hear the end of the document."""

    def place(self) -> str:
        """Return the path of the element that is open."""


def walk_document(document: bytes, listener: Listener, limits: DocumentLimits) -> None:
    """Tell the listener each element in order; entities, DTDs and the network stay out of reach."""
    _refuse_before_parsing(document, limits)
    try:
        _parse(document, listener)
    except etree.XMLSyntaxError:
        # The parser's own message quotes the document, so it is not passed on.
        raise _malformed(listener.place()) from None
    except ReportRefused as refusal:
        # A file cut off inside a tag looks like one with a wrong element; the sender needs the true cause.
        if refusal.code not in _LIMIT_CODES and not _is_well_formed(document):
            raise _malformed(refusal.pointer) from None
        raise


def _malformed(pointer: str) -> ReportRefused:
    return ReportRefused("xml-malformed", pointer, "The document is not well-formed XML.")


def _is_well_formed(document: bytes) -> bool:
    try:
        _parse(document, _Deaf())
    except etree.XMLSyntaxError:
        return False
    return True


class _Deaf:
    """Hears nothing, so that only the form of the document is judged."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    def data(self, text: str) -> None: ...

    def end(self, tag: str) -> None: ...

    def close(self) -> None: ...


def _parse(document: bytes, listener: Listener | _Deaf) -> None:
    parser = etree.XMLParser(
        target=listener,  # type: ignore[arg-type]  # the stubs also ask for bytes and comments
        encoding="UTF-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    for piece in _utf8_pieces(document):
        parser.feed(piece)
    parser.close()


def _refuse_before_parsing(document: bytes, limits: DocumentLimits) -> None:
    if len(document) > limits.document_bytes:
        raise ReportRefused("document-too-large", "", f"Expected at most {limits.document_bytes} bytes.")
    body = document.removeprefix(codecs.BOM_UTF8)
    declared = _DECLARED_ENCODING.match(body)
    if declared is not None and declared[1].upper() not in {b"UTF-8", b"UTF8", b"US-ASCII"}:
        raise ReportRefused("encoding-not-utf8", "", "ISO 20022 messages are written in UTF-8.")
    if b"\x00" in document:
        raise ReportRefused("encoding-not-utf8", "", "ISO 20022 messages are written in UTF-8, without NUL.")
    if b"<!DOCTYPE" in document:
        raise ReportRefused("doctype-forbidden", "", "A message carries no document type and no entities.")
    # A tag of megabytes is legal XML; its attributes would cost a hundred times its size.
    # The pattern starts at "<" alone, which keeps the search linear.
    if re.search(rb"<[^<]{%d}" % limits.segment_bytes, document) is not None:
        raise ReportRefused(
            "segment-too-long", "", f"No tag or text is longer than {limits.segment_bytes} bytes."
        )


def _utf8_pieces(document: bytes) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    body = memoryview(document.removeprefix(codecs.BOM_UTF8))
    for offset in range(0, len(body), _CHUNK):
        piece = bytes(body[offset : offset + _CHUNK])
        try:
            decoder.decode(piece, final=offset + _CHUNK >= len(body))
        except UnicodeDecodeError:
            raise ReportRefused("encoding-not-utf8", "", "ISO 20022 messages are written in UTF-8.") from None
        yield piece
