"""The companion as it really runs: gunicorn in a process of its own, on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Answer:
    """What the server answered; errors are answers too."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Server:
    """A running server: its process, its address, and all it printed so far."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        return self.output.read_text(errors="replace")

    @property
    def worker(self) -> psutil.Process:
        """gunicorn's one worker; waits while there is none."""
        for _ in range(400):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.Error):
                    parent = process.parent()
                    if _is_gunicorn(process) and parent is not None and _is_gunicorn(parent):
                        return process
            time.sleep(0.05)
        raise AssertionError("no worker")

    @property
    def family(self) -> list[psutil.Process]:
        """The worker and all below it."""
        worker = self.worker
        return [worker, *worker.children(recursive=True)]

    @property
    def bytes_written(self) -> int:
        """Bytes that the worker and all below it wrote to disks so far."""
        total = 0
        for process in self.family:
            with suppress(OSError):
                text = Path(f"/proc/{process.pid}/io").read_text(encoding="ascii")
                total += int(text.split("write_bytes: ")[1].split()[0])
        return total

    @property
    def healthy(self) -> bool:
        """Whether the health check answers, at once."""
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def get(self, path: str) -> Answer:
        return self.ask(urllib.request.Request(self.address + path))

    def post(self, path: str, body: bytes, kind: str) -> Answer:
        headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
        return self.ask(urllib.request.Request(self.address + path, body, headers))

    def ask(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())


@contextmanager
def make_server(folder: Path, before: tuple[str, ...] = (), **environment: str) -> Iterator[Server]:
    """Start the server; ``folder`` takes what it prints. Names given as "" are unset.

    ``before`` is a command to run it under, such as strace.
    """
    port = free_port()
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": "companion.settings",
        "COMPANION_MODE": "local",
        "COMPANION_DATABASE": str(folder / "db.sqlite3"),
        "COMPANION_REQUESTS_PER_MINUTE": "100000",
        "PORT": str(port),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    variables |= environment
    for name in [name for name, value in environment.items() if value == ""]:
        del variables[name]
    output = folder / "printed"
    command = (sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py")
    with output.open("wb") as sink:
        process = subprocess.Popen(
            (*before, *command, "companion.wsgi:application"),
            cwd=ROOT,
            env=variables,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(port, lambda: process.poll() is None)
            yield Server(process, port, output)
        finally:
            if process.poll() is None:
                started = psutil.Process(process.pid)
                (started.children()[0] if before else started).terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def make_passing_server(before: tuple[str, ...] = (), **environment: str) -> Iterator[Server]:
    """A server whose folder is in memory and goes with it: for the benchmarks."""
    with (
        tempfile.TemporaryDirectory(dir="/dev/shm") as folder,
        make_server(Path(folder), before, **environment) as server,
    ):
        yield server


def _is_gunicorn(process: psutil.Process) -> bool:
    return "gunicorn" in " ".join(process.cmdline())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int, lives: Callable[[], bool] = lambda: True, seconds: float = 90) -> None:
    """Until the server takes connections and answers its health check."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            url = f"http://127.0.0.1:{port}/healthz"
            with urllib.request.urlopen(url, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            if not lives():
                raise AssertionError("the server has ended: see what it printed") from None
            time.sleep(0.1)
