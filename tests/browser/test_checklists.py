"""The checklists in a real browser: prepared at home, filled in at the desk, and led on
to letters; with and without JavaScript, by keyboard, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def any_phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=request.param)
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(30_000)
    yield context
    context.close()


def mark(page: Page, question: str, words: str, note: str = "", who: str = "") -> None:
    """Mark an answer, on the whole list or one at a time."""
    # What is counted at once, and not waited for, may not be there yet on a busy machine.
    page.locator(f"#q-{question}").wait_for(state="attached")
    page.wait_for_load_state("domcontentloaded")
    details = page.locator(f"details#answer-{question}:not([open]) > summary")
    if details.count():
        details.click()
    page.locator(f"#q-{question} .pill", has_text=re.compile(f"^{words}$")).click()
    if note:
        page.fill(f"#note-{question}", note)
    if who:
        page.fill(f"#who-{question}", who)


def checked(page: Page, question: str) -> str:
    return str(page.locator(f"#q-{question} input[type=radio]:checked").get_attribute("value"))


def hidden_of(page: Page) -> list[tuple[str, str]]:
    found = page.locator("#walk input[type=hidden]").evaluate_all(
        "inputs => inputs.map((input) => [input.name, input.value])"
    )
    return [(name, value) for name, value in found]


def assert_no_axe_violations(page: Page) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_prepare_at_home_print_and_come_back_at_the_desk(
    any_phone: BrowserContext, live_server: LiveServer, tmp_path: Path
) -> None:
    page = any_phone.new_page()
    # At home: choose, mark what the phone call brought, print, keep.
    page.goto(f"{live_server.url}/checklists/")
    page.get_by_role("radio", name="It is coming up").check()
    page.locator("#more > summary").click()
    page.select_option("#scan", "mri")
    page.select_option("#body", "head")
    page.select_option("#place", "us")
    page.fill("#on", "2030-03-04")
    page.get_by_role("button", name="Show my questions").click()
    expect(page.locator("#q-B22")).to_be_visible()
    assert page.url == f"{live_server.url}/checklists/before/"
    mark(page, "B1", "No answer", "They will ask.", "Maria, front desk")
    with page.expect_download() as download:
        page.locator("#print").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.fill("#passphrase", "blue kettle")
    with page.expect_download() as download:
        page.locator("#save").click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert "Maria" not in kept.read_text()
    page.close()

    # At the desk, on another device: open the file, go one question at a time.
    page = any_phone.new_page()
    page.goto(f"{live_server.url}/checklists/")
    page.set_input_files("#file", kept)
    page.fill("#open-passphrase", "blue kettle")
    page.get_by_role("button", name="Open the file").click()
    expect(page.get_by_text("Your file is open")).to_be_visible()
    page.get_by_label("It is today").check()
    page.get_by_role("button", name="Show my questions").click()
    page.get_by_role("button", name="One at a time").click()
    expect(page.locator("#q-B1")).to_be_visible()
    assert_fits(page)
    assert checked(page, "B1") == "no-answer"
    assert page.input_value("#note-B1") == "They will ask."
    page.locator("#next").click()
    expect(page.locator("#q-B3")).to_be_visible()
    mark(page, "B3", "Unclear")
    page.locator("#next").click()
    expect(page.locator("#q-B11")).to_be_visible()
    mark(page, "B11", "They refused")
    page.locator("#back").click()
    expect(page.locator("#q-B3")).to_be_visible()
    assert checked(page, "B3") == "unclear"
    page.locator("#to-plan").click()

    # The plan leads to two letters, each with the right facts.
    expect(page.get_by_role("heading", name="My plan")).to_be_visible()
    assert_fits(page)
    plan = page.content()
    assert "Maria, front desk" in plan
    letter = opened(page, "data-use-questions")
    written = letter.locator("textarea[name=questions]").input_value()
    assert "used to train or test AI models" in written
    assert "third-party AI vendor" in written
    assert letter.locator("[name=place]").first.input_value() == "us"
    addendum = opened(page, "consent-addendum")
    assert addendum.url.endswith("/letters/consent-addendum/")
    expect(page.get_by_role("heading", name="My plan")).to_be_visible()


def opened(page: Page, slug: str) -> Page:
    """The letter that the plan opens, in a tab of its own."""
    with page.context.expect_page() as tab:
        page.locator(f"#letter-{slug} button").click()
    tab.value.wait_for_load_state()
    return tab.value


def test_by_keyboard_alone(phone: BrowserContext, live_server: LiveServer) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/checklists/")
    page.locator("#stage-before").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show my questions").focus()
    page.keyboard.press("Enter")
    page.locator("#to-one").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ask-B1")).to_be_focused()
    # From the question, Tab leads to the answers; arrows choose, Tab goes on.
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert checked(page, "B1") != ""
    page.locator("#answer-B1-1").focus()
    page.keyboard.press("Space")
    assert checked(page, "B1") == "unclear"
    page.keyboard.press("Tab")
    expect(page.locator("#heard-B1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("A note")
    page.keyboard.press("Tab")
    page.keyboard.type("Maria")
    page.keyboard.press("Enter")  # Enter in a field goes on
    expect(page.locator("#ask-B3")).to_be_focused()
    page.locator("#to-plan").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#plan-title")).to_be_focused()
    expect(page.get_by_text("Maria")).to_be_visible()


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_every_page_is_clean_for_axe(
    phone: BrowserContext, live_server: LiveServer, prefix: str
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}{prefix}/checklists/")
    page.locator("#more > summary").click()
    assert_no_axe_violations(page)
    assert_fits(page)
    page.goto(f"{live_server.url}{prefix}/checklists/phrases/")
    assert_no_axe_violations(page)
    assert_fits(page)
    page.goto(f"{live_server.url}{prefix}/checklists/something-is-wrong/")
    for summary in page.locator("summary").all():
        summary.click()
    assert_no_axe_violations(page)
    assert_fits(page)
    page.locator("#to-one").click()
    expect(page.locator(".question-one")).to_be_visible()
    assert_no_axe_violations(page)
    assert_fits(page)
    page.locator(".question-one .pill").nth(3).click()
    page.locator("#to-plan").click()
    expect(page.locator("#plan-title")).to_be_visible()
    assert_no_axe_violations(page)
    assert_fits(page)


def test_changing_the_language_keeps_the_answers(
    any_phone: BrowserContext, live_server: LiveServer
) -> None:
    page = any_phone.new_page()
    page.goto(f"{live_server.url}/checklists/after/")
    mark(page, "F7", "Unclear", "They did not know.")
    page.get_by_role("button", name="Español").click()
    expect(page).to_have_url(f"{live_server.url}/es/checklists/after/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert checked(page, "F7") == "unclear"
    assert page.input_value("#note-F7") == "They did not know."
    expect(page.get_by_role("heading", name="Después del estudio")).to_be_visible()


def test_this_browser_keeps_answers_only_when_asked_and_forgets(
    phone: BrowserContext, live_server: LiveServer
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/checklists/before/")
    mark(page, "B1", "Unclear", "A note")
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Keep in this browser").click()
    expect(page.get_by_text("Kept in this browser")).to_be_visible()
    mark(page, "B3", "Clear")  # follows as one goes

    page = phone.new_page()
    page.goto(f"{live_server.url}/checklists/before/")
    mark(page, "F7", "Clear")  # a page opened by a link adds, and never empties
    page.goto(f"{live_server.url}/checklists/")
    page.get_by_role("button", name="Continue with them").click()
    expect(page).to_have_url(f"{live_server.url}/checklists/before/")
    assert [checked(page, name) for name in ("B1", "B3", "F7")] == ["unclear", "clear", "clear"]
    assert page.input_value("#note-B1") == "A note"
    page.get_by_role("button", name="Forget").click()
    expect(page.get_by_text("Nothing is kept in this browser now")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    mark(page, "B8", "Clear")
    assert page.evaluate("localStorage.length") == 0


def test_a_list_opened_by_a_link_offers_what_this_browser_kept(
    phone: BrowserContext, live_server: LiveServer
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/checklists/before/")
    expect(page.get_by_text("has answers from before")).to_be_hidden()
    mark(page, "B1", "Unclear", "A note")
    page.get_by_role("button", name="Keep in this browser").click()

    page = phone.new_page()
    page.goto(f"{live_server.url}/checklists/after/")
    page.get_by_role("button", name="Continue with them").click()
    expect(page).to_have_url(f"{live_server.url}/checklists/after/")
    expect(page.get_by_text("has answers from before")).to_be_hidden()
    assert ("note-B1", "A note") in hidden_of(page)


def test_going_on_without_the_hospital_loses_nothing_typed(
    any_phone: BrowserContext, live_server: LiveServer
) -> None:
    make_provider()
    page = any_phone.new_page()
    page.goto(f"{live_server.url}/?at=lakeside")
    page.get_by_role("link", name="Something is wrong").click()
    assert page.url.endswith("/checklists/something-is-wrong/?at=lakeside")
    mark(page, "W9", "They refused", "A note")
    page.get_by_role("button", name="See my plan").first.click()
    # Both pages have that button, and while the plan is on its way it does nothing.
    expect(page.get_by_role("heading", name="My plan")).to_be_visible()
    without = page.get_by_role("button", name="Go on without this hospital")
    without.click()
    expect(without).to_have_count(0)
    expect(page.get_by_role("heading", name="My plan")).to_be_visible()
    assert ("note-W9", "A note") in hidden_of(page)
    assert "Lakeside" not in page.content()
    page.get_by_role("button", name="Back to my questions").click()
    assert page.input_value("#note-W9") == "A note"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_hospital_stands_in_line_with_the_page(
    browser: Browser, live_server: LiveServer, width: int
) -> None:
    make_provider()
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{live_server.url}/checklists/?at=lakeside")
    lefts = [
        page.locator(one).first.bounding_box()["x"]
        for one in (".hospital-banner .eyebrow", "main h1", ".brand")
    ]
    assert max(lefts) - min(lefts) <= 1
    page.close()


def test_what_is_wrong_shows_with_its_stage(phone: BrowserContext, live_server: LiveServer) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/checklists/")
    page.get_by_role("radio", name="It is coming up").check()
    expect(page.get_by_text("What is wrong?")).to_be_hidden()
    page.get_by_role("radio", name="Something is wrong").check()
    expect(page.get_by_text("What is wrong?")).to_be_visible()
    page.get_by_label("They said no to what I asked").check()
    page.get_by_role("button", name="Show my questions").click()
    expect(page.locator(".question").first).to_have_attribute("id", "q-W9")


def test_a_list_printed_from_the_browser_is_questions_and_answers(
    phone: BrowserContext, live_server: LiveServer
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/checklists/before/")
    mark(page, "B1", "Unclear", "A note")
    page.emulate_media(media="print")
    for hidden in (".switch", "#about", "#help-B1", "#answer-B3", "#print", "#to-plan"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("#ask-B1")).to_be_visible()
    expect(page.locator("#ask-B3")).to_be_visible()
    expect(page.locator("#note-B1")).to_be_visible()
    expect(page.locator("#q-B1 .pill", has_text="Unclear")).to_be_visible()
    expect(page.locator("#q-B1 .pill", has_text="They refused")).to_be_hidden()


def test_a_note_counts_and_no_more_than_three_worries_can_be_ticked(
    phone: BrowserContext, live_server: LiveServer
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/checklists/before/")
    mark(page, "B1", "Clear")
    page.fill("#note-B1", "x" * 510)
    expect(page.locator("#count-B1")).to_have_text("10 characters too many")
    page.locator("#about > summary").click()
    for worry in ("leaks", "consent", "companies"):
        page.check(f"#worry-{worry}")
    expect(page.locator("#worry-fake")).to_be_disabled()


def test_nothing_is_stored_and_no_request_leaves(
    phone: BrowserContext, live_server: LiveServer
) -> None:
    asked: list[str] = []
    page = phone.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/checklists/before/?at=nobody")
    mark(page, "B1", "Unclear", "CANARY")
    page.locator("#to-one").click()
    page.locator("#next").click()
    expect(page.locator("#q-B3")).to_be_visible()
    page.locator("#to-plan").click()
    expect(page.locator("#plan-title")).to_be_visible()
    assert all(url.startswith(live_server.url) for url in asked)
    assert not any("CANARY" in url for url in asked)
    assert phone.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
