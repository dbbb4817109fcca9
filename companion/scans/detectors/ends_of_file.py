"""Before the beginning and behind the end: preamble, trailing bytes, a second data set,
and an element that stands twice, of which programs show only one."""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.findings import Finding
from companion.scans.inventory import Fact
from companion.scans.rules.scene import Scene, Text, fold
from companion.scans.rules.table import make_finding
from companion.scans.rules.text_findings import Gatherer

_RULES = {
    "preamble-not-empty": ("preamble", "preamble"),
    "trailing-bytes": ("trailing-bytes", "trailing"),
    "second-dataset": ("second-dataset", "trailing"),
    "tag-twice": ("tag-twice", "header"),
}


@detector("ends_of_file")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each kind of fact, and one for the text found there."""
    kinds: dict[tuple[str, str], list[Fact]] = {}
    for fact in scene.inventory.facts:
        if fact.kind in _RULES:
            kinds.setdefault((fact.kind, fact.path), []).append(fact)
    for (kind, path), facts in kinds.items():
        rule, usual = _RULES[kind]
        place = facts[0].place
        where = 0
        for fact in facts:
            where |= fact.where
        tag = path[-8:] if kind == "tag-twice" and len(path) >= 8 else None
        yield make_finding(
            rule,
            place=place if kind == "tag-twice" and place else usual,
            tag=tag,
            path=path,
            name=kind,
            values=tuple(dict.fromkeys(fact.detail for fact in facts if fact.detail)),
            files=where.bit_count(),
            example=facts[0].example,
        )
    gatherer = Gatherer()
    for passage in scene.inventory.passages:
        if passage.place in ("preamble", "trailing"):
            text = Text(fold(passage.text), passage.text, None, passage, None)
            gatherer.add(f"{passage.place}-text", text, 0, "possible")
    yield from gatherer.findings()
