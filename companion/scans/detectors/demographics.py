"""Demographics: an age over 89, and several details that together narrow a person down."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.findings import Finding
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding

_RARE = (
    "ethnic-group", "religion", "occupation", "military-service", "language", "residence",
    "pregnancy-and-cycle", "gender-details", "health-conditions",
)  # fmt: skip
_COMMON = ("patient-sex", "patient-age", "body-size", "birth-date")


def is_over_89(age: str) -> bool:
    """Whether an age, such as ``093Y``, is one that so few reach that it points to a person."""
    years = re.fullmatch(r"(\d{3})Y", age.strip())
    return years is not None and int(years[1]) > 89


@detector("demographics")
def detect(scene: Scene) -> Iterator[Finding]:
    """Ages from 90 on; three or more details of which at least one is uncommon."""
    for match in scene.by_rule.get("patient-age", ()):
        old = {text: seen for text, seen in match.values.items() if is_over_89(text)}
        if old:
            yield make_finding(
                "age-over-89",
                place=match.element.place,
                tag=match.element.tag,
                path=match.element.path,
                name=match.element.name,
                values=tuple(old),
                files=min(match.element.files, sum(seen.files for seen in old.values())),
                example=next(iter(old.values())).example,
            )
    rare = [rule for rule in _RARE if rule in scene.by_rule]
    common = [rule for rule in _COMMON if rule in scene.by_rule]
    if rare and len(rare) + len(common) >= 3:
        matches = [scene.by_rule[rule][0] for rule in (*rare, *common)]
        first = matches[0]
        yield make_finding(
            "rare-combination",
            place=first.element.place,
            tag=first.element.tag,
            path=first.element.path,
            name=first.element.name,
            values=tuple(f"{match.element.name}: {next(iter(match.values))}" for match in matches),
            files=first.element.files,
            example=next(iter(first.values.values())).example,
        )
