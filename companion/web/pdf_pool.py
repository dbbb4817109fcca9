"""Prints pages as PDF in a pool of warm child processes with time and memory limits.

A page that takes too long or too much memory is abandoned at nobody else's expense: the
health check and the other pages do not share these processes.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings

from companion.letters.pdf_protocol import ASK, DONE, HEADER, READY, TOO_LARGE
from companion.web import counts

# A child loads WeasyPrint and its fonts in about 2 s; if it takes far longer, it is broken.
_START_SECONDS = 60


class PrintError(Exception):
    """A page that was not printed. Nothing of it is kept."""


class Busy(PrintError):  # noqa: N818  the name says what happened
    """Every printer is at work and none became free in time."""


class TooLong(PrintError):  # noqa: N818
    """The page took longer, or more memory, than a page may."""


class Failed(PrintError):  # noqa: N818
    """The page could not be printed, and the fault is ours."""


def print_pdf(html: str, *, language: str) -> bytes:
    """Print a page of our own templates as PDF/UA-1, see ``letters.pdf.render``.

    Waits for a free printer up to the limit ``wait_seconds``, then raises ``Busy``.
    Raises ``TooLong`` beyond ``letter_seconds`` or ``letter_memory``, ``Failed`` for all else.
    """
    outcome = counts.Print.FAILED
    try:
        pdf = _print_pdf(html, language)
        outcome = counts.Print.PRINTED
        return pdf
    except Busy:
        outcome = counts.Print.BUSY
        raise
    except TooLong:
        outcome = counts.Print.TOO_LONG
        raise
    finally:
        counts.printed(outcome)


def _print_pdf(html: str, language: str) -> bytes:
    printers = _printers()
    limits = settings.COMPANION_LIMITS
    try:
        printer = printers.get(timeout=limits["wait_seconds"])
    except queue.Empty:
        raise Busy from None
    try:
        return printer.print(html, language)
    finally:
        printers.put(printer)


class _Printer:
    """One warm child, started on first use and again after it had to be ended."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False

    def print(self, html: str, language: str) -> bytes:
        limits = settings.COMPANION_LIMITS
        request = {
            "html": html,
            "language": language,
            "memory": limits["letter_memory"],
            "seconds": limits["letter_seconds"],
        }
        body = json.dumps(request).encode()
        child = self._ready_child()
        deadline = time.monotonic() + limits["letter_seconds"]
        with self._ended_on_failure(late=TooLong):
            _write(child, HEADER.pack(ASK, len(body)) + body, deadline)
            kind, answer = _read_frame(child, deadline)
        if kind == DONE:
            return answer
        # The fork may have died before it had read the whole page: start over.
        self.end()
        raise TooLong if kind == TOO_LARGE else Failed

    @contextmanager
    def _ended_on_failure(self, *, late: type[PrintError]) -> Iterator[None]:
        """End the child where an exchange with it breaks off; ``late`` is for one too slow.

        Whatever happened, an answer may still be in the pipe, and the next person must not
        receive this one's page.
        """
        try:
            yield
        except TimeoutError:
            self.end()
            raise late from None
        except OSError:
            self.end()
            raise Failed from None
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End the child and everything it forked."""
        if self._child is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self._child.wait()
        self._child = None

    def start(self) -> None:
        """Start the child unless it runs; it is ready about two seconds later."""
        if self._child is not None and self._child.poll() is None:
            return
        self.end()
        self._ready = False
        child = self._child = subprocess.Popen(
            [sys.executable, "-m", "companion.letters.pdf"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback could hold a patient's words
            cwd=settings.BASE_DIR,
            # Looking for Pango's library would otherwise run a compiler, which writes to the
            # temporary folder; without a path there is none to find.
            env=os.environ | {"PATH": ""},
            start_new_session=True,
            bufsize=0,
        )
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None  # noqa: S101  requested above
            os.set_blocking(pipe.fileno(), False)

    def _ready_child(self) -> subprocess.Popen[bytes]:
        self.start()
        child = self._child
        assert child is not None  # noqa: S101  started just now
        if self._ready:
            return child
        with self._ended_on_failure(late=Failed):
            kind, _ = _read_frame(child, time.monotonic() + _START_SECONDS)
        if kind != READY:
            self.end()
            raise Failed
        self._ready = True
        return child


_lock = threading.Lock()
_pool: tuple[int, queue.Queue[_Printer]] | None = None


def _printers() -> queue.Queue[_Printer]:
    """This process's printers; a forked web worker makes its own."""
    global _pool
    with _lock:
        if _pool is None or _pool[0] != os.getpid():
            printers: queue.Queue[_Printer] = queue.LifoQueue()
            for _ in range(settings.COMPANION_LIMITS["letters_at_once"]):
                printers.put(_Printer())
            _pool = (os.getpid(), printers)
        return _pool[1]


def warm() -> None:
    """Start the children before a patient needs one, without waiting until they are ready."""
    printers = _printers()
    idle = [printers.get_nowait() for _ in range(printers.qsize())]
    for printer in idle:
        printer.start()
        printers.put(printer)


def close() -> None:
    """End all idle children: at exit, and in tests."""
    global _pool
    with _lock:
        if _pool is not None and _pool[0] == os.getpid():
            with suppress(queue.Empty):
                while True:
                    _pool[1].get_nowait().end()
        _pool = None


atexit.register(close)


def _write(child: subprocess.Popen[bytes], body: bytes, deadline: float) -> None:
    assert child.stdin is not None  # noqa: S101
    pipe = child.stdin.fileno()
    view = memoryview(body)
    while view:
        _wait(pipe, select.POLLOUT, deadline)
        view = view[os.write(pipe, view[:65536]) :]


def _read_frame(child: subprocess.Popen[bytes], deadline: float) -> tuple[int, bytes]:
    kind, size = HEADER.unpack(_read(child, HEADER.size, deadline))
    return kind, _read(child, size, deadline)


def _read(child: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    assert child.stdout is not None  # noqa: S101
    pipe = child.stdout.fileno()
    parts = bytearray()
    while len(parts) < size:
        _wait(pipe, select.POLLIN, deadline)
        part = os.read(pipe, size - len(parts))
        if not part:
            raise OSError("the printer ended")
        parts += part
    return bytes(parts)


def _wait(pipe: int, event: int, deadline: float) -> None:
    left = deadline - time.monotonic()
    poll = select.poll()  # select() cannot watch a descriptor above 1023
    poll.register(pipe, event)
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError
