"""Decoders in a process of their own: what ends it costs one frame, and the next is decoded."""

from __future__ import annotations

import faulthandler
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

if not find_spec("imagecodecs"):
    pytest.skip("a light installation decodes no pictures", allow_module_level=True)

import numpy as np

from companion.scans.isolation import decoders
from companion.scans.isolation.decoders import Decoders
from companion.scans.pictures.decode import UndecodedError, WhyNot
from companion.scans.pictures.decoder import Samples

MB = 1024 * 1024


def counted(rows: int, columns: int) -> Samples:
    return np.arange(rows * columns * 3, dtype=np.int16).reshape(rows, columns, 3)


def crashing(by: int) -> Samples:
    faulthandler.disable()  # the test run's own, which would tell of it at length
    os.kill(os.getpid(), by)
    return np.zeros(1)


def spinning() -> Samples:
    while True:
        pass


def failing(error: Exception) -> Samples:
    raise error


def endless() -> Samples:
    return np.broadcast_to(np.uint8(1), (1 << 20, 1 << 10))


def inodes_of_descriptors() -> Samples:
    numbers = []
    for one in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            numbers.append(os.stat(f"/proc/self/fd/{one}").st_ino)
    return np.array(numbers)


@pytest.fixture
def own() -> Iterator[Decoders]:
    one = Decoders(900 * MB)
    yield one
    one.end()


def test_samples_come_back_as_they_were_decoded(own: Decoders) -> None:
    found = own(counted, 300, 200)
    assert np.array_equal(found, counted(300, 200))
    assert found.dtype == np.int16
    assert own.pid not in (0, os.getpid())


@pytest.mark.parametrize("by", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_crash_costs_its_frame_alone(own: Decoders, by: int) -> None:
    own(counted, 2, 2)
    first = own.pid
    with pytest.raises(UndecodedError) as refused:
        own(crashing, by)
    assert refused.value.why is WhyNot.DAMAGED
    assert np.array_equal(own(counted, 4, 5), counted(4, 5))
    assert own.pid != first


def test_what_spins_is_ended(own: Decoders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoders, "FRAME_SECONDS", 0.1)
    with pytest.raises(UndecodedError):
        own(spinning)
    assert own(counted, 1, 1).size == 3


def test_what_sleeps_is_given_up(own: Decoders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoders, "FRAME_PATIENCE", 0.2)
    with pytest.raises(UndecodedError):
        own(time.sleep, 600)  # type: ignore[arg-type]
    assert own.pid == 0


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (RuntimeError("no picture"), WhyNot.DAMAGED),
        (MemoryError(), WhyNot.SIZE),
        (UndecodedError(WhyNot.SYNTAX), WhyNot.SYNTAX),
    ],
)
def test_an_error_is_told_by_its_code_and_ends_nothing(
    own: Decoders, error: Exception, why: WhyNot
) -> None:
    own(counted, 1, 1)
    first = own.pid
    with pytest.raises(UndecodedError) as refused:
        own(failing, error)
    assert refused.value.why is why
    assert own.pid == first


def test_more_than_a_frame_may_have_is_not_sent(own: Decoders) -> None:
    with pytest.raises(UndecodedError) as refused:
        own(endless)
    assert refused.value.why is WhyNot.SIZE


def test_memory_is_bounded_by_what_is_left_of_that_of_both() -> None:
    # In a process of its own: a fork of this one may have much to give that was freed here.
    code = """
import numpy as np
from companion.scans.isolation.decoders import Decoders
from companion.scans.pictures.decode import UndecodedError
print(Decoders(900 * 2**20)(np.zeros, 10 * 2**20).nbytes >> 20)
little = Decoders(1)
try:
    little(np.zeros, 10 * 2**20)
except UndecodedError as error:
    print(error.why.name)
print(little(np.zeros, 10).size)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["80", "SIZE", "10"]


def test_time_that_decoding_takes_is_counted(own: Decoders) -> None:
    own(counted, 1_000, 1_000)
    assert own.seconds > 0


def test_it_has_no_descriptor_that_is_not_its_own() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        one = Decoders(900 * MB, ours.fileno())
        try:
            found = one(inodes_of_descriptors).tolist()
        finally:
            one.end()
        assert os.fstat(ours.fileno()).st_ino not in found
        assert os.fstat(theirs.fileno()).st_ino in found


def test_it_ends_with_who_asked() -> None:
    reading, writing = os.pipe()
    asking = os.fork()
    if not asking:
        one = Decoders(900 * MB)
        one(counted, 1, 1)
        os.write(writing, one.pid.to_bytes(8, "little"))
        os._exit(0)
    pid = int.from_bytes(os.read(reading, 8), "little")
    os.close(reading)
    os.close(writing)
    os.waitpid(asking, 0)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()
