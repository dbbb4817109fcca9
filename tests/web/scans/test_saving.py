"""A report is saved as JSON, CSV or PDF, and a saved one is opened again."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import NoReturn

import pikepdf
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from companion.content import screens
from companion.content.library import LANGUAGES
from companion.web import pdf_pool
from tests.web.scans.posting import carried, text_of
from tests.web.scans.report.reports import make_finding, make_report

# --- Saving and opening ----------------------------------------------------------------


def test_json_saved_from_the_page_opens_again_as_the_same_report(client: Client) -> None:
    report = make_report(make_finding(), make_finding("study-date", group="when", hipaa="C"))
    saved = client.post("/scans/save/", {**carried(report), "as": "json"})
    assert saved.headers["Content-Type"] == "application/json"
    again = client.post("/scans/open/", {"saved": SimpleUploadedFile("report.json", saved.content)})
    assert "A saved report" in text_of(again)
    assert "your name" in text_of(again)


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_download_is_named_by_us_and_never_cached(client: Client, kind: str) -> None:
    saved = client.post("/scans/save/", {**carried(make_report()), "as": kind})
    assert re.fullmatch(
        rf'attachment; filename="report-\d{{4}}-\d\d-\d\d\.{kind}"',
        saved.headers["Content-Disposition"],
    )
    assert saved.headers["Cache-Control"] == "no-store"


def test_saving_as_something_unknown_is_a_bad_request(client: Client) -> None:
    assert client.post("/scans/save/", {**carried(make_report()), "as": "exe"}).status_code == 400


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x00\x01", "not-a-report"),
        (b"[]", "not-a-report"),
        (b'{"format": "companion-answers"}', "not-a-report"),
        (b'{"format": "companion-report", "version": 2}', "newer"),
        (b'{"format": "companion-report", "version": 1, "files": {}}', "changed"),
    ],
)
def test_a_saved_report_that_cannot_be_shown_says_why(
    client: Client, data: bytes, words: str
) -> None:
    answer = client.post("/scans/open/", {"saved": SimpleUploadedFile("x.json", data)})
    assert answer.status_code == 422
    assert screens.passage("scans", "en", "errors", words) in text_of(answer)


def test_a_changed_group_or_place_in_a_saved_report_is_noticed(client: Client) -> None:
    document = make_report().to_json()
    document["findings"][0]["place"] = "the-moon"
    data = json.dumps(document).encode()
    answer = client.post("/scans/open/", {"saved": SimpleUploadedFile("x.json", data)})
    assert screens.passage("scans", "en", "errors", "changed") in text_of(answer)


def test_a_huge_saved_report_is_refused(client: Client, settings: Settings) -> None:
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "report_json_bytes": 1000}
    answer = client.post("/scans/open/", {"saved": SimpleUploadedFile("x.json", b" " * 2000)})
    assert answer.status_code == 413
    assert screens.passage("scans", "en", "errors", "report-too-large") in text_of(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saved_report_too_large_for_memory_is_refused_in_the_same_words(
    client: Client, language: str
) -> None:
    prefix = "" if language == "en" else f"/{language}"
    saved = SimpleUploadedFile("x.json", b" " * 30_000_000)
    answer = client.post(f"{prefix}/scans/open/", {"saved": saved})
    assert answer.status_code == 413
    assert screens.passage("scans", language, "errors", "report-too-large") in text_of(answer)


def test_opening_without_a_file_asks_for_one(client: Client) -> None:
    assert client.post("/scans/open/").status_code == 422


@pytest.mark.parametrize("address", ["/scans/open/", "/es/scans/open/", "/scans/save/"])
def test_an_address_that_only_takes_a_report_leads_back_to_the_start(
    client: Client, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == address.replace("open/", "").replace("save/", "")


# --- The PDF ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printers() -> Iterator[None]:
    yield
    pdf_pool.close()


@pytest.mark.usefixtures("printers")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_says_its_language_and_names_nobody(
    client: Client, language: str
) -> None:
    prefix = "" if language == "en" else f"/{language}"
    saved = client.post(f"{prefix}/scans/save/", {**carried(make_report()), "as": "pdf"})
    assert saved.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(saved.content)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert "Doe" not in str(metadata)


@pytest.mark.usefixtures("printers")
def test_the_pdf_holds_values_only_when_asked_for(client: Client) -> None:
    def words(**fields: str) -> str:
        saved = client.post("/scans/save/", {**carried(make_report()), "as": "pdf", **fields})
        pages = pypdf.PdfReader(io.BytesIO(saved.content)).pages
        return " ".join(page.extract_text() for page in pages)

    assert "Jane Doe" not in words()
    assert "Jane Doe" in words(values="yes")


def test_a_press_at_work_says_busy_and_that_nothing_was_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(page: str, *, language: str) -> NoReturn:
        raise pdf_pool.Busy

    monkeypatch.setattr(pdf_pool, "print_pdf", busy)
    answer = client.post("/scans/save/", {**carried(make_report()), "as": "pdf"})
    assert answer.status_code == 503
    assert "Nothing was kept." in text_of(answer)
