"""A hospital's own page, its printed summary, and finding a hospital.

The search is a POST, so that what a person types gets into no address and no log;
``next`` says which of our pages opens with the hospital found.
"""

from __future__ import annotations

import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, path, resolve
from django.views.decorators.http import require_http_methods, require_safe
from pypdf import PdfReader

from companion.providers import page, profiles, reach, search
from companion.web import links, pdf_pool
from companion.web.responses import download, page_or_part
from companion.web.site import errors
from companion.web.words import page_language

MOST_FOUND = 12
LETTER_FORM = "letter-form"
"""The form that the finder can be part of: choosing a hospital posts it."""


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find a hospital: as a page, and for htmx as the list below the search field."""
    query = request.POST.get("q", "")
    context = {
        "q": query[: search.MAX_QUERY],
        "found": search.find(query, MOST_FOUND),
        "next": our_page(request.POST.get("next", "") or request.GET.get("next", "")),
        "form_id": LETTER_FORM if request.POST.get("form") == LETTER_FORM else "",
    }
    return page_or_part(request, "providers/find.html", context, "results")


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """What a hospital says about the use of scans: its public page."""
    provider = _look_up(request, slug)
    if isinstance(provider, HttpResponse):
        return provider
    profiles.arrive(request, provider)
    return render(request, "providers/profile.html", page.context(provider, page_language()))


@require_safe
def summary(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as one tagged PDF, to print and to hand over."""
    provider = _look_up(request, slug)
    if isinstance(provider, HttpResponse):
        return provider
    language = page_language()
    address = links.public("hospital", language, at=provider.slug, request=request)
    code = {"address": address, "qr": links.qr(address)}
    try:
        for squeeze in range(page.MOST_SQUEEZED + 1):
            context = {**page.on_paper(provider, language, squeeze), **code}
            html = render_to_string("print/provider.html", context)
            pdf = pdf_pool.print_pdf(html, language=language)
            if PdfReader(io.BytesIO(pdf)).get_num_pages() == 1:
                break
        return download(pdf, stem="hospital-summary", ending="pdf")
    except pdf_pool.Busy:
        return errors.busy(request)
    except pdf_pool.PrintError:
        # This page always fits: neither its length nor the visitor is at fault.
        return errors.server_error(request)


def _look_up(request: HttpRequest, slug: str) -> profiles.Provider | HttpResponse:
    """The hospital of this slug, or the page that says why there is none to show."""
    try:
        provider = profiles.look_up(slug)
    except reach.Unreachable:
        response = render(request, "providers/unreachable.html", status=503)
        response.headers["Retry-After"] = "60"
        return response
    if provider is None:
        return render(request, "providers/unknown.html", {"next": ""}, status=404)
    return provider


def our_page(address: str) -> str:
    """``address`` if it is a path of one of our own pages, else ``""``."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return ""
    bare = address.split("?")[0].split("#")[0]
    try:
        resolve(bare)
    except Resolver404:
        return ""
    return bare


paths = [
    path("at/", find, name="find-hospital"),
    path("at/<slug:slug>/", profile, name="at"),
    path("at/<slug:slug>/summary/", summary, name="at-summary"),
]
