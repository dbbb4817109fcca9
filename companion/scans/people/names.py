"""Names of people as they are written in scans, and whether two of them are one person's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import permutations

from companion.content import identifiers
from companion.folding import fold_value, plain_marks, skeleton, spellings
from companion.scans.people.placeholders import stands_for_a_name
from companion.scans.people.romanized import (
    can_be_compared,
    romanized,
    script_of,
    sound_alike,
    sounds,
)

_TOKEN = re.compile(r"[^\W\d_]+\.?")
_MARKED = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*")
_NAMED = 3
"""Components of a name that name: family, given, middle; prefix and suffix are titles."""
_MOST_PARTS = 12
_MOST_JOINED = 4
"""Parts that are tried in every order: van der Berg is Berg van der and Vanderberg."""
_CUT_AT = (15, 16, 63, 64)
"""Characters of a name that was cut to a short string's 16 or a name's 64, a blank left out."""
_HOLES = ("?", "??", "\ufffd", "\ufffd\ufffd", " ", "_", "")
"""What programs write for each letter beyond ASCII that they cannot."""
_NO_LETTER = re.compile("[^a-z]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LETTERS_AROUND_HOLES, _SOUNDS_TOGETHER = 5, 4
_MOST_INITIALS = 3
_JAPANESE = frozenset({"KATAKANA", "CJK"})
_MARIA = re.compile(r"(?<![^\W_])m(?:\.?ª|a\.(?= ))", re.IGNORECASE)
"""Half of the women of Spain."""
_LONG_VOWEL = re.compile(r"o[uo]|(?<=o)h(?![aiueoy])|uu")
"""Long vowels of Japanese, of which each clerk keeps another: Sato, Satou, Satoh."""
_CODE_PAGES = (
    "utf-8", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "koi8-r", "cp866",
    "gb18030", "big5", "euc-kr", "shift_jis",
)  # fmt: skip


class Likeness(IntEnum):
    """How much two names are one."""

    NONE = 0
    SHORTENED = 1
    """Parts are left out or cut to initials, or only spelled-out letters differ."""
    SAME = 2


@dataclass(frozen=True, slots=True)
class Name:
    """One way of writing one name: its parts in their order, without titles."""

    parts: tuple[str, ...] = field(repr=False)
    """As written, in lower case, with accents."""

    @property
    def letters(self) -> str:
        """All its letters in the order of the alphabet: the same however parts are joined."""
        return "".join(sorted("".join(skeleton(part) for part in self.parts)))


_folded = lru_cache(maxsize=16_384)(fold_value)
"""Names are few, and each is compared with many."""


@lru_cache(maxsize=8_192)
def read_name(text: str) -> tuple[Name, ...]:
    """The names in a value: one for each component group; none for placeholders and codes."""
    return tuple(
        Name(parts)
        for group in re.split(r"[\\=]", plain_marks(text))
        if not stands_for_a_name(group) and (parts := _parts(group))
    )


def likeness(one: str, two: str) -> Likeness:
    """How much two values of a name are one person's: the best of their ways of writing."""
    if _folded(one) == _folded(two) or _same_bytes(one, two):
        return Likeness.SAME
    best = max(
        (_likeness(left, right) for left in read_name(one) for right in read_name(two)),
        default=Likeness.NONE,
    )
    if best is Likeness.NONE and (_is_cut(one, two) or _has_holes(one, two) or _sounds(one, two)):
        return Likeness.SHORTENED
    return best


def may_be_compared(one: str, two: str) -> bool:
    """Whether letters can tell two values apart: of Chinese and Latin ones, they cannot."""
    return any(
        can_be_compared(left.parts[0], right.parts[0])
        for left in read_name(one)
        for right in read_name(two)
    )


def sounding_keys(name: str, *, wanted: bool = False) -> Iterator[str]:
    """What a name is noted under for others in another alphabet, cut or with letters lost.

    ``wanted``: what such a one may be looked up by.
    """
    names = read_name(name)
    alien = any(script_of(one.parts[0]) != "LATIN" for one in names)
    for one in names:
        for part in one.parts:
            side = (script_of(part) == "LATIN") is not wanted
            for sound in (sound for sound in sounds(part) if len(sound) > 1):
                yield f"{side}~{sound}"
                if alien and script_of(part) == "LATIN":
                    yield f"{not side}~{sound}"
        if len(one.parts[0]) >= _CUT_AT[0] - 1:
            yield f"<{_folded(one.parts[0])[: _CUT_AT[0] - 1]}"
    if wanted or not name.isascii():
        yield f"#{_NO_LETTER.sub('', name.lower())}"


def shares_a_part(one: str, two: str) -> bool:
    """Whether two values have a part of a name in common, as relatives do."""
    left = {key for name in read_name(one) for part in name.parts for key in keys(part)}
    right = {key for name in read_name(two) for part in name.parts for key in keys(part)}
    return not left.isdisjoint(right - identifiers.name_words("particles"))


def keys(part: str) -> tuple[str, ...]:
    """What a part may be looked up by: every spelling, and what all have in common."""
    return (*spellings(part), skeleton(part))


def fullness(text: str) -> tuple[int, int, int]:
    """How much of a name a value has: parts that are not initials, marks, letters."""
    parts = max((name.parts for name in read_name(text)), key=len, default=())
    return (
        sum(len(part) > 1 for part in parts),
        sum(not char.isascii() for char in text),
        sum(map(len, parts)),
    )


def name_words(group: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a family name and of the given names of one component group, in lower case.

    Marks stay within a word: "o'brien". Where no caret parts them, a comma does, or else the
    last word is the family's.
    """
    titles, particles = (identifiers.name_words(one) for one in ("titles", "particles"))
    group = plain_marks(group)
    components = group.split("^") if "^" in group else group.split(",", 1)
    found = []
    for component in components[:_NAMED]:
        words = [word.lower() for word in _MARKED.findall(component)]
        kept = [word for word in words if _folded(word) not in titles]
        found.append(tuple(kept or words))
    if len(found) == 1:
        words = list(found[0])
        at = next((n for n, word in enumerate(words) if n and word in particles), len(words) - 1)
        return tuple(words[at:]), tuple(words[:at])
    return found[0], tuple(word for component in found[1:] for word in component)


def _parts(group: str) -> tuple[str, ...]:
    titles = identifiers.name_words("titles")
    components = _MARIA.sub("maria", group).split("^")
    named = components[:_NAMED] if len(components) > 1 else components
    found: list[str] = []
    for component in named:
        tokens = _TOKEN.findall(component)
        kept = [token for token in tokens if _folded(token.rstrip(".")) not in titles]
        # A title alone in its component is a name: "Ms" may be one, and so is "Dame".
        enough = len(kept) >= (2 if len(components) == 1 else 1)
        found.extend(kept if enough else tokens)
    # A Turkish İ in lower case is two characters.
    return tuple(token.rstrip(".").replace("İ", "i").lower() for token in found)[:_MOST_PARTS]


def _likeness(one: Name, two: Name) -> Likeness:
    left, right, shared = _rest(list(one.parts), list(two.parts))
    particles = identifiers.name_words("particles")
    bare_left = [part for part in left if _folded(part) not in particles]
    bare_right = [part for part in right if _folded(part) not in particles]
    if shared and not bare_left and not bare_right:
        return Likeness.SAME
    if left and right and _joined_alike(left, right):
        # Two words apart from each other are one where only spelled-out letters differ;
        # what is joined in one and not in the other leaves no doubt.
        return Likeness.SHORTENED if len(left) == len(right) == 1 else Likeness.SAME
    if not shared:
        return Likeness.NONE
    if not bare_left or not bare_right or _initials(bare_left, bare_right):
        return Likeness.SHORTENED
    return Likeness.NONE


def _rest(left: list[str], right: list[str]) -> tuple[list[str], list[str], int]:
    """What is left of two names without the parts that both have, and how many those are."""
    rest, shared = [], 0
    particles = identifiers.name_words("particles")
    for part in left:
        mine = set(spellings(part))
        twin = next((other for other in right if not mine.isdisjoint(spellings(other))), None)
        if twin is None:
            rest.append(part)
        else:
            right.remove(twin)
            shared += _folded(part) not in particles
    return rest, right, shared


def _joined_alike(left: list[str], right: list[str]) -> bool:
    one, two = [skeleton(part) for part in left], [skeleton(part) for part in right]
    if sorted("".join(one)) != sorted("".join(two)):
        return False
    if max(len(one), len(two)) > _MOST_JOINED:
        return "".join(one) == "".join(two)
    ways = {"".join(order) for order in permutations(one)}
    return any("".join(order) in ways for order in permutations(two))


def _initials(left: list[str], right: list[str]) -> bool:
    """Whether the parts of the shorter rest are initials of the longer's, or have them."""
    shorter, longer = sorted((left, right), key=len)
    if 1 < len(longer) <= _MOST_INITIALS and shorter == ["".join(part[0] for part in longer)]:
        return True  # "Smith^RJ"
    return all(
        any(min(len(part), len(other)) == 1 and part[0] == other[0] for other in longer)
        for part in shorter
    )


def _is_cut(one: str, two: str) -> bool:
    """Whether one value is the other's beginning, cut to what a field may hold."""
    if not {len(one), len(two), len(one.strip("^ \0")), len(two.strip("^ \0"))}.intersection(
        _CUT_AT
    ):
        return False
    shorter, longer = sorted((_folded(one).strip("^ \0"), _folded(two)), key=len)
    return len(shorter) in _CUT_AT and longer.startswith(shorter)


def _has_holes(one: str, two: str) -> bool:
    """Whether one value is the other without its letters beyond ASCII."""
    for holed, whole in ((one, two), (two, one)):
        if whole.isascii() or _NO_LETTER.sub("", holed.lower()) != _NO_LETTER.sub(
            "", whole.lower()
        ):
            continue
        marked = unicodedata.normalize("NFC", whole).lower().strip("^ ")
        if marked.isascii() or sum(map(str.isascii, marked)) <= _LETTERS_AROUND_HOLES:
            continue
        low = holed.lower().strip("^ ")
        if any(low == _BEYOND_ASCII.sub(hole, marked).strip("^ ") for hole in _HOLES):
            return True
    return False


def _sounds(one: str, two: str) -> bool:
    """Whether a name is another's in another alphabet, or written after its Japanese letters."""
    scripts = {script_of(part.parts[0]) for text in (one, two) for part in read_name(text)}
    if len(scripts) < 2:
        return False
    japanese = any(script_of(part) in _JAPANESE for part in re.split(r"[=^]", f"{one}={two}"))
    return any(
        _sound_alike(left.parts, right.parts, japanese=japanese)
        for left in read_name(one)
        for right in read_name(two)
    )


def _sound_alike(one: tuple[str, ...], two: tuple[str, ...], *, japanese: bool) -> bool:
    if japanese and {script_of(part) for part in (*one, *two)} == {"LATIN"}:
        return _short_vowels(one) == _short_vowels(two)
    if not any(map(romanized, (*one, *two))) or not can_be_compared(one[0], two[0]):
        return False
    if script_of(one[0]) == script_of(two[0]):
        return False
    if "HANGUL" in (script_of(one[0]), script_of(two[0])) and _joined_sound_alike(one, two):
        return True
    particles = identifiers.name_words("particles")
    shorter, longer = sorted(
        ([part for part in parts if _folded(part) not in particles] for parts in (one, two)),
        key=len,
    )
    letters = 0
    for part in shorter:
        twin = next((other for other in longer if sound_alike(part, other)), None)
        if twin is None:
            return False
        longer.remove(twin)
        letters += max(map(len, sound_alike(part, twin)))
    return len(shorter) > 1 and letters >= _SOUNDS_TOGETHER


def _short_vowels(parts: tuple[str, ...]) -> list[str]:
    return sorted(_LONG_VOWEL.sub(_first_letter, _folded(part)) for part in parts)


def _joined_sound_alike(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether two names sound alike as one word, in any order of their parts: the syllables of
    a Korean's given name are one word in Hangul, and mostly two in Latin letters."""
    if max(len(one), len(two)) > _MOST_JOINED - 1:
        return False
    words = [["".join(order) for order in permutations(parts)] for parts in (one, two)]
    return any(
        len(sound) >= _SOUNDS_TOGETHER
        for left in words[0]
        for right in words[1]
        for sound in sound_alike(left, right)
    )


def _first_letter(found: re.Match[str]) -> str:
    return "" if found[0] == "h" else found[0][0]


def _same_bytes(one: str, two: str) -> bool:
    """Whether one value is the other's bytes, read in another character set."""
    for raw, other in ((one, two), (two, one)):
        if raw.isascii() or other.isascii():
            return False
        for narrow in ("latin-1", "cp1252"):
            try:
                held = raw.encode(narrow)
            except UnicodeError:
                continue
            if any(_encoded(other, page) == held for page in _CODE_PAGES):
                return True
    return False


def _encoded(text: str, page: str) -> bytes | None:
    try:
        return text.encode(page)
    except UnicodeError:
        return None
