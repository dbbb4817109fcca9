"""The pictures themselves, small: what was seen on them, where it stands, what was left out.

Until the switch shows the values, what was found is covered in the picture too. The small
pictures are in no saved report; one that was opened from a file has the words and no picture.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from companion.content.identifiers import CERTAINTIES
from companion.scans.findings import (
    NOT_LOOKED_AT,
    Box,
    FileRecord,
    Finding,
    Report,
    Shows,
    Thumbnail,
)
from companion.web.scans.report import carried_pictures
from companion.web.scans.report.coded import rule_of_keyword
from companion.web.scans.report.looked import FACES, SEEN, Looked, Sight, looked
from companion.web.scans.report.marks import Mark, boxes_in, mark, place, places
from companion.web.scans.report.readable import Said, said
from companion.web.scans.report.unread import Share
from companion.web.words import Prose, rule_words

PICTURES_AT_MOST = 12
"""Small pictures on a page; what is more is counted."""
ALIKE_AT_MOST = 2
"""Of them, pictures on which the same stands in the same places."""
OTHERS_AT_MOST = 6
"""Of them, pictures on which nothing was found."""
BYTES_AT_MOST = 60_000
"""Of all small pictures of a page together."""
BYTES_AT_LEAST = 18_000
"""Room for them on the longest page."""
BYTES_PER_FILE = 250
"""What each file's own text takes from that room: a page of many files is heavy without
pictures, and has to reach a slow phone too."""
OTHERS_BYTES_AT_MOST = 24_000
"""Of those on which nothing was found: they may not make a page heavy."""
BOXES_AT_MOST = 60
"""Outlined in one picture."""
FILES_AT_MOST = 12
"""Files with pictures that were not looked at, by name."""
MEDIA_TYPES = ("image/jpeg", "image/png")

_TOLD_AT_ONCE = {"picture-text-unread", "face-part"}
"""Rules whose hints are worth a look before all else."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in one place of one picture."""

    titles: tuple[Prose, ...]
    """What the words there are: a name, a date ..."""
    certainty_word: str
    places: tuple[str, ...]
    """Where it stands, in words: "upper left corner"."""
    values: tuple[Said, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """One small picture as the page shows it."""

    number: int
    thumbnail: Thumbnail = field(repr=False)
    data_url: str = field(repr=False)
    alt: str
    marks: tuple[Mark, ...]
    """Outlined: what was found. Covered too, until the values are shown."""
    covers: tuple[Mark, ...]
    """Covered until then and not outlined: other words, which may still be somebody's."""
    seen: tuple[Seen, ...]
    kind: str
    """The code of the machine, such as CT."""
    frame: int
    """Counted from 1; 0 where the file has one only."""
    frames: int

    @property
    def file(self) -> str:
        return self.thumbnail.file

    @property
    def carried(self) -> str:
        """The picture as the page's form holds it, see ``carried_pictures``."""
        return carried_pictures.pack(self.thumbnail)


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """Files with frames that were not looked at, for one reason."""

    reasons: tuple[str, ...]
    names: tuple[str, ...] = field(repr=False)
    more: int
    frames: int
    """How many frames of them; 0 where nobody counted."""


@dataclass(frozen=True, slots=True)
class PicturesPart:
    """The part of the page about the pictures."""

    looked: Looked
    told: SafeString
    """How much was looked at, in one sentence."""
    limit: Prose
    """What looking at the pictures cannot tell; empty without pictures."""
    claims: tuple[Prose, ...]
    """What the files claim about words on their pictures, beside what was seen."""
    pictures: tuple[Picture, ...]
    faces: tuple[Picture, ...]
    face: Prose
    """What the slices show of a face, and what that means; empty where they show none."""
    more: int
    """Small pictures that the page leaves out."""
    not_looked_at: tuple[NotLookedAt, ...]
    found: bool
    """Something was seen that can lead to a person: the part stands near the top."""
    missing: bool
    """Boxes without their pictures: the report was opened from a file."""

    def __bool__(self) -> bool:
        return self.looked.sight is not Sight.NO_PICTURES or self.found or bool(self.all_pictures)

    @property
    def all_pictures(self) -> tuple[Picture, ...]:
        return (*self.pictures, *self.faces)

    @property
    def clean(self) -> bool:
        """Nothing was found, and no word is on the pictures that are shown."""
        return not any(picture.marks or picture.covers for picture in self.pictures)

    @property
    def covered(self) -> bool:
        """Something in a picture, or beside it, hides until the switch shows it."""
        return any(p.marks or p.covers or any(s.values for s in p.seen) for p in self.pictures)


def pictures_part(
    report: Report, share: Share, words: Any, rules: Any, sentences: Any
) -> PicturesPart:
    """``rules``: the words of the rules; ``sentences``: those of the notes on files."""
    seen = looked(report)
    found = [f for f in report.findings if f.rule in SEEN]
    fit = [t for t in report.thumbnails if t.media_type in MEDIA_TYPES and t.width and t.height]
    flat = [t for t in fit if t.shows is not Shows.FACE]
    room = max(BYTES_AT_LEAST, BYTES_AT_MOST - BYTES_PER_FILE * len(report.files))
    chosen = _chosen(flat, found, room)
    faces = [t for t in fit if t.shows is Shows.FACE][:2]
    files = {record.name: record for record in report.files}
    shown = [
        _picture(number, thumbnail, found, files, words, rules)
        for number, thumbnail in enumerate((*chosen, *faces), 1)
    ]
    return PicturesPart(
        looked=seen,
        told=seen.told(words, share),
        limit=words["limits"].get(f"pictures_{seen.sight}", Prose("")),
        claims=tuple(_claims(report, seen, words)),
        pictures=tuple(shown[: len(chosen)]),
        faces=tuple(shown[len(chosen) :]),
        face=_face(found, words),
        more=len(fit) - len(shown),
        not_looked_at=_not_looked_at(report.files, sentences),
        found=any(f.certainty != "possible" or f.rule in _TOLD_AT_ONCE for f in found),
        missing=not fit and any(f.boxes for f in found),
    )


def _has(findings: Iterable[Finding], rule: str) -> bool:
    return any(finding.rule == rule for finding in findings)


def _face(findings: Sequence[Finding], words: Any) -> Prose:
    rule = next((rule for rule in ("face-visible", "face-part") if _has(findings, rule)), "")
    return words["pictures"][rule.replace("-", "_")] if rule else Prose("")


def _chosen(
    thumbnails: Sequence[Thumbnail], found: Sequence[Finding], room: int
) -> list[Thumbnail]:
    """Those that fit into ``room`` (bytes), no frame twice: first what something was found on,
    the surest and then the patient's own before the rest; then what holds no words at all. Of
    many slices that say the same in the same places, the first ones do."""
    alike: dict[frozenset[tuple[str, str, str]], list[Thumbnail]] = {}
    for thumbnail in thumbnails:
        alike.setdefault(_found_on(thumbnail, found), []).append(thumbnail)
    others = sorted(alike.pop(frozenset(), ()), key=lambda one: bool(one.boxes))
    chosen: dict[tuple[str, int], Thumbnail] = {}
    groups = sorted(alike.values(), key=lambda group: _rank(group[0], found))
    for thumbnail in (one for group in groups for one in group[:ALIKE_AT_MOST]):
        if len(chosen) < PICTURES_AT_MOST and len(thumbnail.image) <= room:
            room -= len(thumbnail.image)
            chosen.setdefault((thumbnail.file, thumbnail.frame), thumbnail)
    room, most = min(room, OTHERS_BYTES_AT_MOST), len(chosen) + OTHERS_AT_MOST
    for thumbnail in others:
        if len(chosen) < min(most, PICTURES_AT_MOST) and len(thumbnail.image) <= room:
            room -= len(thumbnail.image)
            chosen.setdefault((thumbnail.file, thumbnail.frame), thumbnail)
    return list(chosen.values())


def _rank(thumbnail: Thumbnail, found: Sequence[Finding]) -> tuple[int, str]:
    """Lower for what tells more: sure findings, and of those the first letters of HIPAA's list,
    which names begin."""
    return min(
        (CERTAINTIES.index(finding.certainty), finding.hipaa or "Z")
        for finding in found
        if finding.rule not in FACES and boxes_in(finding, thumbnail)
    )


def _found_on(thumbnail: Thumbnail, found: Sequence[Finding]) -> frozenset[tuple[str, str, str]]:
    """What was found on a picture and where: equal for pictures that say the same."""
    return frozenset(
        (finding.rule, finding.name, place(box, thumbnail))
        for finding in found
        if finding.rule not in FACES
        for box in boxes_in(finding, thumbnail)
    )


def _picture(
    number: int,
    thumbnail: Thumbnail,
    found: Sequence[Finding],
    files: dict[str, FileRecord],
    words: Any,
    rules: Any,
) -> Picture:
    record = files.get(thumbnail.file)
    frames = record.frames if record else 0
    flat = thumbnail.shows is not Shows.FACE
    here = [f for f in found if flat and f.rule not in FACES and boxes_in(f, thumbnail)]
    sure = {box for f in here if f.certainty != "possible" for box in f.boxes}
    boxes = list(dict.fromkeys(box for f in here for box in boxes_in(f, thumbnail)))
    others = [box for box in thumbnail.boxes if flat and box not in boxes]
    seen = _each_place_once(_seen(f, thumbnail, words, rules) for f in here)
    return Picture(
        number=number,
        thumbnail=thumbnail,
        data_url=data_url(thumbnail.image, thumbnail.media_type),
        alt=_alt(number, thumbnail, boxes, words),
        marks=tuple(mark(box, thumbnail, maybe=box not in sure) for box in boxes[:BOXES_AT_MOST]),
        covers=tuple(mark(box, thumbnail) for box in others[:BOXES_AT_MOST]),
        seen=seen,
        kind=record.modality if record else "",
        frame=thumbnail.frame + 1 if frames > 1 or thumbnail.frame else 0,
        frames=frames,
    )


def data_url(image: bytes, media_type: str) -> str:
    """A picture as an address that holds it whole: nothing is fetched, nothing is kept."""
    return f"data:{media_type};base64,{base64.b64encode(image).decode('ascii')}"


def _seen(finding: Finding, thumbnail: Thumbnail, words: Any, rules: Any) -> Seen:
    boxes = boxes_in(finding, thumbnail)
    values = said(finding)
    if len(values) > 1:
        # The first boxes are those of the values, one each; what the others say is not known.
        pairs = zip(finding.boxes, values, strict=False)
        values = tuple(value for box, value in pairs if box in boxes)
    return Seen(
        titles=(_title(finding, words, rules),),
        certainty_word=words["certainties"][finding.certainty],
        places=places(boxes, thumbnail, words),
        values=values,
    )


def _each_place_once(found: Iterable[Seen]) -> tuple[Seen, ...]:
    """One line of a picture may hold a name, a date and a hospital: it is told once."""
    merged: dict[tuple[str, tuple[str, ...], tuple[Said, ...]], Seen] = {}
    for one in found:
        key = (one.certainty_word, one.places, one.values)
        titles = (*(merged[key].titles if key in merged else ()), *one.titles)
        merged[key] = replace(one, titles=tuple(dict.fromkeys(titles)))
    return tuple(merged.values())


def _title(finding: Finding, words: Any, rules: Any) -> Prose:
    """What the words are: what an element of that name holds, or what their shape says."""
    shape: Prose | None = words["on_picture"].get(finding.name.replace(" ", "_"))
    if shape:
        return shape
    meant = rule_of_keyword().get(finding.name, finding.rule)
    return rule_words(rules[meant])["title"]


def _alt(number: int, thumbnail: Thumbnail, boxes: Sequence[Box], words: Any) -> str:
    """What the picture shows, for who does not see it; never a word that it says."""
    if thumbnail.shows is Shows.FACE:
        return str(words["pictures"]["face_alt"])
    where = ", ".join(places(boxes, thumbnail, words))
    if where:
        text = gettext("Picture %(number)d, small. Outlined: %(where)s.")
        return text % {"number": number, "where": where}
    return gettext("Picture %(number)d, small. Nothing is outlined.") % {"number": number}


def _claims(report: Report, seen: Looked, words: Any) -> Iterable[Prose]:
    """A file's claim of words on its picture, told beside what was seen."""
    read = any(f.rule in SEEN - FACES for f in report.findings)
    if _has(report.findings, "claim-burned-in") and read:
        yield words["pictures"]["claim_no"]
    if _has(report.findings, "burned-in-yes") and not read and seen.sight is Sight.ALL:
        yield words["pictures"]["claim_yes"]


def _not_looked_at(records: Sequence[FileRecord], sentences: Any) -> tuple[NotLookedAt, ...]:
    groups: dict[tuple[str, ...], list[FileRecord]] = {}
    for record in records:
        if record.frames_looked_at < record.frames or not NOT_LOOKED_AT.isdisjoint(record.notes):
            notes = tuple(note for note in record.notes if note in NOT_LOOKED_AT)
            groups.setdefault(notes, []).append(record)
    return tuple(
        NotLookedAt(
            reasons=tuple(sentences[note] for note in notes),
            names=tuple(record.name for record in own[:FILES_AT_MOST]),
            more=max(0, len(own) - FILES_AT_MOST),
            frames=sum(max(0, r.frames - r.frames_looked_at) for r in own),
        )
        for notes, own in groups.items()
    )
