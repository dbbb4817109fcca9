"""Reading on the device beside the server's command: ``python -m tests.bench.ondevice [SLICES]``.

Needs ``script/pyodide`` and ``manage.py ondevice`` before. Prints what goes over the line (brotli),
and for getting ready the first time, again, and for reading the slices, the seconds and their
ratio to ``manage.py inspect --json`` of the same slices in the same run, without a look at the
pictures, as in the browser; then the tab's memory.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import psutil
from playwright.sync_api import Page, sync_playwright

from tests.builders import make_study
from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.server import make_server

ROOT = Path(__file__).resolve().parents[2]
PARTS = ROOT / "var" / "ondevice" / "device"
MB = 1_000_000
PATIENCE_MS = 600_000
AIMS = {
    "over the line, MB": 10.0,
    "ready": 8.0,
    "ready again": 5.0,
    "reading": 10.0,
    "the tab, MB": 900.0,
}
"""Seconds where nothing else is said; those of reading are for 1,000 slices."""


def main() -> None:
    slices = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    parts = [path for path in PARTS.iterdir() if path.name != "parts.json"]
    carried = sum(len(brotli.compress(path.read_bytes())) for path in parts) / MB
    print(f"over the line {carried:6.1f} MB   at most {AIMS['over the line, MB']:.0f}")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        study = Path(folder) / "scans"
        for name, data in make_study(slices):
            path = study / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        server = Path(folder) / "server"
        server.mkdir()
        command = seconds(lambda: inspect(study))
        print(f"server's command {command:6.1f} s, {slices} slices, no pictures")
        with make_server(server, COMPANION_STATIC="source") as running, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            page = browser.new_page()
            address = f"{running.address}/scans/on-this-device/"
            for what in ("ready", "ready again"):
                page.goto(address)
                tell(what, seconds(lambda: get_ready(page)), command, AIMS[what])
            page.set_input_files("#device-folder", study)
            tell("reading", seconds(lambda: read(page)), command, AIMS["reading"])
            print(f"the tab {memory():6.0f} MB   at most {AIMS['the tab, MB']:.0f}")
            browser.close()


def tell(what: str, taken: float, command: float, aim: float) -> None:
    ratio = taken / command
    print(f"{what:12} {taken:6.1f} s   {ratio:5.2f} of the server's command   at most {aim:.0f} s")


def seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def inspect(study: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "manage.py", "inspect", study, "--json", "--no-pictures"],
        cwd=ROOT, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip


def get_ready(page: Page) -> None:
    page.click("#device-get-ready")
    page.wait_for_selector("#device-choose:not([hidden])", timeout=PATIENCE_MS)


def read(page: Page) -> None:
    page.click("#device-read")
    page.wait_for_selector("#report-title", timeout=PATIENCE_MS)


def memory() -> float:
    """What the largest process of the browser's tabs holds, in MB."""
    family = psutil.Process().children(recursive=True)
    tabs = [one for one in family if "--type=renderer" in one.cmdline()]
    return float(max(one.memory_info().rss for one in tabs)) / MB


if __name__ == "__main__":
    main()
