"""Where a program was at work: what it made, whose it is, and whether a person signed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from companion.content import identifiers
from companion.scans.findings import Finding
from companion.web.scans.report.chosen import Words, sure
from companion.web.scans.report.next_steps import Step, letters, questions
from companion.web.words import Prose

PROGRAMS_AT_MOST = 20
LETTER = "ai-in-my-care"
_UNSIGNED = "ai-unsigned"
"""The rule of words that a program wrote and nobody confirmed."""
_LABELS = ("made", "program", "version", "maker", "signed")
"""Labels of the lines that a finding's values may be made of, ``program: Name``."""
_LABEL_OF = {"signed by a person": "signed", "purpose": "made"}
_NO = ("no", "unverified", "not")


@dataclass(frozen=True, slots=True)
class Program:
    """One program as one finding names it."""

    title: Prose
    """What the finding says of it: it made a file, it changed a picture, its maker is named."""
    what: Prose
    made: str = field(repr=False)
    program: str = field(repr=False)
    version: str = field(repr=False)
    maker: str = field(repr=False)
    signed: str
    """``yes``, ``no``, or ``""`` where the file does not say."""
    other: tuple[str, ...] = field(repr=False)
    """Values without a label, as the file has them."""
    files: int
    example: str = field(repr=False)
    certainty: str
    certainty_word: str


@dataclass(frozen=True, slots=True)
class AiPart:
    """The part of the report about programs."""

    programs: tuple[Program, ...]
    more: int
    unsigned: tuple[str, ...] = field(repr=False)
    """What a program said and nobody confirmed: folded, behind a sentence that says so."""
    questions: tuple[Step, ...]
    letter: Step | None
    carried: str = field(repr=False)
    """The lines that go into the letter's own questions."""


def ai_part(findings: Sequence[Finding], words: Words, rules: Any, language: str) -> AiPart:
    """What the findings of the group ``ai`` say; without any, only what to ask."""
    about = [f for f in findings if f.group == "ai" and f.rule != _UNSIGNED]
    programs = [_program(finding, words, rules) for finding in about]
    distinct = _merged(programs)
    rule = identifiers.rules()["ai-result"]
    letter = letters((LETTER,), language)
    return AiPart(
        programs=tuple(distinct[:PROGRAMS_AT_MOST]),
        more=max(0, len(distinct) - PROGRAMS_AT_MOST),
        unsigned=tuple(_unsigned(findings)),
        questions=questions(rule.questions, language),
        letter=letter[0] if letter else None,
        carried="\n".join(_carried(distinct, words)),
    )


def results(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that a program made something in these files."""
    return [f for f in sure(findings) if f.rule == "ai-result"]


def unsigned(findings: Iterable[Finding]) -> bool:
    """Whether a result is in the files that no person has confirmed, as far as they say."""
    own = [f for f in findings if f.group == "ai"]
    return any(f.rule == _UNSIGNED or _read(f)["signed"] == "no" for f in own)


def _unsigned(findings: Iterable[Finding]) -> list[str]:
    texts = (value for f in findings if f.rule == _UNSIGNED for value in f.values)
    return list(dict.fromkeys(texts))[:PROGRAMS_AT_MOST]


def _program(finding: Finding, words: Words, rules: Any) -> Program:
    read = _read(finding)
    own = rules.get(finding.rule)
    return Program(
        title=Prose(own.title if own else finding.name),
        what=Prose(own.what if own else ""),
        made=read["made"],
        program=read["program"],
        version=read["version"],
        maker=read["maker"],
        signed=read["signed"],
        other=tuple(v for v in finding.values if _label(v)[0] is None),
        files=finding.files,
        example=finding.example,
        certainty=finding.certainty,
        certainty_word=words["certainties"][finding.certainty],
    )


def _merged(programs: Sequence[Program]) -> list[Program]:
    """Each program once, however many elements of its file name it."""
    found: dict[tuple[str, ...], Program] = {}
    for program in programs:
        key = (program.title, program.program, program.version, program.maker, *program.other)
        known = found.get(key)
        if known is None or known.files < program.files:
            found[key] = program
    return list(found.values())


def _read(finding: Finding) -> dict[str, str]:
    """The labelled lines of a finding's values; the first of each label."""
    read = dict.fromkeys(_LABELS, "")
    for value in finding.values:
        label, text = _label(value)
        if label is not None and not read[label]:
            read[label] = text
    if read["signed"]:
        read["signed"] = "no" if read["signed"].lower().startswith(_NO) else "yes"
    return read


def _label(value: str) -> tuple[str | None, str]:
    before, colon, after = value.partition(": ")
    label = _LABEL_OF.get(before.lower(), before.lower())
    return (label, after.strip()) if colon and label in _LABELS else (None, value)


def _carried(programs: Sequence[Program], words: Words) -> list[str]:
    """One line for each program that has a name, for the office to answer."""
    lines = []
    for one in programs[:10]:
        named = " ".join(part for part in (one.program, one.version) if part)
        named = f"{named} ({one.maker})" if named and one.maker else named or one.maker
        if named:
            lines.append(words["ai"]["carried"].format(program=named))
    return list(dict.fromkeys(lines))
