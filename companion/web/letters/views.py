"""Letters: choose one by what you want, fill it in, see it, take it away.

Everything that a person typed comes with each POST and goes with its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from companion.letters import calendar, text, word
from companion.letters.catalogue import Spec, catalogue
from companion.letters.letter import (
    Letter,
)
from companion.providers import profiles, search
from companion.providers.context import PageForm
from companion.web import saved_answers
from companion.web.letters import forms, pages
from companion.web.letters.pages import groups, jurisdiction_choices, preview_context
from companion.web.letters.printed import letter_html
from companion.web.letters.request import (
    NotOfferedError,
    Wish,
    brought,
    carried_hospital,
    carried_to,
    from_elsewhere,
    goes_to,
    in_page_language,
    jurisdiction_or_none,
    lists,
    moved,
    page_language,
    shared_names,
    start_jurisdiction,
    texts_only,
    wish_of,
    with_hospital,
    write,
)
from companion.web.pdf_pool import Busy, PrintError, TooLong, print_pdf
from companion.web.responses import download, page_or_part

MOST_FOUND = 12
"""Hospitals that a search within the form shows."""


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """All letters, by what a person wants; narrowed by place and by words."""
    if request.method == "POST" and request.POST.get("do") == "open":
        return _open(request)
    language = page_language()
    asked = request.POST if request.method == "POST" else request.GET
    jurisdiction = jurisdiction_or_none(asked.get("place", ""), request)
    words = request.POST.get("q", "")[:200]
    context = {
        "groups": groups(language, jurisdiction, words),
        "places": jurisdiction_choices(language),
        "place": jurisdiction,
        "q": words,
        "at": carried_hospital(request),
        "provider": profiles.at(request),
    }
    return page_or_part(request, "letters/index.html", context, "found")


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """One letter: its form beside its preview, and every way to take it away."""
    spec = catalogue().letters.get(slug)
    if spec is None:
        raise Http404
    if request.POST.get("do") == "open":
        return _open(request)
    try:
        return _letter(request, spec)
    except NotOfferedError as refused:
        return _elsewhere(request, refused)


def _letter(request: HttpRequest, spec: Spec) -> HttpResponse:
    if request.method != "POST":
        jurisdiction = start_jurisdiction(spec, request.GET.get("place", ""), request)
        return _page(
            request,
            wish_of(
                spec,
                jurisdiction,
                QueryDict(),
                from_elsewhere(spec, jurisdiction, request),
                profiles.at(request),
            ),
        )
    given = request.POST
    jurisdiction = start_jurisdiction(spec, given.get("place", ""), request)
    if given.get("from"):
        # A letter of its own: it does not take over the first one's reference.
        own = _chosen_before(given)
        filled = brought(spec, jurisdiction, given, request)
        return _page(request, wish_of(spec, jurisdiction, own, filled, profiles.at(request)))
    wish = wish_of(spec, jurisdiction, given, lists(given), profiles.at(request))
    chosen = profiles.find(given.get("hospital-found", ""))
    if chosen is not None:
        profiles.arrive(request, chosen)
        return _page(request, with_hospital(wish, chosen))
    do = given.get("do", "preview")
    before = given.get("goes-to", "")
    if do != "carry" and before and before != goes_to(wish):
        wish = moved(wish, before)
        if do in _TAKE_AWAY:
            # The questions are others now; nothing is printed before they were seen.
            return _page(request, wish, status=422, notice=_other_recipient())
    if do == "preview" and request.htmx:  # type: ignore[attr-defined]
        return _preview(request, wish)
    if do == "place":
        return _page(request, moved(wish))
    if do == "carry":
        return _carry(request, wish)
    if do in _TAKE_AWAY:
        return _finished(request, wish, do)
    return _page(request, wish)


def _finished(request: HttpRequest, wish: Wish, do: str) -> HttpResponse:
    """A letter to take away, or the page again with what to put right."""
    form = forms.LetterForm(
        wish.spec, wish.jurisdiction, catalogue(), wish.page_language, given=request.POST
    )
    if not form.is_valid() or form.facts is None:
        return _page(request, wish, form=form, status=422)
    made, copy = write(wish, form.facts)
    try:
        return _TAKE_AWAY[do](wish, made, copy)
    except PrintError as error:
        return _page(request, wish, form=form, status=503, notice=_print_words(error))


def _pdf(wish: Wish, made: Letter, copy: Letter | None, *, large: bool = False) -> HttpResponse:
    cover = (in_page_language(wish, made, copy)) if wish.cover else None
    html = letter_html(made, copy=copy, cover=cover, large=large)
    return download(print_pdf(html, language=made.language), stem="letter", ending="pdf")


def _large(wish: Wish, made: Letter, copy: Letter | None) -> HttpResponse:
    return _pdf(wish, made, copy, large=True)


def _text(wish: Wish, made: Letter, copy: Letter | None) -> HttpResponse:
    body = "\n".join(text.split(made, wish.limit))
    return download(body.encode(), stem="letter", ending="txt")


def _word(wish: Wish, made: Letter, copy: Letter | None) -> HttpResponse:
    return download(word.to_docx(made, copy), stem="letter", ending="docx")


def _calendar(wish: Wish, made: Letter, copy: Letter | None) -> HttpResponse:
    own = in_page_language(wish, made, copy)
    return download(calendar.to_calendar(own), stem="letter-dates", ending="ics")


_TAKE_AWAY: dict[str, Callable[[Wish, Letter, Letter | None], HttpResponse]] = {
    "pdf": _pdf,
    "large": _large,
    "text": _text,
    "word": _word,
    "calendar": _calendar,
}


def _chosen_before(given: QueryDict) -> QueryDict:
    """What the next letter takes over beside the answers: its own code it makes itself."""
    own = QueryDict("", mutable=True)
    for name in (*saved_answers.LETTER_OPTIONS, "answered"):
        if name in given:
            own[name] = str(given[name])
    if given["from"] == "checklist":
        # There it is sent along only with the letter that a file was about.
        own["reference"] = given.get("reference", "")
    return own


def _carry(request: HttpRequest, wish: Wish) -> HttpResponse:
    """Everything typed, finished or not, in a file of the person's own."""
    given = request.POST
    asked = {one.id for one in wish.spec.fields}
    state = {
        "place": wish.jurisdiction.id,
        "letter": wish.spec.slug,
        "reference": wish.reference,
        "wish": {
            "language": wish.language,
            "reader": wish.reader,
            "cover": "yes" if wish.cover else "",
            "limit": str(wish.limit),
            "region": f"{wish.jurisdiction.holidays}-{wish.region}" if wish.region else "",
        },
        "facts": {
            name: texts
            for name, texts in wish.given.items()
            if (name in asked or name in shared_names()) and any(texts)
        },
        "checklists": saved_answers.unpack_checklists(given.get("checklists", "")),
    }
    try:
        body = saved_answers.dump(state, given.get("passphrase", "")[:500])
    except saved_answers.SavedAnswersError as error:
        return _page(
            request,
            wish,
            status=error.status,
            notice=error.words(),
            notice_title=gettext("Not saved"),
        )
    return download(body, stem="answers", ending="json")


def _open(request: HttpRequest) -> HttpResponse:
    """Open a saved file and go on with its letter."""
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise saved_answers.SavedAnswersError("missing")
        state = saved_answers.load(upload.read(), request.POST.get("passphrase", "")[:500])
    except saved_answers.SavedAnswersError as error:
        return _not_opened(request, error.words(), error.field, error.status)
    spec = catalogue().letters.get(str(state.get("letter", ""))) or _letter_of(request)
    if spec is None:
        return _not_opened(request, gettext("This file holds no letter. Choose one below."))
    facts = state.get("facts")
    given = texts_only(facts if isinstance(facts, dict) else {})
    given["checklists"] = [saved_answers.pack_checklists(state.get("checklists"))]
    posted = QueryDict(mutable=True)
    posted["reference"] = str(state.get("reference", ""))
    if chosen := saved_answers.letter_options(state.get("wish")):
        posted.update({**chosen, "answered": "yes"})
    try:
        jurisdiction = start_jurisdiction(spec, str(state.get("place", "")), request)
    except NotOfferedError as refused:
        kept = {**given, **lists(posted)}
        return _elsewhere(request, NotOfferedError(spec, refused.jurisdiction, kept))
    return _page(request, wish_of(spec, jurisdiction, posted, given), opened=True)


def _elsewhere(request: HttpRequest, refused: NotOfferedError) -> HttpResponse:
    """Where the letter is offered, when it is not in the place told. Nothing typed is lost."""
    given = lists(request.POST) if refused.given is None else refused.given
    context = pages.elsewhere_context(
        refused.spec, refused.jurisdiction, given, carried_hospital(request)
    )
    status = 422 if request.POST.get("do") in _TAKE_AWAY else 200
    return render(request, "letters/elsewhere.html", context, status=status)


def _not_opened(
    request: HttpRequest, why: str, field: str = "file", status: int = 422
) -> HttpResponse:
    language = page_language()
    context = {
        "groups": groups(language, None, ""),
        "places": jurisdiction_choices(language),
        "problems": [
            {"id": {"passphrase": "id_open_passphrase"}.get(field, "id_file"), "message": why}
        ],
        "at": carried_hospital(request),
    }
    return render(request, "letters/index.html", context, status=status)


def _letter_of(request: HttpRequest) -> Spec | None:
    match = request.resolver_match
    return catalogue().letters.get(match.kwargs.get("slug", "")) if match else None


def _preview(request: HttpRequest, wish: Wish) -> HttpResponse:
    context = preview_context(wish)
    return render(request, "letters/letter.html#preview", context)


def _page(
    request: HttpRequest,
    wish: Wish,
    *,
    form: forms.LetterForm | None = None,
    status: int = 200,
    notice: str = "",
    notice_title: str = "",
    opened: bool = False,
) -> HttpResponse:
    """The whole page of a letter, filled in with what came."""
    form = form or forms.LetterForm(
        wish.spec, wish.jurisdiction, catalogue(), wish.page_language, initial=wish.given
    )
    context = {
        **pages.page_context(wish, form, provider=carried_to(wish.jurisdiction, request)),
        "page_form": PageForm("letter-form", request.path, enter="preview"),
        "notice": notice,
        "notice_title": notice_title or gettext("Not printed"),
        "opened": opened,
        **_search(request),
        "brought": request.POST.get("from", "") if request.method == "POST" else "",
    }
    return render(request, "letters/letter.html", context, status=status)


def _search(request: HttpRequest) -> dict[str, Any]:
    """What the search for a hospital within the form found, when no script did it."""
    words = request.POST.get("q", "")[: search.MAX_QUERY]
    if not words or "hospital-found" in request.POST:
        return {}
    return {"q": words, "found": search.find(words, MOST_FOUND)}


def _other_recipient() -> str:
    return gettext("Somebody else gets this letter now. Please check who, and choose again.")


def _print_words(error: PrintError) -> str:
    if isinstance(error, Busy):
        return gettext("We are busy at the moment. Nothing was kept. Please try again soon.")
    if isinstance(error, TooLong):
        return gettext(
            "This letter took too long to print, so we gave up. Nothing was kept. "
            "Please shorten the longest text."
        )
    return gettext("The letter could not be printed. Nothing was kept. Please try again.")


paths = [
    path("letters/", index, name="letters"),
    path("letters/<slug:slug>/", letter, name="letter"),
]
