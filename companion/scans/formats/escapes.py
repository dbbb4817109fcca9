"""Letters that are written as codes: ``%C3%A9``, ``\\xe9``, ``\\u00e9``, ``\\u{e9}``, ``&#233;``.

Each is undone by one search over the text. What comes out may hold codes again, as a link
inside a script does, so this is done up to ``MOST_ROUNDS`` times and never until it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.header import decode_header, make_header
from html import unescape

MOST_ROUNDS = 3
_LOOKED_AT = 1_000_000
CODED = "letters written as codes"
"""Label of lines of a text in which codes were undone."""

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PERCENT_U = re.compile(r"(?:%u[0-9A-Fa-f]{4})+")
"""What the function ``escape`` of JavaScript writes (ECMA-262, B.2.1)."""
_WORDS = re.compile(r"=\?[\w*-]{2,40}\?[bBqQ]\?[^?\s]{1,400}\?=")
"""Encoded words (RFC 2047) outside of a mail's headers."""
_SCRIPT = re.compile(
    r"(?:\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|\\[ux]\{([0-9A-Fa-f]{1,6})\}|\\u([0-9A-Fa-f]{4})|((?:\\x[0-9A-Fa-f]{2})+)"
    # Python and C write eight digits, style sheets six, and a space may end them.
    r"|\\U([0-9A-Fa-f]{8})|\\(00[0-9A-Fa-f]{4}) ?"
)
_OCTAL = re.compile(r"(?:\\[23][0-7]{2})+(?!\d)")
"""Letters beyond ASCII in C, JavaScript and PostScript."""
_NUMBERS = re.compile(
    r"fromCharCode\(\s{0,4}((?:(?:0[xX][0-9A-Fa-f]{1,4}|\d{1,5})\s{0,4},\s{0,4}){2,2000}(?:0[xX][0-9A-Fa-f]{1,4}|\d{1,5}))\s{0,4}\)"
)
_PLUS = re.compile(r"(?P<quote>[\"'])\s{0,10}\+\s{0,10}(?P=quote)")
_CALL = re.compile(
    r"\b(?:unescape|decodeURI(?:Component)?)\(\s{0,4}((?P<sign>[\"'])[^\"'\n]{1,2000}(?P=sign))\s{0,4}\)"
)
_QUOTED = re.compile(r"(?:=[89A-F][0-9A-F])+")
"""Letters beyond ASCII in quoted-printable (RFC 2045, 6.7) outside of a mail."""
_FEWEST_QUOTED = 2
_ENTITY = re.compile(r"&#?\w{2,10};")


def undo_percent(text: str) -> str:
    """Percent-encoding (RFC 3986), as UTF-8 and else as Windows-1252."""
    if "%u" in text:
        text = _PERCENT_U.sub(_by_blocks, text)
    return _PERCENT.sub(lambda found: _bytes(bytes.fromhex(found[0].replace("%", ""))), text)


def _by_blocks(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%u", "")).decode("utf-16-be", "replace")


def undo_words(text: str) -> str:
    """Encoded words of a mail's headers; as they stand where their letters are not known."""
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError):
        return text


def undo_script(text: str) -> str:
    """Escapes of JavaScript, JSON, Java and their like in a text that is not parsed."""
    text = _SCRIPT.sub(_script_letter, text)
    if _OCTAL.search(text):
        text = _OCTAL.sub(lambda found: _bytes(_octal(found[0]), "latin-1"), text)
    return text


def _undo_calls(text: str) -> str:
    """Letters by their numbers, and a word put together from parts, in a script."""
    text = _NUMBERS.sub(_by_numbers, text) if _NUMBERS.search(text) else text
    return _PLUS.sub("", _CALL.sub(r"\1", text))


def _by_numbers(found: re.Match[str]) -> str:
    numbers = [int(one, 0) for one in re.findall(r"0[xX][0-9A-Fa-f]+|[1-9]\d*", found[1])]
    return '"' + "".join(chr(one) for one in numbers if 0x20 <= one < 0xD800) + '"'


def _octal(codes: str) -> bytes:
    return bytes(int(code, 8) for code in codes.split("\\")[1:])


def _script_letter(found: re.Match[str]) -> str:
    braces, short, bytes_, long, style = found.groups()
    plain = short or long or style
    if bytes_:
        raw = bytes.fromhex(bytes_.replace("\\x", ""))
        # One byte is a letter of Latin-1; several may be the bytes of UTF-8.
        return _bytes(raw, "latin-1")
    if braces or plain:
        number = int(braces or plain, 16)
        allowed = 0x20 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF
        return chr(number) if allowed else " "
    high, low = int(found[0][2:6], 16), int(found[0][8:12], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _bytes(raw: bytes, otherwise: str = "cp1252") -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(otherwise, "replace")


def _undo_entities(text: str) -> str:
    return unescape(text) if _ENTITY.search(text) else text


_WAYS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("\\", undo_script),
    ("%", undo_percent),
    ("&", _undo_entities),
)


def undo(text: str) -> str:
    """A text without any codes that are known."""
    for _ in range(MOST_ROUNDS):
        before = text
        for sign, way in _WAYS:
            if sign in text:
                text = way(text)
        if text == before:
            break
    return text


def undone_lines(text: str) -> str:
    """Those lines of a text that read otherwise once codes are undone."""
    quoted = len(_QUOTED.findall(text[:_LOOKED_AT])) >= _FEWEST_QUOTED
    script = (
        "fromCharCode" in text
        or "escape(" in text
        or "decodeURI" in text
        or ("'+" in text.replace(" ", ""))
        or ('"+' in text.replace(" ", ""))
    )
    words = "=?" in text
    if not quoted and not script and not words and not any(sign in text for sign, _ in _WAYS):
        return ""
    changed = []
    for line in text.splitlines():
        plain = undo(_undo_calls(line) if script else line)
        if words:
            plain = _WORDS.sub(lambda found: undo_words(found[0]), plain)
        if quoted:
            plain = _QUOTED.sub(
                lambda found: _bytes(bytes.fromhex(found[0].replace("=", ""))), plain
            )
        if plain != line:
            changed.append(plain)
    return "\n".join(changed)
