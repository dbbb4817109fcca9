"""Packs for patient groups: what is printed, the link, the code and the command."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pikepdf
import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client

from companion.content.library import LANGUAGES, ContentError
from companion.content.packs import Pack, load, packs
from companion.providers import profiles, reach
from companion.web import pdf_pool
from companion.web.management.commands import pack as command
from companion.web.management.plain import WrongInputError
from companion.web.packs.choice import MOST_LETTERS, Choice, offered
from companion.web.packs.forms import PackForm
from tests.builders import make_provider

pytestmark = pytest.mark.django_db


def make_choice(**changes: Any) -> dict[str, Any]:
    """A small pack that prints quickly."""
    usual: dict[str, Any] = {
        "pack": "before-a-scan",
        "languages": ["en"],
        "checklists": ["before"],
        "letters": [],
        "place": "us",
        "paper": "letter",
        "group": "Lakes Friends",
        "contact": "lakes.example, 555 0100",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def print_pack(**changes: Any) -> bytes:
    answer = Client().post("/packs/", make_choice(**changes))
    assert answer["Content-Type"] == "application/pdf", answer.content[:2000]
    return answer.content


def text_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_a_pack_is_one_tagged_pdf_with_the_group_s_name() -> None:
    pdf = print_pack(letters=["opt-out"], card="on", slip="on")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "en"
        assert opened.docinfo.get("/Title") == "Before your scan"
        assert "/Author" not in opened.docinfo
        assert [float(side) for side in opened.pages[0].MediaBox[2:]] == [612, 792]
    text = text_of(pdf)
    for words in ("Lakes Friends", "lakes.example, 555 0100", "Five questions to ask",
                  "My choice about other uses of my scans", "Do not delay or skip"):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_that_explains_a_page_is_one_page_whose_link_opens_it(language: str) -> None:
    pdf = print_pack(pack="on-your-own-device", languages=[language], checklists=[])

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    prefix = "" if language == "en" else f"/{language}"
    assert len(reader.pages) == 1
    assert f"{prefix}/scans/on-this-device/" in text_of(pdf).replace(" ", "")
    assert Client().get(f"{prefix}/scans/on-this-device/").status_code == 200


def test_two_languages_stand_behind_each_other() -> None:
    text = text_of(print_pack(languages=["en", "es"]))
    assert "Before your scan" in text
    assert "Antes de su estudio" in text


def test_the_code_on_the_cover_opens_the_site_with_the_hospital_and_no_person() -> None:
    make_provider()
    pdf = print_pack(languages=["es"], at="lakeside", paper="a4")
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    [code] = zxingcpp.read_barcodes(picture)
    assert code.text == "http://testserver/es/checklists/?at=lakeside"


def test_a_blank_letter_has_no_date_and_no_made_up_deadline() -> None:
    text = text_of(print_pack(letters=["get-my-images"], checklists=[]))
    letter = text[text.index("Request for copies") :]
    assert not re.search(rf"answer by ({'|'.join(calendar.month_name[1:])}) \d", letter)


def test_large_print_is_larger() -> None:
    sizes = []
    for large in ("", "on"):
        pdf = pypdfium2.PdfDocument(print_pack(large=large, card="on", checklists=["before"]))
        sizes.append(len(pdf))
    assert sizes[1] > sizes[0]


def test_the_link_makes_the_same_pack_again() -> None:
    choice = make_choice(languages=["en", "es"], letters=["opt-out"], card="on", paper="a4")
    shown = Client().post("/packs/", choice | {"do": "link"}).content.decode()
    link = re.search(r'<pre class="snippet" tabindex="0">(.*?)</pre>', shown)[1]
    query = urlsplit(link.replace("&amp;", "&")).query
    assert parse_qs(query)["languages"] == ["en", "es"]
    again = Client().get(f"/packs/?{query}").content.decode()
    assert 'value="Lakes Friends"' in again
    made = Client().get(f"/packs/print/?{query}")
    assert text_of(made.content) == text_of(Client().post("/packs/", choice).content)


def test_the_printed_link_makes_the_same_pack_again() -> None:
    pdf = print_pack()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        links = [str(note.A.URI) for note in opened.pages[0].Annots if "/A" in note]
    again = next(link for link in links if "/packs/" in link)
    assert parse_qs(urlsplit(again).query)["group"] == ["Lakes Friends"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"languages": []}, "This field is required"),
        ({"languages": ["xx"]}, "not one of the available"),
        ({"letters": ["no-such"]}, "not one of the available"),
        ({"place": "atlantis"}, "not one of the available"),
        ({"checklists": []}, "choose at least one thing"),
        ({"group": "x" * 81}, "at most 80"),
        ({"group": "Lakes\u202eFriends"}, "cannot be seen"),
        ({"at": "not a slug!"}, "You can leave it empty"),
    ],
)
def test_a_choice_that_cannot_be_printed_is_told(changes: dict[str, Any], words: str) -> None:
    answer = Client().post("/packs/", make_choice(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nine_letters_are_too_many() -> None:
    chosen = offered()["letters"][: MOST_LETTERS + 1]
    answer = Client().post("/packs/", make_choice(letters=chosen))
    assert answer.status_code == 422
    assert "eight letters at most" in answer.content.decode()


def test_a_name_with_markup_is_printed_as_text() -> None:
    assert "<b>Lakes</b>" in text_of(print_pack(group="<b>Lakes</b>"))


@pytest.mark.parametrize("pack", packs().values(), ids=list(packs()))
def test_every_pack_can_be_printed_as_it_is(pack: Pack) -> None:
    Choice.of_pack(pack, LANGUAGES).check()


def test_a_pack_that_names_no_letter_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        'order = 1\nchecklists = []\nletters = ["no-such"]\ncard = true\nslip = true\n'
    )
    with pytest.raises(ContentError, match="no letter 'no-such'"):
        load(tmp_path)


def test_the_command_prints_one_pack(tmp_path: Path) -> None:
    out = tmp_path / "pack.pdf"
    call_command("pack", "after-a-scan", "--out", str(out), "--letter", "get-my-images",
                 "--group", "Lakes Friends", "--language", "es")  # fmt: skip
    assert "Después de su estudio" in text_of(out.read_bytes())


def test_the_command_prints_one_for_each_group(tmp_path: Path) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_text("group,contact,out\nLakes,one,a.pdf\nHills,two,b.pdf\n")
    call_command("pack", "before-a-scan", "--groups", str(groups), "--out", str(tmp_path))
    assert "Hills" in text_of((tmp_path / "b.pdf").read_bytes())


def test_the_command_and_the_form_choose_the_same() -> None:
    options = {
        "pack": "after-a-scan", "language": ["es", "en"], "letter": ["opt-out"], "place": "eu-de",
        "paper": "a4", "large": True, "group": "Lakes Friends", "contact": "555 0100", "at": "",
        "logo": "",
    }  # fmt: skip
    by_command = command.choice_of(options)
    form = PackForm(QueryDict(by_command.query()), language="en")
    assert form.is_valid(), form.errors
    assert form.choice() == by_command


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"languages": ("xx",)}, "there is no 'xx'"),
        ({"letters": ("consent-addendum",)}, "there is no 'consent-addendum'"),
        ({"checklists": (), "letters": (), "card": False, "slip": False}, "at least one thing"),
        ({"contact": "x" * 121}, "more than 120"),
        ({"group": "Lakes\u202eFriends"}, "cannot be seen"),
        ({"place": "uk"}, "there is no 'uk'"),
    ],
)
def test_a_choice_is_checked_however_it_was_made(changes: dict[str, Any], words: str) -> None:
    usual = Choice.of_pack(packs()["before-a-scan"], ["en"])
    usual.check()
    with pytest.raises(ValidationError, match=words):
        replace(usual, **changes).check()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such", "--out", "x.pdf"], "name one of these packs"),
        (["before-a-scan"], "--out"),
        (["before-a-scan", "--out", "x.pdf", "--at", "nope"], "No hospital here has"),
        (["before-a-scan", "--out", "x.pdf", "--language", "xx"], "languages"),
        (["before-a-scan", "--out", "x.pdf", "--logo", "none.png"], "cannot be opened"),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(arguments: list[str], words: str) -> None:
    with pytest.raises(WrongInputError, match=words):
        call_command("pack", *arguments)


def test_a_group_s_file_cannot_leave_the_folder(tmp_path: Path) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_text("group,out\nLakes,../a.pdf\n")
    with pytest.raises(WrongInputError, match="row 2"):
        call_command("pack", "before-a-scan", "--groups", str(groups), "--out", str(tmp_path))


@pytest.mark.parametrize("slug", ["nowhere", "Not a slug!", "https://host.example/at/lakeside/"])
def test_a_hospital_that_is_not_here_is_told_in_a_sentence(slug: str) -> None:
    for answer in (
        Client().post("/packs/", make_choice(at=slug)),
        Client().get("/packs/print/", make_choice(at=slug)),
    ):
        assert answer.status_code == 422
        assert "No hospital here has this short name." in answer.text
        assert "Enter a valid" not in answer.text


def test_a_directory_that_is_gone_is_told_and_not_that_there_is_no_such_hospital(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(slug: str) -> None:
        raise reach.Unreachable

    monkeypatch.setattr(profiles, "look_up", gone)
    answer = Client().post("/packs/", make_choice(at="lakeside"))
    assert answer.status_code == 422
    assert "We cannot look up hospitals right now." in answer.text


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (pdf_pool.Busy, 503, "Retry"),
        (pdf_pool.TooLong, 422, "This pack is too long to print at once."),
        (pdf_pool.Failed, 500, "This is our mistake, not yours."),
    ],
)
def test_a_pack_that_is_not_printed_is_told_why(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception], status: int, words: str
) -> None:
    monkeypatch.setattr(pdf_pool, "print_pdf", failing(fault))
    answer = Client().post("/packs/", make_choice())
    assert answer.status_code == status
    assert words in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (pdf_pool.Busy, "every printer is busy"),
        (pdf_pool.TooLong, "too long"),
        (pdf_pool.Failed, "nothing is wrong with the pack"),
    ],
)
def test_the_command_tells_why_too(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception], words: str, tmp_path: Path
) -> None:
    monkeypatch.setattr("companion.web.management.commands.pack.print_pdf", failing(fault))
    with pytest.raises(WrongInputError, match=words):
        call_command("pack", "before-a-scan", out=str(tmp_path / "pack.pdf"))


def failing(fault: type[Exception]) -> Callable[..., bytes]:
    def fail(*_: object, **__: object) -> bytes:
        raise fault

    return fail
