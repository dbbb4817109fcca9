"""Results of programs, and makers known for AI: what made a file, and who is named in it.

By the standard's own fields a program's result is certain. By a maker's name, or by words
such as "AI generated", it is likely; a maker who is merely named is possible, and says
nothing of what was done. Values are labelled lines (``labels``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from companion.content import ai_makers
from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.inventory import Element, Fact, FactKind
from companion.scans.labels import Label, Made, lines
from companion.scans.rules.programs import context_of, fits, pairs, tells_of_ai
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding

_NAMING = frozenset(
    tags.digits(tag)
    for tag in (
        tags.ALGORITHM_SOURCE, tags.CONTENT_CREATOR_NAME, tags.IMPLEMENTATION_VERSION_NAME,
        tags.MANUFACTURER, tags.MANUFACTURER_MODEL_NAME,
        tags.SECONDARY_CAPTURE_DEVICE_MANUFACTURER,
        tags.SECONDARY_CAPTURE_DEVICE_MANUFACTURER_MODEL_NAME,
        tags.SERIES_DESCRIPTION, tags.SOFTWARE_VERSIONS,
    )
)  # fmt: skip
"""Elements in which a maker is named."""
_SAME = (Label.PROGRAM, Label.VERSION, Label.MAKER, Label.MADE, Label.SIGNED)
"""What makes results one result in a reader's eyes."""
_MOST_PARTS = 12


@dataclass(slots=True)
class _Result:
    said: dict[tuple[Label, str], None] = field(default_factory=dict, repr=False)
    where: int = field(default=0, repr=False)
    example: str = field(default="", repr=False)
    place: Place = Place.HEADER


@detector("ai")
def detect(scene: Scene) -> Iterator[Finding]:
    """Results by the standard's fields, results by a maker's name, and makers named."""
    facts = scene.inventory.facts
    sure = [fact for fact in facts if fact.kind is FactKind.PROGRAM_RESULT]
    yield from _results(sure, Certainty.CERTAIN)
    certain = 0
    for fact in sure:
        certain |= fact.where
    guessed = [
        (fact, words)
        for fact in facts
        if fact.kind in {FactKind.MADE_OBJECT, FactKind.EQUIPMENT}
        and fact.where & ~certain
        and (words := tells_of_ai(fact))
    ]
    for fact, words in guessed:
        said = [pair for pair in pairs(fact) if pair[0] is not Label.WRITTEN]
        if fact.kind is FactKind.EQUIPMENT:
            said.append((Label.MADE, Made.RESULT))
        said += [(Label.WRITTEN, text) for text in words]
        yield _finding(said, fact, Certainty.LIKELY)
    shown = " ".join(fact.detail for fact in sure) + " ".join(one.detail for one, _ in guessed)
    yield from _makers(scene, {name.maker for name in ai_makers.find(shown)})


def _results(facts: list[Fact], certainty: Certainty) -> Iterator[Finding]:
    """One finding for each program and what it made, whatever the number of its outlines."""
    results: dict[tuple[str, ...], _Result] = {}
    for fact in facts:
        told = pairs(fact)
        about = dict(told)
        result = results.setdefault(
            tuple(about.get(label, "") for label in _SAME), _Result(place=fact.place)
        )
        for pair in told:
            if pair[0] is not Label.PART or len(result.said) < _MOST_PARTS:
                result.said[pair] = None
        result.where |= fact.where
        result.example = result.example or fact.example
    for result in results.values():
        yield make_finding(
            "ai-result",
            certainty=certainty,
            place=result.place,
            name="program",
            values=lines(result.said),
            files=result.where.bit_count(),
            example=result.example,
        )


def _finding(said: list[tuple[Label, str]], fact: Fact, certainty: Certainty) -> Finding:
    does = {name.does for _, text in said for name in ai_makers.find(text)}
    changed = does & {"reconstruction", "enhancement"} and fact.kind is FactKind.EQUIPMENT
    return make_finding(
        "ai-picture" if changed else "ai-result",
        certainty=certainty,
        place=fact.place,
        name="program",
        values=lines(said),
        files=fact.where.bit_count(),
        example=fact.example,
    )


def _makers(scene: Scene, known: set[str]) -> Iterator[Finding]:
    """Makers known for AI that are named, where no result of theirs is shown already."""
    context = context_of(scene.inventory)
    found: dict[str, list[tuple[Element, str]]] = {}
    for element in scene.inventory.elements:
        for text in _naming_texts(element):
            for name in ai_makers.find(text):
                # A product that changes pictures is another finding.
                if name.does == "result" and name.maker not in known and fits(name, context):
                    found.setdefault(name.maker, []).append((element, text))
    for maker, places in found.items():
        element, text = places[0]
        written = dict.fromkeys((Label.WRITTEN, text) for _, text in places)
        seen = element.values.get(text)
        yield make_finding(
            "ai-maker",
            place=element.place,
            tag=element.tag,
            path=element.path,
            name=element.name,
            values=lines([(Label.MAKER, maker), *written]),
            files=max(seen.files if seen else one.files for one, _ in places[:1]),
            example=seen.example if seen else next(iter(element.values.values())).example,
        )


def _naming_texts(element: Element) -> Iterable[str]:
    if element.creator:
        return (element.creator,) if element.values else ()
    return element.values if element.tag in _NAMING or element.vr == "AE" else ()
