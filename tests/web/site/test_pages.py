"""The pages that people expect: filled from the settings, plain, and true."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from PIL import Image
from pytest_django import Settings

from companion import environment
from companion.content.library import LANGUAGES
from companion.web.site import branding, pages
from tests.builders import make_provider
from tests.content.readability import grade

pytestmark = pytest.mark.django_db

ALL = (*pages.PAGES, "for-hospitals", "site-map")


@pytest.mark.parametrize("prefix", ["", *(f"/{one}" for one in LANGUAGES if one != "en")])
@pytest.mark.parametrize("name", ALL)
def test_each_page_opens_in_each_language(name: str, prefix: str) -> None:
    answer = Client().get(f"{prefix}/{name}/")
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "{" not in re.sub(r"<(meta|script)[^>]*>", "", shown[shown.index("<main") :])
    assert not answer.cookies


@pytest.mark.parametrize("name", [*pages.PAGES, "for-hospitals"])
def test_the_languages_have_the_same_sections(name: str) -> None:
    sections = [
        [section["id"] for section in pages.page_words(name, language)["sections"]]
        for language in LANGUAGES
    ]
    assert all(one == sections[0] for one in sections)
    assert sections[0]


def plain_text(name: str) -> str:
    words = pages.page_words(name, "en")
    text = " ".join([words["lede"], *(section["html"] for section in words["sections"])])
    text = re.sub(r"</(p|li|td|th|h\d)>", ". ", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|RCW [\d.]+|16 CFR \d+", "", text))


@pytest.mark.parametrize("name", pages.PAGES)
def test_each_page_is_plain_to_read(name: str) -> None:
    assert grade([plain_text(name)]) <= 8


def test_half_of_the_pages_read_at_sixth_grade_or_below() -> None:
    grades = sorted(grade([plain_text(name)]) for name in pages.PAGES)
    assert grades[len(grades) // 2] <= 6, grades


def test_no_page_promises_what_nobody_can() -> None:
    for name in (*pages.PAGES, "for-hospitals"):
        words = plain_text(name).lower()
        assert not re.search(r"\b(anonymous|100 ?%|guarantee)\b", words), name


def test_the_legal_pages_name_whoever_runs_the_site(settings: Settings) -> None:
    settings.COMPANION_OPERATOR = "Lakes Patients’ Union"
    settings.COMPANION_CONTACT = "hello@lakes.example"
    for name in ("about", "privacy", "consumer-health-data-privacy", "terms", "security"):
        shown = Client().get(f"/{name}/").content.decode()
        assert "Lakes Patients’ Union" in shown
        assert 'href="mailto:hello@lakes.example"' in shown


def test_without_an_operator_the_pages_say_so() -> None:
    assert "have not given a name yet" in Client().get("/privacy/").content.decode()


def test_every_page_leads_to_the_health_data_policy() -> None:
    assert 'href="/consumer-health-data-privacy/"' in Client().get("/").content.decode()


def test_the_site_map_names_every_page_that_a_visitor_can_open() -> None:
    shown = Client().get("/site-map/").content.decode()
    for name in ("checklists", "scans", "letters", "at", "packs", "for-hospitals", *pages.PAGES):
        assert f'href="/{name}/"' in shown
    for link in set(re.findall(r'href="(/[^"#?]*)"', shown[shown.index("<main") :])):
        assert Client().get(link).status_code == 200, link


def test_the_builder_makes_a_link_a_code_and_three_snippets() -> None:
    make_provider()
    shown = Client().get("/for-hospitals/?at=lakeside&entry=letters&language=es").content.decode()
    address = "http://testserver/es/letters/?at=lakeside"
    assert f'<pre class="snippet" tabindex="0">{address}</pre>' in shown
    snippets = re.findall(r'id="snippet-\w+">(.*?)</pre>', shown, re.DOTALL)
    assert len(snippets) == 3
    for code in snippets:
        assert address in code
        assert "script" not in code
        assert "&lt;" in code


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("hospital", "http://testserver/at/lakeside/"),
        ("home", "http://testserver/?at=lakeside"),
        ("scans", "http://testserver/scans/?at=lakeside"),
        ("nonsense", "http://testserver/at/lakeside/"),
    ],
)
def test_the_code_opens_what_the_link_says(entry: str, address: str) -> None:
    make_provider()
    query = f"?at=lakeside&entry={entry}&language=en&get=png"
    picture = Client().get(f"/for-hospitals/{query}").content
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert code.text == address


def test_a_slug_that_nobody_has_is_told_and_the_link_works_without_it() -> None:
    shown = Client().get("/for-hospitals/?at=nope").content.decode()
    assert "No hospital here has this short name." in shown
    assert ">http://testserver/</pre>" in shown


def test_what_is_typed_into_the_builder_cannot_act() -> None:
    shown = Client().get("/for-hospitals/", {"at": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in shown


def committee_text(prefix: str = "") -> str:
    answer = Client().get(f"{prefix}/for-hospitals/one-pager/")
    pages = pypdfium2.PdfDocument(answer.content)
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pages)


@pytest.mark.parametrize("prefix", ["", *(f"/{one}" for one in LANGUAGES if one != "en")])
def test_the_committee_s_sheet_is_tagged_and_two_pages_long(prefix: str) -> None:
    answer = Client().get(f"{prefix}/for-hospitals/one-pager/")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 2
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == (prefix.strip("/") or "en")


@pytest.mark.parametrize("prefix", ["", *(f"/{one}" for one in LANGUAGES if one != "en")])
def test_a_link_to_our_own_page_stays_in_the_language_of_the_text(prefix: str) -> None:
    shown = Client().get(f"{prefix}/for-hospitals/").content.decode()
    prose = shown[shown.index('<div class="prose">') : shown.index('id="link"')]
    own = set(re.findall(r'href="(/[^"]*/)"', prose))
    pages = ("/security/", "/accessibility/", "/consumer-health-data-privacy/")
    assert own == {prefix + page for page in pages}
    assert 'href="/.well-known/security.txt"' in prose  # it has no language


def test_the_committee_s_sheet_answers_every_question_of_the_page() -> None:
    shown = Client().get("/for-hospitals/").content.decode()
    questions = re.findall(r"<strong>([^<]+\?)</strong>", shown)
    printed = committee_text()
    assert len(questions) > 14
    for question in questions:
        assert question in printed
    for subject in (
        "sub-processors", "country", "encrypted", "logged", "tested by outsiders", "SBOM",
        "weakness", "uptime", "accessible", "reading level", "maintains", "leave", "trackers",
        "medical device", "business associate", "16 CFR 318", "RCW 19.373",
    ):  # fmt: skip
        assert subject in printed, subject
    assert "(http://testserver/security/)" in printed


def test_the_committee_s_sheet_holds_the_facts_of_this_copy(settings: Settings) -> None:
    assert committee_text().count("not said yet") == 4
    settings.COMPANION_OPERATOR = "Lakes Patients e.V."
    settings.COMPANION_CONTACT = "privacy@companion.example"
    settings.COMPANION_HOSTING_COUNTRY = "Iceland"
    settings.COMPANION_HOSTING_COMPANY = "Fjord Hosting ehf."
    printed = committee_text()
    assert "not said" not in printed
    for fact in ("Lakes Patients e.V.", "privacy@companion.example", branding.version()):
        assert fact in printed
    for fact in ("hosted in Iceland", "Fjord Hosting ehf. owns the computer."):
        assert fact in printed
    assert ".." not in printed  # a name may end in a full stop of its own


@pytest.mark.parametrize(
    ("prefix", "path"), [("", "/for-hospitals/"), ("/es", "/es/for-hospitals/")]
)
def test_the_code_of_the_one_pager_opens_the_page_in_its_language(prefix: str, path: str) -> None:
    pdf = Client().get(f"{prefix}/for-hospitals/one-pager/").content
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == f"http://testserver{path}"


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/privacy/", "Keep in this browser"),
        ("/consumer-health-data-privacy/", "Keep in this browser"),
        ("/es/privacy/", "Guardar en este navegador"),
        ("/es/consumer-health-data-privacy/", "Guardar en este navegador"),
    ],
)
def test_what_a_browser_can_be_told_to_keep_is_named(path: str, button: str) -> None:
    assert button in Client().get(path).content.decode()


def test_a_frame_is_refused_unless_the_operator_lists_the_portal(settings: Settings) -> None:
    from companion.web import security

    assert "frame-ancestors 'none'" in Client().get("/")["Content-Security-Policy"]
    settings.COMPANION_FRAME_ANCESTORS = ["https://portal.lakeside.example"]
    policy = security.content_security_policy()
    assert "frame-ancestors https://portal.lakeside.example" in policy


# --- A deployment's own brand ---


def test_a_brand_without_settings_is_in_order() -> None:
    assert branding.check() == []


@pytest.mark.parametrize("colour", ["#0c5d57", "#1a3a8f", "#7a1f4b"])
def test_a_colour_that_can_be_read_is_taken(colour: str, settings: Settings) -> None:
    settings.COMPANION_ACCENT = colour
    assert branding.check() == []
    assert colour in Client().get("/brand/colours.css").content.decode()
    assert "/brand/colours.css" in Client().get("/").content.decode()


@pytest.mark.parametrize("colour", ["#ffcc00", "#888888", "#5fb0aa", "teal", "#123", "red;}"])
def test_a_colour_that_cannot_be_read_stops_the_start(colour: str, settings: Settings) -> None:
    settings.COMPANION_ACCENT = colour
    assert branding.check()


def test_the_dark_colour_is_checked_against_the_dark_ground(settings: Settings) -> None:
    settings.COMPANION_ACCENT_DARK = "#0c5d57"
    assert any(fault.id == "companion.E002" for fault in branding.check())
    settings.COMPANION_ACCENT_DARK = "#86d5c8"
    assert branding.check() == []


def test_the_contrast_is_that_of_the_guidelines() -> None:
    assert branding.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert branding.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_name_and_the_logo_stand_at_the_top(
    settings: Settings, tmp_path: Path, make_logo: Callable[..., bytes]
) -> None:
    file = tmp_path / "logo.png"
    file.write_bytes(make_logo())
    settings.COMPANION_NAME = "Lakes scan helper"
    settings.COMPANION_LOGO = str(file)
    assert branding.check() == []
    shown = Client().get("/").content.decode()
    assert "Lakes scan helper" in shown
    assert 'src="/brand/logo.png"' in shown
    assert Client().get("/brand/logo.png").content.startswith(b"\x89PNG")


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", None])
def test_a_logo_that_is_none_stops_the_start(
    content: bytes | None, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "logo.svg"
    if content:
        file.write_bytes(content)
    settings.COMPANION_LOGO = str(file)
    assert [fault.id for fault in branding.check()] == ["companion.E003"]


def test_an_unknown_place_stops_the_start(settings: Settings) -> None:
    settings.COMPANION_JURISDICTION = "atlantis"
    assert [fault.id for fault in branding.check()] == ["companion.E004"]


# --- security.txt ---


def test_security_txt_names_a_contact_and_is_good_for_a_month_at_least(settings: Settings) -> None:
    answer = Client().get("/.well-known/security.txt")
    assert answer["Content-Type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "http://testserver/security/"
    expires = datetime.fromisoformat(fields["Expires"])
    left = expires - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=400), "look at the contact, move the date"
    settings.COMPANION_CONTACT = "security@lakes.example"
    assert b"Contact: mailto:security@lakes.example" in (
        Client().get("/.well-known/security.txt").content
    )


# --- The database's address ---


def test_without_an_address_the_database_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert environment.database("DATABASE_URL", "/data/c.sqlite3")["NAME"] == "/data/c.sqlite3"


def test_an_address_of_postgresql_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ro%40sa:p%2Fw@db.example:5433/companion")
    found = environment.database("DATABASE_URL", "")
    assert found["ENGINE"].endswith("postgresql")
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ro@sa", "p/w", "db.example", 5433, "companion",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["mysql://secret@host/db", "postgresql://secret@host", "sqlite:", "secret"]
)
def test_a_wrong_address_is_refused_without_being_repeated(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.database("DATABASE_URL", "")
    assert "secret" not in str(refused.value)
