"""The journey of a copy to share: who is it for, the face, the files; then see it, and get it.

One question a page, by plain links. Looking first and getting the copy are two POSTs of the
same form, because nothing is kept between them: the preview opens beside the form, which
keeps the files that were chosen.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from companion import clock
from companion.cleaning import Account, Choice, FaceChoice, Preset, saved_account
from companion.content.untranslated import joined
from companion.web import pdf_pool
from companion.web.responses import download
from companion.web.scans import uploads
from companion.web.scans.clean import sending
from companion.web.scans.clean.before_after import Shown, shown
from companion.web.scans.clean.page import build, to_hand_along
from companion.web.scans.clean.printed import NAME, as_json, pages, sheet_html
from companion.web.scans.device import parts
from companion.web.scans.purposes import asking
from companion.web.site import errors
from companion.web.words import page_language, screen

_STATUS = {"too-large": 413, "too-many": 413, "busy": 503, "died": 500, "timeout": 503}
_OWN_WORDS = {"too-large", "timeout", "died", "busy"}
"""Faults of an upload that this page has words of its own for."""


@require_http_methods(["GET", "HEAD", "POST"])
def clean(request: HttpRequest) -> HttpResponseBase:
    """The questions and the form; POSTing it answers with a preview or with the copy."""
    if request.method == "POST":
        return _made(request)
    preset, face = _preset(request.GET), _face(request.GET)
    if preset is None:
        return render(request, "scans/clean/who.html", asking("who", Preset))
    if face is None:
        context = {**asking("face", FaceChoice), "preset": preset}
        return render(request, "scans/clean/face.html", context)
    return _choose(request, preset, face)


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """An account from a page's form or a saved file: as a page, or as a file (``as``)."""
    if request.method != "POST":
        return redirect("scans-clean")
    try:
        found = saved_account.parse(_sent(request))
    except RequestDataTooBig:
        return _wrong(request, "list-too-large", 413)
    except ValueError:
        return _wrong(request, "not-a-list", 422)
    kind = request.POST.get("as", "")
    if kind == "json":
        return download(as_json(found), stem=NAME, ending="json")
    if kind == "pdf":
        return _printed(request, found)
    return _show(request, found, opened=True)


def _sent(request: HttpRequest) -> bytes:
    """The account that came with the form. Raises ``ValueError``."""
    if "account" in request.POST:
        return request.POST["account"].encode("utf-8", "replace")
    saved = request.FILES.get("saved")
    if saved is None or (saved.size or 0) > settings.COMPANION_LIMITS["report_json_bytes"]:
        raise ValueError("nothing that could be a list")
    return bytes(saved.read())


def _made(request: HttpRequest) -> HttpResponseBase:
    language = page_language()
    try:
        made = sending.begin(request, _chosen, partial(pages, language=language))
    except uploads.UploadError as error:
        return _fault(request, error.code, _STATUS.get(error.code, 422))
    if isinstance(made, sending.Copy):
        response = StreamingHttpResponse(made, content_type="application/zip")
        name = f"copy-{clock.today().isoformat()}.zip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "no-store"
        # A proxy that takes the whole answer first would have to put it somewhere.
        response.headers["X-Accel-Buffering"] = "no"
        return response
    found, pairs = made
    return _show(request, found, shown(pairs), face=_face(request.POST))


def _chosen(fields: QueryDict) -> tuple[Choice, bool]:
    """What the form says, and whether it asks for a preview. Raises ``UploadError``."""
    preset, face = _preset(fields), _face(fields)
    if preset is None:
        raise uploads.UploadError("no-choice")
    choice = Choice(preset, face or FaceChoice.WITHHOLD, fields.get("person", "")[:100])
    return choice, fields.get("do") != "copy"


def _show(
    request: HttpRequest,
    found: Account,
    pictures: tuple[Shown, ...] = (),
    face: FaceChoice | None = None,
    *,
    opened: bool = False,
) -> HttpResponse:
    context = {
        "words": _words(),
        "page": build(found, page_language()),
        "pictures": pictures,
        "account": as_json(to_hand_along(found)).decode(),
        "opened": opened,
        "chosen": {"preset": found.preset, "face": face or FaceChoice.WITHHOLD},
        "ask_whose": bool(found.refusal and found.people),
        "most_bytes": sending.cleaning_limits().total_bytes,
    }
    return render(request, "scans/clean/preview.html", context)


def _printed(request: HttpRequest, found: Account) -> HttpResponse:
    language = page_language()
    try:
        body = pdf_pool.print_pdf(sheet_html(found, language=language), language=language)
    except pdf_pool.Busy:
        return errors.busy(request)
    except pdf_pool.PrintError:
        return errors.server_error(request)
    return download(body, stem=NAME, ending="pdf")


def _choose(request: HttpRequest, preset: Preset, face: FaceChoice) -> HttpResponse:
    return render(request, "scans/clean/choose.html", _choosing(preset, face))


def _choosing(preset: Preset, face: FaceChoice) -> dict[str, Any]:
    words = _words()
    scan_words = screen("scans", page_language())
    cut_off = joined(" ", (scan_words["errors"]["cut_off"], scan_words["errors"]["nothing_kept"]))
    return {
        "words": words,
        "chosen": {"preset": preset, "face": face},
        "preset_words": words["who"][preset.replace("-", "_")],
        "face_words": words["choose"][f"face_{face}"],
        "looks_at_pictures": uploads.looks_at_pictures(),
        "most_bytes": sending.cleaning_limits().total_bytes,
        "cleans_on_device": parts.parts() is not None,
        # What the script shows if the connection drops before the answer.
        "cut_off": [{"message": cut_off, "id": "id_files"}],
    }


def _fault(request: HttpRequest, code: str, status: int) -> HttpResponse:
    """The form once more, with what went wrong; the files have to be chosen again."""
    scan_words = screen("scans", page_language())["errors"]
    own = code in _OWN_WORDS or code == "no-choice"
    words = _words()["errors"] if own else scan_words
    if code == "too-large" and parts.parts() is None:
        code = "too-large-here"  # nobody is sent to a page that this site does not have
    message = words.get(code.replace("-", "_")) or scan_words["failed"]
    preset, face = _preset(request.POST), _face(request.POST)
    context = {
        **_choosing(preset or Preset.FOR_A_DOCTOR, face or FaceChoice.WITHHOLD),
        **asking("who", Preset),
        "problems": [{"message": message}],
        # If nothing arrived, there was nothing in memory either.
        "nothing_kept": "" if code == "empty" else scan_words["nothing_kept"],
    }
    # What was refused before its end left no choice behind: the first question comes again.
    template = "scans/clean/choose.html" if preset else "scans/clean/who.html"
    response = render(request, template, context, status=status)
    if status == 503:
        response.headers["Retry-After"] = "30"
    return response


def _wrong(request: HttpRequest, code: str, status: int) -> HttpResponse:
    message = _words()["errors"][code.replace("-", "_")]
    context = {**asking("who", Preset), "problems": [{"message": message, "id": "id_saved"}]}
    return render(request, "scans/clean/who.html", context, status=status)


def _words() -> dict[str, Any]:
    return screen("clean", page_language())


def _preset(fields: QueryDict) -> Preset | None:
    try:
        return Preset(fields.get("for", ""))
    except ValueError:
        return None


def _face(fields: QueryDict) -> FaceChoice | None:
    try:
        return FaceChoice(fields.get("face", ""))
    except ValueError:
        return None


paths = [
    path("scans/clean/", clean, name="scans-clean"),
    path("scans/clean/what-was-removed/", account, name="scans-clean-account"),
]
