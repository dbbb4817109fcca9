"""Speed, memory and traces of an inspection, as ratios of one run on one machine.

    python -m tests.bench.scans            everything (some minutes)
    python -m tests.bench.scans speed unlike floor makers flat memory answer trace

``unlike``: slices whose private data differ from slice to slice; ``makers``: series built
like those of four makers' MR and CT scanners (see ``makers.py``); ``floor``: what of the
unlike slices each part of the work takes alone.

The made-up data are in /dev/shm, so that no disk is measured. ``dcmdump +sd`` of DCMTK
is the reference; both see the same files with a warm cache, in turns, best of three.
"""

from __future__ import annotations

import argparse
import http.client
import importlib.util
import os
import re
import resource
import shutil
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
import pydicom

from companion.scans.isolation.sandbox import Sandbox, warm
from companion.scans.limits import Limits
from tests.bench.floor import measure_parts
from tests.bench.makers import MAKERS, make_series, make_unlike_study
from tests.builders import make_study
from tests.server import Server, make_passing_server

SHARED_MEMORY = Path("/dev/shm")
MB = 1024 * 1024
GB = 1024 * MB
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS))
    parts = parser.parse_args().parts or list(PARTS)
    for part in parts:
        print(f"== {part}")
        PARTS[part]()


def speed() -> None:
    """1,000 CT slices of 512x512x16 bit: us, dcmdump +sd, pydicom."""
    warm()
    with _study(1_000) as folder:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(_timed(lambda: _inspect(folder)))
            theirs.append(_timed(lambda: _run("dcmdump", "+sd", str(folder))))
        wall, cpu = (min(times) for times in zip(*ours, strict=True))
        dump_wall, dump_cpu = (min(times) for times in zip(*theirs, strict=True))
        some = sorted(folder.iterdir())[:50]
        start = time.process_time()
        for path in some:
            for element in pydicom.dcmread(path).iterall():
                str(element.value)
        walked = (time.process_time() - start) / len(some) * 1_000
        print(f"inspect      {wall:6.2f} s wall, {cpu:6.2f} s processor, findings included")
        print(f"dcmdump +sd  {dump_wall:6.2f} s wall, {dump_cpu:6.2f} s processor")
        print(f"ratio to dcmdump: {wall / dump_wall:.2f} wall, {cpu / dump_cpu:.2f} processor")
        print(f"reading every value with pydicom takes {walked / cpu:.0f} times as long")
        if importlib.util.find_spec("deid"):
            print(f"deid takes {_deid(some) / cpu:.0f} times as long")
        else:
            print("deid is not installed here: not compared")


def unlike() -> None:
    """1,000 slices, each with 12 kB of private data of its own: us and dcmdump +sd."""
    warm()
    _against_dcmdump("1,000 unlike slices", make_unlike_study(1_000))


def floor() -> None:
    """The unlike slices once more: each part of the work alone, and dcmdump +sd."""
    with _folder(make_unlike_study(1_000)) as folder:
        paths = sorted(folder.iterdir())
        measure_parts(paths)
        wall, _ = min(_timed(lambda: _dump(folder)) for _ in range(ROUNDS))
        print(f"dcmdump +sd takes {wall / len(paths) * 1_000:.3f} ms a file, start-up included")


def makers() -> None:
    """Series of 400 slices as makers write them: us and dcmdump +sd."""
    warm()
    for maker in MAKERS:
        _against_dcmdump(f"{maker}, 400 slices", make_series(maker, 400))


def _against_dcmdump(name: str, slices: Iterable[tuple[str, bytes]]) -> None:
    """Both on the same folder, in turns, best of three; start-up, which is the time that
    the first file alone takes, is left out."""
    files = list(slices)
    with _folder(files[:1]) as alone, _folder(files) as folder:
        runs = [
            [_timed(partial(work, path)) for work in (_inspect, _dump) for path in (folder, alone)]
            for _ in range(ROUNDS)
        ]
    best = [
        [min(times) for times in zip(*column, strict=True)] for column in zip(*runs, strict=True)
    ]
    (wall, cpu), (dump_wall, dump_cpu) = (
        [all_ - one for all_, one in zip(best[at], best[at + 1], strict=True)] for at in (0, 2)
    )
    print(
        f"{name}: inspect {wall:.2f} s, dcmdump +sd {dump_wall:.2f} s; "
        f"ratio {wall / dump_wall:.2f} wall, {cpu / dump_cpu:.2f} processor"
    )


def _dump(folder: Path) -> None:
    _run("dcmdump", "+sd", str(folder))


def flat() -> None:
    """Time per file at 100, 1,000 and 10,000 files (small pictures)."""
    warm()
    for count in (100, 1_000, 10_000):
        with _study(count, pixels=2_048) as folder:
            wall, cpu = min(_timed(lambda: _inspect(folder)) for _ in range(ROUNDS))
        print(f"{count:6} files: {wall / count * 1000:.3f} ms wall, "
              f"{cpu / count * 1000:.3f} ms processor a file")  # fmt: skip


def memory() -> None:
    """Peak memory and bytes written for 1 GB as a folder and as a ZIP, on a real server."""
    with make_passing_server(COMPANION_STATIC="source") as server:
        _post(server.port, _folder_parts(2))
        for name, parts in (
            ("folder of 1 GB", _folder_parts(GB // (512 * 512 * 2))),
            ("ZIP of 1 GB", _zip_parts(GB)),
        ):
            idle, written = _memory(server), server.bytes_written
            start = time.monotonic()
            with _peak(server) as peak:
                status = _post(server.port, parts)
            print(
                f"{name}: status {status}, {time.monotonic() - start:.1f} s, peak "
                f"{(peak() - idle) / MB:.0f} MB above {idle / MB:.0f} MB idle, "
                f"{server.bytes_written - written} bytes written"
            )


def answer() -> None:
    """How long the page of 1,000 slices takes after the last byte is sent, and its weight."""
    with make_passing_server(COMPANION_STATIC="source") as server:
        _post(server.port, _folder_parts(2))
        for name, parts in (
            ("1,000 slices as a folder", _folder_parts(1_000)),
            ("1,000 slices as a ZIP", _zip_parts(1_000 * 512 * 512 * 2)),
        ):
            for _ in range(ROUNDS):
                measured = _Answer()
                _post(server.port, parts, measured)
                print(
                    f"{name}: first byte {measured.first_byte:.2f} s after the last one sent; "
                    f"page {measured.weight / 1000:.1f} kB as sent"
                )


def trace() -> None:
    """Every call of the server, and of all below it, that could make or change a file."""
    if shutil.which("strace") is None:
        print("strace is not installed here: not traced")
        return
    log = SHARED_MEMORY / f"trace-{os.getpid()}"
    calls = "trace=open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,symlink,mknod"
    under = ("strace", "-f", "-qq", "-e", calls, "-o", str(log))
    with make_passing_server(under, COMPANION_STATIC="source") as server:
        _post(server.port, _folder_parts(2))
        before = log.stat().st_size
        status = _post(server.port, _folder_parts(60))
        _post(server.port, _zip_parts(30 * MB))
        time.sleep(0.5)
        with log.open(encoding="utf-8", errors="replace") as file:
            file.seek(before)
            lines = file.read().splitlines()
    log.unlink()
    making = [
        line
        for line in lines
        if re.search(r"O_CREAT|O_WRONLY|O_RDWR|O_TMPFILE|creat\(|mkdir|rename|link|mknod", line)
        and "/dev/null" not in line
    ]
    print(f"status {status}: {len(lines)} calls, of which make or change a file: {len(making)}")
    for line in making[:20]:
        print("  ", line)


PARTS: dict[str, Callable[[], None]] = {
    "speed": speed, "unlike": unlike, "floor": floor, "makers": makers, "flat": flat,
    "memory": memory, "answer": answer, "trace": trace,
}  # fmt: skip


def _study(slices: int, pixels: int = 512 * 512 * 2) -> AbstractContextManager[Path]:
    return _folder(make_study(slices, pixels=pixels))


@contextmanager
def _folder(files: Iterable[tuple[str, bytes]]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as folder:
        for name, data in files:
            (Path(folder) / Path(name).name).write_bytes(data)
        yield Path(folder)


def _inspect(folder: Path) -> None:
    with Sandbox(Limits()) as box:
        child = psutil.Process(box.pid)
        ended = threading.Event()
        watcher = threading.Thread(target=_watch_processor, args=(child, ended))
        watcher.start()
        for path in sorted(folder.iterdir()):
            box.path(path.name, path)
        report = box.finish()
        ended.set()
        watcher.join()
    unread = sum(record.status != "read" for record in report.files)
    if unread:
        print(f"not read whole: {unread} of {len(report.files)} files")


def _watch_processor(child: psutil.Process, ended: threading.Event) -> None:
    """The child is not ours, so the kernel does not say what it used: look often."""
    seen = 0.0
    while not ended.wait(0.005):
        try:
            seen = sum(child.cpu_times()[:2])
        except psutil.Error:
            break
    _used.append(seen)


_used: list[float] = []


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Wall and processor seconds, children included."""
    _used.clear()
    start, before = time.perf_counter(), _cpu()
    work()
    return time.perf_counter() - start, _cpu() - before + sum(_used)


def _cpu() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def _run(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _deid(paths: list[Path]) -> float:
    """Seconds that deid would take for 1,000 files."""
    from deid.dicom import get_identifiers

    start = time.process_time()
    get_identifiers([str(path) for path in paths])
    return (time.process_time() - start) / len(paths) * 1_000


Parts = Callable[[], Iterator[tuple[str, int, Iterator[bytes]]]]
"""Files of an upload: name, size, and bytes in pieces."""


def _folder_parts(files: int) -> Parts:
    def parts() -> Iterator[tuple[str, int, Iterator[bytes]]]:
        for name, data in make_study(files):
            yield name, len(data), iter([data])

    return parts


def _zip_parts(size: int) -> Parts:
    def parts() -> Iterator[tuple[str, int, Iterator[bytes]]]:
        with tempfile.TemporaryFile(dir=SHARED_MEMORY) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for name, data in make_study(size // (512 * 512 * 2)):
                    archive.writestr(name, data)
            total = file.tell()
            file.seek(0)
            yield "study.zip", total, iter(lambda: file.read(MB), b"")

    return parts


@dataclass
class _Answer:
    """What an upload's answer was like: seconds to its first byte, and its bytes."""

    first_byte: float = 0.0
    weight: int = 0


def _post(port: int, parts: Parts, measured: _Answer | None = None) -> int:
    """Send an upload as a browser does, without holding it."""
    edge = b"----bench"
    sizes = 0
    heads = []
    for name, size, _ in parts():
        head = b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n' % (
            edge,
            name.encode(),
        )
        heads.append(head)
        sizes += len(head) + size + 2
    end = b"--%s--\r\n" % edge

    def body() -> Iterator[bytes]:
        for head, (_, _, pieces) in zip(heads, parts(), strict=True):
            yield head
            yield from pieces
            yield b"\r\n"
        yield end

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={edge.decode()}",
        "Content-Length": str(sizes + len(end)),
        "Accept-Encoding": "gzip",
    }
    connection.request("POST", "/scans/", body(), headers)
    sent = time.monotonic()
    answer = connection.getresponse()
    first_byte = time.monotonic() - sent
    weight = len(answer.read())
    connection.close()
    if measured is not None:
        measured.first_byte, measured.weight = first_byte, weight
    return answer.status


def _memory(server: Server) -> int:
    """Memory of the worker and all below it; shared pages are counted once."""
    total = 0
    for process in server.family:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


@contextmanager
def _peak(server: Server) -> Iterator[Callable[[], int]]:
    seen = [_memory(server)]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            seen.append(_memory(server))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: max(seen)
    finally:
        ended.set()
        watcher.join()


if __name__ == "__main__":
    main()
