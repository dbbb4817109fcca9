"""What breaks around the companion must not break what a patient came for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.server import ROOT, Server, make_server, wait_for

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


def test_pages_come_before_letters_and_these_before_scans_and_pictures(bare: Server) -> None:
    later = {"letters.pdf": 5, "isolation.forkserver": 10, "cleaning.isolation": 10, "looking": 15}
    worker = bare.worker
    # The kernel knows no number above 19, and the test itself may have given way already.
    expected = {word: min(19, worker.nice() + steps) for word, steps in later.items()}

    def found() -> dict[str, int]:
        return {
            word: child.nice()
            for word in later
            for child in worker.children()
            if word in " ".join(child.cmdline())
        }

    # The first page may come before a child has got as far as to give way.
    until(lambda: found() == expected, seconds=30)


def test_a_killed_worker_is_replaced_in_seconds(tmp_path: Path) -> None:
    with make_server(tmp_path) as server:
        worker = server.worker
        worker.send_signal(signal.SIGKILL)
        until(lambda: server.worker.pid != worker.pid, seconds=30)
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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes with a database on it, where the machine lets us make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody make a disk")
    try:
        variables = {
            "DJANGO_SETTINGS_MODULE": "companion.settings",
            "COMPANION_DATABASE": str(disk / "db.sqlite3"),
        }
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=os.environ | variables, check=True)
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], capture_output=True)


def fill(disk: Path) -> None:
    with (disk / "ballast").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def make_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def take_away(disk: Path) -> None:
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("happens", [fill, make_read_only, take_away])
def test_a_disk_that_is_full_read_only_or_gone_harms_no_patient(
    small_disk: Path, tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    if happens is make_read_only:  # what is open for writing cannot become so
        happens(small_disk)
    with make_server(
        tmp_path,
        COMPANION_DATABASE=str(small_disk / "db.sqlite3"),
        TMPDIR=str(small_disk),
    ) as server:
        assert server.get("/readyz").status == 200
        if happens is not make_read_only:
            happens(small_disk)

        for path in ("/", "/scans/", "/checklists/", "/letters/opt-out/?at=some-hospital"):
            assert server.get(path).status == 200
        assert server.post("/at/", b"q=lakeside", FORM).status == 200
        assert "What these files" in server.post("/scans/sample/", b"", FORM).text
        letter = {"place": "us", "name": CANARY, "contact": "1 Elm Street", "do": "pdf"}
        letter |= {"recipient_name": "Hill Hospital", "study_list": "CT chest", "uses": "ai"}
        answer = server.post("/letters/opt-out/", urlencode(letter).encode(), FORM)
        assert answer.body.startswith(b"%PDF")
        # Reading still works on the first two; what is gone is told to the operator.
        ready = server.get("/readyz")
        assert ready.status == (503 if happens is take_away else 200)
        assert happens is not take_away or ready.text.startswith(("database: ", "tables: "))
        assert "Traceback" not in server.printed
        assert CANARY not in server.printed
