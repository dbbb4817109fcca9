"""One file's bytes -> what it is, what it holds, and how much of it could be read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from companion.scans.dicom import misread, pixel_length
from companion.scans.dicom.authorship import note_authorship
from companion.scans.dicom.condenser import Condensed, condense
from companion.scans.dicom.encoding import EXPLICIT, Encoding
from companion.scans.dicom.parser import Parser
from companion.scans.dicom.patient_hint import patient_hint, says_copy
from companion.scans.dicom.preamble import (
    DEFLATED_SYNTAXES,
    data_set_start,
    encoding_of,
    guess,
    is_directory,
    looks_like,
)
from companion.scans.dicom.structure import (
    INSTANCE_NUMBER,
    MODALITY,
    PATIENT_ID,
    SERIES_UID,
    STUDY_UID,
    UNDEFINED,
    DataSetParse,
)
from companion.scans.findings import FileRecord, Kind, Note, Place, Status
from companion.scans.formats import documents
from companion.scans.formats.strings import legible_runs, text_runs
from companion.scans.inventory import FactKind, Inventory, Study
from companion.scans.limits import Limits
from companion.scans.other_files import Isolate, OtherFiles, document_inside, read_preamble
from companion.scans.unpacking import OnPart, Unpacker

HARMLESS = frozenset(
    {
        Note.NO_PREAMBLE, Note.NO_META, Note.PADDING, Note.PADDING_NOT_EMPTY,
        Note.PICTURE_NOT_LOOKED_AT, Note.FRAMES_NOT_LOOKED_AT, Note.PICTURES_FAILED,
        Note.PICTURES_NOT_INSTALLED, Note.PIXELS_SHORT, Note.PIXELS_LONG, Note.NO_PIXELS,
        Note.LETTERS_GUESSED,
        Note.ZIP_PATH_ESCAPES, Note.ZIP_LINK, Note.ZIP_SAME_NAME,
    }
)  # fmt: skip
"""Notes that leave a file "read": it is odd, and nothing in it was passed over."""
_BLANK = b"\0 \t\r\n\x1a"
"""What programs that take a scan for text put behind its end, or fill a block with."""


class Reader:
    """Reads files one after the other into one inventory."""

    def __init__(
        self,
        inventory: Inventory,
        limits: Limits,
        isolate: Isolate,
        unpacker: Unpacker | None = None,
        *,
        on_part: OnPart | None = None,
    ) -> None:
        """``unpacker``: that of the upload, where this reads a scan inside another;
        ``on_part`` is told of each picture inside a file, and document that may hold one."""
        self.inventory = inventory
        self.limits = limits
        self._isolate = isolate
        self._is_inside = unpacker is not None
        self._on_part = on_part
        self._unpacker = unpacker or Unpacker(
            self._reader_inside, partial(document_inside, isolate), on_part
        )
        self._beside = OtherFiles(inventory, isolate, self._unpacker, on_part)
        self._parser = Parser(inventory, limits)
        self._parser.elements.unpacker = self._unpacker
        self._study: Study | None = None
        self._expected_size = 0
        # It only looks for where the pixels start, up to three times, while a file arrives.
        self._hasty = replace(limits, file_seconds=limits.file_seconds / 8)
        self._scout = Parser(Inventory(max_values=0), self._hasty)
        self._scout.elements.searches = False

    def read(self, name: str, chunks: Iterable[bytes], notes: Iterable[Note] = ()) -> FileRecord:
        """Read one file that is not an archive, and list it.

        ``notes`` say how it arrived; they are looked at once ``chunks`` has ended.
        Raises only what ``chunks`` raises.
        """
        held = condense(chunks, self.limits.held_bytes, self.locate)
        self.inventory.begin(name)
        dropped, lost = self.inventory.incomplete(), self.inventory.lost_elements()
        self._parser.begin()
        if not self._is_inside:
            self._unpacker.begin()
        self._study = None
        self._expected_size = 0
        found = set(notes)
        kind, modality, whole = Kind.OTHER, "", True
        try:
            if not held.size:
                if not found & {Note.CUT_OFF, Note.CANNOT_OPEN, Note.TOO_MUCH_DATA}:
                    found.add(Note.EMPTY)
                kind = documents.sniff(name, b"")
                whole = False
            elif (start := data_set_start(held.data)) is not None:
                kind, modality, whole = self._scan(held, start, found)
            else:
                held.data = bytes(held.data)  # a file on this machine may come as a map of it
                kind, whole = self._beside.file(
                    name, held.data, found, whole=not (held.cut or held.gaps)
                )
        except MemoryError:
            found.add(Note.NOT_CHECKED)
        if held.cut:
            found.add(Note.TOO_LARGE)
        if self.inventory.incomplete() != dropped:
            found.add(Note.REPORT_CUT)
        if self.inventory.lost_elements() != lost:
            found.add(Note.TOO_MANY_ELEMENTS)
        record = FileRecord(name, kind, status(found, whole=whole), modality, tuple(sorted(found)))
        if self._expected_size and Note.TRUNCATED in found:
            record = replace(record, size=held.size, expected_size=self._expected_size)
        self.inventory.add_file(record, self._study)
        return record

    def settle(self) -> None:
        """Complete the counts in the inventory; call it before they are read."""
        self._parser.settle()
        misread.settle(self.inventory)

    def locate(self, data: bytes) -> tuple[int, int, bool] | None:
        """Where the pixel data's value starts, in the beginning of a file.

        Its offset, its length and whether it is little endian; None if it is not there.
        """
        start = data_set_start(data)
        if start is None:
            return None
        encoding, offset, syntax = encoding_of(data, start)
        if syntax in DEFLATED_SYNTAXES:
            return None
        self._scout.begin()
        parse = DataSetParse(data)
        self._scout.parse(parse, offset, len(data), encoding, Place.HEADER)
        return None if parse.bulk is None else (*parse.bulk, encoding.little)

    # --- scans -----------------------------------------------------------------------

    def _scan(self, held: Condensed, start: int, notes: set[Note]) -> tuple[Kind, str, bool]:
        """Read a DICOM file; returns its kind, modality and whether anything was read."""
        data = held.data
        preamble = start >= 132
        if preamble:
            self._preamble(held, notes)
        else:
            notes.add(Note.NO_PREAMBLE)
            self.inventory.add_fact(FactKind.NO_PREAMBLE, Place.HEADER)
        encoding, offset, syntax = encoding_of(data, start)
        if syntax not in DEFLATED_SYNTAXES:
            self._identify(data)
        if offset == start:
            notes.add(Note.NO_META)
            self.inventory.add_fact(FactKind.NO_META, Place.HEADER)
        else:
            meta = DataSetParse(data)
            self._parser.parse(meta, start, offset, EXPLICIT, Place.FILE_META)
            notes |= meta.notes
        gaps, heads = held.gaps, held.heads
        if syntax in DEFLATED_SYNTAXES and offset < len(data):
            self.inventory.add_fact(FactKind.DEFLATED, Place.HEADER)
            inflated = self._inflate(data[offset:], notes)
            data, offset, gaps, heads = inflated.data, 0, inflated.gaps, inflated.heads
            if inflated.cut:
                notes.add(Note.UNPACKS_TOO_MUCH)
            self._identify(data)
        parse = DataSetParse(data, gaps, heads)
        self._parser.parse(parse, offset, len(data), encoding, Place.HEADER)
        read_any = parse.elements > 0
        if not read_any:
            notes.add(Note.NOTHING_INSIDE)
        if parse.ended:
            self._rest(data, parse.stopped, encoding, notes, after_pixels=parse.has_pixels)
        elif parse.stopped < len(data):
            self._keep_unread(data[parse.stopped :])
        self._pixels(parse, offset, encoding, notes)
        if data is held.data:  # not of what was deflated, whose bytes are others
            self._expected_size = _expected_size(parse, held)
        if note := misread.note_for(self._parser.elements.misread):
            notes.add(note)
        if held.cut:
            notes.discard(Note.TRUNCATED)
        self._beside.attachments(parse, notes)
        note_authorship(self.inventory, parse, offset, encoding)
        if any(study := parse.role_texts[PATIENT_ID:SERIES_UID]):
            pid, name, uid, date, hospital, modality, frame, born = study
            key = (pid, name, uid, date, hospital, modality, frame)
            self._study = self.inventory.add_study(key, born)
        if parse.has_pixels and not self._is_inside:
            texts = parse.role_texts
            self.inventory.series.add(texts[STUDY_UID], texts[SERIES_UID], texts[INSTANCE_NUMBER])
        kind = Kind.DICOMDIR if is_directory(held.data) else Kind.DICOM
        return kind, parse.role_texts[MODALITY][:16], read_any or offset > start

    def _identify(self, data: bytes) -> None:
        hint = patient_hint(data)
        if hint is not None:
            self.inventory.identify(hint, copy=says_copy(data))

    def _inflate(self, data: bytes, notes: set[Note]) -> Condensed:
        """Inflate a deflated data set as far as the limit goes."""
        limit = self.limits.inflated_bytes

        def inflated() -> Iterator[bytes]:
            engine = zlib.decompressobj(-zlib.MAX_WBITS)
            total, position, checksum = 0, 0, 0
            tail = b""
            while not engine.eof:
                piece = tail or data[position : position + 262_144]
                if not tail:
                    position += len(piece)
                if not piece:
                    notes.add(Note.TRUNCATED)
                    return
                try:
                    out = engine.decompress(piece, 1 << 20)
                except zlib.error:
                    notes.add(Note.BAD_DEFLATE)
                    return
                tail = engine.unconsumed_tail
                total += len(out)
                checksum = zlib.crc32(out, checksum)
                if total > limit:
                    notes.add(Note.UNPACKS_TOO_MUCH)
                    return
                yield out
            rest = engine.unused_data + data[position:]
            # Some writers append what gzip does: the checksum and the length.
            if rest.strip(_BLANK) and rest != struct.pack("<II", checksum, total & 0xFFFFFFFF):
                notes.add(Note.TRAILING_BYTES)
                self._keep_unread(rest)

        def locate(head: bytes) -> tuple[int, int, bool] | None:
            self._scout.begin()
            parse = DataSetParse(head)
            self._scout.parse(parse, 0, len(head), EXPLICIT, Place.HEADER)
            return None if parse.bulk is None else (*parse.bulk, True)

        return condense(inflated(), self.limits.held_bytes, locate)

    def _preamble(self, held: Condensed, notes: set[Note]) -> None:
        preamble = bytes(held.data[:128])
        if not preamble.strip(b"\0"):
            return
        detail = looks_like(preamble)
        self.inventory.add_fact(FactKind.PREAMBLE_NOT_EMPTY, Place.PREAMBLE, detail=detail)
        for text in text_runs(preamble):
            self.inventory.add_text(Place.PREAMBLE, "text in the preamble", text)
        if detail == "ZIP":
            notes.add(Note.ALSO_ARCHIVE)
        elif detail == "TIFF":
            passages = self._isolate(read_preamble, held.pieces(), held.size)
            if passages is None:
                notes.add(Note.PART_NOT_CHECKED)
            for title, text in passages or ():
                if title == documents.NOTE:
                    notes.add(Note(text))
                else:
                    self.inventory.add_text(Place.PREAMBLE, title, text)

    def _pixels(
        self, parse: DataSetParse, offset: int, encoding: Encoding, notes: set[Note]
    ) -> None:
        """Note pixels that are fewer or more than the header asks for, or elsewhere."""
        note, surplus = pixel_length.check(parse)
        notes |= parse.notes
        if note:
            notes.add(note)
        for text in legible_runs(surplus) if surplus else ():
            self.inventory.add_text(Place.TRAILING, "text behind the picture", text)
        # Where a part was not understood, nobody knows whether the picture was there.
        if not notes <= HARMLESS or not pixel_length.is_absent(parse):
            return
        anew = DataSetParse(parse.data, parse.gaps, parse.heads)
        plain = Parser(Inventory(), self._hasty)  # it has met nothing: it decodes each value
        plain.elements.searches = False
        plain.begin()
        plain.parse(anew, offset, len(parse.data), encoding, Place.HEADER)
        length, path = anew.private_bytes
        if length and pixel_length.may_be_picture(parse, length):
            self.inventory.add_fact(FactKind.PIXEL_DATA, Place.PRIVATE, path=path)
        else:
            notes.add(Note.NO_PIXELS)

    def _rest(
        self, data: bytes, start: int, encoding: Encoding, notes: set[Note], *, after_pixels: bool
    ) -> None:
        """Read the bytes after the point up to which a data set was understood."""
        for _ in range(8):
            rest = data[start:]
            if not rest.strip(_BLANK):
                notes.add(Note.PADDING)
                self.inventory.add_fact(FactKind.PADDING, Place.TRAILING, detail="zeros")
                return
            inner, offset = encoding, 0
            if (found := data_set_start(rest)) is not None:
                inner, offset, syntax = encoding_of(rest, found)
                if found >= 132 and rest[:128].strip(b"\0"):
                    self._keep_unread(rest[:128])
                if offset > found:
                    meta = DataSetParse(rest)
                    self._parser.parse(meta, found, offset, EXPLICIT, Place.TRAILING)
                if syntax in DEFLATED_SYNTAXES:
                    break
            elif guess(rest, 0) != encoding:
                break
            parse = DataSetParse(rest)
            self._parser.parse(parse, offset, len(rest), inner, Place.TRAILING)
            if not parse.elements:
                break
            notes.add(Note.SECOND_DATASET)
            self.inventory.add_fact(FactKind.SECOND_DATASET, Place.TRAILING, detail=str(len(rest)))
            notes |= parse.notes
            self._beside.attachments(parse, notes)
            start += parse.stopped
            if not parse.ended:
                self._keep_unread(data[start:])
                return
            after_pixels = after_pixels or parse.has_pixels
        rest = data[start:]
        if after_pixels:
            notes.add(Note.TRAILING_BYTES)
            self.inventory.add_fact(FactKind.TRAILING_BYTES, Place.TRAILING, detail=str(len(rest)))
        else:
            notes.add(Note.NOT_UNDERSTOOD if len(rest) >= 8 else Note.TRUNCATED)
        self._keep_unread(rest)

    def _keep_unread(self, data: bytes) -> None:
        for text in text_runs(data):
            self.inventory.add_text(Place.TRAILING, "text behind the end", text)

    def _reader_inside(self, inventory: Inventory) -> Reader:
        """A reader for a scan inside another file, in a quarter of the time of one."""
        hasty = replace(self.limits, file_seconds=self.limits.file_seconds / 4, unseen=5_000)
        return Reader(inventory, hasty, self._isolate, self._unpacker, on_part=self._on_part)


def status(notes: Iterable[str], *, whole: bool) -> Status:
    """How much of a file was read, by its notes; ``whole``: whether anything was."""
    if not whole:
        return Status.NOT_READ
    return Status.READ if HARMLESS.issuperset(notes) else Status.PARTLY_READ


def _expected_size(parse: DataSetParse, held: Condensed) -> int:
    """Bytes that a file should have whose pixels end after it does; 0 where they do not, or do
    not say where."""
    if parse.bulk is None or parse.bulk[1] == UNDEFINED:
        return 0
    body, length = parse.bulk
    left_out = sum(gap for at, gap in held.gaps.items() if at < body)
    end = body + left_out + length
    return end if end > held.size else 0
