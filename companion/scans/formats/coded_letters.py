"""Letters written as codes in the text of an element: ``M\\u00fcller``, ``&#252;``, ``%C3%BC``.

A document's reader undoes them; a maker's JSON, XML or links in a private element have none.
Only lines that say something else once they are undone count: quotation marks and brackets
are coded in any XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from companion.scans.formats.encoded_text import Encoded
from companion.scans.formats.escapes import SURELY_QUOTED, undo_all
from companion.scans.formats.strings import is_text

# Each begins with a sign of its own, so that a search passes what has none at once.
_LETTER = re.compile(
    rb"(?:\\(?:\\{0,3}u[0-9A-Fa-f]{4}|\\{0,3}[ux]\{[0-9A-Fa-f]{2,6}\}|x[0-9A-Fa-f]{2}"
    rb"|U[0-9A-Fa-f]{8}|X(?:[0-9A-Fa-f]{2}){1,9}|'[89a-f][0-9a-f]|u[0-9]{3,4}\?"
    # Numbers that stand one beside the other are parted by the same sign.
    rb"|(?<=[A-Za-z]\\)(?:[23][0-7]{2}|00[0-9A-Fa-f]{4})|3[0-7]{2}\\2[0-7]{2}(?=[A-Za-z]))"
    rb"|%(?:[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})|<U\+[0-9A-Fa-f]{4,6}>|_x[0-9A-Fa-f]{4}_"
    rb"|=\?[\w-]{2,40}\?[bBqQ]\?|\xc3[\x83-\x99][\xc2\xc5\xc6\xcb\xe2]"
    # Numbers of letters, and names of those beyond ASCII.
    rb"|&(?:amp;){0,2}(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z](?:uml|acute|grave|circ|tilde|"
    rb"cedil|ring|caron|slash|lig|strok|breve|ogon|dot|macr|thorn|eth);)|"
    + SURELY_QUOTED.encode()
    + rb")"
)
_SIGNS = (b"\\", b"%", b"&", b"<U+", b"=?", b"_x", b"\xc3")
_QUOTED = re.compile(SURELY_QUOTED.encode())
_PLAIN_LETTERS = re.compile(
    rb"(?:\\u00[4-7][0-9A-Fa-f]|\\x[4-7][0-9A-Fa-f]|%[4-7][0-9A-Fa-f]|=[4-7][0-9A-Fa-f]"
    rb"|&#(?:6[5-9]|[7-9][0-9]|1[01][0-9]|12[0-2]);|&#[xX][4-7][0-9A-Fa-f];){3}"
)
_NO_TEXT = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_SAMPLE = 64
_MOST_LINES, _LONGEST = 2_000, 4_000
_MOST_CODES = 50_000
_SPACES = str.maketrans("\t\r\n", "   ")


def may_hold(data: bytes) -> bool:
    """Whether there is a code of a letter in a text."""
    if _NO_TEXT.search(data, 0, _SAMPLE):
        return False
    if not any(sign in data for sign in _SIGNS) and not _QUOTED.search(data):
        return False
    return is_text(data) and _LETTER.search(data) is not None


def runs(data: bytes, _words: set[bytes]) -> Iterator[Encoded]:
    """Lines of a text in which codes are undone, in UTF-8; the text itself stays."""
    if not is_text(data):
        return
    end = lines = 0
    for found in islice(_LETTER.finditer(data), _MOST_CODES):
        if found.start() < end or lines == _MOST_LINES:
            continue
        first = max(end, found.start() - _LONGEST // 2)
        first = max(first, data.rfind(b"\n", first, found.start()) + 1)
        end = data.find(b"\n", found.end())
        end = min(len(data) if end < 0 else end, first + _LONGEST)
        line = data[first:end].rstrip(b"\0")
        plain = undo_all(line.decode("utf-8", "ignore"))
        if _says_more(line, plain):
            lines += 1
            yield Encoded("codes", plain.encode("utf-8", "replace"), False, first, end, stays=True)


def _says_more(line: bytes, plain: str) -> bool:
    """Whether there are letters in what was undone that were none before, and no controls."""
    if not plain.translate(_SPACES).isprintable():
        return False
    known = line.decode("utf-8", "ignore")
    beyond = {letter for letter in plain if letter > "\x7f" and letter.isalpha()}
    return bool(beyond - set(known)) or _PLAIN_LETTERS.search(line) is not None
