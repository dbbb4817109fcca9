"""What is packed or written in code inside other bytes -> the parts that come out.

``unpack`` looks for gzip, zlib, deflate, bzip2, xz, .lzma, ZIP and tar, for base64, base85, UTF-7
and hexadecimal, and for each inside another, up to ``DEPTH`` deep; behind a length, and anywhere
in a block where a check value or the structure proves what stands there. Bytes that only look
like one of them, as those of pictures do by chance, give neither a part nor a note.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from types import ModuleType

from companion import signatures
from companion.scans.findings import Note
from companion.scans.formats import encoded_text, images, packings
from companion.scans.formats.packings import Budget, End, Packing, Stream
from companion.scans.formats.parts import Part, Unpacked
from companion.scans.formats.proof import (
    RAW,
    SAMPLE,
    SURE_TEXT,
    begins_packed,
    deflates,
    inflated,
    is_known,
    is_surely_zlib,
    is_textual,
    starts,
)
from companion.scans.formats.signs import ALPHABETS, FOR_FILES, ZLIB, may_hold, may_hold_packed
from companion.scans.formats.strings import is_text
from companion.scans.formats.tar_stream import TarArchive, TarError
from companion.scans.formats.zip_stream import Archive, ArchiveError
from companion.scans.work import Work, did

__all__ = ["Budget", "Part", "Unpacked", "may_hold", "may_hold_packed", "unpack"]

DEPTH = 3
"""Packings inside each other that are undone."""
_SCAN = b"DICM\x02\x00\x00\x00UL\x04\x00"
"""How a scan's head goes on behind its 128 bytes."""
_MOST_HEADS = 5_000
"""Places that may be heads of zlib which are looked at: 30 MB of chance have two thousand."""
_BEHIND = 16
"""Bytes behind a stream that belong to it: a check value, and what fills the block."""
_MOST_IN_A_ROW, _SHOWN = 50, 24
_MOST_WORDS, _LONGEST_WORD, _MOST_SPANS = 20_000, 200, 4_000


def unpack(data: bytes, budget: Budget, *, is_file: bool = False) -> Unpacked:
    """All that is packed in ``data``, and the files that stand in it as they are.

    ``is_file``: ``data`` is known to be a file of its own, and is not given back as one.
    Never raises for what the data hold. Memory: the parts, at most what ``budget`` has.
    """
    found = Unpacked()
    budget.start()
    try:
        block = _Block(data, budget, found, 0)
        block.alphabets = FOR_FILES if is_file else ALPHABETS
        found.whole = block.search(given=is_file)
    except MemoryError:
        found.notes.add(Note.PACKED_CUT)
    finally:
        budget.stop()
    return found


class _Block:
    """One block that is searched; what comes out of it is searched in its turn."""

    def __init__(
        self, data: bytes, budget: Budget, found: Unpacked, depth: int, at: int = 0
    ) -> None:
        """``at``: where ``data`` stands in the block that the caller has."""
        self.data = data
        self.at = at
        self.budget = budget
        self.found = found
        self.depth = depth
        self.alphabets: tuple[ModuleType, ...] = ALPHABETS

    def search(self, *, given: bool) -> bool:
        """Search the block; whether all of it was one thing packed.

        ``given``: the block itself is no part; the caller has it.
        """
        data = self.data
        did(Work.BYTE, len(data))
        covered = 0
        if signatures.TAR.fits(data):
            return bool(self._tar(0))
        if not given and self._is_file():
            self._keep(Part(data))
        marked = sorted(self._marked())
        after = 0
        for at, packing in marked:
            if at < after:
                continue
            if self.budget.is_late:
                self.found.notes.add(Note.PACKED_CUT)
                break
            end = self._open(at, packing)
            if end <= at:
                continue  # chance made the mark
            covered += end - at
            if not self.depth and packing not in {"PDF", "scan", "closed"}:
                self.found.spans.append((at, end))
            self._encoded_in(after, at)
            after = end
        if not after:
            covered = self._unmarked() or self._encoded()
        else:
            self._encoded_in(after, len(data))
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
        for at in _places(data, b"ustar"):
            if at > packings.TAR_MARK and packings.is_tar(data, at - packings.TAR_MARK):
                yield at - packings.TAR_MARK, "tar"
        for at in packings.closed(data):
            yield at, "closed"
        for count, match in enumerate(ZLIB.finditer(data)):
            if count >= _MOST_HEADS:
                self.found.notes.add(Note.PACKED_CUT)
                break
            yield match.start(), "zlib"
        for at in _places(data, b"%PDF-"):
            if at > 1_016:
                yield at, "PDF"
        for at in _places(data, _SCAN):
            if at > 128:
                yield at - 128, "scan"

    def _open(self, at: int, name: str) -> int:
        """Open what stands at an offset; returns where it ends, the offset if it is nothing."""
        did(Work.MARK)
        if name in {"PDF", "scan"}:
            self._keep(Part(self.data[at:]))
            return len(self.data)
        if name == "closed":
            self.found.notes.add(Note.PACKED_NOT_OPENED)
            return len(self.data)
        if self.depth >= DEPTH or self.budget.is_spent:
            if name == "zlib" and not is_surely_zlib(self.data, at):
                return at
            self.found.notes.add(Note.PACKED_NOT_OPENED if self.depth >= DEPTH else Note.PACKED_CUT)
            return len(self.data)
        if name == "ZIP":
            return self._zip(at)
        if name == "zlib":
            return self._zlib(at)
        if name == "tar":
            return self._tar(at)
        packing = next(one for one in packings.MARKED if one.name == name)
        return self._stream(at, packing)

    def _stream(self, at: int, packing: Packing) -> int:
        """A stream whose head proves it: what is wrong with it is said."""
        stream = packings.undo(packing.decoder(), self.data, at, self.budget)
        if stream.end is not End.WHOLE:
            if not stream.out and is_text(self.data[at : at + _SHOWN]):
                return at  # a dump shows the head of what it holds
            self.found.notes.add(Note.PACKED_CUT)
            if stream.end is End.BROKEN and packing.name == "gzip":
                start = packings.deflate_of_gzip(self.data, at)
                stream.out = packings.salvage(self.data, start, self.budget)
        self._take(stream.out, packing.name)
        return stream.after

    def _zlib(self, at: int) -> int:
        """A zlib stream: two bytes are no proof, its check value or a long text is."""
        head, ended = inflated(self.data, at, zlib.MAX_WBITS)
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
        if not packings.is_zlib(self.data, at) or not inflated(self.data, at + 2, RAW, 64)[0]:
            return at
        return self._damaged(packings.salvage(self.data, at + 2, self.budget), at)

    def _damaged(self, out: bytes, at: int) -> int:
        if len(out) < packings.RATIO_FROM and not is_known(out) and not is_textual(out, SURE_TEXT):
            return at
        self.found.notes.add(Note.PACKED_CUT)
        self._take(out, "zlib")
        return len(self.data)

    def _zip(self, at: int) -> int:
        """A ZIP's entries, or the files of an office document as one."""
        data = self.data
        end = data.rfind(signatures.ZIP_END_SIGNATURE)
        after = len(data) if end < 0 else min(len(data), end + 22)
        if _is_office(data[at : at + SAMPLE]):
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

    def _tar(self, at: int) -> int:
        """A tar's files."""
        if self.depth >= DEPTH:
            self.found.notes.add(Note.PACKED_NOT_OPENED)
            return len(self.data)
        archive = TarArchive([self.data[at:] if at else self.data], room=self.budget.take)
        try:
            for member in archive.members():
                self.found.names.append(member.name)
                if not self.budget.take_part() or self.budget.is_late:
                    self.found.notes.add(Note.PACKED_CUT)
                    break
                self._take(b"".join(member.chunks), "tar", member.name)
        except TarError:
            self.found.notes.add(Note.PACKED_CUT)
        return len(self.data)

    def _say(self, notes: set[Note]) -> None:
        if notes & {Note.ZIP_ENCRYPTED, Note.ZIP_METHOD, Note.ZIP_NOT_STREAMABLE}:
            self.found.notes.add(Note.PACKED_NOT_OPENED)
        elif notes:
            self.found.notes.add(Note.PACKED_CUT)

    # --- what has none -------------------------------------------------------------------

    def _unmarked(self) -> int:
        """What begins the block, or follows its head, and has no mark, and what comes right
        behind that; how much of the block it covers."""
        at = 0
        if self.depth >= DEPTH and begins_packed(self.data):
            self.found.notes.add(Note.PACKED_NOT_OPENED)
        for _ in range(_MOST_IN_A_ROW):
            if self.depth >= DEPTH or self.budget.is_spent:
                break
            after = self._one_unmarked(self.data[at:] if at else self.data)
            if not after:
                break
            at += after
        if at and not self.depth:
            self.found.spans.append((0, at))
        return at

    def _one_unmarked(self, data: bytes) -> int:
        """Open what has no mark at the beginning of some data; where it ends, 0 if it is none."""
        for at in starts(data):
            if packings.is_lzma(data, at):
                stream = packings.undo(packings.lzma_decoder(), data, at, self.budget)
                if self._is_proven(stream, len(data)):
                    self._take(stream.out, "lzma")
                    return _end(stream, data)
            if packings.is_zlib(data, at) and data[at : at + 1] != b"x" and self._zlib(at) > at:
                return len(data)
            if deflates(data, at):
                engine = zlib.decompressobj(RAW)
                stream = packings.undo(engine, data, at, self.budget)
                if self._is_proven(stream, len(data)):
                    self._take(stream.out, "deflate")
                    return _end(stream, data)
        return 0

    def _is_proven(self, stream: Stream, size: int) -> bool:
        """Whether a stream without a check value was one: it ends where the block does, or
        has brought out much that makes sense."""
        sense = is_textual(stream.out) or begins_packed(stream.out)
        long = len(stream.out) >= 4 * SURE_TEXT
        if sense and stream.end is End.WHOLE and (long or size - stream.after <= _BEHIND):
            return True
        much = len(stream.out) >= packings.RATIO_FROM or is_textual(stream.out, 4 * SURE_TEXT)
        if stream.end is not End.WHOLE and much:
            self.found.notes.add(Note.PACKED_CUT)
            return True
        return False

    def _encoded(self) -> int:
        """Runs of bytes written as text; how many bytes of the block they are."""
        covered = 0
        for alphabet in self.alphabets:
            if alphabet.may_hold(self.data):
                covered += self._decoded(alphabet.runs(self.data, self.budget.words))
        return covered

    def _encoded_in(self, start: int, end: int) -> None:
        """The same of a part of the block that stands before or behind what is packed."""
        if start < end:
            block = _Block(self.data[start:end], self.budget, self.found, self.depth, start)
            block.alphabets = self.alphabets
            block._encoded()

    def _decoded(self, runs: Iterator[encoded_text.Encoded]) -> int:
        covered = end = 0
        words = self.budget.words
        for run in runs:
            if run.start < end and covered:
                continue  # the same run, decoded in another way
            if not encoded_text.is_code(run):
                if len(run.word) <= _LONGEST_WORD and len(words) < _MOST_WORDS:
                    words.add(run.word)
                continue
            run.taken = True
            words.discard(run.word)
            if self.depth >= DEPTH or self.budget.is_spent:
                deep = self.depth >= DEPTH
                self.found.notes.add(Note.PACKED_NOT_OPENED if deep else Note.PACKED_CUT)
                return covered
            end = run.end
            if run.stays:
                self._take(run.data, run.name)
                continue
            if not self.depth and len(self.found.spans) < _MOST_SPANS:
                self.found.spans.append((self.at + run.start, self.at + run.end))
            covered += run.end - run.start
            plain = run.data[: self.budget.room]
            if run.cut or len(plain) < len(run.data) or not self.budget.take(len(plain)):
                self.found.notes.add(Note.PACKED_CUT)
            self._take(plain, run.name)
        return covered

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
            or (signatures.ZIP.fits(data) and _is_office(data[:SAMPLE]))
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


def _end(stream: Stream, data: bytes) -> int:
    """Where a stream without a mark ends; a check value and padding behind it belong to it."""
    behind = data[stream.after :]
    return len(data) if len(behind) <= _BEHIND or not behind.strip(b"\0") else stream.after


def _is_office(head: bytes) -> bool:
    return b"[Content_Types].xml" in head or b"mimetypeapplication/vnd.oasis" in head[:120]
