"""The child process: the same report as without it, and no way for it to do harm."""

from __future__ import annotations

import itertools
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest

from companion.scans.inspection import CutOff, Entry, Progress, inspect
from companion.scans.isolation import protocol
from companion.scans.isolation.forkserver import Isolation
from companion.scans.isolation.sandbox import ChildStoppedError, Sandbox, TimedOutError
from companion.scans.limits import Limits
from tests.builders import make_element, make_raw_scan, make_scan, make_study, make_zip

REAL = sorted((Path(pydicom.__file__).parent / "data" / "test_files").glob("*.dcm"))


def test_the_child_s_report_is_that_of_reading_here() -> None:
    files = [(path.name, path.read_bytes()) for path in REAL if path.stat().st_size < 300_000]
    here = inspect([Entry(name, [data]) for name, data in files])

    with Sandbox(Limits()) as box:
        for name, data in files:
            box.begin(name)
            for start in range(0, len(data), 10_000):
                box.data(data[start : start + 10_000])
            box.end()
        there = box.finish()

    assert there.files == here.files
    assert there.findings == here.findings
    assert len(there.elements) == len(here.elements)


def test_files_that_the_child_opens_itself_give_the_same_report(tmp_path: Path) -> None:
    files = {**dict(make_study(5)), "a/cd.zip": make_zip({"x": make_scan()}), "a/empty": b""}
    files["a/notes.txt"] = b"Jane Doe, seen on 2024-01-15"
    files["a/film"] = make_scan(PixelData=None) + make_element(
        0x7FE00010, "OW", bytes(40 * 1024 * 1024)
    )
    here = inspect([Entry(name, [data]) for name, data in files.items()])

    with Sandbox(Limits()) as box:
        for number, (name, data) in enumerate(files.items()):
            path = tmp_path / str(number)
            path.write_bytes(data)
            box.path(name, path)
        there = box.finish()

    assert there.files == here.files
    assert there.findings == here.findings


def test_a_file_that_is_cut_off_is_partly_read() -> None:
    with Sandbox(Limits()) as box:
        box.begin("half")
        box.data(make_scan(PatientName="Doe^Jane")[:-10])
        box.cut_off()
        report = box.finish()

    assert "cut-off" in report.files[0].notes
    assert report.files[0].status == "partly-read"


def test_a_file_that_cannot_be_opened_is_not_read(tmp_path: Path) -> None:
    with Sandbox(Limits()) as box:
        box.path("gone", tmp_path / "gone")
        report = box.finish()

    assert report.files[0].status == "not-read"


def test_progress_is_reported() -> None:
    progress: list[Progress] = []
    with Sandbox(Limits(), on_progress=progress.append) as box:
        for name, data in make_study(60):
            box.begin(name)
            box.data(data)
            box.end()
        box.finish()

    assert progress
    assert progress[-1].files >= progress[0].files >= 1


def test_a_child_without_memory_ends_and_reveals_no_value() -> None:
    big = make_raw_scan(make_element(0x00104000, "UT", b"Doe^Jane " * 3_000_000))

    with pytest.raises(ChildStoppedError) as error:
        _give([("big", big)] * 20, memory=70 * 1024 * 1024)

    assert "Doe" not in str(error.value)


def test_a_child_that_uses_up_its_processor_time_is_ended() -> None:
    # It is given work for as long as it takes it, however fast the machine is.
    scan = make_scan()
    endless = ((f"IM{number}", scan) for number in itertools.count())

    with pytest.raises(ChildStoppedError):
        _give(endless, Limits(files=sys.maxsize, total_bytes=sys.maxsize), cpu_seconds=1)


def test_a_stopped_child_is_given_up_in_time() -> None:
    start = time.monotonic()
    with Sandbox(Limits(), stall_seconds=0.5) as box:
        os.kill(box.pid, signal.SIGSTOP)
        with pytest.raises(TimedOutError):
            box.finish()

    assert time.monotonic() - start < 5


def test_an_answer_that_is_no_report_is_refused() -> None:
    for body in (b"", b"[]", b'{"files": 1}', b'{"files": [], "findings": [{}]}', b"\xff"):
        with pytest.raises(ValueError):
            protocol.unpack_report(body)


def test_limits_on_the_whole_are_noted() -> None:
    files = [Entry(f"f{number}", [make_scan()]) for number in range(5)]
    assert inspect(files, Limits(files=3)).files[-1].notes == ("too-many-files",)

    files = [Entry(f"f{number}", [bytes(1_000)]) for number in range(5)]
    report = inspect(files, Limits(total_bytes=2_500))
    assert report.files[-1].notes == ("too-much-data",)  # nor is it called empty


def test_an_entry_that_ends_early_leaves_those_before_it() -> None:
    def cut() -> Iterator[bytes]:
        yield make_scan()[:100]
        raise CutOff

    report = inspect([Entry("a", [make_scan()]), Entry("b", cut())])

    assert report.files[0].status == "read"
    assert report.files[1].status in {"partly-read", "not-read"}
    assert "cut-off" in report.files[1].notes


def _give(files: Iterable[tuple[str, bytes]], limits: Limits | None = None, **bounds: Any) -> None:
    with Sandbox(limits or Limits(), **bounds) as box:
        for name, data in files:
            box.begin(name)
            box.data(data)
            box.end()
        box.finish()


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang() -> None:
    time.sleep(60)


def _spin() -> None:
    while True:
        pass


def _flood() -> int:
    return len(bytearray(2 << 30))


def _raise() -> None:
    raise RuntimeError("Doe^Jane")


@pytest.mark.parametrize("work", [_crash, _hang, _spin, _flood, _raise])
def test_what_goes_wrong_in_isolation_is_none_and_the_next_call_works(
    work: Callable[[], Any],
) -> None:
    isolation = Isolation(seconds=1, patience=5)
    try:
        start = time.monotonic()
        assert isolation(work) is None
        assert time.monotonic() - start < 12
        assert isolation(_pair, 1, 2) == [1, 2]
    finally:
        isolation.end()


def test_equal_documents_are_read_once() -> None:
    isolation = Isolation()
    try:
        assert isolation(_pid) == isolation(_pid)
        assert isolation(_pair, 1, 2) != isolation(_pair, 2, 1)
        assert isolation(_limit) != resource.RLIM_INFINITY
    finally:
        isolation.end()


def _pair(one: int, two: int) -> list[int]:
    return [one, two]


def _pid() -> int:
    return time.monotonic_ns()


def _limit() -> int:
    return resource.getrlimit(resource.RLIMIT_AS)[0]


def test_one_upload_that_cannot_be_begun_leaves_the_others_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Sandbox(Limits()) as box:
        box.begin("a")
        box.data(make_scan(PatientName="Roe^Ann"))
        open_before = len(os.listdir("/proc/self/fd"))
        with monkeypatch.context() as patched:
            patched.setattr(os, "pidfd_open", _no_descriptor_left)
            with pytest.raises(ChildStoppedError, match="OSError"):
                Sandbox(Limits())
        assert len(os.listdir("/proc/self/fd")) == open_before
        box.end()
        assert box.finish().files[0].status == "read"


def _no_descriptor_left(pid: int) -> int:
    raise OSError(24, "too many")
