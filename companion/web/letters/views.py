"""Letters: choose one by what you want, fill it in, see it, take it away.

Everything that a person typed comes with each POST and goes with its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from companion.content.law import Jurisdiction
from companion.letters import calendar, text, whereabouts, word
from companion.letters.case import Case
from companion.letters.catalogue import Spec, catalogue
from companion.letters.letter import Letter
from companion.providers import profiles, search
from companion.providers.context import PageForm
from companion.web import counts, saved_answers
from companion.web.letters import notices, pages
from companion.web.letters.forms import LetterForm
from companion.web.letters.pages import groups, jurisdiction_choices, preview_context
from companion.web.letters.printed import letter_html
from companion.web.letters.recipient import answers_of, offices
from companion.web.letters.request import (
    LetterRequest,
    NotOfferedError,
    handed_over,
    hospital_slug,
    in_page_language,
    jurisdiction_or_none,
    known_recipient,
    lists,
    moved,
    new_case,
    provider_here,
    question_names,
    readdressed,
    start_jurisdiction,
    texts_only,
    with_hospital,
    write,
)
from companion.web.pdf_pool import PrintError, print_pdf
from companion.web.responses import download, page_or_part
from companion.web.words import page_language

MOST_FOUND = 12
"""Hospitals that a search within the form shows."""


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """All letters, by what a person wants; narrowed by jurisdiction and by words."""
    if request.method == "POST" and request.POST.get("do") == "open":
        return _open(request)
    language = page_language()
    asked = request.POST if request.method == "POST" else request.GET
    jurisdiction = jurisdiction_or_none(asked.get("place", ""), request)
    words = request.POST.get("q", "")[:200]
    context = {
        "groups": groups(language, jurisdiction, words),
        "jurisdictions": jurisdiction_choices(language),
        "jurisdiction": jurisdiction,
        "q": words,
        "at": hospital_slug(request),
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
    """The answer to what a form asked for, or to a first visit."""
    posted = request.POST
    sent = posted if request.method == "POST" else request.GET
    jurisdiction = start_jurisdiction(spec, sent.get("place", ""), request)
    if request.method != "POST":
        given = known_recipient(spec, jurisdiction, request)
        return _new(request, new_case(spec, jurisdiction, given), QueryDict())
    if posted.get("from"):
        given = handed_over(spec, jurisdiction, posted, request)
        # A letter of its own: it does not take over the first one's reference.
        return _new(request, new_case(spec, jurisdiction, given), _chosen_before(posted))
    case = new_case(spec, jurisdiction, lists(posted))
    letter_request = LetterRequest.from_form(case, posted, profiles.at(request))
    chosen = profiles.find(posted.get("hospital-found", ""))
    if chosen is not None:
        profiles.arrive(request, chosen)
        return _page(request, with_hospital(letter_request, chosen))
    do = posted.get("do", "preview")
    elsewhere = _typed_place(request, letter_request, do)
    if elsewhere is not None:
        there, words = moved(letter_request, elsewhere), notices.other_place(elsewhere)
        if do not in _DOWNLOADS:
            return _page(request, there, moved_to=words)
        # Nothing is printed under a law that was not seen before.
        title = gettext("Please check the place")
        return _page(request, there, status=422, notice=words, notice_title=title)
    before = posted.get("goes-to", "")
    if do != "carry" and before and before != case.default_addressee:
        letter_request = readdressed(letter_request, before)
        if do in _DOWNLOADS:
            # The questions are others now; nothing is printed before they were seen.
            return _page(request, letter_request, status=422, notice=notices.other_recipient())
    return _do(request, letter_request, do)


def _typed_place(
    request: HttpRequest, letter_request: LetterRequest, do: str
) -> Jurisdiction | None:
    """Where the letter's law moves to, by the hospital's address that was typed.

    Only where nobody chose the place yet; or where the person presses the button for it.
    """
    found = whereabouts.typed(letter_request.page_case)
    if found is None or do in ("place", "carry") or request.htmx:  # type: ignore[attr-defined]
        return None
    posted = request.POST
    is_assumed = bool(posted.get("preset")) and posted.get("preset") == posted.get("place")
    return found if is_assumed or posted.get("typed-place") == found.id else None


def _new(request: HttpRequest, case: Case, posted: QueryDict) -> HttpResponse:
    """The page of a letter that was not begun on it."""
    return _page(request, LetterRequest.from_form(case, posted, profiles.at(request)))


def _do(request: HttpRequest, letter_request: LetterRequest, do: str) -> HttpResponse:
    """What a button of the form asks for."""
    if do == "preview" and request.htmx:  # type: ignore[attr-defined]
        context = preview_context(letter_request)
        return render(request, "letters/_preview.html", context)
    if do == "place":
        there = readdressed(letter_request)
        # Where nothing was typed yet, the place alone is the page's address: Back finds it.
        if any(_typed(request.POST, letter_request.case)):
            return _page(request, there)
        provider = provider_here(there.case.jurisdiction, request)
        return redirect(pages.address(there.case, provider))
    if do == "carry":
        return _save(request, letter_request)
    if do in _DOWNLOADS:
        return _finished(request, letter_request, do)
    return _page(request, letter_request)


def _typed(posted: QueryDict, case: Case) -> Iterator[str]:
    """What a person typed or ticked in the form, as far as it is not what the form began with:
    also a regulator that the form filled in, and a copy in the page's language."""
    is_office = posted.get("recipient_name", "") in offices()
    for one in case.spec.fields:
        if is_office and one.id.startswith("recipient_"):
            continue
        given = posted.getlist(one.id)
        yield from given if given not in (["post"], ["self"]) else ()
    yield from (posted.get(name, "") for name in ("passphrase", "q", "region"))
    if posted.get("reader") != page_language():
        yield posted.get("reader", "")


def _finished(request: HttpRequest, letter_request: LetterRequest, do: str) -> HttpResponse:
    """A letter to take away, or the page again with what to put right."""
    form = LetterForm(letter_request.page_case, data=request.POST)
    if not form.is_valid():
        return _page(request, letter_request, form=form, status=422)
    if letter_request.asks_language:
        notice, title = notices.which_language(), gettext("Please choose the language")
        return _page(
            request, letter_request, form=form, status=422, notice=notice, notice_title=title
        )
    letter, copy = write(letter_request)
    try:
        answer = _DOWNLOADS[do](letter_request, letter, copy)
        counts.letter(counts.Form(do))
        return answer
    except PrintError as error:
        notice = notices.print_error_words(error)
        return _page(request, letter_request, form=form, status=503, notice=notice)


def _pdf(
    letter_request: LetterRequest, letter: Letter, copy: Letter | None, *, large: bool = False
) -> HttpResponse:
    cover = in_page_language(letter_request, letter, copy) if letter_request.cover else None
    html = letter_html(letter, copy=copy, cover=cover, large=large)
    return download(print_pdf(html, language=letter.language), stem="letter", ending="pdf")


def _large(letter_request: LetterRequest, letter: Letter, copy: Letter | None) -> HttpResponse:
    return _pdf(letter_request, letter, copy, large=True)


def _text(letter_request: LetterRequest, letter: Letter, copy: Letter | None) -> HttpResponse:
    body = "\n".join(text.split(letter, letter_request.limit))
    return download(body.encode(), stem="letter", ending="txt")


def _word(letter_request: LetterRequest, letter: Letter, copy: Letter | None) -> HttpResponse:
    return download(word.to_docx(letter, copy), stem="letter", ending="docx")


def _calendar(letter_request: LetterRequest, letter: Letter, copy: Letter | None) -> HttpResponse:
    own = in_page_language(letter_request, letter, copy)
    return download(calendar.to_calendar(own, sent=letter), stem="letter-dates", ending="ics")


_DOWNLOADS: dict[str, Callable[[LetterRequest, Letter, Letter | None], HttpResponse]] = {
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


def _save(request: HttpRequest, letter_request: LetterRequest) -> HttpResponse:
    """Everything typed, finished or not, in a file for the person to keep."""
    posted, case = request.POST, letter_request.case
    names = question_names()
    state = {
        "place": case.jurisdiction.id,
        "letter": case.spec.slug,
        "reference": letter_request.reference,
        "wish": {
            "language": letter_request.language,
            "reader": letter_request.reader,
            "cover": "yes" if letter_request.cover else "",
            "limit": str(letter_request.limit),
            "region": f"{case.jurisdiction.holidays}-{case.region}" if case.region else "",
        },
        "facts": {
            name: texts for name, texts in answers_of(case).items() if name in names and any(texts)
        },
        "checklists": saved_answers.unpack_checklists(posted.get("checklists", "")),
    }
    try:
        body = saved_answers.dump(state, posted.get("passphrase", "")[:500])
    except saved_answers.SavedAnswersError as error:
        return _page(
            request,
            letter_request,
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
    facts = state.get("facts")
    given = texts_only(facts if isinstance(facts, dict) else {})
    spec = catalogue().letters.get(str(state.get("letter", ""))) or _letter_of(request)
    if spec is None and (questions := saved_answers.checklist_of(state)):
        # 307: the browser sends the same file on to where its answers are.
        return redirect("checklist", questions, preserve_request=True)
    if spec is None:
        return _not_opened(request, gettext("This file holds no letter. Choose one below."))
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
    opened = LetterRequest.from_form(new_case(spec, jurisdiction, given), posted)
    return _page(request, opened, opened=True)


def _elsewhere(request: HttpRequest, refused: NotOfferedError) -> HttpResponse:
    """Where the letter is offered, when it is not there. Nothing typed is lost."""
    given = lists(request.POST) if refused.given is None else refused.given
    context = pages.elsewhere_context(
        refused.spec, refused.jurisdiction, given, hospital_slug(request)
    )
    status = 422 if request.POST.get("do") in _DOWNLOADS else 200
    return render(request, "letters/elsewhere.html", context, status=status)


def _not_opened(
    request: HttpRequest, why: str, field: str = "file", status: int = 422
) -> HttpResponse:
    language = page_language()
    context = {
        "groups": groups(language, None, ""),
        "jurisdictions": jurisdiction_choices(language),
        "problems": [
            {"id": {"passphrase": "id_open_passphrase"}.get(field, "id_file"), "message": why}
        ],
        "at": hospital_slug(request),
    }
    return render(request, "letters/index.html", context, status=status)


def _letter_of(request: HttpRequest) -> Spec | None:
    match = request.resolver_match
    return catalogue().letters.get(match.kwargs.get("slug", "")) if match else None


def _page(
    request: HttpRequest,
    letter_request: LetterRequest,
    *,
    form: LetterForm | None = None,
    status: int = 200,
    notice: str = "",
    notice_title: str = "",
    opened: bool = False,
    moved_to: str = "",
) -> HttpResponse:
    """The whole page of a letter, filled in with what came."""
    form = form or LetterForm(letter_request.page_case)
    context = {
        **pages.page_context(
            letter_request, form, provider=provider_here(letter_request.case.jurisdiction, request)
        ),
        "page_form": PageForm("letter-form", request.path, enter="preview"),
        "notice": notice,
        "notice_title": notice_title or gettext("Not printed"),
        "opened": opened,
        "moved_to": moved_to,
        "preset": not opened and _is_assumed(request, letter_request.case.jurisdiction),
        **_search(request),
        "handed_over": notices.handed_over_words(request.POST.get("from", "")),
    }
    return render(request, "letters/letter.html", context, status=status)


def _is_assumed(request: HttpRequest, jurisdiction: Jurisdiction) -> bool:
    """Whether nobody named the place yet: no link, no hospital, no choice."""
    if request.method != "POST":
        return not request.GET.get("place") and profiles.at(request) is None
    posted = request.POST
    if "from" in posted:
        return not posted.get("place") and profiles.at(request) is None
    return posted.get("do") != "place" and posted.get("preset") == jurisdiction.id


def _search(request: HttpRequest) -> dict[str, Any]:
    """What the search for a hospital within the form found, when no script did it."""
    words = request.POST.get("q", "")[: search.MAX_QUERY]
    if not words or "hospital-found" in request.POST:
        return {}
    return {"q": words, "found": search.find(words, MOST_FOUND)}


paths = [
    path("letters/", index, name="letters"),
    path("letters/<slug:slug>/", letter, name="letter"),
]
