"""File and folder names, and what a ZIP says about itself.

A name counts only for what is unusual in it: "IM0001.dcm" and "DICOM/SER00002" say
nothing, "SMITH_JOHN_20240115" says it all. Names made of a UID are read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.scans.detectors import detector
from companion.scans.detectors.dates import normal_dates
from companion.scans.findings import Finding
from companion.scans.rules.scene import Scene, Seed, Text, dictionary_words, fold, is_common
from companion.scans.rules.table import make_finding
from companion.scans.rules.text_findings import Gatherer

_UID = re.compile(r"\d+(?:\.\d+){4,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,}")
_TOKEN = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"\.[a-z][a-z0-9]{0,4}$")
_KIND = (
    "(?:im|img|image|i|e|s|st|se|ser|series|study|pa|pat|ct|mr|us|cr|dx|xa|pt|nm|mg|rf|op|sc|z|f"
    "|a|b|d|dcm|dicom|slice|scan|file|frame|disk|disc|cd|dvd|vol|export|no|nr|v|page|fig|p|x|q)"
)
_USUAL = re.compile(rf"{_KIND}?\d{{0,12}}[a-z]?|(?:{_KIND}\d{{1,12}}){{2,4}}")
_SERIAL_CODE = re.compile(r"(?:[a-z]{1,3}\d+|\d+[a-z]{0,2}|[0-9a-f]{8})")
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
            certainty="likely" if names.sure else "possible",
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
    folded = _UID.sub(" ", fold(part))
    rules: dict[str, bool] = {}
    for seed in seeds:
        if seed.text in folded and (len(seed.text) >= 5 or seed.text in _TOKEN.findall(folded)):
            rules["file-name-echo"] = rules.get("file-name-echo", False) or (
                seed.certainty == "likely"
            )
    if any(1920 <= int(date[:4]) <= 2040 for date, _ in normal_dates(folded)):
        rules["file-name-date"] = True
    if "file-name-echo" in rules:
        return rules
    for token in _TOKEN.findall(_ENDING.sub("", folded)):
        if _is_unusual(token):
            rules["file-name-words"] = False
        elif "file-name-date" not in rules and _is_number(token):
            rules["file-name-number"] = False
    return rules


def _is_number(token: str) -> bool:
    """Whether digits are long and mixed enough to be more than a count."""
    return (
        token.isdigit() and len(token) >= 6 and not token.startswith("000") and len(set(token)) > 2
    )


def _is_unusual(token: str) -> bool:
    if (
        len(token) < 4
        or token.isdigit()
        or _USUAL.fullmatch(token)
        or _SERIAL_CODE.fullmatch(token)
    ):
        return False
    bare = token.strip("0123456789")
    if len(bare) < 3 and not (any(char.isdigit() for char in token) and len(token) >= 6):
        return False
    return not (is_common(bare) or is_common(token) or bare in dictionary_words())


def _archives(scene: Scene) -> Iterator[Finding]:
    gatherer = Gatherer()
    for passage in scene.inventory.passages:
        if passage.place == "archive" and passage.name not in _NAMES_IN_ZIP:
            text = Text(fold(passage.text), passage.text, None, passage, None)
            dated = passage.name == "ZIP entry date"
            gatherer.add("archive-dates" if dated else "archive-comment", text, 0, "possible")
    yield from gatherer.findings()
    hidden = [fact for fact in scene.inventory.facts if fact.kind == "archive-hidden-bytes"]
    if hidden:
        yield make_finding(
            "archive-hidden",
            name=hidden[0].kind,
            values=tuple(fact.detail for fact in hidden if fact.detail),
            files=sum(fact.files for fact in hidden),
            example=hidden[0].example,
        )
