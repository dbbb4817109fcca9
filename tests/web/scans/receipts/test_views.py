"""The pages of a receipt: made, kept, printed, and compared with files later."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from datetime import timedelta
from html import unescape
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from companion import clock
from companion.receipts import FileKind, FileReceipt, Receipt, read_receipt
from companion.receipts.receipt import MOST_FILES
from tests.builders import make_scan, make_zip

pytestmark = pytest.mark.django_db

Files = Iterable[tuple[str, bytes]]


def uploaded(files: Files) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data) for name, data in files]


def post(path: str, **parts: Files) -> Any:
    return Client().post(path, {name: uploaded(files) for name, files in parts.items()})


def text_of(response: Any) -> str:
    return unescape(str(response.content.decode()))


def made_page(*files: bytes, prefix: str = "") -> str:
    named = [(f"IM{number}", data) for number, data in enumerate(files)]
    return str(post(f"{prefix}/scans/receipt/", files=named).content.decode())


def carried(page: str) -> str:
    found = re.search(r'name="receipt" value="([^"]*)"', page)
    assert found
    return unescape(found.group(1))


def saved(*files: bytes, **fields: str) -> Any:
    form = {"receipt": carried(made_page(*files)), "as": "json", **fields}
    return Client().post("/scans/receipt/save/", form)


def compared(old: bytes, *new: bytes, prefix: str = "", field: str = "receipt") -> str:
    files = [(f"IM{number}", data) for number, data in enumerate(new)]
    response = post(f"{prefix}/scans/compare/", **{field: [("old", old)], "files": files})
    assert response.status_code == 200
    return text_of(response)


def letter_fields(page: str) -> dict[str, str]:
    form = re.search(r'<form[^>]*action="[^"]*/letters/correct.*?</form>', page, re.DOTALL)
    assert form
    return dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form.group()))


def test_the_receipt_is_downloaded_under_a_neutral_name_and_holds_no_name() -> None:
    response = saved(make_scan(PatientName="Canary^Ann", PatientID="canary-1"))
    assert re.fullmatch(
        r'attachment; filename="receipt-\d{4}-\d\d-\d\d\.json"', response["Content-Disposition"]
    )
    assert response["Cache-Control"] == "no-store"
    assert b"anary" not in response.content
    assert read_receipt(response.content).scans == 1


def test_the_page_shows_the_one_fingerprint_and_a_code_of_it() -> None:
    page = made_page(make_scan(), b"paper")
    whole = json.loads(carried(page))["set"]
    assert "".join(re.findall(r"<span>([0-9a-f]{8})</span>", page)) == whole
    assert 'src="data:image/svg+xml' in page
    assert "<strong>2 files</strong>" in page


def test_what_is_not_in_the_receipt_is_named() -> None:
    page = made_page(make_scan(), b"PK\x03\x04" + bytes(40))
    assert "Not all of it is in the receipt" in page


def test_the_sheet_has_the_day_the_giver_and_the_fingerprint() -> None:
    fields = {"as": "pdf", "received_on": "2026-11-20", "from_whom": "Ms. Sample, <b>Desk</b>"}
    response = saved(make_scan(), **fields)
    assert response["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    assert len(reader.pages) == 1
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for words in ("Nov. 20, 2026", "Ms. Sample, <b>Desk</b>", "My signature", "/scans/compare/"):
        assert words in text
    whole = read_receipt(saved(make_scan()).content).set_hash
    assert all(whole[at : at + 8] in text for at in range(0, 64, 8))
    assert "Sample" not in str(reader.metadata)


def test_a_receipt_of_ten_thousand_files_can_still_be_sent_by_its_form() -> None:
    uid = "1.2.826.0.1.3680043.10.1234.20260102030405.1234567890.12345"
    rows = tuple(
        FileReceipt(
            f"{number:064x}",
            526_000,
            FileKind.SCAN,
            study=uid,
            series=uid,
            instance=f"{uid[:-5]}{number:05}",
            frame=uid,
            sop_class="1.2.840.10008.5.1.4.1.1.2",
            syntax="1.2.840.10008.1.2.4.70",
            colours="MONOCHROME2",
            number=number,
            header="a" * 64,
            shown="b" * 64,
            stored="c" * 64,
            points="d" * 64,
            frames=1,
        )
        for number in range(MOST_FILES)
    )
    made = Receipt(clock.today(), rows)
    page = made_page(make_scan())
    form = re.search(r"<form id=.receipt-form.*?>", page)
    assert form
    assert "multipart/form-data" in form.group()
    # Line ends as a browser sends them, and the blanks that the page has.
    sent = json.dumps(made.to_json(), indent=1).replace("\n", "\r\n")
    response = Client().post("/scans/receipt/save/", {"receipt": sent, "as": "json"})
    assert response.status_code == 200
    assert len(read_receipt(response.content).files) == MOST_FILES


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-40"])
def test_a_day_that_is_none_leaves_the_line_free(day: str) -> None:
    response = saved(make_scan(), **{"as": "pdf", "received_on": day})
    assert response.status_code == 200


def test_a_receipt_that_was_tampered_with_is_neither_saved_nor_printed() -> None:
    document = json.loads(carried(made_page(make_scan()))) | {"made_on": "2001-01-01"}
    form = {"receipt": json.dumps(document), "as": "pdf"}
    response = Client().post("/scans/receipt/save/", form)
    assert response.status_code == 422
    assert "This receipt was changed after it was made, so it cannot show anything." in text_of(
        response
    )


def test_the_same_files_have_not_changed() -> None:
    scan = make_scan()
    page = compared(saved(scan).content, scan)
    assert "Nothing changed" in page
    assert "Every file is the same, byte for byte" in page
    assert "/letters/correct-my-record/" not in page


def test_the_number_on_paper_is_shown_of_a_receipt_and_not_of_files() -> None:
    """Who edits a receipt on purpose can make its sums anew; paper cannot be made anew."""
    scan = make_scan()
    receipt = saved(scan).content
    whole = read_receipt(receipt).set_hash
    numbers = "".join(re.findall(r"<span>([0-9a-f]{8})</span>", compared(receipt, scan)))
    assert numbers == whole
    assert "paper sheet" not in compared(scan, scan, field="old")


def test_an_archive_with_nothing_in_it_is_no_set_of_files() -> None:
    nothing = [("empty.zip", make_zip({}))]
    assert post("/scans/receipt/", files=nothing).status_code == 422
    response = post("/scans/compare/", old=nothing, files=nothing)
    assert response.status_code == 422
    assert "Nothing changed" not in text_of(response)


def test_one_point_is_a_changed_picture_and_never_a_fake_one() -> None:
    changed = make_scan(PixelData=bytes(31) + b"\1")
    page = compared(saved(make_scan()).content, changed)
    assert "1 file: the picture is not the same" in page
    assert "We cannot tell who changed it, or why." in page
    said = page.split("<main")[1].lower()
    assert not re.search(r"\b(fake|genuine|authentic|original)\b", said)


def test_a_receipt_says_that_details_changed_and_not_which() -> None:
    page = compared(saved(make_scan(PatientName="Roe^Ann")).content, make_scan(PatientName="A^B"))
    assert "1 file: the picture is the same, but details are not" in page
    assert "Not a single pixel of the picture has changed." in page
    assert "A receipt has no details in it" in page


def test_old_files_say_which_details_changed_from_what_to_what() -> None:
    old = make_scan(PatientName="Roe^Ann", StudyDate="20240102")
    new = make_scan(PatientName="Roe^Anna", StudyDate="20240103")
    page = compared(old, new, field="old")
    for words in ("Patient Name", "Roe^Ann", "Roe^Anna", "Jan. 2, 2024", "Jan. 3, 2024"):
        assert words in page
    assert "between the old files and the new ones" in page


def test_the_letter_takes_the_differences_along() -> None:
    old = make_scan(ImageLaterality="L", StudyDescription="a {new} one")
    page = compared(old, make_scan(ImageLaterality="R"), field="old")
    fields = letter_fields(page)
    assert fields["problem"] == "details"
    told = fields["what_happened"]
    assert "1 file: every pixel of the picture is the same, but details are different" in told
    assert "- Image Laterality: “L” before, “R” now" in told
    assert "- Study Description: “a {new} one” before, nothing now" in told
    letter = text_of(Client().post("/letters/correct-my-record/", fields | {"place": "us"}))
    assert "Some details in my record are wrong." in letter
    assert "“R” now" in letter


def test_another_person_s_scan_comes_first_and_asks_to_tell_soon() -> None:
    person: dict[str, Any] = {
        "PatientName": "Roe^Ann",
        "PatientID": "A1",
        "PatientBirthDate": "19600101",
    }
    other: dict[str, Any] = {
        "PatientName": "Li^Bo",
        "PatientID": "Z9",
        "PatientBirthDate": "19800202",
    }
    uids: list[dict[str, Any]] = [{"SOPInstanceUID": f"1.2.3.{number}"} for number in (1, 2, 3)]
    mine = [make_scan(**person, **uid) for uid in uids[:2]]
    old = post("/scans/receipt/", files=[(f"IM{n}", data) for n, data in enumerate(mine)])
    receipt = carried(old.content.decode()).encode()
    page = compared(receipt, *mine, make_scan(**other, **uids[2]))
    assert "someone else’s" in page
    assert 'class="card change change-person"' in page.split('data-kind="same"')[0]
    assert letter_fields(page)["problem"] == "not-mine"
    assert "call your doctor’s office too" in page


def test_the_letter_is_in_the_recipient_s_language() -> None:
    response = Client(headers={"accept-language": "en-US"}).post(
        "/es/scans/compare/",
        {"old": uploaded([("a", make_scan())]), "files": uploaded([("b", make_scan(Rows=2))])},
    )
    page = text_of(response)
    assert "Algo es distinto" in page
    assert "I compared an earlier copy" in letter_fields(page)["what_happened"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"files": [("a", b"x")]}, "Choose a receipt or the old files"),
        ({"old": [("a", b"x")]}, "Choose the files that you have now."),
        ({"receipt": [("a", b"not json")], "files": [("a", b"x")]}, "is not a receipt. Choose"),
        (
            {"receipt": [("a", b"{}")], "files": [("a", b"x")]},
            "is not a receipt but another kind of file",
        ),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_what_is_missing_or_wrong_is_said(parts: dict[str, Files], words: str, prefix: str) -> None:
    response = post(f"{prefix}/scans/compare/", **parts)
    assert response.status_code == 422
    page = text_of(response)
    assert 'class="error-summary"' in page
    assert (words in page) is (prefix == "")


def test_a_receipt_of_a_newer_version_is_said_to_be_one() -> None:
    newer = json.dumps(json.loads(saved(b"x").content) | {"version": 9}).encode()
    response = post("/scans/compare/", receipt=[("r", newer)], files=[("a", b"x")])
    assert "made by a newer version" in text_of(response)


def test_nothing_chosen_is_said_on_both_pages() -> None:
    for path in ("/scans/receipt/", "/scans/compare/"):
        assert Client().post(path, {}).status_code == 422


@pytest.mark.parametrize("path", ["/scans/receipt/", "/scans/compare/"])
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_pages_open_and_lead_to_each_other(path: str, prefix: str) -> None:
    page = Client().get(prefix + path).content.decode()
    other = {"/scans/receipt/": "/scans/compare/", "/scans/compare/": "/scans/receipt/"}[path]
    assert f'href="{prefix}{other}"' in page
    assert Client().put(prefix + path).status_code == 405


def test_markup_in_a_file_is_text() -> None:
    new = make_scan(PatientName="<script>1</script>")
    response = post("/scans/compare/", old=[("a", make_scan())], files=[("<b>n</b>", new)])
    assert "<script>1</script>" not in response.content.decode()
    assert "&lt;script&gt;1" in response.content.decode()


def test_the_day_of_a_receipt_is_that_on_which_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.today() - timedelta(days=400)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "today", lambda: before)
        receipt = saved(make_scan()).content
    page = compared(receipt, make_scan())
    assert f"{before:%Y}" in page.split('class="lede"')[1].split("</p>")[0]
