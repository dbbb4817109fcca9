"""Uploads are passed on as they arrive, and every way they can fail ends in a page."""

from __future__ import annotations

import io
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from companion.scans.findings import Report
from companion.scans.inspection import Entry
from companion.web.scans import uploads
from tests.builders import make_multipart, make_scan, make_zip


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The limits, to be changed for one test."""
    changed = dict(settings.COMPANION_LIMITS)
    monkeypatch.setattr(settings, "COMPANION_LIMITS", changed)
    return changed


@pytest.fixture
def fresh_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """The places for inspections are made anew from the limits."""
    monkeypatch.setattr(uploads.Inspection, "_free", None)


def test_a_scan_is_inspected() -> None:
    report = _upload(("scan.dcm", make_scan(PatientName="Doe^Jane")))

    assert [record.status for record in report.files] == ["read"]
    assert any("Doe^Jane" in finding.values for finding in report.findings)


def test_the_page_answers_with_the_report() -> None:
    file = SimpleUploadedFile("scan.dcm", make_scan(PatientName="Doe^Jane"))

    response = Client().post("/scans/", {"files": file})

    assert response.status_code == 200
    assert "Doe" in response.content.decode()
    assert not response.cookies


def test_folders_in_file_names_are_kept() -> None:
    report = _upload(("CD/DICOM/IM1", make_scan()), ("CD/../README", b"text"))

    assert [record.name for record in report.files] == ["CD/DICOM/IM1", "CD/../README"]


def test_folders_may_come_in_a_field_beside_the_files() -> None:
    report = _upload(
        ("IM1", make_scan()),
        ("IM1", make_scan()),
        fields={"paths": '["CD/A/IM1", "CD/B/IM1"]'},
    )

    assert [record.name for record in report.files] == ["CD/A/IM1", "CD/B/IM1"]


@pytest.mark.parametrize("paths", ["{", "7", "[1, 2]", '["only one"]'])
def test_a_wrong_field_of_folders_does_no_harm(paths: str) -> None:
    report = _upload(("a", make_scan()), ("b", make_scan()), fields={"paths": paths})

    assert report.files[-1].name == "b"


def test_other_fields_of_the_form_are_there_afterwards() -> None:
    request = _request(("a", make_scan()), fields={"at": "riverside"})

    uploads.inspect_upload(request)

    assert request.POST["at"] == "riverside"
    assert not request.FILES


def test_a_zip_is_read_as_it_arrives() -> None:
    report = _upload(("cd.zip", make_zip({"IM1": make_scan(), "IM2": make_scan()})))

    assert {record.name for record in report.files} == {"cd.zip/IM1", "cd.zip/IM2", "cd.zip"}


@pytest.mark.parametrize(
    ("change", "files", "code"),
    [
        ({}, [], "empty"),
        ({}, [("", b"")], "empty"),
        ({"upload_files": 2}, [("a", b"1"), ("b", b"2"), ("c", b"3")], "too-many"),
        ({"upload_bytes": 1_000}, [("a", bytes(600)), ("b", bytes(600))], "too-large"),
        ({"upload_seconds": -1}, [("a", bytes(600))], "timeout"),
    ],
)
def test_what_cannot_be_taken_is_told(
    limits: dict[str, Any], change: dict[str, Any], files: list[tuple[str, bytes]], code: str
) -> None:
    limits.update(change)

    with pytest.raises(uploads.UploadError) as told:
        _upload(*files)

    assert told.value.code == code


@pytest.mark.parametrize(
    ("change", "status"), [({"upload_files": 1}, 413), ({"upload_bytes": 1_000}, 413)]
)
def test_a_refused_upload_ends_in_a_page_that_says_nothing_was_kept(
    limits: dict[str, Any], change: dict[str, Any], status: int
) -> None:
    limits.update(change)
    files = [SimpleUploadedFile(name, bytes(800)) for name in "ab"]

    response = Client().post("/scans/", {"files": files})

    assert response.status_code == status
    assert "Nothing was kept" in response.content.decode()


def test_more_files_than_django_itself_allows_end_in_the_same_page(
    limits: dict[str, Any], settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3

    with pytest.raises(uploads.UploadError) as told:
        _upload(*[(f"f{number}", b"x") for number in range(9)])

    assert told.value.code == "too-many"


@pytest.mark.usefixtures("fresh_places")
def test_no_free_place_is_told_after_a_short_wait(limits: dict[str, Any]) -> None:
    limits.update(inspections_at_once=1, wait_seconds=0.2)
    with uploads.Inspection(uploads.scan_limits()).running():
        start = time.monotonic()
        response = Client().post("/scans/", {"files": SimpleUploadedFile("a", make_scan())})

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert time.monotonic() - start < 20


@pytest.mark.usefixtures("fresh_places")
def test_a_place_is_free_again_after_every_failure(limits: dict[str, Any]) -> None:
    limits.update(inspections_at_once=1, wait_seconds=0.2)
    for _ in range(3):
        with pytest.raises(uploads.UploadError, match="empty"):
            _upload()

    assert _upload(("a", make_scan())).files


def test_an_upload_cut_at_half_is_told() -> None:
    body, kind = make_multipart([("a", make_scan()), ("b", bytes(500_000))])
    request = RequestFactory().generic("POST", "/scans/", body[: len(body) // 2], content_type=kind)
    request.META["CONTENT_LENGTH"] = str(len(body))

    with pytest.raises(uploads.UploadError, match="cut-off"):
        uploads.inspect_upload(request)


def test_a_body_that_is_no_form_is_told() -> None:
    request = RequestFactory().generic("POST", "/scans/", b"x" * 99, content_type="text/plain")

    with pytest.raises(uploads.UploadError):
        uploads.inspect_upload(request)


def test_a_child_that_is_killed_ends_the_inspection_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(uploads.UploadError, match="died"):
        _inspect_with_a_signal(signal.SIGKILL)

    assert "Doe" not in caplog.text
    assert _upload(("next", make_scan())).files


def test_a_child_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "STALL_SECONDS", 0.5)
    start = time.monotonic()

    with pytest.raises(uploads.UploadError, match="timeout"):
        _inspect_with_a_signal(signal.SIGSTOP)

    assert time.monotonic() - start < 20


def test_no_child_is_left_after_an_inspection() -> None:
    with _inspecting() as inspection:
        inspection.begin("a")
        inspection.chunk(make_scan())
        inspection.end()
        assert inspection._sandbox is not None
        pid = inspection._sandbox.pid
        inspection.report()

    assert _gone(pid)


def test_two_uploads_at_once_do_not_mix() -> None:
    reports: dict[str, Any] = {}

    def upload(name: str) -> None:
        files = [(f"{name}{number}", make_scan(PatientName=name)) for number in range(100)]
        reports[name] = _upload(*files)

    threads = [threading.Thread(target=upload, args=(name,)) for name in ("Doe^J", "Roe^A")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    for name, other in (("Doe^J", "Roe^A"), ("Roe^A", "Doe^J")):
        values = {value for row in reports[name].elements for value in row.values}
        assert name in values
        assert other not in values
        assert len(reports[name].files) == 100


def test_entries_at_hand_are_inspected_as_an_upload() -> None:
    report = uploads.inspect_entries([Entry("a", [make_scan(PatientName="Doe^Jane")])])

    assert report.files[0].status == "read"


def test_a_small_file_of_another_page_is_kept_in_memory_only() -> None:
    request = _request(("saved.json", b'{"format": "x"}'))

    file = request.FILES["files"]

    assert file.read() == b'{"format": "x"}'
    assert isinstance(file.file, io.BytesIO)


def test_files_of_another_page_beyond_the_cap_end_in_a_page() -> None:
    file = SimpleUploadedFile("saved.json", bytes(20_000_000))

    response = Client().post("/scans/open/", {"saved": file})

    assert response.status_code == 413
    assert "Nothing was kept" in response.content.decode()


def _upload(*files: tuple[str, bytes], fields: dict[str, str] | None = None) -> Report:
    return uploads.inspect_upload(_request(*files, fields=fields))


def _request(*files: tuple[str, bytes], fields: dict[str, str] | None = None) -> WSGIRequest:
    body, kind = make_multipart(list(files), fields)
    return RequestFactory().generic("POST", "/scans/", body, content_type=kind)


class _inspecting:  # noqa: N801 - reads as the context manager it is
    """An inspection with its place and child, ended as a request would end it."""

    def __enter__(self) -> uploads.Inspection:
        self._inspection = uploads.Inspection(uploads.scan_limits())
        self._running = self._inspection.running()
        self._running.__enter__()
        return self._inspection

    def __exit__(self, *error: Any) -> None:
        self._running.__exit__(*error)


def _inspect_with_a_signal(number: signal.Signals) -> None:
    """An inspection whose child gets a signal after its first file's first bytes."""
    with _inspecting() as inspection:
        inspection.begin("Doe^Jane.dcm")
        inspection.chunk(make_scan(PatientName="Doe^Jane"))
        assert inspection._sandbox is not None
        os.kill(inspection._sandbox.pid, number)
        for _ in range(50):
            inspection.chunk(bytes(1_000_000))
        inspection.end()
        inspection.report()


def _gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(autouse=True)
def _no_values_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not re.search("Doe|Roe|Jane", caplog.text)
