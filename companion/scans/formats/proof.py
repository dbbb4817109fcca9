"""Whether bytes are packed, and whether what came out of them makes sense.

Long words look like base64 and noise begins like zlib: what has no check value is believed
only where text, or a file, comes out of it that chance does not make.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from companion import signatures
from companion.scans.formats import images, old_text, packings
from companion.scans.formats.strings import is_text

SHORTEST_TEXT = 15
"""Bytes of text that no chance makes out of a long word."""
_SHORTEST_DEFLATED = 16
_LETTERS = 8
"""Different bytes of a text that no repetition makes out of two."""
_FRESH, _FRESH_SHORT, _FRESH_LONG = 12, 24, 60
"""Places in a text that are no repetition of an earlier one: of a text in UTF-8, and of a
short and a long one in a code page, which proves less. Noise that begins like a packed stream
repeats a few letters hundreds of times, which says no more than those few."""
_FRESH_WRITTEN = 6
"""The same of bytes written as text: the code repeats nothing by itself."""
SURE_TEXT = 32
"""Bytes of text in front of some damage that prove that there was a stream."""
SAMPLE = 4_096
RAW = -zlib.MAX_WBITS
"""zlib's window for deflated bytes without a head."""
_FILES = (
    signatures.DICOM, signatures.PDF, signatures.SEVEN_ZIP, signatures.RAR, signatures.SQLITE,
    signatures.TAR, signatures.RTF, signatures.PNG, signatures.JPEG, signatures.GIF,
)  # fmt: skip
"""Files that begin with more than chance makes."""
_HEADS = signatures.heads(_FILES)
_MARKS = (
    *((packing.mark, packing.offset, packing.fits) for packing in packings.MARKED),
    (signatures.ZIP_ENTRY_SIGNATURE, 0, packings.is_zip_entry),
)
_TEXT_16 = re.compile(rb"(?:[\x20-\x7e\t\r\n]\0){8,}|(?:\0[\x20-\x7e\t\r\n]){8,}")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_WHOLE_FILES = (
    b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    # What there is no decoder for: Zstandard, LZ4, lzip, lzop, Snappy, cabinets.
    b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"LZIP\x01", b"\x89LZO", b"\xff\x06\0\0sNaPpY",
    b"MSCF\0",
)  # fmt: skip
_BEHIND_HEAD = 40
"""Bytes of a maker's head, of whatever kind, behind which packed bytes may begin."""
_CODED = re.compile(
    b"[%s]" % re.escape(bytes(byte for byte in range(240) if byte & 6 == 4)), re.DOTALL
)
"""How a deflated block with a code of its own begins (RFC 1951, 3.2.3 and 3.2.7)."""
_SHORTEST_CODED = 48
"""Bytes of a deflated block with its code."""
_FILLED = [
    sum(128 >> length for at in range(0, 12, 3) if (length := four >> at & 7))
    for four in range(1 << 12)
]
"""How much of a code four lengths of three bits fill."""
_LZMA, _MOST_LZMA = b"\x5d\0\0", 64
"""How .lzma of the usual settings begins, and how many such places are looked at."""
_BEHIND_LENGTHS = ((2, 2), (4, 4), (8, 4), (8, 8), (12, 4), (16, 4), (16, 8))
"""Where something packed may begin, and the bytes of the length that stands right before it."""
_BEHIND_SHORT_LENGTHS = _BEHIND_LENGTHS[:1]
_MOST_UNPACKED = 64
"""How many times the size of a block its length may say."""


def is_textual(data: bytes, shortest: int = SHORTEST_TEXT, fresh_least: int = _FRESH) -> bool:
    """Whether what came out of a code is text, as chance does not make it."""
    head = data[:SAMPLE].rstrip(b"\0")
    if len(head) < shortest:
        return False
    # What tells of most that is no text comes first.
    is_plain = is_text(_uncut(head)) or _TEXT_16.fullmatch(head[: len(head) & ~1])
    # Letters of an old code page: chance makes no long run of bytes without a control.
    if not is_plain and _NO_TEXT.search(head):
        return False
    fresh = len(set(zip(head, head[1:], head[2:], strict=False)))
    if fresh < min(fresh_least, len(head) // 2):
        return False
    if is_plain:
        return True
    plain = sum(byte < 0x80 for byte in head)
    if len(head) >= 120:
        return fresh >= _FRESH_LONG
    if len(head) < SURE_TEXT or fresh < _FRESH_SHORT:
        return False
    return plain >= 0.75 * len(head) or old_text.in_utf8(head) is not None


def makes_sense(data: bytes) -> bool:
    """Whether what bytes written as text stand for is text, a file or packed."""
    return is_textual(data, fresh_least=_FRESH_WRITTEN) or begins_packed(data)


def is_known(data: bytes) -> bool:
    """Whether bytes begin as a file does, or as something that is packed with a strong mark."""
    if _HEADS.match(data) and signatures.first_fit(data, _FILES) is not None:
        return True
    for mark, offset, fits in _MARKS:  # asked of every word: a loop is faster than any()
        if data.startswith(mark, offset) and fits(data, offset):
            return True
    return False


def begins_packed(data: bytes) -> bool:
    """Whether a block begins with something packed, or a file, with a mark or without."""
    if is_known(data) or is_surely_zlib(data, 0) or packings.is_lzma(data, 0):
        return True
    return deflates(data, 0)


def starts(data: bytes) -> Iterator[int]:
    """Where a block may begin: at its start, or behind a length that can be one, and what may
    stand in front of that: a second length, a version. Behind another head, only where the
    packed bytes themselves begin as few others do."""
    yield 0
    most = _MOST_UNPACKED * len(data)
    # A length of four bytes that is below 2**24 has a zero in it: nearly all text and noise is
    # told by that.
    has_long = most >= 1 << 24 or b"\0" in data[:16]
    for at, width in _BEHIND_LENGTHS if has_long else _BEHIND_SHORT_LENGTHS:
        head, least = data[at - width : at], len(data) - at - 3
        # The length of what is packed, or of what it unpacks to.
        if (
            least <= int.from_bytes(head, "little") <= most
            or least <= int.from_bytes(head, "big") <= most
        ):
            yield at
    if len(data) <= _SHORTEST_CODED or data.isascii():
        return
    for found in _CODED.finditer(data, 1, _BEHIND_HEAD):
        at = found.start()
        if at + _SHORTEST_CODED <= len(data) and _has_code(data[at : at + 10]):
            yield at
    at = data.find(_LZMA, 1)
    for _ in range(_MOST_LZMA):
        if at < 0:
            break
        if packings.is_lzma(data, at):
            yield at
        at = data.find(_LZMA, at + 1)


def _may_be_deflated(data: bytes, at: int) -> bool:
    """Whether the first block's type can be one; stored ones say their length twice."""
    if at + _SHORTEST_DEFLATED > len(data):
        return False
    kind = data[at] >> 1 & 3
    if kind == 0:
        return data[at + 1] ^ data[at + 3] == 0xFF == data[at + 2] ^ data[at + 4]
    return kind == 1 or (kind == 2 and _has_code(data[at : at + 10]))


def _has_code(head: bytes) -> bool:
    """Whether a block with codes of its own says them as RFC 1951, 3.2.7, has it: the lengths
    of the first code, three bits each, fill it. Noise hardly ever does, and is told in less
    time than an engine takes to begin."""
    bits = int.from_bytes(head, "little") >> 3
    literals, distances, count = bits & 31, bits >> 5 & 31, (bits >> 10 & 15) + 4
    bits = bits >> 14 & (1 << 3 * count) - 1
    filled = 0
    while bits:
        filled += _FILLED[bits & 0xFFF]
        bits >>= 12
    return literals <= 29 and distances <= 29 and filled == 128


def begins_unmarked(data: bytes) -> bool:
    """Whether something without a mark may begin the block."""
    if data[257:262] == b"ustar" or images.is_picture(data) or data.startswith(_WHOLE_FILES):
        return True
    for at in starts(data):
        first = data[at] if at < len(data) else 0
        if first < 225 and packings.is_lzma(data, at):
            return True
        if first & 15 == 8 and first != 0x78 and packings.is_zlib(data, at):
            return True
        if deflates(data, at):
            return True
    return False


def inflated(data: bytes, at: int, window: int, most: int = SAMPLE) -> tuple[bytes, bool]:
    """The beginning of what a deflated stream holds, and whether that is all of it."""
    engine = zlib.decompressobj(window)
    try:
        return engine.decompress(data[at : at + 64 + 2 * most], most), engine.eof
    except zlib.error:
        return b"", False


def is_perhaps_zlib(data: bytes, at: int) -> bool:
    """Whether something comes out of what may be a zlib stream, if only its first bytes."""
    if not packings.is_zlib(data, at):
        return False
    head, ended = inflated(data, at, zlib.MAX_WBITS, 64)
    return bool(head) or ended or bool(inflated(data, at + 2, RAW, 64)[0])


def is_surely_zlib(data: bytes, at: int) -> bool:
    """Whether a zlib stream begins at an offset: a whole one, or one of text."""
    if not packings.is_zlib(data, at):
        return False
    head, ended = inflated(data, at, zlib.MAX_WBITS)
    return (ended and len(head) >= 4) or is_known(head) or is_textual(head, SURE_TEXT)


def deflates(data: bytes, at: int) -> bool:
    """Whether what begins at an offset unpacks to text or to a file, without a head."""
    if not _may_be_deflated(data, at):
        return False
    head, _ = inflated(data, at, RAW, 64)
    # A scan begins with 128 zeros; chance hardly ever makes 64 bytes of letters or of zeros.
    if not head or (_NO_TEXT.search(head.replace(b"\0", b"")) and not _may_be_packed(head)):
        return False
    head, _ = inflated(data, at, RAW)
    if is_known(head) or (is_textual(head) and len(set(head)) >= _LETTERS):
        return True
    return _may_be_packed(head) and begins_packed(head)


def _may_be_packed(head: bytes) -> bool:
    """Whether what came out begins as something packed does, of which chance makes little."""
    if (
        is_known(head)
        or packings.is_lzma(head, 0)
        or (head[:1] == b"x" and packings.is_zlib(head, 0))
    ):
        return True
    return len(head) >= 64 and _CODED.match(head) is not None and _has_code(head[:10])


def _uncut(data: bytes) -> bytes:
    """``data`` without a character of UTF-8 that was cut in two at its end."""
    for cut in range(1, min(4, len(data))):
        if data[-cut] >= 0xC0:
            return data[:-cut]
        if data[-cut] < 0x80:
            break
    return data
