"""Written reports, one finding each, and the words of programs that nobody has signed.

A structured report of ten thousand items is one report. A document on the disc counts as a
report where its words are those of one; what it says is found by other detectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.findings import MAX_VALUES, Certainty, Finding, Kind, Place
from companion.scans.formats import documents
from companion.scans.inventory import Fact, FactKind
from companion.scans.labels import Label, lines
from companion.scans.rules.programs import pairs
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding

_KINDS = frozenset({Kind.PDF, Kind.DOCUMENT})
_TITLES = re.compile(
    r"\b(?:imaging|radiology|radiological|radiologist'?s?|medical|pathology|diagnostic|x-?ray|ct|mri?"
    r"|ultrasound|discharge|diagnostic imaging) (?:report|summary|letter)\b|\breport of findings\b"
    r"|\b(?:informe|dictamen) (?:radiologico|medico|clinico|de (?:radiologia|alta|resultados|tc"
    r"|rm|ecografia|imagen))\b|\b(?:radiologischer? )?befund(?:bericht|ung)\b|\barztbrief\b"
    r"|\bentlassungsbrief\b|\bcompte[ -]rendu\b|\breferto\b|\blaudo\b"
)
"""Folded titles of which one is enough."""
_HEADINGS = re.compile(
    r"(?P<start>^[ \t#*>\d.)]{0,8})?"
    r"\b(?P<heading>findings|impression|conclusion|comparison|technique"
    r"|clinical (?:history|information"
    r"|indication)|indication|reported by|hallazgos|impresion(?: diagnostica)?|tecnica"
    r"|indicacion|datos clinicos|juicio diagnostico|befund|beurteilung|fragestellung"
    r"|klinische angaben|resultats?|indications?)\b(?P<colon> ?:)?",
    re.MULTILINE,
)
_ANY_PAPERS = frozenset(
    [
        "conclusion",
        "comparison",
        "technique",
        "indication",
        "indications",
        "resultat",
        "resultats",
        "tecnica",
    ]
)
"""Headings of papers about anything: where there are no others, three make a report."""
_MOST_CHARACTERS = 20_000
_PROGRAM = (Label.PROGRAM, Label.VERSION, Label.MAKER)
"""What makes it one program in a reader's eyes."""


@detector("reports")
def detect(scene: Scene) -> Iterator[Finding]:
    """Reports in scans and on the disc; unsigned words of programs; where programs ran."""
    facts = scene.inventory.facts
    for fact in facts:
        if fact.kind is FactKind.WRITTEN_REPORT:
            yield make_finding(
                "written-report",
                place=fact.place,
                name="report",
                values=(*fact.detail.split("\n"), *_pages(scene, fact.where, Place.DOCUMENT)),
                files=fact.files,
                example=fact.example,
            )
    yield from _documents(scene)
    for words in _by_program(facts):
        yield from _together("ai-unsigned", words)
    yield from _together(
        "device-place", [fact for fact in facts if fact.kind is FactKind.DEVICE_PLACE]
    )


def _documents(scene: Scene) -> Iterator[Finding]:
    """Documents on the disc whose words are those of a report."""
    texts: dict[str, list[str]] = {}
    where: dict[str, int] = {}
    for passage in scene.inventory.passages:
        if passage.place is Place.OTHER_FILE:
            texts.setdefault(passage.example, []).append(passage.text)
            where[passage.example] = where.get(passage.example, passage.where) & passage.where
    for record in scene.inventory.files:
        if record.kind not in _KINDS or record.name not in texts:
            continue
        text = fold_value("\n".join(texts[record.name])[:_MOST_CHARACTERS])
        title = _TITLES.search(text)
        if title or _has_headings(text):
            said = [(Label.KIND, str(record.kind)), (Label.TITLE, title[0] if title else "")]
            yield make_finding(
                "written-report",
                certainty=Certainty.LIKELY,
                place=Place.OTHER_FILE,
                name="report",
                values=(*lines(said), *_pages(scene, where[record.name], Place.OTHER_FILE)),
                example=record.name,
            )


def _has_headings(text: str) -> bool:
    """Whether a report's headings stand in a text: at the start of a line, or with a colon."""
    found = {
        one["heading"]
        for one in _HEADINGS.finditer(text)
        if one["start"] is not None or one["colon"]
    }
    return len(found) >= (3 if found <= _ANY_PAPERS else 2)


def _pages(scene: Scene, where: int, place: Place) -> tuple[str, ...]:
    """How many pages the PDF in these files has; nothing where that is not one number."""
    counts = {
        passage.text
        for passage in scene.inventory.passages
        if passage.name == documents.PAGES and passage.place is place and passage.where & where
    }
    return lines([(Label.PAGES, counts.pop())]) if len(counts) == 1 else ()


def _by_program(facts: list[Fact]) -> Iterable[list[Fact]]:
    """Words that nobody has signed, apart for each program that wrote them."""
    results = [fact for fact in facts if fact.kind is FactKind.PROGRAM_RESULT]
    programs: dict[int, tuple[str, ...]] = {}
    words: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        if fact.kind is not FactKind.UNSIGNED_TEXT:
            continue
        if fact.where not in programs:
            told = next((dict(pairs(one)) for one in results if one.where & fact.where), {})
            programs[fact.where] = tuple(told.get(label, "") for label in _PROGRAM)
        words.setdefault(programs[fact.where], []).append(fact)
    return words.values()


def _together(rule: str, facts: list[Fact]) -> Iterator[Finding]:
    """One finding for all facts of a kind: each says what it is about, then the words."""
    if not facts:
        return
    where = 0
    values: dict[str, None] = {}
    for fact in facts:
        where |= fact.where
        values[f"{fact.path}: {fact.detail}" if fact.path else fact.detail] = None
    yield make_finding(
        rule,
        place=facts[0].place,
        name="report text",
        values=tuple(values)[:MAX_VALUES],
        distinct=len(values),
        files=where.bit_count(),
        example=facts[0].example,
    )
