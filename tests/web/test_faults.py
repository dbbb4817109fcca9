"""What breaks around the companion must not break what a patient came for."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.server import Server, make_server, wait_for

FORM = "application/x-www-form-urlencoded"
CANARY = "ZZQ^CANARY7"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without database, home folder or any place for temporary files."""
    with make_server(
        tmp_path_factory.mktemp("bare"),
        COMPANION_DATABASE="/nonexistent/companion.sqlite3",
        HOME="",
        TMPDIR="/nonexistent",
    ) as server:
        yield server


@pytest.mark.parametrize(
    "path", ["/", "/es/", "/scans/", "/checklists/", "/letters/", "/letters/opt-out/"]
)
def test_patients_pages_need_no_database(bare: Server, path: str) -> None:
    assert bare.get(path).status == 200


def test_a_hospital_that_cannot_be_looked_up_is_left_out(bare: Server) -> None:
    answer = bare.get("/letters/opt-out/?at=some-hospital")
    assert answer.status == 200
    assert "Traceback" not in bare.printed


def test_a_scan_is_read_without_any_disk(bare: Server) -> None:
    answer = bare.post("/scans/sample/", b"", FORM)
    assert answer.status == 200
    assert "What these files" in answer.text


def test_a_letter_is_made_without_any_disk(bare: Server) -> None:
    facts = {
        "place": "us",
        "name": CANARY,
        "contact": "1 Elm Street",
        "recipient_name": "Hill Hospital",
        "study_list": "CT chest, March 3, 2026",
        "uses": "ai",
        "do": "pdf",
    }
    answer = bare.post("/letters/opt-out/", urlencode(facts).encode(), FORM)
    assert answer.status == 200
    assert answer.body.startswith(b"%PDF")
    assert CANARY not in answer.headers["Content-Disposition"]
    assert CANARY not in bare.printed


def test_not_ready_is_said_where_operators_look(bare: Server) -> None:
    assert bare.get("/readyz").status == 503
    assert bare.get("/healthz").status == 200


def until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_killed_worker_is_replaced_in_seconds(tmp_path: Path) -> None:
    with make_server(tmp_path) as server:
        worker = server.worker
        worker.send_signal(signal.SIGKILL)
        until(lambda: server.worker.pid != worker.pid, seconds=5)
        wait_for(server.port)
        assert server.get("/").status == 200


def test_without_the_list_of_static_files_the_error_page_stands_and_says_nothing(
    tmp_path: Path,
) -> None:
    # Every page names its style sheets, the error page too.
    with make_server(
        tmp_path,
        COMPANION_STATIC="collected",
        DJANGO_SETTINGS_MODULE="tests.web.crashing.uncollected",
    ) as server:
        answer = server.get("/letters/")
        assert answer.status == 500
        assert "Nothing was kept." in answer.text
        assert "No se guardó nada." in answer.text
        assert "Content-Security-Policy" in answer.headers
        assert "Traceback" not in server.printed
        assert "manifest" not in server.printed
