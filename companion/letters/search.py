"""Finding a letter by what people type: in their own words, without accents.

What a letter is found by is in its own words file and in ``content/letters/search.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from companion.content.library import LANGUAGES, SOURCE, ContentError, Fields, read_toml
from companion.folding import fold
from companion.letters.catalogue import FOLDER, catalogue
from companion.letters.spec import Spec

FILE = "search.toml"
OWN = ("title", "wish", "search")
"""Sections of a letter's words file that it is found by first."""

SHORTEST_BEGINNING = 4
"""Letters of a word that is found by its beginning; a shorter one is found whole."""

_AMOUNT = re.compile(r"[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?[$€£]")
"""A sum of money, as people type what somebody asks for: "$150", "40 €"."""
_MONEY = " fee "

_JOINED = re.compile(r"(?<=\w)['’.-](?=\w)")
_WORD = re.compile(r"[^\W_]+")
# Conditions and fields of the letter grammar are no words of the text.
_GRAMMAR = re.compile(r"\[[a-z][^\[\]<>\n]*>|\{[^{}\n]*\}")


ByLanguage = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Keywords:
    """What ``search.toml`` says, folded, by language."""

    stop: ByLanguage
    general: ByLanguage
    letters: Mapping[str, ByLanguage]


def words(text: str) -> frozenset[str]:
    """The words of a text without case and accents; "x-ray" is "xray", "x" and "ray".

    >>> sorted(words("¿Mi Radiografía?"))
    ['mi', 'radiografia']
    """
    plain = fold(text)
    joined = _JOINED.sub("", plain)
    return frozenset((*_WORD.findall(plain), *_WORD.findall(joined)))


def load(file: Path, slugs: Iterable[str]) -> Keywords:
    """Read and check the keywords: of letters that there are, in English at least."""
    table = read_toml(file)
    common = {name: _in_each_language(table, name) for name in ("stop", "general")}
    listed = table.table("letters")
    known = tuple(slugs)
    for slug in listed.names():
        if slug not in known:
            raise ContentError(file, f"letters.{slug}", "there is no such letter")
    letters = {slug: _in_each_language(listed, slug) for slug in listed.names()}
    table.done()
    return Keywords(common["stop"], common["general"], letters)


def _in_each_language(table: Fields, name: str) -> ByLanguage:
    inner = table.table(name)
    found: dict[str, frozenset[str]] = {}
    for language in LANGUAGES:
        texts = inner.texts(language, None if language == SOURCE else ())
        if not all(words(text) for text in texts):
            raise inner.error(language, "holds a text without a word")
        found[language] = frozenset(one for text in texts for one in words(text))
    inner.done()
    return found


class Index:
    """The words that each letter is found by, in all languages."""

    def __init__(self, keywords: Keywords, specs: Iterable[Spec]) -> None:
        self._general = _union(keywords.general.values())
        self._stop = dict(keywords.stop)
        named: dict[str, set[str]] = {}
        self._own: dict[str, frozenset[str]] = {}
        self._strong: dict[str, frozenset[str]] = {}
        self._weak: dict[str, frozenset[str]] = {}
        for spec in specs:
            own, strong, weak = set[str](), set[str](), set[str]()
            for language, sections in spec.words.items():
                stop, texts = keywords.stop[language], _sections(sections)
                here = words(" ".join(texts[name] for name in OWN)) - stop
                known = keywords.letters.get(spec.slug, {}).get(language, frozenset())
                own |= here
                strong |= here | (known - stop)
                weak |= words(texts["can"]) - stop
                named.setdefault(language, set()).update(here | (known - stop))
            self._own[spec.slug] = frozenset(own)
            self._strong[spec.slug] = frozenset(strong)
            self._weak[spec.slug] = frozenset(weak)
        # A little word of one language may name a letter in another: "ai" and "son" are French.
        every = _union(keywords.stop.values())
        for language, own_stop in keywords.stop.items():
            self._stop[language] = own_stop | (every - named.get(language, set()))

    def find(
        self, text: str, among: Iterable[str], language: str = SOURCE
    ) -> dict[str, int] | None:
        """The letters that fit best, with a number to rank them; None where nothing was asked.

        Those that fit all words if there are any, else those that fit most. What a letter
        says it can do counts only for a word that no letter is named or known by. ``language``
        is that of the page: of its little words none counts, whatever they are elsewhere.
        """
        asked = self._asked(text, language)
        if not asked:
            return None
        slugs = tuple(among)
        fits, rank = dict.fromkeys(slugs, 0), dict.fromkeys(slugs, 0)
        for one in asked:
            own, strong, weak = (
                {slug for slug in slugs if _fits(index[slug], one)}
                for index in (self._own, self._strong, self._weak)
            )
            for slug in strong or weak:
                fits[slug] += 1
                rank[slug] += 1 + (slug in own)
        best = max(fits.values(), default=0)
        return {slug: rank[slug] for slug, count in fits.items() if count == best and count}

    def _asked(self, text: str, language: str) -> list[frozenset[str]]:
        """The words typed, without those that tell no letter from another."""
        left = [words(one) for one in _AMOUNT.sub(_MONEY, text).split()]
        left = [one for one in left if one and not one <= self._stop[language]]
        # "my scan": better than nothing
        return [one for one in left if not one <= self._general] or left


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def _sections(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {name: _GRAMMAR.sub(" ", texts[name][""]) for name in (*OWN, "can")}


def _fits(known: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether a word is known as it was typed; of "x-ray", "xray" or both its parts."""
    whole = max(asked, key=len)
    parts = asked - {whole}
    return _known(known, whole) or (bool(parts) and all(_known(known, one) for one in parts))


def _known(known: frozenset[str], word: str) -> bool:
    if word in known:
        return True
    if len(word) < SHORTEST_BEGINNING:
        return False
    return any(
        one.startswith(word)
        # An ending more than the letter has: "images" where it says "image".
        or (len(one) >= SHORTEST_BEGINNING and word.startswith(one) and len(word) - len(one) < 3)
        for one in known
    )


@cache
def index() -> Index:
    """The index of the content folder's letters, made once."""
    made = catalogue()
    return Index(load(FOLDER / FILE, made.letters), made.letters.values())
