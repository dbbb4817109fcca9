"""Signs that no font of this machine can draw, known before the letter is printed.

Printing falls back from the fonts that the print stylesheet names to every other
font that fontconfig knows. A sign that none of them covers comes out as a box.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll")
_SYSTEM_FONTS = 0
_FOUND = 0


class _FontSet(ctypes.Structure):
    """``FcFontSet`` of fontconfig.h."""

    _fields_ = (
        ("count", ctypes.c_int),
        ("room", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    )


def undrawn(text: str) -> tuple[str, ...]:
    """The signs of ``text`` that would print as a box, each once, in their order.

    Empty also where fontconfig cannot be asked: nothing is said that is not known.
    """
    draws = _coverage()
    if draws is None:
        return ()
    return tuple(one for one in dict.fromkeys(text) if _has_shape(one) and not draws(one))


def _has_shape(sign: str) -> bool:
    # Spaces, joiners and variation selectors shape what stands beside them.
    if unicodedata.category(sign)[0] in "ZC":
        return False
    return not ("\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef")


@lru_cache(maxsize=1)
def _coverage() -> Callable[[str], bool] | None:
    """Whether any font has a sign; the fonts are looked at once in a process."""
    library = _fontconfig()
    if library is None or not library.FcInit():
        return None
    listed = library.FcConfigGetFonts(None, _SYSTEM_FONTS)
    if not listed:
        return None
    fonts = _FontSet.from_address(listed)
    # Kept for as long as the process lives.
    covered = library.FcCharSetCreate()
    for number in range(fonts.count):
        signs = ctypes.c_void_p()
        found = library.FcPatternGetCharSet(fonts.fonts[number], b"charset", 0, ctypes.byref(signs))
        if found == _FOUND:
            library.FcCharSetMerge(covered, signs, None)

    def draws(sign: str) -> bool:
        return bool(library.FcCharSetHasChar(covered, ord(sign)))

    # A machine whose fonts have no "a" is one whose fonts could not be read.
    return draws if draws("a") else None


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
            ("FcCharSetMerge", number, (pointer, pointer, pointer)),
            ("FcCharSetHasChar", number, (pointer, ctypes.c_uint32)),
        ):
            made = getattr(library, function)
            made.restype, made.argtypes = result, takes
        return library
    return None
