"""Signatures, certificates, and encrypted parts of which nobody can see the content."""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.findings import Finding
from companion.scans.rules.scene import Scene, Text, fold
from companion.scans.rules.table import make_finding
from companion.scans.rules.text_findings import Gatherer

_CERTIFICATES = frozenset({"04000115", "04000310", "04000120"})
_RULES = {"encrypted-content": "encrypted-content", "digital-signature": "digital-signature"}


@detector("signatures")
def detect(scene: Scene) -> Iterator[Finding]:
    """Names in certificates; signatures and encrypted parts that hold no readable value."""
    gatherer = Gatherer()
    for passage in scene.inventory.passages:
        if passage.tag in _CERTIFICATES:
            text = Text(fold(passage.text), passage.text, None, passage, None)
            gatherer.add("signer-name", text, 0, "likely")
    yield from gatherer.findings()
    done: set[tuple[str, str]] = {
        (rule, match.element.path)
        for rule in _RULES.values()
        for match in scene.by_rule.get(rule, ())
    }
    for fact in scene.inventory.facts:
        rule = _RULES.get(fact.kind)
        if rule and (rule, fact.path) not in done:
            done.add((rule, fact.path))
            yield make_finding(
                rule,
                place=fact.place or "nested",
                tag=fact.path.rsplit(".", 1)[-1][:8] or None,
                path=fact.path,
                name=fact.kind,
                values=(fact.detail,) if fact.detail else (),
                files=fact.files,
                example=fact.example,
            )
