"""Signatures, certificates, and encrypted parts of which nobody can see the content."""

from __future__ import annotations

from collections.abc import Iterator

from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Certainty, Finding
from companion.scans.inventory import FactKind
from companion.scans.rules.scene import Scene, Text
from companion.scans.rules.table import make_finding
from companion.scans.rules.text_findings import Gatherer

_CERTIFICATES = frozenset(
    map(tags.digits, (tags.CERTIFICATE_OF_SIGNER, tags.CERTIFIED_TIMESTAMP, tags.SIGNATURE))
)
_RULES = {
    FactKind.ENCRYPTED_CONTENT: "encrypted-content",
    FactKind.DIGITAL_SIGNATURE: "digital-signature",
}


@detector("signatures")
def detect(scene: Scene) -> Iterator[Finding]:
    """Names in certificates; signatures and encrypted parts that hold no readable value."""
    gatherer = Gatherer()
    for passage in scene.inventory.passages:
        if passage.tag in _CERTIFICATES:
            text = Text(fold_value(passage.text), passage.text, None, passage, None)
            gatherer.add("signer-name", text, 0, Certainty.LIKELY)
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
                place=fact.place,
                tag=fact.path.rsplit(".", 1)[-1][:8] or None,
                path=fact.path,
                name=fact.kind,
                values=(fact.detail,) if fact.detail else (),
                files=fact.files,
                example=fact.example,
            )
