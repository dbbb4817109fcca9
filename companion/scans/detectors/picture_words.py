"""What the words that were read on a picture mean: a person's, a day, a number, or none of it.

The reader of pictures knows no name. Here its words meet what the headers say: what is the
patient's own is certain, what looks like a day or a number is likely, and other words are
no more than words. Marks of sides and settings of the machine are not told at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.detectors.dates import BIRTHS, KNOWN, MONTHS
from companion.scans.findings import MAX_BOXES, MAX_VALUES, Certainty, Finding, Place
from companion.scans.pictures import Letters, Words
from companion.scans.rules.hints import Hints, tokens
from companion.scans.rules.labels import labelled
from companion.scans.rules.machine_lines import says_something
from companion.scans.rules.scene import Scene, dictionary_words, is_common
from companion.scans.rules.table import make_finding

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    r"(?<![\d.])(?:"
    r"(?P<y1>(?:19|20)\d\d)(?P<s1>[-/. ]?)(?P<m1>\d\d)(?P=s1)(?P<d1>\d\d)"
    r"|(?P<y5>\d{4}) ?年 ?(?P<m5>\d\d?) ?月 ?(?P<d5>\d\d?) ?日"
    r"|(?P<a>\d{1,2}) ?(?P<s2>[-/.]) ?(?P<b>\d{1,2}) ?(?P=s2) ?(?P<y2>(?:19|20)?\d\d)"
    rf"|(?P<d3>\d{{1,2}})[-/. ]{{0,2}}(?P<n3>{_MONTH})[-/., ]{{0,2}}(?P<y3>(?:19|20)?\d\d)"
    rf"|(?P<n6>{_MONTH})[-/. ]{{1,2}}(?P<d6>\d{{1,2}})[-/., ]{{1,2}}"
    r"(?:\d\d:\d\d:\d\d )?(?P<y6>(?:19|20)\d\d)"
    r")(?![\d])(?!\.\d)"
)
_TIME = re.compile(r"(?<![\d:+])(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?![\d:])|(?= ?[ap]m\b))")
"""A time of day; one whose hour has a single digit is mostly a recording's."""
_NUMBER = re.compile(
    r"(?<![\w.,+])(?:[A-Z]{1,4}-?)?(?:[\dA-Z]{1,6}-)?\d{5,}(?:-\d{1,3})?(?![\w.,]*\d|%)"
)
"""A number of a person, a sample or an order: settings of machines are shorter."""
_DIGITS = re.compile(r"\d{4}")
_SURE_ENOUGH = 0.7
"""What the reader is less sure of counts only if it means something."""
_FEWEST_LETTERS, _SHORT_YEAR = 3, 2
_ROW = 8
"""Pixels: boxes whose middles are nearer than that stand in one row."""
_TWO = 2
_MOST_VALUES = 500
"""Values of a rule that are compared with a line to tell whose it is."""
_MOST_LINES = 5_000
"""Different lines that are weighed in an upload."""
_LABELS = {
    "private-patient-name": "patient-name",
    "private-birth-date": "birth-date",
    "private-patient-number": "patient-id",
}
"""The rule of the element in a header that would hold what a label says."""


_DAY, _TIME_OF_DAY, _NUMBER_THERE = (
    "date on the picture",
    "time on the picture",
    "number on the picture",
)
_WORDS_THERE, _CODE_THERE = "words on the picture", "code on the picture"
_HIPAA = {_DAY: "C", _TIME_OF_DAY: "C", _NUMBER_THERE: "R", _CODE_THERE: "R", _WORDS_THERE: None}
"""Letters of 45 CFR 164.514(b)(2)(i) by what a shape may be."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a line means: what an element of the headers holds, or what its shape says."""

    name: str
    """The element's keyword, or what it looks like."""
    tag: str | None
    hipaa: str | None
    certainty: Certainty
    source: str = ""
    """The rule of that element."""


@dataclass(slots=True)
class _Said:
    """Lines of one meaning."""

    meaning: _Meaning
    lines: dict[str, list[Words]] = field(default_factory=dict, repr=False)


@detector("picture_words")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each meaning of the words, for codes likewise, one for unread letters."""
    if scene.looked is None:
        return
    meanings = _Meanings(scene)
    said: dict[tuple[str, str], _Said] = {}
    unread: list[Words] = []
    for word in _in_reading_order(scene.looked.words):
        text = " ".join(word.text.split())
        if word.letters is Letters.UNREAD:
            unread.append(word)
            continue
        rule = "picture-code" if word.letters is Letters.CODE else "picture-text"
        for meaning in meanings.of(text, word):
            group = said.setdefault((rule, meaning.name), _Said(meaning))
            if meaning.certainty is Certainty.CERTAIN:
                group.meaning = meaning
            group.lines.setdefault(text, []).append(word)
    for (rule, _), group in said.items():
        for owner, own in _by_owner(scene, group).items():
            yield replace(_finding(rule, own), person=owner)
    by_owner: dict[str, list[Words]] = {}
    for word in unread:
        by_owner.setdefault(scene.owner_of_file(word.box.file), []).append(word)
    for owner, words in by_owner.items():
        yield replace(
            make_finding(
                "picture-text-unread",
                place=Place.PICTURE,
                name="letters on the picture",
                files=len({word.box.file for word in words}),
                example=words[0].box.file,
            ),
            person=owner,
            boxes=tuple(word.box for word in words[:MAX_BOXES]),
        )


def _by_owner(scene: Scene, said: _Said) -> dict[str, _Said]:
    """The lines of one meaning by whom they belong to: the person whose value in the headers
    has most of their words, else the one in whose files alone they stand, else nobody."""
    if len(scene.people.drafts) < _TWO:
        owner = scene.owner_of_file(*{w.box.file for line in said.lines.values() for w in line})
        return {owner: said}
    source = said.meaning.source
    values = [
        (frozenset(tokens(text)), scene.people.of_slots(seen.slots))
        for text, seen, _ in islice(scene.values(source) if source else (), _MOST_VALUES)
    ]
    shares: dict[str, _Said] = {}
    for line, words in said.lines.items():
        read = frozenset(tokens(line))
        most = max((len(read & value) for value, _ in values), default=0)
        owners = {owner for value, owner in values if most and len(read & value) == most}
        if len(owners) != 1:
            owners = {scene.owner_of_file(*{word.box.file for word in words})}
        shares.setdefault(owners.pop(), _Said(said.meaning)).lines[line] = words
    return shares


def _finding(rule: str, said: _Said) -> Finding:
    """The lines of one meaning in all frames; the first box of each line comes first."""
    meaning = said.meaning
    lines = _telling(said.lines) if meaning.name == _WORDS_THERE else said.lines
    firsts = [words[0].box for words in lines.values()]
    others = [word.box for words in lines.values() for word in words[1:]]
    found = make_finding(
        rule,
        place=Place.PICTURE,
        tag=meaning.tag,
        name=meaning.name,
        values=tuple(lines),
        distinct=len(said.lines),
        files=len({word.box.file for words in said.lines.values() for word in words}),
        example=firsts[0].file,
        certainty=meaning.certainty,
    )
    return replace(found, hipaa=meaning.hipaa, boxes=tuple([*firsts, *others][:MAX_BOXES]))


def _telling(lines: dict[str, list[Words]]) -> dict[str, list[Words]]:
    """As many lines as a finding shows, in their order: of too many, those with rare words."""
    if len(lines) <= MAX_VALUES:
        return lines
    weighed = sorted(lines, key=lambda line: not _is_telling(line))
    kept = frozenset(weighed[:MAX_VALUES])
    return {line: words for line, words in lines.items() if line in kept}


def _is_telling(line: str) -> bool:
    usual = dictionary_words()
    return any(
        len(word) >= _FEWEST_LETTERS and not is_common(word) and word not in usual
        for word in tokens(line)
    )


def _in_reading_order(words: Iterable[Words]) -> list[Words]:
    """By file and frame as they came, and there from the top down and from the left."""
    order: dict[tuple[str, int], int] = {}
    for word in words:
        order.setdefault((word.box.file, word.box.frame), len(order))
    return sorted(
        words,
        key=lambda one: (
            order[one.box.file, one.box.frame],
            (one.box.y + one.box.height // 2) // _ROW,
            one.box.x,
        ),
    )


class _Meanings:
    """What lines mean by the headers of one upload; equal lines are weighed once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._hints = Hints(scene)
        self._days = {
            day: rule
            for rule in (*KNOWN, *BIRTHS)  # a birth date that is also another day stays one
            for text, _, _ in scene.values(rule)
            for days in _dates(text)
            for day in days
        }
        self._known: dict[tuple[str, bool], tuple[_Meaning, ...]] = {}

    def of(self, text: str, word: Words) -> tuple[_Meaning, ...]:
        """The meanings of a line, none where it is a mark, a setting or not read well."""
        is_code = word.letters is Letters.CODE
        sure = is_code or word.score >= _SURE_ENOUGH
        found = self._known.get((text, sure))
        if found is None:
            if len(self._known) >= _MOST_LINES:
                return ()
            found = self._known[text, sure] = tuple(self._weigh(text, is_code=is_code, sure=sure))
        return found

    def _weigh(self, text: str, *, is_code: bool, sure: bool) -> Iterator[_Meaning]:
        plain = unicodedata.normalize("NFKC", text)
        folded = fold_value(plain)
        found = self._by_headers(plain, folded)
        for source, certainty in found.items():
            yield self._as_in_headers(source, certainty)
        if is_code:
            if not found:
                yield _shape(_CODE_THERE, Certainty.LIKELY)
            return
        shapes = set()
        unknown = [days for days in _dates(folded) if not self._days.keys() & days]
        if "birth-date" in found and found["birth-date"] is not Certainty.CERTAIN:
            unknown.pop(0)  # the one behind the label
        if unknown:
            shapes.add(_DAY)
        if _TIME.search(folded) and not _DATE.search(folded):
            shapes.add(_TIME_OF_DAY)
        if not found and not shapes and _is_numbered(plain):
            shapes.add(_NUMBER_THERE)
        for shape in sorted(shapes):
            yield _shape(shape, Certainty.LIKELY)
        if not found and not shapes and sure and says_something(plain):
            yield _shape(_WORDS_THERE, Certainty.POSSIBLE)

    def _by_headers(self, plain: str, folded: str) -> dict[str, Certainty]:
        """The rules of the headers whose values a line holds, each with how sure it is."""
        found = {meant.source: meant.certainty for meant in self._hints.meant(plain)}
        for readings in _dates(folded):
            for day in self._days.keys() & readings:
                found[self._days[day]] = Certainty.CERTAIN
        return (
            found
            or {_LABELS[one.rule]: Certainty.LIKELY for one in labelled(plain)}
            or dict(_by_label(folded))
        )

    def _as_in_headers(self, source: str, certainty: Certainty) -> _Meaning:
        """What an element of the headers holds, under the name that it has there."""
        rule = self._scene.rules[source]
        matches = self._scene.by_rule.get(source)
        if matches:
            element = matches[0].element
            return _Meaning(element.name, element.tag, rule.hipaa, certainty, source)
        return _Meaning(rule.keywords[0], None, rule.hipaa, certainty, source)


def _by_label(folded: str) -> Iterator[tuple[str, Certainty]]:
    """What a line says behind a label, as a rule of the headers: a birth date, a number."""
    line = f" {' '.join(tokens(folded))} ".replace(" d0b ", " dob ")
    if any(_dates(folded)) and any(f" {label} " in line for label in _labels("birth")):
        yield "birth-date", Certainty.LIKELY
    elif _DIGITS.search(line) and any(f" {label} " in line for label in _labels("record")):
        yield "patient-id", Certainty.LIKELY


@cache
def _labels(what: str) -> tuple[str, ...]:
    """Labels of ``labels.toml`` as the words that a line is cut into."""
    return tuple(" ".join(tokens(label)) for label in identifiers.labels()[what])


def _shape(name: str, certainty: Certainty) -> _Meaning:
    return _Meaning(name, None, _HIPAA[name], certainty)


def _dates(folded: str) -> Iterator[frozenset[str]]:
    """The dates in a folded line, each as the days ``YYYYMMDD`` that it can mean."""
    for found in _DATE.finditer(folded):
        part = found.groupdict()
        if part["y2"]:
            one, two, three = part["a"], part["b"], part["y2"]
            readings = {(three, one, two), (three, two, one)}
            if len(one) == len(three) == _SHORT_YEAR:
                readings.add((one, two, three))
        else:
            year, month, day = (_first(part, letter) for letter in "ymd")
            readings = {(year, month or str(MONTHS[part["n3"] or part["n6"]]), day)}
        days = frozenset(
            f"{century}{year}{int(month):02}{int(day):02}"
            for year, month, day in readings
            if 1 <= int(day) <= 31 and 1 <= int(month) <= 12
            for century in (("19", "20") if len(year) == _SHORT_YEAR else ("",))
        )
        if days:
            yield days


def _first(parts: dict[str, str | None], letter: str) -> str:
    """Of the groups whose names begin with ``letter``, the one that was found."""
    return next((text for name, text in parts.items() if name[0] == letter and text), "")


def _is_numbered(plain: str) -> bool:
    """Whether a number of somebody is in a line; one digit all over is an empty form, or
    the boxes that a machine draws for letters that it does not have."""
    return any(len(set(filter(str.isdigit, found))) > 1 for found in _NUMBER.findall(plain.upper()))
