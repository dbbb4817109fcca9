"""UIDs: one finding for all UIDs that play the same part, with a date or number inside.

Manufacturers build UIDs from what the machine knows: its serial number, the minute, the
number of the patient. The same UID stands in several elements (a picture's own UID in the
header and in the file's meta group, a study's in every reference to it): it is told once,
where it says most, and the finding names the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.inventory import Element, Seen
from companion.scans.rules.days import days_of, is_near
from companion.scans.rules.own_copies import is_made_anew
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import UID_RULES, Match, counts, from_match, make_finding, table
from companion.scans.rules.uid_days import KnownDays, UidDay, days_in

_DATES = (
    "study-date", "scan-date", "file-date", "birth-date", "other-date", "order-date", "visit-date",
    "report-date", "treatment-date", "private-date",
)  # fmt: skip
_LEADERS = tuple(
    map(
        tags.digits,
        (
            tags.STUDY_INSTANCE_UID,
            tags.SERIES_INSTANCE_UID,
            tags.SOP_INSTANCE_UID,
            tags.FRAME_OF_REFERENCE_UID,
        ),
    )
)
"""The elements that say most of what a UID is."""
_MOST_NAMED = 5
"""Elements that the name of one finding lists."""
_LONGEST_ROOT = 32
_MOST_DATED = 20_000
"""UIDs that are searched for unconfirmed days."""


@dataclass(slots=True)
class _Part:
    """All UIDs that are told at one element, the leader."""

    leader: Element
    values: dict[str, Seen] = field(default_factory=dict, repr=False)
    others: dict[str, list[Element]] = field(default_factory=dict, repr=False)
    """Further elements in which each UID stands."""


@detector("uids")
def detect(scene: Scene) -> Iterator[Finding]:
    """UIDs by the part they play; days and known numbers inside; makers."""
    dates = days_of(text for text, _, _ in scene.values(*_DATES))
    numbers = sorted(
        {
            seed.text
            for seed in scene.seeds
            if seed.kind in ("serial", "number") and seed.text.isdigit() and len(seed.text) >= 5
        }
    )
    matches = {
        id(match.element): match for rule in UID_RULES for match in scene.by_rule.get(rule, ())
    }
    parts = _parts(scene)
    uids = dict.fromkeys(uid for part in parts for uid in part.values)
    sure = _dated(uids, {day.strftime("%Y%m%d") for day in dates})
    vouched = KnownDays(dates)
    sure |= {uid: Certainty.LIKELY for uid in list(uids)[:_MOST_DATED] if vouched.are_in(uid)}
    sure |= _agreed({uid: tuple(days_in(uid)) for uid in list(uids)[:_MOST_DATED]}, sure, dates)
    for part in parts:
        told: set[str] = set()
        dated = {uid: seen for uid, seen in part.values.items() if uid in sure}
        if dated:
            told.update(dated)
            certainty = min((sure[uid] for uid in dated), key=list(Certainty).index)
            yield _finding("uid-date", part, dated, certainty)
        echoes = {
            uid: seen
            for uid, seen in part.values.items()
            if numbers and any(_holds(uid, number) for number in numbers)
        }
        if echoes:
            told.update(echoes)
            yield _finding("uid-echo", part, echoes, Certainty.LIKELY)
        if match := matches.get(id(part.leader)):
            yield from _plain(match, part, told)
    yield from _makers(parts)


def _parts(scene: Scene) -> list[_Part]:
    """Every UID once, at the element that says most of it."""
    any_uid = identifiers.rules()["uid-other"]
    standing: dict[str, list[Element]] = {}
    for element in scene.inventory.elements:
        if element.vr == "UI" and element.tag not in table().not_by_vr:
            for text, seen in element.values.items():
                if is_made_anew(scene.inventory, element, None, text, seen):
                    continue
                if counts(element, any_uid, text):
                    standing.setdefault(text, []).append(element)
    parts: dict[int, _Part] = {}
    for uid, elements in standing.items():
        leader, *others = sorted(elements, key=_rank) if len(elements) > 1 else elements
        part = parts.setdefault(id(leader), _Part(leader))
        part.values[uid] = leader.values[uid]
        if others:
            part.others[uid] = others
    return list(parts.values())


def _rank(element: Element) -> tuple[bool, int, int, str]:
    known = element.tag in _LEADERS and element.place in (Place.HEADER, Place.NESTED)
    leading = _LEADERS.index(element.tag) if known else len(_LEADERS)
    return element.place is Place.PRIVATE, leading, len(element.path), element.path


def _dated(uids: dict[str, None], dates: set[str]) -> dict[str, Certainty]:
    """UIDs that hold a known date, written out or as Siemens writes it."""
    stamps = (*dates, *(f"300000{digits[2:]}" for digits in dates))
    return {uid: Certainty.LIKELY for uid in uids if any(stamp in uid for stamp in stamps)}


def _agreed(
    found: dict[str, tuple[UidDay, ...]], known: dict[str, Certainty], dates: set[date]
) -> dict[str, Certainty]:
    """How sure the days in the other UIDs are: likely where two different parts say the same."""
    by_day: dict[date, set[str]] = {}
    for days in found.values():
        for one in days:
            by_day.setdefault(one.day, set()).add(one.part)
    sure = {}
    for uid, days in found.items():
        if uid in known or not days:
            continue
        agrees = any(
            len(by_day[one.day]) > 1 or is_near(one.day, dates, within=int(one.may_be_off))
            for one in days
        )
        sure[uid] = Certainty.LIKELY if agrees else Certainty.POSSIBLE
    return sure


def _holds(uid: str, number: str) -> bool:
    if len(number) >= 7:
        return number in uid
    return f".{number}." in uid or uid.endswith(f".{number}")


def _makers(parts: list[_Part]) -> Iterator[Finding]:
    """The owners of the roots, in one finding, at the first UID that has one."""
    makers: dict[str, tuple[Element, Seen]] = {}
    for part in parts:
        for uid, seen in part.values.items():
            if maker := _maker(uid[:_LONGEST_ROOT]):
                makers.setdefault(maker, (part.leader, seen))
    if makers:
        element, seen = next(iter(makers.values()))
        yield make_finding(
            "uid-maker",
            tag=element.tag,
            path=element.path,
            name=element.name,
            values=tuple(makers),
            files=max(element.files for element, _ in makers.values()),
            example=seen.example,
        )


@lru_cache(4_096)
def _maker(uid: str) -> str | None:
    """Maker and root of a UID, of which the beginning is enough."""
    for root, owner in identifiers.makers():
        if uid.startswith(f"{root}."):
            return f"{owner} ({root})"
    return None


def _plain(match: Match, part: _Part, told: set[str]) -> Iterator[Finding]:
    """The UIDs of which there is no more to say than that they are UIDs."""
    values = {uid: seen for uid, seen in part.values.items() if uid not in told}
    if not values:
        return
    left_out = max(0, match.element.distinct - len(match.element.values))
    yield replace(
        from_match(Match(match.element, match.rule, values)),
        name=_name(part, values),
        distinct=len(values) + left_out,
        files=_files(part, values),
    )


def _finding(rule: str, part: _Part, values: dict[str, Seen], certainty: Certainty) -> Finding:
    element = part.leader
    return make_finding(
        rule,
        certainty=certainty,
        place=Place.PRIVATE if element.place is Place.PRIVATE else Place.UID,
        tag=element.tag,
        path=element.path,
        name=_name(part, values),
        values=tuple(values),
        files=_files(part, values),
        example=next(iter(values.values())).example,
    )


def _name(part: _Part, values: dict[str, Seen]) -> str:
    """The leader's name, and those of the other elements in which these UIDs stand."""
    names = {part.leader.name: None}
    for uid in values:
        names.update(dict.fromkeys(element.name for element in part.others.get(uid, ())))
    listed = list(names)
    return ", ".join(listed[:_MOST_NAMED] + (["..."] if len(listed) > _MOST_NAMED else []))


def _files(part: _Part, values: dict[str, Seen]) -> int:
    """In how many files the UIDs are at least."""
    by_element: dict[int, tuple[int, int]] = {}
    for uid in values:
        for element in (part.leader, *part.others.get(uid, ())):
            _, so_far = by_element.get(id(element), (0, 0))
            by_element[id(element)] = (element.files, so_far + element.values[uid].files)
    return max(min(most, seen) for most, seen in by_element.values())
