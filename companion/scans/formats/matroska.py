"""Words in Matroska and WebM files (RFC 9559), whose elements are EBML (RFC 8794)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from companion.scans.findings import Note
from companion.scans.formats.registry import NOTE
from companion.scans.formats.strings import is_text, text_runs

MAX_ELEMENTS = 20_000
MAX_VALUE = 65_536

_CONTAINERS = frozenset(
    {
        b"\x18\x53\x80\x67",  # Segment
        b"\x15\x49\xa9\x66",  # Info
        b"\x12\x54\xc3\x67", b"\x73\x73", b"\x67\xc8",  # Tags, Tag, SimpleTag
        b"\x16\x54\xae\x6b", b"\xae",  # Tracks, TrackEntry
        b"\x19\x41\xa4\x69", b"\x61\xa7",  # Attachments, AttachedFile
        b"\x10\x43\xa7\x70", b"\x45\xb9",  # Chapters, EditionEntry
        b"\xb6", b"\x80",  # ChapterAtom, ChapterDisplay
    }
)  # fmt: skip
_TEXTS = {
    b"\x7b\xa9": "title", b"\x73\x84": "file name", b"\x53\x6e": "track",
    b"\x46\x6e": "attachment", b"\x46\x7e": "attachment", b"\x85": "chapter",
}  # fmt: skip
_ATTACHED = b"\x46\x5c"
"""The bytes of an attached file."""
_TAG_NAME, _TAG, _DATE = b"\x45\xa3", b"\x44\x87", b"\x44\x61"
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
                yield NOTE, Note.DOCUMENT_CUT
                return
            body = at + _length(data, at)
            mark = data[at:body]
            size, body = _number(data, body)
            if not mark or len(mark) > _LONGEST_MARK or size is None:
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
            elif mark == _ATTACHED:
                if not is_text(value) or size > MAX_VALUE:
                    yield NOTE, Note.PART_NOT_CHECKED
                yield from (("video attachment", run) for run in text_runs(value))
            elif mark in _TEXTS or (mark == _TAG and not _is_quiet(name)):
                label = _TEXTS.get(mark, name.lower())
                yield f"video {label}", value.decode("utf-8", "replace").strip("\0")
            if size == _UNKNOWN:
                until = _after_clusters(data, body, end)
            at = until


_UNKNOWN = 2**56 - 1
_LONGEST_MARK = 4


def _is_quiet(name: str) -> bool:
    return name.upper() in _QUIET or name.upper().startswith("_STATISTICS")


def _after_clusters(data: bytes, body: int, end: int) -> int:
    """Where the texts go on after a part whose length nobody knew when it was written."""
    found = [data.find(mark, body, end) for mark in _AFTER_CLUSTERS]
    return min((at for at in found if at >= 0), default=end)


def _length(data: bytes, at: int) -> int:
    """Bytes of a number of variable length; 0 where none begins."""
    first = data[at] if at < len(data) else 0
    return 9 - first.bit_length() if first else 0


def _number(data: bytes, at: int) -> tuple[int | None, int]:
    """A length and where it ends; None where it is none."""
    length = _length(data, at)
    raw = data[at : at + length]
    if not length or len(raw) < length:
        return None, at
    most = (1 << 7 * length) - 1
    number = int.from_bytes(raw, "big") & most
    return (_UNKNOWN if number == most else number), at + length
