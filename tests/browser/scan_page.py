"""What the browser tests of the scan journey share: choosing files, and the sample."""

from __future__ import annotations

from tests.builders import make_scan

TOKEN = "Zanzibarova^Jane"


def scan_file(name="scan.dcm", **elements):
    data = make_scan(**{"PatientName": TOKEN, "PatientBirthDate": "19710304", **elements})
    return {"name": name, "mimeType": "application/dicom", "buffer": data}


def choose(page, live_server, *files, prefix=""):
    page.goto(f"{live_server.url}{prefix}/scans/")
    page.set_input_files("#id_files", list(files or [scan_file()]))
    page.click("#read-files")
    page.wait_for_selector("#report-title")


def try_sample(page, live_server, prefix=""):
    page.goto(f"{live_server.url}{prefix}/scans/")
    page.click("#try-sample")
    page.wait_for_selector("#report-title")
