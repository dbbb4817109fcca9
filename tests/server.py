"""The companion as it really runs: gunicorn in a process of its own, on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

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
    def worker(self) -> int:
        """The process id of gunicorn's one worker; 0 while there is none."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int((path.read_text().split() or ["0"])[0])

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
def make_server(folder: Path, **environment: str) -> Iterator[Server]:
    """Start the server; ``folder`` takes what it prints. Names given as "" are unset."""
    port = free_port()
    variables = os.environ | {
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
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py",
             "companion.wsgi:application"],
            cwd=ROOT,
            env=variables,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_for(port)
            yield Server(process, port, output)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int, seconds: float = 90) -> None:
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
            time.sleep(0.1)
