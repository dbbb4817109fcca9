"""Text that no page can be made of: it is mended where it comes in, whichever way."""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from companion.web import json_text
from companion.wsgi import application
from tests.web.responses import Response

pytestmark = pytest.mark.django_db
HALF = "\ud800"

ANSWERS = {
    "format": "companion-answers",
    "version": 1,
    "place": "us",
    "letter": "opt-out",
    "reference": HALF,
    "facts": {"name": [f"Ana{HALF}"], f"b{HALF}": "x", "original": [HALF]},
    "checklists": {"slug": f"before{HALF}", "answers": {"B1": {"status": "clear", "note": HALF}}},
}
REPORT = {
    "format": "companion-report",
    "version": 1,
    "edition": f"DICOM{HALF}",
    "files": [{"name": HALF, "kind": "dicom", "status": "read", "modality": "CT", "notes": []}],
    "findings": [{
        "rule": "patient-name", "group": "who-you-are", "hipaa": "A", "certainty": "certain",
        "place": "header", "tag": "00100010", "path": "00100010", "name": "PatientName",
        "values": [f"Ana{HALF}"], "distinct": 1, "files": 1, "example": HALF,
    }],
}  # fmt: skip


def post(address: str, **form: object) -> Response:
    return Client(HTTP_HOST="localhost").post(address, form)


def file(value: object) -> SimpleUploadedFile:
    return SimpleUploadedFile("answers.json", json.dumps(value).encode())


@pytest.mark.parametrize(
    "address", ["/letters/", "/letters/opt-out/", "/checklists/", "/checklists/before/"]
)
@pytest.mark.parametrize("changes", [{}, {"place": HALF, "letter": HALF, "checklists": HALF}])
def test_a_carry_file_with_half_a_sign_opens(address: str, changes: dict[str, str]) -> None:
    response = post(address, do="open", file=file(ANSWERS | changes))
    assert response.status_code in (200, 422)
    if address == "/letters/" and not changes:
        assert "Ana\ufffd" in response.content.decode()


def test_a_saved_report_with_half_a_sign_opens() -> None:
    assert post("/scans/open/", saved=file(REPORT)).status_code == 200


def test_a_page_s_own_report_with_half_a_sign_is_shown_and_saved() -> None:
    document = json.dumps({"report": REPORT, "elements": []})
    packed = base64.urlsafe_b64encode(zlib.compress(document.encode())).decode()
    assert post("/scans/open/", report=packed).status_code == 200
    for kind in ("json", "csv", "pdf"):
        assert post("/scans/save/", report=packed, **{"as": kind}).status_code == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"\ud800"', "\ufffd"), (r'"\uDC00 a"', "\ufffd a"), (r'"\ud83d\ude00"', "😀"),
        (r'"\ud83d\ud83d\ude00"', "\ufffd😀"), (r'"\\ud800"', r"\ud800"),
        (r'"\\\ud800"', "\\\ufffd"), (r'"\u00e9\""', 'é"'), ('"\ud800"', "?"),
    ],
)  # fmt: skip
def test_only_halves_are_replaced(text: str, expected: str) -> None:
    assert json.loads(json_text.whole(text)) == expected


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner), max_leaves=8))
def test_whole_text_is_left_as_it_is(value: object) -> None:
    assert json.loads(json_text.whole(json.dumps(value))) == value
    plain = json.dumps(value, ensure_ascii=False).encode()
    assert json.loads(json_text.whole(plain)) == value


def ask(address: str, body: bytes, kind: str) -> str:
    """The status of an answer by the application that servers run."""
    said: list[str] = []
    written: list[bytes] = []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": address, "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
    }  # fmt: skip

    def start(status: str, headers: object, exc_info: object = None) -> Callable[[bytes], object]:
        said.append(status)
        return written.append

    answer = application(environ, start)
    b"".join(answer)
    answer.close()
    return said[0]


@pytest.mark.parametrize("codec", ["unicode_escape", "utf-7", "utf-16", "idna", "hex", "undefined"])
@pytest.mark.parametrize("address", ["/letters/opt-out/", "/checklists/before/", "/packs/"])
def test_a_form_is_read_as_utf_8_whatever_it_is_called(address: str, codec: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nAna \\ud800\r\n--x--\r\n'
    status = ask(address, part, f"multipart/form-data; charset={codec}; boundary=x")
    assert status.split()[0] in ("200", "422")
    status = ask(address, b"name=%ED%A0%80", f"application/x-www-form-urlencoded; charset={codec}")
    assert status.split()[0] in ("200", "422")


def test_a_folder_s_path_with_half_a_sign_is_shown() -> None:
    upload = SimpleUploadedFile("x.dcm", b"hello")
    response = post("/scans/", paths=json.dumps([f"CD{HALF}/x.dcm"]), files=upload)
    assert response.status_code == 200
