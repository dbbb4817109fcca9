"""The scan journey over HTTP: choosing, the report, saving, opening again, forgetting."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from companion.content import identifiers, screens
from companion.content.library import LANGUAGES
from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from companion.scans.limits import Limits
from companion.web import pdf_pool
from companion.web.scans import uploads
from companion.web.scans.report import keep
from tests.builders import make_scan, make_study
from tests.web.scans.report.reports import make_files, make_finding, make_report, make_row

TOKEN = "Zanzibarova"


def carried(report) -> dict[str, str]:
    return {"report": keep.pack(report)}


def reopened(client, report, prefix=""):
    return client.post(f"{prefix}/scans/open/", carried(report))


def text_of(answer) -> str:
    """What a person reads: no tags, no hidden field."""
    without_fields = re.sub(
        r"<(script|style|template)\b.*?</\1>|<[^>]*>", " ", answer.text, flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", html.unescape(without_fields))


@pytest.fixture
def upload(client):
    def send(*files: tuple[str, bytes], prefix: str = ""):
        return client.post(
            f"{prefix}/scans/",
            {"files": [SimpleUploadedFile(name, data) for name, data in files]},
        )

    return send


# --- Choosing --------------------------------------------------------------------------


def test_the_page_prints_the_limits_it_holds_to(client, settings):
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "upload_files": 1234}
    assert "1,234 files" in text_of(client.get("/scans/"))


@pytest.mark.parametrize("address", ["/scans/", "/scans/open/"])
def test_a_post_without_a_file_is_told_so_and_nothing_of_what_was_sent(client, address):
    answer = client.post(address)
    assert answer.status_code == 422
    assert "No file came with that." in text_of(answer)
    assert "What you sent" not in text_of(answer)


@pytest.mark.parametrize(
    ("code", "status"),
    [("too-large", 413), ("too-many", 413), ("busy", 503), ("timeout", 503), ("died", 500),
     ("cut-off", 422), ("empty", 422)],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_an_upload_has_its_own_sentence(client, monkeypatch, code, status, language):
    def fail(request):
        raise uploads.UploadError(code)

    monkeypatch.setattr(uploads, "inspect_upload", fail)
    answer = client.post("/scans/" if language == "en" else f"/{language}/scans/")
    assert answer.status_code == status
    assert screens.passage("scans", language, "errors", code) in text_of(answer)


def test_every_code_of_an_upload_has_words():
    for language in LANGUAGES:
        assert set(uploads.CODES) <= screens.read("scans", language)["errors"].keys()


# --- The report of real bytes ------------------------------------------------------------


def test_a_scan_becomes_a_report_with_the_value_hidden_in_the_page(upload):
    answer = upload(("scan.dcm", make_scan(PatientName=f"{TOKEN}^Jane", PatientID="77-1234-X")))
    assert answer.status_code == 200
    assert (
        f'<span class="value"><bdi>Jane {TOKEN}</bdi> <small><bdi>{TOKEN}^Jane</bdi></small></span>'
        in answer.text
    )
    assert "your name" in text_of(answer)
    assert TOKEN not in re.search("<title>.*?</title>", answer.text, re.DOTALL)[0]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_scan_cut_in_half_is_never_shown_as_read(upload):
    whole = make_scan(PatientName=f"{TOKEN}^Jane", Manufacturer="Acme " * 60)
    answer = upload(("scan.dcm", whole[: len(whole) // 2]))
    assert "not read in full" in text_of(answer)
    assert identifiers.notes("en")["truncated"] in text_of(answer)


def test_a_scan_without_a_name_is_not_said_to_hold_one_and_gets_no_promise(upload):
    answer = upload(("scan.dcm", make_scan()))
    told = re.search(r'<p class="lede">.*?</p>', answer.text, re.DOTALL)[0]
    assert "which numbers lead to your record" in told
    assert "your name" not in told
    assert "safe" not in re.findall(r"\w+", text_of(answer).lower())


def test_something_that_is_no_scan_is_searched_and_said_to_be_none(upload):
    answer = upload(("note.txt", b"Just a few words about nothing.\n"))
    assert screens.passage("report", "en", "nothing", "no-scan") in text_of(answer)


def test_an_empty_file_is_said_to_be_unread(upload):
    answer = upload(("scan.dcm", b""))
    assert answer.status_code == 200
    assert "We could not read these files" in text_of(answer)
    assert identifiers.notes("en")["empty"] in text_of(answer)


def test_the_made_up_scan_takes_the_same_way_and_says_that_it_is_made_up(client):
    answer = client.post("/scans/sample/")
    shown = text_of(answer)
    assert "This person does not exist" in shown
    assert "Example^Robin^Madeup" in answer.text
    assert "not read in full" in shown  # one of its files is cut short on purpose
    assert "In hidden places" in shown


# --- The page of a report, whatever is in it ------------------------------------------------


def test_nothing_found_is_said_with_what_could_not_be_looked_at(client):
    shown = text_of(reopened(client, make_report(findings=())))
    assert "No identifiers found" in shown
    assert "That is not a promise" in shown
    assert screens.passage("report", "en", "limits", "cannot") in shown


def test_nothing_found_in_a_half_read_upload_says_so_at_once(client):
    report = make_report(findings=(), files=(*make_files(2), *make_files(1, status="partly-read")))
    shown = text_of(reopened(client, report))
    assert "we could not read everything" in shown
    assert "No identifiers found" not in shown


def test_a_file_of_zeros_is_not_called_free_of_identifiers(upload):
    shown = text_of(upload(("IM0001", bytes(500))))
    assert "We could not read these files" in shown
    assert "No identifiers found" not in shown


def test_a_report_without_files_is_called_empty_and_nothing_is_ticked_off(client):
    shown = text_of(reopened(client, Report(files=(), findings=())))
    assert "This report is empty" in shown
    assert "each file read to its end" not in shown
    assert "Show the values" not in shown


def test_every_next_step_opens_beside_the_report_and_says_so(client):
    answer = client.get("/scans/sample/")
    report = re.search(r"<main.*</main>", answer.text, re.DOTALL)[0]
    steps = re.findall(r'<a href="(?:/letters|/checklists)/[^>]*>', report)
    assert steps
    assert all('target="_blank" rel="noopener"' in step for step in steps)
    assert re.search(r'<form[^>]*/letters/[^>]*target="_blank" rel="noopener"', report)
    assert "opens beside this page" in text_of(answer)


@pytest.mark.parametrize("address", ["/scans/open/", "/es/scans/open/", "/scans/save/"])
def test_an_address_that_only_takes_a_report_leads_back_to_the_start(client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url == address.replace("open/", "").replace("save/", "")


def test_nothing_readable_at_all_is_not_called_nothing_found(client):
    report = make_report(
        findings=(), files=make_files(2, kind="other", status="not-read", notes=("password",))
    )
    shown = text_of(reopened(client, report))
    assert "We could not read these files" in shown
    assert "No identifiers found" not in shown
    assert identifiers.notes("en")["password"] in shown


def test_a_value_of_markup_control_and_right_to_left_characters_stays_text(client):
    nasty = "<script>alert(1)</script>\u202egnp.exe\x07"
    answer = reopened(client, make_report(make_finding(values=[nasty])))
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "\u202e" not in answer.text
    assert '<span class="unseen">U+202E</span>' in answer.text
    assert '<span class="unseen">U+0007</span>' in answer.text


def test_names_of_files_are_text_too(client):
    answer = reopened(client, make_report(files=(make_files(1)[0].__class__(
        name="<img src=x>/\u202ea", kind="other", status="read"),)))  # fmt: skip
    assert "<img src=x>" not in answer.text
    assert "&lt;img src=x&gt;" in answer.text


def test_ten_thousand_findings_are_a_page_that_says_what_it_leaves_out(client):
    findings = [make_finding(f"rule-{n}", name=f"Name{n}") for n in range(10_000)]
    answer = reopened(client, make_report(*findings))
    assert answer.status_code == 200
    assert "9850 more kinds of details are in the saved file." in text_of(answer)
    assert answer.text.count('<article class="finding') == 150


def test_every_entry_of_the_files_is_a_row_of_the_table(client):
    rows = tuple(make_row(f"Name{n}", path=f"00400275[0].{n:08X}") for n in range(300))
    answer = reopened(client, make_report(elements=rows))
    assert "Show the table (300 entries)" in text_of(answer)
    assert answer.text.count("00400275[0].") == 300


def test_the_report_is_offered_in_the_other_language_without_a_second_upload(client):
    report = make_report()
    english = reopened(client, report)
    assert 'formaction="/es/scans/open/"' in english.text
    spanish = reopened(client, report, "/es")
    assert "su nombre" in spanish.text
    assert '<html lang="es"' in spanish.text


def test_details_for_a_letter_are_unticked_and_posted_to_the_letter(client):
    answer = reopened(client, make_report())
    box = re.search(r'<input type="checkbox" id="fact-name"[^>]*>', answer.text)[0]
    assert 'value="Jane Doe"' in box
    assert "checked" not in box
    assert f'formaction="{reverse("letter", args=["opt-out"])}"' in answer.text
    assert '<input type="hidden" name="from" value="report">' in answer.text


# --- Saving ------------------------------------------------------------------------------


def test_json_saved_from_the_page_opens_again_as_the_same_report(client):
    report = make_report(make_finding(), make_finding("study-date", group="when", hipaa="C"))
    saved = client.post("/scans/save/", {**carried(report), "as": "json"})
    assert saved.headers["Content-Type"] == "application/json"
    again = client.post("/scans/open/", {"saved": SimpleUploadedFile("report.json", saved.content)})
    assert "A saved report" in text_of(again)
    assert "your name" in text_of(again)


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_download_is_named_by_us_and_never_cached(client, kind):
    saved = client.post("/scans/save/", {**carried(make_report()), "as": kind})
    assert re.fullmatch(
        rf'attachment; filename="report-\d{{4}}-\d\d-\d\d\.{kind}"',
        saved.headers["Content-Disposition"],
    )
    assert saved.headers["Cache-Control"] == "no-store"


def test_saving_as_something_unknown_is_a_bad_request(client):
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
def test_a_saved_report_that_cannot_be_shown_says_why(client, data, words):
    answer = client.post("/scans/open/", {"saved": SimpleUploadedFile("x.json", data)})
    assert answer.status_code == 422
    assert screens.passage("scans", "en", "errors", words) in text_of(answer)


def test_a_changed_group_or_place_in_a_saved_report_is_noticed(client):
    document = make_report().to_json()
    document["findings"][0]["place"] = "the-moon"
    data = json.dumps(document).encode()
    answer = client.post("/scans/open/", {"saved": SimpleUploadedFile("x.json", data)})
    assert screens.passage("scans", "en", "errors", "changed") in text_of(answer)


def test_a_huge_saved_report_is_refused(client, settings):
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "report_json_bytes": 1000}
    answer = client.post("/scans/open/", {"saved": SimpleUploadedFile("x.json", b" " * 2000)})
    assert answer.status_code == 413
    assert screens.passage("scans", "en", "errors", "report-too-large") in text_of(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saved_report_too_large_for_memory_is_refused_in_the_same_words(client, language):
    prefix = "" if language == "en" else f"/{language}"
    saved = SimpleUploadedFile("x.json", b" " * 30_000_000)
    answer = client.post(f"{prefix}/scans/open/", {"saved": saved})
    assert answer.status_code == 413
    assert screens.passage("scans", language, "errors", "report-too-large") in text_of(answer)


def test_opening_without_a_file_asks_for_one(client):
    assert client.post("/scans/open/").status_code == 422


# --- The PDF -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printers():
    yield
    pdf_pool.close()


@pytest.mark.usefixtures("printers")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_says_its_language_and_names_nobody(client, language):
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
def test_the_pdf_holds_values_only_when_asked_for(client):
    import pypdf

    def words(**fields):
        saved = client.post("/scans/save/", {**carried(make_report()), "as": "pdf", **fields})
        pages = pypdf.PdfReader(io.BytesIO(saved.content)).pages
        return " ".join(page.extract_text() for page in pages)

    assert "Doe^Jane" not in words()
    assert "Doe^Jane" in words(values="yes")


def test_a_press_at_work_says_busy_and_that_nothing_was_kept(client, monkeypatch):
    def busy(page, *, language):
        raise pdf_pool.Busy

    monkeypatch.setattr(pdf_pool, "print_pdf", busy)
    answer = client.post("/scans/save/", {**carried(make_report()), "as": "pdf"})
    assert answer.status_code == 503
    assert "Nothing was kept." in text_of(answer)


# --- Forgetting -----------------------------------------------------------------------------


def test_forgetting_tells_the_browser_to_drop_what_it_holds(client):
    answer = client.get("/scans/forgotten/")
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    assert "Everything is forgotten" in text_of(answer)


def test_no_step_of_the_journey_sets_a_cookie(client):
    for answer in (
        client.get("/scans/"),
        client.post("/scans/sample/"),
        client.post("/scans/save/", {**carried(make_report()), "as": "csv"}),
        client.get("/scans/forgotten/"),
        client.get("/what-we-do-with-your-files/"),
    ):
        assert not answer.cookies


# --- Weight ---------------------------------------------------------------------------------


def test_the_report_of_a_thousand_slices_weighs_under_100_kb_with_styles_and_script(client):
    entries = (Entry(name, (data,)) for name, data in make_study(1000, pixels=512 * 512 * 2))
    report = inspect(entries, Limits())
    answer = reopened(client, report)
    static = Path("static")
    linked = re.findall(r'/static/((?:css|js|django_htmx)/[^"?]+)', answer.text)
    weight = len(gzip.compress(answer.content, 6)) + sum(
        len(gzip.compress((static / name).read_bytes(), 6)) for name in linked
    )
    assert len(linked) >= 4
    assert weight < 100_000
