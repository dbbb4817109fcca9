"""What is packed or written in code inside other bytes -> the parts that come out.

``unpack`` looks for gzip, zlib, deflate, bzip2, xz, .lzma, ZIP and tar, for base64 and
hexadecimal, and for each inside another, up to ``DEPTH`` deep; behind a length, and anywhere
in a block where a check value or the structure proves what stands there. Bytes that only look
like one of them, as those of pictures do by chance, give neither a part nor a note.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion import signatures
from companion.scans.findings import Note
from companion.scans.formats import encoded_text, images, packings
from companion.scans.formats.packings import Budget, End, Packing, Stream
from companion.scans.formats.strings import is_text
from companion.scans.formats.tar_stream import TarArchive, TarError
from companion.scans.formats.zip_stream import Archive, ArchiveError

__all__ = ["Budget", "Part", "Unpacked", "may_hold", "unpack"]

DEPTH = 3
"""Packings inside each other that are undone."""
SHORTEST = 8
"""Bytes below which nothing is looked for."""
SHORTEST_TEXT = 15
"""Bytes of text that no chance makes out of a long word."""
_SHORTEST_DEFLATED = 16
_SURE_TEXT = 32
"""Bytes of text in front of some damage that prove that there was a stream."""
_SAMPLE = 4_096
RAW = -zlib.MAX_WBITS
"""zlib's window for deflated bytes without a head."""
_SCAN = b"DICM\x02\x00\x00\x00UL\x04\x00"
"""How a scan's head goes on behind its 128 bytes."""
_ZLIB = re.compile(rb"x[\x01\x5e\x9c\xda]")
_MARKS = (
    *(packing.mark for packing in packings.MARKED),
    signatures.ZIP_ENTRY_SIGNATURE, b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"%PDF-", _SCAN,
)  # fmt: skip
_FILES = (
    signatures.DICOM, signatures.PDF, signatures.SEVEN_ZIP, signatures.RAR, signatures.SQLITE,
    signatures.TAR, signatures.RTF, signatures.PNG, signatures.JPEG, signatures.GIF,
)  # fmt: skip
"""Files that begin with more than chance makes."""
_NEVER_OPENED = re.compile(rb"7z\xbc\xaf\x27\x1c\0|Rar!\x1a\x07[\0\x01]")
_ZSTANDARD = re.compile(
    rb"\x28\xb5\x2f\xfd[\x00-\x07\x20-\x27\x40-\x47\x60-\x67\x80-\x87\xa0-\xa7\xc0-\xc7\xe0-\xe7]"
)
_TEXT_16 = re.compile(rb"(?:[\x20-\x7e\t\r\n]\0){8,}|(?:\0[\x20-\x7e\t\r\n]){8,}")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LEGIBLE = re.compile(r"[\w\s^.,;:=@/'-]+")
_WORD = re.compile(r"[^\W\d_]{3}")
_SIZES = (2, 4, 8)
"""Bytes of a length that may stand in front of what is packed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that came out, or a file that stood there unpacked."""

    data: bytes = field(repr=False)
    name: str = field(default="", repr=False)
    """Its name in an archive."""
    packing: str = ""
    """What was undone last; empty for a file that is not packed."""


@dataclass(slots=True)
class Unpacked:
    """What came out of one block."""

    parts: list[Part] = field(default_factory=list)
    names: list[str] = field(default_factory=list, repr=False)
    """Names in archives."""
    notes: set[Note] = field(default_factory=set)
    whole: bool = False
    """Whether the block is nothing but one thing packed, so that its own bytes say nothing."""

    def __bool__(self) -> bool:
        return bool(self.parts or self.names or self.notes)


def may_hold(data: bytes) -> bool:
    """Whether there is anything to look into, as fast as can be told."""
    if len(data) < SHORTEST:
        return False
    return (
        _ZLIB.search(data) is not None
        or any(mark in data for mark in _MARKS)
        or encoded_text.may_hold(data)
        or _begins_unmarked(data)
    )


def unpack(data: bytes, budget: Budget, *, is_file: bool = False) -> Unpacked:
    """All that is packed in ``data``, and the files that stand in it as they are.

    ``is_file``: ``data`` is known to be a file of its own, and is not given back as one.
    Never raises for what the data hold. Memory: the parts, at most what ``budget`` has.
    """
    found = Unpacked()
    budget.start()
    try:
        found.whole = _Block(data, budget, found, 0).search(given=is_file)
    except MemoryError:
        found.notes.add(Note.PACKED_CUT)
    finally:
        budget.stop()
    return found


def is_textual(data: bytes, shortest: int = SHORTEST_TEXT) -> bool:
    """Whether what came out of a code is text, as chance does not make it."""
    head = data[:_SAMPLE].rstrip(b"\0")
    if len(head) < shortest:
        return False
    if is_text(_uncut(head)) or _TEXT_16.fullmatch(head[: len(head) & ~1]):
        return True
    # Letters of an old code page: chance makes no long run of bytes without a control.
    if _NO_TEXT.search(head):
        return False
    plain = sum(byte < 0x80 for byte in head)
    return len(head) >= 120 or (len(head) >= _SURE_TEXT and plain >= 0.75 * len(head))


def is_known(data: bytes) -> bool:
    """Whether bytes begin as a file does, or as something that is packed with a strong mark."""
    if signatures.first_fit(data, _FILES) is not None:
        return True
    marked = ((packing.mark, packing.offset, packing.fits) for packing in packings.MARKED)
    return any(
        data.startswith(mark, offset) and fits(data, offset)
        for mark, offset, fits in (
            *marked,
            (signatures.ZIP_ENTRY_SIGNATURE, 0, packings.is_zip_entry),
        )
    )


class _Block:
    """One block that is searched; what comes out of it is searched in its turn."""

    def __init__(self, data: bytes, budget: Budget, found: Unpacked, depth: int) -> None:
        self.data = data
        self.budget = budget
        self.found = found
        self.depth = depth

    def search(self, *, given: bool) -> bool:
        """Search the block; whether all of it was one thing packed.

        ``given``: the block itself is no part; the caller has it.
        """
        data = self.data
        covered = 0
        if signatures.TAR.fits(data):
            return self._tar()
        if not given and self._is_file():
            self._keep(Part(data))
        marked = sorted(self._marked())
        after = 0
        for at, packing in marked:
            if at < after:
                continue
            end = self._open(at, packing)
            covered += max(0, end - at)
            after = max(after, end)
        if not after:
            covered = self._unmarked() or self._encoded()
        elif after < len(data):
            _Block(data[after:], self.budget, self.found, self.depth)._encoded()
        return covered >= 0.9 * len(data) > 0

    # --- what has a mark ---------------------------------------------------------------

    def _marked(self) -> Iterator[tuple[int, str]]:
        """Where something begins that can be known by its head, and what."""
        data = self.data
        for packing in packings.MARKED:
            for at in _places(data, packing.mark):
                if packing.fits(data, at):
                    yield at - packing.offset, packing.name
        for at in _places(data, signatures.ZIP_ENTRY_SIGNATURE):
            if packings.is_zip_entry(data, at):
                yield at, "ZIP"
        for match in _NEVER_OPENED.finditer(data):
            if match[0][:1] == b"R" or packings.is_seven_zip(data, match.start()):
                yield match.start(), "closed"
        if _ZSTANDARD.match(data):
            yield 0, "closed"
        for match in _ZLIB.finditer(data):
            yield match.start(), "zlib"
        for at in _places(data, b"%PDF-"):
            if at > 1_016:
                yield at, "PDF"
        for at in _places(data, _SCAN):
            if at > 128:
                yield at - 128, "scan"

    def _open(self, at: int, name: str) -> int:
        """Open what stands at an offset; returns where it ends, the offset if it is nothing."""
        if name in {"PDF", "scan"}:
            self._keep(Part(self.data[at:]))
            return len(self.data)
        if name == "closed":
            self.found.notes.add(Note.PACKED_NOT_OPENED)
            return len(self.data)
        if self.depth >= DEPTH or self.budget.is_spent:
            if name == "zlib" and not _is_surely_zlib(self.data, at):
                return at
            self.found.notes.add(Note.PACKED_NOT_OPENED if self.depth >= DEPTH else Note.PACKED_CUT)
            return len(self.data)
        if name == "ZIP":
            return self._zip(at)
        if name == "zlib":
            return self._zlib(at)
        packing = next(one for one in packings.MARKED if one.name == name)
        return self._stream(at, packing)

    def _stream(self, at: int, packing: Packing) -> int:
        """A stream whose head proves it: what is wrong with it is said."""
        stream = packings.undo(packing.decoder(), self.data, at, self.budget)
        if stream.end is not End.WHOLE:
            self.found.notes.add(Note.PACKED_CUT)
            if stream.end is End.BROKEN and packing.name == "gzip":
                start = packings.deflate_of_gzip(self.data, at)
                stream.out = packings.salvage(self.data, start, self.budget)
        self._take(stream.out, packing.name)
        return stream.after

    def _zlib(self, at: int) -> int:
        """A zlib stream: two bytes are no proof, its check value or a long text is."""
        head, ended = _inflated(self.data, at, zlib.MAX_WBITS)
        if not packings.is_zlib(self.data, at) or not (head or ended):
            return self._broken_zlib(at)
        stream = packings.undo(zlib.decompressobj(), self.data, at, self.budget)
        if stream.end is End.WHOLE:
            if len(stream.out) >= 4:
                self._take(stream.out, "zlib")
            return stream.after
        if stream.end is End.BROKEN:
            return self._broken_zlib(at)
        return self._damaged(stream.out, at)

    def _broken_zlib(self, at: int) -> int:
        """What was a zlib stream once: its beginning is text, or a file's."""
        if not packings.is_zlib(self.data, at) or not _inflated(self.data, at + 2, RAW, 64)[0]:
            return at
        return self._damaged(packings.salvage(self.data, at + 2, self.budget), at)

    def _damaged(self, out: bytes, at: int) -> int:
        if not is_known(out) and not is_textual(out, _SURE_TEXT):
            return at
        self.found.notes.add(Note.PACKED_CUT)
        self._take(out, "zlib")
        return len(self.data)

    def _zip(self, at: int) -> int:
        """A ZIP's entries, or the files of an office document as one."""
        data = self.data
        end = data.rfind(signatures.ZIP_END_SIGNATURE)
        after = len(data) if end < 0 else min(len(data), end + 22)
        if _is_office(data[at : at + _SAMPLE]):
            if at or self.depth:
                self._keep(Part(data[at:after]))
            return after
        archive = Archive([data[at:]], entry_bytes=packings.MOST_OF_ONE, room=self.budget.take)
        try:
            for member in archive.members():
                self.found.names.append(member.name)
                if not self.budget.take_part() or self.budget.is_late:
                    self.found.notes.add(Note.PACKED_CUT)
                    break
                chunks = []
                try:
                    for chunk in member.chunks:
                        chunks.append(chunk)
                        if self.budget.is_late:
                            member.notes.add(Note.PACKED_CUT)
                            break
                finally:
                    self._say(member.notes)
                    self._take(b"".join(chunks), "ZIP", member.name)
        except ArchiveError as error:
            self._say({error.note})
        return after

    def _tar(self) -> bool:
        """A tar's files."""
        if self.depth >= DEPTH:
            self.found.notes.add(Note.PACKED_NOT_OPENED)
            return True
        archive = TarArchive([self.data], room=self.budget.take)
        try:
            for member in archive.members():
                self.found.names.append(member.name)
                if not self.budget.take_part() or self.budget.is_late:
                    self.found.notes.add(Note.PACKED_CUT)
                    break
                self._take(b"".join(member.chunks), "tar", member.name)
        except TarError:
            self.found.notes.add(Note.PACKED_CUT)
        return True

    def _say(self, notes: set[Note]) -> None:
        if notes & {Note.ZIP_ENCRYPTED, Note.ZIP_METHOD, Note.ZIP_NOT_STREAMABLE}:
            self.found.notes.add(Note.PACKED_NOT_OPENED)
        elif notes:
            self.found.notes.add(Note.PACKED_CUT)

    # --- what has none -------------------------------------------------------------------

    def _unmarked(self) -> int:
        """What begins the block, or follows its length, and has no mark; how much it covers."""
        data = self.data
        if self.depth >= DEPTH or self.budget.is_spent:
            return 0
        for at in _starts(data):
            if packings.is_lzma(data, at):
                stream = packings.undo(packings.lzma_decoder(), data, at, self.budget)
                if self._is_proven(stream):
                    self._take(stream.out, "lzma")
                    return len(data)
            if packings.is_zlib(data, at) and data[at : at + 1] != b"x" and self._zlib(at) > at:
                return len(data)
            if _deflates(data, at):
                engine = zlib.decompressobj(RAW)
                stream = packings.undo(engine, data, at, self.budget)
                if self._is_proven(stream):
                    self._take(stream.out, "deflate")
                    return len(data)
        return 0

    def _is_proven(self, stream: Stream) -> bool:
        """Whether a stream without a check value was one: it ends where the block does, or
        has brought out much that makes sense."""
        sense = is_known(stream.out) or is_textual(stream.out)
        rest = len(self.data) - stream.after
        if sense and stream.end is End.WHOLE and rest <= 16:
            return True
        if stream.end is not End.WHOLE and is_textual(stream.out, 4 * _SURE_TEXT):
            self.found.notes.add(Note.PACKED_CUT)
            return True
        return False

    def _encoded(self) -> int:
        """Runs of base64 and hexadecimal; how many bytes of the block they are."""
        if not encoded_text.may_hold(self.data):
            return 0
        covered = end = 0
        for run in encoded_text.runs(self.data):
            if run.start < end and covered:
                continue  # the same run, decoded in another way
            if not self._makes_sense(run):
                continue
            if self.depth >= DEPTH or self.budget.is_spent:
                deep = self.depth >= DEPTH
                self.found.notes.add(Note.PACKED_NOT_OPENED if deep else Note.PACKED_CUT)
                return covered
            end = run.end
            covered += run.end - run.start
            plain = run.data[: self.budget.room]
            if len(plain) < len(run.data) or not self.budget.take(len(plain)):
                self.found.notes.add(Note.PACKED_CUT)
            self._take(plain, run.name)
        return covered

    def _makes_sense(self, run: encoded_text.Encoded) -> bool:
        """Whether what a run stands for is text, a file or packed, and not chance."""
        if run.alone:
            if not is_textual(run.data, 5):
                return False
            text = run.data.rstrip(b"\0").decode("utf-8", "replace")
            return bool(_LEGIBLE.fullmatch(text) and _WORD.search(text))
        if is_known(run.data) or is_textual(run.data):
            return True
        return _is_surely_zlib(run.data, 0) or _deflates(run.data, 0)

    # --- what came out -------------------------------------------------------------------

    def _is_file(self) -> bool:
        """Whether the block as a whole is a file that a search for text does not read."""
        data = self.data
        return (
            signatures.DICOM.fits(data)
            or b"%PDF-" in data[:1024]
            or signatures.RTF.fits(data)
            or signatures.OLE.fits(data)
            or signatures.SQLITE.fits(data)
            or images.is_picture(data)
            or (signatures.ZIP.fits(data) and _is_office(data[:_SAMPLE]))
        )

    def _take(self, data: bytes, packing: str, name: str = "") -> None:
        """Search what came out, and keep it unless it is only a wrapping."""
        if not data or not self.budget.take_part():
            if data:
                self.found.notes.add(Note.PACKED_CUT)
            return
        if not _Block(data, self.budget, self.found, self.depth + 1).search(given=True):
            self._keep(Part(data, name, packing))

    def _keep(self, part: Part) -> None:
        self.found.parts.append(part)


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + len(mark))


def _is_office(head: bytes) -> bool:
    return b"[Content_Types].xml" in head or b"mimetypeapplication/vnd.oasis" in head[:120]


def _starts(data: bytes) -> Iterator[int]:
    """Where a block may begin: at its start, or behind a length that can be one."""
    yield 0
    for width in _SIZES:
        for order in ("little", "big"):
            size = int.from_bytes(data[:width], order)
            # The length of what is packed, or of what it unpacks to.
            if len(data) - width - 3 <= size <= 64 * len(data):
                yield width
                break


def _may_be_deflated(data: bytes, at: int) -> bool:
    """Whether the first block's type can be one; stored ones say their length twice."""
    if at + _SHORTEST_DEFLATED > len(data):
        return False
    kind = data[at] >> 1 & 3
    if kind == 0:
        low, check = data[at + 1 : at + 3], data[at + 3 : at + 5]
        return all(a ^ b == 0xFF for a, b in zip(low, check, strict=True))
    return kind != 3


def _begins_unmarked(data: bytes) -> bool:
    """Whether something without a mark may begin the block."""
    if signatures.TAR.fits(data) or images.is_picture(data) or data.startswith(b"{\\rtf"):
        return True
    if data[:4] == b"\x28\xb5\x2f\xfd" or signatures.OLE.fits(data):
        return True
    for at in _starts(data):
        if packings.is_lzma(data, at) or (packings.is_zlib(data, at) and data[at] != 0x78):
            return True
        if _deflates(data, at):
            return True
    return False


def _inflated(data: bytes, at: int, window: int, most: int = _SAMPLE) -> tuple[bytes, bool]:
    """The beginning of what a deflated stream holds, and whether that is all of it."""
    engine = zlib.decompressobj(window)
    try:
        return engine.decompress(data[at : at + 2 * _SAMPLE], most), engine.eof
    except zlib.error:
        return b"", False


def _is_surely_zlib(data: bytes, at: int) -> bool:
    """Whether a zlib stream begins at an offset: a whole one, or one of text."""
    if not packings.is_zlib(data, at):
        return False
    head, ended = _inflated(data, at, zlib.MAX_WBITS)
    return (ended and len(head) >= 4) or is_known(head) or is_textual(head, _SURE_TEXT)


def _deflates(data: bytes, at: int) -> bool:
    """Whether what begins at an offset unpacks to text or to a file, without a head."""
    if not _may_be_deflated(data, at):
        return False
    head, _ = _inflated(data, at, RAW, 64)
    # A scan begins with 128 zeros; chance hardly ever makes 64 bytes of letters or of zeros.
    if not head or (_NO_TEXT.search(head.replace(b"\0", b"")) and not is_known(head)):
        return False
    head, _ = _inflated(data, at, RAW)
    return is_textual(head) or is_known(head)


def _uncut(data: bytes) -> bytes:
    """``data`` without a character of UTF-8 that was cut in two at its end."""
    for cut in range(1, min(4, len(data))):
        if data[-cut] >= 0xC0:
            return data[:-cut]
        if data[-cut] < 0x80:
            break
    return data
