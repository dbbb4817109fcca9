"""The processes that look at pictures: a fork server with the models, and a child an upload.

The child decodes pictures, which is where hostile files do most harm. So it is apart from
the one that reads the headers, which hands it bytes by number and tells it no name; it has
no network and may write no file, and its memory and time end somewhere. It ends when the
connection closes. What decoders do is done one process further (``decoders``).

Run with the two limits as arguments, and a socket as standard input (see ``children``).
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from companion.scans.findings import Kind
from companion.scans.isolation import children, looked, protocol, seccomp
from companion.scans.isolation.servers import NOT_INSTALLED
from companion.scans.pictures import Looked, Seen

HEARTBEAT_SECONDS = 3.0
_TAKE_SECONDS = 20.0
"""Of processor time for one file: what spins in a decoder ends with the process."""
_FINISH_SECONDS = 40.0
_SHARE_FOR_TAKING = 0.75
"""Of the processor time; the rest is for what can be judged only at the end."""
_MOST_HELD = 256 * 1024 * 1024
"""Bytes of files that are still arriving."""
_MOST_MESSAGE = 64 * 1024 * 1024
OUT_OF_TIME, FAILED, TOO_LARGE = "out-of-time", "failed", "too-large"
"""Codes of ``Seen.why_not`` for files that did not come to be looked at."""


def main(memory: str, seconds: str) -> None:
    """Load the models, and fork a child for each request.

    ``memory`` in bytes and ``seconds`` of processor time, for each child. Where the models
    are not installed, each request is answered with that.
    """
    children.quiet()
    seccomp.take_network_away()
    os.nice(15)  # the report on the headers comes first, and before it everybody's pages
    try:
        from companion.scans.isolation.decoders import Decoders
        from companion.scans.pictures.looker import Looker
    except ImportError:
        children.fork_for_each_request(lambda _: None, NOT_INSTALLED)
        return

    def serve(connection: int) -> None:
        children.confine_beyond_loaded(int(memory), int(seconds))
        with socket.socket(fileno=connection) as end:
            _Child(end, Looker, Decoders(int(memory), connection), int(seconds)).run()

    children.fork_for_each_request(serve)


class _Child:
    def __init__(
        self,
        connection: socket.socket,
        new_looker: Callable[[Any], Any],
        decoders: Any,
        seconds: int,
    ) -> None:
        self._connection = connection
        self._new_looker = new_looker
        self._decoders = decoders
        self._looker = new_looker(self._decoders)
        self._take_until = seconds * _SHARE_FOR_TAKING
        self._held: dict[int, list[bytes]] = {}
        self._size = 0
        self._left_out: list[Seen] = []

    def run(self) -> None:
        """Look at what is handed over; the process ends where nobody asks any more.

        What comes after an answer is looked at by itself: a copy that is made of an upload is
        seen once more before it goes out.
        """
        signal.signal(signal.SIGALRM, self._heartbeat)
        signal.setitimer(signal.ITIMER_REAL, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS)
        while True:
            kind, length = protocol.HEAD.unpack(self._exactly(protocol.HEAD.size))
            if length > _MOST_MESSAGE:
                return
            body = self._exactly(length)
            number = int.from_bytes(body[: looked.NUMBER], "little")
            if kind == looked.DATA:
                self._data(number, body[looked.NUMBER :])
            elif kind == looked.TAKE:
                self._take(number, Kind(bytes(body[looked.NUMBER :]).decode("ascii")))
                self._say(looked.ALIVE)
            elif kind == looked.DROP:
                self._forget(number)
            else:
                answer = looked.pack(self._finish())
                signal.setitimer(signal.ITIMER_REAL, 0)
                self._say(looked.LOOKED, answer)
                self._looker, self._left_out = self._new_looker(self._decoders), []
                signal.setitimer(signal.ITIMER_REAL, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS)

    def _data(self, number: int, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > _MOST_HELD:
            self._size -= len(piece)
            self._forget(number)
            self._held[number] = []
        else:
            self._held.setdefault(number, []).append(piece)

    def _forget(self, number: int) -> bytes:
        pieces = self._held.pop(number, [])
        self._size -= sum(map(len, pieces))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _take(self, number: int, kind: Kind) -> None:
        data = self._forget(number)
        name = str(number)
        if not data:
            self._left_out.append(Seen(name, 1, 0, TOO_LARGE))
        elif time.process_time() + self._decoders.seconds > self._take_until:
            self._left_out.append(Seen(name, 1, 0, OUT_OF_TIME))
        else:
            # The signal's default is to end the process, whatever it is doing.
            signal.setitimer(signal.ITIMER_PROF, _TAKE_SECONDS)
            try:
                self._looker.take(name, data, kind)
            except Exception:  # noqa: BLE001 - decoders raise anything, MemoryError among it
                self._left_out.append(Seen(name, 1, 0, FAILED))
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _finish(self) -> Looked:
        signal.setitimer(signal.ITIMER_PROF, _FINISH_SECONDS)
        found: Looked = self._looker.finish()
        signal.setitimer(signal.ITIMER_PROF, 0)
        return Looked((*found.seen, *self._left_out), found.words, found.volumes, found.thumbnails)

    def _heartbeat(self, number: int, frame: object) -> None:  # noqa: ARG002 - a signal's
        """Say that this process still runs Python: what hangs in a decoder does not."""
        with suppress(OSError):
            self._connection.send(protocol.message(looked.ALIVE), socket.MSG_DONTWAIT)

    def _say(self, kind: bytes, body: bytes = b"") -> None:
        self._connection.sendall(protocol.message(kind, body))

    def _exactly(self, size: int) -> bytes:
        """So many bytes; ends the process where the other end has gone."""
        body = bytearray(size)
        view = memoryview(body)
        while view:
            read = self._connection.recv_into(view)
            if not read:
                os._exit(0)
            view = view[read:]
        return bytes(body)
