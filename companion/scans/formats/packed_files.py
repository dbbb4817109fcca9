"""Files that are packed as a whole (``scan.nii.gz``, ``study.tar.xz``), read as they arrive.

Each is opened like a ZIP: what it holds is a file of its own, none of it held in memory here.
"""

from __future__ import annotations

import bz2
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from companion import signatures
from companion.scans.findings import Note
from companion.scans.formats import packings
from companion.scans.formats.packings import ERRORS, Decoder
from companion.scans.formats.tar_stream import TarArchive, TarError
from companion.scans.formats.zip_stream import RATIO, RATIO_FROM, Member

DEEP = 3
"""Packed files inside each other that are opened."""
_ENDINGS = {
    "gz": "", "bz2": "", "xz": "", "lzma": "", "tgz": ".tar", "tbz": ".tar", "tbz2": ".tar",
    "txz": ".tar", "svgz": ".svg", "mgz": ".mgh",
}  # fmt: skip
"""Endings of packed files, and what stands in their place when they are unpacked."""

Room = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A packed file or a tar that is about to be read."""

    name: str = field(repr=False)
    """Of what is in it, as far as its own name tells."""
    decoder: Callable[[], Decoder] | None
    """How it is packed; None for a tar."""

    def members(self, chunks: Iterator[bytes], notes: set[Note], room: Room) -> Iterator[Member]:
        """What it holds, each to be read before the next; ``notes`` get what went wrong.

        ``room(n)`` counts n unpacked bytes and says whether more may follow.
        """
        if self.decoder is None:
            yield from _members_of_tar(chunks, notes, room)
            return
        member = Member(self.name, iter(()))
        member.chunks = _unpacked(chunks, self.decoder, room, notes, member.notes)
        yield member
        for _ in member.chunks:
            pass  # the reader may have stopped early


def open_packed_file(name: str, start: bytes, depth: int) -> PackedFile | None:
    """How to read a file that begins with ``start``; None if it is none of these.

    Also None for one that lies too deep in others: it is then listed as packed.
    """
    start = bytes(start[:512])  # a file on this machine may come as a map of it
    if depth >= DEEP or signatures.DICOM.fits(start):
        return None
    if signatures.TAR.fits(start):
        return PackedFile("", None)
    for packing in packings.MARKED:
        if start.startswith(packing.mark, packing.offset) and packing.fits(start, packing.offset):
            return PackedFile(_name_inside(name), packing.decoder)
    ending = name.rsplit(".", 1)[-1].lower()
    if ending == "lzma" and packings.is_lzma(start, 0):
        return PackedFile(_name_inside(name), packings.lzma_decoder)
    if ending == "bz2" and start.startswith(b"BZh") and start[4:10] == b"\x17\x72\x45\x38\x50\x90":
        return PackedFile(_name_inside(name), bz2.BZ2Decompressor)  # nothing, packed
    return None


def _name_inside(name: str) -> str:
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, _, ending = bare.rpartition(".")
    if stem and ending.lower() in _ENDINGS:
        return stem + _ENDINGS[ending.lower()]
    return bare or "unpacked"


def _unpacked(
    chunks: Iterator[bytes],
    make: Callable[[], Decoder],
    room: Room,
    notes: set[Note],
    of_member: set[Note],
) -> Iterator[bytes]:
    """The bytes of one stream after the other, as files may be made of several."""
    decoder: Decoder | None = make()
    read = size = 0

    def cut() -> None:
        notes.add(Note.PACKED_CUT)
        of_member.add(Note.TRUNCATED)

    for chunk in chunks:
        read += len(chunk)
        packed = chunk
        while packed or (decoder is not None and not getattr(decoder, "needs_input", True)):
            if decoder is None:
                if not packed.strip(b"\0"):
                    packed = b""
                    break
                decoder = make()
            try:
                more = decoder.decompress(packed, packings.PIECE)
            except ERRORS:
                # Whatever follows the first stream and is none itself is not part of it.
                cut()
                _drain(chunks)
                return
            size += len(more)
            if not room(len(more)) or size > max(RATIO_FROM, RATIO * read):
                cut()
                _drain(chunks)
                return
            if more:
                yield more
            if decoder.eof:
                packed, decoder = decoder.unused_data, None
            else:
                packed = getattr(decoder, "unconsumed_tail", b"")
    if decoder is not None:
        try:
            while not decoder.eof and (more := decoder.decompress(b"", packings.PIECE)):
                yield more
        except ERRORS:
            pass
        if not decoder.eof:
            cut()


def _drain(chunks: Iterator[bytes]) -> None:
    for _ in chunks:
        pass


def _members_of_tar(chunks: Iterator[bytes], notes: set[Note], room: Room) -> Iterator[Member]:
    archive = TarArchive(chunks, room=room)
    try:
        for one in archive.members():
            member = Member(one.name, iter(()))
            member.chunks = _watched(one.chunks, member.notes)
            yield member
    except TarError:
        notes.add(Note.PACKED_CUT)
    if archive.odd:
        notes.add(Note.ZIP_LINK)
    _drain(chunks)


def _watched(chunks: Iterator[bytes], notes: set[Note]) -> Iterator[bytes]:
    """A member's bytes up to where the tar breaks, which the tar then says."""
    try:
        yield from chunks
    except TarError:
        notes.add(Note.TRUNCATED)
