"""All findings in what an inspection saw: by the table first, then by every detector."""

from __future__ import annotations

from dataclasses import dataclass, replace

from companion.content import ai_makers, identifiers
from companion.scans import attribution, detectors
from companion.scans.findings import FileRecord, Finding, Note, Person, Status
from companion.scans.formats.likeness import common_pairs
from companion.scans.formats.wide_strings import common_characters
from companion.scans.inventory import Inventory
from companion.scans.pictures import Looked
from companion.scans.rules import strangers, table
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
        common_pairs,
        common_characters,
    ):
        read()


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an inventory comes to."""

    findings: tuple[Finding, ...]
    """Most telling first: in the order of the rules, the surest first."""
    people: tuple[Person, ...]
    files: tuple[FileRecord, ...]
    """The files, each with its person."""


def findings(inventory: Inventory, looked: Looked | None = None) -> tuple[Finding, ...]:
    """All findings alone: see ``Assessment``."""
    return assess(inventory, looked).findings


def assess(inventory: Inventory, looked: Looked | None = None) -> Assessment:
    """Look at the whole of what was seen: findings, persons, and what belongs to whom.

    ``looked``: what the pictures show; None where nobody looked at them.
    """
    matches = without_programs(table.matches(inventory), inventory)
    scene = Scene(inventory, tuple(matches), looked)
    strangers.wake(inventory, scene.seeds)
    people = scene.people
    found = _attributed(scene)
    files = tuple(
        replace(_as_searched(record, scene.unsearched), person=people.of_study(study))
        for record, study in zip(inventory.files, inventory.study_of, strict=True)
    )
    return Assessment(_in_order(found), people.persons(), files)


def _as_searched(record: FileRecord, unsearched: set[str]) -> FileRecord:
    """A file's record, with a note where a part of its text was not searched by all detectors."""
    if record.name not in unsearched:
        return record
    notes = tuple(sorted({*record.notes, Note.TOO_MUCH_DATA}))
    read = Status.PARTLY_READ if record.status is Status.READ else record.status
    return replace(record, status=read, notes=notes)


def _attributed(scene: Scene) -> list[Finding]:
    found: list[Finding] = []
    for match in (part for whole in scene.matches for part in table.apart(whole)):
        if match.rule.id in table.UID_RULES:
            continue  # the detector of UIDs tells each once
        if len(found) < attribution.MOST:
            found.extend(attribution.of_match(match, scene.people))
        else:
            found.append(table.from_match(match))
    attribute = attribution.Attribution(scene.inventory, scene.people)
    for finding in detectors.run(scene):
        if len(found) < attribution.MOST:
            found.extend(attribute.of(finding))
        else:
            found.append(finding)
    return found


def _in_order(found: list[Finding]) -> tuple[Finding, ...]:
    order = {name: rule.order for name, rule in identifiers.rules().items()}
    certainty = {name: number for number, name in enumerate(identifiers.CERTAINTIES)}
    found.sort(
        key=lambda one: (
            order[one.rule], certainty[one.certainty], len(one.path), one.path, one.place,
        )
    )  # fmt: skip
    return tuple(found)
