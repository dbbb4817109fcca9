"""Asks a copy of the site, in which a language was added, for its pages; prints JSON.

Run by ``test_new_language.py`` in a process of its own: languages are read at start.
"""

from __future__ import annotations

import json
import sys
from datetime import date

import django

CODE = "qx"
PAGES = (
    "", "scans/", "scans/sample/", "letters/", "letters/get-my-images/?place=us",
    "letters/get-my-images/?place=eu-de", "letters/complaint/?place=uk", "letters/opt-out/?place=us",
    "checklists/", "checklists/before/", "checklists/after/", "checklists/phrases/",
    "checklists/before/plan/", "packs/", "for-hospitals/", "privacy/", "about/", "terms/",
    "accessibility/", "security/", "site-map/", "what-we-do-with-your-files/", "at/", "consumer-health-data-privacy/", "nowhere/",
)  # fmt: skip


def pages() -> dict[str, str]:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    found = {}
    for page in PAGES:
        answer = client.get(f"/{CODE}/{page}")
        found[f"{answer.status_code} {page}"] = answer.content.decode()
    form = {"place": "eu-de", "answered": "yes", "language": CODE, "reader": "", "cover": "yes"}
    answer = client.post(f"/{CODE}/letters/get-my-images/", {**form, "do": "preview"})
    found[f"{answer.status_code} preview"] = answer.content.decode()
    return found


def papers() -> dict[str, str]:
    from django.utils import translation

    from companion.checklists.answers import Notes
    from companion.content import law
    from companion.letters import samples, text
    from companion.letters.catalogue import catalogue
    from companion.web.checklists import printed as checklists
    from companion.web.letters.printed import letter_html
    from companion.web.packs.forms import Choice
    from companion.web.packs.printed import pack_html
    from companion.web.scans.report.printed import report_html
    from companion.web.site.pages import one_pager_html
    from tests.web.scans.report.reports import make_report

    with translation.override(CODE):
        found = {}
        for slug in ("get-my-images", "complaint", "consent-addendum"):
            spec, home = catalogue().letters[slug], law.jurisdiction("us")
            letter = samples.sample(catalogue(), spec, home, CODE, date(2026, 11, 28))
            found[f"paper {slug}"] = letter_html(letter)
            found[f"text {slug}"] = text.to_text(letter)
        found["paper report"] = report_html(make_report(), language=CODE, values=True)
        found["paper checklist"] = checklists.checklist_html("before", [CODE])
        found["paper card"] = checklists.wallet_card_part([CODE])
        choice = Choice(
            pack="before-a-scan", languages=(CODE,), checklists=("before",), letters=("opt-out",),
            card=True, slip=True, place="us", paper="letter",
        )  # fmt: skip
        found["paper pack"] = pack_html(choice, root="https://x.org", today=date(2026, 11, 28))
        found["paper one-pager"] = one_pager_html(CODE)
        found["paper answers"] = checklists.answers_html(Notes(), [CODE, "en"])
    return found


if __name__ == "__main__":
    django.setup()
    json.dump({**pages(), **papers()}, sys.stdout)
