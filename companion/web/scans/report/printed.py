"""The report on paper: HTML for ``pdf_pool.print_pdf``, with its picture as an image."""

from __future__ import annotations

import base64
from textwrap import wrap
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, ngettext

from companion.content import writing
from companion.scans.findings import Report
from companion.web.scans.report.figure import LEFT
from companion.web.scans.report.page import Page, build
from companion.web.scans.report.paper_pictures import on_paper

_HEIGHT = 330
"""Of the picture, in units of its own grid."""
_LINE = 22
"""Characters of a facet's title that fit in one line of its box."""


def report_html(
    report: Report, *, language: str, values: bool, pictures: bool = False, made_up: bool = False
) -> str:
    """The whole page to print. Without ``values`` it holds none of the patient's texts, only
    the standard's own names. ``pictures``: the small pictures too, what is written on them
    painted over unless ``values``. ``made_up``: the scan is invented, and the page says so."""
    with translation.override(language):
        page = build(report, language)
        context = {
            "page": page,
            "values": values,
            "file_names": values or not page.names_are_values,
            "small_pictures": tuple(on_paper(page.pictures, values)) if pictures else (),
            "made_up": made_up,
            "language": language,
            "picture": _picture(page),
            "picture_words": writing.listed(
                (
                    f"{f.title}{writing.colon(language)} {_found(f.count, page.share.whole)}"
                    for f in page.facets
                ),
                language,
            ),
        }
        return render_to_string("print/report.html", context)


def _picture(page: Page) -> str:
    """The picture as a ``data:`` address, the only kind that printing may load."""
    svg = render_to_string(
        "print/_report_picture.svg", {"spots": _spots(page), "drawing": page.drawing}
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _spots(page: Page) -> list[dict[str, Any]]:
    """Where each facet's box stands, and the string from it to the film; units of the
    picture's own 720 by 330 grid."""
    spots = []
    for number, facet in enumerate(page.facets):
        on_the_left = number < LEFT
        row, of = (number, LEFT) if on_the_left else (number - LEFT, len(page.facets) - LEFT)
        middle = round((row + 0.5) * _HEIGHT / of)
        top = middle - 27
        y = 96 + round(row * 130 / (of - 1))
        from_the_middle = 40 if row in (0, of - 1) else 56
        x = 361 - from_the_middle if on_the_left else 361 + from_the_middle
        edge = 184 if on_the_left else 536
        bend = (edge + x) // 2
        # A title of two lines pushes its count down and starts higher.
        title = _lines(facet.title)
        first = top + (24 if len(title) == 1 else 18)
        spots.append(
            {
                "left": 2 if on_the_left else 536,
                "top": top,
                "middle": 93 if on_the_left else 627,
                "title": [(line, first + 14 * n) for n, line in enumerate(title)],
                "below": top + (43 if len(title) == 1 else 47),
                "x": x,
                "y": y,
                "string": f"M{edge} {top + 27}C{bend} {top + 27} {bend} {y} {x} {y}",
                "words": _found(facet.count, page.share.whole),
                "count": facet.count,
            }
        )
    return spots


def _lines(title: str) -> list[str]:
    """The title in one line of its box, or in two of about the same length."""
    if len(title) <= _LINE:
        return [title]
    fits = (wrap(title, width) for width in range(len(title) // 2, len(title)))
    return next(lines for lines in fits if len(lines) <= 2)


def _found(count: int, whole: bool) -> str:
    if not count:
        return gettext("none found") if whole else gettext("none in what we read")
    return ngettext("%(n)d kind found", "%(n)d kinds found", count) % {"n": count}
