"""The engine's own tests, run again by the Python of the visitor's browser, on what it loads.

pytest runs inside Pyodide under Node: the engine comes from the packed parts, the tests from this
repository. Left out is what no browser has: processes, pictures (numpy), hypothesis' machine code.
"""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path

import pytest
from django.conf import settings

from tests.ondevice.engine import ROOT, Engine

RUN = ("tests/scans/rules", "tests/scans/people", "tests/scans/formats/test_json_inside.py")
"""Test files, and folders of them, that ask for nothing but the engine."""
AT_LEAST = 500
"""How many tests there are to run, so that none is lost without a word."""
INSIDE = """
import os, sys
sys.path += ["/repository", "/libraries", "/pyodide/python_stdlib.zip"]
os.chdir("/repository")
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
import json, pytest

class Seen:
    counts = {}
    failed = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or not report.passed:
            self.counts[report.outcome] = self.counts.get(report.outcome, 0) + 1
        if report.failed:
            self.failed.append(f"{report.nodeid}\\n{str(report.longrepr)[-1500:]}")

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed.append(f"{report.nodeid}\\n{str(report.longrepr)[-1500:]}")

seen = Seen()
code = pytest.main(
    ["-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", "/repository", "--noconftest",
     "-W", "error", *RUN],
    plugins=[seen],
)
json.dumps([int(code), seen.counts, seen.failed])
"""


@pytest.mark.timeout(900)
def test_the_tests_of_rules_and_people_hold_there_too(parts: Path) -> None:
    with Engine(parts) as engine:
        engine.ask("mount", here=str(ROOT), there="/repository")
        engine.ask("mount", here=sysconfig.get_path("purelib"), there="/libraries")
        engine.ask("mount", here=str(settings.COMPANION_PYODIDE), there="/pyodide")

        answer = engine.ask("python", code=f"RUN = {list(RUN)!r}\n{INSIDE}")

    code, counts, failed = json.loads(answer)
    assert failed == []
    assert code == 0
    assert counts["passed"] >= AT_LEAST
