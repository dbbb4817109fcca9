"""Bytes written as text: base64 (RFC 4648, also in lines and for URLs) and hexadecimal.

A long word may look like either. It is taken for one only where what it stands for makes
sense; the caller judges that. Digests, keys and pixels written in this way stay unread:
they say nothing to a reader.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

SHORTEST = 20
"""Characters of a run inside another text; a value that is one run may be shorter."""
SHORTEST_ALONE = 8
MOST_RUNS = 4_000
"""Runs that are looked at of one block."""

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_CLASSES = bytes(ord("a") if byte in _ALPHABET else 0 for byte in range(256))
_NEEDLE = b"a" * SHORTEST
_RUN = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % SHORTEST)
_BREAK = rb"(?:\r?\n|\\r\\n|\\n|&#1[03];|&#x[aAdD];)+[ \t]*"
_LINE = re.compile(_BREAK + rb"([A-Za-z0-9+/_-]{1,512})(?![A-Za-z0-9+/_-])")
_PADDING = re.compile(rb"={1,2}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
# Possessive, and no group that repeats where a class can: a group takes fifty bytes for each
# of its repeats, which is a hundred megabytes for a word of two.
_HEX = re.compile(rb"(?:0[xX])?[0-9A-Fa-f]++")
_HEX_PAIRS = re.compile(
    rb"(?:0[xX])?[0-9A-Fa-f]{2}(?:[\s:,;-]{1,3}+(?:0[xX])?[0-9A-Fa-f]{2}){7,}+[\s:,;-]*+"
)
_SEPARATORS = b" \t\n\r\f\v:,;-"
_ALONE = re.compile(rb"[A-Za-z0-9+/_-]{%d,}={0,2}" % (SHORTEST_ALONE - 2))
_UPPER, _LOWER = re.compile(rb"[A-Z]"), re.compile(rb"[a-z]")
_HEX_LETTER = re.compile(rb"[A-Fa-f]")


@dataclass(slots=True)
class Encoded:
    """A run of text, and the bytes that it may stand for."""

    name: str
    """``base64`` or ``hexadecimal``."""
    data: bytes = field(repr=False)
    alone: bool
    """Whether it is all there is, and short: it has to make the more sense."""
    start: int
    end: int
    word: bytes = field(default=b"", repr=False)
    """Its first line."""
    taken: bool = False
    """Set by the caller: it makes sense, and what follows its end is looked at next."""


def may_hold(data: bytes) -> bool:
    """Whether there is a run that is long enough, or the whole is one."""
    if _NEEDLE in data.translate(_CLASSES):
        return True
    return data[:1].isalnum() and data[1:2].isalnum() and _whole(data) is not None


def runs(data: bytes, words: set[bytes]) -> Iterator[Encoded]:
    """Runs that can be decoded, each as hexadecimal before base64.

    ``words`` are long words that are known to be no code: makers' names of settings, which
    every slice repeats. The caller adds to them.
    """
    whole = _whole(data)
    if whole is not None:
        yield from whole
        return
    at = count = 0
    while (found := _RUN.search(data, at)) is not None and count < MOST_RUNS:
        count += 1
        at = found.end()
        if found[0] in words:
            continue
        text, end = _with_its_lines(data, found)
        for run, stop in dict.fromkeys(((text, end), (found[0], found.end()))):
            for one in _decoded(run, found.start(), stop):
                one.word = found[0]
                yield one
                if one.taken:
                    at = max(at, stop)


def _whole(data: bytes) -> list[Encoded] | None:
    """What the whole value stands for, if it is one run too short to be found in a text."""
    body = data.strip(b"\0 \r\n\t")
    if _HEX_PAIRS.fullmatch(body, 0, min(len(body), 1 << 22)):
        digits = body.replace(b"0x", b"").replace(b"0X", b"").translate(None, _SEPARATORS)
        plain = binascii.unhexlify(digits)
        return [Encoded("hexadecimal", plain, len(plain) < 16, 0, len(data))]
    if len(body) >= 2 * SHORTEST or not _ALONE.fullmatch(body):
        return None
    found = list(_decoded(body, 0, len(data)))
    # Without its filler at the end, a short run is a word like any other.
    if len(body) < SHORTEST and not body.endswith(b"="):
        found = [one for one in found if one.name == "hexadecimal"]
    for one in found:
        one.alone = len(one.data) < 16
    return found or None


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


def _decoded(run: bytes, start: int, end: int) -> Iterator[Encoded]:
    run = run.rstrip(b"=")
    if len(run) % 2 == 0 and _HEX.fullmatch(run) and _HEX_LETTER.search(run):
        yield Encoded(
            "hexadecimal", bytes.fromhex(run.decode().lower().removeprefix("0x")), False, start, end
        )
    if len(run) % 4 == 1 or not (_UPPER.search(run) and _LOWER.search(run)):
        return  # a number, or a word in capitals
    filled = run.translate(_URL_SAFE) + b"=" * (-len(run) % 4)
    try:
        yield Encoded("base64", binascii.a2b_base64(filled), False, start, end)
    except binascii.Error:
        return
