"""Where a program was at work: what it made, whose it is, and whether a person signed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from companion.content import identifiers
from companion.scans import labels
from companion.scans.findings import Finding, Report
from companion.scans.labels import Label
from companion.web.scans.report.chosen import Words, sure
from companion.web.scans.report.labelled import Labelled, labelled
from companion.web.scans.report.next_steps import Step, letters, questions
from companion.web.words import Prose

PROGRAMS_AT_MOST = 20
LETTER = "ai-in-my-care"
COMPANY_LETTER = "ask-ai-company"
_COMPANIES_AT_MOST = 3
_PRODUCT_AT_MOST = 120
"""Characters, as the letter's question takes them."""
_CARRIED_AT_MOST = 10
_UNSIGNED = "ai-unsigned"
"""The rule of words that a program wrote and nobody confirmed."""
_PLACE = "device-place"
"""The rule of a place where a program ran: a line of that program, where one is known."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program as one finding names it."""

    title: Prose
    """What the finding says of it: it made a file, it changed a picture, its maker is named."""
    what: Prose
    lines: tuple[Labelled, ...] = field(repr=False)
    """Program, version, maker, what it made ..., as the file has them."""
    unsigned: tuple[str, ...] = field(repr=False)
    """What it said and nobody confirmed: folded, behind a sentence that says so."""
    signed: str
    """``yes``, ``no``, or ``""`` where the file does not say."""
    files: int
    example: str = field(repr=False)
    certainty: str
    certainty_word: str
    person: str
    """Number of the person whose files these are, where the set has several."""

    @property
    def name(self) -> str:
        """The program by name, where the file has one."""
        return self.told(Label.PROGRAM)

    @property
    def details(self) -> tuple[Labelled, ...]:
        """The lines below the name."""
        return tuple(line for line in self.lines if line.text != self.name)

    def told(self, label: Label) -> str:
        """The text of the first line of this label, or nothing."""
        return next((line.text for line in self.lines if line.id == label), "")


@dataclass(frozen=True, slots=True)
class Company:
    """A maker that the files name surely enough to be written to."""

    name: str
    product: str
    """Its programs with their versions, as the letter asks for them; may be empty."""


@dataclass(frozen=True, slots=True)
class AiPart:
    """The part of the report about programs."""

    programs: tuple[Program, ...]
    more: int
    unsigned: tuple[str, ...] = field(repr=False)
    """The same, where no program of the list is known to have said it."""
    questions: tuple[Step, ...]
    letter: Step | None
    carried: str = field(repr=False)
    """The lines that go into the letter's own questions."""
    company_letter: Step | None
    companies: tuple[Company, ...] = field(repr=False)

    @property
    def found(self) -> bool:
        """There is a sign of a program."""
        return bool(self.programs or self.unsigned)

    @property
    def confirm_for_all(self) -> bool:
        """Whether to say once that a person must confirm what a program says: no program's own
        words say so already."""
        return bool(self.unsigned) or (
            bool(self.programs) and not any(one.unsigned for one in self.programs)
        )


def ai_part(
    report: Report,
    words: Words,
    rules: Any,
    language: str,
    people: Mapping[str, str] | None = None,
) -> AiPart:
    """What the findings of the group ``ai`` say; without any, only what to ask. ``people``:
    the number of each person of the set by id, where there are several."""
    findings = report.findings
    whose = {record.name: record.person for record in report.files}
    about = [f for f in findings if f.group == "ai" and f.rule != _UNSIGNED]
    said = _unsigned(findings)
    made_in = {f.example for f in about if f.rule == "ai-result"}
    ran_at = {f.example: f.values for f in about if f.rule == _PLACE and f.example in made_in}
    programs = [
        _program(
            finding,
            words,
            rules,
            place=ran_at.get(finding.example, ()) if finding.rule == "ai-result" else (),
            unsigned=said.pop(finding.example, ()) if finding.rule == "ai-result" else (),
            person=(people or {}).get(finding.person or whose.get(finding.example, ""), ""),
        )
        for finding in about
        if finding.rule != _PLACE or finding.example not in made_in
    ]
    distinct = _merged(programs)
    rule = identifiers.rules()["ai-result"]
    letter, to_company = letters((LETTER,), language), letters((COMPANY_LETTER,), language)
    return AiPart(
        programs=tuple(_said_once(distinct[:PROGRAMS_AT_MOST])),
        more=max(0, len(distinct) - PROGRAMS_AT_MOST),
        unsigned=tuple(text for texts in said.values() for text in texts),
        questions=questions(rule.questions, language),
        letter=letter[0] if letter else None,
        carried="\n".join(_carried(distinct, words)),
        company_letter=to_company[0] if to_company else None,
        companies=tuple(_companies(distinct))[:_COMPANIES_AT_MOST],
    )


def results(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that a program made something in these files."""
    return [f for f in sure(findings) if f.rule == "ai-result"]


def files_made(results: Sequence[Finding]) -> int:
    """How many files programs made, at the least: findings may speak of the same files."""
    most = max(f.files for f in results)
    return max(most, len({f.example for f in results}))


def names(results: Iterable[Finding]) -> list[str]:
    """The programs by name, as the files have them."""
    found = (labels.read(value) for f in results for value in f.values)
    return list(dict.fromkeys(text for label, text in found if label == Label.PROGRAM))


def unsigned(findings: Iterable[Finding]) -> bool:
    """Whether a result is in the files that no person has confirmed, as far as they say."""
    own = [f for f in findings if f.group == "ai"]
    return any(f.rule == _UNSIGNED or _signed(f) == "no" for f in own)


def _unsigned(findings: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    """What programs said and nobody confirmed, by the file that the finding names."""
    texts: dict[str, dict[str, None]] = {}
    for finding in findings:
        if finding.rule == _UNSIGNED:
            texts.setdefault(finding.example, {}).update(dict.fromkeys(finding.values))
    return {file: tuple(said)[:PROGRAMS_AT_MOST] for file, said in texts.items()}


def _said_once(programs: Iterable[Program]) -> Iterator[Program]:
    """Each with what its kind means, which only the first of a kind says."""
    kinds: set[Prose] = set()
    for program in programs:
        yield replace(program, what=Prose("")) if program.what in kinds else program
        kinds.add(program.what)


def _program(
    finding: Finding,
    words: Words,
    rules: Any,
    *,
    place: Sequence[str],
    unsigned: tuple[str, ...],
    person: str,
) -> Program:
    own = rules.get(finding.rule)
    ran_at = (Labelled("place", words["ai"]["place"], text, coded=False) for text in place)
    lines = (*labelled(finding.values), *ran_at)
    return Program(
        title=Prose(own.title if own else finding.name),
        what=Prose(own.what if own else ""),
        lines=tuple(line for line in lines if line.id != Label.SIGNED),
        unsigned=unsigned,
        signed=_signed(finding),
        files=finding.files,
        example=finding.example,
        certainty=finding.certainty,
        certainty_word=words["certainties"][finding.certainty],
        person=person,
    )


def _signed(finding: Finding) -> str:
    found = (labels.read(value) for value in finding.values)
    return next((text for label, text in found if label == Label.SIGNED), "")


def _merged(programs: Sequence[Program]) -> list[Program]:
    """Each program once, however many elements of its file name it."""
    found: dict[tuple[Any, ...], Program] = {}
    for program in programs:
        key = (program.title, program.lines, program.person)
        known = found.get(key, program)
        most = known if known.files >= program.files else program
        unsigned = tuple(dict.fromkeys((*known.unsigned, *program.unsigned)))[:PROGRAMS_AT_MOST]
        found[key] = replace(most, unsigned=unsigned)
    return list(found.values())


def _companies(programs: Sequence[Program]) -> Iterator[Company]:
    """Each maker once, with its programs. A guess is no reason to write to anybody."""
    found: dict[str, dict[str, None]] = {}
    for one in programs:
        maker = one.told(Label.MAKER)
        if maker and one.certainty != "possible":
            found.setdefault(maker, {})[_with_version(one)] = None
    for maker, products in found.items():
        yield Company(maker, ", ".join(filter(None, products))[:_PRODUCT_AT_MOST])


def _with_version(program: Program) -> str:
    parts = (program.told(Label.PROGRAM), program.told(Label.VERSION))
    return " ".join(part for part in parts if part)


def _carried(programs: Sequence[Program], words: Words) -> list[str]:
    """One line for each program that has a name, for the office to answer."""
    lines = []
    for one in programs[:_CARRIED_AT_MOST]:
        maker, named = one.told(Label.MAKER), _with_version(one)
        named = f"{named} ({maker})" if named and maker else named or maker
        if named:
            lines.append(words["ai"]["carried"].format(program=named))
    return list(dict.fromkeys(lines))
