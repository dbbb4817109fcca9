"""Before the beginning and after the end: preamble, trailing bytes, a second data set,
and an element that occurs twice, of which programs show only one."""

from __future__ import annotations

from collections.abc import Iterator

from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.inventory import Fact, FactKind
from companion.scans.rules.scene import Scene, Text
from companion.scans.rules.table import make_finding
from companion.scans.rules.text_findings import Gatherer

_RULES = {
    FactKind.PREAMBLE_NOT_EMPTY: ("preamble", Place.PREAMBLE),
    FactKind.TRAILING_BYTES: ("trailing-bytes", Place.TRAILING),
    FactKind.SECOND_DATASET: ("second-dataset", Place.TRAILING),
    FactKind.TAG_TWICE: ("tag-twice", Place.HEADER),
}


@detector("ends_of_file")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each kind of fact, and one for the text found there."""
    kinds: dict[tuple[FactKind, str], list[Fact]] = {}
    for fact in scene.inventory.facts:
        if fact.kind in _RULES:
            kinds.setdefault((fact.kind, fact.path), []).append(fact)
    for (kind, path), facts in kinds.items():
        rule, usual = _RULES[kind]
        twice = kind is FactKind.TAG_TWICE
        where = 0
        for fact in facts:
            where |= fact.where
        yield make_finding(
            rule,
            place=facts[0].place if twice else usual,
            tag=path[-8:] if twice and len(path) >= 8 else None,
            path=path,
            name=kind,
            values=tuple(dict.fromkeys(fact.detail for fact in facts if fact.detail)),
            files=where.bit_count(),
            example=facts[0].example,
        )
    gatherer = Gatherer()
    for passage in scene.inventory.passages:
        if passage.place in (Place.PREAMBLE, Place.TRAILING):
            text = Text(fold_value(passage.text), passage.text, None, passage, None)
            gatherer.add(f"{passage.place}-text", text, 0, Certainty.POSSIBLE)
    yield from gatherer.findings()
