"""Before the beginning and behind the end: preamble, trailing bytes, a second data set,
and an element that stands twice, of which programs show only one."""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.detectors.gather import Gatherer
from companion.scans.findings import Finding
from companion.scans.scene import Scene, Text, fold
from companion.scans.table import make

_RULES = {
    "preamble-not-empty": ("preamble", "preamble"),
    "trailing-bytes": ("trailing-bytes", "trailing"),
    "second-dataset": ("second-dataset", "trailing"),
    "tag-twice": ("tag-twice", "header"),
}


@detector("ends_of_file")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each kind of fact, and one for the text found there."""
    kinds: dict[tuple[str, str], tuple[list[str], int, str, str]] = {}
    for fact in scene.inventory.facts:
        if fact.kind in _RULES:
            details, files, example, place = kinds.get(
                (fact.kind, fact.path), ([], 0, fact.example, fact.place)
            )
            if fact.detail:
                details.append(fact.detail)
            kinds[fact.kind, fact.path] = (details, files + fact.files, example, place)
    for (kind, path), (details, files, example, place) in kinds.items():
        rule, usual = _RULES[kind]
        tag = path[-8:] if kind == "tag-twice" and len(path) >= 8 else None
        yield make(
            rule,
            place=place if kind == "tag-twice" and place else usual,
            tag=tag,
            path=path,
            name=kind,
            values=tuple(dict.fromkeys(details)),
            files=files,
            example=example,
        )
    gatherer = Gatherer()
    for passage in scene.inventory.passages:
        if passage.place in ("preamble", "trailing"):
            text = Text(fold(passage.text), passage.text, None, passage, None)
            gatherer.add(f"{passage.place}-text", text, 0, "possible")
    yield from gatherer.findings()
