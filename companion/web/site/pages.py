"""The pages that people expect: about, privacy, terms and so on; and "for hospitals".

Their words are in ``content/screens/<page>/``. What a deployment says about itself (who
runs it, how to reach them) is filled in from the settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse, translate_url
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from companion.content import screens
from companion.content.library import CONTENT, LANGUAGES, SOURCE
from companion.content.prose import to_html
from companion.content.untranslated import alike, is_untranslated
from companion.providers import profiles
from companion.web import links, pdf_pool
from companion.web.responses import download
from companion.web.site import errors
from companion.web.site.branding import brand, version
from companion.web.words import page_language

PAGES = ("about", "privacy", "consumer-health-data-privacy", "accessibility", "terms", "security")
"""Pages of prose only; each is at the address of its name."""

COMMITTEE = ("does", "does-not", "data-flow", "questions", "hipaa", "start")
"""Sections of "for hospitals" that the privacy committee gets on paper."""

_OWN_PAGE = re.compile(r'href="(/[a-z-]+/)"')

SNIPPETS = CONTENT / "snippets"

SNIPPET_TITLES = {"link": _("A link"), "button": _("A button"), "card": _("A card")}
"""File of a snippet -> what it is, in the order of the page."""

ENTRY_LABELS = {
    "hospital": _("Your hospital’s page"),
    "home": _("The home page"),
    "checklists": _("The questions"),
    "letters": _("The letters"),
    "scans": _("A look inside a scan"),
}
"""``links.ENTRIES`` as the builder of links offers them."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """HTML to paste into a portal."""

    name: str
    title: str
    html: str


@require_safe
def prose(request: HttpRequest, page: str) -> HttpResponse:
    """One of ``PAGES``."""
    return render(request, "site/page.html", page_words(page, page_language()))


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every page, in one list."""
    language = page_language()
    pages = [(page, page_words(page, language)["title"]) for page in (*PAGES, "for-hospitals")]
    context = {
        "pages": pages,
        "breaches": screens.passage("breaches", language, "page", "title"),
        "receipt": screens.passage("receipts", language, "receipt", "title"),
        "compare": screens.passage("receipts", language, "compare", "title"),
    }
    return render(request, "site/site_map.html", context)


@require_safe
def for_hospitals(request: HttpRequest) -> HttpResponse:
    """What a privacy office asks, and a builder for its link, QR code and snippets."""
    language = page_language()
    link_language = request.GET.get("language", language)
    link_language = link_language if link_language in LANGUAGES else language
    entry = request.GET.get("entry", "hospital")
    entry = entry if entry in links.ENTRIES else "hospital"
    slug = request.GET.get("at", "").strip()
    provider = profiles.at(request)
    address = links.public(
        entry, link_language, at=provider.slug if provider else "", request=request
    )
    query = urlencode({"at": slug, "entry": entry, "language": link_language, "get": "png"})
    if request.GET.get("get") == "png":
        return download(links.qr_png(address), stem="qr-code", ending="png")
    return render(
        request,
        "site/for_hospitals.html",
        {
            **page_words("for-hospitals", language),
            "entries": ENTRY_LABELS.items(),
            "entry": entry,
            "link_language": link_language,
            "all_languages": LANGUAGES,
            "slug": slug,
            "provider": provider,
            "problem": _slug_problem(request, slug),
            "address": address,
            "qr": links.qr(address),
            "qr_file": f"{reverse('for-hospitals')}?{query}",
            "snippets": [
                Snippet(name, str(title), snippet(name, address, link_language))
                for name, title in SNIPPET_TITLES.items()
            ],
        },
    )


def _slug_problem(request: HttpRequest, slug: str) -> str:
    """Why the link that was asked for names no hospital; ``""`` if it does, or need not."""
    if profiles.unreachable(request):
        return gettext("We cannot look up hospitals right now. The link below works without one.")
    if slug and not profiles.at(request):
        return gettext("No hospital here has this short name. The link works without it.")
    return ""


@require_safe
def one_pager(request: HttpRequest) -> HttpResponse:
    """ "For hospitals" on paper, for the privacy committee."""
    language = page_language()
    try:
        pdf = pdf_pool.print_pdf(one_pager_html(language, request), language=language)
    except pdf_pool.Busy:
        return errors.busy(request)
    except pdf_pool.PrintError:
        # This page always fits: neither its length nor the visitor is at fault.
        return errors.server_error(request)
    return download(pdf, stem="for-hospitals", ending="pdf")


def one_pager_html(language: str, request: HttpRequest | None = None) -> str:
    words = page_words("for-hospitals", language)
    address = links.root(request) + links.path("for-hospitals", language)
    return render_to_string(
        "print/one_pager.html",
        {
            "title": screens.passage("for-hospitals", language, "one-pager-title"),
            "lede": words["lede"],
            "sections": [
                {**part, "html": _on_paper(part["html"], links.root(request))}
                for part in words["sections"]
                if part["id"] in COMMITTEE
            ],
            "facts_heading": screens.passage("for-hospitals", language, "facts", "heading"),
            "facts": facts(language, address),
            "brand": brand(),
            "qr": links.qr(address),
            "language": language,
        },
    )


def facts(language: str, address: str) -> list[tuple[str, str]]:
    """What a committee asks of this copy alone: label and value, said also where it is not set."""
    words = screens.read("for-hospitals", language)["facts"]
    own = brand()
    values = {
        "operator": own.operator,
        "contact": own.contact,
        "country": settings.COMPANION_HOSTING_COUNTRY,
        "company": settings.COMPANION_HOSTING_COMPANY,
        "address": address,
        "version": version(),
    }
    return [(words[name], value or words["unsaid"]) for name, value in values.items()]


def _on_paper(prose: str, root: str) -> SafeString:
    """Links of a prose page with the site's whole address: paper has no page to start from."""
    return mark_safe(prose.replace('href="/', f'href="{root}/'))  # noqa: S308  our own prose


def page_words(page: str, language: str) -> dict[str, Any]:
    """Title, lede and sections of a prose page, filled from the settings."""
    words = screens.read(page, language)
    sections = [
        {"id": name, "heading": parts["heading"], "html": html(parts["text"], language)}
        for name, parts in words.items()
        if "heading" in parts and "text" in parts
    ]
    return {
        "title": words["title"][""],
        "lede": fill(words["lede"][""], language),
        "sections": sections,
        "run_by": fill("{run-by}", language),
    }


def html(markdown: str, language: str) -> SafeString:
    """A text of ours as HTML, with its links to our own pages in its language."""
    prose = to_html(fill(markdown, language))
    # The texts name our pages without a language; no prefix is the site's first one.
    with override(settings.LANGUAGE_CODE):
        linked = _OWN_PAGE.sub(lambda link: f'href="{translate_url(link[1], language)}"', prose)
    return mark_safe(linked)  # noqa: S308  sanitised by to_html


def fill(text: str, language: str) -> str:
    """Fill in who runs this deployment, and the sentences that pages share."""

    def say(name: str) -> str:
        return screens.passage("site", language, name)

    own = brand()
    if own.operator:
        link = own.contact_link
        contact = f"[{own.contact}]({link})" if link else own.contact or say("contact-unknown")
        run_by = say("run-by-known").replace("{operator}", own.operator)
        run_by = run_by.replace("{contact}", contact)
    else:
        run_by = say("run-by-unknown")
    for name, value in (
        ("hosting-country", settings.COMPANION_HOSTING_COUNTRY),
        ("hosting-company", settings.COMPANION_HOSTING_COMPANY),
    ):
        said = screens.passage("site", language, name, "known" if value else "unknown")
        text = text.replace("{" + name + "}", said.replace("{value}", value))
    filled = text.replace("{run-by}", run_by).replace("{safety}", say("safety"))
    return alike(filled, run_by) if text == "{run-by}" else filled


def snippet(name: str, address: str, language: str) -> str:
    """HTML for somebody else's page: no script, no cookie, nothing fetched from us."""
    words = screens.read("for-hospitals", language)["snippet"]
    text = (SNIPPETS / f"{name}.html").read_text(encoding="utf-8").strip()
    in_english = any(map(is_untranslated, words.values()))
    values = {"url": address, "language": SOURCE if in_english else language, **words}
    for key, value in values.items():
        if key:
            text = text.replace("{" + key + "}", escape(value))
    return text


paths: list[URLPattern] = [
    *(path(f"{page}/", prose, {"page": page}, name=page) for page in PAGES),
    path("site-map/", site_map, name="site-map"),
    path("for-hospitals/", for_hospitals, name="for-hospitals"),
    path("for-hospitals/one-pager/", one_pager, name="for-hospitals-one-pager"),
]
