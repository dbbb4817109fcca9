"""Where the pages of anything that is printed end: what a reader would call a bad break.

Read from the layout itself, so that it holds for letters, slips, checklists and packs alike,
whatever their words are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from weasyprint import HTML

from companion.letters.pdf import RefusingFetcher, _Fonts

_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_TITLES = frozenset({"lead", "slip-part", "cut-words", "pack-group"})
"""Classes of lines that announce what comes below them, as a heading does."""
_ENDS = frozenset({"closing", "signature", "signatures", "tracking", "small-print", "cut"})
"""Classes of what ends something: alone on a page it ends nothing that one can see."""
_WHOLE = frozenset({"ask", "habits", "slip", "wallet-card", "panel", "answered"})
"""Classes of what stands on one page or is no use."""


def bad_breaks(html: str) -> list[str]:
    """What is wrong with the page ends of a printed page of ours; empty where nothing is."""
    page = HTML(string=html, base_url="companion:", url_fetcher=RefusingFetcher())
    sheets = [_Sheet(one) for one in page.render(font_config=_Fonts()).pages]
    faults: list[str] = []
    for number, sheet in enumerate(sheets, start=1):
        faults += [f"page {number}: {fault}" for fault in sheet.alone()]
    for number, (sheet, following) in enumerate(pairwise(sheets), start=1):
        faults += [f"page {number}: {fault}" for fault in sheet.broken_before(following)]
    return faults


class _Sheet:
    """One page: its lines of text from top to bottom, each as the elements that it is in."""

    def __init__(self, page: Any) -> None:
        self.lines = list(_lines(page._page_box, ()))

    def alone(self) -> Iterator[str]:
        """What stands on the page with nothing that it belongs to."""
        if not self.lines:
            yield "it is empty"
            return
        last = self.lines[-1]
        if _is_heading(last):
            yield f"a heading at the foot: {_words(last)}"
        if all(any(_classes(one) & _ENDS for one in line) for line in self.lines):
            yield f"nothing but an end: {_words(self.lines[0])}"

    def broken_before(self, following: _Sheet) -> Iterator[str]:
        """What is torn apart between this page and the next."""
        if not self.lines or not following.lines:
            return
        last, first = self.lines[-1], following.lines[0]
        for one in last:
            if one in first and _classes(one) & _WHOLE:
                yield f"torn apart: {_words(last)}"
        (of, above), (following_of, below) = _item(last), _item(first)
        if of is None or of is not following_of or above is below:
            return
        if above is of[0]:
            yield f"the first of a list alone: {_words(last)}"
        if below is of[-1]:
            yield f"the last of a list alone: {_words(first)}"


def _lines(box: Any, within: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The elements around each line box below ``box``, outermost first, in reading order.

    What is drawn in the page's margin, its number, is no part of it.
    """
    kind = type(box).__name__
    if kind == "MarginBox":
        return
    element = getattr(box, "element", None)
    if element is not None and (not within or within[-1] is not element):
        within = (*within, element)
    if kind == "LineBox":
        yield within
        return
    for child in getattr(box, "children", ()):
        # A box that is placed apart is wrapped.
        yield from _lines(getattr(child, "_box", child), within)


def _classes(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def _is_heading(line: tuple[Any, ...]) -> bool:
    return any(one.tag in _HEADINGS or _classes(one) & _TITLES for one in line)


def _item(line: tuple[Any, ...]) -> tuple[Any, Any]:
    """The list and the item of it that a line is in; ``None`` twice outside of lists."""
    for outer, inner in pairwise(line):
        if outer.tag in ("ul", "ol") and inner.tag == "li":
            return outer, inner
    return None, None


def _words(line: tuple[Any, ...]) -> str:
    return " ".join("".join(line[-1].itertext()).split())[:60]
