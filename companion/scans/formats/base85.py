"""Bytes written with 85 signs: Ascii85 between ``<~`` and ``~>``, and the signs of RFC 1924.

Four bytes are five signs. Ascii85 (Adobe, "PostScript Language Reference", 3.13.3) is known by
its marks, also where HTML and XML write them as entities; ``~>`` alone ends a value that is
nothing else. The signs of RFC 1924, as ``base64.b85encode`` and Git use them, have no mark: of
long runs of them those are taken whose beginning makes sense.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from itertools import islice

from companion.scans.formats.encoded_text import MOST_RUNS, SHORT_OUTPUT, Encoded
from companion.scans.formats.likeness import is_of_heights
from companion.scans.formats.proof import makes_sense

SHORTEST = 25
"""Signs of a run without marks: twenty bytes, of which chance makes no text."""
SHORTEST_MARKED = 10
MOST_SIGNS = 400_000
"""Signs of one run that are undone."""

_SIGNS = rb"0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-"
_DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_VALUES = bytes.maketrans(_DIGITS, bytes(range(85)))
_LANE = 8
"""Bytes of a number in ``undone``: five signs can say more than four bytes hold."""
_IS_SIGN = re.compile(b"[%s]" % _SIGNS)
_CLASSES = bytes(b"xa"[_IS_SIGN.match(bytes([byte])) is not None] for byte in range(256))
_NEEDLE = b"a" * SHORTEST
_ODD = b"!#$%&()*;<>?@^`{|}~"
"""Signs that neither words nor base64 have: a quarter of all is such."""
_LEAST_ODD = 3
_RUN = re.compile(b"[%s]{%d,}+" % (_SIGNS, SHORTEST))
_LINE = re.compile(rb"(?:\r?\n|\\r\\n|\\n)[ \t]*+([%s]{1,512}+)" % _SIGNS)
_BEFORE = re.compile(rb"<?[\w-]{1,40}[=>({]")
"""What stands right before a run and is made of its signs: ``state=``, ``<state>``."""
_BEHIND = re.compile(rb"[<(){}>;&]{1,3}\Z")
_MARKED = re.compile(
    rb"<~([!-uz\s]{%d,}+)~>|&lt;~([!-z\s]{%d,}+)~&gt;" % (SHORTEST_MARKED, SHORTEST_MARKED)
)
_ENDED = re.compile(rb"\s*+([!-uz\s]{%d,}+)~>\s*" % SHORTEST_MARKED)
_BLANKS = b" \t\n\r\f\v"
_HEAD = 500
"""Signs of a run that are undone first, to see whether the rest is worth it."""


def may_hold(data: bytes) -> bool:
    """Whether there is a run that is long enough, or a mark."""
    if b"~" in data and (b"~>" in data or b"~&gt;" in data):
        return True
    return _NEEDLE in data.translate(_CLASSES)


def runs(data: bytes, words: set[bytes]) -> Iterator[Encoded]:
    """Runs that can be undone: those with marks first, then those that make sense.

    ``words`` are runs that are known to be no code. Where a run is longer than
    ``MOST_SIGNS``, its beginning is given, and ``cut`` is set.
    """
    if b"~" in data:
        yield from _marked(data)
    at = count = 0
    while (found := _RUN.search(data, at)) is not None and count < MOST_RUNS:
        count += 1
        at = found.end()
        if found[0] in words or len(found[0].translate(None, _ODD)) > len(found[0]) - _LEAST_ODD:
            continue
        if is_of_heights(found[0]):
            continue
        text, end = _with_its_lines(data, found)
        for start, stop, signs in _readings(found, text, end):
            if not makes_sense(undone(signs[:_HEAD])):
                continue
            run = Encoded("base85", undone(signs[:MOST_SIGNS]), False, start, stop, found[0])
            run.cut = len(signs) > MOST_SIGNS
            yield run
            if run.taken:
                at = max(at, stop)
                break


def _marked(data: bytes) -> Iterator[Encoded]:
    found = list(islice(_MARKED.finditer(data), MOST_RUNS))
    if not found and (ended := _ENDED.fullmatch(data.rstrip(b"\0"))):
        found = [ended]
    for match in found:
        body = match[1] or html.unescape(match[2].decode("ascii")).encode("ascii", "ignore")
        signs = body.translate(None, _BLANKS)
        try:
            plain = base64.a85decode(signs[: MOST_SIGNS - MOST_SIGNS % 5])
        except ValueError:
            continue
        run = Encoded("base85", plain, len(plain) < SHORT_OUTPUT, match.start(), match.end(), signs)
        run.cut = len(signs) > MOST_SIGNS
        yield run


def _with_its_lines(data: bytes, first: re.Match[bytes]) -> tuple[bytes, int]:
    """A run with the lines that go on with it: all as long as the first, but the last."""
    lines, end = [first[0]], first.end()
    while (line := _LINE.match(data, end)) is not None and len(line[1]) <= len(first[0]):
        lines.append(line[1])
        end = line.end()
        if len(line[1]) < len(first[0]):
            break
    return b"".join(lines), end


def _readings(found: re.Match[bytes], text: bytes, end: int) -> Iterator[tuple[int, int, bytes]]:
    """Where a run may begin and end, and its signs: with and without what may stand around."""
    lines = (found.end(), found[0]), (end, text)
    for stop, signs in dict.fromkeys(reversed(lines)):
        behind = _BEHIND.search(signs)
        before = _BEFORE.match(signs)
        for first in dict.fromkeys((0, before.end() if before else 0)):
            for last in dict.fromkeys((len(signs), behind.start() if behind else len(signs))):
                yield found.start() + first, stop, signs[first:last]


def undone(signs: bytes) -> bytes:
    """What signs stand for, as ``base64.b85decode`` has it; nothing where they cannot be that
    many bytes.

    All groups of five at once: every group is one lane of a large number, so that five steps of
    arithmetic do for all of them, where the standard library takes five for each group.
    """
    if b"~" in signs[::5] or b"}" in signs[::5]:
        return b""  # more than four bytes hold, without further arithmetic
    missing = -len(signs) % 5
    values = (signs + b"~" * missing).translate(_VALUES)
    size = len(values) // 5 * _LANE
    total = 0
    for column in range(5):
        lanes = bytearray(size)
        lanes[::_LANE] = values[column::5]
        total = total * 85 + int.from_bytes(lanes, "little")
    numbers = total.to_bytes(size, "little")
    if any(numbers[4::_LANE]):
        return b""
    out = bytearray(size // 2)
    for byte in range(4):
        out[byte::4] = numbers[3 - byte :: _LANE]
    return bytes(out[: len(out) - missing])
