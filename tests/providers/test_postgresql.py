"""The search and the profiles on PostgreSQL, in a run of its own.

Needs a server: ``COMPANION_TEST_POSTGRESQL=postgresql://user:password@host/database``
whose user may create databases. ``script/test`` starts one where Debian's package is
installed; without it the test says that it did not run.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SERVER = os.environ.get("COMPANION_TEST_POSTGRESQL", "")


@pytest.mark.skipif(not SERVER, reason="COMPANION_TEST_POSTGRESQL names no server")
def test_search_and_profiles_work_alike_on_postgresql() -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            "tests/providers/test_search.py",
            "tests/providers/test_breach_list.py",
            "tests/providers/test_breach_search.py",
            "tests/providers/test_profiles.py",
            "tests/providers/test_transfer.py",
            "tests/providers/test_migrate.py",
        ],
        env={**os.environ, "DATABASE_URL": SERVER, "COMPANION_TEST_POSTGRESQL": ""},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
    assert " passed" in run.stdout
