"""File and folder names, and what a ZIP says about itself.

A name counts only for what is unusual in it: "IM0001.dcm" and "DICOM/SER00002" say
nothing, "SMITH_JOHN_20240115" says it all. Names made of a UID are read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.detectors.dates import normal_dates
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.inventory import FactKind
from companion.scans.rules.scene import Scene, Seed, Text, dictionary_words, is_common
from companion.scans.rules.table import make_finding
from companion.scans.rules.text_findings import Gatherer

_UID = re.compile(r"\d+(?:\.\d+){4,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,}")
_TOKEN = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"\.[a-z][a-z0-9]{0,4}$")
_COUNTED = re.compile(r"(?:im|img|image|i|s|se|ser|st|e|ct|mr|us|cr|dx|scan|file)\d+")
_APOSTROPHE = re.compile("['\u2019](?=[^\\W\\d_])")
_EAST = re.compile("[\u3400-\u9fff\uac00-\ud7a3\u3005]{2,5}")
_MOST_NAMED = 3
_MODALITIES = frozenset(
    {
        "ct",
        "mr",
        "mri",
        "us",
        "cr",
        "dx",
        "xa",
        "pt",
        "nm",
        "mg",
        "rx",
        "pet",
        "mrt",
        "irm",
        "tac",
        "tdm",
    }
)
_PLAIN_ENDING = re.compile(r"\.(?:dcm|dicom|zip|ima|img)$", re.IGNORECASE)
_OF_PROGRAMS = re.compile(
    r"\.(?:py|exe|dll|jar|xml|js|css|qm|so|ini|cfg|inf|class|properties|rels|json|ts|h|c|cpp|lib"
    r"|bat|sh|ttf|woff2?|svg|gif|ico|html?|roi|nii(?:\.gz)?|bval|bvec|tsv)(?:$|[^a-z])"
    r"|\.(?:pyc|pyi|pxd|pom|cuh|hpp|hxx|cc|cs|cmake|mo|po|qml|mui|rc|res|resx|tcl|tlb|ocx|sys|cat"
    r"|manifest|config|conf|lang|xslt?|dtd|xsd|rng|ttc|otf|eot|map|mjs|tsx|jsp|aspx?|php|pl|pm"
    r"|vbs|ps1|reg|msi|cab|chm|hlp|plist|nib|icns|cur|ani|license|licence|template|example|debian"
    r"|onnx|whl|vim|el|yaml|yml|toml|socket|service|mount|preset|outlang|conffiles|md5sums"
    r"|symbols|lua|rb|java|go|rs|swift|kt|scss|less)$"
)
"""Endings of files that programs are made of, which nobody names after a patient."""
_OF_PACKAGES = re.compile(
    r"(?:third[_-]party[_-])?(?:readme|licen[cs]es?|copying|notices?|authors|contributors|credits"
    r"|change(?:s|log)|install|todo|news|makefile|dockerfile|eula|release[_-]?notes)"
    r"(?:\.[a-z0-9-]{1,20}){0,2}"
)
"""What comes with each program, whatever stands behind: "README.Debian"."""
_VOWEL = re.compile(r"[aeiouy]")
_UNSPEAKABLE = re.compile(
    r"[^aeiouy]{5}|[aeiou]{4}|q[^u]|^[^aeiouy]{4}|(.)\1\1|^[bcdfghjklmnpqrtvwxz]{3}"
)
"""Letters in a row that no language of names has: what abbreviations are made of."""
_PROGRAM_PARTS = frozenset({"program"})
_NAMES_IN_ZIP = frozenset({"ZIP folder name", "ZIP table of contents"})


@dataclass(slots=True)
class _Names:
    values: dict[str, None] = field(default_factory=dict, repr=False)
    files: int = 0
    last: int = -1
    example: str = field(default="", repr=False)
    sure: bool = False


@detector("file_names")
def detect(scene: Scene) -> Iterator[Finding]:
    """Identifiers, dates, numbers and unusual words in names; comments of archives."""
    found: dict[str, _Names] = {}
    rules_of_part: dict[str, dict[str, bool]] = {}
    seeds = [seed for seed in scene.seeds if seed.kind in ("name", "number", "contact")]
    for number, (name, is_program) in enumerate(_all_names(scene)):
        parts = name.replace("\\", "/").split("/")
        for part in parts[:-1] if is_program else parts:
            rules = rules_of_part.get(part)
            if rules is None:
                rules = rules_of_part[part] = _rules(part, seeds)
            for rule, sure in rules.items():
                names = found.setdefault(rule, _Names())
                names.values.setdefault(part)
                if names.last != number:  # two folders of one file are one file
                    names.last = number
                    names.files += 1
                names.example = names.example or name
                names.sure = names.sure or sure
    for rule, names in found.items():
        yield make_finding(
            rule,
            name="file or folder name",
            certainty=Certainty.LIKELY if names.sure else Certainty.POSSIBLE,
            values=tuple(names.values),
            files=max(1, min(names.files, len(scene.inventory.files))),
            example=names.example,
        )
    yield from _archives(scene)


def _all_names(scene: Scene) -> Iterator[tuple[str, bool]]:
    """Names of files, with whether a program bears it, and of folders in a ZIP."""
    for record in scene.inventory.files:
        yield record.name, record.kind in _PROGRAM_PARTS
    for passage in scene.inventory.passages:
        if passage.name in _NAMES_IN_ZIP:
            yield passage.text, False


def _rules(part: str, seeds: list[Seed]) -> dict[str, bool]:
    """Rules that a name falls under, and whether that is likely."""
    folded = _UID.sub(" ", fold_value(part))
    rules: dict[str, bool] = {}
    for seed in seeds:
        if seed.text in folded and (len(seed.text) >= 5 or _stands_alone(seed.text, folded)):
            rules["file-name-echo"] = rules.get("file-name-echo", False) or (
                seed.certainty == Certainty.LIKELY
            )
    if any(1920 <= int(date[:4]) <= 2040 for date, _ in normal_dates(folded)):
        rules["file-name-date"] = True
    if "file-name-echo" in rules:
        return rules
    if _words_of_people(folded, part):
        rules["file-name-words"] = False
    if "file-name-date" not in rules and any(
        _is_number(token) for token in _TOKEN.findall(_ENDING.sub("", folded))
    ):
        rules["file-name-number"] = False
    return rules


def _stands_alone(short: str, folded: str) -> bool:
    return bool(re.search(rf"(?<![^\W_]){re.escape(short)}(?![^\W_])", folded))


def _is_number(token: str) -> bool:
    """Whether digits are long and mixed enough to be more than a count."""
    return (
        token.isdigit() and len(token) >= 6 and not token.startswith("000") and len(set(token)) > 2
    )


def _words_of_people(folded: str, part: str) -> bool:
    """Whether words stand in a name that a person would have typed, and no machine.

    Machines name files by words as well, most of them known to nobody ("MRDC", "TSEVB1").
    So one word alone says nothing: a family and a given name side by side do, with nothing
    around them but numbers and what scans are called, or a word in a sentence's spaces.
    """
    if _OF_PROGRAMS.search(folded) or _OF_PACKAGES.fullmatch(folded):
        return False
    if _written_as_a_name(_PLAIN_ENDING.sub("", part)):
        return True
    part = _APOSTROPHE.sub("", part)
    if _among_words_of_scans(_PLAIN_ENDING.sub("", part)):
        return True
    words = [
        word
        for word in _TOKEN.findall(_APOSTROPHE.sub("", _ENDING.sub("", folded)))
        if not word.isdigit() and not _COUNTED.fullmatch(word)
    ]
    natural = [_is_natural(word) for word in words]
    if any(natural) and part.count(" ") >= 2 and all(word.isalpha() for word in words):
        return True
    strange = [
        word
        for word, is_natural in zip(words, natural, strict=True)
        if not is_natural and not (len(word) > 1 and is_common(word)) and word not in _MODALITIES
    ]
    return not strange and any(one and two for one, two in pairwise(natural))


def _written_as_a_name(word: str) -> bool:
    """Whether one word alone is written as a name is: "Okonkwo.dcm", "Okonkwo/IM1".

    Devices write in capitals or small letters throughout.
    """
    return len(word) >= 5 and word.istitle() and word.isalpha() and _is_unknown(fold_value(word))


def _among_words_of_scans(name: str) -> bool:
    """Whether a word written as a name stands among words that scans and folders have, or by
    itself in letters without capitals: "MRT Okonkwo", "Brandt_Knie", "山田太郎"."""
    words = [word for word in _TOKEN.findall(name) if not word.isdigit()]
    named = [word for word in words if _written_as_a_name(word) or _is_of_the_east(word)]
    if not named or len(named) > _MOST_NAMED:
        return False
    others = (fold_value(word) for word in words if word not in named)
    return all(
        len(word) == 1
        or word in _MODALITIES
        or _COUNTED.fullmatch(word)
        or word in identifiers.name_words("titles")
        or not _is_unknown(word)
        for word in others
    )


def _is_of_the_east(word: str) -> bool:
    """Whether a word in Chinese, Japanese or Korean is as long as a name, and none of a folder."""
    if not _EAST.fullmatch(word):
        return False
    folded = fold_value(word)
    known = identifiers.name_words("folder-words")
    return folded not in known and not any(
        folded.startswith(one) or folded.endswith(one) for one in known if _EAST.fullmatch(one)
    )


def _is_unknown(word: str) -> bool:
    return not (
        is_common(word)
        or word in dictionary_words()
        or word in identifiers.name_words("machine-words")
        or word in identifiers.name_words("folder-words")
    )


def _is_natural(word: str) -> bool:
    """Whether a word could be a name: long enough, speakable, and none that scans hold."""
    if len(word) < 3 or not word.isalpha() or not _is_unknown(word):
        return False
    if not word.isascii():
        return True
    return bool(_VOWEL.search(word)) and not _UNSPEAKABLE.search(word)


def _archives(scene: Scene) -> Iterator[Finding]:
    gatherer = Gatherer()
    for passage in scene.inventory.passages:
        if passage.place is Place.ARCHIVE and passage.name not in _NAMES_IN_ZIP:
            text = Text(fold_value(passage.text), passage.text, None, passage, None)
            dated = passage.name == "ZIP entry date"
            gatherer.add(
                "archive-dates" if dated else "archive-comment", text, 0, Certainty.POSSIBLE
            )
    yield from gatherer.findings()
    hidden = [fact for fact in scene.inventory.facts if fact.kind is FactKind.ARCHIVE_HIDDEN_BYTES]
    if hidden:
        yield make_finding(
            "archive-hidden",
            name=hidden[0].kind,
            values=tuple(fact.detail for fact in hidden if fact.detail),
            files=sum(fact.files for fact in hidden),
            example=hidden[0].example,
        )
