"""Seeds: values of obvious identifiers that are looked for everywhere else.

How much a hit tells depends on the seed: a long, rare name tells a lot, "KNEE" or "1234"
nothing. A name is looked for in every spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from pydicom._dicom_dict import DicomDictionary

from companion.content import identifiers
from companion.folding import fold_value, spellings, unspelled
from companion.scans.findings import Certainty
from companion.scans.people.companies import is_company
from companion.scans.people.names import name_words
from companion.scans.people.placeholders import is_account, is_placeholder, stands_for_a_name
from companion.scans.rules.rewritten import rewritten

MAX_SEEDS = 600
"""Seeds that are looked for: enough for any set of scans that is one patient's own."""
NAME_RULES = {
    "patient-name": "name",
    "other-patient-names": "name",
    "mother-birth-name": "name",
    "private-patient-name": "name",
    "responsible-person": "staff",
    "referring-physician": "staff",
    "physicians": "staff",
    "operator": "staff",
    "report-author": "staff",
}
VALUE_RULES = {
    "patient-id": "number",
    "other-patient-ids": "number",
    "insurance-plan": "number",
    "accession-number": "number",
    "admission-number": "number",
    "order-number": "number",
    "private-patient-number": "number",
    "trial-subject": "number",
    "patient-phone": "contact",
    "patient-address": "contact",
    "institution": "institution",
    "device-serial": "serial",
}
_KINDS = ("name", "number", "contact", "institution", "serial", "staff")
_LATIN = re.compile(r"[a-z]")
_BETWEEN = ("^", " ", "_", "-", ", ", ",", ".", "", "+", "%20")
"""What stands between two parts of a name, in texts and in names of files."""
_BETWEEN_SHORT = ("^", "_", ", ", ",", " ")
"""The same of two short parts: joined, they are a word."""
_SHORT_NAME, _SHORTEST_NAME = 5, 3
"""Letters of two parts together below which a name is a short one, or none to look for."""
_SHORTEST_UNSPELLED = 5
"""Letters of a part whose spelled-out letters are put together again."""
_SHORTEST_REWRITTEN = 4
_TURNED = 6
"""Letters or digits from which a seed is looked for from back to front."""


@dataclass(frozen=True, slots=True)
class Seed:
    """One text to look for, already folded."""

    kind: str
    """One of ``name``, ``number``, ``contact``, ``institution``, ``serial``, ``staff``."""
    text: str = field(repr=False)
    certainty: Certainty
    whole: bool
    """Whether it is a whole value; otherwise it is one part of a name."""
    source: str
    """Rule of the element it comes from."""
    turned: bool = False
    """Whether ``text`` is the value from back to front."""


def gather(names: Iterable[tuple[str, str]], values: Iterable[tuple[str, str]]) -> tuple[Seed, ...]:
    """What to look for, each once, at most ``MAX_SEEDS``; the patient's own first.

    ``names`` and ``values``: pairs of a rule and a text. Each kind has its share, so that
    the names of many staff leave room for numbers.
    """
    found: dict[str, dict[str, Seed]] = {kind: {} for kind in _KINDS}
    names = list(names)
    for seeds_of in (_name_seeds, _rewritten_seeds):
        for rule, text in names:
            kind = NAME_RULES[rule]
            for seed in seeds_of(text, kind, rule):
                found[kind].setdefault(seed.text, seed)
    for rule, text in values:
        kind = VALUE_RULES[rule]
        for seed in _value_seeds(text, kind, rule):
            found[kind].setdefault(seed.text, seed)
    share = MAX_SEEDS // len(_KINDS)
    first = [seed for seeds in found.values() for seed in list(seeds.values())[:share]]
    rest = [seed for seeds in found.values() for seed in list(seeds.values())[share:]]
    return tuple([*first, *rest][:MAX_SEEDS])


def turned(seeds: Iterable[Seed]) -> Iterator[Seed]:
    """The patient's names and numbers from back to front, as some makers store them."""
    for seed in seeds:
        if seed.kind not in ("name", "number") or seed.certainty is not Certainty.LIKELY:
            continue
        back = seed.text[::-1]
        if len(seed.text) >= _TURNED and back != seed.text and (seed.kind == "name" or seed.whole):
            if seed.kind == "name" and seed.whole:
                continue  # its parts are looked for
            yield Seed(seed.kind, back, Certainty.LIKELY, seed.whole, seed.source, turned=True)


def is_common(word: str) -> bool:
    """Whether a folded word is common in scans, so that it points to nobody."""
    return word in identifiers.common_words()


@cache
def dictionary_words() -> frozenset[str]:
    """Words of the names of the DICOM dictionary: they may occur anywhere by chance."""
    names = " ".join(entry[2] for entry in DicomDictionary.values())
    return frozenset(re.findall(r"[a-z]{3,}", names.lower()))


def _name_seeds(text: str, kind: str, source: str) -> Iterator[Seed]:
    for family, given in _people(text, kind):
        yield from _whole_seeds(family, given, kind, source)
        joined = ("".join(family),) if len(family) > 1 else ()
        for part in (*family, *joined, *given):
            yield from _part_seeds(part, kind, source)


def _people(text: str, kind: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Family and given names of each component group that is a person's."""
    if kind == "staff" and (is_company(text) or is_account(text)):
        return
    for group in re.split(r"[\\=]", text):
        if stands_for_a_name(group):
            continue
        family, given = name_words(group)
        at = len(given)
        while at > 1 and fold_value(given[at - 1]) in identifiers.name_words("particles"):
            at -= 1  # "Berg^Jan van der"
        yield (*given[at:], *family), given[:at]


def _rewritten_seeds(text: str, kind: str, source: str) -> Iterator[Seed]:
    if kind != "name":
        return
    for family, given in _people(text, kind):
        for word, is_likely in rewritten(family, given):
            if len(word) < _SHORTEST_REWRITTEN or is_common(word):
                continue
            sure = is_likely and len(word) > _SHORTEST_REWRITTEN and word not in dictionary_words()
            certainty = Certainty.LIKELY if sure else Certainty.POSSIBLE
            yield Seed(kind, word, certainty, False, source)


def _part_seeds(part: str, kind: str, source: str) -> Iterator[Seed]:
    for number, word in enumerate(_forms(part)):
        latin = bool(_LATIN.search(word))
        if (latin and len(word) < 4) or (not latin and len(word) < 2) or is_common(word):
            continue
        sure = Certainty.LIKELY if len(word) >= 5 or not latin else Certainty.POSSIBLE
        if word in dictionary_words() or (number and " " in word and len(word) < 8):
            sure = Certainty.POSSIBLE
        yield Seed(kind, word, sure, False, source)
    # "MUELLER" may be written "Müller" elsewhere; it is a guess, for "Bauer" is not.
    plain = fold_value(part)
    short = unspelled(plain)
    if (
        part.isascii()
        and short != plain
        and len(short) >= _SHORTEST_UNSPELLED
        and not is_common(short)
        and short not in dictionary_words()
    ):
        yield Seed(kind, short, Certainty.POSSIBLE, False, source)


def _forms(part: str) -> tuple[str, ...]:
    """A part in every spelling, with its marks, without them and with a space in their place."""
    forms = dict.fromkeys(spellings(part))
    if marks := re.search(r"['’`-]", part):
        for instead in ("", " ", "-" if marks[0] != "-" else "'", "`" if marks[0] != "-" else "_"):
            forms.update(dict.fromkeys(spellings(re.sub(r"['’`-]", instead, part))[:4]))
        for one in re.split(r"['’`-]", part):
            if len(one) >= 5:
                forms.update(dict.fromkeys(spellings(one)[:4]))
    return tuple(fold_value(form) for form in forms)


def _whole_seeds(
    family: tuple[str, ...], given: tuple[str, ...], kind: str, source: str
) -> Iterator[Seed]:
    """Family and given name together, in both orders; all spelled plainly, or spelled out."""
    if not family or not given:
        return
    last = " ".join(family)
    ways = {(spellings(last)[0], spellings(given[0])[0])}
    ways.add((spellings(last)[:2][-1], spellings(given[0])[:2][-1]))
    if f"{last}{given[0]}".isascii():
        ways.add((unspelled(fold_value(last)), unspelled(fold_value(given[0]))))
    if len(family) > 1:
        ways.add((spellings("".join(family))[0], spellings(given[0])[0]))
    for one, two in sorted(ways):
        letters = len(one) + len(two)
        short = letters < _SHORT_NAME and one.isascii()
        if short and letters < _SHORTEST_NAME:
            continue
        if letters <= _SHORT_NAME + 1 and (is_common(one) or is_common(two)):
            continue  # "test-SR"
        common = is_common(one) and is_common(two)
        for left, right in ((one, two), (two, one)):
            for between in _BETWEEN_SHORT if short else _BETWEEN:
                unsure = common or (short and between == " ")
                sure = Certainty.POSSIBLE if unsure else Certainty.LIKELY
                yield Seed(kind, f"{left}{between}{right}", sure, True, source)


def _value_seeds(text: str, kind: str, source: str) -> Iterator[Seed]:
    for value in text.split("\\"):
        folded = fold_value(value).strip()
        if len(folded) < 4 or len(folded) > 200 or is_placeholder(value):
            continue
        if kind == "institution" and stands_for_a_name(value):
            continue
        words = re.findall(r"\w+", folded)
        if all(is_common(word) for word in words):
            continue
        digits = sum(char.isdigit() for char in folded)
        if digits == len(folded):
            if len(folded) < 5 or len(set(folded)) == 1:
                continue
            sure = Certainty.LIKELY if len(folded) >= 6 else Certainty.POSSIBLE
        elif kind in ("institution", "contact"):
            if not any(len(word) >= 4 and not is_common(word) for word in words):
                continue
            if len(folded) < 5:
                continue  # "Here"
            sure = Certainty.LIKELY if len(folded) >= 6 else Certainty.POSSIBLE
        else:
            if kind == "number" and not digits and (len(words) > 1 or is_company(value)):
                continue  # words of a protocol, "MR Knee Left", or a device's name
            long = len(folded) >= (8 if kind == "number" and not digits else 6)
            sure = Certainty.LIKELY if long or (digits and len(folded) >= 5) else Certainty.POSSIBLE
            if folded in dictionary_words():
                continue
        yield Seed(kind, folded, sure, True, source)
