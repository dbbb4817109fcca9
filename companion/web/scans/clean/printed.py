"""The account as one sheet: a page that goes along in the ZIP, and HTML that becomes a PDF."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import translation

from companion import clock
from companion.cleaning import Account
from companion.web.scans.clean.page import build, to_hand_along

NAME = "what-was-removed"
"""Of the files in the ZIP; the same in every language, so that others can ask for them."""


def as_json(account: Account) -> bytes:
    """The ``companion-cleaning`` contract, without names of files."""
    table = to_hand_along(account).to_json()
    return (json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def sheet_html(account: Account, *, language: str) -> str:
    """The sheet for ``pdf_pool.print_pdf``."""
    return _rendered("print/clean.html", account, language)


def pages(account: Account, language: str) -> Iterator[tuple[str, bytes]]:
    """What goes along in the ZIP, by name."""
    yield f"{NAME}.json", as_json(account)
    yield f"{NAME}.html", _rendered("print/what_was_removed.html", account, language).encode()


def _rendered(template: str, account: Account, language: str) -> str:
    with translation.override(language):
        page = build(to_hand_along(account), language)
        context = {"page": page, "words": page.words, "language": language, "day": clock.today()}
        return render_to_string(template, context)
