"""The scan journey: choose files, see the report, save it, forget it.

A report lives in the page that shows it and nowhere else. Every further step is a
POST of that page's own hidden field (``companion.web.scans.report.keep``).
"""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse, translate_url
from django.views.decorators.http import require_http_methods, require_safe

from companion.content.untranslated import joined
from companion.providers.context import PageForm
from companion.scans.findings import Report, ReportError
from companion.scans.inspection import Entry
from companion.scans.made_up import made_up_study
from companion.web import pdf_pool
from companion.web.responses import download
from companion.web.scans import uploads
from companion.web.scans.letter_place import letter_place
from companion.web.scans.report import carried_pictures, keep
from companion.web.scans.report.context import report_context
from companion.web.scans.report.printed import report_html
from companion.web.site import errors
from companion.web.words import page_language, screen

_STATUS = {"too-large": 413, "too-many": 413, "busy": 503, "died": 500, "timeout": 503}
_REPORT_ERRORS = {
    "not-json": "not-a-report",
    "not-a-report": "not-a-report",
    "wrong-version": "newer",
    "too-large": "report-too-large",
    "damaged": "changed",
}


def scans(request: HttpRequest) -> HttpResponse:
    """The page to choose files on; POSTing files answers with their report."""
    if request.method not in {"POST", "GET", "HEAD"}:
        return errors.page(request, 405)
    if request.method != "POST":
        return _choose(request)
    try:
        report = uploads.inspect_upload(request)
    except uploads.UploadError as error:
        return _choose(request, error.code, _STATUS.get(error.code, 422))
    return _show(request, report)


@require_http_methods(["GET", "POST"])
def sample(request: HttpRequest) -> HttpResponse:
    """The report on a made-up scan, inspected exactly as an upload is."""
    try:
        entries = [Entry(name, (data,)) for name, data in made_up_study()]
        report = uploads.inspect_entries(entries)
    except uploads.UploadError as error:
        return _choose(request, error.code, _STATUS.get(error.code, 500))
    return _show(request, report, source="made_up")


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest) -> HttpResponse:
    """A saved JSON report, or the one in a page's hidden field, as a page again."""
    if request.method != "POST":
        return _start_again()
    try:
        if "report" in request.POST:
            report = _carried(request)
            return _show(request, report, source=request.POST.get("source", ""))
        saved = request.FILES.get("saved")
        if saved is None:
            return _choose(request, "empty", 422)
        if (saved.size or 0) > settings.COMPANION_LIMITS["report_json_bytes"]:
            return _choose(request, "report-too-large", 413)
        return _show(request, keep.open_saved(saved.read()), source="reopened")
    except RequestDataTooBig:  # too large even to be taken into memory
        return _choose(request, "report-too-large", 413)
    except ReportError as error:
        return _choose(request, _REPORT_ERRORS[error.code], 422)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """The report as a file: ``as`` is pdf, json or csv."""
    if request.method != "POST":
        return _start_again()
    kind = request.POST.get("as", "")
    try:
        report = _carried(request)
    except ReportError as error:
        return _choose(request, _REPORT_ERRORS[error.code], 422)
    if kind == "json":
        return download(keep.as_json(report), stem="report", ending="json")
    if kind == "csv":
        return download(keep.as_csv(report), stem="report", ending="csv")
    if kind != "pdf":
        return errors.page(request, 400)
    try:
        page = report_html(
            report,
            language=page_language(),
            values="values" in request.POST,
            pictures="pictures" in request.POST,
            made_up=request.POST.get("source") == "made_up",
        )
        body = pdf_pool.print_pdf(page, language=page_language())
    except pdf_pool.Busy:
        return errors.busy(request)
    except pdf_pool.TooLong:
        return _choose(request, "print-too-long", 503)
    except pdf_pool.Failed:
        return errors.server_error(request)
    return download(body, stem="report", ending="pdf")


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Says that everything is forgotten, and has the browser drop the pages it still holds."""
    response = render(request, "scans/forgotten.html", {"words": screen("report", page_language())})
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
def your_files(request: HttpRequest) -> HttpResponse:
    return render(
        request, "scans/your_files.html", {"words": screen("your-files", page_language())}
    )


def _carried(request: HttpRequest) -> Report:
    """The report that the page's form sends back, with its small pictures where it sends
    those. Raises ``ReportError``."""
    return replace(
        keep.unpack(request.POST.get("report", "")),
        thumbnails=carried_pictures.unpack(request.POST.getlist("picture")),
    )


def _show(request: HttpRequest, report: Report, source: str = "") -> HttpResponse:
    context = {
        **report_context(
            report, page_language(), letter_place=letter_place(request), source=source
        ),
        "page_form": PageForm("report-form", reverse("scans-open")),
        # The page on the device has a way of its own, which sends nothing. Of a made-up scan
        # nobody needs one.
        "offers_copy": source != "made_up",
        "open_in": [
            {"code": code, "name": name, "url": translate_url(reverse("scans-open"), code)}
            for code, name in settings.LANGUAGES
            if code != page_language()
        ],
    }
    return render(request, "scans/report.html", context)


def _start_again() -> HttpResponse:
    """For an address that shows nothing without a POST: typed, or by the language switch."""
    return redirect("scans")


def _choose(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    words = screen("scans", page_language())
    message = words["errors"].get(error.replace("-", "_")) or words["errors"]["failed"]
    context = {
        "words": words,
        "problems": [{"message": message}] if error else [],
        # If nothing arrived, there was nothing in memory either.
        "sent": error not in {"", "empty"},
        # What the script shows if the connection drops before the answer.
        "cut_off": [
            {
                "message": joined(
                    " ", (words["errors"]["cut_off"], words["errors"]["nothing_kept"])
                ),
                "id": "id_files",
            }
        ],
    }
    response = render(request, "scans/choose.html", context, status=status)
    if status == 503:
        response.headers["Retry-After"] = "30"
    return response


paths = [
    path("scans/", scans, name="scans"),
    path("scans/sample/", sample, name="scans-sample"),
    path("scans/open/", reopen, name="scans-open"),
    path("scans/save/", save, name="scans-save"),
    path("scans/forgotten/", forgotten, name="scans-forgotten"),
    path("what-we-do-with-your-files/", your_files, name="your-files"),
]
