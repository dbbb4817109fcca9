"""Names of other alphabets in Latin letters: a hospital's older system had no others.

``romanized`` says how clerks and passports write a word, ``sounds`` what all of these ways have
in common: enough to see that two names may be one, whatever the way that was taken. Chinese,
Hebrew and Arabic letters do not say how a name is spoken; of those nothing is told.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import product

from companion.folding import fold_value

_ENGLISH = (
    "а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t "
    "у u ф f х kh ц ts ч ch ш sh щ shch ъ  ы y ь  э e ю yu я ya є ye і i ї yi ґ g ђ dj "
    "ј j љ lj њ nj ћ ch џ dz ў u ѓ g ќ k ѕ dz"
)
_PASSPORT = "ё e й i ю iu я ia щ shch х kh ц ts є ie ї i"
_GERMAN = "в w ж sch з s й j х ch ц z ч tsch ш sch щ schtsch ю ju я ja ё jo є je ї ji"
_GREEK = (
    "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch "
    "ψ ps ω o"
)
_GREEK_TOO = "υ i χ h φ ph η e β b"
_KANA = (
    "ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko サ sa シ shi ス su セ se "
    "ソ so タ ta チ chi ツ tsu テ te ト to ナ na ニ ni ヌ nu ネ ne ノ no ハ ha ヒ hi "
    "フ fu ヘ he ホ ho マ ma ミ mi ム mu メ me モ mo ヤ ya ユ yu ヨ yo ラ ra リ ri ル ru "
    "レ re ロ ro ワ wa ヲ o ン n ガ ga ギ gi グ gu ゲ ge ゴ go ザ za ジ ji ズ zu ゼ ze "
    "ゾ zo ダ da ヂ ji ヅ zu デ de ド do バ ba ビ bi ブ bu ベ be ボ bo パ pa ピ pi プ pu "
    "ペ pe ポ po ヴ vu ャ *ya ュ *yu ョ *yo ッ + ー - ァ *a ィ *i ゥ *u ェ *e ォ *o"
)
_FIRST = "g kk n d tt r m b pp s ss - j jj ch k t p h"
_MIDDLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
_LAST = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_SILENT = "-"
_SYLLABLES, _END = 0xAC00, 0xD7A4
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_SMALL = re.compile(r"(?:(sh|ch|j)i|([a-z])[iu])\*y?([aiueo])")
_DOUBLED = re.compile(r"\+([a-z])")
_LONG = re.compile(r"o[ou]|(?<=o)h(?![aiueoy])|uu|[-*+]")
_SAME_SOUND = (
    ("[čć]", "ch"), ("[šş]", "sh"), ("ž", "zh"), ("đ", "dj"), ("ł", "l"),
)  # fmt: skip
_CLASSES = (
    ("schtsch|shch|tsch|dzh|dsch|sch|zh|sh|tch|tz|ts|cz|sz|dz", "S"), ("dj", "2"),
    ("kh", ""), ("ph", "F"), ("th", "T"), ("ch", "1"), ("c(?=[eiy])|(?<=i)c$", "S"), ("j", "2"),
    ("x", "KS"), ("[ckgq]", "K"), ("[sz]", "S"), ("[vfw]", "F"), ("[td]", "T"), ("r", "R"),
    ("l", "L"), ("[bp]", "P"), ("[aeiouyh]", ""), ("m", "M"), ("n", "N"),
)  # fmt: skip
_GLIDE = re.compile(r"[jiy](?=[aeou])")
"""What is heard before a vowel and written or not: Yelena, Jelena, Elena."""
_VOWEL = re.compile(r"[aeiouy]")
_VOWELS = ("a", "eiy", "ou")
_MOST_LETTERS = 40
_SCRIPTS = (
    "LATIN",
    "CYRILLIC",
    "GREEK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "CJK",
    "ARABIC",
    "HEBREW",
)
_SPOKEN = frozenset({"CYRILLIC", "GREEK", "KATAKANA", "HANGUL"})


@lru_cache(maxsize=8_192)
def script_of(word: str) -> str:
    """The script of a word, by its first letter: "LATIN", "CYRILLIC", "KATAKANA" ...; or ""."""
    if word.isascii():
        return "LATIN" if word else ""
    letter = next(filter(str.isalpha, word), "?")
    name = unicodedata.name(letter, "").removeprefix("HALFWIDTH ").removeprefix("FULLWIDTH ")
    script = next((one for one in _SCRIPTS if name.startswith(one)), name.split(" ")[0])
    return "KATAKANA" if script == "HIRAGANA" else script


@lru_cache(maxsize=4_096)
def romanized(word: str) -> tuple[str, ...]:
    """The usual ways to write a word of another alphabet in A to Z; none of a Latin word.

    >>> romanized("Сергей")
    ('sergey', 'sergei', 'sergej')
    """
    script = script_of(word)
    if script not in _SPOKEN:
        return ()
    composed = unicodedata.normalize("NFKC", word[:_MOST_LETTERS])
    if script == "KATAKANA":
        return _of_kana(composed)
    if script == "HANGUL":
        return ("".join(map(_of_syllable, composed)),)
    lower = composed.lower()
    if script == "GREEK":
        bare = "".join(fold_value(letter) for letter in lower)
        bare = bare.replace("ευ", "εv").replace("αυ", "αv").replace("ου", "οu").replace("γγ", "νγ")
        greek = (_table(_GREEK), _table(_GREEK, _GREEK_TOO))
        return tuple(dict.fromkeys(bare.translate(table) for table in greek))
    tables = (_table(_ENGLISH), _table(_ENGLISH, _PASSPORT), _table(_ENGLISH, _GERMAN))
    return tuple(dict.fromkeys(lower.translate(table) for table in tables))


@lru_cache(maxsize=8_192)
def sounds(word: str) -> frozenset[str]:
    """Consonants of a word by their kind, in each way to read those that have two sounds.

    A short word may have none; none is told of letters that do not say how they are spoken.

    >>> sounds("Chruschtschow") & sounds("Хрущёв") == sounds("Khrushchev") & sounds("Хрущёв")
    True
    """
    latin = next(iter(romanized(word)), word)
    if script_of(latin) != "LATIN":
        return frozenset()
    text = unicodedata.normalize("NFC", latin[:_MOST_LETTERS].lower())
    for pattern, instead in _SAME_SOUND:
        text = re.sub(pattern, instead, text)
    text = re.sub("[^a-z]", "", fold_value(text))
    for pattern, instead in _CLASSES:
        text = re.sub(pattern, instead, text)
    found = set()
    for ch, j in product(("S", ""), ("S", "")):
        found.add(re.sub(r"(.)\1+", r"\1", text.replace("1", ch).replace("2", j)))
    return frozenset(found)


def sound_alike(one: str, two: str) -> frozenset[str]:
    """The sounds that two words share, where their vowels agree as well: in the first of them,
    and in whether they begin and end with one. Мария is no Omar, and Ольга is no Oleg."""
    shapes = [{_vowels(way) for way in romanized(word) or (word,)} for word in (one, two)]
    return frozenset() if shapes[0].isdisjoint(shapes[1]) else sounds(one) & sounds(two)


def _vowels(word: str) -> tuple[bool, bool, str]:
    plain = _GLIDE.sub("", fold_value(word))
    first = _VOWEL.search(plain)
    kind = next((kind for kind in _VOWELS if first and first[0] in kind), "")
    return bool(_VOWEL.match(plain)), bool(_VOWEL.search(plain[-1:])), kind


def can_be_compared(one: str, two: str) -> bool:
    """Whether two words are of one script, or of two that say how a name is spoken."""
    scripts = {script_of(one), script_of(two)}
    return len(scripts) == 1 or ("LATIN" in scripts and not scripts.isdisjoint(_SPOKEN))


@cache
def _table(*lines: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for line in lines:
        words = line.split(" ")
        found.update(
            (ord(letter), latin) for letter, latin in zip(words[::2], words[1::2], strict=True)
        )
    return found


def _of_kana(word: str) -> tuple[str, ...]:
    spelled = word.translate(_HIRAGANA).translate(_table(_KANA))
    spelled = _SMALL.sub(lambda at: f"{at[1] or f'{at[2]}y'}{at[3]}", spelled)
    spelled = _DOUBLED.sub(r"\1\1", spelled)
    short = _LONG.sub(lambda at: at[0][0] if at[0][0] in "ou" else "", spelled)
    return tuple(dict.fromkeys((short, re.sub(r"[-*+]", "", spelled))))


def _of_syllable(char: str) -> str:
    number = ord(char) - _SYLLABLES
    if not 0 <= number < _END - _SYLLABLES:
        return ""
    first, middle, last = _FIRST.split(), _MIDDLE.split(), _LAST.split()
    letters = first[number // 588] + middle[number % 588 // 28] + last[number % 28]
    return letters.replace(_SILENT, "")
