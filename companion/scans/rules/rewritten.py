"""Parts of a name as others write them: apart or joined, cut off, in Latin letters, as an account.

Each is a guess, though a good one: they come after the spellings that the name itself has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.folding import fold_value, spellings
from companion.scans.people.romanized import romanized

_SHORT_STRING = 16
"""Characters of a short string (VR SH), to which names are cut."""
_SHORTEST_REST, _SHORTEST_FAMILY, _SHORTEST_PLAIN = 4, 5, 5
_MOST_MARKED = 3
_LETTERS_AROUND_HOLES = 5
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_HOLES = ("?", "??", "_", "__", "\ufffd")
"""What programs write for a letter that they cannot; for one of UTF-8, often two."""
_SURE_APART = {
    "vander": "van der", "vanden": "van den", "vande": "van de", "van": "van", "von": "von",
    "vonder": "von der", "dela": "de la", "delas": "de las", "delos": "de los", "della": "della",
    "mac": "mc", "mc": "mac", "ibn": "ibn", "bin": "bin", "abu": "abu", "fitz": "fitz",
}  # fmt: skip
_MAYBE_APART = {
    "de": "de", "del": "del", "di": "di", "da": "da", "du": "du", "le": "le", "la": "la",
    "al": "al", "el": "el", "ben": "ben", "ter": "ter", "ten": "ten", "st": "st",
}  # fmt: skip
"""Particles that are joined to a name; beside other words, some are words of a language."""
_SCOTTISH = frozenset({"mac", "mc"})
_BEFORE_APOSTROPHE = frozenset("odlnm")


def rewritten(family: tuple[str, ...], given: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Texts to look for, folded, each with whether a hit is likely to be this name.

    >>> [text for text, _ in rewritten(("oneil",), ("sean",))][0]
    "o'neil"
    """
    for part in dict.fromkeys((*family, *given)):
        for word in romanized(part):
            yield word, True
        holed = _BEYOND_ASCII.sub("", part)
        if _LETTERS_AROUND_HOLES <= len(holed) < len(part):
            for hole in _HOLES:
                yield _BEYOND_ASCII.sub(hole, part).lower(), True
            yield holed.lower(), False
        plain = fold_value(part)
        if len(plain) > _SHORT_STRING:
            yield plain[:_SHORT_STRING], True
        if plain.isascii() and plain.isalpha():
            yield from _apart(plain)
            yield from ((word, False) for word in _marked(part, plain))
    if not family or not given:
        return
    last, first = fold_value("".join(family)), fold_value("".join(given))
    if len(family) > 1 and family[0] in ("van", "von"):
        initials = "".join(word[0] for word in family[:-1])
        for short in (initials, f"{initials} ", f"{'.'.join(initials)}. "):
            yield f"{short}{fold_value(family[-1])}", len(family) > 2
    if len(given) > 1:
        yield last + first, True
        yield first + last, True
    if len(last) >= _SHORTEST_FAMILY and f"{last}{first}".isascii():
        yield first[0] + last, False
        yield last + first[0], False


def _apart(word: str) -> Iterator[tuple[str, bool]]:
    """A word that begins with a particle, as it is where that stands apart."""
    if word[0] in _BEFORE_APOSTROPHE and len(word) > _SHORTEST_REST:
        yield f"{word[0]}'{word[1:]}", True
    for particles, sure in ((_SURE_APART, True), (_MAYBE_APART, False)):
        for joined, apart in particles.items():
            rest = word.removeprefix(joined)
            if rest != word and len(rest) >= _SHORTEST_REST:
                for way in dict.fromkeys((apart, joined)) if joined in _SCOTTISH else (apart,):
                    for between in (" ", "_", "-"):
                        yield f"{way} {rest}".replace(" ", between), sure


def _marked(part: str, plain: str) -> Iterator[str]:
    """A word that may have lost its marks, spelled out: "MULLER" may be Müller, and MUELLER."""
    if len(plain) < _SHORTEST_PLAIN or len(spellings(part)) > 1:
        return
    vowels = [
        at for at, letter in enumerate(plain) if letter in "aou" and plain[at + 1 : at + 2] != "e"
    ]
    for at in vowels[:_MOST_MARKED]:
        yield f"{plain[: at + 1]}e{plain[at + 1 :]}"
