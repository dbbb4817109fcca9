"""The journey of a copy to share, over HTTP: questions, preview, the ZIP, its list."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from companion.cleaning import Account, FaceChoice, Preset, Reason, Withheld
from companion.content import screens
from companion.content.library import LANGUAGES
from companion.scans.inspection import Entry, inspect
from companion.web.scans.clean import sending
from companion.web.scans.clean.printed import as_json
from companion.web.scans.device import parts
from tests.builders import make_scan, make_zip
from tests.web.responses import Response
from tests.web.scans.posting import text_of

pytestmark = pytest.mark.django_db  # the end of a streamed answer looks at the connection

NAME = "Zanzibarova^Jo"
FACTS: dict[str, Any] = {
    "PatientName": NAME,
    "PatientID": "77-1203",
    "PatientBirthDate": "19710203",
}
MB = 1024 * 1024


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The limits, to be changed for one test."""
    changed = dict(settings.COMPANION_LIMITS)
    monkeypatch.setattr(settings, "COMPANION_LIMITS", changed)
    return changed


def send(client: Client, *files: tuple[str, bytes], prefix: str = "", **fields: str) -> Response:
    body = {
        "for": Preset.FOR_A_DOCTOR,
        "face": FaceChoice.WITHHOLD,
        "files": [SimpleUploadedFile(name, data) for name, data in files],
        "do": "preview",
    }
    return client.post(f"{prefix}/scans/clean/", {**body, **fields})


def copy(client: Client, *files: tuple[str, bytes], **fields: str) -> zipfile.ZipFile:
    answer = send(client, *files, do="copy", **fields)
    assert answer["Content-Type"] == "application/zip", text_of(answer)
    return zipfile.ZipFile(io.BytesIO(b"".join(answer)))


def make_slices(count: int = 3) -> list[tuple[str, bytes]]:
    return [
        (f"{NAME}/IM{number}", make_scan(**FACTS, InstanceNumber=str(number)))
        for number in range(1, count + 1)
    ]


# --- The questions ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_has_its_own_page_and_leads_to_the_next(
    client: Client, language: str
) -> None:
    start = "/scans/clean/" if language == "en" else f"/{language}/scans/clean/"
    for preset in Preset:
        assert f"?for={preset}" in client.get(start).text
        for face in FaceChoice:
            second = client.get(f"{start}?for={preset}")
            assert f"?for={preset}&amp;face={face}" in second.text
            form = client.get(f"{start}?for={preset}&face={face}").text
            assert f'name="for" value="{preset}"' in form
            assert f'name="face" value="{face}"' in form


@pytest.mark.parametrize(
    "query", ["?for=nobody", "?for=", "?face=keep", "?for=for-research&face=x"]
)
def test_an_address_with_a_wrong_answer_asks_again(client: Client, query: str) -> None:
    answer = client.get(f"/scans/clean/{query}")
    assert answer.status_code == 200
    assert 'type="file" id="id_files"' not in answer.text


def test_the_original_is_spoken_of_before_and_after(client: Client) -> None:
    before = text_of(client.get("/scans/clean/?for=for-research&face=withhold"))
    after = text_of(send(client, *make_slices()))
    assert "Keep the original." in before
    assert "Keep the original." in after
    assert "Give your own doctors the original" in after
    assert "Do not put off a scan or a visit" in after


def test_where_nobody_looks_at_pictures_the_page_says_so_before_files_are_chosen(
    client: Client, limits: dict[str, Any]
) -> None:
    address = "/scans/clean/?for=for-research&face=withhold"
    assert "does not look at the pictures" not in text_of(client.get(address))

    limits["pictures"] = False

    assert "This site does not look at the pictures themselves." in text_of(client.get(address))


def test_keeping_the_face_says_that_nothing_is_cut_away(client: Client) -> None:
    assert "nothing is cut away from the head" in text_of(
        client.get("/scans/clean/?for=for-research")
    )


# --- The preview -----------------------------------------------------------------------------


def test_a_preview_says_what_goes_and_holds_nothing_that_went(client: Client) -> None:
    answer = send(client, *make_slices())

    assert answer.status_code == 200
    shown = text_of(answer)
    assert "3 files in the copy." in shown
    assert "Zanzibarova" not in answer.text
    assert "77-1203" not in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_file_that_is_left_out_is_named_to_the_patient_and_to_nobody_else(
    client: Client,
) -> None:
    files = [*make_slices(), ("letter.txt", b"a letter")]

    shown = send(client, *files)

    assert "letter.txt" in text_of(shown)
    assert "letter.txt" not in re.search(r'name="account" value="([^"]*)"', shown.text)[1]
    with copy(client, *files) as made:
        assert all(b"letter.txt" not in made.read(name) for name in made.namelist())


def test_scans_of_two_people_are_refused_with_a_way_out(client: Client) -> None:
    other: dict[str, Any] = {
        "PatientName": "Roe^Ann",
        "PatientID": "31-9999",
        "PatientBirthDate": "19550505",
    }
    files = [*make_slices(), ("other", make_scan(**other))]

    refused = send(client, *files, do="copy")

    assert "belong to more than one person" in text_of(refused)
    assert "Before you share it" not in text_of(refused)
    people = re.findall(r'name="person" value="([^"]+)"', refused.text)
    assert len(people) == 2
    with copy(client, *files, person=people[0]) as made:
        assert len([name for name in made.namelist() if name.endswith(".dcm")]) in (1, 3)


def test_files_without_a_scan_end_in_a_page_and_in_no_zip(client: Client) -> None:
    answer = send(client, ("letter.txt", b"a letter"), do="copy")

    assert answer["Content-Type"].startswith("text/html")
    assert "None of these files is a scan." in text_of(answer)


# --- The copy --------------------------------------------------------------------------------


def test_the_copy_is_a_zip_with_new_names_and_no_original_value(client: Client) -> None:
    with copy(client, *make_slices()) as made:
        names = made.namelist()
        held = b"".join(made.read(name) for name in names)

    assert sum(name.endswith(".dcm") for name in names) == 3
    assert {"what-was-removed.json", "what-was-removed.html"} <= set(names)
    for value in ("Zanzibarova", "77-1203", "19710203"):
        assert value.encode() not in held
        assert value.encode("utf-16-le") not in held


def test_what_an_inspection_finds_in_the_copy_names_nobody(client: Client) -> None:
    with copy(client, ("cd.zip", make_zip(dict(make_slices())))) as made:
        entries = [Entry(n, [made.read(n)]) for n in made.namelist() if n.endswith(".dcm")]

    found = {
        finding.group for finding in inspect(entries).findings if finding.certainty == "certain"
    }
    assert not found & {"who-you-are", "where", "numbers", "other-people"}


def test_the_list_in_the_zip_is_the_contract_and_a_page_in_the_language_of_the_form(
    client: Client,
) -> None:
    answer = send(client, *make_slices(), prefix="/es", do="copy")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as made:
        account = json.loads(made.read("what-was-removed.json"))
        page = made.read("what-was-removed.html").decode()

    assert (account["format"], account["files_out"]) == ("companion-cleaning", 3)
    assert '<html lang="es"' in page
    assert screens.passage("clean", "es", "sheet", "to-doctors") in page
    assert "http" not in page


def test_a_copy_is_named_by_its_day_alone_and_kept_by_no_cache(client: Client) -> None:
    answer = send(client, *make_slices(), do="copy")
    b"".join(answer)

    assert re.fullmatch(
        r'attachment; filename="copy-\d{4}-\d\d-\d\d\.zip"', answer["Content-Disposition"]
    )
    assert answer["Cache-Control"] == "no-store"
    assert answer.streaming


def test_two_copies_of_the_same_files_share_no_number(client: Client) -> None:
    import pydicom

    uids = []
    for _ in range(2):
        with copy(client, *make_slices(1)) as made:
            name = next(name for name in made.namelist() if name.endswith(".dcm"))
            uids.append(pydicom.dcmread(io.BytesIO(made.read(name))).SOPInstanceUID)

    assert uids[0] != uids[1]
    assert all(uid.startswith("2.25.") for uid in uids)


# --- What goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("on_device", "words"), [(True, "too-large"), (False, "too-large-here")])
def test_more_than_may_be_held_is_told_and_shows_a_way_that_there_is(
    client: Client,
    limits: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    *,
    on_device: bool,
    words: str,
) -> None:
    monkeypatch.setattr(parts, "parts", lambda: on_device or None)
    limits["clean_bytes"] = 1_000
    answer = send(client, *make_slices(), prefix="" if language == "en" else f"/{language}")

    assert answer.status_code == 413
    assert screens.passage("clean", language, "errors", words) in text_of(answer)
    assert ("/scans/on-this-device/" in answer.text) == on_device


def test_a_form_without_a_choice_asks_for_it(client: Client) -> None:
    answer = send(client, *make_slices(), **{"for": "nobody"})

    assert answer.status_code == 422
    assert "First choose who the copy is for." in text_of(answer)


def test_no_file_is_told_and_nothing_of_what_was_sent(client: Client) -> None:
    answer = send(client)

    assert answer.status_code == 422
    assert "No file arrived." in text_of(answer)
    assert "What you sent" not in text_of(answer)


def test_one_more_than_may_be_at_work_is_told_to_come_back(
    client: Client, limits: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.update(cleanings_at_once=1, wait_seconds=0)
    monkeypatch.setattr(sending.CleaningUpload, "_free", None)
    first = send(client, *make_slices(), do="copy")

    second = send(client, *make_slices())

    assert second.status_code == 503
    assert second["Retry-After"]
    assert "Other copies are being made right now." in text_of(second)
    first.close()
    assert send(client, *make_slices()).status_code == 200


def test_a_download_that_is_given_up_makes_room_for_the_next(
    client: Client, limits: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.update(cleanings_at_once=1, wait_seconds=0)
    monkeypatch.setattr(sending.CleaningUpload, "_free", None)
    answer = send(client, *make_slices(), do="copy")
    next(iter(answer))

    answer.close()

    assert send(client, *make_slices()).status_code == 200


# --- The list, again -------------------------------------------------------------------------


def make_account() -> Account:
    return Account(
        Preset.FOR_RESEARCH, files_in=3, files_out=2, withheld=(Withheld("Doe/IM1", Reason.FACE),)
    )


def test_the_list_is_printed_on_one_sheet(client: Client) -> None:
    answer = client.post(
        "/scans/clean/what-was-removed/",
        {"account": as_json(make_account()).decode(), "as": "pdf"},
    )

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_saved_list_opens_again(client: Client) -> None:
    saved = SimpleUploadedFile("what-was-removed.json", as_json(make_account()))

    shown = text_of(client.post("/scans/clean/what-was-removed/", {"saved": saved}))

    assert "2 files in the copy." in shown
    assert "A face can be built from these pictures." in shown


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "7", "{", '{"format": "companion-report"}', "[" * 100_000,
     '{"format": "companion-cleaning", "version": 1, "preset": "x"}'],
)  # fmt: skip
def test_what_is_no_list_is_told(client: Client, text: str) -> None:
    answer = client.post("/scans/clean/what-was-removed/", {"account": text})

    assert answer.status_code == 422
    assert "This file is not a list from a copy." in text_of(answer)
