"""Nothing typed is lost: Back after every POST, a warning, and nothing for the next person."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import axe_violations
from tests.builders import make_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def begin(page: Page, live_server: LiveServer, address: str = "/letters/opt-out/") -> None:
    page.goto(live_server.url + address)
    page.fill("#id_name", "Ana Díaz")
    page.fill("#id_contact", "12 Oak Street")


def asks_before_leaving(page: Page) -> bool:
    """Whether the browser asks before the page is left."""
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto("about:blank")
    return asked == ["beforeunload"]


def test_back_after_a_new_place_brings_the_old_one_with_all_that_was_typed(
    page: Page, live_server: LiveServer
) -> None:
    begin(page, live_server, "/letters/opt-out/?place=us")
    page.select_option("#id_place", "eu-de")
    page.wait_for_url("**/letters/opt-out/?place=eu-de")
    expect(page.locator("#preview")).to_contain_text("GDPR")
    page.fill("#id_recipient_name", "Klinik am See")
    page.go_back()
    expect(page.locator("#id_place")).to_have_value("us")
    expect(page.locator("#id_name")).to_have_value("Ana Díaz")
    expect(page.locator("#preview")).to_contain_text("45 CFR")
    page.fill("#id_name", "Ana Luz Díaz")
    expect(page.locator("#preview .sender")).to_contain_text("Ana Luz Díaz")
    page.go_forward()
    expect(page.locator("#id_place")).to_have_value("eu-de")
    expect(page.locator("#id_recipient_name")).to_have_value("Klinik am See")


def test_back_from_a_follow_up_brings_the_first_letter(page: Page, live_server: LiveServer) -> None:
    begin(page, live_server, "/letters/opt-out/?place=us")
    page.locator("#after-sending > summary").click()
    page.get_by_role("button", name="They did not answer in time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A friendly reminder")
    page.go_back()
    expect(page.locator("#id_name")).to_have_value("Ana Díaz")
    assert page.url.endswith("/letters/opt-out/?place=us")


def test_faults_are_shown_in_place_and_back_leaves_no_form_to_be_sent_again(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url + "/letters/")
    begin(page, live_server)
    page.get_by_role("button", name="PDF to print or attach").click()
    expect(page.locator("#error-summary-title")).to_be_focused()
    assert axe_violations(page) == []
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write a letter")


def test_a_walk_goes_to_its_plan_and_back_with_its_answers(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url + "/checklists/before/")
    page.locator("input[name=habit]").first.focus()
    page.keyboard.press("Space")
    page.locator("#to-plan").click()
    expect(page.locator("#plan-title")).to_be_focused()
    assert page.url == live_server.url + "/checklists/before/"
    page.go_back()
    expect(page.locator("input[name=habit]").first).to_be_checked()


def test_what_is_typed_while_an_answer_is_on_its_way_stays(
    page: Page, live_server: LiveServer
) -> None:
    begin(page, live_server, "/letters/opt-out/?place=us")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/letters/opt-out/", slowly)
    page.select_option("#id_place", "us-tx")
    page.fill("#id_recipient_name", "Valley Hospital")
    expect(page.locator("#preview")).to_contain_text("Texas")
    expect(page.locator("#id_recipient_name")).to_have_value("Valley Hospital")
    expect(page.locator("#preview .recipient")).to_contain_text("Valley Hospital")


def test_leaving_unsent_work_is_asked_about_and_sent_work_is_not(
    context: BrowserContext, live_server: LiveServer
) -> None:
    page = context.new_page()
    begin(page, live_server)
    assert asks_before_leaving(page)
    page = context.new_page()
    begin(page, live_server)
    page.fill("#id_recipient_name", "Valley Hospital")
    with page.expect_download():
        page.get_by_role("button", name="PDF to print or attach").click()
    assert not asks_before_leaving(page)
    page = context.new_page()
    page.goto(live_server.url + "/letters/opt-out/")
    assert not asks_before_leaving(page)


def test_the_letter_follows_the_address_that_was_typed_until_a_place_is_chosen(
    page: Page, live_server: LiveServer
) -> None:
    begin(page, live_server)
    expect(page.locator("#id_place")).to_have_value("us")
    page.fill("#id_recipient_address", "1 Main Street\nAustin, TX 78701")
    page.locator("#id_uses_0").check()
    expect(page.locator("#id_place")).to_have_value("us-tx")
    expect(page.locator("[data-news]")).to_contain_text("Texas")
    expect(page.locator("#status")).to_contain_text("Texas")
    expect(page.locator("#id_name")).to_have_value("Ana Díaz")
    page.select_option("#id_place", "us-ny")
    expect(page.locator("#preview")).to_contain_text("Use the law of Texas")
    page.locator("#id_uses_1").check()
    page.wait_for_timeout(800)
    expect(page.locator("#id_place")).to_have_value("us-ny")


def test_a_reopened_file_shows_the_letter_before_its_questions(
    page: Page, live_server: LiveServer
) -> None:
    state = {
        "format": "companion-answers", "version": 1, "place": "us-tx", "letter": "opt-out",
        "reference": "A7K-93M", "facts": {"name": ["Ana Díaz"], "birth_date": ["1980-02-01"]},
    }  # fmt: skip
    page.goto(live_server.url + "/letters/")
    body = json.dumps(state).encode()
    page.set_input_files(
        "#id_file", {"name": "answers.json", "mimeType": "application/json", "buffer": body}
    )
    page.get_by_role("button", name="Open the file").click()
    expect(page.locator("#preview .sender")).to_contain_text("Ana Díaz")
    expect(page.locator("#id_birth_date")).to_be_visible()
    order = page.evaluate(
        "document.getElementById('preview').compareDocumentPosition("
        "document.getElementById('letter-form')) & Node.DOCUMENT_POSITION_FOLLOWING"
    )
    assert order
    assert page.url.endswith("/letters/opt-out/?place=us-tx")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write a letter")


def test_an_own_e_mail_is_begun_and_the_whole_text_copied_by_one_press(
    page: Page, live_server: LiveServer
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    begin(page, live_server)
    expect(page.locator("#preview .sender")).to_contain_text("Ana Díaz")
    link = page.get_by_role("link", name="Write from your own email")
    assert str(link.get_attribute("href")).startswith("mailto:?subject=Letter%20")
    page.get_by_role("button", name="Copy the whole text").click()
    expect(page.locator("#status")).to_have_text("Copied")
    assert "Ana Díaz" in page.evaluate("navigator.clipboard.readText()")


def test_the_next_person_finds_nothing_of_the_one_before(
    page: Page, live_server: LiveServer
) -> None:
    begin(page, live_server)
    page.locator("#carry-on > summary").click()
    page.get_by_role("link", name="Start a letter for someone else").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write a letter")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Keep my scans out of AI training and sales"
    )
    assert page.input_value("#id_name") == ""


def test_a_hospital_found_stays_and_back_takes_it_away_again(
    page: Page, live_server: LiveServer
) -> None:
    make_provider()
    begin(page, live_server)
    page.locator("#find-it > summary").click()
    page.get_by_role("searchbox", name="Find your hospital").press_sequentially("lakeside")
    page.get_by_role("button", name="Lakeside General Hospital").click()
    expect(page.locator("#id_recipient_name")).to_have_value("Lakeside General Hospital")
    expect(page.locator("#id_place")).to_have_value("us-ca")
    page.go_back()
    expect(page.locator("#id_recipient_name")).to_have_value("")
    expect(page.locator("#id_name")).to_have_value("Ana Díaz")
