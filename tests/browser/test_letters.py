"""Whole journeys to a finished letter: with scripts and without, by keyboard, in two languages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.builders import make_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh visitor on a phone, with JavaScript and without."""
    context = browser.new_context(
        java_script_enabled=request.param, viewport={"width": 360, "height": 740}
    )
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def fill_in(page: Page) -> None:
    page.fill("#id_name", "Ana Díaz")
    page.fill("#id_contact", "12 Oak Street\nSpringfield 62704")
    page.fill("#id_recipient_name", "Valley Hospital")
    page.fill("#id_recipient_address", "100 Sample Road\nSpringfield 62701")


def unfold(page: Page, part: str) -> None:
    """Open a part of the page that is folded away."""
    if page.locator(part).get_attribute("open") is None:
        page.locator(f"{part} > summary").click()


def has_scripts(page: Page) -> bool:
    return bool(page.evaluate("typeof htmx !== 'undefined'"))


def no_faults(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("button", name=name).click()
    with open(started.value.path(), "rb") as file:
        return file.read()


def test_from_the_wish_to_the_pdf(visitor: Page, live_server: str) -> None:
    visitor.goto(f"{live_server}/letters/")
    visitor.get_by_role("link", name="I want a copy of my images").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Send me my images and reports")
    fill_in(visitor)
    visitor.get_by_role("button", name="PDF to print or attach").click()
    summary = visitor.locator(".error-summary")
    expect(summary).to_contain_text("Which scans?")
    expect(visitor.locator("#id_name")).to_have_value("Ana Díaz")
    visitor.fill("#id_study_list", "CT chest, March 3, 2026")
    body = download(visitor, "PDF to print or attach")
    assert len(pikepdf.open(io.BytesIO(body)).pages) >= 2
    assert "Ana" not in visitor.url
    assert "Ana" not in visitor.title()


def test_from_a_letter_to_its_reminder_without_typing_again(
    visitor: Page, live_server: str
) -> None:
    visitor.goto(f"{live_server}/letters/get-my-images/?place=uk-eng")
    fill_in(visitor)
    visitor.fill("#id_study_list", "CT chest")
    unfold(visitor, "#more")
    visitor.fill("#id_sent_on", "2026-10-01")
    unfold(visitor, "#after-sending")
    visitor.get_by_role("button", name="They did not answer in time").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("A friendly reminder")
    expect(visitor.locator("#id_name")).to_have_value("Ana Díaz")
    expect(visitor.locator("#id_recipient_name")).to_have_value("Valley Hospital")
    expect(visitor.locator("#id_original_date")).to_have_value("2026-10-01")
    expect(visitor.locator("#id_place")).to_have_value("uk-eng")
    expect(visitor.locator("#preview")).to_contain_text("Valley Hospital")
    assert "PDF" in download(visitor, "PDF to print or attach")[:8].decode("latin-1")


def test_in_spanish_the_letter_stays_in_the_recipients_language(
    visitor: Page, live_server: str
) -> None:
    visitor.goto(f"{live_server}/es/letters/")
    visitor.get_by_role("link", name=re.compile("copia de mis imágenes")).click()
    expect(visitor.locator("html")).to_have_attribute("lang", "es")
    visitor.select_option("#id_place", "us")
    fill_in(visitor)
    visitor.fill("#id_study_list", "TC de tórax")
    expect(visitor.locator("#preview .sheet article[lang=en]")).to_have_count(1)
    saved = visitor.locator("button[value=text]")
    with visitor.expect_download() as started:
        saved.click()
    with open(started.value.path(), encoding="utf-8") as file:
        text = file.read()
    assert "What the law gives me" in text
    assert "TC de tórax" in text


def test_a_saved_file_brings_the_answers_back(visitor: Page, live_server: str) -> None:
    visitor.goto(f"{live_server}/letters/get-my-images/?place=us")
    fill_in(visitor)
    visitor.get_by_text("Save a file, to carry on later").click()
    body = download(visitor, "Save the file")
    visitor.goto(f"{live_server}/letters/")
    visitor.set_input_files(
        "#id_file", {"name": "answers.json", "mimeType": "application/json", "buffer": body}
    )
    visitor.get_by_role("button", name="Open the file").click()
    expect(visitor.locator("#id_name")).to_have_value("Ana Díaz")
    expect(visitor.locator("#id_contact")).to_have_value("12 Oak Street\nSpringfield 62704")


def test_the_preview_follows_what_is_typed_and_keeps_the_cursor(
    page: Page, live_server: str
) -> None:
    page.goto(f"{live_server}/letters/get-my-images/?place=us")
    page.locator("#id_name").press_sequentially("Ana Díaz")
    expect(page.locator("#preview .sender")).to_contain_text("Ana Díaz")
    assert page.evaluate("document.activeElement.id") == "id_name"
    unfold(page, "#more")
    page.fill("#id_limit", "600")
    page.locator("#portal-text summary").click()
    page.fill("#id_limit", "601")
    expect(page.locator("#portal-text")).to_contain_text("Part 2 of")
    expect(page.locator("#portal-text")).to_have_attribute("open", "")


def test_a_new_place_brings_its_own_law_and_keeps_what_was_typed(
    page: Page, live_server: str
) -> None:
    page.goto(f"{live_server}/letters/get-my-images/?place=us")
    page.fill("#id_name", "Ana Díaz")
    page.select_option("#id_place", "eu-fr")
    expect(page.locator("#preview")).to_contain_text("GDPR Article 15")
    expect(page.locator("#id_name")).to_have_value("Ana Díaz")


def test_the_list_is_narrowed_while_typing(page: Page, live_server: str) -> None:
    page.goto(f"{live_server}/letters/")
    page.locator("#id_q").press_sequentially("mammogram original")
    expect(page.locator("#found li")).to_have_count(1)
    assert "mammogram" not in page.url


def test_a_letter_is_written_by_keyboard_alone(page: Page, live_server: str) -> None:
    page.goto(f"{live_server}/letters/get-my-images/?place=us")
    typed = {
        "id_name": "Ana Díaz",
        "id_contact": "12 Oak Street",
        "id_recipient_name": "Valley Hospital",
        "id_study_list": "CT chest",
    }
    reached: set[str] = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.id || document.activeElement.value")
        if here in typed and here not in reached:
            reached.add(here)
            page.keyboard.type(typed[here])
        if here == "pdf":
            break
    assert reached == set(typed)
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename.startswith("letter-")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "address",
    ["/letters/", "/letters/get-my-images/?place=us", "/es/letters/opt-out/?place=eu-de",
     "/letters/consent-addendum/?place=us-ca", "/letters/complaint/",
     "/de/letters/get-my-images/?place=ch", "/fr/letters/complaint/?place=eu-fr"],
)  # fmt: skip
def test_pages_are_accessible_and_never_scroll_sideways(
    page: Page, live_server: str, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server}{address}")
    for disclosure in page.locator("details > summary").all():
        disclosure.click()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("prefix", ["", "/es", "/de", "/fr"])
def test_on_a_phone_the_opt_out_in_texas_is_one_short_page(
    page: Page, live_server: str, prefix: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server}{prefix}/letters/opt-out/?place=us-tx")
    assert page.evaluate("document.documentElement.scrollHeight") < 4_000
    # Nothing that a first letter needs was folded away for it.
    for asked in ("#id_place", "#id_uses_0", "#id_recipient_address", "#id_name", "#id_contact"):
        expect(page.locator(asked)).to_be_visible()
    for way in ("pdf", "word", "text", "calendar"):
        expect(page.locator(f".downloads button[value={way}]")).to_be_visible()


def test_the_error_summary_is_accessible_and_takes_the_focus(page: Page, live_server: str) -> None:
    page.goto(f"{live_server}/letters/get-my-images/?place=us")
    page.get_by_role("button", name="PDF to print or attach").click()
    expect(page.locator("#error-summary-title")).to_be_focused()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.locator(".error-summary a").first.click()
    expect(page.locator("#id_name")).to_be_focused()


def test_no_request_leaves_the_site_and_nothing_is_stored(page: Page, live_server: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"{live_server}/letters/get-my-images/?place=us")
    page.fill("#id_name", "Ana Díaz")
    expect(page.locator("#preview .sender")).to_contain_text("Ana Díaz")
    assert all(one.startswith(str(live_server)) for one in asked)
    assert not [one for one in asked if "Ana" in one]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.context.cookies() == []
    assert problems == []


def test_a_hospital_is_found_within_the_letter_and_nothing_typed_is_lost(
    visitor: Page, live_server: str
) -> None:
    make_provider()
    visitor.goto(f"{live_server}/letters/get-my-images/")
    visitor.fill("#id_name", "Ana Díaz")
    unfold(visitor, "#find-it")
    visitor.get_by_role("searchbox", name="Find your hospital").press_sequentially("lakside genral")
    found = visitor.get_by_role("button", name="Lakeside General Hospital")
    if not has_scripts(visitor):
        visitor.keyboard.press("Enter")
    found.wait_for()
    if has_scripts(visitor):
        no_faults(visitor)
    found.focus()
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#id_recipient_name")).to_have_value("Lakeside General Hospital")
    expect(visitor.locator("#id_recipient_address")).to_have_value(re.compile("12 River Road"))
    expect(visitor.locator("#id_place")).to_have_value("us-ca")
    expect(visitor.locator("#id_name")).to_have_value("Ana Díaz")
    assert "lakside" not in visitor.url


def test_a_british_complaint_changes_its_questions_with_who_gets_it(
    visitor: Page, live_server: str
) -> None:
    visitor.goto(f"{live_server}/letters/complaint/?place=uk-eng")
    visitor.fill("#id_recipient_name", "Valley Hospital")
    expect(visitor.locator("#id_hospital")).to_have_count(0)
    scripts = has_scripts(visitor)
    visitor.get_by_label("The ICO").check()
    if not scripts:
        visitor.get_by_role("button", name="See your letter").click()
    expect(visitor.locator("#id_hospital")).to_have_value("Valley Hospital")
    expect(visitor.locator("#id_recipient_name")).to_have_value(re.compile("ICO"))
    if has_scripts(visitor):
        no_faults(visitor)
