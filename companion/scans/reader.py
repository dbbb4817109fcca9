"""One file's bytes -> what it is, what stands in it, and how much could be read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from companion.scans.dicom import pixel_length
from companion.scans.dicom.condenser import Condensed, condense
from companion.scans.dicom.parser import Walker
from companion.scans.dicom.preamble import (
    DEFLATED_SYNTAXES,
    archive_note,
    data_set_start,
    encoding_of,
    guess,
    is_directory,
    looks_like,
)
from companion.scans.dicom.structure import EXPLICIT, Encoding, Walk
from companion.scans.findings import FileRecord
from companion.scans.formats import documents
from companion.scans.formats.strings import legible_runs, text_runs
from companion.scans.formats.tiff import Spread, read_tiff
from companion.scans.inventory import Inventory
from companion.scans.limits import Limits

Isolate = Callable[..., Any]
"""Calls a function with arguments, somewhere a crash of it does no harm."""

# Notes that leave a file "read": it is odd, and nothing in it was passed over.
HARMLESS = frozenset(
    {
        "no-preamble", "no-meta", "padding", "padding-not-empty", "picture-not-looked-at",
        "pixels-short", "pixels-long", "no-pixels", "zip-path-escapes", "zip-link",
        "zip-same-name",
    }
)  # fmt: skip


PASSWORD = "password"  # noqa: S105 - a note code


class Reader:
    """Reads files one after the other into one inventory."""

    def __init__(self, inventory: Inventory, limits: Limits, isolate: Isolate) -> None:
        self.inventory = inventory
        self.limits = limits
        self._isolate = isolate
        self._walker = Walker(inventory, limits)
        # It only looks for where the pixels start, up to three times, while a file arrives.
        hasty = replace(limits, file_seconds=limits.file_seconds / 8)
        self._scout = Walker(Inventory(max_values=0), hasty)
        self._scout.of.searches = False

    def read(self, name: str, chunks: Iterable[bytes], notes: Iterable[str] = ()) -> FileRecord:
        """Read one file that is not an archive, and list it.

        ``notes`` tell how it came; they are looked at once ``chunks`` has ended.
        Raises only what ``chunks`` raises.
        """
        held = condense(chunks, self.limits.held_bytes, self.locate)
        self.inventory.begin(name)
        dropped, lost = self.inventory.incomplete(), self.inventory.lost_elements()
        self._walker.begin()
        found = set(notes)
        kind, modality, whole = "other", "", True
        try:
            if not held.size:
                if not found & {"cut-off", "cannot-open"}:
                    found.add("empty")
                kind = documents.sniff(name, b"")
                whole = False
            elif (encoding := data_set_start(held.data)) is not None:
                kind, modality, whole = self._scan(held, encoding, found)
            else:
                held.data = bytes(held.data)  # a file on this machine may come as a map of it
                kind, whole = self._other(name, held, found)
        except MemoryError:
            found.add("not-checked")
        if held.cut:
            found.add("too-large")
        if self.inventory.incomplete() != dropped:
            found.add("report-cut")
        if self.inventory.lost_elements() != lost:
            found.add("too-many-elements")
        record = FileRecord(name, kind, _status(found, whole), modality, tuple(sorted(found)))
        self.inventory.add_file(record)
        return record

    def settle(self) -> None:
        """Complete the counts in the inventory; call it before they are read."""
        self._walker.settle()

    def locate(self, data: bytes) -> tuple[int, int, bool] | None:
        """Where the pixel data's value starts in the beginning of a file, if there."""
        start = data_set_start(data)
        if start is None:
            return None
        encoding, offset, syntax = encoding_of(data, start)
        if syntax in DEFLATED_SYNTAXES:
            return None
        self._scout.begin()
        walk = Walk(data)
        self._scout.walk(walk, offset, len(data), encoding, "header")
        return None if walk.bulk is None else (*walk.bulk, encoding.little)

    # --- scans -----------------------------------------------------------------------

    def _scan(self, held: Condensed, start: int, notes: set[str]) -> tuple[str, str, bool]:
        """Read a DICOM file; returns its kind, modality and whether anything was read."""
        data = held.data
        preamble = start >= 132
        if preamble:
            self._preamble(held, notes)
        else:
            notes.add("no-preamble")
            self.inventory.add_fact("no-preamble", "header")
        encoding, offset, syntax = encoding_of(data, start)
        if offset == start:
            notes.add("no-meta")
            self.inventory.add_fact("no-meta", "header")
        else:
            meta = Walk(data)
            self._walker.walk(meta, start, offset, EXPLICIT, "file-meta")
            notes |= meta.notes
        gaps, heads = held.gaps, held.heads
        if syntax in DEFLATED_SYNTAXES and offset < len(data):
            self.inventory.add_fact("deflated", "header")
            inflated = self._inflate(data[offset:], notes)
            data, offset, gaps, heads = inflated.data, 0, inflated.gaps, inflated.heads
            if inflated.cut:
                notes.add("unpacks-too-much")
        walk = Walk(data, gaps, heads)
        self._walker.walk(walk, offset, len(data), encoding, "header")
        read_any = walk.elements > 0
        if not read_any:
            notes.add("nothing-inside")
        if walk.ended:
            self._rest(data, walk.stopped, encoding, notes, behind_pixels=walk.has_pixels)
        elif walk.stopped < len(data):
            self._keep_unread(data[walk.stopped :])
        self._pixels(walk)
        notes |= walk.notes
        if held.cut:
            notes.discard("truncated")
        self._attachments(walk, notes)
        if any(walk.study[:8]):
            _, pid, name, uid, date, place, modality, frame = walk.study[:8]
            self.inventory.add_study((pid, name, uid, date, place, modality, frame))
        kind = "dicomdir" if is_directory(held.data) else "dicom"
        return kind, walk.study[6][:16], read_any or offset > start

    def _inflate(self, data: bytes, notes: set[str]) -> Condensed:
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
                    notes.add("truncated")
                    return
                try:
                    out = engine.decompress(piece, 1 << 20)
                except zlib.error:
                    notes.add("bad-deflate")
                    return
                tail = engine.unconsumed_tail
                total += len(out)
                checksum = zlib.crc32(out, checksum)
                if total > limit:
                    notes.add("unpacks-too-much")
                    return
                yield out
            rest = engine.unused_data + data[position:]
            # Some writers append what gzip does: the checksum and the length.
            if rest.strip(b"\0") and rest != struct.pack("<II", checksum, total & 0xFFFFFFFF):
                notes.add("trailing-bytes")
                self._keep_unread(rest)

        def locate(head: bytes) -> tuple[int, int, bool] | None:
            self._scout.begin()
            walk = Walk(head)
            self._scout.walk(walk, 0, len(head), EXPLICIT, "header")
            return None if walk.bulk is None else (*walk.bulk, True)

        return condense(inflated(), self.limits.held_bytes, locate)

    def _preamble(self, held: Condensed, notes: set[str]) -> None:
        preamble = bytes(held.data[:128])
        if not preamble.strip(b"\0"):
            return
        detail = looks_like(preamble)
        self.inventory.add_fact("preamble-not-empty", "preamble", detail=detail)
        for text in text_runs(preamble):
            self.inventory.add_text("preamble", "text in the preamble", text)
        if detail == "ZIP":
            notes.add("also-archive")
        elif detail == "TIFF":
            passages = self._isolate(read_preamble, held.pieces(), held.size)
            if passages is None:
                notes.add("part-not-checked")
            for title, text in passages or ():
                if title == documents.NOTE:
                    notes.add(text)
                else:
                    self.inventory.add_text("preamble", title, text)

    def _pixels(self, walk: Walk) -> None:
        """Note pixels that are fewer or more than the header asks for."""
        note, surplus = pixel_length.check(walk)
        if note:
            walk.notes.add(note)
        for text in legible_runs(surplus):
            self.inventory.add_text("trailing", "text behind the picture", text)

    def _rest(
        self, data: bytes, start: int, encoding: Encoding, notes: set[str], *, behind_pixels: bool
    ) -> None:
        """Bytes behind the point up to which a data set was understood."""
        for _ in range(8):
            rest = data[start:]
            if not rest.strip(b"\0"):
                notes.add("padding")
                self.inventory.add_fact("padding", "trailing", detail="zeros")
                return
            inner, offset = encoding, 0
            if (found := data_set_start(rest)) is not None:
                inner, offset, syntax = encoding_of(rest, found)
                if found >= 132 and rest[:128].strip(b"\0"):
                    self._keep_unread(rest[:128])
                if offset > found:
                    meta = Walk(rest)
                    self._walker.walk(meta, found, offset, EXPLICIT, "trailing")
                if syntax in DEFLATED_SYNTAXES:
                    break
            elif guess(rest, 0) != encoding:
                break
            walk = Walk(rest)
            self._walker.walk(walk, offset, len(rest), inner, "trailing")
            if not walk.elements:
                break
            notes.add("second-dataset")
            self.inventory.add_fact("second-dataset", "trailing", detail=str(len(rest)))
            notes |= walk.notes
            self._attachments(walk, notes)
            start += walk.stopped
            if not walk.ended:
                self._keep_unread(data[start:])
                return
            behind_pixels = behind_pixels or walk.has_pixels
        rest = data[start:]
        if behind_pixels:
            notes.add("trailing-bytes")
            self.inventory.add_fact("trailing-bytes", "trailing", detail=str(len(rest)))
        else:
            notes.add("not-understood" if len(rest) >= 8 else "truncated")
        self._keep_unread(rest)

    def _keep_unread(self, data: bytes) -> None:
        for text in text_runs(data):
            self.inventory.add_text("trailing", "text behind the end", text)

    def _attachments(self, walk: Walk, notes: set[str]) -> None:
        for attachment in walk.attachments:
            kind = documents.sniff("", attachment.data)
            if attachment.place == "document":
                self.inventory.add_fact(
                    "encapsulated-document", "document", path=attachment.path, detail=kind
                )
                if kind in {"archive", "program"} or (
                    kind == "other"
                    and attachment.data.strip(b"\0")
                    and not documents.is_model(attachment.data)
                ):
                    notes.add("inside-unknown")
            elif attachment.place == "picture":
                kind = "image"
            self._document(
                kind, attachment.data, attachment.place, notes, attachment.path, attachment.tag
            )

    # --- everything else ---------------------------------------------------------------

    def _other(self, name: str, held: Condensed, notes: set[str]) -> tuple[str, bool]:
        """Read a file that is not DICOM; returns its kind and whether it was read."""
        data = held.data
        archive = archive_note(data)
        if archive:
            notes.add(archive)
            for text in text_runs(data[:65_536]):
                self.inventory.add_text("other-file", "text in a file", text)
            return "archive", False
        kind = documents.sniff(name, data)
        if kind in {"dicom", "dicomdir"}:
            kind = "other"
        read = self._document(kind, data, "other-file", notes)
        if kind == "image":
            notes.add("picture-not-looked-at")
        elif kind == "other" and "text-only" not in notes:
            notes.add("unknown-format")
        return kind, read

    def _document(
        self,
        kind: str,
        data: bytes,
        place: str,
        notes: set[str],
        path: str = "",
        tag: str | None = None,
    ) -> bool:
        """Read a document or picture in isolation; its plain text where that fails."""
        passages = self._isolate(read_document, kind, data)
        if isinstance(passages, list):
            for title, text in passages:
                if title == documents.NOTE:
                    notes.add(text)
                    continue
                if title == documents.RAW and place == "document":
                    title = documents.LOOSE
                self.inventory.add_text(place, title, text, path=path, tag=tag)
            return True
        if passages == PASSWORD:
            notes.add("password")
        else:
            notes.add("not-checked" if place == "other-file" else "part-not-checked")
        for text in text_runs(data):
            self.inventory.add_text(place, "text in a file", text, path=path, tag=tag)
        return False


def read_document(kind: str, data: bytes) -> list[tuple[str, str]] | str:
    """All passages of a document at once, so that they can come from another process;
    ``PASSWORD`` for one that is locked."""
    try:
        return list(documents.read(kind, data))
    except documents.PasswordError:
        return PASSWORD


def read_preamble(pieces: list[tuple[int, bytes]], size: int) -> list[tuple[str, str]]:
    """All that the TIFF says which a preamble begins, as far as it stands in ``pieces``."""
    spread = Spread(pieces, size)
    found = list(read_tiff(spread, "TIFF"))
    if spread.missed:
        found.append((documents.NOTE, "part-not-checked"))
    return found


def _status(notes: set[str], whole: bool) -> str:
    if not whole:
        return "not-read"
    return "read" if notes <= HARMLESS else "partly-read"
