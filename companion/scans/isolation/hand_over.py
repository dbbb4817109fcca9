"""The connection from the child that reads headers to the one that looks at pictures.

Whatever goes wrong at the other end - a crash, a hang, nonsense for an answer - costs the
pictures and nothing else: the connection is dropped, and the report says so.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from companion.scans.findings import Kind, Note
from companion.scans.isolation import looked, protocol
from companion.scans.pictures import Looked

_PIECE = 1 << 20


class HandOver:
    """Hands pictures to the process at the other end of ``connection`` (``offering.Look``)."""

    def __init__(
        self,
        connection: socket.socket | None,
        patience_seconds: float,
        why_not: str = "",
        on_sign: Callable[[], None] | None = None,
        *,
        keep: bool = False,
    ) -> None:
        """``patience_seconds``: how long the other end may neither take a byte nor say that
        it is alive; ``why_not``: the note where there is no connection; ``on_sign`` is called
        at each sign of life. ``keep``: the connection stays open after ``finish``, and more
        can be handed over, which is looked at by itself; ``close`` ends it."""
        self.why_not = why_not
        self._connection = connection
        self._on_sign = on_sign
        self._patience_seconds = patience_seconds
        self._names: set[str] = set()
        self._received = bytearray()
        self._answer: Looked | None = None
        self._keep = keep
        if connection is not None:
            connection.setblocking(False)

    def data(self, number: int, chunk: bytes) -> None:
        """More bytes of a file."""
        with memoryview(chunk) as view:
            for start in range(0, len(view), _PIECE):
                piece = view[start : start + _PIECE]
                head = protocol.HEAD.pack(looked.DATA, looked.NUMBER + len(piece))
                self._send(head + number.to_bytes(looked.NUMBER, "little"))
                self._send(piece)
                piece.release()

    def take(self, number: int, kind: Kind) -> None:
        """The file is whole, and holds a picture."""
        self._names.add(str(number))
        body = number.to_bytes(looked.NUMBER, "little") + kind.encode("ascii")
        self._send(protocol.message(looked.TAKE, body))

    def drop(self, number: int) -> None:
        """The file is not to be looked at."""
        self._send(protocol.message(looked.DROP, number.to_bytes(looked.NUMBER, "little")))

    def finish(self) -> Looked | None:
        """What was seen; waits for it."""
        self._send(protocol.message(looked.FINISH))
        self._wait(lambda: self._answer is None)
        if not self._keep:
            self._end()
        if self._answer is None and not self.why_not:
            self.why_not = Note.PICTURES_FAILED
        answer, self._answer = self._answer, None
        self._names.clear()
        return answer

    def close(self) -> None:
        """Nothing more is handed over."""
        self._end()

    def _send(self, data: bytes | memoryview) -> None:
        if self._connection is None:
            return
        with memoryview(data) as view:
            at = 0
            deadline = time.monotonic() + self._patience_seconds
            while at < len(view) and self._connection is not None:
                try:
                    with view[at:] as rest:
                        at += self._connection.send(rest)
                    deadline = time.monotonic() + self._patience_seconds
                except BlockingIOError:
                    deadline = self._listen(deadline, write=True)
                except OSError:
                    self._fail()

    def _wait(self, goes_on: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self._patience_seconds
        while self._connection is not None and goes_on():
            deadline = self._listen(deadline, write=False)

    def _listen(self, deadline: float, *, write: bool) -> float:
        """Wait for room to write or for a word; returns when patience ends now."""
        assert self._connection is not None  # noqa: S101 - narrows the type
        left = deadline - time.monotonic()
        if left <= 0:
            self._fail()
            return deadline
        poll = select.poll()
        poll.register(self._connection, select.POLLIN | (select.POLLOUT if write else 0))
        ready = poll.poll(left * 1000)
        if not any(events & ~select.POLLOUT for _, events in ready):
            return deadline
        try:
            part = self._connection.recv(1 << 20)
        except BlockingIOError:
            return deadline
        except OSError:
            part = b""
        if not part:
            self._fail()
            return deadline
        self._received += part
        self._read()
        return time.monotonic() + self._patience_seconds

    def _read(self) -> None:
        """What the other end said; anything but what it may say is a failure."""
        while len(self._received) >= protocol.HEAD.size:
            kind, length = protocol.HEAD.unpack_from(self._received)
            end = protocol.HEAD.size + length
            if kind not in (looked.ALIVE, looked.LOOKED) or length > looked.MAX_ANSWER:
                self._fail()
                return
            if len(self._received) < end:
                return
            body = bytes(self._received[protocol.HEAD.size : end])
            del self._received[:end]
            if kind == looked.LOOKED:
                with suppress(ValueError):
                    self._answer = looked.unpack(body, self._names)
                if self._answer is None:
                    self._fail()
                return
            if self._on_sign is not None:
                self._on_sign()

    def _fail(self) -> None:
        self.why_not = self.why_not or Note.PICTURES_FAILED
        self._end()

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
