"""Migrations of instances that start at the same moment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.server import ROOT


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables: of PostgreSQL's where the run is on one."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield f"sqlite:///{tmp_path}/companion.sqlite3"
        return
    name = f"migrating_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name}")


def test_instances_that_start_together_migrate_one_after_the_other(empty_database: str) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "companion.settings",
        "COMPANION_MODE": "local",
        "DATABASE_URL": empty_database,
    }
    together = [start(environment, "migrate") for _ in range(4)]

    assert [(process.communicate()[1], process.returncode) for process in together] == [("", 0)] * 4
    again = start(environment, "migrate", "--check")
    assert (again.communicate()[1], again.returncode) == ("", 0)


def start(environment: dict[str, str], *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *command, "--verbosity", "0"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
