"""The companion whose worker is killed as soon as it has written once to whoever asked."""

import os
import signal
import socket

from companion.settings import *  # noqa: F403, TID251

_write = socket.socket.sendall


def _write_and_die(line: socket.socket, data: bytes) -> None:
    _write(line, data)
    if line.family == socket.AF_INET and line.getsockname()[1] == int(os.environ["PORT"]):
        os.kill(os.getpid(), signal.SIGKILL)


socket.socket.sendall = _write_and_die  # type: ignore[assignment, method-assign]
