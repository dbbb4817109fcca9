"""Migrations of instances that start at the same moment."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.server import ROOT


def test_instances_that_start_together_migrate_one_after_the_other(tmp_path: Path) -> None:
    file = tmp_path / "companion.sqlite3"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "companion.settings",
        "COMPANION_MODE": "local",
        "COMPANION_DATABASE": str(file),
    }
    environment.pop("DATABASE_URL", None)
    together = [
        subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in together]

    assert ends == [("", 0)] * 4
    with sqlite3.connect(file) as database:
        (done,) = database.execute("SELECT count(DISTINCT app || name) FROM django_migrations")
        assert done == database.execute("SELECT count(*) FROM django_migrations").fetchone()
    database.close()
