"""An answer leaves the server in one piece, so that a worker's death never leaves half of one.

gunicorn writes an answer's head, and then its body. Where the process is killed between the two,
the front has passed the head on and can no longer put the plain page in its place: the visitor
is left with a line that is cut, or with the upper half of a report that looks like all of it.
Written at once, the kernel holds either the whole answer, which it delivers whatever becomes of
the process, or nothing, and then the front says so.

Installed by ``deploy/gunicorn.conf.py``.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi

_FILE_BYTES = 4 * 1024 * 1024
"""Larger files (fonts, what the device loads) are sent from where they lie; a browser that gets
half of one is told so by their length and their hash."""


class WholeAnswer(wsgi.Response):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's answer, whose head waits for the first of its body.

    A copy to share has no length and leaves in parts, as it is made; its first part takes the
    head along.
    """

    headers_sent: bool
    _head = b""

    def send_headers(self) -> None:
        """Keep the head until there is something that it goes with."""
        if self.headers_sent:
            return
        lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers)]
        self._head = util.to_bytestring("".join(lines) + "\r\n", "latin-1")
        self.headers_sent = True

    def write_file(self, respiter: Any) -> None:
        """Send a file, a small one together with its head."""
        if self.response_length is not None and self.response_length <= _FILE_BYTES:
            self.write(b"".join(respiter))
        else:
            super().write_file(respiter)

    def sendfile(self, respiter: Any) -> bool:
        """Send the head by itself, and have the kernel send the file."""
        self.send_headers()
        self._send(b"")
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        """End the answer; one without a body is a head alone."""
        if not self.headers_sent:
            self.send_headers()
        end = b"0\r\n\r\n" if self.chunked else b""
        self._send(end)

    def _emit_body(self, data: bytes) -> None:
        self._send(b"%X\r\n%b\r\n" % (len(data), data) if self.chunked else data)

    def _send(self, data: bytes) -> None:
        """Give the kernel what has waited, and this, at once."""
        piece, self._head = self._head + data, b""
        if piece:
            make_room(self.sock, len(piece))
            self.sock.sendall(piece)


def make_room(line: socket.socket, size: int) -> None:
    """See that the kernel can take so many bytes at once, as far as this machine lets us.

    Between processes of one machine it takes some megabytes by itself; towards a front on
    another, less than a long page has. (On Linux the room that is set holds the kernel's own
    notes too, so it is asked for twice as much; it doubles what it is asked for.)
    """
    with suppress(OSError):
        has = line.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        if has < 2 * size and has < _MOST:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)


def _most_room() -> int:
    """What this machine gives a socket that asks for too much: asking it for more than that
    would make less of the room that a socket has by itself."""
    with socket.socket() as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**30)
        return asking.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)


_MOST = _most_room()
