"""UIDs: the maker's root, a date inside, a serial or patient number inside.

Makers build UIDs from what is at hand. Siemens writes the scanner's serial number as one
part and the minute as ``300000YYMMDDhhmm``; many others write the date in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.findings import Finding
from companion.scans.inventory import Element, Seen
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import counts, make_finding, table

_DATE = re.compile(r"(?<!\d)((?:19[5-9]|20[0-4])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(\d*)")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])(?:[0-5]\d(?:[0-5]\d)?)?")
_DATES = (
    "study-date", "scan-date", "file-date", "birth-date", "other-date", "order-date", "visit-date",
)  # fmt: skip


_LONGEST_ROOT = 32


@detector("uids")
def detect(scene: Scene) -> Iterator[Finding]:
    """Dates, echoes of numbers, and makers, by element."""
    dates = _known_dates(scene)
    short = {f"300000{date[2:]}" for date in dates}
    numbers = sorted(
        {
            seed.text
            for seed in scene.seeds
            if seed.kind in ("serial", "number") and seed.text.isdigit() and len(seed.text) >= 5
        }
    )
    makers: dict[str, tuple[Element, Seen, int]] = {}
    uid_rule = identifiers.rules()["uid-other"]
    for element in scene.inventory.elements:
        if element.vr != "UI" or element.tag in table().not_by_vr:
            continue
        dated: dict[str, Seen] = {}
        sure = False
        echoes: dict[str, Seen] = {}
        roots: set[str] = set()
        for text, seen in element.values.items():
            if not counts(element, uid_rule, text):
                continue
            found = _date_in(text, dates, short)
            if found:
                dated[text] = seen
                sure = sure or found == "likely"
            if numbers and any(_holds(text, number) for number in numbers):
                echoes[text] = seen
            if (maker := _maker(text[:_LONGEST_ROOT])) and maker not in roots:
                roots.add(maker)
                if maker not in makers:
                    makers[maker] = (element, seen, element.files)
        if dated:
            yield _finding("uid-date", element, dated, "likely" if sure else "possible")
        if echoes:
            yield _finding("uid-echo", element, echoes, "likely")
    for maker, (element, seen, files) in makers.items():
        yield make_finding(
            "uid-maker",
            tag=element.tag,
            path=element.path,
            name=element.name,
            values=(maker,),
            files=files,
            example=seen.example,
        )


def _known_dates(scene: Scene) -> set[str]:
    found = set()
    for text, _, _ in scene.values(*_DATES):
        for value in text.split("\\"):
            digits = value.strip()[:8]
            if len(digits) == 8 and digits.isdigit():
                found.add(digits)
    return found


def _date_in(uid: str, known: set[str], short: set[str]) -> str | None:
    if uid.startswith("2.25."):
        return None
    for date in known:
        if date in uid:
            return "likely"
    if any(stamp in uid for stamp in short):
        return "likely"
    for found in _DATE.finditer(uid):
        rest = found[2]
        if not rest or (len(rest) <= 12 and _CLOCK.match(rest)):
            return "possible"
    return None


def _holds(uid: str, number: str) -> bool:
    if len(number) >= 7:
        return number in uid
    return f".{number}." in uid or uid.endswith(f".{number}")


@lru_cache(4_096)
def _maker(uid: str) -> str | None:
    """Maker and root of a UID, of which the beginning is enough."""
    for root, owner in identifiers.makers():
        if uid.startswith(f"{root}."):
            return f"{owner} ({root})"
    return None


def _finding(rule: str, element: Element, values: dict[str, Seen], certainty: str) -> Finding:
    return make_finding(
        rule,
        certainty=certainty,
        place="private" if element.place == "private" else "uid",
        tag=element.tag,
        path=element.path,
        name=element.name,
        values=tuple(values),
        files=min(element.files, sum(seen.files for seen in values.values())),
        example=next(iter(values.values())).example,
    )
