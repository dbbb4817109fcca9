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
    environment = environment_for(empty_database)
    together = [start(environment, "migrate") for _ in range(4)]

    assert [(process.communicate()[1], process.returncode) for process in together] == [("", 0)] * 4
    again = start(environment, "migrate", "--check")
    assert (again.communicate()[1], again.returncode) == ("", 0)


def test_one_that_waits_longer_than_a_page_may_wait_migrates_all_the_same(
    empty_database: str,
) -> None:
    if not empty_database.startswith("postgresql"):
        pytest.skip("a limit of PostgreSQL's own")
    with psycopg.connect(empty_database, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [0x636F6D70])
        waiting = start(environment_for(empty_database), "migrate")
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(12)
        other.execute("SELECT pg_advisory_unlock(%s)", [0x636F6D70])
        assert (waiting.communicate()[1], waiting.returncode) == ("", 0)


@pytest.mark.parametrize(
    "database",
    ["sqlite:////nowhere/at/all.sqlite3", "sqlite:////proc/companion.sqlite3",
     "postgresql://me:s3cret@127.0.0.1:9/name"],
)  # fmt: skip
def test_a_database_that_cannot_be_written_is_told_in_one_line(database: str) -> None:
    failed = start(environment_for(database), "migrate")
    told = failed.communicate()[1]
    assert failed.returncode == 1
    assert told.startswith("CommandError: the database cannot be brought up to date: ")
    assert told.count("\n") == 1
    assert "s3cret" not in told


def environment_for(database: str) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "companion.settings",
        "COMPANION_MODE": "local",
        "DATABASE_URL": database,
    }


def start(environment: dict[str, str], *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *command, "--verbosity", "0"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
