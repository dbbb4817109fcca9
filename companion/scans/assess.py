"""All findings in what an inspection saw: by the table first, then by every detector."""

from __future__ import annotations

from companion.content import ai_makers, identifiers
from companion.scans import detectors
from companion.scans.findings import Finding
from companion.scans.inventory import Inventory
from companion.scans.rules import table
from companion.scans.rules.programs import without_programs
from companion.scans.rules.scene import Scene, dictionary_words


def prepare() -> None:
    """Read and build every table, so that the first inspection need not wait for it."""
    table.table()
    detectors.detectors()
    for read in (
        identifiers.name_patterns,
        identifiers.private_elements,
        identifiers.placeholders,
        identifiers.common_words,
        identifiers.makers,
        dictionary_words,
        ai_makers.names,
    ):
        read()


def findings(inventory: Inventory) -> tuple[Finding, ...]:
    """All findings, most telling first: in the order of the rules, the surest first."""
    matches = without_programs(table.matches(inventory), inventory)
    scene = Scene(inventory, tuple(matches))
    found = [table.from_match(match) for match in scene.matches]
    found.extend(detectors.run(scene))
    order = {name: rule.order for name, rule in identifiers.rules().items()}
    certainty = {name: number for number, name in enumerate(identifiers.CERTAINTIES)}
    found.sort(
        key=lambda one: (
            order[one.rule], certainty[one.certainty], len(one.path), one.path, one.place,
        )
    )  # fmt: skip
    return tuple(found)
