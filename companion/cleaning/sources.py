"""The files of a set, one after the other and each whole: archives are opened on the way.

They bear the names that an inspection gives them, since it opens archives in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from companion import signatures
from companion.cleaning.shapes import Source
from companion.scans.findings import Note
from companion.scans.formats import documents
from companion.scans.formats.packed_files import open_packed_file
from companion.scans.formats.zip_stream import Archive, ArchiveError
from companion.scans.inspection import ARCHIVES_DEEP, CutOff
from companion.scans.limits import Limits

_START = 265
"""Bytes that tell an archive from other files, as an inspection looks at them."""


@dataclass(frozen=True, slots=True)
class File:
    """One file that is no archive."""

    name: str = field(repr=False)
    data: bytes | None = field(repr=False)
    """None where it is larger than what is held."""


def files(sources: Iterable[Source], limits: Limits, most_bytes: int) -> Iterator[File]:
    """Every file; one of more than ``most_bytes`` without its bytes."""
    for source in sources:
        yield from _files(source.name, source.open(), limits, most_bytes, 0)


def _files(
    name: str, chunks: Iterator[bytes], limits: Limits, most_bytes: int, depth: int
) -> Iterator[File]:
    held = b""
    try:
        while len(held) < _START and (chunk := next(chunks, None)) is not None:
            held += chunk
    except (ArchiveError, CutOff):
        yield File(name, held)
        return
    if _is_archive(name, held):
        if depth < ARCHIVES_DEEP:
            archive = Archive(
                _with(held, chunks), entry_bytes=limits.entry_bytes, room=lambda _: True
            )
            try:
                for member in archive.members():
                    if not member.folder:
                        inner = f"{name}/{member.name}"
                        yield from _files(inner, member.chunks, limits, most_bytes, depth + 1)
            except ArchiveError:
                return
        return
    if opened := open_packed_file(name, held, depth):
        notes: set[Note] = set()
        for packed in opened.members(_with(held, chunks), notes, lambda _: True):
            inner = f"{name}/{packed.name}"
            yield from _files(inner, packed.chunks, limits, most_bytes, depth + 1)
        return
    yield File(name, _whole(held, chunks, most_bytes))


def _is_archive(name: str, start: bytes) -> bool:
    is_zip = signatures.ZIP.fits(start) or signatures.ZIP_ONCE_SPLIT.fits(start)
    return is_zip and not signatures.DICOM.fits(start) and not documents.is_office(start, name)


def _with(start: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield start
    yield from chunks


def _whole(start: bytes, chunks: Iterator[bytes], most_bytes: int) -> bytes | None:
    pieces, size = [start], len(start)
    try:
        for chunk in chunks:
            size += len(chunk)
            if size <= most_bytes:
                pieces.append(chunk)
            else:
                pieces.clear()
    except (ArchiveError, CutOff):
        pass  # an inspection says that it was cut: it is withheld for that
    return b"".join(pieces) if size <= most_bytes else None
