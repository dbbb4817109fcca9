"""A directory that cannot be read is told as that, soon, and never as "not there"."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companion.providers import search
from tests.bench.search import fill
from tests.builders import make_provider
from tests.server import ROOT, Server, make_server

CANNOT = "We cannot look up hospitals right now"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all its tables and nothing in them."""
    file = tmp_path_factory.mktemp("directory") / "db.sqlite3"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "companion.settings", "COMPANION_DATABASE": str(file)},
        check=True,
    )
    return file


def broken(file: Path) -> None:
    body = bytearray(file.read_bytes())
    body[1000:] = b"\xa5" * (len(body) - 1000)
    file.write_bytes(body)


def gone(file: Path) -> None:
    file.unlink()


@pytest.fixture(scope="module", params=["gone", "broken", "locked"])
def server(
    request: pytest.FixtureRequest, directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp(request.param)
    file = folder / "db.sqlite3"
    file.write_bytes(directory.read_bytes())
    holder = sqlite3.connect(file, isolation_level=None, timeout=0.1)
    with make_server(folder) as server:
        assert server.get("/readyz").status == 200
        if request.param == "locked":
            holder.execute("BEGIN EXCLUSIVE")
        else:
            {"gone": gone, "broken": broken}[request.param](file)
        yield server
    holder.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/at/lakeside/", 503),
        ("/at/lakeside/summary/", 503),
        ("/for-hospitals/?at=lakeside", 200),
        ("/letters/?at=lakeside", 200),
    ],
)
def test_a_page_says_that_it_cannot_look_in_five_seconds(
    server: Server, path: str, status: int
) -> None:
    began = time.monotonic()
    answer = server.get(path)
    took = time.monotonic() - began
    if took > 1:
        time.sleep(2.1)  # it rests now, and the next page would be spared its wait
    assert took < 5
    assert answer.status == status
    assert CANNOT in answer.text
    assert "taken its page down" not in answer.text
    assert "We do not know" not in answer.text


def test_a_search_says_that_it_cannot_look(server: Server) -> None:
    began = time.monotonic()
    answer = server.post("/at/", urlencode({"q": "lakeside"}).encode(), FORM)
    assert time.monotonic() - began < 5
    assert CANNOT in answer.text
    assert "No hospital with that name" not in answer.text


def test_it_is_not_ready_and_alive(server: Server) -> None:
    assert server.get("/readyz").status == 503
    assert server.get("/healthz").status == 200
    assert "Traceback" not in server.printed


@pytest.mark.django_db
def test_nothing_found_in_a_directory_that_answers_is_just_that() -> None:
    make_provider()
    assert search.Index().search("zzzzqqq").unreachable is False


@pytest.mark.django_db
def test_ten_thousand_hospitals_are_read_without_sorting_on_a_disk() -> None:
    fill(10)
    with CaptureQueriesContext(connection) as asked:
        search.Index().search("hospital")
    assert "ORDER BY" not in asked.captured_queries[-1]["sql"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA temp_store")
            assert cursor.fetchone()[0] == 2  # memory
