"""Is this still my scan, in a real browser: three journeys as a new user would go them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from companion.providers import breach_list
from tests.browser.checks import axe_violations, enlarge_text, overflows
from tests.builders import make_breach_file, make_breach_row, make_scan

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sound(page: Page) -> None:
    """No fault that axe finds, and no sideways scrolling on a small phone or in large type."""
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert not overflows(page)
    enlarge_text(page)
    assert not overflows(page)
    enlarge_text(page, 100)
    page.set_viewport_size({"width": 1280, "height": 900})


def written(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_receipt_is_made_kept_and_compared_with_a_changed_copy(
    page: Page, live_server: LiveServer, tmp_path: Path, prefix: str
) -> None:
    own = written(tmp_path, "IM1", make_scan(PatientName="Roe^Ann"))
    page.goto(f"{live_server.url}{prefix}/scans/receipt/")
    sound(page)
    page.set_input_files("#id_files", own)
    page.locator(".receipt-form button").click()
    page.locator("#receipt-form").wait_for()
    sound(page)
    with page.expect_download() as kept:
        page.locator("button[value=json]").click()
    receipt = tmp_path / "receipt.json"
    kept.value.save_as(receipt)
    with page.expect_download() as sheet:
        page.locator("button[value=pdf]").click()
    assert Path(sheet.value.path()).read_bytes().startswith(b"%PDF")

    written(tmp_path, "IM1", make_scan(PatientName="Roe^Ann", PixelData=bytes(31) + b"\1"))
    page.goto(f"{live_server.url}{prefix}/scans/compare/")
    sound(page)
    page.set_input_files("#id_receipt", receipt)
    page.set_input_files("#id_files", own)
    page.locator(".receipt-form button").click()
    page.locator("[data-kind=picture]").wait_for()
    sound(page)
    with page.context.expect_page() as opened:
        page.locator("form[target=_blank] button").click()
    letter = opened.value
    letter.wait_for_load_state()
    assert letter.locator("#id_what_happened").input_value().count("\n") == 1


def test_two_copies_are_held_against_each_other_by_keyboard(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    old = written(tmp_path, "old", make_scan(ImageLaterality="L"))
    new = written(tmp_path, "new", make_scan(ImageLaterality="R"))
    page.goto(f"{live_server.url}/scans/compare/")
    page.set_input_files("#id_old", old)
    page.set_input_files("#id_files", new)
    page.locator("#id_files_folder").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    row = page.locator("table tbody tr")
    row.wait_for()
    assert row.locator("td").all_inner_texts() == ["L", "R", "1"]
    sound(page)


def test_folders_are_chosen_and_dropped_and_their_files_counted(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    folder = tmp_path / "CD"
    folder.mkdir()
    for number in (1, 2):
        written(folder, f"IM{number}", make_scan(InstanceNumber=number))
    page.goto(f"{live_server.url}/scans/compare/")
    old, new = (page.locator(f"[data-drops={name}]") for name in ("old", "files"))
    page.set_input_files("#id_old_folder", folder)
    expect(old.locator(".chosen")).to_contain_text("2 files chosen")
    drop(page, new, "IM1", (folder / "IM1").read_bytes())
    expect(new.locator(".chosen")).to_contain_text("1 file chosen")
    page.locator("#choose-form > button").click()
    page.locator("[data-kind=missing]").wait_for()
    assert page.get_by_text("CD/IM2").is_visible()
    assert page.locator("h1").evaluate("one => one === document.activeElement")
    sound(page)


def test_a_receipt_that_is_dropped_is_taken_as_one(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    page.goto(f"{live_server.url}/scans/compare/")
    drop(page, page.locator("[data-drops=old]"), "receipt.json", b"{}")
    page.set_input_files("#id_files", written(tmp_path, "IM1", make_scan()))
    page.locator("#choose-form > button").click()
    problem = page.locator(".error-summary")
    problem.wait_for()
    assert "another kind of file" in problem.inner_text()
    assert page.locator("#id_files").evaluate("one => one.files.length") == 1, "it stays chosen"


def test_sending_is_shown_and_can_be_stopped(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    page.goto(f"{live_server.url}/scans/receipt/")
    page.route("**/scans/receipt/", lambda _: None)  # an answer that never comes
    page.set_input_files("#id_files", written(tmp_path, "IM1", make_scan()))
    page.locator("#choose-form > button").click()
    page.locator("#progress").wait_for()
    assert axe_violations(page) == []
    page.locator("#cancel").click()
    expect(page.locator("#choose-form")).to_be_visible()
    expect(page.locator("#status")).to_have_text("Stopped. Nothing was kept.")


def drop(page: Page, target: Locator, name: str, data: bytes) -> None:
    """Drop one file onto a part of the page."""
    transfer = page.evaluate_handle(
        """([name, bytes]) => {
            const held = new DataTransfer();
            held.items.add(new File([new Uint8Array(bytes)], name));
            return held;
        }""",
        [name, list(data)],
    )
    target.dispatch_event("drop", {"dataTransfer": transfer})


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_hospital_is_looked_up_in_the_list_of_breaches_and_asked(
    page: Page, live_server: LiveServer, prefix: str
) -> None:
    rows = [
        make_breach_row(name="Mercy Healthcare, Inc.", description="A laptop was stolen."),
        make_breach_row(name="FileKeeper", kind="Business Associate", state="TX"),
    ]
    breach_list.save(breach_list.read(make_breach_file(*rows)), replace=True)
    page.goto(f"{live_server.url}{prefix}/breaches/")
    sound(page)
    page.locator("#id_q").fill("mercy health care")
    page.keyboard.press("Enter")
    page.locator(".breach").wait_for()
    assert page.url.endswith("/breaches/#found"), "what is typed is not in the address"
    page.locator(".breach summary").click()
    assert page.get_by_text("A laptop was stolen.").is_visible()
    sound(page)
    with page.context.expect_page() as opened:
        page.locator(".breach button").click()
    letter = opened.value
    letter.wait_for_load_state()
    assert letter.locator("#id_recipient_name").input_value() == "Mercy Healthcare, Inc."
    assert "Mercy Healthcare, Inc. (Ohio)" in letter.locator("#id_listing").input_value()
