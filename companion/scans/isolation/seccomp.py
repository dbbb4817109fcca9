"""Takes the network away from a process and everything it forks, for good.

A filter in the kernel (seccomp) refuses every new socket. It needs no privilege and no
namespace, so it holds in a plain container too.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import subprocess
import sys

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 38, 22
_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 1  # with EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # their offsets in the kernel's struct seccomp_data
_IO_URING_SETUP = 425  # the other way to a socket; the same number everywhere
_X32 = 0x40000000  # calls of x86-64's second interface begin here

# The kernel's name of the architecture, and its number for socket().
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


def works() -> bool:
    """Whether this machine can take the network away, tried in a process of its own."""
    call = f"from {__name__} import take_network_away; take_network_away()"
    tried = subprocess.run([sys.executable, "-c", call], capture_output=True)  # noqa: S603 - our own words
    return tried.returncode == 0


def take_network_away() -> None:
    """From here on no socket can be opened; those that are open stay.

    Raises ``OSError`` where the system cannot do it: nothing should be read there.
    """
    if platform.machine() not in _MACHINES:
        raise OSError(f"no filter for {platform.machine()}")
    architecture, socket = _MACHINES[platform.machine()]
    steps = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 5, architecture),  # otherwise to the last step: refused
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 3, 0, _X32),
        (_EQUAL, 2, 0, _IO_URING_SETUP),
        (_EQUAL, 1, 0, socket),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(program)
    head = struct.pack("@HP", len(steps), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in (
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _MODE_FILTER, ctypes.create_string_buffer(head), 0, 0),
    ):
        if libc.prctl(*call):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
