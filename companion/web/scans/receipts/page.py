"""What the pages say of a receipt and of a comparison, in a patient's words.

Never "fake" and never "genuine": what is the same, what is not, and that nobody can tell from
the files who changed them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import number_format

from companion.content import identifiers
from companion.content.untranslated import joined
from companion.receipts import Receipt, SignatureCheck, Trace, TraceKind
from companion.receipts.certificates import Trust
from companion.receipts.changes import Kind, Mark, Outcome
from companion.receipts.clinical import About
from companion.receipts.code import code_text
from companion.receipts.receipt import NotRead
from companion.receipts.summing import Compared, Group, Summary, SummedDetail
from companion.scans.findings import Certainty, Note
from companion.web import links
from companion.web.dates import day_in_words
from companion.web.scans.report.days import as_day
from companion.web.scans.report.readable import Said
from companion.web.words import Prose, prose, screen

ORDER = (
    Kind.PICTURE_AND_DETAILS, Kind.PICTURE, Kind.DETAILS, Kind.MISSING, Kind.ADDED_RESULT,
    Kind.ADDED, Kind.NOT_COMPARED, Kind.REWRAPPED, Kind.SAME,
)  # fmt: skip
"""What most needs a look comes first."""
UNEXPECTED = frozenset(ORDER) - {Kind.NOT_COMPARED, Kind.REWRAPPED, Kind.SAME}
MOST_UNREAD = 50
MOST_LINE = 200
"""Characters of what goes onto the sheet: who handed the copy over."""

Words = Mapping[str, Mapping[str, Prose]]


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One detail before and now; a text of ours stands where there is no value."""

    about: str
    name: str
    old: Said | None = field(repr=False)
    old_words: str
    new: Said | None = field(repr=False)
    new_words: str
    files: str


@dataclass(frozen=True, slots=True)
class GroupPart:
    """Files of which the same is to be said."""

    kind: str
    title: str
    text: str
    marks: list[str]
    person: bool
    """They bear another person's name."""
    examples: tuple[str, ...] = field(repr=False)
    details: list[DetailRow] = field(repr=False)
    more: str
    receipt_only: bool
    """Details differ, and a receipt does not hold which."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file without a fingerprint, and why."""

    name: str = field(repr=False)
    why: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One signature or trace, in sentences."""

    sentences: list[str]
    values: tuple[str, ...] = field(default=(), repr=False)
    tag: str = ""
    example: str = field(default="", repr=False)
    """The name of a file that says so."""


def receipt_context(receipt: Receipt, language: str) -> dict[str, object]:
    """What the page of a receipt shows."""
    words = screen("receipts", language)
    return {
        "words": words,
        "receipt": receipt,
        "day": day(receipt.made_on),
        "lede": words["made"]["lede"].replace("{day}", day(receipt.made_on)),
        "files": counted(words["made"], "files", len(receipt.files)),
        "pictures": counted(words["made"], "pictures", receipt.pictures),
        "hash_parts": hash_parts(receipt.set_hash),
        "qr": links.qr(code_text(receipt)),
        "carried": as_json(receipt).decode("ascii"),
        "most_line": MOST_LINE,
        "unread": unread(receipt.unread, language),
        "signatures": list(map(_Signatures(words).said, receipt.signatures)),
        "traces": [_trace(words, trace) for trace in receipt.traces],
    }


def sheet_context(
    made: Receipt, language: str, *, root: str, giver: str = "", received: str = ""
) -> dict[str, object]:
    """What the sheet to sign shows. ``root``: the site's ``https://host``; ``giver`` and
    ``received`` (a day in ISO's form) as they were typed."""
    words = screen("receipts", language)
    counts: str = words["sheet"]["counts"]
    for name, number in (
        ("files", len(made.files)),
        ("scans", made.scans),
        ("pictures", made.pictures),
        ("not-read", made.not_read),
    ):
        counts = counts.replace(f"{{{name}}}", grouped(number))
    address = root + links.path("scans-compare", language)
    return {
        "words": words,
        "how": prose(words["sheet"]["how"].replace("{address}", address)),
        "made": words["sheet"]["made"].replace("{day}", day(made.made_on)),
        "counts": counts,
        "hash_parts": hash_parts(made.set_hash),
        "qr": links.qr(code_text(made)),
        "giver": " ".join(giver.split())[:MOST_LINE],
        "received": _typed_day(received),
    }


def as_json(made: Receipt) -> bytes:
    """The file that a person keeps."""
    return json.dumps(made.to_json(), indent=1, ensure_ascii=True).encode("ascii")


def comparison_context(compared: Compared, language: str) -> dict[str, object]:
    """What the page of a comparison shows."""
    words, summary = screen("receipts", language), compared.summary
    outcome = summary.outcome.replace("-", "_")
    text = words["outcome"][outcome if compared.from_receipt else f"{outcome}_files"]
    groups = sorted(summary.groups, key=_place)
    more = words["more"]
    return {
        "words": words,
        "outcome": outcome,
        "calm": summary.outcome in {Outcome.SAME, Outcome.REWRAPPED},
        "title": words["outcome"][f"{outcome}_title"],
        "text": text.replace("{day}", day(summary.old_made_on)),
        "groups": [_group(words, group, summary) for group in groups],
        "old_hash_parts": hash_parts(summary.old_set) if compared.from_receipt else [],
        "twice": filled(more["twice"], summary.twice),
        "not_read_before": filled(more["not_read_before"], summary.not_read_before),
        "not_read_now": filled(more["not_read_now"], summary.not_read_now),
        "unread": unread(summary.unread, language),
        "signatures": list(map(_Signatures(words).said, compared.signatures)),
        "traces": [_trace(words, trace) for trace in compared.traces],
        "asks": bool(summary.files(*UNEXPECTED)),
        "other_person": Mark.OTHER_PERSON in summary.marks,
    }


def day(when: date) -> str:
    """A day as the active language writes it."""
    return day_in_words(when)


def _typed_day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return ""


def grouped(number: int) -> str:
    """A number as the active language writes it."""
    return str(number_format(number, force_grouping=True))


def filled(text: str, number: int) -> str:
    """A sentence with its number; ``""`` where there is none of it."""
    return text.replace("{number}", grouped(number)) if number else ""


def counted(words: Mapping[str, Prose], name: str, number: int) -> str:
    """``name_one`` or ``name_many`` of some words, filled in."""
    return words[f"{name}_one" if number == 1 else f"{name}_many"].replace(
        "{number}", grouped(number)
    )


def hash_parts(text: str) -> list[str]:
    """A fingerprint in pieces of eight digits, to be read aloud and compared by eye."""
    return re.findall(r".{1,8}", text)


def unread(rows: tuple[NotRead, ...], language: str) -> list[Unread]:
    """Files that were not read, each with its reason in words."""
    sentences = identifiers.notes(language)
    return [Unread(row.name, sentences[Note(row.note)]) for row in rows[:MOST_UNREAD]]


def readable(keyword: str) -> str:
    """A keyword of the standard as words: ``PatientBirthDate`` is "Patient Birth Date"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", keyword)


def _place(group: Group) -> tuple[bool, int, int]:
    return Mark.OTHER_PERSON not in group.marks, ORDER.index(group.kind), -group.files


def _group(words: Words, group: Group, summary: Summary) -> GroupPart:
    kind = group.kind.replace("-", "_")
    differs = group.kind in {Kind.DETAILS, Kind.PICTURE_AND_DETAILS}
    return GroupPart(
        kind=group.kind,
        title=counted(words["kinds"], kind, group.files),
        text=words["kinds"][kind],
        marks=[_mark(words, mark, group) for mark in group.marks],
        person=Mark.OTHER_PERSON in group.marks,
        examples=() if group.kind is Kind.SAME else group.examples,
        details=[_detail(words, one) for one in group.details],
        more=filled(words["details"]["more"], group.more_details),
        receipt_only=differs and not summary.both_at_hand,
    )


def _mark(words: Words, mark: Mark, group: Group) -> str:
    if mark is Mark.OTHER_PERSON and group.person is Certainty.CERTAIN:
        return words["marks"]["other_person_certain"]
    return words["marks"][mark.replace("-", "_")]


def _detail(words: Words, one: SummedDetail) -> DetailRow:
    def said(value: str | None) -> str:
        if value is None:
            return words["details"]["absent"]
        return words["details"]["no_text"] if not value else ""

    return DetailRow(
        about=words["about"][one.about],
        name=readable(one.name),
        old=_value(one, one.old),
        old_words=said(one.old),
        new=_value(one, one.new),
        new_words=said(one.new),
        files=grouped(one.files),
    )


def _value(one: SummedDetail, text: str | None) -> Said | None:
    """A value, with the form in which people write it beside it."""
    if not text:
        return None
    when = as_day(text) if one.about is About.TIME else None
    if when is not None:
        return Said(text, day(when))
    return Said.name(text) if one.name.endswith("Name") and "^" in text else Said(text)


class _Signatures:
    def __init__(self, words: Words) -> None:
        self._words = words

    def said(self, check: SignatureCheck) -> Statement:
        return Statement(list(self._sentences(check)), check.names, example=check.example)

    def _sentences(self, check: SignatureCheck) -> Iterator[str]:
        say = self._words["signatures"]
        yield say[check.verdict.replace("-", "_")]
        if check.path:
            yield say["item"]
        if check.elements:
            yield from self._covered(check)
        if check.signer:
            yield say["signer"].replace("{signer}", check.signer)
        if when := as_day(check.signed_on[:8]):
            yield say["signed_on"].replace("{day}", day(when))
        yield from self._key(check)
        if check.old_algorithm:
            yield say["old_algorithm"]
        if check.time_stamp:
            yield say["time_stamp"]
        yield self._words["traces"]["files"].replace("{number}", grouped(check.files))

    def _covered(self, check: SignatureCheck) -> Iterator[str]:
        """Over what it is: of a sequence's item, neither picture nor person is to be expected."""
        say = self._words["signatures"]
        if not check.path or check.covers_picture:
            yield say["picture" if check.covers_picture else "no_picture"]
        if not check.path or check.covers_person:
            yield say["person" if check.covers_person else "no_person"]
        entries = say["entries"].replace("{number}", grouped(check.elements))
        yield entries.replace("{others}", grouped(check.unsigned))

    def _key(self, check: SignatureCheck) -> Iterator[str]:
        """Whose the key is and for how long, which says nothing of whom to trust."""
        say = self._words["signatures"]
        if check.trust is Trust.SELF_SIGNED:
            yield say["self_signed"]
        elif check.trust is Trust.ISSUED and check.issuer:
            yield say["issued"].replace("{issuer}", check.issuer)
        elif check.trust is Trust.ALTERED:
            yield say["altered"]
        if check.valid_from and check.valid_until:
            period = say["key_days"].replace("{first}", day(check.valid_from))
            yield period.replace("{last}", day(check.valid_until))
        if check.expired:
            yield say["expired"]


def _trace(words: Words, trace: Trace) -> Statement:
    say = words["traces"]
    sentences: list[str] = [say[trace.kind.replace("-", "_")]]
    if trace.files:
        counted_in = "missing" if trace.kind is TraceKind.NUMBER_GAP else "files"
        sentences.append(say[counted_in].replace("{number}", grouped(trace.files)))
    values = tuple(day(when) if (when := as_day(one)) else one for one in trace.values)
    return Statement([joined(" ", sentences)], values, say[trace.certainty], trace.example)
