"""The parent's side of an inspection: one upload, one child process.

The child has limits of memory and time, may write no file, reaches no network, and
dies with everything it saw. The parent only passes bytes on: its memory stays flat.
Nothing here waits without an end.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from companion.scans.findings import Report
from companion.scans.inspection import OnProgress, Progress
from companion.scans.isolation import protocol
from companion.scans.isolation.protocol import HEAD, MAX_ANSWER, message
from companion.scans.isolation.reasons import Reason
from companion.scans.limits import Limits

_ROOT = Path(__file__).resolve().parents[3]
_START = """
import sys
sys.path.insert(0, sys.argv[1])
from companion.scans.isolation.forkserver import main
main()
"""
_START_SECONDS = 60
_PIPE_BYTES = 1 << 20
_PIECE = 1 << 20


class SandboxError(Exception):
    """The inspection did not end with a report. Nothing of it is kept."""


class ChildStoppedError(SandboxError):
    """The child gave no report: it failed, was killed, or is out of memory.

    ``where`` names type, file and line of the fault if the child could say, else a ``Reason``.
    """

    def __init__(self, where: str = "") -> None:
        self.where = where
        super().__init__(where)


class TimedOutError(SandboxError):
    """The child took no more bytes, or gave no answer, in the time it has."""


class Sandbox:
    """One inspection in a child process; use as a context manager.

    Call ``begin(name)``, ``data(bytes)`` and ``end()`` for each file, then
    ``finish()``. All raise ``SandboxError``.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        memory: int = 512 * 1024 * 1024,
        cpu_seconds: int = 600,
        stall_seconds: float = 60,
        on_progress: OnProgress | None = None,
    ) -> None:
        """``memory`` in bytes, of address space; ``stall_seconds`` is how long the child
        may leave the parent without taking bytes or answering."""
        self.progress = Progress(0, 0)
        self._stall_seconds = stall_seconds
        self._on_progress = on_progress
        self._received = bytearray()
        self._answer: tuple[bytes, bytes] | None = None
        self._process, self._to_child, self._from_child = _fork_server().fork()
        try:
            os.set_blocking(self._to_child, False)
            os.set_blocking(self._from_child, False)
            with suppress(OSError):
                fcntl.fcntl(self._to_child, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            settings = {"memory": memory, "seconds": cpu_seconds, "limits": asdict(limits)}
            self._send(message(protocol.SET_UP, json.dumps(settings).encode()))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Sandbox:
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
        deadline = time.monotonic() + self._stall_seconds
        while self._answer is None:
            heard = len(self._received), self.progress
            self._wait(deadline, write=False)
            if (len(self._received), self.progress) != heard:
                deadline = time.monotonic() + self._stall_seconds
        kind, body = self._answer
        if kind == protocol.REPORT:
            try:
                return protocol.unpack_report(body)
            except ValueError:
                raise ChildStoppedError(Reason.NO_REPORT) from None
        raise ChildStoppedError(_where(body))

    def close(self) -> None:
        """End the child, whatever it is doing, and let go of the pipes."""
        self._process.kill()
        for descriptor in (self._to_child, self._from_child):
            with suppress(OSError):
                os.close(descriptor)
        self._to_child = self._from_child = -1

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
                self._wait(deadline, write=True)
                if self._answer is not None:
                    return
                continue
            except OSError:
                while self._answer is None:  # it closed its end: read its last message
                    self._wait(deadline, write=False)
                return
            view = view[written:]
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
                files, read = json.loads(body)
                self.progress = Progress(int(files), int(read))
                if self._on_progress is not None:
                    self._on_progress(self.progress)
            else:
                self._answer = kind, body


def warm() -> None:
    """Start the fork server, if it is not running yet."""
    _fork_server()


class _Process:
    """A child of the fork server, held by a descriptor: its process id could be reused."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)

    def kill(self) -> None:
        if self._descriptor < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
        os.close(self._descriptor)
        self._descriptor = -1


class _ForkServer:
    """The process that loads everything once and forks a child for each upload."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603 - nothing of it is from outside
                [sys.executable, "-I", "-B", "-c", _START, str(_ROOT)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                env={"LANG": "C.UTF-8"},
            )
        self._requests = ours
        self._requests.settimeout(_START_SECONDS)

    def alive(self) -> bool:
        return self.owner == os.getpid() and self._child.poll() is None

    def fork(self) -> tuple[_Process, int, int]:
        """A new child, and our ends of its two pipes.

        Raises ``ChildStoppedError``; the children of other visitors go on, unless
        the fork server itself has gone.
        """
        with ExitStack() as on_failure:
            read_end, to_child = _pipe(on_failure)
            from_child, write_end = _pipe(on_failure)
            try:
                process = _Process(self._ask(read_end, write_end))
            except OSError as error:
                raise ChildStoppedError(type(error).__name__) from None
            on_failure.pop_all()
        os.close(read_end)
        os.close(write_end)
        return process, to_child, from_child

    def _ask(self, read_end: int, write_end: int) -> int:
        """The process id of a child that has these two ends."""
        with self._lock:
            try:
                socket.send_fds(self._requests, [b"+"], [read_end, write_end])
                answer = b""
                while len(answer) < 8:
                    part = self._requests.recv(8 - len(answer))
                    if not part:
                        raise EOFError
                    answer += part
            except (OSError, EOFError) as error:
                # What it says next could be the answer to this question: it must go.
                self.end()
                raise ChildStoppedError(type(error).__name__) from None
        pid = int.from_bytes(answer, "little", signed=True)
        if pid < 0:
            raise ChildStoppedError(Reason.NO_ROOM)
        return pid

    def end(self) -> None:
        self._requests.close()
        if self.owner == os.getpid():
            self._child.kill()
            self._child.wait()


def _pipe(on_failure: ExitStack) -> tuple[int, int]:
    """A pipe whose ends are closed unless all goes well."""
    ends = os.pipe()
    for end in ends:
        on_failure.callback(os.close, end)
    return ends


_lock = threading.Lock()
_current: _ForkServer | None = None


def _fork_server() -> _ForkServer:
    """This process's fork server; one that died, or was inherited by a fork, is replaced."""
    global _current
    with _lock:
        if _current is None or not _current.alive():
            _current = _ForkServer()
        return _current


@atexit.register
def _close() -> None:
    if _current is not None and _current.alive():
        _current.end()


def _where(body: bytes) -> str:
    """Type, file and line from a failed child's last message, and nothing else."""
    try:
        error = json.loads(body)
        return f"{error['type']!s:.60} in {error['file']!s:.60}, line {int(error['line'])}"
    except (ValueError, KeyError, TypeError):
        return Reason.UNKNOWN
