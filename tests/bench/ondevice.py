"""Reading on the device beside the server's command: ``python -m tests.bench.ondevice [SLICES]``.

Needs ``script/pyodide`` and ``manage.py ondevice`` before. Prints what goes over the line (brotli),
and for getting ready the first time, again, and for reading the slices, the seconds and their
ratio to ``manage.py inspect --json`` of the same slices in the same run, without a look at the
pictures, as in the browser; then the tab's memory.

``--disc FOLDER`` instead reads a disc of 2 GB and a ZIP of 1.5 GB, both made in FOLDER (which needs
4 GB) and gone afterwards; and makes a copy to share of the disc. Of each: seconds, and the most
memory that the tab and the whole browser held.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType

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
SLICE = 512 * 512 * 2
DISC, ARCHIVE = 2000 * MB, 1500 * MB


def main() -> None:
    wanted = argparse.ArgumentParser()
    wanted.add_argument("slices", nargs="?", type=int, default=1000)
    wanted.add_argument("--disc", type=Path, metavar="FOLDER")
    given = wanted.parse_args()
    if given.disc:
        big(given.disc)
    else:
        usual(given.slices)


def usual(slices: int) -> None:
    parts = [path for path in PARTS.iterdir() if path.name != "parts.json"]
    carried = sum(len(brotli.compress(path.read_bytes())) for path in parts) / MB
    print(f"over the line {carried:6.1f} MB   at most {AIMS['over the line, MB']:.0f}")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        study = Path(folder) / "scans"
        for name, data in make_study(slices):
            path = study / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        command = seconds(lambda: inspect(study))
        print(f"server's command {command:6.1f} s, {slices} slices, no pictures")
        with browser_page() as (page, address):
            for what in ("ready", "ready again"):
                page.goto(address)
                tell(what, seconds(lambda: get_ready(page)), command, AIMS[what])
            page.set_input_files("#device-folder", study)
            tell("reading", seconds(lambda: read(page)), command, AIMS["reading"])
            print(f"the tab {Memory.of_the_tab():6.0f} MB   at most {AIMS['the tab, MB']:.0f}")


def big(where: Path) -> None:
    with tempfile.TemporaryDirectory(dir=where) as folder:
        disc, archive = Path(folder) / "disc", Path(folder) / "cd.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            disc.mkdir()
            written = 0
            for name, data in noisy_slices():
                if written < DISC:
                    (disc / name).write_bytes(data)
                    written += len(data)
                if archive.stat().st_size < ARCHIVE:
                    packed.writestr(f"CD/{name}", data)
                elif written >= DISC:
                    break
        for what, field, path in (
            ("ZIP", "#device-files", archive),
            ("disc", "#device-folder", disc),
        ):
            with browser_page() as (page, address):
                page.goto(address)
                get_ready(page)
                page.set_input_files(field, path)
                print(f"{what}: {page.inner_text('#device-chosen')}")
                measured(f"reading the {what}", partial(read, page))
                if what == "disc":
                    measured("a copy to share", partial(copy, page))
                    print(page.inner_text("#device-clean-size"))


def noisy_slices() -> Iterator[tuple[str, bytes]]:
    """Slices of twelve bits of noise, which packs as badly as a real one."""
    noise = bytearray(random.Random(11).randbytes(SLICE))
    noise[1::2] = bytes(byte & 0x0F for byte in noise[1::2])
    for name, data in make_study(8000):
        at = data.index(bytes(4096))
        at = data.rindex(bytes(SLICE), 0, at + SLICE + 4096)
        yield Path(name).name, data[:at] + noise + data[at + SLICE :]


@contextmanager
def browser_page() -> Iterator[tuple[Page, str]]:
    """A new browser's page, and the address of the page on the device at a new server."""
    with (
        tempfile.TemporaryDirectory() as folder,
        make_server(Path(folder), COMPANION_STATIC="source") as running,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser.new_page(), f"{running.address}/scans/on-this-device/"
        browser.close()


def measured(what: str, work: Callable[[], None]) -> None:
    with Memory() as memory:
        taken = seconds(work)
    print(
        f"{what:18} {taken:6.1f} s   the tab at most {memory.tab:5.0f} MB,"
        f" all of the browser {memory.browser:5.0f} MB",
        flush=True,
    )


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
    page.wait_for_selector(
        "#report-title, #device-fault:not([hidden])", state="visible", timeout=PATIENCE_MS
    )
    assert page.is_hidden("#device-fault"), page.inner_text("#device-fault")


def copy(page: Page) -> None:
    page.check("#device-clean-form input[name=preset] >> nth=0")
    page.check("#device-clean-form input[name=face][value=keep]")
    page.click("#device-clean-make")
    page.wait_for_selector(
        "#device-cleaned:not([hidden]), #device-clean-failed:not([hidden])", timeout=PATIENCE_MS
    )
    assert page.is_hidden("#device-clean-failed"), page.inner_text("#device-clean-failed")


class Memory:
    """The most memory that the browser holds while it is open, in MB."""

    def __init__(self) -> None:
        self.tab = self.browser = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.25):
            self.tab = max(self.tab, self.of_the_tab())
            self.browser = max(self.browser, self._of_all())

    @staticmethod
    def of_the_tab() -> float:
        """What the largest process of the browser's tabs holds."""
        tabs = [one for one in Memory._processes() if "--type=renderer" in one.cmdline()]
        return float(max(one.memory_info().rss for one in tabs)) / MB

    @staticmethod
    def _of_all() -> float:
        total = 0
        for one in Memory._processes():
            with suppress(psutil.Error):
                total += one.memory_full_info().uss
        return total / MB

    @staticmethod
    def _processes() -> list[psutil.Process]:
        found = []
        for one in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if "chrom" in one.name():
                    found.append(one)
        return found


if __name__ == "__main__":
    main()
