"""A real server makes copies to share, and nothing of the originals stays anywhere."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.builders import make_multipart, make_scan
from tests.server import Server, make_server

MB = 1024 * 1024
FIELDS = {"for": "for-another-doctor", "face": "withhold"}


@pytest.fixture(scope="module")
def temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The only folder that the server may take for temporary files."""
    return tmp_path_factory.mktemp("temp")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, temp: Path) -> Iterator[Server]:
    """gunicorn as in production."""
    folder = tmp_path_factory.mktemp("server")
    with make_server(folder, COMPANION_STATIC="source", TMPDIR=str(temp)) as started:
        yield started


def form(canary: str, do: str, count: int = 3) -> tuple[bytes, str]:
    scan = make_scan(PatientName=canary, Rows=512, Columns=512, PixelData=bytes(512 * 1024))
    files = [(f"{canary}/IM{number}", scan) for number in range(count)]
    return make_multipart(files, fields={**FIELDS, "do": do})


@pytest.mark.parametrize("do", ["preview", "copy"])
def test_nothing_of_a_copy_or_its_original_is_written_anywhere(
    server: Server, temp: Path, do: str
) -> None:
    canary = f"CANARY{secrets.token_hex(6).upper()}"
    before = server.bytes_written

    answer = server.post("/scans/clean/", *form(canary, do))

    assert answer.status == 200
    assert server.bytes_written - before < 64 * 1024
    assert list(temp.rglob("*")) == []
    assert canary not in server.printed
    assert _children_end(server)


def test_one_who_leaves_in_the_middle_of_a_download_leaves_nothing_behind(
    server: Server, temp: Path
) -> None:
    connection = _asking(server, *form("CANARY-LEAVES", "copy", count=40))
    assert connection.recv(64).startswith(b"HTTP/1.1 200")

    connection.close()

    assert _children_end(server)
    assert list(temp.rglob("*")) == []
    assert server.healthy
    assert "CANARY-LEAVES" not in server.printed


def test_a_copy_that_dies_midway_ends_as_half_a_zip_and_takes_nobody_along(
    server: Server, temp: Path
) -> None:
    with _asking(server, *form("CANARY-DIES", "copy", count=40)) as connection:
        begun = connection.recv(64)
        for cleaner in _cleaners(server):
            cleaner.kill()
        rest = b"".join(iter(lambda: connection.recv(1 << 16), b""))

    assert begun.startswith(b"HTTP/1.1 200")
    assert not rest.endswith(b"0\r\n\r\n"), "a browser would take it for whole"
    assert b"PK\x05\x06" not in rest
    assert _children_end(server)
    assert list(temp.rglob("*")) == []
    assert server.healthy
    assert "CANARY-DIES" not in server.printed
    assert server.post("/scans/clean/", *form("AFTER", "copy")).status == 200


def _asking(server: Server, body: bytes, kind: str) -> socket.socket:
    """A connection on which files were sent, before anything of the answer is taken."""
    head = (
        f"POST /scans/clean/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(head + body)
    return connection


def _cleaners(server: Server) -> list[psutil.Process]:
    """The children that clean: below the process that waits below the worker."""
    try:
        waiting = [
            child
            for child in server.worker.children()
            if "companion.cleaning.isolation.child" in " ".join(child.cmdline())
        ]
        return [cleaner for process in waiting for cleaner in process.children()]
    except psutil.NoSuchProcess:
        return []


def _children_end(server: Server) -> bool:
    for _ in range(400):
        if not _cleaners(server):
            return True
        time.sleep(0.05)
    return False
