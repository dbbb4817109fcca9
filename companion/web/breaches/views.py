"""The public list of breaches: find a hospital, a plan or a company in it.

The search is a POST, so that what a person types gets into no address and no log.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_http_methods

from companion import clock
from companion.content import screens
from companion.content.library import SOURCE
from companion.providers import breach_search, profiles
from companion.providers.word_index import MAX_QUERY, us_states
from companion.web.breaches.entries import JURISDICTION, LETTER, entry, grouped
from companion.web.dates import day_in_words
from companion.web.words import page_language, screen

MOST_FOUND = 20
OLD = timedelta(days=60)
"""Cases become public within this time (45 CFR 164.408(b)): a list that is older lacks some."""


@require_http_methods(["GET", "HEAD", "POST"])
def breaches(request: HttpRequest) -> HttpResponse:
    """The search, and what it finds."""
    language = page_language()
    whole = breach_search.index.list_state()
    provider = profiles.at(request)
    query = request.POST.get("q", "")[:MAX_QUERY]
    states = whole.states if whole else ()
    state = request.POST.get("state", "")
    state = state if state in states else ""
    context: dict[str, object] = {
        "words": screen("breaches", language),
        "list": whole,
        "old": bool(whole and whole.day and clock.today() - whole.day > OLD),
        "up_to": _up_to(whole, language),
        "states": sorted(((code, us_states().get(code, code)) for code in states), key=_name),
        "state": state,
        "q": query or (provider.name if provider and request.method != "POST" else ""),
        "letter": LETTER,
        "place": JURISDICTION,
        "in_english": language == SOURCE,
        "max_query": MAX_QUERY,
    }
    if request.method == "POST" and query.strip():
        found = breach_search.index.search(query, state, MOST_FOUND)
        listed = found.breaches or found.elsewhere
        context |= {
            "searched": True,
            "found": found,
            "listed": [entry(breach, language) for breach in listed],
            "how_many": _how_many(len(listed), language),
        }
    return render(request, "breaches/breaches.html", context)


def _up_to(whole: breach_search.ListState | None, language: str) -> str:
    """How far the list goes, and how long it is."""
    if whole is None or whole.day is None:
        return ""
    words = screens.passage("breaches", language, "list", "up-to")
    return words.replace("{day}", day_in_words(whole.day)).replace(
        "{number}", grouped(whole.entries)
    )


def _how_many(number: int, language: str) -> str:
    words = screens.passage("breaches", language, "found", "one" if number == 1 else "many")
    return words.replace("{number}", grouped(number))


def _name(choice: tuple[str, str]) -> str:
    return choice[1]


paths = [path("breaches/", breaches, name="breaches")]
