"""What the template of a report needs, on the server and in the visitor's own browser alike."""

from __future__ import annotations

from typing import Any

from companion.scans.findings import Report
from companion.web.scans.report import keep
from companion.web.scans.report.page import build

SOURCES = ("made_up", "reopened")
"""Where a report came from, if not from files that were just read."""


def report_context(
    report: Report, language: str, *, letter_place: str, source: str = ""
) -> dict[str, Any]:
    """The context of ``scans/report.html``, as far as its own part of the page goes.

    ``letter_place``: whose law a letter starts with.
    """
    return {
        "page": build(report, language),
        "packed": keep.pack(report),
        "letter_place": letter_place,
        "source": source if source in SOURCES else "",
    }
