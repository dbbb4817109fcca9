"""What a real server prints when something fails: enough to find it, and no value."""

from __future__ import annotations

import logging
import re
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from companion.scans.isolation import sandbox
from companion.scans.isolation.reasons import Reason
from companion.scans.limits import Limits
from companion.web.logs import ValueFreeFormatter
from companion.web.scans import uploads
from tests.builders import make_scan
from tests.server import ROOT, Server, make_server


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with make_server(
        tmp_path_factory.mktemp("failing"), DJANGO_SETTINGS_MODULE="tests.web.crashing.settings"
    ) as server:
        yield server


def make_record(name: str, message: str, *arguments: object, **more: object) -> str:
    """A line as the log has it."""
    record = logging.LogRecord(name, logging.ERROR, "/some/place.py", 7, message, arguments, None)
    vars(record).update(more)
    return ValueFreeFormatter().format(record)


def test_the_number_on_the_page_is_the_one_in_the_log(failing: Server) -> None:
    numbers = set()
    for _ in range(2):
        answer = failing.get("/crash/?name=ZZQ^CANARY8")

        assert answer.status == 500
        (number,) = re.findall(r"<code>([0-9a-f]{8})</code>", answer.text)
        numbers.add(number)
        (line,) = [line for line in failing.printed.splitlines() if number in line]
        assert line.startswith(f"ERROR django.request error={number} status=500 ValueError ")
        assert re.search(r"tests/web/crashing/urls\.py:\d+$", line)
    assert len(numbers) == 2
    assert "CANARY8" not in failing.printed


def test_an_answer_without_a_number_on_its_page_has_none_in_the_log() -> None:
    line = make_record("django.request", "%s: %s", "Busy", "/x/", status_code=503, request=object())

    assert line == "ERROR django.request status=503 at place.py:7"


MALFORMED = {
    "a header's name": "GET / HTTP/1.1\r\nHost: localhost\r\nBad Header {}: x\r\n\r\n",
    "a header's value": "GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\0\r\n\r\n",
    "a request line": "GET /{} x y z HTTP/1.1\r\n\r\n",
    "a method": "{} / HTTP/1.1\r\n\r\n",
    "a version": "GET /{} HTTP/9.{}\r\n\r\n",
    "a chunk": "POST /letters/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n",
    "a coding": "POST /{} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: {}\r\n\r\n",
    "an expectation": "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: {}\r\n\r\n",
    "too long a line": "GET /{} HTTP/1.1\r\n\r\n".replace("{}", "{}" * 500),
    "no request": "\x16\x03\x01{}\r\n\r\n",
}


@pytest.mark.parametrize("request_text", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_request_leaves_nothing_in_the_log(failing: Server, request_text: str) -> None:
    canary = f"Canary{secrets.token_hex(6)}"
    with socket.create_connection(("127.0.0.1", failing.port), timeout=10) as line:
        line.sendall(request_text.replace("{}", canary).encode("latin-1"))
        line.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while line.recv(65536):
                pass

    assert failing.healthy
    assert canary not in failing.printed
    assert "127.0.0.1" not in failing.printed


@pytest.mark.parametrize("path", ["/break-off/", "/refused/"])
def test_what_only_the_server_itself_can_catch_is_logged_without_values(
    failing: Server, path: str
) -> None:
    canary = f"Canary{secrets.token_hex(6)}"
    before = len(failing.printed)
    with suppress(OSError, Exception):
        failing.get(f"{path}?name={canary}")

    printed = wait_for_words(failing, before)
    assert printed.startswith("ERROR gunicorn.error ")
    assert printed.count("\n") == 1
    for value in (canary, "127.0.0.1", path, "stands in this message"):
        assert value not in printed
    assert re.search(r"\w+Error|InvalidResponseHeaderName", printed)
    assert re.search(r"\w+\.py:\d+$", printed.rstrip())


def wait_for_words(server: Server, before: int) -> str:
    for _ in range(100):
        if server.printed[before:].endswith("\n"):
            break
        time.sleep(0.05)
    return server.printed[before:]


def test_what_gunicorn_says_of_its_worker_is_still_told() -> None:
    line = make_record("gunicorn.error", "Worker (pid:%s) was sent %s! Memory?", 41, "SIGKILL")

    assert line == "ERROR gunicorn.error at place.py:7 Worker (pid:41) was sent SIGKILL! Memory?"


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Error handling request %s %s", ("GET", "/letters/?name=Doe")),
        ("Invalid request from ip=Doe: 'Doe'", ()),
        ("Exception during worker exit:\n%s", ("Traceback: Doe",)),
        ("a text with % and %d", ("Doe",)),
        ("%(who)s", ({"who": "Doe"},)),
    ],
)
def test_what_a_line_of_gunicorn_was_given_is_left_out(
    message: str, arguments: tuple[object, ...]
) -> None:
    line = make_record("gunicorn.error", message, *arguments)

    assert "Doe" not in line
    assert "\n" not in line


# --- A child that reads scans, and failed


def test_where_a_child_failed_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(uploads.UploadError, match="died"):
        inspect(LimitsThatNoChildKnows())

    (record,) = caplog.records
    line = ValueFreeFormatter().format(record)
    assert re.search(r"An inspection stopped \(TypeError in forkserver\.py, line \d+\)$", line)
    assert "Doe" not in line


def test_a_child_that_is_killed_is_said_to_have_ended(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(uploads.UploadError, match="died"):
        inspect(Limits(), killed=True)

    (record,) = caplog.records
    assert ValueFreeFormatter().format(record).endswith("(it ended without a word)")


@dataclass(frozen=True)
class LimitsThatNoChildKnows(Limits):
    patient: str = "Doe^Jane"


def inspect(limits: Limits, *, killed: bool = False) -> None:
    inspection = uploads.Inspection(limits)
    with inspection.running():
        inspection.begin("Doe^Jane.dcm")
        inspection.chunk(make_scan(PatientName="Doe^Jane"))
        if killed and inspection._sandbox is not None:
            inspection._sandbox._process.kill()
        inspection.end()
        inspection.report()


def test_a_place_is_told_and_nothing_else() -> None:
    told = make_record(
        "companion.web.scans.uploads", "It stopped", where="KeyError in a.py, line 12"
    )

    assert told == (
        "ERROR companion.web.scans.uploads at place.py:7 It stopped (KeyError in a.py, line 12)"
    )


@pytest.mark.parametrize(
    "where",
    [
        "DOE",
        "DOE^JANE in walker.py, line 12",
        "KeyError in Jane Doe.dcm, line 12",
        "KeyError in walker.py, line 12 DOE",
        "KeyError in walker.py, line 12\nDOE",
        "KeyError in walker.py, line DOE",
        "Doe said that it ended without a word",
        "doe^jane",
        "jane doe",
        "unknown, line 3",
        ["DOE"],
    ],
)
def test_a_child_cannot_put_other_words_into_the_log(where: object) -> None:
    line = make_record("companion.web.scans.uploads", "It stopped", where=where)

    assert line.endswith("It stopped (no place that can be told)")


def test_what_is_said_of_children_here_is_told() -> None:
    assert sandbox.where(b"{}") in set(Reason)
    for sentence in [*Reason, "TimeoutError", "BrokenPipeError"]:
        assert sentence in make_record("companion", "It stopped", where=sentence)


def test_the_server_uses_these_lines_and_no_others() -> None:
    conf = (ROOT / "deploy/gunicorn.conf.py").read_text(encoding="utf-8")

    assert "logger_class = ValueFreeLogger" in conf
    assert "accesslog = None" in conf
