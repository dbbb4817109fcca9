"""A real server, real uploads, and the proof that nothing of them stays anywhere.

Canaries stand in a patient's name, in pixels and in a file's name.
"""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.builders import make_multipart, make_scan

ROOT = Path(__file__).resolve().parents[2]
MB = 1024 * 1024


@dataclass
class Server:
    port: int
    master: psutil.Process
    temp: Path
    log: Path

    @property
    def worker(self) -> psutil.Process:
        """gunicorn's one worker."""
        for _ in range(200):
            for child in self.master.children():
                if "gunicorn" in " ".join(child.cmdline()):
                    return child
            time.sleep(0.05)
        raise AssertionError("no worker")

    def post(self, body: bytes, kind: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/scans/", body, {"Content-Type": kind})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def wait(self) -> None:
        for _ in range(300):
            if self.healthy():
                return
            time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def files_left(self) -> list[str]:
        return [str(path) for path in self.temp.rglob("*")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn as in production, with a folder of its own for temporary files."""
    temp = tmp_path_factory.mktemp("temp")
    log = tmp_path_factory.mktemp("log") / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "COMPANION_MODE": "local",
        "COMPANION_STATIC": "source",
        "PORT": str(port),
        "TMPDIR": str(temp),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"),
                "companion.wsgi:application",
            ],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        started = Server(port, psutil.Process(process.pid), temp, log)
        try:
            started.wait()
            started.post(*make_multipart([("warm", make_scan())]))
            yield started
        finally:
            process.terminate()
            process.wait(30)


def test_nothing_of_an_upload_is_written_anywhere(server: Server) -> None:
    canary = f"CANARY{secrets.token_hex(6).upper()}"
    pixels = canary.encode() * 100
    scan = make_scan(PatientName=canary, PixelData=pixels)
    files = [(f"{canary}/IM{number}", scan + bytes(MB)) for number in range(30)]
    before = _written(server)

    status, page = server.post(*make_multipart(files))

    assert status == 200
    assert canary in page
    assert _written(server) - before < 64 * 1024
    assert server.files_left() == []
    assert canary not in server.log.read_text(encoding="utf-8", errors="replace")
    assert _children_end(server)


def test_two_uploads_at_once_are_answered_and_the_server_stays_healthy(server: Server) -> None:
    slow = _half_upload(server, "CANARY-SLOW")

    status, page = server.post(*make_multipart([("b", make_scan(PatientName="Roe^Ann"))]))

    assert status == 200
    assert "CANARY-SLOW" not in page
    assert server.healthy()
    slow.close()
    assert _children_end(server)


def test_a_browser_that_leaves_at_half_leaves_nothing_behind(server: Server) -> None:
    connection = _half_upload(server, "CANARY-HALF")
    assert _readers(server)

    connection.close()

    assert _children_end(server)
    assert server.files_left() == []
    assert server.healthy()
    assert "CANARY-HALF" not in server.log.read_text(encoding="utf-8", errors="replace")


def test_a_worker_killed_in_the_middle_of_an_upload_leaves_nothing(server: Server) -> None:
    connection = _half_upload(server, "CANARY-KILLED")
    worker = server.worker
    family = worker.children(recursive=True)
    assert _readers(server)

    worker.send_signal(signal.SIGKILL)

    psutil.wait_procs([worker, *family], timeout=10)
    assert not [process for process in family if _runs(process)]
    assert server.files_left() == []
    connection.close()
    server.wait()
    assert server.worker.pid != worker.pid
    assert server.post(*make_multipart([("a", make_scan())]))[0] == 200
    assert "CANARY-KILLED" not in server.log.read_text(encoding="utf-8", errors="replace")


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
            if "companion.scans.nursery" in " ".join(child.cmdline())
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
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
