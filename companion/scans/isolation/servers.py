"""The parent's side of a fork server: started when it is first needed, replaced when it dies."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from companion.scans.isolation.reasons import Reason

ROOT = Path(__file__).resolve().parents[3]
_START = """
import sys
sys.path.insert(0, sys.argv[1])
from {module} import main
main(*sys.argv[2:])
"""
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    # A process with threads cannot be forked safely: whatever computes does so in one.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # The model runner would keep a number for this machine on its disk, and send it home.
    "ORT_DISABLE_TELEMETRY": "1",
}
_START_SECONDS = 60


class SandboxError(Exception):
    """The inspection did not end with a report. Nothing of it is kept."""


class ChildStoppedError(SandboxError):
    """The child gave no report: it failed, was killed, or is out of memory.

    ``where`` names type, file and line of the fault if the child could say, else a ``Reason``.
    """

    def __init__(self, where: str = "") -> None:
        self.where = where
        super().__init__(where)


class Process:
    """A child of a fork server, held by a descriptor: its process id could be reused."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)

    def kill(self) -> None:
        """End it, if it has not been ended yet."""
        if self._descriptor < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
        os.close(self._descriptor)
        self._descriptor = -1


class ForkServer:
    """A module that loads everything once and forks a child for each request.

    ``module`` by its full name; its ``main`` is called with the ``arguments``.

    One that died, or that was inherited by a fork, is replaced at the next request.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._module = module
        self._arguments = arguments
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def warm(self) -> None:
        """Start it, if it is not running yet."""
        self._current()

    def fork(self, *ends: int) -> Process:
        """A new child that has these descriptors; they stay open here as well.

        Raises ``ChildStoppedError``; the children of other visitors go on, unless the fork
        server itself has gone.
        """
        pid = self._current().ask(ends)
        if pid < 0:
            raise ChildStoppedError(
                Reason.NOT_INSTALLED if pid == NOT_INSTALLED else Reason.NO_ROOM
            )
        try:
            return Process(pid)
        except OSError as error:
            raise ChildStoppedError(type(error).__name__) from None

    def _current(self) -> _Running:
        with self._lock:
            if self._running is None or not self._running.alive():
                self._running = _Running(self._module, self._arguments)
            return self._running


NOT_INSTALLED = -2
"""In the place of a process id: what the server's children need is not there."""


class _Running:
    def __init__(self, module: str, arguments: tuple[str, ...]) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        start = _START.format(module=module)
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603 - nothing of it is from outside
                [sys.executable, "-I", "-B", "-c", start, str(ROOT), *arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                env=_ENVIRONMENT,
            )
        self._requests = ours
        self._requests.settimeout(_START_SECONDS)
        atexit.register(self._close)

    def alive(self) -> bool:
        return self._owner == os.getpid() and self._child.poll() is None

    def ask(self, ends: tuple[int, ...]) -> int:
        """The process id of a child that has these ends, or why there is none."""
        with self._lock:
            try:
                socket.send_fds(self._requests, [b"+"], list(ends))
                answer = b""
                while len(answer) < 8:
                    part = self._requests.recv(8 - len(answer))
                    if not part:
                        raise EOFError
                    answer += part
            except (OSError, EOFError) as error:
                # What it says next could be the answer to this question: it must go.
                self._end()
                raise ChildStoppedError(type(error).__name__) from None
        return int.from_bytes(answer, "little", signed=True)

    def _end(self) -> None:
        atexit.unregister(self._close)
        self._requests.close()
        if self._owner == os.getpid():
            self._child.kill()
            self._child.wait()

    def _close(self) -> None:
        if self.alive():
            self._end()
