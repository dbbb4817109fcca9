"""Bytes written as text: base64 (RFC 4648, also in lines and for URLs) and hexadecimal.

A long word may look like either. It is taken for one only where what it stands for makes
sense; the caller judges that. Digests, keys and pixels written in this way stay unread:
they say nothing to a reader.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from companion.scans.formats.likeness import is_of_heights
from companion.scans.formats.proof import is_textual, makes_sense
from companion.scans.work import Work, did

SHORTEST = 20
"""Characters of a run inside another text; a value that is one run may be shorter."""
SHORTEST_ALONE = 8
_LONG = 60
"""Characters of a run that may be cut at its end."""
SHORT_OUTPUT = 16
"""Bytes below which what comes out has to make the more sense."""
MOST_RUNS = 4_000
"""Runs that are looked at of one block."""

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_CLASSES = bytes(ord("a") if byte in _ALPHABET else 0 for byte in range(256))
_NEEDLE = b"a" * SHORTEST
_RUN = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % SHORTEST)
_BREAK = (
    rb"(?:[\"'][ \t]*[+.,\\]?[ \t]*)?(?:\r?\n|\r|\\r\\n|\\n|&#1[03];|&#x[aAdD];)+"
    rb"[ \t]*(?:> ?|[\"'])?"
)
"""What parts lines: breaks, as they are and coded, and the signs around parts of a text in a
program and of one that is quoted."""
_LINE = re.compile(_BREAK + rb"([A-Za-z0-9+/_-]{1,512})(?![A-Za-z0-9+/_-])")
_PADDING = re.compile(rb"={1,2}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
# Possessive, and no group that repeats where a class can: a group takes fifty bytes for each
# of its repeats, which is a hundred megabytes for a word of two.
_HEX = re.compile(rb"(?:0[xX])?[0-9A-Fa-f]++")
_HEX_PAIRS = re.compile(
    rb"(?:0[xX]|(?<![0-9A-Za-z]))[0-9A-Fa-f]{2}"
    rb"(?:[\s:,;-]{1,12}+(?:0[xX])?[0-9A-Fa-f]{2}(?![0-9A-Za-z])){7,}+[\s:,;-]*+"
)
_SEPARATORS = b" \t\n\r\f\v:,;-"
_HEX_INSIDE = re.compile(rb"[0-9A-Fa-f]{%d,}" % SHORTEST)
_HEX_TWICE = re.compile(rb"(?:3[0-9]|[46][1-6]){%d,}" % SHORTEST)
"""The digits of hexadecimal digits, none of which is a letter."""
_HEX_CLASSES = bytearray(256)
for _byte in b"0123456789abcdefABCDEF":
    _HEX_CLASSES[_byte] = ord("h")
for _byte in _SEPARATORS:
    _HEX_CLASSES[_byte] = ord("s")
for _byte in b"xX":
    _HEX_CLASSES[_byte] = ord("x")
_HEX_CLASSES_OF_BYTES = bytes(_HEX_CLASSES)
_HEX_NEEDLES = (b"shh" * 7, b"sshh" * 7, b"shhhh" * 4, b"shxhh" * 4, b"sshxhh" * 4)
"""Eight bytes as pairs of digits, or as many in fours, as dumps have them."""
_SHORTEST_SPACED = min(map(len, _HEX_NEEDLES)) - 1
_DUMPED = re.compile(
    rb"^[ \t]*(?:0[xX])?([0-9A-Fa-f]{4,16})[ \t]?[:|]?[ \t]{1,4}"
    rb"((?:[0-9A-Fa-f]{2}){1,8}+(?:[ \t-]{1,2}(?:[0-9A-Fa-f]{2}){1,8}+)*)(?=[ \t]|\r?$|\Z)",
    re.MULTILINE,
)
"""A line of a dump: where its bytes stand, and they."""
_MOST_ALONE = 1 << 22
_MOST_LINES, _LEAST_LINES, _WIDEST = 20_000, 2, 64
_TEXT = frozenset(b"\t\n\r" + bytes(range(0x20, 0x7F)))
_ALONE = re.compile(rb"[A-Za-z0-9+/_-]{%d,}={0,2}" % (SHORTEST_ALONE - 2))
_MOST_BASE32 = 1 << 20
_BASE32 = re.compile(rb"[A-Z2-7]+")
_UPPER, _LOWER = re.compile(rb"[A-Z]"), re.compile(rb"[a-z]")
_LEGIBLE = re.compile(r"[\w\s^.,;:=@/'-]+")
_WORD = re.compile(r"[^\W\d_]{3}")
_HEX_LETTER = re.compile(rb"[A-Fa-f]")


@dataclass(slots=True)
class Encoded:
    """A run of text, and the bytes that it may stand for."""

    name: str
    """``base64``, ``hexadecimal``, ``base85`` or ``UTF-7``."""
    data: bytes = field(repr=False)
    alone: bool
    """Whether it is all there is, and short: it has to make the more sense."""
    start: int
    end: int
    word: bytes = field(default=b"", repr=False)
    """Its first line."""
    taken: bool = False
    """Set by the caller: it makes sense, and what follows its end is looked at next."""
    stays: bool = False
    """Whether it is plain text all but for some letters: it makes sense, and the text that it
    was made of is searched too."""
    cut: bool = False
    """Whether the run goes on behind what was decoded."""


def may_hold(data: bytes) -> bool:
    """Whether there is a run that is long enough, or the whole is one."""
    if _NEEDLE in data.translate(_CLASSES) or _may_be_spaced(data):
        return True
    return data[:1].isalnum() and data[1:2].isalnum() and _whole(data) is not None


def is_code(run: Encoded) -> bool:
    """Whether what a run stands for is text, a file or packed, and not chance."""
    if run.stays:
        return True
    if not run.alone:
        return makes_sense(run.data)
    if not is_textual(run.data, 5):
        return False
    text = run.data.rstrip(b"\0").decode("utf-8", "replace")
    return bool(_LEGIBLE.fullmatch(text) and _WORD.search(text))


def runs(data: bytes, words: set[bytes]) -> Iterator[Encoded]:
    """Runs that can be decoded, each as hexadecimal before base64.

    ``words`` are long words that are known to be no code: makers' names of settings, which
    every slice repeats. The caller adds to them.
    """
    whole = _whole(data)
    if whole is not None:
        yield from whole
        return
    spaced = _spaced(data)
    following = next(spaced, None)
    at = count = 0
    while (found := _RUN.search(data, at)) is not None and count < MOST_RUNS:
        count += 1
        did(Work.MARK)
        while following is not None and following.start <= found.start():
            yield following
            at = max(at, following.end if following.taken else 0)
            following = next(spaced, None)
        if found.start() < at:
            continue
        at = found.end()
        if found[0] in words or is_of_heights(found[0]):
            continue
        text, end = _with_its_lines(data, found)
        for one in _readings(data, found, text, end):
            one.word = found[0]
            yield one
            if one.taken:
                at = max(at, one.end)
                break
    while following is not None:
        yield following
        following = next(spaced, None)


def _readings(data: bytes, found: re.Match[bytes], text: bytes, end: int) -> Iterator[Encoded]:
    """What a run with its lines, the run alone, or a part of it may stand for.

    Where other data stand right before a run, as a length does, their last bytes may look
    like letters of it.
    """
    for run, stop in dict.fromkeys(((text, end), (found[0], found.end()))):
        yield from _decoded(run, found.start(), stop)
    start = found.start()
    inside = _HEX_INSIDE.search(found[0])
    if inside is not None and len(inside[0]) < len(found[0]):
        first = start + inside.start()
        for skipped in (0, 1):
            yield from _decoded(inside[0][skipped:], first + skipped, start + inside.end())
    if start and data[start - 1] not in _TEXT:
        for skipped in range(1, 5):
            yield from _decoded(text[skipped:], start + skipped, end)


def _may_be_spaced(data: bytes) -> bool:
    """Whether there are bytes in pairs or fours of digits, as dumps have them."""
    if len(data) < _SHORTEST_SPACED:
        return False
    classes = data.translate(_HEX_CLASSES_OF_BYTES)
    return any(needle in classes for needle in _HEX_NEEDLES)


def _spaced(data: bytes) -> Iterator[Encoded]:
    """Runs of bytes in pairs of digits, and dumps of some lines, in order."""
    if not _may_be_spaced(data):
        return
    dumps = _dumps(data)
    end = 0
    following = next(dumps, None)
    for pairs in islice(_HEX_PAIRS.finditer(data), MOST_RUNS):
        while following is not None and following.start <= pairs.start():
            yield following
            end = following.end
            following = next(dumps, None)
        if pairs.start() >= end:
            run = _of_pairs(pairs[0], pairs.start(), pairs.end())
            if _is_no_table(pairs[0], run.data):
                yield run
    while following is not None:
        yield following
        following = next(dumps, None)


def _is_no_table(pairs: bytes, plain: bytes) -> bool:
    """Whether pairs of digits are no table of numbers: there are letters among them, or they
    stand for digits again."""
    return bool(_HEX_LETTER.search(pairs) or _HEX_PAIRS.fullmatch(plain) or _HEX.fullmatch(plain))


def _of_pairs(text: bytes, start: int, end: int) -> Encoded:
    digits = text.replace(b"0x", b"").replace(b"0X", b"").translate(None, _SEPARATORS)
    return Encoded("hexadecimal", binascii.unhexlify(digits), False, start, end)


def _dumps(data: bytes) -> Iterator[Encoded]:
    """Lines that say where their bytes stand, each as far from the next as it has bytes."""
    lines: list[re.Match[bytes]] = []
    for line in islice(_DUMPED.finditer(data), _MOST_LINES):
        if lines and data[lines[-1].end() : line.start()].count(b"\n") > 1:
            yield from _dump(lines)
            lines = []
        lines.append(line)
    yield from _dump(lines)


def _dump(lines: list[re.Match[bytes]]) -> Iterator[Encoded]:
    if len(lines) < _LEAST_LINES:
        return
    plain = []
    starts = [int(line[1], 16) for line in lines]
    for line, start, after in zip_longest(lines, starts, starts[1:]):
        width = _WIDEST if after is None else after - start
        if not 0 < width <= _WIDEST:
            return
        plain.append(bytes.fromhex(line[2].decode().replace("-", " "))[:width])
    yield Encoded("hexadecimal", b"".join(plain), False, lines[0].start(), lines[-1].end())


def _whole(data: bytes) -> list[Encoded] | None:
    """What the whole value stands for, if it is one run too short to be found in a text."""
    body = data.strip(b"\0 \r\n\t")
    if len(body) <= _MOST_ALONE and _HEX_PAIRS.fullmatch(body):
        found = _of_pairs(body, 0, len(data))
        found.alone = len(found.data) < SHORT_OUTPUT
        return [found] if found.alone or _is_no_table(body, found.data) else None
    if len(body) >= 2 * SHORTEST or not _ALONE.fullmatch(body):
        return None
    readings = list(_decoded(body, 0, len(data)))
    # Without its filler at the end, a short run is a word like any other.
    if len(body) < SHORTEST and not body.endswith(b"="):
        readings = [one for one in readings if one.name == "hexadecimal"]
    for one in readings:
        one.alone = len(one.data) < SHORT_OUTPUT
    return readings or None


def _with_its_lines(data: bytes, first: re.Match[bytes]) -> tuple[bytes, int]:
    """A run with the lines that go on with it: all as long as the first, but the last."""
    width = len(first[0])
    lines, end = [first[0]], first.end()
    while (line := _LINE.match(data, end)) is not None and len(line[1]) <= width:
        lines.append(line[1])
        end = line.end()
        if len(line[1]) < width:
            break
    if (padding := _PADDING.match(data, end)) is not None:
        end = padding.end()
    return b"".join(lines), end


def _of_base32(run: bytes) -> bytes:
    run = run[: len(run) // 8 * 8]  # its last letters are hardly a name
    return base64.b32decode(run)


def _decoded(run: bytes, start: int, end: int) -> Iterator[Encoded]:
    run = run.rstrip(b"=")
    if _HEX.fullmatch(run) and (_HEX_LETTER.search(run) or _HEX_TWICE.fullmatch(run)):
        digits = run.decode().lower().removeprefix("0x")
        if len(digits) % 2 and len(digits) > _LONG:
            digits = digits[:-1]  # cut amid a byte
        if len(digits) % 2 == 0:
            yield Encoded("hexadecimal", bytes.fromhex(digits), False, start, end)
    if not (_UPPER.search(run) and _LOWER.search(run)):
        if len(run) >= _LONG and _BASE32.fullmatch(run):
            cut = len(run) > _MOST_BASE32
            yield Encoded("base32", _of_base32(run[:_MOST_BASE32]), False, start, end, cut=cut)
        return  # a number, or a word in capitals
    if len(run) % 4 == 1:
        if len(run) <= _LONG:
            return
        run = run[:-1]  # cut amid four letters
    filled = run.translate(_URL_SAFE) + b"=" * (-len(run) % 4)
    try:
        yield Encoded("base64", binascii.a2b_base64(filled), False, start, end)
    except binascii.Error:
        return
