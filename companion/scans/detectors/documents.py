"""What else is on the disc, and what documents inside a scan say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.findings import MAX_VALUE_LENGTH, MAX_VALUES, SCANS, Finding, Place
from companion.scans.formats import documents, slides
from companion.scans.formats.strings import is_legible
from companion.scans.inventory import FactKind, Passage
from companion.scans.rules.labels import is_labelled
from companion.scans.rules.scene import Scene, dictionary_words, is_common
from companion.scans.rules.table import make_finding

_RULES = {Place.OTHER_FILE: "other-file-details", Place.DOCUMENT: "document-text"}
RAW = frozenset({documents.RAW, documents.PAGES, "text in a file", slides.LABEL})
"""Labels of text in programs and databases: searched for echoes, but not shown as such;
and of what has a finding of its own."""
_WORD = re.compile(r"[^\W_]+")
_MOST_WEIGHT = 12
_PERSON = re.compile(
    r"(?:[^:]*(?:patient|birth|physician|address|phone)[^:]*|(?:[^:]*_)?(?:name|dob|mrn)): .",
    re.IGNORECASE,
)
"""A line of a database whose column is that of a person."""
_DIGITS = re.compile(r"\d")
_ANOTHER_OF_ITS_SHAPE = 100
FEW_FILES = 8
"""Files of one sort that are shown each by itself; more are one finding with a count."""
MOST_LINES = 20_000
"""Lines that are weighed of one sort of text: all of it is searched by other detectors."""


@detector("documents")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each kind of other file, and one for what each document says."""
    names: dict[str, list[str]] = {}
    for record in scene.inventory.files:
        if record.kind not in SCANS:
            names.setdefault(record.kind, []).append(record.name)
    for kind, files in names.items():
        yield make_finding(
            "other-file", name=kind, values=tuple(files), files=len(files), example=files[0]
        )
    texts: dict[tuple[str, str, str], dict[str, list[Passage]]] = {}
    for passage in scene.inventory.passages:
        if passage.place in _RULES and passage.name not in RAW:
            by_file = texts.setdefault((passage.place, passage.path, passage.name), {})
            by_file.setdefault(passage.example, []).append(passage)
    said: set[str] = set()
    for by_file in texts.values():
        together = [passage for passages in by_file.values() for passage in passages]
        for passages in by_file.values() if len(by_file) <= FEW_FILES else (together,):
            for finding in _said(passages):
                said.add(finding.path)
                yield finding
    yield from _unread(scene, said)


def _said(passages: list[Passage]) -> Iterator[Finding]:
    """What passages of one sort say, if it is telling."""
    texts = (passage.text for passage in passages)
    if passages[0].name == documents.LOOSE:
        texts = (text for text in texts if is_legible(text))
    lines = telling_lines(texts, columns=passages[0].name.startswith(documents.DATABASE))
    if not lines:
        return
    where = 0
    for passage in passages:
        where |= passage.where
    first = passages[0]
    yield make_finding(
        _RULES[first.place],
        place=first.place,
        tag=first.tag,
        path=first.path,
        name=first.name,
        values=lines[:MAX_VALUES],
        distinct=len(lines),
        files=where.bit_count(),
        example=first.example,
    )


def _unread(scene: Scene, said: set[str]) -> Iterator[Finding]:
    """Documents inside scans in which no text was found: they are there all the same."""
    for fact in scene.inventory.facts:
        if fact.kind is FactKind.ENCAPSULATED_DOCUMENT and fact.path not in said:
            yield make_finding(
                "document-text",
                place=Place.DOCUMENT,
                tag=fact.path.rsplit(".", 1)[-1][:8] or None,
                path=fact.path,
                name="EncapsulatedDocument",
                values=(fact.detail,) if fact.detail else (),
                files=fact.files,
                example=fact.example,
            )


def telling_lines(texts: Iterator[str], *, columns: bool = False) -> tuple[str, ...]:
    """Lines of a text, each short enough to show, those with unusual words first.

    Of lines that differ only in their digits, as in a help page's numbered headings,
    one comes first and the others last. With ``columns``, each line begins with the
    name of a column, which may say what the rest is.
    """
    lines: dict[str, int] = {}
    shapes: dict[str, str] = {}
    for text in texts:
        for line in text.splitlines():
            bare = " ".join(line.split())
            for start in range(0, len(bare), MAX_VALUE_LENGTH):
                piece = bare[start : start + MAX_VALUE_LENGTH]
                if len(lines) >= MOST_LINES:
                    break
                if piece in lines:
                    continue
                weight = _weight(piece.partition(": ")[2] if columns else piece)
                if columns and _PERSON.match(piece):
                    weight += 4
                if is_labelled(piece):
                    weight += 12
                if len(piece) >= 3 and weight:
                    lines[piece] = -weight
                    if shapes.setdefault(_DIGITS.sub("0", piece), piece) != piece:
                        lines[piece] += _ANOTHER_OF_ITS_SHAPE
    return tuple(sorted(lines, key=lambda line: lines[line]))


def _weight(line: str) -> int:
    """How telling a line is: numbers and capitalized words that are not common."""
    weight = 0
    for word in _WORD.findall(line):
        weight += _weight_of_word(word)
        if weight >= _MOST_WEIGHT:
            return _MOST_WEIGHT
    return weight


@lru_cache(maxsize=16_384)
def _weight_of_word(word: str) -> int:
    if any(map(str.isdigit, word)):
        return 2 if len(word) >= 4 else 0
    if len(word) < 4 and word.isascii():
        return 0
    folded = fold_value(word)
    if is_common(folded) or folded in dictionary_words():
        return 0
    return 2 if word[:1].isupper() else 1
