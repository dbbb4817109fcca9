"""The filter that takes the network away, tried in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

TRY = """
import ctypes, os, socket
from companion.scans.isolation.seccomp import take_network_away
before = socket.socket()
take_network_away()
if {fork}:
    child = os.fork()
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
try:
    {attempt}
except OSError as error:
    print(error.errno)
else:
    print("done")
"""


def attempt(code: str, *, fork: bool = False) -> str:
    run = subprocess.run(
        [sys.executable, "-c", TRY.format(attempt=code, fork=fork)],
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


@pytest.mark.parametrize("fork", [False, True])
@pytest.mark.parametrize(
    "code",
    [
        "socket.socket()",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_UNIX)",
        "socket.create_connection(('127.0.0.1', 9))",
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "    if libc.syscall(425, 1, None) < 0: raise OSError(ctypes.get_errno(), '')",
    ],
)
def test_no_socket_can_be_opened_any_more(code: str, fork: bool) -> None:
    assert attempt(code, fork=fork) == "1"  # EPERM


@pytest.mark.parametrize(
    "code", ["socket.socketpair()", "os.pipe()", "open('/dev/null').close()", "os.getpid()"]
)
def test_everything_else_goes_on(code: str) -> None:
    assert attempt(code) == "done"
