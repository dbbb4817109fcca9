"""What the browser tests of the scan journey share: choosing files, and the sample."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import FilePayload, Page
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_scan

TOKEN = "Zanzibarova^Jane"


def scan_file(name: str = "scan.dcm", **elements: Any) -> FilePayload:
    made: dict[str, Any] = {"PatientName": TOKEN, "PatientBirthDate": "19710304", **elements}
    return {"name": name, "mimeType": "application/dicom", "buffer": make_scan(**made)}


def choose(page: Page, live_server: LiveServer, *files: FilePayload, prefix: str = "") -> None:
    page.goto(f"{live_server.url}{prefix}/scans/")
    page.set_input_files("#id_files", list(files or [scan_file()]))
    page.click("#read-files")
    page.wait_for_selector("#report-title")


def try_sample(page: Page, live_server: LiveServer, prefix: str = "") -> None:
    page.goto(f"{live_server.url}{prefix}/scans/")
    page.click("#try-sample")
    page.wait_for_selector("#report-title")
