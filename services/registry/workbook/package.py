"""The ZIP package of a workbook, opened with limits that are counted while inflating and never believed from headers."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from services.registry.workbook.finding import WorkbookRefused

MEBIBYTE = 1024 * 1024
OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
ENCRYPTED_FLAG = 0x1
# What the standard library raises on damaged packages; ValueError and struct.error come from absurd offsets.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of a workbook is read before it is refused."""

    document_bytes: int = 32 * MEBIBYTE
    parts: int = 500
    inflated_bytes: int = 160 * MEBIBYTE
    # Sheets of a form deflate 10 to 30 times, a sheet of empty rows about 40; bombs start at several hundred.
    ratio: int = 150
    ratio_from_bytes: int = 4 * MEBIBYTE
    # Inflated bytes that may pass without a finished row: bounds the XML tree held at any moment.
    bytes_without_progress: int = 2 * MEBIBYTE
    # Freeing the tree costs more than a row, so it waits until this much has been read.
    bytes_held: int = 128 * 1024
    strings: int = 1_000_000
    rows: int = 20_000
    columns: int = 256
    findings: int = 10_000


class CappedStream:
    """A part's inflated bytes, refused when they grow past a limit."""

    def __init__(self, stream: IO[bytes], compressed: int, limits: Limits) -> None:
        self._stream = stream
        self._allowed = max(limits.ratio_from_bytes, compressed * limits.ratio)
        self._limits = limits
        self._total = 0
        self._since_progress = 0

    def read(self, size: int = -1) -> bytes:
        try:
            chunk = self._stream.read(size if size > 0 else MEBIBYTE)
        except _DAMAGE as error:
            raise WorkbookRefused("malformed") from error
        self._total += len(chunk)
        self._since_progress += len(chunk)
        if self._total > self._limits.inflated_bytes:
            raise WorkbookRefused("too-large", f"<= {self._limits.inflated_bytes} bytes unpacked")
        if self._total > self._allowed:
            raise WorkbookRefused("inflated", f"<= {self._limits.ratio} : 1")
        if self._since_progress > self._limits.bytes_without_progress:
            raise WorkbookRefused("too-large", f"<= {self._limits.bytes_without_progress} bytes in one row")
        return chunk

    def is_due(self) -> bool:
        """Whether enough has been read that what was handled should be let go."""
        return self._since_progress > self._limits.bytes_held

    def progress(self) -> None:
        """Note that what was read has been handled and let go."""
        self._since_progress = 0


class Package:
    """An opened workbook file."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._parts = {info.filename: info for info in archive.infolist()}

    def has(self, name: str) -> bool:
        return name in self._parts

    @contextmanager
    def part(self, name: str) -> Iterator[CappedStream]:
        """Open one part; any damage found while reading it is a refusal."""
        if name not in self._parts:
            raise WorkbookRefused("malformed", f"no part {name}")
        info = self._parts[name]
        try:
            stream = self._archive.open(info)
        except _DAMAGE as error:
            raise WorkbookRefused("malformed") from error
        with stream:
            yield CappedStream(stream, info.compress_size, self._limits)


@contextmanager
def open_package(document: bytes | Path | BinaryIO, limits: Limits) -> Iterator[Package]:
    """Open a document as a ZIP package after checking its size, its kind and its list of parts."""
    with _as_stream(document) as stream:
        size = stream.seek(0, io.SEEK_END)
        if size > limits.document_bytes:
            raise WorkbookRefused("too-large", f"<= {limits.document_bytes} bytes")
        stream.seek(0)
        _refuse_other_kinds(stream)
        try:
            archive = zipfile.ZipFile(stream)
        except _DAMAGE as error:
            raise WorkbookRefused("malformed") from error
        with archive:
            _check_parts(archive.infolist(), limits)
            yield Package(archive, limits)


@contextmanager
def _as_stream(document: bytes | Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(document, bytes):
        yield io.BytesIO(document)
    elif isinstance(document, Path):
        with document.open("rb") as stream:
            yield stream
    else:
        yield document


def _refuse_other_kinds(stream: BinaryIO) -> None:
    head = stream.read(64 * 1024)
    stream.seek(0)
    if head.startswith(ZIP_SIGNATURES):
        return
    if head.startswith(OLE_SIGNATURE):
        # Excel wraps a workbook with a password into an OLE container with a stream of this name.
        raise WorkbookRefused("encrypted" if _names_encrypted_package(stream) else "old-format")
    if head.strip() and b"\x00" not in head:
        raise WorkbookRefused("text-file")
    raise WorkbookRefused("not-a-workbook")


def _names_encrypted_package(stream: BinaryIO) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in stream.read()


def _check_parts(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.parts:
        raise WorkbookRefused("too-many-parts", f"<= {limits.parts}")
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise WorkbookRefused("encrypted")
    if len({part.filename for part in parts}) != len(parts):
        raise WorkbookRefused("malformed", "two parts of one name")
    if sum(part.file_size for part in parts) > limits.inflated_bytes:
        raise WorkbookRefused("too-large", f"<= {limits.inflated_bytes} bytes unpacked")
    for part in parts:
        if part.file_size > max(limits.ratio_from_bytes, part.compress_size * limits.ratio):
            raise WorkbookRefused("inflated", f"<= {limits.ratio} : 1")
