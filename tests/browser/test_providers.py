"""Hospitals in a real browser: an officer publishes, a patient follows the portal's link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from companion.providers import accounts
from companion.providers.models import Profile
from tests.builders import make_provider

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, live_server: LiveServer, name: str, *profiles: Profile) -> None:
    """Make an account as the operator's command does, and sign in with both factors."""
    made = accounts.enrol(name, list(profiles))
    device = TOTPDevice.objects.get(user__username=name)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(made.password)
    page.get_by_label("Code from your app").fill(f"{totp(device.bin_key):06d}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/providers/profile/**")  # an officer's own


def no_axe_faults(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_an_officer_fills_the_sheet_previews_and_publishes(
    page: Page, live_server: LiveServer
) -> None:
    own = make_provider(publish=False)
    sign_in(page, live_server, "rosa", own)
    page.goto(f"{live_server.url}/admin/providers/profile/{own.pk}/sheet/en/")
    page.locator("#id_B1").fill("We train no AI with your scans.")
    page.locator("input[name=_preview]").click()
    page.get_by_text("Patients do not see this yet.").wait_for()
    assert page.get_by_text("We train no AI with your scans.").is_visible()
    assert page.request.get(f"{live_server.url}/at/lakeside/").status == 404
    page.get_by_role("link", name="Publish…").click()
    page.get_by_label("I have looked all of it through today").check()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Patients see this version now.").wait_for()
    page.goto(f"{live_server.url}/at/lakeside/")
    assert page.get_by_text("We train no AI with your scans.").is_visible()
    page.goto(f"{live_server.url}/admin/providers/profile/{own.pk}/history/")
    assert page.get_by_text("Published").first.is_visible()


def test_another_office_s_officer_is_refused(page: Page, live_server: LiveServer) -> None:
    own, other = make_provider("own"), make_provider("other", name="Other Hospital")
    sign_in(page, live_server, "rosa", own)
    answer = page.goto(f"{live_server.url}/admin/providers/profile/{other.pk}/sheet/en/")
    assert answer is not None
    assert answer.status == 403
    assert "Other Hospital" not in page.content()


def test_a_patient_follows_the_portal_s_link_in_spanish_to_a_finished_letter(
    page: Page, live_server: LiveServer
) -> None:
    make_provider(office_address="12 River Road, Room 4\nSpringfield, CA 90210")
    page.goto(f"{live_server.url}/es/at/lakeside/")
    no_axe_faults(page)
    page.locator("main a[href='/es/letters/?at=lakeside']").click()
    page.locator("main a[href*='/es/letters/get-my-images/']").first.click()
    address = page.locator("[name=recipient_address]")
    assert "12 River Road, Room 4" in address.input_value()
    assert "Lakeside General Hospital" in page.locator("[name=recipient_name]").input_value()
    page.locator("[name=name]").fill("Ana Poe")
    page.locator("[name=contact]").fill("1 Elm Street, Springfield")
    study = page.locator("[name=study_list]")
    study.fill("CT, 3 March 2026")
    with page.expect_download() as download:
        page.locator("button[name=do][value=pdf]").first.click()
    assert download.value.suggested_filename.startswith("letter-")
    assert page.context.cookies() == []


def test_typing_finds_a_hospital_and_leads_on_with_it(page: Page, live_server: LiveServer) -> None:
    make_provider()
    page.goto(f"{live_server.url}/at/")
    page.get_by_role("searchbox").press_sequentially("lakside genral")
    page.locator("#hospital-results a").first.wait_for()
    assert page.url.endswith("/at/"), "what is typed is not in the address"
    no_axe_faults(page)
    page.locator("#hospital-results a").first.click()
    page.wait_for_url("**/at/lakeside/")


def test_searching_works_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    make_provider()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/at/")
    page.get_by_role("searchbox").fill("lakeside")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Lakeside General Hospital").click()
    page.wait_for_url("**/at/lakeside/")
    context.close()


@pytest.mark.parametrize("path", ["/packs/", "/for-hospitals/", "/site-map/", "/es/privacy/"])
def test_the_pages_for_groups_and_hospitals_have_no_axe_fault(
    page: Page, live_server: LiveServer, path: str
) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.goto(live_server.url + path)
    no_axe_faults(page)
    assert not faults


@pytest.mark.parametrize("width", [320, 768])
def test_the_pages_fit_a_phone(page: Page, live_server: LiveServer, width: int) -> None:
    make_provider(answers={("B1", "en"): "No."})
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/at/lakeside/", "/packs/", "/for-hospitals/?at=lakeside"):
        page.goto(live_server.url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
