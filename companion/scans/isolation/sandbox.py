"""The parent's side of an inspection: one upload, one child process.

The child has limits of memory and time, may write no file, reaches no network, and
dies with everything it saw. The parent only passes bytes on: its memory stays flat.
Nothing here waits without an end.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from companion.scans.findings import Report
from companion.scans.inspection import OnProgress, Progress
from companion.scans.isolation import protocol
from companion.scans.isolation.lookers import Lookers
from companion.scans.isolation.protocol import HEAD, MAX_ANSWER, message
from companion.scans.isolation.reasons import Reason
from companion.scans.isolation.servers import ChildStoppedError as ChildStoppedError
from companion.scans.isolation.servers import ForkServer, Process
from companion.scans.isolation.servers import SandboxError as SandboxError
from companion.scans.limits import Limits

_SERVER = ForkServer("companion.scans.isolation.forkserver")
_PIPE_BYTES = 1 << 20
_PIECE = 1 << 20


class TimedOutError(SandboxError):
    """The child took no more bytes, or gave no answer, in the time it has."""


class Sandbox:
    """One inspection in a child process; use as a context manager.

    Call ``begin(name)``, ``data(bytes)`` and ``end()`` for each file, then
    ``finish()``. All raise ``SandboxError``.
    """

    _server = _SERVER

    def __init__(
        self,
        limits: Limits,
        *,
        memory: int = 512 * 1024 * 1024,
        cpu_seconds: int = 600,
        stall_seconds: float = 60,
        on_progress: OnProgress | None = None,
        lookers: Lookers | None = None,
        more_settings: Mapping[str, Any] | None = None,
    ) -> None:
        """``memory`` in bytes, of address space; ``stall_seconds`` is how long the child
        may leave the parent without taking bytes or a sign of life; ``lookers`` look at
        the pictures, which is left out without them; ``more_settings`` are what a child of
        another kind wants to know in addition."""
        self.progress = Progress(0, 0)
        self._stall_seconds = stall_seconds
        self._on_progress = on_progress
        self._received = bytearray()
        self._answer: tuple[bytes, bytes] | None = None
        self._looker = lookers.begin() if lookers is not None else None
        try:
            self._process, self._to_child, self._from_child = self._fork()
        except BaseException:
            self._end_looking()
            raise
        try:
            os.set_blocking(self._to_child, False)
            os.set_blocking(self._from_child, False)
            with suppress(OSError):
                fcntl.fcntl(self._to_child, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            settings = {"memory": memory, "seconds": cpu_seconds, "limits": asdict(limits)}
            settings["why_no_pictures"] = self._looker.why_not if self._looker else ""
            settings["patience"] = lookers.patience_seconds if lookers is not None else 0
            settings.update(more_settings or {})
            self._send(message(protocol.SET_UP, json.dumps(settings).encode()))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def looker_pid(self) -> int:
        """The process id of the child that looks at the pictures; 0 where there is none."""
        return self._looker.pid if self._looker is not None else 0

    def begin(self, name: str) -> None:
        """A file begins; ``name`` with its folders."""
        self._send(message(protocol.FILE, name.encode("utf-8", "replace")))

    def data(self, chunk: bytes) -> None:
        """Bytes of the current file."""
        for start in range(0, len(chunk), _PIECE):
            piece = chunk if len(chunk) <= _PIECE else chunk[start : start + _PIECE]
            self._send(HEAD.pack(protocol.DATA, len(piece)))
            self._send(piece)

    def end(self) -> None:
        """The current file ends."""
        self._send(message(protocol.FILE_END))

    def cut_off(self) -> None:
        """The current file ends early, because the upload did."""
        self._send(message(protocol.CUT_OFF))

    def path(self, name: str, path: Path) -> None:
        """A file that the child opens itself: for the command line only."""
        self._send(message(protocol.PATH, json.dumps([name, str(path.absolute())]).encode()))

    def finish(self) -> Report:
        """The report on all that was given; waits for it."""
        self._send(message(protocol.FINISH))
        self._wait_while(lambda: self._answer is None)
        assert self._answer is not None  # noqa: S101 - narrows the type
        kind, body = self._answer
        if kind == protocol.REPORT:
            try:
                return protocol.unpack_report(body)
            except ValueError:
                raise ChildStoppedError(Reason.NO_REPORT) from None
        raise ChildStoppedError(where(body))

    def close(self) -> None:
        """End the child, whatever it is doing, and let go of the pipes."""
        self._end_looking()
        self._process.kill()
        for descriptor in (self._to_child, self._from_child):
            with suppress(OSError):
                os.close(descriptor)
        self._to_child = self._from_child = -1

    def _fork(self) -> tuple[Process, int, int]:
        """A new child, and our ends of its two pipes. Raises ``ChildStoppedError``."""
        with ExitStack() as on_failure:
            read_end, to_child = _pipe(on_failure)
            from_child, write_end = _pipe(on_failure)
            looks = self._looker.ends if self._looker else ()
            process = self._server.fork(read_end, write_end, *looks)
            on_failure.pop_all()
        os.close(read_end)
        os.close(write_end)
        if self._looker is not None:
            self._looker.let_go()
        return process, to_child, from_child

    def _end_looking(self) -> None:
        if self._looker is not None:
            self._looker.close()

    def _send(self, data: bytes) -> None:
        """Write to the child, and read what it sends meanwhile."""
        if self._answer is not None:
            return  # it has answered already and takes no more
        view = memoryview(data)
        deadline = time.monotonic() + self._stall_seconds
        while view:
            try:
                written = os.write(self._to_child, view)
            except BlockingIOError:
                heard = self.progress
                self._wait(deadline, write=True)
                if self._answer is not None:
                    return
                if self.progress != heard:  # it is at work, and takes the next bytes later
                    deadline = time.monotonic() + self._stall_seconds
                continue
            except OSError:
                while self._answer is None:  # it closed its end: read its last message
                    self._wait(deadline, write=False)
                return
            view = view[written:]
            deadline = time.monotonic() + self._stall_seconds

    def _wait_while(self, goes_on: Callable[[], bool]) -> None:
        """Listen until the child has said what is waited for. Raises ``SandboxError``."""
        deadline = time.monotonic() + self._stall_seconds
        while goes_on():
            heard = len(self._received), self.progress
            self._wait(deadline, write=False)
            if (len(self._received), self.progress) != heard:
                deadline = time.monotonic() + self._stall_seconds

    def _wait(self, deadline: float, *, write: bool) -> None:
        """Wait until the child can be written to or has sent something."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimedOutError
        poll = select.poll()
        poll.register(self._from_child, select.POLLIN)
        if write:
            poll.register(self._to_child, select.POLLOUT)
        ready = poll.poll(left * 1000)
        if any(descriptor == self._from_child for descriptor, _ in ready):
            self._read()

    def _read(self) -> None:
        try:
            part = os.read(self._from_child, 1 << 20)
        except BlockingIOError:
            return
        if not part:
            raise ChildStoppedError(Reason.NO_LAST_MESSAGE)
        self._received += part
        while len(self._received) >= HEAD.size:
            kind, length = HEAD.unpack_from(self._received)
            if length > MAX_ANSWER:
                raise ChildStoppedError(Reason.ANSWER_TOO_LONG)
            if len(self._received) < HEAD.size + length:
                return
            body = bytes(self._received[HEAD.size : HEAD.size + length])
            del self._received[: HEAD.size + length]
            if kind == protocol.PROGRESS:
                self.progress = Progress(*map(int, json.loads(body)[:3]))
                if self._on_progress is not None:
                    self._on_progress(self.progress)
            else:
                self._hear(kind, body)

    def _hear(self, kind: bytes, body: bytes) -> None:
        """A message that is no progress: the answer, unless the child is of another kind."""
        self._answer = kind, body


def warm() -> None:
    """Start the fork server, if it is not running yet."""
    _SERVER.warm()


def _pipe(on_failure: ExitStack) -> tuple[int, int]:
    """A pipe whose ends are closed unless all goes well."""
    ends = os.pipe()
    for end in ends:
        on_failure.callback(os.close, end)
    return ends


def where(body: bytes) -> str:
    """Type, file and line from a failed child's last message, and nothing else."""
    try:
        error = json.loads(body)
        return f"{error['type']!s:.60} in {error['file']!s:.60}, line {int(error['line'])}"
    except (ValueError, KeyError, TypeError):
        return Reason.UNKNOWN
