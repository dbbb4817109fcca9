"""Letters of other alphabets inside plain ASCII, in UTF-7 (RFC 2152): ``M+APw-ller``.

Mail and old programs write so where only seven bits are safe. A plus sign is common, so what
follows one is taken for letters only where all of it fits: the bits that are left over are
zero, the letters are of one script, and they stand in a word or are a word.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from companion.scans.formats.encoded_text import MOST_RUNS, Encoded
from companion.scans.formats.strings import is_text

_SHIFT = re.compile(rb"\+([A-Za-z0-9+/]{3,240}+)-?")
_HINT = re.compile(rb"\+[A-Za-z0-9+/]{3}")
_REACH = 200
"""Characters of a line on either side of a shift that are kept with it."""
_BEFORE, _AFTER = re.compile(rb"[\x20-\x7e]*\Z"), re.compile(rb"[\x20-\x7e]*")
_WORD_BEFORE, _WORD_AFTER = re.compile(rb"[A-Za-z]*\Z"), re.compile(rb"[A-Za-z]*")
_OPTIONAL = frozenset("!\"#$%&*;<=>@[\\]^_`{|}~ '")
"""Signs that a writer may shift as well (RFC 2152, set O), the space, and its likes."""
_LAST_NEAR = "\u07ff"
"""The last letter of the alphabets from Latin to Arabic: their shifts begin with A or B."""
_FEW_FAR, _MANY_FAR = 2, 5
"""Letters of the scripts behind them, of which chance makes more: in texts, in other data."""
_LETTERS_AROUND = 4
"""Plain letters that one shifted letter needs beside it where the data are no text."""


def may_hold(data: bytes) -> bool:
    """Whether there is a sign of a shift."""
    return _HINT.search(data) is not None


def runs(data: bytes, _words: set[bytes]) -> Iterator[Encoded]:
    """Lines in which letters are shifted, each as text in UTF-8; the line itself stays."""
    in_text = is_text(data)
    end = 0
    for found in islice(_SHIFT.finditer(data), MOST_RUNS):
        if found.start() < end or not _counts(data, found, in_text=in_text):
            continue
        start = found.start()
        before = _BEFORE.search(data, max(end, start - _REACH), start)
        after = _AFTER.match(data, found.end(), found.end() + _REACH)
        first = before.start() if before else start
        end = after.end() if after else found.end()
        line = _SHIFT.sub(_undone, data[first:end])
        yield Encoded("UTF-7", line, False, first, end, stays=True)


def _counts(data: bytes, found: re.Match[bytes], *, in_text: bool) -> bool:
    text = _letters(found[1])
    if text is None:
        return False
    beyond = [letter for letter in text if letter > "\x7f"]
    if beyond and max(beyond) > _LAST_NEAR:
        return len(beyond) >= (_FEW_FAR if in_text else _MANY_FAR)
    if len(beyond) > 1:
        return True
    start, end = found.span()
    words = _WORD_BEFORE.search(data, max(0, start - 40), start), _WORD_AFTER.match(data, end)
    around = sum(len(word[0]) for word in words if word)
    return bool(beyond) and around >= (1 if in_text else _LETTERS_AROUND)


def _undone(found: re.Match[bytes]) -> bytes:
    text = _letters(found[1])
    return found[0] if text is None else text.encode()


def _letters(body: bytes) -> str | None:
    """What the base64 of a shift says; None where it cannot be one."""
    if len(body) * 6 % 16 >= 6:
        return None
    raw = binascii.a2b_base64(body + b"A" * (-len(body) % 4))
    size = len(body) * 6 // 16 * 2
    if raw[size:].strip(b"\0"):
        return None
    try:
        text = raw[:size].decode("utf-16-be")
    except UnicodeDecodeError:
        return None
    if not all(sign in _OPTIONAL or (sign > "\x7f" and sign.isalpha()) for sign in text):
        return None
    scripts = {unicodedata.name(sign, "?").split()[0] for sign in text if sign > "\x7f"}
    # Japanese mixes three scripts in one word, and no other does.
    return text if len(scripts - {"HIRAGANA", "KATAKANA"}) <= 1 else None
