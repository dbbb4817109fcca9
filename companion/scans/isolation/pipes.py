"""What two processes of ours say to each other over a socket: a length of four bytes, and that
many bytes, until a moment after which nobody waits any more."""

from __future__ import annotations

import socket
import time


def send(connection: socket.socket, body: bytes | memoryview, deadline: float | None) -> None:
    """Say something; ``deadline`` by ``time.monotonic``, None to wait for as long as it takes.

    Raises ``OSError``, of which ``TimeoutError`` is one.
    """
    _set_timeout(connection, deadline)
    connection.sendall(len(body).to_bytes(4, "little"))
    connection.sendall(body)


def receive(connection: socket.socket, deadline: float | None, most: int) -> bytearray:
    """What the other end says. Raises ``OSError``, and ``ValueError`` for more than ``most``
    bytes."""
    size = int.from_bytes(_exactly(connection, 4, deadline), "little")
    if size > most:
        raise ValueError("too long")
    return _exactly(connection, size, deadline)


def _exactly(connection: socket.socket, size: int, deadline: float | None) -> bytearray:
    body = bytearray(size)
    view = memoryview(body)
    while view:
        _set_timeout(connection, deadline)
        read = connection.recv_into(view)
        if not read:
            raise OSError("the other end has gone")
        view = view[read:]
    return body


def _set_timeout(connection: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        connection.settimeout(None)
    elif (left := deadline - time.monotonic()) > 0:
        connection.settimeout(left)
    else:
        raise TimeoutError
