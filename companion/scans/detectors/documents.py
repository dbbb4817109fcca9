"""What else lies on the disc, and what stands in documents inside a scan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.findings import MAX_VALUE_LENGTH, MAX_VALUES, Finding
from companion.scans.inventory import Passage
from companion.scans.scene import Scene, dictionary_words, fold, is_common
from companion.scans.table import make

_RULES = {"other-file": "other-file-details", "document": "document-text"}
RAW = frozenset({"text inside the file", "text in a file"})
"""Labels of text in programs and databases: searched for echoes, but not shown as such."""
_WORD = re.compile(r"[^\W_]+")
MAX_FILES = 60
"""Files whose own text is shown; the others are still searched for echoes."""


@detector("documents")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each kind of other file, and one for what each document says."""
    names: dict[str, list[str]] = {}
    for record in scene.inventory.files:
        if record.kind not in ("dicom", "dicomdir"):
            names.setdefault(record.kind, []).append(record.name)
    for kind, files in names.items():
        yield make("other-file", name=kind, values=tuple(files), files=len(files), example=files[0])
    texts: dict[tuple[str, str, str, str], list[Passage]] = {}
    for passage in scene.inventory.passages:
        if passage.place in _RULES and passage.name not in RAW:
            key = (passage.place, passage.example, passage.path, passage.name)
            texts.setdefault(key, []).append(passage)
    yield from _unread(scene, {path for place, _, path, _ in texts if place == "document"})
    for (place, example, path, name), passages in list(texts.items())[: MAX_FILES * 4]:
        lines = telling_lines(passage.text for passage in passages)
        if lines:
            yield make(
                _RULES[place],
                place=place,
                tag=passages[0].tag,
                path=path,
                name=name,
                values=lines[:MAX_VALUES],
                distinct=len(lines),
                files=max(passage.files for passage in passages),
                example=example,
            )


def _unread(scene: Scene, read: set[str]) -> Iterator[Finding]:
    """Documents inside scans in which no text was found: they are there all the same."""
    for fact in scene.inventory.facts:
        if fact.kind == "encapsulated-document" and fact.path not in read:
            yield make(
                "document-text",
                place="document",
                tag=fact.path.rsplit(".", 1)[-1][:8] or None,
                path=fact.path,
                name="EncapsulatedDocument",
                values=(fact.detail,) if fact.detail else (),
                files=fact.files,
                example=fact.example,
            )


def telling_lines(texts: Iterator[str]) -> tuple[str, ...]:
    """Lines of a text, those with unusual words first, each short enough to show."""
    lines: dict[str, int] = {}
    for text in texts:
        for line in text.splitlines():
            bare = " ".join(line.split())
            for start in range(0, len(bare), MAX_VALUE_LENGTH):
                piece = bare[start : start + MAX_VALUE_LENGTH]
                if len(piece) >= 3 and piece not in lines and (weight := _weight(piece)):
                    lines[piece] = -weight
    return tuple(sorted(lines, key=lambda line: lines[line]))


def _weight(line: str) -> int:
    """How telling a line is: numbers and capitalized words that are not common."""
    weight = 0
    for word in _WORD.findall(line):
        if any(char.isdigit() for char in word):
            weight += 2 if len(word) >= 4 else 0
        elif len(word) >= 4 or not word.isascii():
            folded = fold(word)
            usual = is_common(folded) or folded in dictionary_words()
            weight += 0 if usual else 2 if word[:1].isupper() else 1
    return min(weight, 12)
