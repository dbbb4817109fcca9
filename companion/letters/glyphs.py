"""Characters that no font of this machine can draw, known before the letter is printed.

Printing falls back from the fonts that the print stylesheet names to every other
font that fontconfig knows, and last to ours (``BUNDLED``). A character that none of them
covers comes out as a box. A letter or a sign stays, for without it a name or a number would be
another; a small picture (emoji) that nothing draws is left out, and the page says so.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

FAMILY = "DejaVu Sans"
BUNDLED = tuple(
    sorted((Path(__file__).resolve().parents[2] / "static" / "fonts").glob("DejaVuSans*.ttf"))
)
"""Fonts of ours, for a machine without that family: without any font nothing prints.

Where the machine has it, its own is used: two versions of one family, and the glyph
numbers of one would be drawn from the other.
"""

# An emoji with all that belongs to it (Unicode TS #51): a flag, or one or several pictures
# that joiners make into one, each with its colour of skin or its style.
_PICTURE = "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_STYLE = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
_PICTURES = re.compile(
    f" ?(?:[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}{_STYLE}(?:\u200d{_PICTURE}{_STYLE})*)"
)
# A digit within the frame of a key: printing sets the frame beside the digit, an empty box.
_KEY_FRAME = re.compile("(?<=[0-9#*])\ufe0f?\u20e3")

_MOST_SHOWN = 10
"""Characters that one hint names."""

_LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll")
_SYSTEM_FONTS, _OUR_FONTS = 0, 1
_FOUND = 0


class _FontSet(ctypes.Structure):
    """``FcFontSet`` of fontconfig.h."""

    _fields_ = (
        ("count", ctypes.c_int),
        ("room", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    )


def undrawn(text: str) -> tuple[str, ...]:
    """The characters of ``text`` that would print as a box, each once, in their order.

    Empty also where fontconfig cannot be asked: nothing is said that is not known.
    """
    draws = _coverage()
    if draws is None:
        return ()
    return tuple(one for one in dict.fromkeys(text) if _has_shape(one) and not draws(one))


def undrawn_pictures(text: str) -> tuple[str, ...]:
    """The emoji of ``text`` that would print as boxes, each once and whole, in their order."""
    found = dict.fromkeys(one.strip(" ") for one in _PICTURES.findall(text))
    return tuple(one for one in found if undrawn(one))


def hints(text: str) -> Iterator[tuple[str, str]]:
    """What a page says of ``text`` before it is printed: a hint of the letters (``# hint ...``
    in ``letters/en.md``), and the signs that it is about."""
    for code, found in (
        ("missing-glyph", undrawn(for_paper(text))),
        ("left-out-picture", undrawn_pictures(text)),
    ):
        if found:
            yield code, " ".join(found[:_MOST_SHOWN])


def for_paper(text: str) -> str:
    """``text`` (plain or HTML) without the emoji that would print as boxes.

    The space before one goes with it: at the end of a line it would move what is set there.
    """
    text = _KEY_FRAME.sub("", text)
    return _PICTURES.sub(lambda found: "" if undrawn(found[0]) else found[0], text)


def _has_shape(character: str) -> bool:
    # Spaces, joiners and variation selectors shape what stands beside them.
    if unicodedata.category(character)[0] in "ZC":
        return False
    return not ("\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef")


@lru_cache(maxsize=1)
def _coverage() -> Callable[[str], bool] | None:
    """Whether any font has a character; the fonts are looked at once in a process."""
    library = _fontconfig()
    if library is None or not library.FcInit():
        return None
    # Kept for as long as the process lives.
    covered = library.FcCharSetCreate()
    families = _merge(library, _SYSTEM_FONTS, covered)
    if FAMILY not in families:
        for file in BUNDLED:
            library.FcConfigAppFontAddFile(None, bytes(file))
        _merge(library, _OUR_FONTS, covered)

    def draws(character: str) -> bool:
        return bool(library.FcCharSetHasChar(covered, ord(character)))

    # A machine whose fonts have no "a" is one whose fonts could not be read.
    return draws if draws("a") else None


def _merge(library: ctypes.CDLL, kind: int, covered: int) -> set[str]:
    """Add what the fonts of one kind cover; gives the names of their families."""
    families: set[str] = set()
    listed = library.FcConfigGetFonts(None, kind)
    if not listed:
        return families
    fonts = _FontSet.from_address(listed)
    for number in range(fonts.count):
        charset, name = ctypes.c_void_p(), ctypes.c_char_p()
        found = library.FcPatternGetCharSet(
            fonts.fonts[number], b"charset", 0, ctypes.byref(charset)
        )
        if found == _FOUND:
            library.FcCharSetMerge(covered, charset, None)
        found = library.FcPatternGetString(fonts.fonts[number], b"family", 0, ctypes.byref(name))
        if found == _FOUND and name.value:
            families.add(name.value.decode(errors="replace"))
    return families


def _fontconfig() -> ctypes.CDLL | None:
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        pointer, number = ctypes.c_void_p, ctypes.c_int
        for function, result, takes in (
            ("FcInit", number, ()),
            ("FcConfigGetFonts", pointer, (pointer, number)),
            ("FcCharSetCreate", pointer, ()),
            (
                "FcPatternGetCharSet",
                number,
                (pointer, ctypes.c_char_p, number, ctypes.POINTER(pointer)),
            ),
            (
                "FcPatternGetString",
                number,
                (pointer, ctypes.c_char_p, number, ctypes.POINTER(ctypes.c_char_p)),
            ),
            ("FcConfigAppFontAddFile", number, (pointer, ctypes.c_char_p)),
            ("FcCharSetMerge", number, (pointer, pointer, pointer)),
            ("FcCharSetHasChar", number, (pointer, ctypes.c_uint32)),
        ):
            made = getattr(library, function)
            made.restype, made.argtypes = result, takes
        return library
    return None
