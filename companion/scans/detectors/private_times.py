"""Days that makers keep as plain numbers in private elements.

GE writes the second of every picture as Unix time ((0009,xx27) and (0009,xxE9) of
GEMS_IDEN_01, (0023,xx70) of GEMS_STDY_01); Agfa and United Imaging do alike. A cleaner that
empties all dates leaves them. Most private numbers are measurements, so a number is a day
only where something speaks for it: the name that a dictionary gives it, a day of the same
set, another number that means the same day, or a form that chance hardly makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from companion.scans.detectors import detector
from companion.scans.findings import Certainty, Finding
from companion.scans.formats.strings import is_text
from companion.scans.inventory import Element, Seen
from companion.scans.rules.days import (
    FIRST,
    IN_DAYS,
    Count,
    Reading,
    days_of,
    is_near,
    latest,
    readings,
)
from companion.scans.rules.private_table import NUMBERS, known_private_rule
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding
from companion.scans.rules.wording import NAME_WORD

_KNOWN = (
    "study-date", "scan-date", "file-date", "visit-date", "order-date", "report-date",
    "treatment-date", "other-date", "private-date",
)  # fmt: skip
_BIRTHS = ("birth-date", "private-birth-date")
_VRS = (NUMBERS - {"AT", "SS", "US"}) | {"LO", "SH", "CS", "UN", "ST", "LT", "UT"}
_MOST_IN_ONE = 8
"""Values of one element: more are a table of measurements."""
_MOST_ELEMENTS = 20_000
_OFTEN = frozenset({"003101", "006500"})
"""Group and element of Agfa's and United Imaging's times, whatever creator is before them."""
_FEW_DAYS = 10
"""Days that numbers of one set mean; where there are more, some agree by chance."""
_NEAR = 3
"""Days around a known one: a series goes on past midnight, an archive stamps it later."""
_DAY_WORDS = frozenset({"date", "datetime", "timestamp", "timestamps", "stamp"})
_TIME_WORDS = frozenset({"time", "times"})
_SPAN_WORDS = frozenset(
    {
        "delay", "duration", "elapsed", "interval", "offset", "repetition", "echo", "inversion",
        "trigger", "exposure", "dwell", "mixing", "rotation", "cycle", "fluoro", "pulse", "total",
        "number", "slots", "points", "integration", "per", "msec", "usec", "ms", "us", "estimated",
    }
)  # fmt: skip
"""Words of a length of time, which counts from nothing."""
_LONG = frozenset(
    {Count.MILLISECONDS, Count.MICROSECONDS, Count.NANOSECONDS, Count.WINDOWS, Count.TICKS}
)
"""Counts of so many digits that a measurement hardly reaches them."""
_SINCE_A_MOMENT = _LONG | {Count.SECONDS}
_DIGITS = frozenset({Count.WRITTEN, Count.TURNED})
_COUNTED = frozenset({"UL", "SL", "UV", "SV", "FD", "DS", "IS"})
_WIDE = frozenset({"UV", "SV", "FD", "DS"})
"""What has room for those digits."""
_EIGHT = 8
"""Bytes of a number that hardly falls on a day of the set by chance."""
_OPEN = frozenset({None, "private-date", "private-note", "private-words"})
"""Rules of elements that may hold any number; the others say already what theirs is."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    element: Element
    text: str = field(repr=False)
    """The number, or the one of several."""
    seen: Seen
    reading: Reading
    promise: str
    """``day``, ``time``, ``span`` or nothing: what the element's name says it is."""


@detector("private_times")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each private element that holds days as numbers."""
    known = days_of(text for text, _, _ in scene.values(*_KNOWN))
    yield from _unsaid(scene, known)
    births = days_of(text for text, _, _ in scene.values(*_BIRTHS))
    candidates = tuple(_candidates(scene))
    numbers_of: dict[date, set[str]] = {}
    for one in candidates:
        if one.reading.count in _SINCE_A_MOMENT and one.element.vr in _COUNTED:
            numbers_of.setdefault(one.reading.day, set()).add(f"{one.element.path} {one.text}")
    few = len(numbers_of) <= _FEW_DAYS
    agreed = {day for day, numbers in numbers_of.items() if few and _are_two(numbers)}
    spots: dict[tuple[str, int], list[tuple[_Candidate, Certainty]]] = {}
    for one in candidates:
        is_birth = one.reading.count in _DIGITS and one.reading.day in births
        certainty = Certainty.LIKELY if is_birth else _certainty(one, known, agreed)
        if certainty is not None:
            rule = "private-birth-date" if is_birth else "private-date"
            spots.setdefault((rule, id(one.element)), []).append((one, certainty))
    for (rule, _), found in spots.items():
        yield _finding(rule, found)


def _candidates(scene: Scene) -> Iterator[_Candidate]:
    looked_at = 0
    for element in scene.inventory.elements:
        if element.vr not in _VRS or not int(element.tag[:4], 16) % 2:
            continue
        rule = scene.rule_of_element.get(id(element))
        if rule not in _OPEN or looked_at > _MOST_ELEMENTS:
            continue
        looked_at += 1
        promise = _promise(element)
        for text, seen in element.values.items():
            numbers = text.split("\\", _MOST_IN_ONE)
            if len(numbers) > _MOST_IN_ONE:
                continue
            for number in numbers:
                for reading in readings(number.strip()):
                    yield _Candidate(element, number.strip(), seen, reading, promise)


def _unsaid(scene: Scene, known: set[date]) -> Iterator[Finding]:
    """Elements without a VR, all of whose values count to a day of the set. One number of four
    bytes in seven thousand does so by chance: alone, it is a guess."""
    for element, unsaid in scene.inventory.unsaid.of.items():
        is_open = scene.rule_of_element.get(id(element)) in _OPEN and unsaid.are_numbers
        if not (known and is_open) or all(map(is_text, unsaid.values)):
            continue
        days = [_near(numbers, known) for numbers in unsaid.values.values()]
        if not all(days):
            continue
        is_guess = len(days) == 1 and all(len(value) < _EIGHT for value in unsaid.values)
        yield make_finding(
            "private-date",
            certainty=Certainty.POSSIBLE if is_guess else Certainty.LIKELY,
            place=element.place,
            tag=element.tag,
            path=element.path,
            name=element.name,
            values=tuple(dict.fromkeys(filter(None, days))),
            files=element.files,
            example=unsaid.example,
        )


def _near(numbers: tuple[str, ...], known: set[date]) -> str | None:
    """The day of the set, or one beside it, that one of some numbers counts to."""
    for number in numbers:
        for reading in readings(number):
            if reading.count not in IN_DAYS and is_near(reading.day, known, within=_NEAR):
                return f"{reading.day.isoformat()} ({number})"
    return None


def _promise(element: Element) -> str:
    if known_private_rule(element) == "private-date":
        return "day"
    if f"{element.tag[:4]}{element.tag[6:]}" in _OFTEN:
        return "time"
    _, _, name = element.name.rpartition(": ")
    words = {word.lower() for word in NAME_WORD.findall(name)}
    if words & _SPAN_WORDS:
        return "span"
    if words & _DAY_WORDS:
        return "day"
    return "time" if words & _TIME_WORDS else ""


def _certainty(one: _Candidate, known: set[date], agreed: set[date]) -> Certainty | None:
    """How sure it is that the number is this day; None where nothing speaks for it."""
    reading, vr = one.reading, one.element.vr
    if reading.count is Count.WRITTEN:
        if vr not in NUMBERS or vr == "FL" or not FIRST <= reading.day <= latest():
            return None  # days in words are the detector of dates' own
        sure = one.promise == "day" or is_near(reading.day, known, within=_NEAR)
        return Certainty.LIKELY if sure else Certainty.POSSIBLE
    if reading.count is Count.TURNED:
        exact = vr in NUMBERS and is_near(reading.day, known, within=0)
        return Certainty.LIKELY if exact else None
    if reading.count in IN_DAYS:
        # Five digits are common: only a name, or the very day and a time of day behind it.
        exact = "." in one.text and is_near(reading.day, known, within=0) and not one.promise
        return Certainty.LIKELY if one.promise == "day" or exact else None
    if is_near(reading.day, known, within=_NEAR) or one.promise == "day":
        return Certainty.LIKELY
    if one.promise == "span" or vr not in _COUNTED:
        return None
    if one.promise == "time" or reading.day in agreed:
        return Certainty.POSSIBLE
    return Certainty.POSSIBLE if reading.count in _LONG and vr in _WIDE else None


def _are_two(numbers: set[str]) -> bool:
    """Whether two elements hold two different numbers: one that is copied proves nothing."""
    pairs = [number.rsplit(" ", 1) for number in numbers]
    return len({path for path, _ in pairs}) > 1 and len({number for _, number in pairs}) > 1


def _finding(rule: str, found: list[tuple[_Candidate, Certainty]]) -> Finding:
    element = found[0][0].element
    values = {f"{one.reading.day.isoformat()} ({one.text})": one.seen for one, _ in found}
    return make_finding(
        rule,
        certainty=min((sure for _, sure in found), key=list(Certainty).index),
        place=element.place,
        tag=element.tag,
        path=element.path,
        name=element.name,
        values=tuple(values),
        files=min(element.files, sum(seen.files for seen in values.values())),
        example=found[0][0].seen.example,
    )
