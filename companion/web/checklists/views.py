"""Questions to ask: choose, walk, plan, save, print. Nothing is kept between requests."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companion import clock
from companion.checklists import dates, plan, reading
from companion.checklists.answers import Notes
from companion.checklists.choosing import every
from companion.letters import catalogue as letter_catalogue
from companion.providers import profiles
from companion.providers.context import PageForm
from companion.web import pdf_pool, saved_answers
from companion.web.checklists import printed
from companion.web.checklists.letters import (
    asks_language,
    letter_offer,
    letters_at_once,
    letters_language,
    offered,
)
from companion.web.checklists.pages import (
    answer_summary,
    demands,
    in_other_languages,
    paper_size,
    printed_languages,
    question_card,
    walk_context,
)
from companion.web.checklists.walk import (
    Walk,
    jurisdiction_id,
    letter_facts,
    read,
    read_with_file,
    reference,
)
from companion.web.responses import download
from companion.web.words import page_language, screen

Problem = dict[str, str]
"""What is wrong, and the field to look at: an entry of the error summary."""


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Choose a checklist, and say what is known about the scan."""
    if request.method != "POST":
        return _index(request, read(request, _first_slug()))
    walk, file, too_large = read_with_file(request, _first_slug())
    if request.POST.get("do") == "open":
        try:
            walk, message = _open_file(request, walk, file, too_large)
        except saved_answers.SavedAnswersError as error:
            return _index(request, walk, problem=_file_problem(error), status=error.status)
        return _index(request, walk, message=message)
    if profiles.WITHOUT in request.POST:
        return _index(request, walk)
    slug = request.POST.get("stage", "")
    if slug not in reading.load().checklists:
        problem = _problem("no_stage", "stage-before", group="index")
        return _index(request, walk, problem=problem)
    # 307: the browser posts the same form to the list, and nothing gets into an address.
    response = HttpResponse(status=307)
    response.headers["Location"] = reverse("checklist", args=[slug])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: HttpRequest, slug: str) -> HttpResponse:
    """The walk: the whole list, or one question at a time."""
    _require(slug)
    if request.method != "POST":
        return _walk(request, read(request, slug))
    walk, file, too_large = read_with_file(request, slug)
    do = request.POST.get("do", "")
    if do == "open":
        try:
            walk, message = _open_file(request, walk, file, too_large)
        except saved_answers.SavedAnswersError as error:
            return _walk(request, walk, problem=_file_problem(error), status=error.status)
        return _walk(request, walk, message=message)
    if walk.notes.too_long():
        return _walk(request, _at_first_long_note(walk))
    match do:
        case "next" if walk.number == len(walk.questions) - 1:
            return _plan(request, walk)
        case "next":
            walk = walk.moved(1)
        case "back":
            walk = walk.moved(-1)
        case "one":
            walk = replace(walk, one=True).moved(0)
        case "list":
            walk = replace(walk, one=False)
        case "all":
            walk = replace(walk, everything=True)
        case "few":
            walk = replace(walk, everything=False)
    return _walk(request, walk)


@require_POST
def plan_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What is answered, what is open, and the letters that follow."""
    _require(slug)
    walk = read(request, slug)
    if walk.notes.too_long():
        return _walk(request, _at_first_long_note(walk))
    return _plan(request, walk)


@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """The patient's answers as a file, together with what a letter saved before."""
    _require(slug)
    walk = read(request, slug)
    if walk.notes.too_long():
        return _walk(request, _at_first_long_note(walk))
    state = {
        "place": walk.jurisdiction or walk.letter_jurisdiction,
        "facts": walk.letter_facts,
        "checklists": {"slug": slug, **walk.notes.to_saved()},
    }
    if walk.letter:
        state |= {"letter": walk.letter, "reference": walk.reference, "wish": walk.letter_options}
    try:
        body = saved_answers.dump(state, request.POST.get("passphrase", "")[:500])
    except saved_answers.SavedAnswersError as error:
        return _walk(request, walk, problem=_file_problem(error), status=error.status)
    return download(body, stem="answers", ending="json")


@require_POST
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates of the plan as a calendar file."""
    _require(slug)
    walk = read(request, slug)
    if walk.notes.on is None:
        return _plan(request, walk, problem=_problem("date", "on"))
    found = dates.days(reading.load(), walk.notes.on, page_language(), clock.today())
    if not found:
        return _plan(request, walk, problem=_problem("past", "on"))
    return download(dates.calendar(found), stem="dates", ending="ics")


@require_http_methods(["GET", "HEAD", "POST"])
def print_paper(request: HttpRequest, slug: str) -> HttpResponse:
    """A list, a wallet card or the patient's own answers, as a tagged PDF.

    A blank list needs nothing but its address, so a link can print one.
    """
    _require(slug)
    form = request.POST if request.method == "POST" else request.GET
    walk = read(request, slug) if request.method == "POST" else Walk(slug)
    languages = printed_languages(form.get("language", ""))
    size = paper_size(form.get("paper", ""), walk.jurisdiction)
    what = form.get("what", "list")
    match what:
        case "card":
            html = printed.wallet_card_html(languages, paper_size=size)
        case "answers":
            html = printed.answers_html(walk.notes, languages, paper_size=size)
        case _:
            html = printed.checklist_html(
                slug,
                languages,
                paper_size=size,
                large=what == "large",
                facts=walk.notes.facts,
                everything=walk.everything or form.get("all") == "1",
            )
    try:
        body = pdf_pool.print_pdf(html, language=languages[0])
    except pdf_pool.Busy:
        return _walk(request, walk, problem=_problem("busy", ""), status=503)
    except pdf_pool.PrintError:
        return _walk(request, walk, problem=_problem("print", ""), status=503)
    return download(
        body, stem={"card": "card", "answers": "answers"}.get(what, "list"), ending="pdf"
    )


@require_safe
def phrases(request: HttpRequest) -> HttpResponse:
    """Words to look for in a consent form. Nothing is typed or sent."""
    catalogue = reading.load()
    language = page_language()
    context = {
        "words": screen("checklists", language),
        "phrases": [
            {
                "name": catalogue.say("phrases", name, language),
                "may_allow": catalogue.say("phrases", name, language, "may allow"),
                "say": catalogue.say("phrases", name, language, "say"),
            }
            for name in catalogue.words["phrases"]["en"]
        ],
        "sentence": catalogue.say("common", "consent-sentence", language),
        "care_first": catalogue.say("common", "care-first", language),
    }
    return render(request, "checklists/phrases.html", context)


# --- pages ---------------------------------------------------------------------------


def _index(
    request: HttpRequest,
    walk: Walk,
    *,
    message: str = "",
    problem: Problem | None = None,
    status: int = 0,
) -> HttpResponse:
    catalogue, language = reading.load(), page_language()
    words = screen("checklists", language)
    context = {
        **walk_context(request, walk, facts_visible=True, stages=True),
        "page_form": PageForm("begin", reverse("checklists")),
        "stages": [
            {"slug": one.slug, **one.words[language]} for one in catalogue.checklists.values()
        ],
        "chosen": request.POST.get("stage", ""),
        "musts": [question.text(language).card for question in catalogue.musts],
        "message": words["keep"][message] if message else "",
        "problems": [problem] if problem else [],
        "demands": demands(catalogue, language),
    }
    return render(
        request, "checklists/index.html", context, status=status or (422 if problem else 200)
    )


def _walk(
    request: HttpRequest,
    walk: Walk,
    *,
    message: str = "",
    problem: Problem | None = None,
    status: int = 0,
) -> HttpResponse:
    language = page_language()
    words = screen("checklists", language)
    questions = walk.questions
    visible = [questions[walk.number]] if walk.one else list(questions)
    long = walk.notes.too_long()
    problems = [problem] if problem else []
    problems += [{"message": words["walk"]["too_long"], "id": f"note-{name}"} for name in long]
    catalogue = reading.load()
    context = {
        "languages": in_other_languages("checklist", walk),
        "enter": {"do": "next" if walk.one else "stay"},
        "with_open": True,
        **walk_context(
            request, walk, {question.id for question in visible}, facts_visible=not walk.one
        ),
        "page_form": PageForm("walk", reverse("checklist", args=[walk.slug])),
        "checklist": catalogue.checklists[walk.slug].words[language],
        "questions": [question_card(request, walk, question, language) for question in visible],
        "letters_at_once": letters_at_once(request, walk, catalogue),
        "number": walk.number + 1,
        "count": len(questions),
        "more": len(every(catalogue, walk.slug)) - len(questions),
        "last": walk.number == len(questions) - 1,
        "message": words["keep"][message] if message else "",
        "problems": problems,
    }
    return render(
        request, "checklists/walk.html", context, status=status or (422 if problems else 200)
    )


def _plan(request: HttpRequest, walk: Walk, *, problem: Problem | None = None) -> HttpResponse:
    catalogue, language = reading.load(), page_language()
    words = screen("checklists", language)
    written_in = letters_language(request, walk)
    made = plan.make(catalogue, walk.notes, walk.questions, written_in)
    found = dates.days(catalogue, walk.notes.on, language, clock.today()) if walk.notes.on else ()
    listed = {
        name: [answer_summary(walk, question, language, words) for question in questions]
        for name, questions in (
            ("answered", made.answered),
            ("open", made.open),
            ("warnings", made.warnings),
        )
    }
    letters = [
        letter_offer(request, walk, letter, catalogue)
        for letter in made.letters
        if offered(letter.slug, walk.jurisdiction)
    ]
    is_known = written_in != language and not asks_language(request, walk)
    letters_in = words["plan"].get(f"written_{written_in}", "") if is_known else ""
    context = {
        "languages": in_other_languages("checklist-plan", walk),
        "enter": {"do": "stay", "action": reverse("checklist-plan", args=[walk.slug])},
        **walk_context(request, walk),
        "page_form": PageForm("walk", reverse("checklist-plan", args=[walk.slug])),
        **listed,
        "not_asked": [question.text(language).ask for question in made.not_asked],
        "first_letters": [letter for letter in letters if letter.first],
        "letters_in": letters_in,
        "maybe_letters": [letter for letter in letters if not letter.first],
        "days": found,
        "demands": demands(catalogue, language),
        "problems": [problem] if problem else [],
        "nothing": not walk.notes.answers,
    }
    return render(request, "checklists/plan.html", context, status=422 if problem else 200)


# --- requests --------------------------------------------------------------------------


def _open_file(
    request: HttpRequest, walk: Walk, file: bytes | None, too_large: bool
) -> tuple[Walk, str]:
    """The walk with a file's answers added, and the name of the passage that says so.

    Answers that are on the page already take precedence. Raises ``SavedAnswersError``.
    """
    if not file:
        raise saved_answers.SavedAnswersError("too-large" if too_large else "missing")
    # The letters' form, which sends such a file here, has one passphrase and calls it that.
    own, other = request.POST.get("open_passphrase", ""), request.POST.get("passphrase", "")
    state = saved_answers.load(file, (own or other)[:500])
    notes = Notes.from_saved(state.get("checklists"), reading.load())
    jurisdiction = jurisdiction_id(state.get("place"))
    letter, known = state.get("letter"), letter_catalogue.letters()
    walk = replace(
        walk,
        notes=walk.notes.filled_from(notes),
        jurisdiction=walk.jurisdiction or jurisdiction,
        letter_facts={**letter_facts(state.get("facts")), **walk.letter_facts},
    )
    if isinstance(letter, str) and letter in known:
        walk = replace(
            walk,
            letter=letter,
            reference=reference(state.get("reference")),
            letter_jurisdiction=jurisdiction,
            letter_options=saved_answers.letter_options(state.get("wish")),
        )
    return walk, "opened" if notes.answers else "opened_empty"


def _file_problem(error: saved_answers.SavedAnswersError) -> Problem:
    words = screen("checklists", page_language())["trouble"]["nothing_lost"]
    field = {"passphrase": "open-passphrase"}.get(error.field, error.field)
    return {"message": f"{error.words()} {words}", "id": field}


def _problem(name: str, field: str, *, group: str = "trouble") -> Problem:
    return {"message": screen("checklists", page_language())[group][name], "id": field}


def _at_first_long_note(walk: Walk) -> Walk:
    first = next(iter(walk.notes.too_long()))
    return replace(walk, here=first) if walk.one else walk


def _first_slug() -> str:
    return next(iter(reading.load().checklists))


def _require(slug: str) -> None:
    if slug not in reading.load().checklists:
        raise Http404


paths = [
    path("checklists/", index, name="checklists"),
    path("checklists/phrases/", phrases, name="phrases"),
    path("checklists/<slug:slug>/", checklist, name="checklist"),
    path("checklists/<slug:slug>/plan/", plan_page, name="checklist-plan"),
    path("checklists/<slug:slug>/keep/", keep, name="checklist-keep"),
    path("checklists/<slug:slug>/dates/", calendar, name="checklist-dates"),
    path("checklists/<slug:slug>/paper/", print_paper, name="checklist-paper"),
]
