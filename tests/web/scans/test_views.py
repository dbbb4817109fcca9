"""The scan journey over HTTP: choosing, the report of what was sent, forgetting."""

from __future__ import annotations

import re
from typing import NoReturn, Protocol

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from companion.content import identifiers, screens
from companion.content.library import LANGUAGES
from companion.web.scans import uploads
from tests.builders import make_scan
from tests.web.responses import Response
from tests.web.scans.posting import carried, text_of
from tests.web.scans.report.reports import make_report

TOKEN = "Zanzibarova"


class Upload(Protocol):
    """Sends files by name to the page that takes them."""

    def __call__(self, *files: tuple[str, bytes], prefix: str = "") -> Response: ...


@pytest.fixture
def upload(client: Client) -> Upload:
    def send(*files: tuple[str, bytes], prefix: str = "") -> Response:
        return client.post(
            f"{prefix}/scans/",
            {"files": [SimpleUploadedFile(name, data) for name, data in files]},
        )

    return send


# --- Choosing --------------------------------------------------------------------------


def test_the_page_prints_the_limits_it_holds_to(client: Client, settings: Settings) -> None:
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "upload_files": 1234}
    assert "1,234 files" in text_of(client.get("/scans/"))


@pytest.mark.parametrize("address", ["/scans/", "/scans/open/"])
def test_a_post_without_a_file_is_told_so_and_nothing_of_what_was_sent(
    client: Client, address: str
) -> None:
    answer = client.post(address)
    assert answer.status_code == 422
    assert "No file arrived." in text_of(answer)
    assert "What you sent" not in text_of(answer)


@pytest.mark.parametrize(
    ("code", "status"),
    [("too-large", 413), ("too-many", 413), ("busy", 503), ("timeout", 503), ("died", 500),
     ("cut-off", 422), ("empty", 422)],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_an_upload_has_its_own_sentence(
    client: Client, monkeypatch: pytest.MonkeyPatch, code: str, status: int, language: str
) -> None:
    def fail(request: HttpRequest) -> NoReturn:
        raise uploads.UploadError(code)

    monkeypatch.setattr(uploads, "inspect_upload", fail)
    answer = client.post("/scans/" if language == "en" else f"/{language}/scans/")
    assert answer.status_code == status
    assert screens.passage("scans", language, "errors", code) in text_of(answer)


def test_every_code_of_an_upload_has_words() -> None:
    for language in LANGUAGES:
        assert set(uploads.CODES) <= screens.read("scans", language)["errors"].keys()


# --- The report of real bytes ----------------------------------------------------------


def test_a_scan_becomes_a_report_with_the_value_hidden_in_the_page(upload: Upload) -> None:
    answer = upload(("scan.dcm", make_scan(PatientName=f"{TOKEN}^Jane", PatientID="77-1234-X")))
    assert answer.status_code == 200
    assert (
        f'<span class="value"><bdi>Jane {TOKEN}</bdi> <small><bdi>{TOKEN}^Jane</bdi></small></span>'
        in answer.text
    )
    assert "your name" in text_of(answer)
    assert TOKEN not in re.search("<title>.*?</title>", answer.text, re.DOTALL)[0]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_scan_cut_in_half_is_never_shown_as_read(upload: Upload) -> None:
    whole = make_scan(PatientName=f"{TOKEN}^Jane", Manufacturer="Acme " * 60)
    answer = upload(("scan.dcm", whole[: len(whole) // 2]))
    assert "not read in full" in text_of(answer)
    assert identifiers.notes("en")["truncated"] in text_of(answer)


def test_a_scan_without_a_name_is_not_said_to_hold_one_and_gets_no_promise(upload: Upload) -> None:
    answer = upload(("scan.dcm", make_scan()))
    told = re.search(r'<p class="lede">.*?</p>', answer.text, re.DOTALL)[0]
    assert "the hospital can match them to you." in told
    assert "your name" not in told
    assert "safe" not in re.findall(r"\w+", text_of(answer).lower())


def test_something_that_is_no_scan_is_searched_and_said_to_be_none(upload: Upload) -> None:
    answer = upload(("note.txt", b"Just a few words about nothing.\n"))
    assert screens.passage("report", "en", "nothing", "no-scan") in text_of(answer)


def test_an_empty_file_is_said_to_be_unread(upload: Upload) -> None:
    answer = upload(("scan.dcm", b""))
    assert answer.status_code == 200
    assert "We could not read these files" in text_of(answer)
    assert identifiers.notes("en")["empty"] in text_of(answer)


def test_the_made_up_scan_takes_the_same_way_and_says_that_it_is_made_up(client: Client) -> None:
    answer = client.post("/scans/sample/")
    shown = text_of(answer)
    assert "This person does not exist" in shown
    assert "Example^Robin^Madeup" in answer.text
    assert "not read in full" in shown  # one of its files is cut short on purpose
    assert "In hidden places" in shown


def test_a_file_of_zeros_is_not_called_free_of_identifiers(upload: Upload) -> None:
    shown = text_of(upload(("IM0001", bytes(500))))
    assert "We could not read these files" in shown
    assert "No identifiers found" not in shown


# --- Forgetting ------------------------------------------------------------------------


def test_forgetting_tells_the_browser_to_drop_what_it_holds(client: Client) -> None:
    answer = client.get("/scans/forgotten/")
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    assert "Everything is forgotten" in text_of(answer)


def test_no_step_of_the_journey_sets_a_cookie(client: Client) -> None:
    for answer in (
        client.get("/scans/"),
        client.post("/scans/sample/"),
        client.post("/scans/save/", {**carried(make_report()), "as": "csv"}),
        client.get("/scans/forgotten/"),
        client.get("/what-we-do-with-your-files/"),
    ):
        assert not answer.cookies
