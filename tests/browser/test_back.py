"""The browser's Back after a form was sent, in letters and checklists: nothing typed is lost.

With scripts the page keeps its own history. Without them the browser brings back a page that
was opened by its address, form and all; of a page that was made from a form it asks whether to
send that again, and then shows it as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LETTER = "/letters/get-my-images/?place=us"
TYPED = {
    "name": "Ana Díaz",
    "contact": "12 Oak Street\nSpringfield 62704",
    "recipient_address": "100 Sample Road",
    "study_list": "CT chest\nMRI head",
    "birth_date": "1980-02-01",
}


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def fill_in(page: Page, typed: dict[str, str]) -> None:
    more = page.locator("#more:not([open]) > summary")
    if more.count():
        more.click()
    for name, text in typed.items():
        page.fill(f"#id_{name}", text)


def assert_filled_in(page: Page, typed: dict[str, str]) -> None:
    for name, text in typed.items():
        expect(page.locator(f"#id_{name}")).to_have_value(text)


def see_the_letter(page: Page) -> None:
    page.get_by_role("button", name="See your letter").click()
    expect(page.locator("#preview .sender")).to_be_visible()


def back_and_send_again(page: Page) -> None:
    """Back to a page that a form made: the browser asks first, and a reload says yes."""
    asked_before_sending_again(page, page.go_back)
    page.reload()


def asked_before_sending_again(page: Page, go: Callable[[], object]) -> None:
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        go()
    # Until the browser's own page stands there, nothing can be loaded anew.
    expect(page.locator("main")).to_have_count(0)
    page.wait_for_load_state()


def test_without_scripts_back_to_a_letter_that_was_opened_brings_what_was_typed(
    without_scripts: Page, live_server: LiveServer
) -> None:
    page = without_scripts
    page.goto(live_server.url + LETTER)
    fill_in(page, TYPED)
    page.select_option("#id_place", "us-tx")
    see_the_letter(page)
    page.go_back()
    assert page.url == live_server.url + LETTER
    assert_filled_in(page, TYPED)
    expect(page.locator("#id_place")).to_have_value("us-tx")


def test_without_scripts_back_to_a_letter_that_was_sent_brings_every_answer(
    without_scripts: Page, live_server: LiveServer
) -> None:
    page = without_scripts
    typed = {**TYPED, "record_number": "EX-4711", "recipient_name": "Valley Hospital"}
    page.goto(live_server.url + LETTER)
    fill_in(page, typed)
    see_the_letter(page)
    page.fill("#id_name", "Ana Luz Díaz")
    see_the_letter(page)
    back_and_send_again(page)
    assert_filled_in(page, typed)
    expect(page.locator("#preview .sender")).to_contain_text("Ana Díaz")


def test_without_scripts_forward_brings_the_short_lines_that_back_leaves_empty(
    without_scripts: Page, live_server: LiveServer
) -> None:
    page = without_scripts
    page.goto(live_server.url + LETTER)
    fill_in(page, {**TYPED, "record_number": "EX-4711"})
    see_the_letter(page)
    page.go_back()
    # What the browser is told never to offer to the next person, it does not bring back.
    expect(page.locator("#id_record_number")).to_have_attribute("autocomplete", "off")
    expect(page.locator("#id_record_number")).to_have_value("")
    asked_before_sending_again(page, page.go_forward)
    page.reload()
    assert_filled_in(page, {**TYPED, "record_number": "EX-4711"})


def test_with_scripts_back_to_a_letter_that_was_sent_brings_every_answer_at_once(
    page: Page, live_server: LiveServer
) -> None:
    typed = {**TYPED, "record_number": "EX-4711"}
    page.goto(live_server.url + LETTER)
    fill_in(page, typed)
    page.select_option("#id_place", "us-tx")
    page.wait_for_url("**/?place=us-tx")
    page.select_option("#id_place", "us-ca")
    page.wait_for_url("**/?place=us-ca")
    page.fill("#id_name", "Ana Luz Díaz")
    page.go_back()
    expect(page.locator("#id_place")).to_have_value("us-tx")
    assert_filled_in(page, typed)
    page.go_back()
    expect(page.locator("#id_place")).to_have_value("us")
    assert_filled_in(page, typed)


def test_without_scripts_back_to_a_list_that_was_opened_brings_answers_and_notes(
    without_scripts: Page, live_server: LiveServer
) -> None:
    page = without_scripts
    page.goto(live_server.url + "/checklists/before/")
    page.locator("#about > summary").click()
    page.select_option("#scan", "mri")
    page.fill("#on", "2030-03-04")
    answer(page, "B1", note="They will ask.")
    page.locator("#to-plan").click()
    expect(page.locator("#plan-title")).to_be_visible()
    page.go_back()
    assert page.url == live_server.url + "/checklists/before/"
    expect(page.locator("#answer-B1-1")).to_be_checked()
    expect(page.locator("#note-B1")).to_have_value("They will ask.")
    expect(page.locator("#scan")).to_have_value("mri")
    expect(page.locator("#on")).to_have_value("2030-03-04")


def test_with_scripts_back_in_a_walk_goes_one_question_back_and_keeps_all_answers(
    page: Page, live_server: LiveServer
) -> None:
    begin_the_walk(page, live_server)
    answer(page, "B1", note="They will ask.")
    page.locator("#next").click()
    expect(page.locator("#ask-B3")).to_be_focused()
    answer(page, "B3", note="In writing.")
    page.locator("#next").click()
    expect(page.locator("#ask-B11")).to_be_focused()
    answer(page, "B11", note="By Friday.")
    page.go_back()
    assert_answered(page, "B3", note="In writing.")
    page.go_back()
    assert_answered(page, "B1", note="They will ask.")
    page.fill("#note-B1", "They asked.")
    # On by the page's own button: what was answered further on is still there.
    page.locator("#next").click()
    assert_answered(page, "B3", note="In writing.")
    page.locator("#next").click()
    assert_answered(page, "B11", note="By Friday.")
    page.go_back()
    page.go_back()
    assert_answered(page, "B1", note="They asked.")


def test_with_scripts_back_from_a_walk_to_its_list_brings_what_was_answered_since(
    page: Page, live_server: LiveServer
) -> None:
    begin_the_walk(page, live_server)
    answer(page, "B1", note="They will ask.")
    page.locator("#next").click()
    expect(page.locator("#q-B3")).to_be_visible()
    page.locator("#heard-B3").check()
    page.go_back()
    assert_answered(page, "B1", note="They will ask.")
    page.go_back()
    expect(page.locator("#q-B8")).to_be_visible()
    assert_answered(page, "B1", note="They will ask.")
    expect(page.locator("#heard-B3")).to_be_checked()
    expect(page.locator("#answer-B8-1")).not_to_be_checked()
    # An answer that is taken away again stays away.
    page.fill("#note-B1", "")
    page.go_forward()
    expect(page.locator("#note-B1")).to_have_value("")
    expect(page.locator("#answer-B1-1")).to_be_checked()


def test_without_scripts_back_in_a_walk_goes_one_question_back(
    without_scripts: Page, live_server: LiveServer
) -> None:
    page = without_scripts
    begin_the_walk(page, live_server)
    answer(page, "B1", note="They will ask.")
    page.locator("#next").click()
    expect(page.locator("#q-B3")).to_be_visible()
    answer(page, "B3", note="In writing.")
    page.locator("#next").click()
    expect(page.locator("#q-B11")).to_be_visible()
    back_and_send_again(page)
    expect(page.locator("#q-B3")).to_be_visible()
    # The page's own way back leads to what was answered before it.
    page.locator("#back").click()
    assert_answered(page, "B1", note="They will ask.")


def test_without_scripts_the_walks_own_way_back_keeps_every_answer(
    without_scripts: Page, live_server: LiveServer
) -> None:
    page = without_scripts
    begin_the_walk(page, live_server)
    for question, note in (("B1", "They will ask."), ("B3", "In writing."), ("B11", "By Friday.")):
        expect(page.locator(f"#q-{question}")).to_be_visible()
        answer(page, question, note=note)
        page.locator("#next").click()
    for question, note in (("B11", "By Friday."), ("B3", "In writing."), ("B1", "They will ask.")):
        page.locator("#back").click()
        assert_answered(page, question, note=note)


def begin_the_walk(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/checklists/before/")
    page.locator("#to-one").click()
    expect(page.locator("#q-B1.question-one")).to_be_visible()


def assert_answered(page: Page, question: str, *, note: str) -> None:
    """What ``answer`` answered stands there."""
    expect(page.locator(f"#note-{question}")).to_have_value(note)
    expect(page.locator(f"#answer-{question}-1")).to_be_checked()


def answer(page: Page, question: str, *, note: str) -> None:
    """Choose the second answer and write a note, on the whole list or one at a time."""
    details = page.locator(f"details#answer-{question}:not([open]) > summary")
    if details.count():
        details.click()
    page.check(f"#answer-{question}-1")
    page.fill(f"#note-{question}", note)
