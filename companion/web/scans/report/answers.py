"""Five questions that a person has of a report, each with a short answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from companion.content import writing
from companion.scans.findings import Finding, Person, Report
from companion.web.dates import day_in_words
from companion.web.scans.report import ai
from companion.web.scans.report.chosen import (
    OUT_OF_SIGHT,
    Words,
    identifying,
    listed,
    phrases,
    sure,
)
from companion.web.scans.report.days import ScanDay, as_day
from companion.web.scans.report.health import (
    about_health,
    health,
    maybe_health,
    tells,
    written_reports,
)
from companion.web.scans.report.looked import PICTURE_WORDS, SEEN, Sight, looked
from companion.web.scans.report.opening import names_left, on_you, only_numbers
from companion.web.scans.report.readable import Said, plain, said
from companion.web.scans.report.unread import Share
from companion.web.words import page_language

LINES_AT_MOST = 6
NAMES_AT_MOST = 4
DAYS_AT_MOST = 4
_KINDS_AT_MOST = 5
"""Kinds of scans of one day."""

_NAMED_BY = ("patient-name", "second-person-name", "private-patient-name", "echo-name")
_WHO = {"who-you-are", "about-you"}
_ALSO = _WHO | {"hidden"}
_IN_DOCUMENTS = {"name-in-text", "birth-date-in-text", "record-number-in-text"}
"""Rules whose values are lines of a document: shown where no name is known otherwise."""
_OWNER = ("EXIF artist", "EXIF camera owner")
"""Names under which a camera or a phone writes whose it is."""
_TAKEN = ("EXIF date and time taken", "EXIF date and time")
_SHOWN_IN_WHO = {"patient-name", "birth-date", "patient-id", "placeholder"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer: words, and the values that the switch shows."""

    text: str
    values: tuple[Said, ...] = field(default=(), repr=False)
    more: int = 0
    after: str = ""
    """Words behind the values."""
    without: str = ""
    """The whole line where the values are left out, as on paper that others may see."""

    @property
    def bare(self) -> str:
        """``without``, or what holds of each label in front of a value."""
        what = self.text.rstrip(":")
        return self.without or gettext("%(what)s: in these files.") % {"what": what}


@dataclass(frozen=True, slots=True)
class Answer:
    """The short answer to one question."""

    id: str
    question: str
    lines: tuple[Line, ...]
    count: int
    """Kinds of details that the answer rests on."""
    links: tuple[tuple[str, str], ...]
    """The parts of the page that say more: id and title."""


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """One of several people, as the short answers name them."""

    number: int
    title: str
    """"Person 1"."""
    names: tuple[Said, ...] = field(repr=False)
    scans: str
    """How many files are theirs."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the answers are made from: the findings of one person, or of the whole set."""

    findings: tuple[Finding, ...]
    person: Person | None
    days: tuple[ScanDay, ...]
    whole: bool
    """Nothing was left unread: "none" may be said plainly."""


def answers(told: Told, words: Words) -> tuple[Answer, ...]:
    """Who, when and where, health, and who else."""
    return (
        _answer("who", told, _WHO, _who(told, words), words),
        _answer("when", told, {"when", "where"}, _when_and_where(told, words), words),
        _health(told, words),
        _answer("people", told, {"other-people"}, _who_else(told, words), words),
    )


def about_the_set(told: Told, people: Sequence[PersonNamed], words: Words) -> tuple[Answer, ...]:
    """Who the people of the set are, and who else is named anywhere in it."""
    colon = writing.colon(page_language())
    lines = [
        Line(
            f"{one.title}{colon}",
            one.names,
            after=one.scans,
            without=f"{one.title}{colon} {one.scans}",
        )
        for one in people[:LINES_AT_MOST]
    ]
    links = tuple((f"person-{one.number}", one.title) for one in people[:LINES_AT_MOST])
    own = [f for f in told.findings if f.group in _WHO]
    count = len({f.rule for f in identifying(own)})
    return (
        Answer("who", words["questions"]["who"], tuple(lines), count, links),
        _answer("people", told, {"other-people"}, _who_else(told, words), words),
    )


def fit_to_share(report: Report, share: Share, words: Words) -> Answer:
    """Whether the files can be passed on as they are. Never a plain yes: a part that was not
    looked at may hold anything, and what is yours today is in other lists too."""
    own = words["fit"]
    found = identifying(sure(report.findings))
    named = names_left(report.findings) or [f for f in found if f.group == "who-you-are"]
    promised = any(f.rule == "claim-identity-removed" for f in report.findings)
    lines = []
    several = len(report.people) > 1
    if named and promised:
        lines.append(Line(own["broken"]))
    elif named and all(f.rule in _IN_DOCUMENTS or f.place == "other-file" for f in named):
        lines.append(Line(own["document"]))
    elif named:
        lines.append(Line(own["named_several" if several else "named"]))
    elif any(f.rule in PICTURE_WORDS for f in found):
        lines.append(Line(own["painted"]))
    elif only_numbers(report.findings):
        lines.append(Line(own["numbers"]))
    elif found:
        lines.append(Line(own["traces"]))
    elif not share.whole:
        lines.append(Line(own["unread"]))
    else:
        lines.append(Line(own["nothing"]))
    lines += _of_the_pictures(report, own)
    if not share.whole and found and len(lines) == 1:
        lines.append(Line(own["part"]))
    count = len({f.rule for f in found})
    target = (
        ("claims", words["groups"]["claims"])
        if promised
        else (
            "limits",
            words["limits"]["cannot_title"],
        )
    )
    return Answer("share", words["questions"]["share"], tuple(lines), count, (target,))


def _of_the_pictures(report: Report, own: Mapping[str, str]) -> Iterable[Line]:
    """What has to be known of the pictures before they are passed on."""
    sight = looked(report).sight
    rules = {f.rule for f in report.findings}
    if "face-visible" in rules:
        yield Line(own["face"])
    if sight in (Sight.NONE, Sight.SOME):
        yield Line(own["pictures"])
    elif sight is Sight.ALL and rules.isdisjoint(SEEN):
        yield Line(own["seen"])


def _answer(id_: str, told: Told, groups: set[str], lines: Sequence[Line], words: Words) -> Answer:
    also = {"who": PICTURE_WORDS, "people": frozenset({"private-staff"})}.get(id_, frozenset())
    own = [f for f in told.findings if f.group in groups or f.rule in also]
    shown = tuple(lines[:LINES_AT_MOST]) or (Line(_none(told, words, id_)),)
    count = len({f.rule for f in identifying(own)})
    return Answer(id_, words["questions"][id_], shown, count, _links(own, words))


def _links(findings: Sequence[Finding], words: Words) -> tuple[tuple[str, str], ...]:
    groups = dict.fromkeys(f.group for f in findings)
    return tuple((f"group-{group}", words["groups"][group.replace("-", "_")]) for group in groups)


def _none(told: Told, words: Words, id_: str) -> str:
    return words["none"][id_] if told.whole else words["none_partly"][id_]


def _who(told: Told, words: Words) -> list[Line]:
    found = sure(told.findings)
    lines = []
    names = _names(told, found)
    if names:
        lines.append(Line(gettext("Name:"), names[:NAMES_AT_MOST], len(names) - NAMES_AT_MOST))
    codes = _codes(told, found)
    if codes:
        if names:
            after = gettext("is where the name should be.")
            without = gettext("A code or a filler word is where the name should be.")
        else:
            after, without = gettext("is where your name should be."), words["opening"]["code"]
        lines.append(Line("", codes[:2], after=after, without=without))
    births = _values(found, {"birth-date"}) or _births(told)
    if births:
        lines.append(Line(gettext("Date of birth:"), births[:2], len(births) - 2))
    numbers = _values(found, {"patient-id"}, but=codes) or _numbers(told, codes)
    if numbers:
        lines.append(Line(gettext("Patient number:"), numbers[:2], len(numbers) - 2))
    rest = [f for f in on_you(found) if f.rule not in _SHOWN_IN_WHO and f.group in _ALSO]
    shown = (("patient_name", names), ("birth_date", births), ("patient_id", numbers))
    said_above = {words["phrases"][phrase] for phrase, values in shown if values}
    also = [phrase for phrase in phrases(rest, words) if phrase not in said_above]
    if also:
        text = gettext("Also: {}.") if lines else gettext("These files contain {}.")
        written = dict.fromkeys(v for f in rest if f.rule in _IN_DOCUMENTS for v in said(f) if v)
        shown_texts = () if names else tuple(written)[:2]
        sentence = format_html(text, listed(also, 4))
        lines.append(Line(sentence, shown_texts, without=sentence))
    owner = _noted(told.findings, _OWNER)
    if owner:
        lines.append(_told_of(words["answers"]["camera_owner"], owner[:1]))
    painted = _values(identifying(found), PICTURE_WORDS)
    if painted:
        own = words["answers"]
        more, without = len(painted) - 2, own["painted_without"]
        lines.append(Line(own["painted"], painted[:2], more, without=without))
    hidden = [f for f in identifying(found) if f.place in OUT_OF_SIGHT and f.group == "hidden"]
    if hidden:
        lines.append(Line(words["answers"]["hidden"]))
    return lines


def _told_of(text: str, values: tuple[Said, ...], more: int = 0) -> Line:
    """A sentence that ends in the values, and is one without them too."""
    return Line(text, values, more, without=f"{text.rstrip(':')}.")


def _noted(found: Iterable[Finding], names: Sequence[str]) -> tuple[Said, ...]:
    """What a camera wrote under these names, the first name first."""
    own = [f for f in found if f.rule in {"other-file-details", "picture-details"}]
    return tuple(
        dict.fromkeys(
            Said(v, day_in_words(day) if (day := as_day(v.replace(":", "-"))) else "")
            for name in names
            for f in own
            if f.name == name
            for v in f.values
        )
    )


def _names(told: Told, found: Sequence[Finding]) -> tuple[Said, ...]:
    if told.person is not None:
        return plain(map(Said.name, told.person.names))
    codes = {value for f in found if f.rule == "placeholder" for value in f.values}
    for rule in _NAMED_BY[:3]:
        values = _values(found, {rule}, but=codes)
        if values:
            return values
    return ()


def _births(told: Told) -> tuple[Said, ...]:
    """Those of the person: a day that several share is a finding of the whole set."""
    texts = told.person.birth_dates if told.person else ()
    return plain(Said(text, day_in_words(day) if (day := as_day(text)) else "") for text in texts)


def _numbers(told: Told, codes: Collection[str]) -> tuple[Said, ...]:
    texts = told.person.numbers if told.person else ()
    return tuple(Said(text) for text in texts if text not in codes)


def _codes(told: Told, found: Sequence[Finding]) -> tuple[Said, ...]:
    if told.person is not None:
        return tuple(map(Said, told.person.codes))
    places = {"PatientName", "PatientID"}
    named = (f for f in found if f.rule == "placeholder" and f.name in places)
    return tuple(dict.fromkeys(value for f in named for value in said(f) if value))


def _values(
    found: Iterable[Finding], rules: Collection[str], but: Collection[str] = ()
) -> tuple[Said, ...]:
    return plain(v for f in found if f.rule in rules for v in said(f) if v and v not in but)


def _when_and_where(told: Told, words: Words) -> list[Line]:
    found = sure(told.findings)
    by_day: dict[str, list[str]] = {}
    for day in told.days:
        by_day.setdefault(day.said, []).append(day.what)
    lines = [
        _day_line(day, kinds, first=number == 0)
        for number, (day, kinds) in enumerate(list(by_day.items())[:DAYS_AT_MOST])
    ]
    more = len(by_day) - DAYS_AT_MOST
    if more > 0:
        lines.append(
            Line(ngettext("and %(n)d more day", "and %(n)d more days", more) % {"n": more})
        )
    places = (*_values(found, {"institution"}), *_values(found, {"department"}))
    if places:
        lines.append(Line(gettext("Place:"), places[:2], len(places) - 2))
    if any(f.rule.startswith("gps") for f in found):
        lines.append(Line(words["answers"]["map"]))
    taken = () if told.days else _noted(told.findings, _TAKEN)
    named = () if told.days or taken else _values(found, {"file-name-date"})
    if taken:
        lines.append(_told_of(words["answers"]["taken"], taken[:1]))
    elif named:
        lines.append(_told_of(words["answers"]["file_name_date"], named[:2], len(named) - 2))
    if not lines and any(f.group == "when" for f in identifying(found)):
        lines.append(Line(words["answers"]["dates"]))
    if not told.days and any(f.rule == "uid-date" for f in found):
        lines.append(Line(words["answers"]["dates_in_numbers"]))
    return lines


def _day_line(day: str, kinds: Sequence[str], *, first: bool) -> Line:
    """A day, and what was scanned on it."""
    what = writing.listed(dict.fromkeys(kinds[:_KINDS_AT_MOST]), page_language())
    if what:
        text = gettext("On one day: %(what)s") if first else gettext("On another day: %(what)s")
    else:
        text = gettext("One day") if first else gettext("Another day")
    return Line("", (Said(day),), after=what, without=text % {"what": what})


def _health(told: Told, words: Words) -> Answer:
    reports = written_reports(told.findings)
    facts = health(told.findings, words)
    lines = []
    if reports:
        lines.append(Line(words["answers"]["report"]))
    if facts:
        lines.append(Line(format_html(gettext("The files mention {}."), listed(facts, 5))))
    elif maybe_health(told.findings):
        lines.append(Line(words["answers"]["maybe_health"]))
    made = ai.results(told.findings)
    if made:
        text = words["answers"]["program_unsigned" if ai.unsigned(told.findings) else "program"]
        lines.append(Line(text))
    parts = []
    if reports:
        parts.append(("documents", words["documents"]["title"]))
    # Of scans also where no program left a sign: whether AI was at work is what many ask.
    if made or told.days:
        parts.append(("ai", words["ai"]["title"]))
    own = [f for f in about_health(told.findings) if tells(f)]
    return Answer(
        "health",
        words["questions"]["health"],
        tuple(lines) or (Line(_none(told, words, "health")),),
        len(reports) + len(facts) + len(made),
        (*parts, *_links(own, words)),
    )


def _who_else(told: Told, words: Words) -> list[Line]:
    found = [
        f for f in sure(told.findings) if f.group == "other-people" or f.rule == "private-staff"
    ]
    names = plain(v for f in found for v in said(f) if v)
    if not names:
        return []
    text = ngettext("%(n)d name or contact:", "%(n)d names or contacts:", len(names))
    more = len(names) - NAMES_AT_MOST
    return [_told_of(text % {"n": len(names)}, names[:NAMES_AT_MOST], more)]
