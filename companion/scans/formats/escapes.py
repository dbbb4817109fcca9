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
    # JSON inside a text of JSON doubles the sign.
    r"|\\{1,4}[ux]\{([0-9A-Fa-f]{1,6})\}|\\{1,4}u([0-9A-Fa-f]{4})|((?:\\x[0-9A-Fa-f]{2})+)"
    # Python and C write eight digits, style sheets six, and a space may end them.
    r"|\\U([0-9A-Fa-f]{8})|\\(00[0-9A-Fa-f]{4}) ?"
)
_OCTAL = re.compile(r"(?:(?:\\[0-3][0-7]{2}){6,}+|(?:\\[23][0-7]{2})+)(?!\d)")
"""Letters in C, JavaScript and PostScript: all of a word, or those beyond ASCII."""
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
_SOFT = re.compile(r"=\r?\n")
"""The end of a line of it that is none of the text."""
SURELY_QUOTED = (
    r"=(?:[0-9A-Fa-f]{2}(?:=[0-9A-Fa-f]{2}){3,}+"
    r"|[C-Fc-f][0-9A-Fa-f](?:=[89ABab][0-9A-Fa-f]){1,3}"
    r"|(?<=[A-Za-z]=)[89A-F][0-9A-F](?:=[89A-F][0-9A-F]){0,3}(?=[a-z]))"
)
"""The same where one is enough: all of a word, the bytes of UTF-8, or amid letters."""
_SURELY_QUOTED = re.compile(SURELY_QUOTED)
_ENTITY = re.compile(r"&(?:#?\w{2,10};|#\d{2,7}|#[xX][0-9A-Fa-f]{2,6})")
_OF_HL7 = re.compile(r"(?:\\X(?:[0-9A-Fa-f]{2}){1,200}\\)+")
"""Bytes in HL7 (2.5.1, 2.7.3)."""
_OF_RTF = re.compile(r"(?:\\'[89a-f][0-9a-f])+|\\u(\d{3,4})\?")
_LAST_OF_RTF = 0x6FF
"""Letters from Latin to Arabic: behind four digits that may be hexadecimal too."""
_NAMED = re.compile(r"<U\+([0-9A-Fa-f]{4,6})>|_x([0-9A-Fa-f]{4})_")
"""As R prints letters, and as Office writes them in names of XML."""
_TWICE = re.compile("(?:[\u00c3-\u00d9][\u0080-\u00bf\u0152-\u02dc\u2013-\u203a\u20ac\u2122])+")
"""Bytes of UTF-8 that were taken for Windows-1252 and written in UTF-8 once more."""


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
_SIGNS = ("=?", "<U+", "_x", "\xc3", "\xc4", "\xc5", "\xd0", "\xd1")
"""What stands in each code of ``undo_all`` that has no sign of ``_WAYS``; letters that others
were made of are those of Western, Eastern and Cyrillic ones."""


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


def undo_all(text: str) -> str:
    """The same, also of the codes that only some kinds of text have."""
    plain = undo(text)
    if "\\" in plain:
        plain = _OF_HL7.sub(_of_hl7, plain)
        plain = _OF_RTF.sub(_of_rtf, plain)
    if "=" in plain:
        plain = _WORDS.sub(lambda found: undo_words(found[0]), plain)
        plain = _SURELY_QUOTED.sub(_of_quoted, plain)
    if "<U+" in plain or "_x" in plain:
        plain = _NAMED.sub(_by_name, plain)
    return plain if plain.isascii() else _TWICE.sub(_once, plain)


def _of_hl7(found: re.Match[str]) -> str:
    return _bytes(bytes.fromhex(found[0].replace("\\X", "").replace("\\", "")))


def _of_rtf(found: re.Match[str]) -> str:
    if not found[1]:
        return _bytes(bytes.fromhex(found[0].replace("\\'", "")))
    return chr(int(found[1])) if 0x80 < int(found[1]) <= _LAST_OF_RTF else found[0]


def _of_quoted(found: re.Match[str]) -> str:
    return _bytes(bytes.fromhex(found[0].replace("=", "")))


def _by_name(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if 0x20 <= number < 0xD800 else found[0]


def _once(found: re.Match[str]) -> str:
    raw = b"".join(
        letter.encode("latin-1") if letter <= "\xff" else letter.encode("cp1252", "replace")
        for letter in found[0]
    )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


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
    coded = any(sign in text for sign, _ in _WAYS) or any(sign in text for sign in _SIGNS)
    surely = quoted or _SURELY_QUOTED.search(text) is not None
    if not surely and not script and not coded:
        return ""
    changed = []
    if surely:
        text = _SOFT.sub("", text)
    for line in text.splitlines():
        plain = undo_all(_undo_calls(line) if script else line)
        if quoted:
            plain = _QUOTED.sub(_of_quoted, plain)
        if plain != line:
            changed.append(plain)
    return "\n".join(changed)
