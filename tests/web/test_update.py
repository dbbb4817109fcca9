"""``deploy/update`` to another version and back, with tools that do nothing in the place of those
that install: what it checks out, and where the way back leads."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.server import ROOT

TOOL = """#!/bin/sh
[ ! -e "$FAILS" ] || exit 1
"""


@dataclass(frozen=True)
class Service:
    """A folder as ``git clone`` made it, at the first of three versions."""

    folder: Path
    fails: Path
    """While this is there, each tool fails."""

    def update(self, *to: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["deploy/update", *to], cwd=self.folder, capture_output=True, text=True, check=False,
            env=os.environ | GIT | {
                "PATH": f"{self.folder / 'tools'}:{os.environ['PATH']}", "FAILS": str(self.fails),
            },
        )  # fmt: skip

    def is_at(self) -> str:
        return (self.folder / "version").read_text().strip()

    def stop_halfway(self, *to: str) -> None:
        self.fails.touch()
        assert self.update(*to).returncode != 0
        self.fails.unlink()


GIT = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Operator"), ("EMAIL", "operator@companion.example"))
}


@pytest.fixture
def service(tmp_path: Path) -> Service:
    source, folder = tmp_path / "source", tmp_path / "companion"

    def git(where: Path, *command: str) -> None:
        subprocess.run(["git", *command], cwd=where, env=os.environ | GIT, check=True)

    source.mkdir()
    git(source, "init", "--quiet", "--initial-branch", "main")
    (source / ".gitignore").write_text("var/\n")
    for tool in (
        "deploy/manage", "script/pyodide", "tools/systemctl", ".venv/bin/python",
    ):  # fmt: skip
        path = source / tool
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TOOL)
        path.chmod(0o755)
    script = source / "deploy/update"
    script.write_bytes((ROOT / "deploy/update").read_bytes())
    script.chmod(0o755)
    for version in ("one", "two", "three"):
        (source / "version").write_text(version)
        git(source, "add", "--all")
        git(source, "commit", "--quiet", "--message", version)
        git(source, "tag", version)
    git(tmp_path, "clone", "--quiet", str(source), str(folder))
    git(folder, "checkout", "--quiet", "one")
    return Service(folder, tmp_path / "fails")


def test_an_update_leads_to_the_version_asked_for_and_back(service: Service) -> None:
    assert service.update("two").returncode == 0
    assert service.is_at() == "two"
    assert service.update("--back").returncode == 0
    assert service.is_at() == "one"


def test_an_update_that_stopped_halfway_can_be_taken_back(service: Service) -> None:
    service.stop_halfway("two")
    assert service.is_at() == "two"
    assert service.update("--back").returncode == 0
    assert service.is_at() == "one"


def test_an_update_that_is_run_again_keeps_the_way_back(service: Service) -> None:
    service.stop_halfway("two")
    for _ in range(2):
        assert service.update("two").returncode == 0
    assert service.update("--back").returncode == 0
    assert service.is_at() == "one"


def test_a_way_back_that_stopped_halfway_leads_on_backwards(service: Service) -> None:
    assert service.update("two").returncode == 0
    assert service.update("three").returncode == 0
    service.stop_halfway("--back")
    assert service.update("--back").returncode == 0
    assert service.is_at() == "two"


def test_without_an_update_there_is_no_way_back(service: Service) -> None:
    gone_back = service.update("--back")
    assert gone_back.returncode == 1
    assert gone_back.stderr == "No update to go back from.\n"


def test_the_way_back_from_an_update_that_brought_nothing_new_leads_nowhere_else(
    service: Service,
) -> None:
    assert service.update("one").returncode == 0
    assert service.update("--back").returncode == 0
    assert service.is_at() == "one"
