"""Words in Matroska and WebM files (RFC 9559), whose elements are EBML (RFC 8794)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from companion.scans.findings import Note

MAX_ELEMENTS = 20_000
MAX_VALUE = 65_536
_NOTE = "note"
_CONTAINERS = frozenset(
    {
        0x18538067,  # Segment
        0x1549A966,  # Info
        0x1254C367, 0x7373, 0x67C8,  # Tags, Tag, SimpleTag
        0x1654AE6B, 0xAE,  # Tracks, TrackEntry
        0x1941A469, 0x61A7,  # Attachments, AttachedFile
        0x1043A770, 0x45B9, 0xB6, 0x80,  # Chapters, EditionEntry, ChapterAtom, ChapterDisplay
    }
)  # fmt: skip
_TEXTS = {
    0x7BA9: "title", 0x7384: "file name", 0x536E: "track", 0x466E: "attachment",
    0x467E: "attachment", 0x85: "chapter", 0x4487: "tag",
}  # fmt: skip
_TAG_NAME, _DATE, _CLUSTER = 0x45A3, 0x4461, b"\x1f\x43\xb6\x75"
_AFTER_CLUSTERS = (b"\x12\x54\xc3\x67", b"\x19\x41\xa4\x69", b"\x15\x49\xa9\x66")
_QUIET = frozenset({"ENCODER", "DURATION", "BPS", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES"})
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)


def read(data: bytes) -> Iterator[tuple[str, str]]:
    """Label and text of titles, tags, names of tracks and attachments."""
    waiting = [(0, len(data))]
    left = MAX_ELEMENTS
    name = "tag"
    while waiting:
        at, end = waiting.pop()
        while at < end:
            left -= 1
            if left < 0:
                yield _NOTE, Note.DOCUMENT_CUT
                return
            mark, body = _number(data, at, marked=True)
            size, body = _number(data, body, marked=False)
            if mark is None or size is None:
                break
            until = min(end, body + size)
            if mark in _CONTAINERS:
                waiting.append((until, end))
                at, end = body, until
                continue
            value = data[body : min(until, body + MAX_VALUE)]
            if mark == _TAG_NAME:
                name = value.decode("utf-8", "replace").strip("\0")[:60]
            elif mark == _DATE and len(value) == 8:
                nanoseconds = int.from_bytes(value, "big", signed=True)
                if 0 < nanoseconds < 2**61:
                    moment = _EPOCH + timedelta(microseconds=nanoseconds // 1_000)
                    yield "video date", moment.strftime("%Y-%m-%d %H:%M:%S")
            elif mark in _TEXTS and not (mark == 0x4487 and _is_quiet(name)):
                label = name.lower() if mark == 0x4487 else _TEXTS[mark]
                yield f"video {label}", value.decode("utf-8", "replace").strip("\0")
            if size == _UNKNOWN:
                until = _after_clusters(data, body, end)
            at = until


_UNKNOWN = 2**56 - 1


def _is_quiet(name: str) -> bool:
    return name.upper() in _QUIET or name.upper().startswith("_STATISTICS")


def _after_clusters(data: bytes, body: int, end: int) -> int:
    """Where the texts go on after a part whose length nobody knew when it was written."""
    found = [data.find(mark, body, end) for mark in _AFTER_CLUSTERS]
    return min((at for at in found if at >= 0), default=end)


def _number(data: bytes, at: int, *, marked: bool) -> tuple[int | None, int]:
    """A number of variable length and where it ends; None where it is none.

    ``marked``: it keeps the bit that says how long it is, as the name of an element does.
    """
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if not first or length > (4 if marked else 8):
        return None, at
    raw = data[at : at + length]
    if len(raw) < length:
        return None, at
    number = int.from_bytes(raw, "big")
    if not marked:
        number &= (1 << 7 * length) - 1
        if number == (1 << 7 * length) - 1:
            number = _UNKNOWN
    return number, at + length
