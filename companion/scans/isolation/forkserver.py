"""The processes that read uploads: a fork server, and one child for each upload.

Loading the dictionaries takes most of a second, so one process loads them once and then
forks: a child starts in milliseconds, has seen no other upload, and all it saw is gone
when it ends. The fork server itself never sees a patient's byte.

Run as ``python -m companion.scans.isolation.forkserver`` with a socket as standard input. It ends
when that socket closes, its children with it.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
import os
import pickle
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any, NoReturn, cast

from companion.scans import assess
from companion.scans.findings import Note
from companion.scans.inspection import CutOff, Entry, Progress, inspect
from companion.scans.isolation import children, pipes, protocol, seccomp
from companion.scans.isolation.hand_over import HandOver
from companion.scans.limits import Limits

_PROGRESS_SECONDS = 0.1
_ISOLATED_MEMORY = 150 * 1024 * 1024
_ISOLATED_SECONDS = 1.5
"""Seconds of processor time for one document; not of waiting, which a busy machine adds."""
_ISOLATED_PATIENCE = 10.0
"""Seconds of waiting after which it is given up, however little it has computed."""
_ISOLATED_ANSWER = 16 * 1024 * 1024
_REMEMBERED = 2_000
_SMALL, _MAPPED = 128 * 1024, 32 * 1024 * 1024
_CALLS_EACH = 500


def main() -> None:
    """Wait for requests, each with the pipes of a child, and fork."""
    children.quiet()
    seccomp.take_network_away()
    os.nice(10)  # everybody's pages come first, and letters
    assess.prepare()
    children.fork_for_each_request(_serve)


def _serve(source: int, answers: int, looks: int = -1) -> None:
    """Read one upload and answer with its report; ``looks`` leads to who looks at pictures."""
    try:
        stream = io.BufferedReader(io.FileIO(source), 1 << 20)
        kind, body = next_message(stream)
        if kind != protocol.SET_UP:
            return
        settings = json.loads(body)
        children.confine(settings["memory"], settings["seconds"])
        os.set_blocking(answers, False)
        progress = Told(answers)
        look = hand_over(settings, looks, progress.sign)
        limits = Limits(**settings["limits"])
        report = inspect(entries(stream), limits, progress.tell, Isolation(), look)
        answer = protocol.message(protocol.REPORT, protocol.pack_report(report))
    except BaseException as error:  # noqa: BLE001 - the parent has to know of anything
        answer = protocol.message(protocol.FAILED, json.dumps(children.place_of(error)).encode())
    os.set_blocking(answers, True)
    with suppress(OSError), open(answers, "wb") as pipe:
        pipe.write(answer)


class Told:
    """The progress, as the parent is told of it."""

    def __init__(self, answers: int) -> None:
        self._answers = answers
        self._last = 0.0
        self._progress = Progress(0, 0)

    def tell(self, progress: Progress) -> None:
        """How far the reading has come."""
        self._progress = replace(progress, looked=self._progress.looked)
        if (now := time.monotonic()) - self._last >= _PROGRESS_SECONDS:
            self._last = now
            body = json.dumps(astuple(self._progress)).encode()
            with suppress(BlockingIOError):  # the parent is not reading just now
                os.write(self._answers, protocol.message(protocol.PROGRESS, body))

    def sign(self) -> None:
        """A sign of life of what looks at the pictures."""
        self.tell(self._progress)
        self._progress = replace(self._progress, looked=self._progress.looked + 1)


def hand_over(
    settings: dict[str, Any], looks: int, on_sign: Callable[[], None], *, keep: bool = False
) -> HandOver | None:
    """The way to who looks at pictures, by what SET_UP says; None where nobody is wanted.

    ``keep`` as for ``HandOver``.
    """
    why_not = settings["why_no_pictures"]
    if looks < 0 and not why_not:
        return None
    connection = socket.socket(fileno=looks) if looks >= 0 else None
    return HandOver(connection, settings["patience"], why_not, on_sign, keep=keep)


def next_message(stream: io.BufferedIOBase) -> tuple[bytes, bytes]:
    """The parent's next message: its letter and its body. Ends the process without a parent."""
    head = stream.read(protocol.HEAD.size)
    if len(head) < protocol.HEAD.size:
        os._exit(1)  # the parent has gone: nobody is left to answer
    kind, length = protocol.HEAD.unpack(head)
    body = stream.read(length)
    if len(body) < length:
        os._exit(1)
    return kind, body


def entries(
    stream: io.BufferedIOBase, finished: Callable[[bytes], object] = bytes
) -> Iterator[Entry]:
    """The files of the upload, as their messages arrive. At the end ``finished`` is given what
    the last message says."""
    while True:
        kind, body = next_message(stream)
        if kind == protocol.FINISH:
            finished(body)
            return
        if kind == protocol.PATH:
            name, path = json.loads(body)
            yield Entry(name, OnDisk(path))
        elif kind == protocol.FILE:
            chunks = _chunks(stream)
            yield Entry(body.decode("utf-8", "replace"), chunks)
            with suppress(CutOff):
                for _ in chunks:
                    pass


def _chunks(stream: io.BufferedIOBase) -> Iterator[bytes]:
    while True:
        kind, body = next_message(stream)
        if kind == protocol.DATA:
            yield body
        elif kind == protocol.CUT_OFF:
            raise CutOff
        else:
            return


class OnDisk(Iterator[bytes]):
    """A file that the child opens itself, for the command line."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._chunks = _file(path)

    def __next__(self) -> bytes:
        return next(self._chunks)

    def again(self) -> Iterator[bytes]:
        """Its bytes once more, from the start."""
        return _file(self._path)


def _file(path: str) -> Iterator[bytes]:
    """A file's bytes: all at once as a map of it, so that pixels need not be read; of a small
    file, a map costs more than its bytes."""
    try:
        with io.FileIO(path) as file:
            size = os.fstat(file.fileno()).st_size
            if 0 < size <= _SMALL:
                yield file.read(size + 1)
            elif size <= _MAPPED and size:
                # For what is done with it, a map is as good as bytes.
                yield cast(bytes, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
                return
            while chunk := file.read(1 << 20):
                yield chunk
    except OSError:
        raise CutOff(Note.CANNOT_OPEN) from None


class Isolation:
    """Calls readers of documents in a process of their own.

    A crash, a hang or a flood of memory ends that process and nothing else; the call
    then returns None, and the next call has a new process. Equal documents are read
    once.
    """

    def __init__(
        self,
        seconds: float = _ISOLATED_SECONDS,
        memory: int = _ISOLATED_MEMORY,
        patience: float = _ISOLATED_PATIENCE,
    ) -> None:
        self._seconds = seconds
        self._patience = patience
        self._memory = memory
        self._known: dict[bytes, Any] = {}
        self._worker: tuple[int, socket.socket] | None = None
        self._calls = 0

    def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        key = hashlib.blake2b(function.__qualname__.encode(), digest_size=20)
        for argument in arguments:
            key.update(argument if isinstance(argument, bytes) else repr(argument).encode())
        mark = key.digest()
        if mark in self._known:
            return self._known[mark]
        answer = self._call(function, arguments)
        if len(self._known) < _REMEMBERED:
            self._known[mark] = answer
        return answer

    def end(self) -> None:
        """End the process, if there is one."""
        if self._worker is None:
            return
        pid, connection = self._worker
        self._worker = None
        connection.close()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def _call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        self._calls += 1
        if self._calls % _CALLS_EACH == 0:
            self.end()  # memory that documents leak must not add up
        if self._worker is None:
            self._worker = self._start()
        connection = self._worker[1]
        deadline = time.monotonic() + self._patience
        try:
            # The other end is our own fork: what it takes from us is as good as a call.
            request = pickle.dumps((function, arguments))
            pipes.send(connection, request, deadline)
            return json.loads(pipes.receive(connection, deadline, _ISOLATED_ANSWER))
        except (OSError, ValueError, RecursionError):
            self.end()
            return None

    def _start(self) -> tuple[int, socket.socket]:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            ours.close()
            children.die_with(parent)
            self._work(theirs)
        theirs.close()
        return pid, ours

    def _work(self, connection: socket.socket) -> NoReturn:
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            room = pages * resource.getpagesize() + self._memory
            resource.setrlimit(resource.RLIMIT_AS, (room, room))
            while True:
                request = pipes.receive(connection, None, 1 << 30)
                function, arguments = pickle.loads(request)  # noqa: S301 - from our own fork
                del request
                # The signal's default is to end the process, whatever it is doing.
                signal.setitimer(signal.ITIMER_PROF, self._seconds)
                answer = json.dumps(function(*arguments)).encode()
                signal.setitimer(signal.ITIMER_PROF, 0)
                pipes.send(connection, answer, None)
        except BaseException:  # noqa: BLE001 - parsers of documents raise anything
            os._exit(1)


if __name__ == "__main__":
    main()
