"""A finished letter, from which preview, PDF, text, DOCX and calendar all come.

``compose`` puts one person's answers into one letter for one place and
language. Whatever is printed afterwards reads the ``Letter`` and adds nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import dropwhile
from types import MappingProxyType
from typing import Literal

from companion.content.law import Jurisdiction, Law
from companion.content.library import LANGUAGES, SOURCE, Untranslated
from companion.content.untranslated import alike, is_untranslated
from companion.letters import rights
from companion.letters.catalogue import Catalogue, Spec
from companion.letters.facts import Facts
from companion.letters.follow_up import addressee, wait_of, with_first_letter
from companion.letters.grammar import Answer, Block, Run, Situation
from companion.letters.rights import Milestone
from companion.letters.spec import LETTER_SECTIONS

# Letters and digits that are not mistaken for one another when read aloud or typed.
_REFERENCE = "ACDEFHJKLMNPRTUVWXY34679"
LAW_GROWS_OLD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part: ``law`` (A), ``ask`` (B), ``answer`` or ``enclosures``."""

    kind: Literal["law", "ask", "answer", "enclosures"]
    heading: str
    lead: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A day on the time line, in words."""

    milestone: Milestone
    words: str
    when: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that a letter says, ready for any form of print."""

    slug: str
    layout: str
    language: str
    jurisdiction: Jurisdiction
    paper: str
    reference: str
    title: str
    """Neutral, for the document's own title: it names no person and no illness."""
    name: str
    """The letter's name in the catalogue."""
    dated: str
    sent: date
    sender: tuple[str, ...] = field(repr=False)
    recipient: tuple[str, ...] = field(repr=False)
    subject: str = field(repr=False)
    about: tuple[tuple[str, str], ...] = field(repr=False)
    opening: tuple[Block, ...] = field(repr=False)
    sections: tuple[Section, ...] = field(repr=False)
    signer: str = field(repr=False)
    identifiers: tuple[str, ...] = field(repr=False)
    laws: tuple[Law, ...]
    marks: tuple[str, ...]
    """The small print: when the law was checked, by whom, and what this is not."""
    law_is_old: str
    points: tuple[Point, ...] = field(repr=False)
    answer_by: str
    note: str
    """A sentence about the deadline rule, or nothing."""
    date_words: tuple[str, ...]
    """What else to know about the dates: if they are an estimate, and what comes after."""
    frame: Mapping[str, str] = field(repr=False)
    """The fixed words of letters in this language."""
    cover: Mapping[str, str] = field(repr=False)
    timeline_words: Mapping[str, str] = field(repr=False)
    sending: str = field(repr=False)
    copy_mark: str = ""


def new_reference() -> str:
    """A code to tell letters apart, made by chance and from nothing else."""
    code = "".join(secrets.choice(_REFERENCE) for _ in range(6))
    return f"{code[:3]}-{code[3:]}"


def is_reference(text: str) -> bool:
    """Whether a text could be a code of ours."""
    return len(text) == 7 and text[3] == "-" and all(c in _REFERENCE for c in text[:3] + text[4:])


def letter_language(languages: Sequence[str], jurisdiction: Jurisdiction, wanted: str) -> str:
    """The language the recipient reads, if the letter is written in it.

    ``languages`` are those that it is written in (``Spec.languages``). Where none is
    official in the jurisdiction, the person's choice counts, and else English.
    """
    official = [one for one in jurisdiction.languages if one in languages]
    allowed = official or list(languages)
    return wanted if wanted in allowed else allowed[0]


def compose(
    catalogue: Catalogue,
    spec: Spec,
    jurisdiction: Jurisdiction,
    facts: Facts,
    *,
    language: str,
    today: date,
    reference: str,
    region: str = "",
) -> Letter:
    """Write the letter. What was not answered shows as a gap to fill in.

    ``region`` is the part of the place whose holidays count, such as ``BY``.
    """
    shared = catalogue.shared[language]
    sent = facts.date("sent_on") or today
    points = time_points(
        catalogue, spec, jurisdiction, facts, language=language, today=today, region=region
    )
    who = addressee(catalogue, spec, jurisdiction, facts.answers)
    frame = _named({**shared["frame"], **shared.get(f"frame {who}", {})})
    by = rights.answer_by(tuple(point.milestone for point in points))
    answer_by = say_date(catalogue, by, language, jurisdiction) if by else ""
    dated = say_date(catalogue, sent, language, jurisdiction)
    regulator = jurisdiction.regulator
    situation = Situation(
        family=jurisdiction.family,
        answers=with_first_letter(catalogue, spec, jurisdiction, facts, sent),
        shown=MappingProxyType(
            {
                **_shown(catalogue, spec, jurisdiction, facts, language),
                "today": dated,
                "answer_by": answer_by,
                "reference": reference,
                "place_name": jurisdiction.name[language],
                "regulator": regulator.name[language] if regulator else "",
                "regulator_contact": regulator.contact if regulator else "",
            }
        ),
        citation=lambda name: jurisdiction.laws[name].citation[language],
        gap=frame["gap"],
        required=spec.required,
    )
    templates = spec.templates[language]
    filled = {
        name: templates[name].fill(situation)
        for name in ("opening", "A", "B", "answer", "enclosures")
    }
    identifiers = facts.lines("identifiers")
    checked = min(
        [spec.law_checked_on, *(jurisdiction.laws[one].checked_on for one in _cited(filled))]
    )
    checked_words = say_date(catalogue, checked, language, jurisdiction)
    rule = spec.rule_for(jurisdiction, who)
    method = facts.text("method") or "post"
    return Letter(
        slug=spec.slug,
        layout=spec.layout,
        language=language,
        jurisdiction=jurisdiction,
        paper=jurisdiction.paper,
        reference=reference,
        title=frame["title"].format(reference=reference),
        name=spec.words[language]["title"][""],
        dated=dated,
        sent=sent,
        sender=(
            facts.text("representative") or facts.text("name") or frame["gap"],
            *facts.lines("contact"),
        ),
        recipient=_recipient(shared, who, facts, frame["gap"]),
        subject=templates["subject"].fill_line(situation),
        about=_about(catalogue, spec, jurisdiction, facts, language, reference),
        opening=filled["opening"],
        sections=_sections(frame, filled, answer_by, enclosed=bool(identifiers)),
        signer=facts.text("representative") or facts.text("name") or frame["gap"],
        identifiers=identifiers,
        laws=tuple(jurisdiction.laws[one] for one in dict.fromkeys(_cited(filled))),
        marks=_marks(spec, frame, checked_words, whole=_is_whole(spec, frame, language)),
        law_is_old=(
            frame["law_old"].format(date=checked_words) if today - checked > LAW_GROWS_OLD else ""
        ),
        points=points,
        answer_by=answer_by,
        note=_note(jurisdiction, rule, points, language),
        date_words=_date_words(shared["cover"], points),
        frame=frame,
        cover=_named({**shared["cover"], "title": shared["cover"][""]}),
        timeline_words=shared["timeline"],
        sending=shared[f"send {method}"][""],
    )


def reader_copy(letter: Letter, catalogue: Catalogue, original: str) -> Letter:
    """Mark a letter as the reader's copy of one written in ``original``."""
    frame = letter.frame
    language = language_name(catalogue, original, letter.language)
    return replace(letter, copy_mark=frame["copy_mark"].format(language=language))


def language_name(catalogue: Catalogue, code: str, language: str) -> str:
    names = catalogue.shared[language]["languages"]
    return names.get(code) or LANGUAGES.get(code) or names["other"]


def say_date(catalogue: Catalogue, day: date, language: str, jurisdiction: Jurisdiction) -> str:
    """A date in words, in the order that the place writes it."""
    months = catalogue.text(language, "months")
    pattern = catalogue.text(language, "dates", jurisdiction.dates)
    if Untranslated in (type(months), type(pattern)) and language != SOURCE:
        # A date half in one language is none: it is English as a whole.
        return Untranslated(say_date(catalogue, day, SOURCE, jurisdiction))
    return pattern.format(day=day.day, month=months.split("\n")[day.month - 1], year=day.year)


def time_points(
    catalogue: Catalogue,
    spec: Spec,
    jurisdiction: Jurisdiction,
    facts: Facts,
    *,
    language: str,
    today: date,
    region: str = "",
) -> tuple[Point, ...]:
    """The time line of a letter, in words of ``language``; none for a slip.

    A slip is handed over the desk, and nothing is due after it.
    """
    if spec.layout == "slip":
        return ()
    words = catalogue.shared[language]["timeline"]
    name = spec.rule_for(jurisdiction, addressee(catalogue, spec, jurisdiction, facts.answers))
    rule = jurisdiction.rules[name] if name else None
    found = rights.timeline(
        jurisdiction,
        rule,
        sent=facts.date("sent_on") or today,
        method=facts.text("method"),
        received=facts.date("received_on"),
        knew=facts.date("event_date") or facts.date("notice_date"),
        region=region,
        today=today,
        asked_days=spec.answer_days,
        wait=wait_of(spec, jurisdiction, facts),
    )

    def say(milestone: Milestone) -> str:
        first = say_date(catalogue, milestone.when.first, language, jurisdiction)
        if milestone.when.exact:
            return first
        last = say_date(catalogue, milestone.when.last, language, jurisdiction)
        return words["between"].format(**{"from": first, "to": last})

    def told(milestone: Milestone) -> str:
        more = rule.passed.get(language, "") if rule and milestone.kind == "yours-passed" else ""
        return alike(f"{words[milestone.kind]} {more}".strip(), words[milestone.kind])

    return tuple(Point(one, told(one), say(one)) for one in found)


def _note(jurisdiction: Jurisdiction, rule: str, points: tuple[Point, ...], language: str) -> str:
    """What to know about the rule; for a limit of one's own, once its day is known."""
    if not rule:
        return ""
    if jurisdiction.rules[rule].yours and not any(one.milestone.kind in _OWN for one in points):
        return ""
    return jurisdiction.rules[rule].note.get(language, "")


_OWN = ("yours", "yours-passed", "yours-after")


def _date_words(cover: Mapping[str, str], points: tuple[Point, ...]) -> tuple[str, ...]:
    kinds = {one.milestone.kind for one in points}
    answers = [kind for kind in ("due", "due-ask", "confirm") if kind in kinds]
    found = [cover["estimate"]] if answers and "arrives" in kinds else []
    found += [cover[f"overdue-{kind}"] for kind in answers]
    if kinds & {"yours", "yours-after"}:
        found.append(cover["own-limit"])
    return tuple(found)


def _named(parts: Mapping[str, str]) -> Mapping[str, str]:
    """Parts of a words file under names that a template can write."""
    return MappingProxyType({name.replace("-", "_"): text for name, text in parts.items()})


def _shown(
    catalogue: Catalogue, spec: Spec, jurisdiction: Jurisdiction, facts: Facts, language: str
) -> dict[str, Answer]:
    """How each answer prints: dates in words, options as the letter says them."""
    shown: dict[str, Answer] = {}
    for one in spec.fields:
        answer = facts.answers.get(one.id)
        if not answer:
            continue
        printed = spec.field_words[language][one.id].printed
        if one.kind == "date" and isinstance(answer, str):
            shown[one.id] = say_date(catalogue, date.fromisoformat(answer), language, jurisdiction)
        elif one.options:
            shown[one.id] = (
                printed[answer]
                if isinstance(answer, str)
                else tuple(printed[option] for option in answer)
            )
        else:
            shown[one.id] = answer
    return shown


def _recipient(
    shared: Mapping[str, Mapping[str, str]], kind: str, facts: Facts, gap: str
) -> tuple[str, ...]:
    name = facts.text("recipient_name") or gap
    who = shared[f"recipient {kind}"][""]
    first = (who.format(name=name),) if "{name}" in who else (name, who)
    # An address copied from an envelope begins with the names that stand above it already.
    address = dropwhile(
        lambda line: line.casefold() == name.casefold() or line.casefold() in who.casefold(),
        facts.lines("recipient_address"),
    )
    return (*first, *address)


def _about(
    catalogue: Catalogue,
    spec: Spec,
    jurisdiction: Jurisdiction,
    facts: Facts,
    language: str,
    reference: str,
) -> tuple[tuple[str, str], ...]:
    """Who the letter is about, for the office to find the person.

    A slip has no head of its own, so that it names hospital, sender and contact here.
    """
    frame = catalogue.shared[language]["frame"]
    born = facts.date("birth_date")
    rows = [
        (frame["for"] if facts.text("representative") else frame["about"], facts.text("name")),
    ]
    if spec.layout == "slip":
        rows = [(label, value or frame["gap"]) for label, value in rows]
        rows += [
            (frame["writes"], facts.text("representative")),
            (frame["contact"], ", ".join(facts.lines("contact")) or frame["gap"]),
            (frame["hospital"], facts.text("recipient_name") or frame["gap"]),
        ]
    rows += [
        (frame["born"], say_date(catalogue, born, language, jurisdiction) if born else ""),
        (frame["record"], facts.text("record_number")),
        (frame["reference"], reference),
    ]
    return tuple((label, value) for label, value in rows if value)


def _sections(
    frame: Mapping[str, str],
    filled: Mapping[str, tuple[Block, ...]],
    answer_by: str,
    *,
    enclosed: bool,
) -> tuple[Section, ...]:
    lead = (
        frame["answer_lead"].format(answer_by=answer_by) if answer_by else frame["answer_lead_open"]
    )
    enclosures = filled["enclosures"]
    if enclosed:
        enclosures = (*enclosures, Block("list", ((Run(frame["identifiers_item"]),),)))
    found = [
        Section("law", frame["A"], "", filled["A"]),
        Section("ask", frame["B"], "", filled["B"]),
        Section("answer", frame["answer"], lead, filled["answer"]),
        Section("enclosures", frame["enclosures"], "", enclosures),
    ]
    return tuple(section for section in found if section.blocks)


def _cited(filled: Mapping[str, tuple[Block, ...]]) -> list[str]:
    return [name for blocks in filled.values() for block in blocks for name in block.laws()]


def _marks(spec: Spec, frame: Mapping[str, str], checked: str, *, whole: bool) -> tuple[str, ...]:
    """The small print. A letter that is not ``whole`` says that a part of it is in English."""
    known = frame["law_checked"].format(date=checked)
    english = () if whole else (frame["part_in_english"],)
    if spec.law_checked_by:
        signed = alike(f"{known} ({spec.law_checked_by})", known)
        return (signed, frame["not_advice"], *english)
    return (known, frame["law_unchecked"], frame["not_advice"], *english)


def _is_whole(spec: Spec, frame: Mapping[str, str], language: str) -> bool:
    """Whether all words that the letter prints are in its own language."""
    own = all(not spec.templates[language][name].untranslated for name in LETTER_SECTIONS)
    return own and not any(map(is_untranslated, frame.values()))
