"""Every command of docs/operating.md, in its order and as written, in a bare Debian root.

Needs root, and in ``COMPANION_TEST_ROOT`` the folder of a Debian that debootstrap has just
made, with its way to the packages of Debian, Python and npm set; the run changes it. Without it the
test says that it did not run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders import make_breach_file, make_breach_row
from tests.operator.bare_root import mounted, run
from tests.providers.test_transfer import CMS_HEADER, make_cms_row
from tests.server import ROOT

DEBIAN = os.environ.get("COMPANION_TEST_ROOT", "")
SHELL = ("bash", "-euo", "pipefail", "-c")
SETTINGS = {
    "COMPANION_OPERATOR": "Lakes Patients e.V.",
    "COMPANION_ADMIN": "on",
    "COMPANION_SECRET_KEY": "k3Jq" * 16 + "-xYz0123456789",
}
"""What the operator fills in besides the example's own values."""


def test_every_block_of_the_operators_page_is_a_command_that_runs() -> None:
    page = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert page.count("```") == 2 * len(blocks())
    assert len(blocks()) >= 8


@pytest.mark.skipif(not DEBIAN, reason="COMPANION_TEST_ROOT names no Debian root")
@pytest.mark.timeout(1_800)
def test_the_operators_path_from_the_source_to_the_roll_back() -> None:
    debian = Path(DEBIAN)
    prepare(debian)
    with mounted(debian), running(debian):
        for number, (title, block) in enumerate(blocks()):
            began = time.monotonic()
            done = run(debian, *SHELL, block, SOURCE="/srv/source.git")
            print(f"{title:32} {time.monotonic() - began:6.1f} s")
            assert done.returncode == 0, f"{title}:\n{block}\n{done.stdout[-3000:]}"
            if number == 0:
                fill_in(debian)
    packs = debian / "var/lib/companion/packs"
    assert [file.read_bytes()[:5] for file in packs.iterdir()] == [b"%PDF-"]


def blocks() -> list[tuple[str, str]]:
    """The page's blocks of shell, each with the title above it."""
    title, found = "", []
    page = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    for head, block in re.findall(
        r"^## ([^\n]+)$|^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL
    ):
        title = head or title
        if block:
            found.append((title, block))
    return found


def prepare(debian: Path) -> None:
    """The repository to clone, a hospitals' file of each kind, and something for systemctl."""
    source = debian / "srv/source.git"
    shutil.rmtree(source, ignore_errors=True)
    command = ["git", "clone", "--quiet", "--bare", "--no-local", str(ROOT), str(source)]
    subprocess.run(command, check=True)
    head = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    commit = subprocess.run(head, check=True, capture_output=True, text=True).stdout.strip()
    for call in (["branch", "-f", "main", commit], ["symbolic-ref", "HEAD", "refs/heads/main"]):
        subprocess.run(["git", "-C", str(source), *call], check=True)
    shutil.copy(ROOT / "tests/operator/systemctl", debian / "usr/local/bin/systemctl")
    hospitals = debian / "srv/hospitals"
    hospitals.mkdir(exist_ok=True)
    listed = "\n".join([CMS_HEADER, *(make_cms_row(f"01{number:04}") for number in range(30))])
    (hospitals / "Hospital_General_Information.csv").write_text(listed)
    profile = "slug,name,jurisdiction\nlakeside-general,Lakeside General,us\n"
    (hospitals / "hospitals.csv").write_text(profile)
    breaches = debian / "srv/breaches"
    breaches.mkdir(exist_ok=True)
    for name in ("open", "archive"):
        (breaches / f"{name}.csv").write_bytes(make_breach_file(make_breach_row(name=name)))
    (hospitals / "groups.csv").write_text("group,contact,at,out\nLakes,,lakeside-general,a.pdf\n")


def fill_in(debian: Path) -> None:
    file = debian / "etc/companion.env"
    lines = [f'{name}="{value}"' for name, value in SETTINGS.items()]
    file.write_text(file.read_text() + "\n".join(lines) + "\n")


@contextmanager
def running(debian: Path) -> Iterator[None]:
    """Nothing that was started goes on after the test."""
    try:
        yield
    finally:
        run(debian, *SHELL, "systemctl stop companion; systemctl stop nginx")
