"""Texts folded for comparing: without case, accents and the ways to write one letter.

Two ways, which differ on purpose: ``fold`` for what people type and search in, ``fold_value``
for values in scans, of which the number of characters counts too. ``spellings`` and
``skeleton`` go further, for names: one person is Müller, MUELLER and MULLER.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

_LETTERS = {
    "ä": ("a", "ae"), "ö": ("o", "oe"), "ü": ("u", "ue"), "å": ("a", "aa"), "ø": ("o", "oe"),
    "æ": ("ae", "a"), "œ": ("oe", "o"), "ß": ("ss", "s"), "ł": ("l",), "ı": ("i",),
    "đ": ("d", "dj"), "ð": ("d", "dh", "th"), "þ": ("th", "t"), "ő": ("o", "oe"),
    "ű": ("u", "ue"), "ñ": ("n", "ny"), "ħ": ("h",), "ŋ": ("ng", "n"), "ə": ("a", "e"),
    "ĳ": ("ij", "y"), "ŀ": ("l",), "ŧ": ("t",), "ĸ": ("k",), "š": ("s", "sh"),
    "ş": ("s", "sh"), "č": ("c", "ch"), "ž": ("z", "zh"), "ć": ("c", "ch"), "ç": ("c", "ch"),
    "ğ": ("g", "gh"),
}  # fmt: skip
"""How each letter is written where a form has only A to Z: without its mark first, then as
passports and clerks spell it out (ICAO 9303 part 3 section 6, and usage)."""
_BARE = {
    letter: ways[0]
    for letter, ways in _LETTERS.items()
    if unicodedata.normalize("NFKD", letter) == letter
}
"""Letters that Unicode does not take apart into one of A to Z and a mark, such as ø and ł."""
_WITHOUT_BARE = re.compile(f"[{''.join(_BARE)}]")
_APOSTROPHES = re.compile("[\u00b4\u02b9\u02bb-\u02bf\u02c8\u2018-\u201b\u2032\u2035\uff07\ua78c]")
_HYPHENS = re.compile("[\u2010-\u2013\u2212\ufe63\uff0d]")
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Characters without a sign of their own: where a word may be parted, which way it is read."""
_HIRAGANA = re.compile("[\u3041-\u3096]+")
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_SCOTTISH = re.compile(r"ma?c(?=$|[a-z]{3})")
"""MacDonald and McDonald are one name, written by two clerks."""
_SPELLED_OUT = re.compile(r"([aou])e|(a)a|(d)j|(t)h|(s)s")
_LETTER_SPELLED_OUT = re.compile(r"([aou])e|(a)a|(d)j")
_MOST_SPELLINGS = 16
_LAST_ACCENT = 0x1E94A
"""Beyond it, Unicode has no character that combines with another (checked by a test)."""


def fold(text: str) -> str:
    """A text that people type or search in, for comparing word by word.

    >>> fold("Hôpital Große Straße")
    'hopital grosse strasse'
    """
    if text.isascii():
        return text.lower()
    # Case goes before accents: the Greek iota below a letter is a letter of its own then.
    return _without_accents(unicodedata.normalize("NFKD", text).casefold())


def fold_value(text: str) -> str:
    """A value of a scan: UTF-8 that was misread is set right, letters are put together again.

    A syllable of Hangul, which folding takes apart, is one character again, for how telling
    a name is depends on its length. A letter that has no mark to lose, as the Polish ł and the
    Danish ø, becomes the one that forms without it have.

    >>> fold_value("MÃ¼ller"), fold_value("김"), fold_value("Sørensen")
    ('muller', '김', 'sorensen')
    """
    if text.isascii():
        return text.lower()
    bare = _without_accents(unicodedata.normalize("NFKD", plain_marks(_repaired(text))))
    folded = unicodedata.normalize("NFC", bare).casefold()
    folded = _HIRAGANA.sub(lambda found: found[0].translate(_TO_KATAKANA), folded)
    return _WITHOUT_BARE.sub(lambda found: _BARE[found[0]], folded)


def plain_marks(text: str) -> str:
    """Apostrophes and hyphens of every kind as they are on a keyboard, and nothing unseen.

    >>> plain_marks("O\u2019Neil Smith\u2011Jones")
    "O'Neil Smith-Jones"
    """
    if text.isascii():
        return text
    return _HYPHENS.sub("-", _APOSTROPHES.sub("'", _UNSEEN.sub("", text)))


@lru_cache(maxsize=4_096)
def spellings(word: str) -> tuple[str, ...]:
    """The ways in which a word of a name may be written, folded; the plainest first.

    Letters outside A to Z are left without their marks or spelled out, all alike or each
    by itself; at most 16.

    >>> spellings("Günther"), spellings("Đorđe")[:2]
    (('gunther', 'guenther'), ('dorde', 'djordje'))
    """
    lower = unicodedata.normalize("NFC", plain_marks(_repaired(word))).replace("İ", "i").lower()
    choices = [_LETTERS.get(letter) or (fold_value(letter),) for letter in lower]
    most = max((len(choice) for choice in choices), default=1)
    alike = ["".join(one[min(way, len(one) - 1)] for one in choices) for way in range(most)]
    mixed = ("".join(letters) for letters, _ in zip(product(*choices), range(64), strict=False))
    scottish = _SCOTTISH.match(alike[0])
    others = (
        (("mc" if scottish[0] == "mac" else "mac") + alike[0][scottish.end() :],)
        if scottish
        else ()
    )
    return tuple(dict.fromkeys((*alike, *others, *mixed)))[:_MOST_SPELLINGS]


@lru_cache(maxsize=16_384)
def skeleton(word: str) -> str:
    """What all spellings of a word have in common: every letter that was spelled out, undone.

    It says that two words may be one, not that they are: "Baur" and "Bauer" share it.

    >>> skeleton("Günther") == skeleton("GUENTHER") == skeleton("gunther")
    True
    """
    plain = _SPELLED_OUT.sub(lambda found: next(filter(None, found.groups())), spellings(word)[0])
    return _SCOTTISH.sub("mc", plain) if plain.startswith("ma") else plain


def unspelled(word: str) -> str:
    """A folded word as it is folded where its letters were not spelled out.

    It may be another word: "Bauer" has no other letter in it.

    >>> unspelled("mueller") == fold_value("Müller")
    True
    """
    return _LETTER_SPELLED_OUT.sub(lambda found: next(filter(None, found.groups())), word)


def _without_accents(decomposed: str) -> str:
    try:
        decomposed.encode("latin-1")  # which has no such mark: most of chance is told by that
    except UnicodeEncodeError:
        return _accents().sub("", decomposed)
    return decomposed


@lru_cache(maxsize=1)
def _accents() -> re.Pattern[str]:
    """Every mark that combines with a letter: in a long text, faster than to ask of each."""
    marks = (chr(code) for code in range(0x300, _LAST_ACCENT + 1))
    return re.compile(f"[{''.join(filter(unicodedata.combining, marks))}]+")


def _repaired(text: str) -> str:
    """UTF-8 that was declared and read as Latin-1, read again as what it is."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
