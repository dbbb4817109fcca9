"""What a database of SQLite still holds of rows that were deleted (file format, 1.5 and 1.6).

A deleted row stays where it was until another takes its place: in a free block of a page or in
the gap before its cells, or on a page that is free as a whole. A write-ahead log holds pages too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from companion.scans.findings import Kind, Note
from companion.scans.formats.registry import LOOSE, NOTE, Inside, Passages, document_format
from companion.scans.formats.strings import text_runs
from companion.scans.work import Work, did

_MOST_PAGES = 20_000
_MOST_BLOCKS = 2_000
_MOST_BYTES = 16 * 1024 * 1024
_HEAD = 100
_LEAF = 0x0D
_TRUNK_AT = 32
_LOG = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")


def deleted(data: bytes) -> Iterator[str]:
    """Readable text in what is free."""
    size = int.from_bytes(data[16:18], "big")
    size = 65_536 if size == 1 else size
    if size < 512:
        return
    kept: list[bytes] = []
    left = _MOST_BYTES
    for block in _free_blocks(data, size):
        if block.strip(b"\0"):
            kept.append(block)
            left -= len(block)
        if left < 0:
            break
    yield from text_runs(b"\0\0\0\0".join(kept))


def _free_blocks(data: bytes, size: int) -> Iterator[bytes]:
    for number in dict.fromkeys(islice(_free_pages(data, size), _MOST_PAGES)):
        yield data[max(0, number - 1) * size : number * size]
    for start in range(0, min(len(data), _MOST_PAGES * size), size):
        did(Work.STEP)
        page = data[start : start + size]
        yield from _free_in(page, _HEAD if start == 0 else 0)


def _free_pages(data: bytes, size: int) -> Iterator[int]:
    """Numbers of pages on the list of free ones."""
    trunk = int.from_bytes(data[_TRUNK_AT : _TRUNK_AT + 4], "big")
    seen: set[int] = set()
    while 0 < trunk <= len(data) // size and trunk not in seen and len(seen) < _MOST_PAGES:
        seen.add(trunk)
        page = data[(trunk - 1) * size : trunk * size]
        many = min(int.from_bytes(page[4:8], "big"), size // 4 - 2)
        yield from (int.from_bytes(page[8 + 4 * at : 12 + 4 * at], "big") for at in range(many))
        trunk = int.from_bytes(page[:4], "big")


def _free_in(page: bytes, head: int) -> Iterator[bytes]:
    """The gap and the free blocks of a page of a table."""
    if len(page) < head + 8 or page[head] != _LEAF:
        return
    cells = int.from_bytes(page[head + 3 : head + 5], "big")
    content = int.from_bytes(page[head + 5 : head + 7], "big") or 65_536
    yield page[head + 8 + 2 * cells : content]
    at = int.from_bytes(page[head + 1 : head + 3], "big")
    for _ in range(_MOST_BLOCKS):
        if not head < at < len(page) - 4:
            return
        length = int.from_bytes(page[at + 2 : at + 4], "big")
        yield page[at + 4 : at + length]
        following = int.from_bytes(page[at : at + 2], "big")
        if following <= at:
            return
        at = following


@document_format("SQLite log", Kind.PROGRAM, fits=lambda data: data.startswith(_LOG))
def read_log(data: bytes, _inside: Inside) -> Passages:
    """The loose text of a write-ahead log: rows that may not be in the database yet."""
    for run in text_runs(data):
        yield LOOSE, run
    yield NOTE, Note.TEXT_ONLY
