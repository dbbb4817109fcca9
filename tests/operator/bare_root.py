"""A bare Debian root to run commands in, as a machine of its own would."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def run(
    debian: Path, *command: str, user: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in the root, with nothing of this machine's environment."""
    become = ["--userspec", user] if user else []
    return subprocess.run(
        ["chroot", *become, str(debian), *command],
        env=surroundings(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """What a fresh machine's shell has, and more."""
    usual = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8"}
    return usual | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"} | dict(more)


@contextmanager
def mounted(debian: Path) -> Iterator[None]:
    """The kernel's own folders in the root, unless somebody has put them there already."""
    with ExitStack() as stack:
        for name in ("proc", "sys", "dev"):
            place = debian / name
            if not place.is_mount():
                subprocess.run(["mount", "--rbind", f"/{name}", str(place)], check=True)
                stack.callback(subprocess.run, ["umount", "-l", str(place)])
        yield
