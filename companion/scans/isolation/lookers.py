"""The parent's side of looking at pictures: a small pool of children, one for an upload.

Each may take hundreds of megabytes, so there are few of them, and an upload waits for one
only for a short time: without it the rest of the report stands. The parent lends a child
and never speaks with it; the child that reads the headers does (see ``hand_over``).
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from functools import cache

from companion.scans.findings import Note
from companion.scans.isolation.reasons import Reason
from companion.scans.isolation.servers import ROOT, ChildStoppedError, ForkServer, Process


class Lookers:
    """At most ``at_once`` children that look at pictures."""

    def __init__(
        self,
        at_once: int,
        *,
        wait_seconds: float,
        memory: int,
        cpu_seconds: int,
        patience_seconds: float = 25,
    ) -> None:
        """``memory`` in bytes for each; an upload waits ``wait_seconds`` for one, and goes on
        without it after ``patience_seconds`` without a sign of life: fewer than the parent
        waits for the child that reads the headers. ``at_once`` 0: they are not wanted here."""
        self._wanted = at_once > 0
        self.patience_seconds = patience_seconds
        self._free = threading.BoundedSemaphore(at_once)
        self._wait_seconds = wait_seconds
        self._server = ForkServer(
            "companion.scans.isolation.looking", str(memory), str(cpu_seconds)
        )

    def warm(self) -> None:
        """Load the models before a patient waits for them."""
        if self._wanted:
            self._server.warm()

    def begin(self) -> Looking:
        """A child for one upload, or the reason why there is none just now."""
        if not self._wanted:
            return Looking(Note.PICTURES_NOT_INSTALLED)
        if not self._free.acquire(timeout=self._wait_seconds):
            return Looking(Note.PICTURES_FAILED)
        try:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        except OSError:
            self._free.release()
            return Looking(Note.PICTURES_FAILED)
        with theirs:
            try:
                process = self._server.fork(theirs.fileno())
            except ChildStoppedError as error:
                ours.close()
                self._free.release()
                missing = error.where == Reason.NOT_INSTALLED
                return Looking(Note.PICTURES_NOT_INSTALLED if missing else Note.PICTURES_FAILED)
        return Looking("", process, ours, self._free)


class Looking:
    """One child that looks at the pictures of one upload, on loan."""

    def __init__(
        self,
        why_not: str,
        process: Process | None = None,
        end: socket.socket | None = None,
        free: threading.BoundedSemaphore | None = None,
    ) -> None:
        self.why_not = why_not
        """The ``Note`` that says why there is no child; empty where there is one."""
        self._process, self._end, self._free = process, end, free

    @property
    def ends(self) -> tuple[int, ...]:
        """The end of the connection that the child which reads the headers is to have."""
        return (self._end.fileno(),) if self._end is not None else ()

    @property
    def connection(self) -> socket.socket | None:
        """Our end of the connection, for a process that reads the headers itself."""
        return self._end

    @property
    def pid(self) -> int:
        """The child's process id; 0 where there is none."""
        return self._process.pid if self._process is not None else 0

    def let_go(self) -> None:
        """Close our own copy of the connection: the child ends when nobody holds it."""
        if self._end is not None:
            self._end.close()
            self._end = None

    def close(self) -> None:
        """End the child, whatever it is doing, and make room for another."""
        self.let_go()
        if self._process is not None:
            self._process.kill()
            self._process = None
        if self._free is not None:
            self._free.release()
            self._free = None


@cache
def installed() -> bool:
    """Whether pictures can be looked at here, tried once in a process of its own."""
    call = "import companion.scans.pictures.looker"
    command = [sys.executable, "-c", call]
    tried = subprocess.run(command, capture_output=True, cwd=ROOT)  # noqa: S603 - our own words
    return tried.returncode == 0
