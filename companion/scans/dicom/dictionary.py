"""Names, VRs and the text of values: pydicom is the authority on all three.

What its dictionary does not know yet is in ``content/identifiers/new-names.toml``.
"""

from __future__ import annotations

import re
import struct
import warnings
from functools import lru_cache

from pydicom.charset import convert_encodings, decode_bytes
from pydicom.datadict import (
    dictionary_has_tag,
    dictionary_keyword,
    dictionary_VR,
    private_dictionary_description,
    private_dictionary_VR,
)
from pydicom.valuerep import PersonName

from companion.content import identifiers
from companion.scans.dicom.encoding import LONG_VRS, SHORT_VRS
from companion.scans.formats import code_pages
from companion.scans.formats.strings import is_text

ASCII_VRS = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR"})
BINARY_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_NUMBERS = {
    "FD": "d", "FL": "f", "SL": "i", "SS": "h", "SV": "q", "UL": "I", "US": "H", "UV": "Q",
}  # fmt: skip
NUMBER_VRS = frozenset({*_NUMBERS, "AT"})
_MULTIBYTE = frozenset({"GB18030", "GBK", "GB2312", "shift_jis", "euc_kr"})
_STRICT = {"GBK": "gb18030", "GB2312": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
"""A code page that holds all of another, which programs write under its name."""
_SHORT = 256
"""Bytes of a value up to which it is remembered whether it fits its character set."""
_DELIMITERS = {13, 10, 9, 12}
DEFAULT_CODEC = "iso8859"
"""The codec where a file names no character set, as pydicom has it."""
MOST_NUMBERS = 64
"""Numbers that are shown of a value with many."""


@lru_cache(maxsize=20_000)
def public_vr(tag: int) -> str:
    """The dictionary's VR, ``UN`` for an unknown tag; of alternatives, the first."""
    if tag & 0xFFFF == 0:
        return "UL"
    if not dictionary_has_tag(tag):
        _, vr = identifiers.new_names().get(f"{tag:08X}", ("", "UN"))
        return vr
    vr = dictionary_VR(tag).split(" ")[0]
    return vr if len(vr) == 2 else "UN"


@lru_cache(maxsize=20_000)
def public_name(tag: int) -> str:
    """The dictionary's keyword, or a plain word for a tag it does not know."""
    if tag & 0xFFFF == 0:
        return "GroupLength"
    if dictionary_has_tag(tag):
        return dictionary_keyword(tag) or "Retired"
    name, _ = identifiers.new_names().get(f"{tag:08X}", ("Unknown", ""))
    return name


def vr_of(vr: bytes, known: str) -> str:
    """The VR that a file says, or ``known`` where it says none, or one that is not standard.

    A sequence that a file does not call one is read as bytes (``UN``).
    """
    kind = vr.decode("latin-1")
    if kind in {"", "UN"} or (vr not in SHORT_VRS and vr not in LONG_VRS):
        return known if known != "SQ" else "UN"
    return kind


@lru_cache(maxsize=20_000)
def public_name_and_vr(tag: int, vr: bytes) -> tuple[str, str]:
    """``public_name``, and the VR of an element whose file says ``vr``."""
    return public_name(tag), vr_of(vr, public_vr(tag))


@lru_cache(maxsize=20_000)
def is_standard(tag: int, vr: str) -> bool:
    """Whether the dictionary has a public element with this VR."""
    if tag >> 16 & 1 or not tag & 0xFFFF:
        return False
    known = public_vr(tag)
    return known == vr and known != "UN"


@lru_cache(maxsize=20_000)
def private_vr(tag: int, creator: str) -> str:
    """The VR that pydicom's private dictionary gives, ``UN`` where it has none."""
    try:
        vr = private_dictionary_VR(tag, creator)
    except KeyError:
        return "UN"
    return vr if len(vr) == 2 else "UN"


@lru_cache(maxsize=20_000)
def private_name(tag: int, creator: str) -> str:
    """``CREATOR: name``, or ``CREATOR: unknown``."""
    try:
        name = private_dictionary_description(tag, creator)
    except KeyError:
        name = "unknown"
    return f"{creator or 'no creator'}: {name or 'unknown'}"


def codecs_of(raw: bytes) -> list[str]:
    """Python codecs for the value of Specific Character Set (0008,0005).

    A list that is absurdly long is cut, and unknown names are ignored, as pydicom does.
    """
    names = [part.strip() for part in raw[:1_024].decode("latin-1").split("\\")][:16]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return convert_encodings([name.rstrip("\0") for name in names])
    except (LookupError, ValueError):
        return [DEFAULT_CODEC]


_TWO_BYTES = re.compile(rb"\x1b\$(?:[@B]|\(D)[^\x1b]*")
"""Letters of two bytes, up to the next escape sequence (PS3.3, C.12.1.1.2)."""


def text_of(vr: str, value: bytes, codecs: list[str], little: bool) -> str:
    """A value as text, padding removed; several values are joined by a backslash.

    Binary values are ``""`` unless they are readable text as a whole.
    """
    if vr in _NUMBERS:
        return _numbers(_NUMBERS[vr], value, little)
    if vr == "AT":
        pairs = _unpack("H", value[: MOST_NUMBERS * 4], little)
        return "\\".join(f"{a:04X}{b:04X}" for a, b in zip(pairs[::2], pairs[1::2], strict=False))
    if vr in BINARY_VRS:
        return value.rstrip(b"\0 ").decode("utf-8").strip() if is_text(value) else ""
    stripped = value.rstrip(b"\0 ")
    if stripped.isascii() and b"\x1b" not in stripped:
        return stripped.decode("ascii").strip(" \0")
    if vr in ASCII_VRS:
        return _in_utf8_or(stripped, "latin-1")
    return _decoded(vr, stripped, codecs)


def is_misread(vr: str, value: bytes, codecs: tuple[str, ...], *, weigh: bool = True) -> bool:
    """Whether a text that is not ASCII does not fit the character set that its file names.

    Where a file names none, no such text fits (PS3.5, 6.1.1). Escape sequences (PS3.3,
    C.12.1.1.2) are taken at their word. For ``weigh`` see ``code_pages.is_odd``.
    """
    if vr in _NUMBERS or vr in BINARY_VRS or vr in {"AT", "SQ"} or b"\x1b" in value:
        return False
    if vr in ASCII_VRS or codecs[0] == DEFAULT_CODEC:
        return True
    if codecs[0] != "UTF8" and codecs[0] not in _MULTIBYTE and code_pages.is_utf8(value):
        return True  # and is read as that
    page = _STRICT.get(codecs[0], codecs[0])
    if len(value) > _SHORT or not weigh:
        return code_pages.is_odd(value, page, weigh=weigh)
    return _is_odd(value, page)


@lru_cache(maxsize=8_192)
def _is_odd(value: bytes, page: str) -> bool:
    return code_pages.is_odd(value, page)


def _decoded(vr: str, value: bytes, codecs: list[str]) -> str:
    if codecs[0] != "UTF8" and b"\x1b" not in value and codecs[0] not in _MULTIBYTE:
        # UTF-8 under a wrong declaration is common, and text in another character
        # set is hardly ever valid UTF-8 by chance.
        try:
            return value.decode("utf-8").strip()
        except UnicodeDecodeError:
            pass
    parts = [value] if codecs[0] in _MULTIBYTE else _values(value)
    texts = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part in parts:
            try:
                if vr == "PN":
                    texts.append(str(PersonName(part, codecs)))
                else:
                    texts.append(decode_bytes(part, codecs, _DELIMITERS))
            except (LookupError, ValueError, AttributeError):
                texts.append(_in_utf8_or(part, "latin-1"))
    return "\\".join(texts).strip()


def _values(value: bytes) -> list[bytes]:
    """The values of an element: a backslash parts them, but not inside letters of two bytes.

    Half of a Japanese letter may be the code of a backslash; a writer has to leave the
    letters of two bytes before a delimiter (PS3.5, 6.1.2.5.3).
    """
    if b"\x1b$" not in value:
        return value.split(b"\\")
    plain = _TWO_BYTES.sub(lambda letters: bytes(len(letters[0])), value)
    starts = [0, *(found.end() for found in re.finditer(rb"\\", plain))]
    ends = [*(start - 1 for start in starts[1:]), len(value)]
    return [value[start:end] for start, end in zip(starts, ends, strict=True)]


def _in_utf8_or(value: bytes, encoding: str) -> str:
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode(encoding, "replace").strip()


def _numbers(code: str, value: bytes, little: bool) -> str:
    size = struct.calcsize("<" + code)
    numbers = _unpack(code, value[: MOST_NUMBERS * size], little)
    if code in "fd":
        return "\\".join(format(number, ".10g") for number in numbers)
    return "\\".join(str(number) for number in numbers)


def _unpack(code: str, value: bytes, little: bool) -> tuple[int, ...]:
    size = struct.calcsize("<" + code)
    count = len(value) // size
    return struct.unpack(f"{'<' if little else '>'}{count}{code}", value[: count * size])
