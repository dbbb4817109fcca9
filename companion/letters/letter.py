"""A finished letter, from which preview, PDF, text, DOCX and calendar all come.

``compose`` writes a ``Case`` down in its language. Whatever is printed afterwards reads
the ``Letter`` and adds nothing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import dropwhile
from types import MappingProxyType
from typing import Literal

from companion.content.law import Jurisdiction, Law
from companion.content.library import LANGUAGES
from companion.content.untranslated import alike, is_untranslated
from companion.letters import for_others, rights
from companion.letters.case import Case, is_page
from companion.letters.catalogue import Catalogue
from companion.letters.follow_up import with_first_letter
from companion.letters.grammar import Answer, Block, Line, Run, Situation
from companion.letters.greeting import after_greeting
from companion.letters.spec import LETTER_SECTIONS, FieldWords, Spec
from companion.letters.timeline import Point, timeline

_SECTIONS = ("opening", "A", "B", "answer", "enclosures")
# Letters and digits that are not mistaken for one another when read aloud or typed.
_REFERENCE = "ACDEFHJKLMNPRTUVWXY34679"
LAW_GROWS_OLD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part: ``law`` (A), ``ask`` (B), ``answer`` or ``enclosures``."""

    kind: Literal["law", "ask", "answer", "enclosures"]
    heading: str
    lead: Line
    """A sentence before the blocks, or nothing."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that a letter says, ready for any form of print."""

    slug: str
    is_slip: bool
    """Half a page to hand over the desk, with boxes to tick, in place of a whole letter."""
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
    signer: Line = field(repr=False)
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
    page: str = field(repr=False)
    """The page that takes the letter, where it cannot be posted; or ``""``."""
    copy_mark: str = ""

    @property
    def date_line(self) -> tuple[str, str, str]:
        """The line with the day, in three: what stands before it ("Le" in French), the day,
        which may be a blank to write on, and what follows."""
        before, _, after = self.frame["date_line"].partition("{day}")
        return before, self.dated, after

    @property
    def subject_line(self) -> str:
        """The subject as the letter prints it: French says what it is, "Objet :"."""
        return self.frame["subject_line"].format(subject=self.subject)


def new_reference() -> str:
    """A code to tell letters apart, made by chance and from nothing else."""
    code = "".join(secrets.choice(_REFERENCE) for _ in range(6))
    return f"{code[:3]}-{code[3:]}"


def is_reference(text: str) -> bool:
    """Whether a text could be a code of ours."""
    return len(text) == 7 and text[3] == "-" and all(c in _REFERENCE for c in text[:3] + text[4:])


def compose(case: Case, reference: str) -> Letter:
    """Write the letter. What was not answered shows as a gap to fill in."""
    spec, jurisdiction, facts = case.spec, case.jurisdiction, case.facts
    shared = case.shared
    frame = _frame(case)
    days = timeline(case)
    by = rights.answer_by(case.milestones)
    answer_by = case.say_own_date(by) if by else ""
    dated = case.say_own_date(case.sent)
    situation = _situation(
        case, frame["gap"], {"today": dated, "answer_by": answer_by, "reference": reference}
    )
    templates = spec.templates[case.language]
    filled = _filled(case, situation)
    laws = tuple(jurisdiction.laws[name] for name in dict.fromkeys(_cited(filled)))
    checked = min([spec.law_checked_on, *(law.checked_on for law in laws)])
    identifiers = facts.lines("identifiers")
    writes = facts.text("representative") or facts.text("name") or frame["gap"]
    # A slip greets nobody.
    greeting = "" if spec.is_slip else frame["dear"]
    return Letter(
        slug=spec.slug,
        is_slip=spec.is_slip,
        language=case.language,
        jurisdiction=jurisdiction,
        paper=jurisdiction.paper,
        reference=reference,
        title=frame["title"].format(reference=reference),
        name=spec.words[case.language]["title"][""],
        dated=dated,
        sent=case.sent,
        sender=(writes, *facts.lines("contact")),
        recipient=_recipient(case, frame["gap"]),
        subject=templates["subject"].fill_line(situation),
        about=_about(case, reference),
        opening=after_greeting(greeting, filled["opening"], case.language),
        sections=_sections(frame, filled, answer_by, enclosed=bool(identifiers)),
        signer=_signer(case, frame, writes),
        identifiers=identifiers,
        laws=laws,
        marks=_marks(spec.law_checked_by, frame, case.say(checked), whole=_is_whole(case, frame)),
        law_is_old=(
            frame["law_old"].format(date=case.say(checked))
            if case.today - checked > LAW_GROWS_OLD
            else ""
        ),
        points=days.points,
        answer_by=answer_by,
        note=days.note,
        date_words=days.date_words,
        frame=frame,
        cover=_named({**shared["cover"], "title": shared["cover"][""]}),
        timeline_words=shared["timeline"],
        sending=_sending(case),
        page=case.page,
    )


def reader_copy(letter: Letter, catalogue: Catalogue, original: str) -> Letter:
    """Mark a letter as the reader's copy of one written in ``original``."""
    frame = letter.frame
    language = language_name(catalogue, original, letter.language)
    return replace(letter, copy_mark=frame["copy_mark"].format(language=language))


def language_name(catalogue: Catalogue, code: str, language: str) -> str:
    """The name of a language, in words of ``language``."""
    names = catalogue.shared[language]["languages"]
    return names.get(code) or LANGUAGES.get(code) or names["other"]


def _frame(case: Case) -> Mapping[str, str]:
    """The fixed words of a letter to this recipient, as this writer says them."""
    frame = {**case.shared["frame"], **case.shared.get(f"frame {case.addressee}", {})}
    return _named({name: case.in_person(text) for name, text in frame.items()})


def _filled(case: Case, situation: Situation) -> dict[str, tuple[Block, ...]]:
    """The blocks of each section, with what is said of who writes it if not the patient."""
    templates = case.spec.templates[case.language]
    found = {name: templates[name].fill(situation) for name in _SECTIONS}
    if case.writer == "survivor":
        found["A"] = for_others.still_given(found["A"], case.jurisdiction)
    if case.writer != "patient" and not case.spec.is_slip:
        shared = case.catalogue.for_others[case.language]
        for name, blocks in for_others.added(shared, situation, case.addressee).items():
            found[name] = for_others.joined(found[name], blocks)
    return found


def _named(parts: Mapping[str, str]) -> Mapping[str, str]:
    """Parts of a words file under names that a template can write."""
    return MappingProxyType({name.replace("-", "_"): text for name, text in parts.items()})


def _situation(case: Case, gap: str, own: Mapping[str, Answer]) -> Situation:
    """The answers as the letter's texts may ask about and print them."""
    jurisdiction, language = case.jurisdiction, case.language
    regulator = jurisdiction.regulator
    return Situation(
        family=jurisdiction.family,
        answers=MappingProxyType(
            {
                **with_first_letter(case),
                "writer": case.writer,
                "asks_record": "yes" if case.spec.asks_record else "no",
            }
        ),
        shown=MappingProxyType(
            {
                **_shown(case),
                **own,
                "place_name": jurisdiction.name[language],
                "regulator": regulator.name[language] if regulator else "",
                "regulator_contact": regulator.contact_line if regulator else "",
            }
        ),
        citation=lambda name: case.spelled(jurisdiction.laws[name].citation[language]),
        gap=gap,
        required=case.spec.required,
        writer=case.writer,
        spelled=case.spelled,
    )


def _shown(case: Case) -> dict[str, Answer]:
    """How each answer prints: dates in words, options as the letter says them."""
    shown: dict[str, Answer] = {}
    for one in case.spec.fields:
        answer = case.facts.answers.get(one.id)
        if not answer:
            continue
        words = case.spec.field_words[case.language][one.id]
        printed = words.printed
        if one.kind == "date" and isinstance(answer, str):
            shown[one.id] = case.say(date.fromisoformat(answer))
        elif one.id == "original" and case.first_letter and case.writer != "patient":
            shown[one.id] = _first_letter(case, case.first_letter, words)
        elif one.options:
            shown[one.id] = (
                case.in_person(printed[answer])
                if isinstance(answer, str)
                else tuple(case.in_person(printed[option]) for option in answer)
            )
        else:
            shown[one.id] = answer
    return shown


def _first_letter(case: Case, first: Spec, words: FieldWords) -> str:
    """What the letter before was about, by somebody else than the patient.

    Its name, as the list of letters has it, is the patient's own wish: its subject is not.
    """
    if words.printed[first.slug] != words.options[first.slug]:
        return case.in_person(words.printed[first.slug])
    situation = Situation(
        case.jurisdiction.family,
        {"writer": case.writer},
        {},
        str,
        writer=case.writer,
        spelled=case.spelled,
    )
    return first.templates[case.language]["subject"].fill_line(situation)


def _signer(case: Case, frame: Mapping[str, str], writes: str) -> Line:
    """Who signs, and for whom: each name a run of its own, since either may run from the
    right. Nobody signs for the dead."""
    if case.writer in ("patient", "survivor"):
        return (Run(writes, typed=True),)
    names = {"writer": writes, "name": case.facts.text("name") or frame["gap"]}
    parts = re.split(r"\{(writer|name)\}", frame["signs_for"])
    # Every second part is the name of what goes in.
    return tuple(
        Run(names[part], typed=True) if number % 2 else Run(part)
        for number, part in enumerate(parts)
        if part
    )


def _recipient(case: Case, gap: str) -> tuple[str, ...]:
    name = case.facts.text("recipient_name") or gap
    who = case.shared[f"recipient {case.addressee}"][""]
    first = (who.format(name=name),) if "{name}" in who else (name, who)
    # An address copied from an envelope begins with the names that stand above it already.
    address = dropwhile(
        lambda line: line.casefold() == name.casefold() or line.casefold() in who.casefold(),
        case.facts.lines("recipient_address"),
    )
    # A page that takes letters is no address for the window of an envelope.
    return (*first, *(line for line in address if not is_page(line)))


def _sending(case: Case) -> str:
    """How to send it: through the page of an office that names no other way, else as chosen."""
    if case.page:
        return case.shared["send page"][""].format(page=case.page)
    return case.shared[f"send {case.facts.text('method') or 'post'}"][""]


def _about(case: Case, reference: str) -> tuple[tuple[str, str], ...]:
    """Who the letter is about, for the office to find the person.

    A slip has no head of its own, so that it names hospital, sender and contact here.
    """
    facts, frame = case.facts, case.shared["frame"]
    born, died = facts.date("birth_date"), facts.date("died_on")
    rows = [
        (frame["about" if case.writer in ("patient", "survivor") else "for"], facts.text("name")),
    ]
    if case.spec.is_slip:
        rows = [(label, value or frame["gap"]) for label, value in rows]
        rows += [
            (frame["writes"], facts.text("representative")),
            (frame["contact"], ", ".join(facts.lines("contact")) or frame["gap"]),
            (frame["hospital"], facts.text("recipient_name") or frame["gap"]),
        ]
    rows += [
        (frame["born"], case.say(born) if born else ""),
        (frame["died"], case.say(died) if died else ""),
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
    enclosures = filled["enclosures"]
    if enclosed:
        own = (Block("list", ((Run(frame["identifiers_item"]),),)),)
        enclosures = for_others.joined(enclosures, own)
    found = [
        Section("law", frame["A"], (), filled["A"]),
        Section("ask", frame["B"], (), filled["B"]),
        Section("answer", frame["answer"], _lead(frame, answer_by), filled["answer"]),
        Section("enclosures", frame["enclosures"], (), enclosures),
    ]
    return tuple(section for section in found if section.blocks)


def _lead(frame: Mapping[str, str], answer_by: str) -> Line:
    """What leads into the questions: by which day an answer is asked for, if there is one."""
    if not answer_by:
        return (Run(frame["answer_lead_open"]),)
    before, after = frame["answer_lead"].split("{answer_by}")
    return tuple(run for run in (Run(before), Run(answer_by), Run(after)) if run.text)


def _cited(filled: Mapping[str, tuple[Block, ...]]) -> list[str]:
    return [name for blocks in filled.values() for block in blocks for name in block.laws()]


def _marks(
    checked_by: str, frame: Mapping[str, str], checked: str, *, whole: bool
) -> tuple[str, ...]:
    """The small print. A letter that is not ``whole`` says that a part of it is in English."""
    known = frame["law_checked"].format(date=checked)
    english = () if whole else (frame["part_in_english"],)
    if checked_by:
        return (alike(f"{known} ({checked_by})", known), frame["not_advice"], *english)
    return (known, frame["law_unchecked"], frame["not_advice"], *english)


def _is_whole(case: Case, frame: Mapping[str, str]) -> bool:
    """Whether all words that the letter prints are in its own language."""
    templates = case.spec.templates[case.language]
    own = not any(templates[name].untranslated for name in LETTER_SECTIONS)
    return own and not any(map(is_untranslated, (case.say(case.sent), *frame.values())))
