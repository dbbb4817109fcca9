"""The journey of a receipt: make one, print and sign its sheet; compare it with files later.

A receipt lives in the page that shows it and nowhere else: its download and its sheet are POSTs
of that page's own hidden field.
"""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.http import require_http_methods

from companion.content.untranslated import joined
from companion.receipts import Receipt, ReceiptError, read_receipt
from companion.web import links, pdf_pool
from companion.web.responses import download
from companion.web.scans import uploads
from companion.web.scans.device import parts
from companion.web.scans.letter_place import letter_place
from companion.web.scans.receipts import sending
from companion.web.scans.receipts.letter_facts import letter_context
from companion.web.scans.receipts.page import (
    as_json,
    comparison_context,
    receipt_context,
    sheet_context,
)
from companion.web.site import errors
from companion.web.words import page_language, screen

_STATUS = {"too-large": 413, "too-many": 413, "busy": 503, "died": 500, "timeout": 503}
_FIELDS = {"nothing-old": "id_receipt", "nothing-new": "id_files"}


def receipt(request: HttpRequest) -> HttpResponse:
    """The page to choose files on; POSTing files answers with their receipt."""
    if request.method not in {"POST", "GET", "HEAD"}:
        return errors.page(request, 405)
    if request.method != "POST":
        return _choose(request, "receipt")
    try:
        made = sending.receipt_of(request)
    except uploads.UploadError as error:
        return _choose(request, "receipt", error.code)
    return _show(request, made)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """The receipt as a file: ``as`` is json, or pdf for the sheet to sign."""
    if request.method != "POST":
        return redirect("scans-receipt")
    try:
        made = read_receipt(request.POST.get("receipt", ""))
    except RequestDataTooBig:
        return _choose(request, "receipt", "too-large")
    except ReceiptError as error:
        return _choose(request, "receipt", _code(error))
    if request.POST.get("as") == "json":
        return download(as_json(made), stem="receipt", ending="json")
    if request.POST.get("as") != "pdf":
        return errors.page(request, 400)
    language = page_language()
    try:
        body = pdf_pool.print_pdf(_sheet(request, made), language=language)
    except pdf_pool.Busy:
        return errors.busy(request)
    except pdf_pool.PrintError:
        return errors.server_error(request)
    return download(body, stem="receipt", ending="pdf")


def compare(request: HttpRequest) -> HttpResponse:
    """The page to choose what was kept and what is there now; POSTing both compares them."""
    if request.method not in {"POST", "GET", "HEAD"}:
        return errors.page(request, 405)
    if request.method != "POST":
        return _choose(request, "compare")
    try:
        compared = sending.comparison_of(request)
    except uploads.UploadError as error:
        return _choose(request, "compare", error.code)
    language, place = page_language(), letter_place(request)
    context = {
        **comparison_context(compared, language),
        **letter_context(compared, place, language),
    }
    return render(request, "scans/receipts/compared.html", context)


def _show(request: HttpRequest, made: Receipt) -> HttpResponse:
    return render(request, "scans/receipts/made.html", receipt_context(made, page_language()))


def _sheet(request: HttpRequest, made: Receipt) -> str:
    """The sheet as the HTML that becomes its PDF; the day and the giver go onto it."""
    context = sheet_context(
        made,
        page_language(),
        root=links.root(request),
        giver=request.POST.get("from_whom", ""),
        received=request.POST.get("received_on", ""),
    )
    return render_to_string("print/receipt_sheet.html", context)


def _code(error: ReceiptError) -> str:
    return "receipt-too-large" if error.why == "too-large" else str(error.why)


def _choose(request: HttpRequest, page: str, error: str = "") -> HttpResponse:
    """One of the two pages to choose files on, with what went wrong last."""
    words, scan_words = screen("receipts", page_language()), screen("scans", page_language())
    key = error.replace("-", "_")
    own = words["errors"].get(key.removeprefix("receipt_")) if key != "too_large" else None
    message = own or scan_words["errors"].get(key) or scan_words["errors"]["failed"]
    lost = (scan_words["errors"]["cut_off"], scan_words["errors"]["nothing_kept"])
    context = {
        "words": words,
        "scan_words": scan_words,
        "proves_on_device": parts.parts() is not None,
        "problems": [{"message": message, "id": _FIELDS.get(error, "")}] if error else [],
        # If nothing arrived, there was nothing in memory either.
        "sent": error not in {"", "empty"},
        # What the script shows if the connection drops before the answer.
        "cut_off": [{"message": joined(" ", lost), "id": "id_files"}],
    }
    status = _STATUS.get(error, 422) if error else 200
    response = render(request, f"scans/receipts/{page}.html", context, status=status)
    if status == 503:
        response.headers["Retry-After"] = "30"
    return response


paths = [
    path("scans/receipt/", receipt, name="scans-receipt"),
    path("scans/receipt/save/", save, name="scans-receipt-save"),
    path("scans/compare/", compare, name="scans-compare"),
]
