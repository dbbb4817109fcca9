"""Decoders of compressed pictures, in a process of their own beside the one that looks.

Decoders are in C, and the pictures they are given are hostile. So who looks has them done one
process further: a crash, a hang or a flood of memory ends that process and costs its frame, and
the next frame has a new one. What was seen of the other files stays.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from companion.scans.isolation import children, pipes
from companion.scans.pictures.decode import MOST_BYTES, UndecodedError, WhyNot
from companion.scans.pictures.decoder import Samples, packed, unpacked

FRAME_SECONDS = 10.0
"""Of processor time for one frame; the largest X-ray in JPEG 2000 takes three."""
FRAME_PATIENCE = 60.0
"""Seconds of waiting after which a frame is given up, however little was computed for it."""
LEAST_MEMORY = 64 * 1024 * 1024
"""Bytes for decoding a frame, however much the process that looks holds."""
_MOST_HEAD = 200


class Decoders:
    """Calls decoders as ``pictures.decoder.Decoder`` says, in a process that may die of it."""

    def __init__(self, memory: int, *private: int) -> None:
        """``memory`` in bytes for this process and the other together, while it decodes;
        ``private``: descriptors that the other is not to have."""
        self.seconds = 0.0
        self._memory = memory
        self._private = private
        self._worker: tuple[int, socket.socket] | None = None

    def __call__(self, function: Callable[..., Samples], *arguments: Any) -> Samples:
        """What the function makes of its arguments. Raises ``UndecodedError``."""
        if self._worker is None:
            self._worker = self._start()
        connection = self._worker[1]
        deadline = time.monotonic() + FRAME_PATIENCE
        try:
            # The other end is our own fork: what it takes from us is as good as a call.
            room = max(LEAST_MEMORY, self._memory - children.loaded().resident)
            pipes.send(connection, pickle.dumps((room, function, arguments)), deadline)
            head = json.loads(pipes.receive(connection, deadline, _MOST_HEAD))
            self.seconds += float(head["seconds"])
            if "why" in head:
                raise UndecodedError(WhyNot(head["why"]))
            return unpacked(head, pipes.receive(connection, deadline, MOST_BYTES))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            self.end()  # it has crashed, or what it says cannot be true
            raise UndecodedError(WhyNot.DAMAGED) from None

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

    @property
    def pid(self) -> int:
        """Of the process that decodes; 0 where there is none just now."""
        return self._worker[0] if self._worker is not None else 0

    def _start(self) -> tuple[int, socket.socket]:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            ours.close()
            children.die_with(parent)
            for descriptor in self._private:
                with suppress(OSError):
                    os.close(descriptor)
            _work(theirs)
        theirs.close()
        return pid, ours


def _work(connection: socket.socket) -> NoReturn:
    try:
        addresses = children.loaded().addresses
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        while True:
            room, function, arguments = pickle.loads(  # noqa: S301 - from our own fork
                pipes.receive(connection, None, 1 << 30)
            )
            bound = addresses + room
            if most != resource.RLIM_INFINITY:
                bound = min(bound, most)
            resource.setrlimit(resource.RLIMIT_AS, (bound, most))
            began = time.process_time()
            # The signal's default is to end the process, whatever it is doing.
            signal.setitimer(signal.ITIMER_PROF, FRAME_SECONDS)
            head, raw = _tried(function, arguments)
            signal.setitimer(signal.ITIMER_PROF, 0)
            del arguments
            head["seconds"] = time.process_time() - began
            pipes.send(connection, json.dumps(head).encode(), None)
            if raw is not None:
                pipes.send(connection, raw, None)
    except BaseException:  # noqa: BLE001 - the other end sees that it has gone
        os._exit(1)


def _tried(
    function: Callable[..., Samples], arguments: tuple[Any, ...]
) -> tuple[dict[str, Any], memoryview | None]:
    try:
        head, raw = packed(function(*arguments))
        if raw.nbytes > MOST_BYTES:
            raise UndecodedError(WhyNot.SIZE)
        return head, raw
    except UndecodedError as error:
        return {"why": error.why}, None
    except MemoryError:
        return {"why": WhyNot.SIZE}, None
    except Exception:  # noqa: BLE001 - each codec has errors of its own
        return {"why": WhyNot.DAMAGED}, None
