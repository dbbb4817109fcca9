"""Where the pages of a printed letter end: what a reader would call a bad break."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate

import pypdfium2

from companion.content.law import Jurisdiction, jurisdictions
from companion.letters.catalogue import catalogue
from companion.letters.grammar import Block, Line
from companion.letters.letter import Letter, Section
from companion.letters.spec import Spec

_SPACE = re.compile(r"\s+")
_FOOT = 60
"""Points at the foot of a page, where its number stands."""
_EDGE = 40
"""Points at the right of a page, in which nothing stands."""
_TOLD = 40
"""Characters that tell one line of a letter from another, without its spaces."""


def every_letter() -> Iterator[tuple[Spec, Jurisdiction, str]]:
    """Every letter that is no slip, in every place and language that it is offered in."""
    for spec in catalogue().letters.values():
        for jurisdiction in jurisdictions().values():
            if jurisdiction.offered and spec.offered_in(jurisdiction) and not spec.is_slip:
                yield from ((spec, jurisdiction, language) for language in spec.languages)


def bad_breaks(body: bytes, letter: Letter) -> list[str]:
    """What is wrong with the page ends of a letter, printed alone; empty where nothing is."""
    printed = _Printed(body)
    faults = [f"a line runs over the edge of page {page}" for page in printed.overrun]
    faults += [fault for block in letter.opening for fault in _of_block(block, printed)]
    for section in letter.sections:
        faults += _of_section(section, printed)
    last, closing = printed.last, printed.page_of(letter.frame["closing"])
    signed, marked = printed.page_of(letter.frame["signature"]), printed.page_of(letter.marks[-1])
    if closing != last:
        faults.append(f"the closing stands alone on page {closing}")
    if signed != closing:
        faults.append(f"the signature stands alone on page {signed}")
    if marked != signed:
        faults.append(f"the small print stands alone on page {marked}")
    return faults


class _Printed:
    """The pages of a PDF as one text, in which what a letter says is found in its order."""

    def __init__(self, body: bytes) -> None:
        with pypdfium2.PdfDocument(body) as document:
            pages = [_bare(page.get_textpage().get_text_bounded(bottom=_FOOT)) for page in document]
            self.overrun = [
                number
                for number, page in enumerate(document, start=1)
                if _right(page) > page.get_width() - _EDGE
            ]
            """The pages on which a line is longer than the paper is wide."""
        self._text = "".join(pages)
        self._ends = list(accumulate(map(len, pages)))
        self._at = 0
        self.last = 0
        """The page on which the text that was found last ends."""

    def page_of(self, text: str) -> int:
        """The page, from 1, on which a text begins. ``ValueError`` where it is nowhere."""
        whole = _bare(text)
        self._at = self._text.index(whole[:_TOLD], self._at)
        # Its end is looked for, not counted: addresses and numbers of items stand between pages.
        ends = (
            self._text.find(whole[-size:], self._at) for size in (_TOLD, _TOLD // 2, _TOLD // 4)
        )
        end = next((place for place in ends if place >= 0), self._at)
        self.last = self._page_at(end)
        return self._page_at(self._at)

    def _page_at(self, place: int) -> int:
        return bisect(self._ends, place) + 1


def _of_section(section: Section, printed: _Printed) -> Iterator[str]:
    above = [printed.page_of(one) for one in (section.heading, _text(section.lead)) if one]
    for number, block in enumerate(section.blocks):
        first = printed.page_of(_text(block.lines[0]))
        if number == 0 and set(above) != {first}:
            yield f"the heading of {section.kind} stands at the foot of page {above[0]}"
        yield from _of_block(block, printed)


def _of_block(block: Block, printed: _Printed) -> Iterator[str]:
    # An item may itself go on to the next page, and keeps the one below it company there.
    places = [(printed.page_of(_text(line)), printed.last) for line in block.lines]
    if block.kind == "paragraph" or len(places) == 1:
        return
    if places[0][1] != places[1][0]:
        yield f"the first of a list stands alone on page {places[0][1]}"
    if places[-1][0] != places[-2][1]:
        yield f"the last of a list stands alone on page {places[-1][0]}"


def _right(page: pypdfium2.PdfPage) -> float:
    """Where the text of a page reaches farthest to the right, in points."""
    text = page.get_textpage()
    return max((text.get_rect(number)[2] for number in range(text.count_rects())), default=0.0)


def _text(line: Line) -> str:
    return "".join(run.text for run in line)


def _bare(text: str) -> str:
    # A line may be broken anywhere, and a word at a soft hyphen.
    return _SPACE.sub("", text.replace("\u00ad", "").replace("\ufffe", ""))
