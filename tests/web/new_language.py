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
    "", "scans/", "scans/sample/", "what-we-do-with-your-files/",
    "letters/", "letters/get-my-images/?place=us", "letters/get-my-images/?place=eu-de",
    "letters/complaint/?place=uk", "letters/opt-out/?place=us", "letters/opt-out/?place=eu-de",
    "checklists/", "checklists/before/", "checklists/after/", "checklists/phrases/",
    "at/", "packs/", "for-hospitals/", "privacy/", "consumer-health-data-privacy/", "about/",
    "terms/", "accessibility/", "security/", "site-map/",
)  # fmt: skip
ANSWERED = {"do": "stay", "answer-B1": "unclear", "answer-B2": "refused", "body": "head"}
LETTER = {"place": "eu-de", "answered": "yes", "language": CODE, "do": "preview"}


def pages() -> dict[str, str]:
    """The main pages in the language, by address; each is there."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    answers = {page: client.get(f"/{CODE}/{page}") for page in PAGES}
    answers["plan"] = client.post(f"/{CODE}/checklists/before/plan/", ANSWERED)
    answers["preview"] = client.post(f"/{CODE}/letters/get-my-images/", LETTER)
    for page, answer in answers.items():
        assert answer.status_code == 200, (page, answer.status_code)
    answers["not found"] = client.get(f"/{CODE}/nowhere/")
    return {page: answer.content.decode() for page, answer in answers.items()}


def papers() -> dict[str, str]:
    from django.utils import translation

    from companion.checklists.answers import Notes
    from companion.content import law
    from companion.letters import samples, text
    from companion.letters.catalogue import catalogue
    from companion.web.checklists import printed as checklists
    from companion.web.letters.printed import letter_html
    from companion.web.packs.choice import Choice
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
