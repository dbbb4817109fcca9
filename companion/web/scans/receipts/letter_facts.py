"""What a comparison puts into the letter about a record that is not right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from companion.content import law, screens
from companion.letters.case import say_date
from companion.letters.catalogue import catalogue
from companion.letters.recipient_language import letter_language
from companion.receipts.changes import Kind, Mark
from companion.receipts.summing import Compared, Group, Summary, SummedDetail
from companion.web.scans.receipts.page import ORDER, UNEXPECTED, readable

LETTER = "correct-my-record"
MOST_DETAILS = 12
"""Details of one group that the letter names: a page of it."""
MOST_CHARACTERS = 5_000
"""Of the whole account; its field takes 6,000."""


def letter_context(compared: Compared, place: str, language: str) -> dict[str, object]:
    """What the page of a comparison needs for its way to the letter; ``place`` as
    ``companion.web.scans.letter_place`` has it."""
    return {"letter": LETTER, "place": place, "facts": letter_facts(compared, place, language)}


def letter_facts(compared: Compared, jurisdiction: str, page_language: str) -> dict[str, str]:
    """The fields of the letter's form, in the language that the letter is written in.

    ``jurisdiction``: an id, or what stands for "not chosen yet".
    """
    summary = compared.summary
    known = law.jurisdictions().get(jurisdiction)
    spec = catalogue().letters[LETTER]
    language = letter_language(spec.languages, known, page_language) if known else page_language
    words = screens.read("receipts", language)["letter"]
    chosen = known or law.jurisdiction("us")
    old, new = (
        say_date(catalogue(), when, language, chosen)
        for when in (summary.old_made_on, summary.new_made_on)
    )
    # Two sets of files bear the same day: that of the reading, and not of the older copy.
    opening = words["compared" if compared.from_receipt else "compared-files"]
    lines = [opening.replace("{old}", old).replace("{new}", new), *_lines(summary, words)]
    return {
        "problem": _problem(summary),
        "what_happened": "\n".join(_fitting(lines)),
        "evidence": words["evidence"],
    }


def _problem(summary: Summary) -> str:
    """The answer of the letter's question that is closest."""
    if Mark.OTHER_PERSON in summary.marks:
        return "not-mine"
    kinds = {group.kind for group in summary.groups} & UNEXPECTED
    return "details" if kinds == {Kind.DETAILS} else "changed"


def _lines(summary: Summary, words: Mapping[str, str]) -> Iterator[str]:
    for group in sorted(summary.groups, key=lambda one: ORDER.index(one.kind)):
        if group.kind in UNEXPECTED or Mark.OTHER_PERSON in group.marks:
            yield _line(group, words)
            for one in group.details[:MOST_DETAILS]:
                yield f"- {_detail(one, words)}"


def _detail(one: SummedDetail, words: Mapping[str, str]) -> str:
    def quoted(value: str | None) -> str:
        return words["quoted"].replace("{value}", value) if value else words["absent"]

    # The values last: they are texts of a file, and might hold a brace of their own.
    pattern = words["detail"].replace("{name}", readable(one.name))
    before, _, rest = pattern.partition("{old}")
    between, _, after = rest.partition("{new}")
    return f"{before}{quoted(one.old)}{between}{quoted(one.new)}{after}"


def _line(group: Group, words: Mapping[str, str]) -> str:
    pattern = words["line-one" if group.files == 1 else "line-many"]
    said = words[group.kind]
    if Mark.OTHER_PERSON in group.marks:
        said = f"{said} {words['other-person']}"
    return pattern.replace("{number}", str(group.files)).replace("{what}", said)


def _fitting(lines: list[str]) -> Iterator[str]:
    room = MOST_CHARACTERS
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return
        yield line
