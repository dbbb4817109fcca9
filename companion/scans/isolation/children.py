"""What the processes that read and look at uploads share: how they are forked and confined.

A fork server loads once what its children need, sees no patient's byte itself, and forks one
child for each request. It ends when the socket of its requests closes, its children with it.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import socket
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

MOST_DESCRIPTORS = 3
"""Descriptors that one child may be given."""
NO_FORK = -1
"""In the place of a process id: there is no room for one more process."""
_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4


def quiet() -> None:
    """Nothing of what is read may reach a log: not a warning, not a traceback."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)
    warnings.simplefilter("ignore")


def fork_for_each_request(serve: Callable[..., None], refuse: int = 0) -> None:
    """Wait on standard input, a socket, for requests; fork a child for each.

    A request brings the descriptors that ``serve`` is called with; the answer is the child's
    process id, or ``NO_FORK``. ``refuse``: answer every request with this and fork nothing.
    """
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the children
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    parent = os.getpid()
    with socket.socket(fileno=0) as requests:
        while True:
            try:
                word, descriptors, _, _ = socket.recv_fds(requests, 1, MOST_DESCRIPTORS)
            except OSError:
                return
            if not word:
                return
            pid = refuse or _fork()
            if pid == 0:
                requests.close()
                die_with(parent)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                serve(*descriptors)
                os._exit(0)
            for descriptor in descriptors:
                os.close(descriptor)
            try:
                requests.sendall(pid.to_bytes(8, "little", signed=True))
            except OSError:
                return


def _fork() -> int:
    try:
        return os.fork()
    except OSError:
        return NO_FORK  # just now: the others go on


def die_with(parent: int) -> None:
    """Set that the kernel ends this process when the one that forked it ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def confine(memory: int, seconds: int) -> None:
    """No file may be written, no core dumped; memory and time end somewhere.

    ``memory`` in bytes of address space, ``seconds`` of processor time.
    """
    # Where memory runs out all the same, this process goes first, and not the server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    _LIBC.prctl(_PR_SET_DUMPABLE, 0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def confine_beyond_loaded(memory: int, seconds: int) -> None:
    """The same, where the models are loaded: ``memory`` bounds what comes on top of that.

    The model runner reserves far more addresses than it uses, so what is loaded is left out
    of the count: the bound is on what comes on top, of addresses and of data alike.
    """
    now = loaded()
    confine(now.addresses + max(memory - now.resident, 0), seconds)


class Loaded(NamedTuple):
    """Bytes that this process has just now: of addresses, and in memory."""

    addresses: int
    resident: int


def loaded() -> Loaded:
    """How much of this process is loaded."""
    pages, resident = map(int, Path("/proc/self/statm").read_text(encoding="ascii").split()[:2])
    return Loaded(pages * resource.getpagesize(), resident * resource.getpagesize())


def place_of(error: BaseException) -> dict[str, str | int]:
    """Type, file and line of an error, and nothing of what it says."""
    steps = traceback.extract_tb(error.__traceback__)
    last = steps[-1] if steps else None
    return {
        "type": type(error).__name__,
        "file": Path(last.filename).name if last else "",
        "line": (last.lineno or 0) if last else 0,
    }
