"""The counts: sums of kinds, at a loopback address, and nothing that a visitor sent."""

from __future__ import annotations

import re
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from companion.web import counts, pdf_pool
from companion.web.scans import uploads
from tests.builders import make_scan
from tests.server import Server, free_port, make_passing_server

CANARY = "ZEBRAFISH"


def sums() -> dict[str, float]:
    """Every sum by its name and labels, as the text has them."""
    text = generate_latest(counts.registry).decode()
    found = re.findall(r"^(companion_\S+) (\S+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def risen(before: dict[str, float]) -> dict[str, float]:
    return {name: value - before[name] for name, value in sums().items() if value != before[name]}


def send(data: bytes, name: str = "scan.dcm") -> int:
    file = SimpleUploadedFile(name, data)
    return Client().post("/scans/", {"files": file}).status_code


def test_a_scan_that_was_read_and_one_that_was_not_are_counted_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sums()
    send(make_scan(PatientName=CANARY), f"{CANARY}.dcm")
    assert risen(before) == {'companion_uploads_total{outcome="read",use="report"}': 1}

    before = sums()
    Client().post("/scans/", {"paths": "[]"})
    assert risen(before) == {'companion_uploads_total{outcome="refused",use="report"}': 1}

    monkeypatch.setattr(uploads.Inspection, "_free", threading.BoundedSemaphore(1))
    monkeypatch.setitem(settings.COMPANION_LIMITS, "wait_seconds", 0)
    before = sums()
    with uploads.Inspection._slots():
        send(make_scan())
    assert risen(before) == {'companion_uploads_total{outcome="busy",use="report"}': 1}


def test_the_made_up_sample_is_nobody_s_upload() -> None:
    before = sums()
    Client().post("/scans/sample/")
    assert risen(before) == {}


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("timeout", "timed-out"), ("died", "died"), ("cut-off", "cut-off"), ("too-many", "refused")],
)
def test_each_way_to_fail_has_its_sum(code: str, outcome: str) -> None:
    before = sums()
    with pytest.raises(uploads.UploadError), uploads.Inspection(uploads.scan_limits()).running():
        raise uploads.UploadError(code)
    assert risen(before) == {f'companion_uploads_total{{outcome="{outcome}",use="report"}}': 1}


def test_every_code_of_an_upload_is_counted() -> None:
    assert set(uploads._OUTCOMES) <= set(uploads.CODES)


def test_prints_are_counted_by_what_became_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise pdf_pool.TooLong

    before = sums()
    monkeypatch.setattr(pdf_pool, "_print_pdf", lambda html, language: b"%PDF")
    pdf_pool.print_pdf("", language="en")
    monkeypatch.setattr(pdf_pool, "_print_pdf", fail)
    with pytest.raises(pdf_pool.TooLong):
        pdf_pool.print_pdf("", language="en")
    assert risen(before) == {
        'companion_prints_total{outcome="printed"}': 1,
        'companion_prints_total{outcome="too-long"}': 1,
    }


def test_every_way_to_take_a_letter_away_has_a_sum() -> None:
    from companion.web.letters import views

    assert {form.value for form in counts.Form} == set(views._DOWNLOADS)


def test_no_label_has_a_value_that_is_not_written_in_the_code() -> None:
    send(make_scan(PatientName=CANARY), f"{CANARY}.dcm")
    known = {
        "use": {one.value for one in counts.Use},
        "form": {one.value for one in counts.Form},
        "outcome": {one.value for kind in (counts.Outcome, counts.Print) for one in kind},
    }
    text = generate_latest(counts.registry).decode()
    assert CANARY not in text
    assert "created" not in text
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            for name, value in sample.labels.items():
                assert value in known[name]


@pytest.fixture
def port() -> int:
    return free_port()


def read(port: int) -> str:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            time.sleep(0.1)
    raise AssertionError("nobody shows the counts")


def test_an_address_that_is_taken_is_tried_until_it_is_free(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "_TRY_AGAIN_SECONDS", 0.05)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        counts.serve(("127.0.0.1", port))
        time.sleep(0.3)
    assert "companion_uploads_total" in read(port)


@pytest.fixture
def running(port: int) -> Iterator[Server]:
    with make_passing_server(COMPANION_METRICS=f"127.0.0.1:{port}") as server:
        yield server


def test_a_running_server_shows_them_there_and_on_no_page(running: Server, port: int) -> None:
    assert 'companion_uploads_total{outcome="read",use="report"} 0.0' in read(port)
    assert running.get("/metrics").status == 404
