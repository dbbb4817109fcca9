"""Packs for patient groups: choose what to print, get one PDF and a link to it.

The link makes the same pack again, the logo aside. A group's name and contact line are
in it, because the group hands both out; nothing of a patient can be.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from companion import clock
from companion.content import packs as packs_content
from companion.web import links, pdf_pool
from companion.web.packs import forms
from companion.web.packs.choice import Choice
from companion.web.packs.printed import pack_html
from companion.web.responses import download
from companion.web.site import errors
from companion.web.words import page_language


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The form; filled in by a link; sent, the PDF or the link to this choice."""
    language = page_language()
    if request.method == "POST":
        form = forms.PackForm(request.POST, request.FILES, language=language)
        if not form.is_valid():
            return _page(request, form, status=422)
        if request.POST.get("do") == "link":
            return _page(request, form, choice=form.choice())
        return _pdf(request, form)
    if "languages" in request.GET:
        form = forms.PackForm(request.GET, language=language)
        choice = form.choice() if form.is_valid() else None
        return _page(request, form, choice=choice)
    return _page(request, forms.PackForm(language=language, pack=request.GET.get("pack", "")))


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """The PDF at once, from a link."""
    form = forms.PackForm(request.GET, language=page_language())
    return _pdf(request, form) if form.is_valid() else _page(request, form, status=422)


def _pdf(request: HttpRequest, form: forms.PackForm) -> HttpResponse:
    choice = form.choice()
    page = pack_html(choice, root=links.root(request), today=clock.today())
    try:
        pdf = pdf_pool.print_pdf(page, language=choice.languages[0])
    except pdf_pool.Busy:
        return errors.busy(request)
    except pdf_pool.Failed:
        return errors.server_error(request)
    except pdf_pool.TooLong:
        form.add_error(
            None, _("This pack is too long to print at once. Please choose fewer parts.")
        )
        return _page(request, form, status=422)
    return download(pdf, stem="pack", ending="pdf")


def _page(
    request: HttpRequest,
    form: forms.PackForm,
    *,
    choice: Choice | None = None,
    status: int = 200,
) -> HttpResponse:
    language = page_language()
    context: dict[str, object] = {
        "form": form,
        "chosen": form.pack,
        "packs": [
            (pack.slug, pack.title[language], pack.about[language])
            for pack in packs_content.packs().values()
        ],
    }
    if choice:
        address = f"{links.root(request)}{reverse('packs')}?{choice.query()}"
        context |= {"address": address, "pdf": f"{reverse('packs-again')}?{choice.query()}"}
    return render(request, "packs/choose.html", context, status=status)


paths = [
    path("packs/", choose, name="packs"),
    path("packs/print/", again, name="packs-again"),
]
