"""In which code page a text was written, where its file names none or a wrong one.

Names are short: six bytes, of which no statistics of a language say anything. So only code
pages count that computers in hospitals use, and each reading is weighed by what a person
would look at: whether all its letters are of one language, whether they stand in words
instead of signs, whether capitals begin words, how common the letters are. All texts of one
origin are weighed together, since one program wrote them.

The answer is a guess. Whoever shows it keeps the reading of the declared code page too.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, pairwise

from companion.content.alphabets import Alphabet, alphabets

MOST_TEXTS, MOST_BYTES = 64, 1_500
"""Texts, and bytes in all but for the last, that are weighed to guess one code page."""
_LONGEST = 120
"""Bytes of one text that are weighed."""
_BEFORE = 40
"""Of them, those before the first that is not ASCII."""
_LONGEST_WEIGHED = 4_096
"""Characters of one text in which an odd one is looked for."""
_MOST_LINES = 8
"""Lines of a text that are weighed."""
PLAUSIBLE = 0.3
"""Points for each byte from which a reading is one that a person could have meant."""
_RARER = 0.004
"""Points by which a language has to be better than the one before it in the list."""
_SIGNS = frozenset("°µ²³¹ºª±·§©®™«»¿¡–—‘’“”„…€£¥№½¼¾×÷‰†‡¨´\u00a0")
"""Signs that stand beside words in any language."""
_OPENING = frozenset("°µ§©®«»¿¡–—‘’“”„…´\u00a0")
"""Those of them that may stand right before a letter."""
_WORD = re.compile(r"[^\W\d_ªºµ]+")
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_ODD_WORD = re.compile(rb"[^\x00-\x1f,;:<>\"|\x7f]*[\x80-\xff][^\x00-\x1f,;:<>\"|\x7f]*")


def guess(raws: Iterable[bytes], hints: tuple[str, ...] = ()) -> str | None:
    """The code page in which all of ``raws`` read best; None where none is plausible.

    ``hints`` are code pages that the file itself names for other texts of it.
    """
    kept: list[bytes] = []
    room = MOST_BYTES
    for raw in raws:
        if len(kept) == MOST_TEXTS or room <= 0:
            break
        if odd := _HIGH.search(raw):
            start = max(0, odd.start() - _BEFORE)  # a long text may begin in plain letters
            kept.append(raw[start : start + _LONGEST])
            room -= len(kept[-1])
    return _guess(tuple(dict.fromkeys(kept)), hints) if kept else None


def read_as(raw: bytes, page: str | None) -> str | None:
    """``raw`` in a code page, if it can be read in it without a gap."""
    if page is None:
        return None
    try:
        text = raw.decode(page)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if _has_gaps(text) else text


def guess_of_text(data: bytes, hints: tuple[str, ...] = ()) -> str | None:
    """The code page of a whole text, by the words in it that are not ASCII."""
    sample = data[:65_536] if _HIGH.search(data, 0, 65_536) else data[-65_536:]
    return guess((match[0].strip() for match in _ODD_WORD.finditer(sample)), hints)


def is_odd(raw: bytes, page: str, *, weigh: bool = True) -> bool:
    """Whether what reads as ``page`` in a file that says so was meant in another one.

    A text in UTF-8 is odd in any other code page. A text is not odd as long as one
    language writes like it. To weigh whether another code page would do better takes a
    few milliseconds; without, doubt is enough.
    """
    if raw.isascii():
        return False
    try:
        text = raw.decode(page)
    except (UnicodeDecodeError, LookupError):
        return True
    if _CONTROLS.search(text):
        return True
    head = text[:_LONGEST_WEIGHED]
    if _has_gaps(head):
        return True
    family = _family(page)
    if not family or any(_fits(head, one) for one in family):
        return False
    lines = (line[:_LONGEST] for line in raw[:_LONGEST_WEIGHED].splitlines())
    odd = islice((line for line in lines if not line.isascii()), _MOST_LINES)
    return not weigh or any(_reads_better(line, page) for line in odd)


@lru_cache(maxsize=4_096)
def _reads_better(raw: bytes, page: str) -> bool:
    """Whether another code page gives a much better reading."""
    if is_utf8(raw) and _is_known(raw):
        return True
    best = _guess((raw,), ())
    if best is None:
        return False
    declared = _best_points((raw.decode(page, "replace"),), page)
    other = _best_points((_read_short(raw, best) or "",), best)
    return (other - declared) / len(_HIGH.findall(raw)) > PLAUSIBLE


def is_utf8(raw: bytes) -> bool:
    """Whether a text that is not ASCII is UTF-8, but for a character cut off at its end."""
    if raw.isascii():
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = len(raw) >= _LONGEST and error.reason == "unexpected end of data"
        return cut and error.start > 0 and not raw[: error.start].isascii()
    return True


@lru_cache(maxsize=4_096)
def _guess(raws: tuple[bytes, ...], hints: tuple[str, ...]) -> str | None:
    if all(is_utf8(raw) for raw in raws) and all(map(_is_known, raws)):
        return "utf-8"
    high = sum(len(_HIGH.findall(raw)) for raw in raws)
    best, most = None, PLAUSIBLE
    for page in (*hints, *_pages()):
        texts = tuple(text for raw in raws if (text := _read_short(raw, page)) is not None)
        if not texts:
            continue
        unread = sum(len(_HIGH.findall(raw)) for raw in raws if _read_short(raw, page) is None)
        share = (_best_points(texts, page) - unread) / high + (0.2 if page in hints else 0.0)
        if share > most:
            best, most = page, share
    if best is None and all(_fits_western(raw) for raw in raws):
        return "cp1252"  # signs and single letters, of which no language can be told
    return best


def _fits_western(raw: bytes) -> bool:
    text = read_as(raw, "cp1252")
    return text is not None and any(_fits(text, one) for one in _family("cp1252"))


def _is_known(raw: bytes) -> bool:
    """Whether UTF-8 is more than chance: letters that a language has, or some of three bytes."""
    text = raw.decode("utf-8", "ignore")
    high = [character for character in text if not character.isascii()]
    return all(
        character > "\u07ff" or character in _SIGNS or _lower(character) in _all_letters()
        for character in high
    )


@lru_cache(maxsize=1)
def _all_letters() -> frozenset[str]:
    return frozenset(letter for one in alphabets() for letter in one.letters)


def _read_short(raw: bytes, page: str) -> str | None:
    """``raw`` in a code page; what was cut to be weighed may end amid a character."""
    text = read_as(raw, page)
    if text is None and len(raw) >= _LONGEST:
        text = read_as(raw[:-1], page)
    return text


@lru_cache(maxsize=1)
def _pages() -> tuple[str, ...]:
    return tuple(dict.fromkeys(page for one in alphabets() for page in one.code_pages))


_SAME_LETTERS = {
    "iso8859_1": "cp1252", "iso8859_15": "cp1252", "iso8859_2": "cp1250", "iso8859_3": "cp1254",
    "iso8859_4": "cp1257", "iso8859_5": "cp1251", "iso8859_6": "cp1256", "iso8859_7": "cp1253",
    "iso8859_8": "cp1255", "iso8859_9": "cp1254", "tis_620": "cp874", "euc_kr": "cp949",
    "gbk": "gb18030", "gb2312": "gb18030", "shift_jis": "cp932", "euc_jp": "cp932",
    "cp437": "cp850",
}  # fmt: skip
"""Code pages of DICOM and of ZIP, and one of our list that the same languages use."""


@lru_cache(maxsize=256)
def _family(page: str) -> tuple[Alphabet, ...]:
    """The languages that a code page serves."""
    name = codecs.lookup(page).name.replace("-", "_")
    other = _SAME_LETTERS.get(name, page)
    return tuple(one for one in alphabets() if page in one.code_pages or other in one.code_pages)


def _has_gaps(text: str) -> bool:
    """Whether there are control characters, or such as no font has."""
    return any(
        character > "\x7e" and unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
        for character in text
    )


def _fits(text: str, one: Alphabet) -> bool:
    """Whether the text is one that the language writes; fast, for most texts are."""
    if one.script == "characters":
        return True  # what a code page of thousands of characters can read is no oddity
    for index, character in enumerate(text):
        if character.isascii() or character in _SIGNS:
            if character in _SIGNS and _misplaced(text, index, character):
                return False
        elif _lower(character) not in one.letters:
            return False
    return all(_has_shape(word, one) for word in _WORD.findall(text) if not word.isascii())


def _has_shape(word: str, one: Alphabet) -> bool:
    if one.never and one.never.search(word.lower()):
        return False
    if one.script == "alphabet":
        return _breaks(word) == 0
    marked = sum(not character.isascii() for character in word)
    dense = marked > 1 and marked * 2 > len(word) + (len(word) > 3)
    return _breaks(word) == 0 and not dense


def _best_points(texts: tuple[str, ...], page: str) -> float:
    """The points of the language that the texts are most like; a rarer one has to be better."""
    return max(
        (_points(texts, one, page) - _RARER * _rank(one.language) for one in _family(page)),
        default=-1.0,
    )


@lru_cache(maxsize=64)
def _rank(language: str) -> int:
    return next(number for number, one in enumerate(alphabets()) if one.language == language)


def _points(texts: tuple[str, ...], one: Alphabet, page: str) -> float:
    """How much like the language the texts are: up to one point for each of their bytes."""
    points = 0.0
    for text in texts:
        for index, character in enumerate(text):
            if not character.isascii():
                points += _point(text, index, character, one, page)
        for word in _WORD.findall(text):
            if not word.isascii():
                points += _shape_points(word, one)
    return points


def _point(text: str, index: int, character: str, one: Alphabet, page: str) -> float:
    near = "".join(
        neighbour
        for neighbour in text[max(0, index - 1) : index] + text[index + 1 : index + 2]
        if neighbour.isalpha() or neighbour in one.letters
    )
    if character in _SIGNS or not (character.isalpha() or character in one.letters):
        usual = character in _SIGNS
        return -0.5 * len(near) - (0.0 if usual else 0.4)
    place = one.letters.get(_lower(character))
    if one.script == "latin":
        return -1.0 if place is None else 0.8 - 0.02 * place / len(one.letters)
    if one.script == "alphabet":
        if place is None or not near:
            return -1.0 if place is None else 0.2  # one letter by itself says little
        return 1.0 - 0.8 * place / len(one.letters)
    if "\uff61" <= character <= "\uff9f":
        return 0.55
    if place is not None:
        return 2.0
    return 0.5 if _is_common(character, page) else -1.0


def _shape_points(word: str, one: Alphabet) -> float:
    points = -1.5 * _breaks(word)
    if one.never and one.never.search(word.lower()):
        points -= 1.5
    if one.script == "latin":
        marked = sum(not character.isascii() for character in word)
        if marked > 1 and marked * 2 > len(word) + 1:
            points -= 0.8 * marked
    else:
        points -= sum((first.isascii() != second.isascii()) for first, second in pairwise(word))
        if one.script == "alphabet" and len(word) >= 3 and word[0].isupper() and word[1:].islower():
            points += 0.3
    return points


def _breaks(word: str) -> int:
    """How often case changes where it does not in a word that is not ASCII: MüLler, лАПТЕВА."""
    amid = sum(
        second.isupper() and first.islower() and not (first.isascii() and second.isascii())
        for first, second in pairwise(word)
    )
    return amid + (word[:2].isupper() and word[2:].islower() and not word[:3].isascii())


def _misplaced(text: str, index: int, sign: str) -> bool:
    """Whether a sign stands where only a letter would: amid a word, or at its beginning."""
    if not text[index + 1 : index + 2].isalpha():
        return False
    return sign not in _OPENING or (index > 0 and text[index - 1].isalpha() and sign not in "’´")


def _lower(character: str) -> str:
    small = character.lower()
    return small if len(small) == 1 else character


def _is_common(character: str, page: str) -> bool:
    """Whether a character is of the first level of its standard, which holds the common ones.

    GB 2312, 5.1; Big5; KS X 1001; JIS X 0208.
    """
    try:
        if page == "gb18030":
            return 0xB0 <= character.encode("gb2312")[0] <= 0xD7
        if page in ("big5", "cp950", "big5hkscs"):
            return 0xA4 <= character.encode("big5")[0] <= 0xC6
        if page == "cp949":
            return 0xB0 <= character.encode("euc-kr")[0] <= 0xC8
        return 0x82 <= character.encode("shift-jis")[0] <= 0x98
    except UnicodeEncodeError:
        return False
