"""Five tasks of a newcomer with a report, and the clicks that each takes."""

from __future__ import annotations

import re

import pytest

from tests.browser.scan_page import try_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clicks(page, live_server):
    """A report of the made-up scan, and a counter of clicks on it."""
    try_sample(page, live_server)
    done: list[str] = []

    def click(selector):
        page.locator(selector).first.click(timeout=60_000)
        done.append(selector)

    click.done = done
    return click


def test_task_is_my_birth_date_in_it_takes_no_click(page, clicks):
    assert "your date of birth" in page.inner_text(".report-story .lede")
    assert len(clicks.done) == 0


def test_task_who_else_is_named_takes_two_clicks(page, clicks):
    clicks(".facet:nth-child(4) a")
    clicks(".switch-knob")
    assert "Dr Alex Pretend" in page.inner_text("#group-other-people")
    assert len(clicks.done) == 2


def test_task_which_file_could_not_be_read_takes_two_clicks(page, clicks):
    clicks(".counts a")
    clicks(".switch-knob")
    assert "IM0005" in page.inner_text("#files tbody tr:first-child")
    assert len(clicks.done) == 2


def test_task_save_it_takes_two_clicks(page, clicks):
    clicks(".exits a[href='#keep']")
    with page.expect_download(timeout=60_000) as download:
        clicks("button[value=pdf]")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert re.fullmatch(r"report-\d{4}-\d\d-\d\d\.pdf", download.value.suggested_filename)
    assert len(clicks.done) == 2


def test_task_start_again_takes_one_click(page, clicks):
    clicks("#keep a[href='/scans/']")
    page.wait_for_selector("#scan-form")
    assert len(clicks.done) == 1
