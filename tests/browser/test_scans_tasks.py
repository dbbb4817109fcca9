"""Five tasks of a newcomer with a report, and the clicks that each takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.scan_page import choose, scan_file, try_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Clicks:
    """Clicks on a page, and counts them."""

    page: Page
    done: list[str] = field(default_factory=list)

    def __call__(self, selector: str) -> None:
        self.page.locator(selector).first.click(timeout=60_000)
        self.done.append(selector)


@pytest.fixture
def clicks(page: Page, live_server: LiveServer) -> Clicks:
    """A report of the made-up scan, with no click on it yet."""
    try_sample(page, live_server)
    return Clicks(page)


def test_task_is_my_birth_date_in_it_takes_no_click(page: Page, clicks: Clicks) -> None:
    assert "your date of birth" in page.inner_text(".report-story .lede")
    assert len(clicks.done) == 0


def test_task_who_else_is_named_takes_one_click(page: Page, clicks: Clicks) -> None:
    clicks(".switch-knob")
    assert "Dr Alex Pretend" in page.inner_text(".answer-people")
    assert len(clicks.done) == 1


def test_task_was_ai_at_work_takes_one_click(page: Page, clicks: Clicks) -> None:
    clicks(".facet a[href='#ai']")
    assert "no sign of AI" in page.inner_text("#ai")
    assert len(clicks.done) == 1


def test_task_which_file_could_not_be_read_and_what_now_takes_one_click(
    page: Page, clicks: Clicks
) -> None:
    clicks(".counts a")
    told = page.inner_text("#unread")
    assert "IM0005" in told
    assert "What you can do" in told
    assert len(clicks.done) == 1


def test_task_start_a_letter_takes_two_clicks(page: Page, clicks: Clicks) -> None:
    clicks(".exits a[href='#letter']")
    with page.expect_popup() as opened:
        clicks("#letter button")
    assert "/letters/" in opened.value.url
    assert len(clicks.done) == 2


def test_task_save_it_takes_two_clicks(page: Page, clicks: Clicks) -> None:
    clicks(".exits a[href='#keep']")
    with page.expect_download(timeout=60_000) as download:
        clicks("button[value=pdf]")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert re.fullmatch(r"report-\d{4}-\d\d-\d\d\.pdf", download.value.suggested_filename)
    assert len(clicks.done) == 2


def test_task_start_again_takes_one_click(page: Page, clicks: Clicks) -> None:
    clicks("#keep a[href='/scans/']")
    page.wait_for_selector("#scan-form")
    assert len(clicks.done) == 1


@pytest.fixture
def of_two(page: Page, live_server: LiveServer) -> Clicks:
    """A report of two people's scans, with no click on it yet."""
    choose(
        page,
        live_server,
        scan_file("a.dcm", PatientID="A-1", ReferringPhysicianName="Pretend^Alex^^Dr"),
        scan_file(
            "b.dcm",
            PatientName="Quimby^Max",
            PatientID="B-2",
            PatientBirthDate="20210312",
            SOPInstanceUID="2.25.2",
            StudyInstanceUID="2.25.3",
        ),
    )
    return Clicks(page)


def bottom(page: Page, selector: str) -> float:
    """Where an element ends, in screens from the top of the page."""
    return float(
        page.locator(selector).first.evaluate(
            "element => (element.getBoundingClientRect().bottom + scrollY) / innerHeight"
        )
    )


def test_of_two_people_whose_they_are_and_who_else_is_named_is_within_two_screens(
    page: Page, of_two: Clicks
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    of_two(".switch-knob")
    assert "Max Quimby" in page.inner_text(".answer-who")
    assert "Dr Alex Pretend" in page.inner_text(".answer-people")
    assert bottom(page, ".answer-people") <= 2
    assert bottom(page, ".answer a[href='#ai']") <= 2
    assert len(of_two.done) == 1


def test_of_two_people_a_birth_date_is_one_click_away(page: Page, of_two: Clicks) -> None:
    of_two(".answer-who a[href='#person-2']")
    assert "Date of birth" in page.inner_text("#person-2 .answer-who")
    assert len(of_two.done) == 1


def test_of_two_people_the_letter_of_the_second_takes_two_clicks(
    page: Page, of_two: Clicks
) -> None:
    of_two(".exits a[href='#letter-2']")
    with page.expect_popup() as opened:
        of_two("#letter-2 button")
    assert "/letters/" in opened.value.url
    assert "#letter-2" in page.url
    assert len(of_two.done) == 2
