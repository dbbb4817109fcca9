"""A real server, real uploads, and the proof that nothing of them stays anywhere.

Canaries stand in a patient's name, in pixels and in a file's name.
"""

from __future__ import annotations

import secrets
import signal
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.builders import make_multipart, make_scan
from tests.server import Answer, Server, make_server, wait_for

MB = 1024 * 1024


@pytest.fixture(scope="module")
def temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The only folder that the server may take for temporary files."""
    return tmp_path_factory.mktemp("temp")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, temp: Path) -> Iterator[Server]:
    """gunicorn as in production."""
    folder = tmp_path_factory.mktemp("server")
    with make_server(folder, COMPANION_STATIC="source", TMPDIR=str(temp)) as started:
        upload(started, [("warm", make_scan())])
        yield started


def upload(server: Server, files: Iterable[tuple[str, bytes]]) -> Answer:
    return server.post("/scans/", *make_multipart(files))


def files_in(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*")]


def test_nothing_of_an_upload_is_written_anywhere(server: Server, temp: Path) -> None:
    canary = f"CANARY{secrets.token_hex(6).upper()}"
    pixels = canary.encode() * 100
    scan = make_scan(PatientName=canary, PixelData=pixels)
    files = [(f"{canary}/IM{number}", scan + bytes(MB)) for number in range(30)]
    before = server.bytes_written

    answer = upload(server, files)

    assert answer.status == 200
    assert canary in answer.text
    assert server.bytes_written - before < 64 * 1024
    assert files_in(temp) == []
    assert canary not in server.printed
    assert _children_end(server)


def test_two_uploads_at_once_are_answered_and_the_server_stays_healthy(server: Server) -> None:
    slow = _half_upload(server, "CANARY-SLOW")

    answer = upload(server, [("b", make_scan(PatientName="Roe^Ann"))])

    assert answer.status == 200
    assert "CANARY-SLOW" not in answer.text
    assert server.healthy
    slow.close()
    assert _children_end(server)


def test_a_browser_that_leaves_at_half_leaves_nothing_behind(server: Server, temp: Path) -> None:
    connection = _half_upload(server, "CANARY-HALF")
    assert _readers(server)

    connection.close()

    assert _children_end(server)
    assert files_in(temp) == []
    assert server.healthy
    assert "CANARY-HALF" not in server.printed


def test_a_worker_killed_in_the_middle_of_an_upload_leaves_nothing(
    server: Server, temp: Path
) -> None:
    connection = _half_upload(server, "CANARY-KILLED")
    worker = server.worker
    family = worker.children(recursive=True)
    assert _readers(server)

    worker.send_signal(signal.SIGKILL)

    psutil.wait_procs([worker, *family], timeout=10)
    assert not [process for process in family if _runs(process)]
    assert files_in(temp) == []
    connection.close()
    wait_for(server.port)
    assert server.worker.pid != worker.pid
    assert upload(server, [("a", make_scan())]).status == 200
    assert "CANARY-KILLED" not in server.printed


def test_the_upload_s_child_can_write_no_file_and_leaves_no_core(server: Server) -> None:
    connection = _half_upload(server, "limits")
    child = _reader(server)

    limits = Path(f"/proc/{child.pid}/limits").read_text(encoding="ascii")
    connection.close()

    found = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert found["Max file size"] == "0"
    assert found["Max core file size"] == "0"
    assert found["Max address space"] != "unlimited"
    assert found["Max cpu time"] != "unlimited"


def test_what_reads_uploads_stands_behind_the_filter_that_refuses_sockets(server: Server) -> None:
    connection = _half_upload(server, "network")
    status = Path(f"/proc/{_reader(server).pid}/status").read_text(encoding="ascii")
    connection.close()

    assert "Seccomp:\t2\n" in status
    assert "NoNewPrivs:\t1\n" in status


def _half_upload(server: Server, canary: str) -> socket.socket:
    """Send the first half of an upload, and wait until a child reads it."""
    body, kind = make_multipart([(canary, make_scan(PatientName=canary) + bytes(4 * MB))])
    head = (
        f"POST /scans/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(head + body[: len(body) // 2])
    for _ in range(200):
        if _readers(server):
            return connection
        time.sleep(0.05)
    raise AssertionError("no child was started")


def _readers(server: Server) -> list[psutil.Process]:
    """The children that read uploads: below the process that waits below the worker."""
    try:
        waiting = [
            child
            for child in server.worker.children()
            if "companion.scans.isolation.forkserver" in " ".join(child.cmdline())
        ]
        return [reader for process in waiting for reader in process.children()]
    except psutil.NoSuchProcess:
        return []


def _reader(server: Server) -> psutil.Process:
    """The child that reads an upload, once it has set its limits."""
    for _ in range(200):
        for reader in _readers(server):
            limits = Path(f"/proc/{reader.pid}/limits").read_text(encoding="ascii")
            if "Max file size             0" in limits:
                return reader
        time.sleep(0.05)
    raise AssertionError("no child with limits")


def _written(server: Server) -> int:
    """Bytes that the worker and all below it had written to disks."""
    total = 0
    for process in (server.worker, *server.worker.children(recursive=True)):
        io = Path(f"/proc/{process.pid}/io").read_text(encoding="ascii")
        total += int(io.split("write_bytes: ")[1].split()[0])
    return total


def _children_end(server: Server) -> bool:
    """Whether no child that read an upload is left, before long."""
    for _ in range(200):
        if not _readers(server):
            return True
        time.sleep(0.05)
    return False


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
