"""The process that looks at pictures: the report has what it saw, and stands without it."""

from __future__ import annotations

import io
import os
import signal
import socket
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from pydicom.encaps import encapsulate

from companion.scans.findings import Kind, Note, Report, Shows
from companion.scans.isolation import looked, protocol, servers
from companion.scans.isolation.hand_over import HandOver
from companion.scans.isolation.lookers import Lookers, installed
from companion.scans.isolation.sandbox import Sandbox
from companion.scans.limits import Limits
from companion.scans.pictures import Looked, Seen
from tests.builders import make_scan, make_zip

MB = 1024 * 1024


def make_painted(*lines: str, size: tuple[int, int] = (320, 200)) -> Image.Image:
    """A dark picture with lines of writing."""
    picture = Image.new("L", size, 20)
    font = ImageFont.load_default(24)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((12, 12 + 40 * number), line, fill=230, font=font)
    return picture


def make_painted_scan(*lines: str, **elements: Any) -> bytes:
    """A scan whose picture has lines of writing on it."""
    picture = make_painted(*lines)
    return make_scan(
        Rows=picture.height,
        Columns=picture.width,
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        PixelRepresentation=0,
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        **{"Modality": "US", "PixelData": picture.tobytes(), **elements},
    )


def make_painted_png(*lines: str) -> bytes:
    file = io.BytesIO()
    make_painted(*lines).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def lookers() -> Lookers:
    return Lookers(2, wait_seconds=0.2, memory=900 * MB, cpu_seconds=60)


def inspect(
    files: Iterable[tuple[str, bytes]], lookers: Lookers | None, *, stop: int = 0
) -> Report:
    """The report on files; ``stop``: a signal for who looks, once the files are given."""
    with Sandbox(Limits(), lookers=lookers) as box:
        for name, data in files:
            box.begin(name)
            for start in range(0, len(data), 20_000):
                box.data(data[start : start + 20_000])
            box.end()
            if stop and box.looker_pid:
                os.kill(box.looker_pid, stop)
        return box.finish()


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


SCAN = make_painted_scan("ROE ANNABEL", "1962-03-14", PatientName="Roe^Annabel")


def test_words_on_pictures_come_back_with_their_boxes(lookers: Lookers) -> None:
    report = inspect([("CD/IM1", SCAN)], lookers)

    (name,) = [f for f in report.findings if f.rule == "picture-text" and f.name == "PatientName"]
    assert (name.certainty, name.place, name.values) == ("certain", "picture", ("ROE ANNABEL",))
    assert name.boxes[0].file == "CD/IM1"
    assert 0 <= name.boxes[0].x < 40
    assert 0 <= name.boxes[0].y < 40
    (record,) = report.files
    assert (record.status, record.frames, record.frames_looked_at) == ("read", 1, 1)
    assert "picture-not-read" not in rules(report)
    assert [one.shows for one in report.thumbnails] == [Shows.WORDS]


def test_pictures_in_zips_and_inside_scans_are_looked_at(lookers: Lookers) -> None:
    picture, inside = make_painted_png("ROE ANNABEL"), make_painted_png("ANNABEL ROE")
    files = [
        ("a.zip", make_zip({"in/IM1": SCAN, "photo.png": picture})),
        ("carried", make_scan(PixelData=None, private={(0x29, "ACME", 1): ("OB", inside)})),
    ]

    report = inspect(files, lookers)

    read = {box.file for f in report.findings if f.rule == "picture-text" for box in f.boxes}
    assert read == {"a.zip/in/IM1", "a.zip/photo.png", "carried"}
    assert not any(Note.PICTURE_NOT_LOOKED_AT in record.notes for record in report.files)


def test_a_long_file_goes_over_in_pieces(lookers: Lookers) -> None:
    frames = SCAN, make_painted_scan("X" * 3, PatientName="Roe^Annabel")
    big = make_painted_scan("ROE ANNABEL", ImageComments="x" * 60_000)

    report = inspect([("one", frames[0]), ("big", big), ("two", frames[1])], lookers)

    assert [record.frames_looked_at for record in report.files] == [1, 1, 1]


def test_a_connection_that_is_kept_looks_at_more_by_itself(lookers: Lookers) -> None:
    looking = lookers.begin()
    look = HandOver(looking.connection, 25, looking.why_not, keep=True)
    read = []
    try:
        for text in ("ROE ANNABEL", "FERNSBY"):
            look.data(1, make_painted_scan(text))
            look.take(1, Kind.DICOM)
            found = look.finish()
            assert found is not None
            read.append([words.text for words in found.words])
            (seen,) = found.seen
            assert (seen.file, seen.series, seen.left_out) == ("1", "1/", ())
            assert {(one.series, one.rows, one.columns) for one in found.words} == {
                ("1/", 200, 320)
            }
        look.close()
        assert look.finish() is None
    finally:
        looking.close()
    assert [["".join(each) for each in texts] for texts in read] == [["ROE ANNABEL"], ["FERNSBY"]]


def test_without_lookers_nothing_is_said_but_what_headers_tell() -> None:
    report = inspect([("IM1", SCAN)], None)

    assert "picture-not-read" in rules(report)
    assert report.files[0].notes == ()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_crash_costs_the_pictures_alone(lookers: Lookers, how: int) -> None:
    report = inspect([("IM1", SCAN), ("IM2", SCAN)], lookers, stop=how)

    assert {"patient-name", "picture-not-read", "burned-in-likely"} <= rules(report)
    assert "picture-text" not in rules(report)
    for record in report.files:
        assert (record.status, record.notes) == ("read", (Note.PICTURES_FAILED,))
    assert inspect([("IM1", SCAN)], lookers).files[0].notes == ()


def test_a_decoder_that_crashes_costs_its_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    crashing = (
        "import imagecodecs, os, signal\n"
        "imagecodecs.jpegls_decode = lambda _: os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    monkeypatch.setattr(servers, "_START", crashing + servers._START)
    fragile = Lookers(1, wait_seconds=1, memory=900 * MB, cpu_seconds=60)
    stream = imagecodecs.jpegls_encode(np.asarray(make_painted("ROE ANNABEL")))
    hostile = make_painted_scan(
        "ROE ANNABEL", syntax="1.2.840.10008.1.2.4.80", PixelData=encapsulate([bytes(stream)])
    )

    report = inspect([("a", SCAN), ("b", hostile), ("c", SCAN), ("d", hostile)], fragile)

    assert {box.file for f in report.findings if f.rule == "picture-text" for box in f.boxes} == {
        "a", "c"
    }  # fmt: skip
    assert [record.notes for record in report.files] == [
        (), (Note.PICTURE_NOT_LOOKED_AT,), (), (Note.PICTURE_NOT_LOOKED_AT,),
    ]  # fmt: skip
    assert [record.frames_looked_at for record in report.files] == [1, 0, 1, 0]


def test_a_hang_is_given_up_and_the_report_comes() -> None:
    impatient = Lookers(1, wait_seconds=1, memory=900 * MB, cpu_seconds=60, patience_seconds=1)
    start = time.monotonic()
    report = inspect([("IM1", SCAN)], impatient, stop=signal.SIGSTOP)

    assert report.files[0].notes == (Note.PICTURES_FAILED,)
    assert "patient-name" in rules(report)
    assert time.monotonic() - start < 30


def test_who_finds_no_room_soon_goes_on_without() -> None:
    one = Lookers(1, wait_seconds=0.2, memory=900 * MB, cpu_seconds=60)
    with Sandbox(Limits(), lookers=one):
        report = inspect([("IM1", SCAN)], one)
    assert report.files[0].notes == (Note.PICTURES_FAILED,)

    assert inspect([("IM1", SCAN)], one).files[0].notes == ()


def test_where_it_is_not_installed_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without = "import sys\nsys.modules['onnxruntime'] = None\n"
    monkeypatch.setattr(servers, "_START", without + servers._START)
    light = Lookers(1, wait_seconds=1, memory=900 * MB, cpu_seconds=60)

    for _ in range(2):
        report = inspect([("IM1", SCAN), ("a.txt", b"Nothing to see.")], light)
        assert report.files[0].notes == (Note.PICTURES_NOT_INSTALLED,)
        assert Note.PICTURES_NOT_INSTALLED not in report.files[1].notes
        assert "picture-not-read" in rules(report)


def test_where_it_is_not_wanted_the_report_says_so_and_nothing_is_loaded() -> None:
    none = Lookers(0, wait_seconds=1, memory=900 * MB, cpu_seconds=60)
    none.warm()
    report = inspect([("IM1", SCAN)], none)

    assert report.files[0].notes == (Note.PICTURES_NOT_INSTALLED,)
    assert none._server._running is None


def test_it_is_installed_here() -> None:
    assert installed()


def test_its_memory_ends_at_the_limit(lookers: Lookers) -> None:
    with Sandbox(Limits(), lookers=lookers) as box:
        limits = Path(f"/proc/{box.looker_pid}/limits")
        deadline = time.monotonic() + 20
        while "unlimited" in _limit(limits, "Max address space") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert int(_limit(limits, "Max address space").split()[0]) < 1_400 * MB
        assert _limit(limits, "Max file size").split()[:2] == ["0", "0"]
        assert _limit(limits, "Max core file size").split()[:2] == ["0", "0"]
        status = Path(f"/proc/{box.looker_pid}/status").read_text(encoding="ascii")
        assert "Seccomp:\t2" in status  # no socket can be opened
        assert "Threads:\t1\n" in status


def test_its_server_has_no_second_thread_when_it_forks(lookers: Lookers) -> None:
    inspect([("IM1", SCAN)], lookers)

    server = lookers._server._running
    assert server is not None
    status = Path(f"/proc/{server._child.pid}/status").read_text(encoding="ascii")
    # A lock that another thread holds while the process is forked is never let go in the child.
    assert "Threads:\t1\n" in status


def test_it_dies_with_the_upload(lookers: Lookers) -> None:
    with Sandbox(Limits(), lookers=lookers) as box:
        pid = box.looker_pid
        assert Path(f"/proc/{pid}").exists()

    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()


def test_reading_headers_takes_no_more_memory_for_it(lookers: Lookers) -> None:
    film = make_painted_scan("ROE ANNABEL", NumberOfFrames=200)
    film = film[: film.rindex(bytes([20]) * 300)] + bytes([20]) * 200 * 320 * 200

    def peak(who: Lookers | None) -> int:
        with Sandbox(Limits(), lookers=who) as box:
            for number in range(5):
                box.begin(f"IM{number}")
                box.data(film)
                box.end()
            # It has read what came before: the pipe holds less than one of these.
            status = Path(f"/proc/{box.pid}/status").read_text(encoding="ascii")
            box.finish()
            return int(status.split("VmHWM:")[1].split()[0])

    assert peak(lookers) < peak(None) + 6 * 1024


def _limit(path: Path, name: str) -> str:
    line = next(one for one in path.read_text(encoding="ascii").splitlines() if name in one)
    return line[len(name) :]


# --- What comes back is believed as far as it can be true


class Peer:
    """The other end of a connection, which answers as a test tells it to."""

    def __init__(self, answer: bytes) -> None:
        self.ours, self._theirs = socket.socketpair()
        self._answer = answer
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._theirs:
            received = b""
            while protocol.message(looked.FINISH) not in received:
                part = self._theirs.recv(1 << 16)
                if not part:
                    return
                received += part
            self._theirs.sendall(self._answer)


def ask(answer: bytes) -> tuple[Looked | None, str]:
    hand_over = HandOver(Peer(answer).ours, patience_seconds=5)
    hand_over.data(7, b"picture")
    hand_over.take(7, Kind.IMAGE)
    return hand_over.finish(), hand_over.why_not


def test_an_answer_in_order_is_taken() -> None:
    seen = Looked(seen=(Seen("7", 3, 2, "time"),))
    answer = protocol.message(looked.ALIVE) + protocol.message(looked.LOOKED, looked.pack(seen))

    assert ask(answer) == (seen, "")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense of some length",
        protocol.message(looked.LOOKED, b"[]"),
        protocol.message(looked.LOOKED, b"\xff"),
        protocol.message(looked.LOOKED, b"[" * 100_000),
        protocol.message(looked.LOOKED, looked.pack(Looked(seen=(Seen("8", 1, 1),)))),
        protocol.message(looked.LOOKED, looked.pack(Looked(seen=(Seen("7", 1, 2),)))),
        protocol.HEAD.pack(looked.LOOKED, looked.MAX_ANSWER + 1),
        protocol.message(b"?"),
    ],
)
def test_an_answer_that_cannot_be_true_is_none(answer: bytes) -> None:
    assert ask(answer) == (None, Note.PICTURES_FAILED)


def test_who_takes_nothing_more_is_given_up() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        start = time.monotonic()
        hand_over = HandOver(ours, patience_seconds=0.3)
        for number in range(50):
            hand_over.data(number, bytes(4 * MB))
        assert hand_over.finish() is None
    assert hand_over.why_not == Note.PICTURES_FAILED
    assert time.monotonic() - start < 10


def test_signs_of_life_are_passed_on() -> None:
    signs: list[int] = []
    answer = protocol.message(looked.ALIVE) * 3
    answer += protocol.message(looked.LOOKED, looked.pack(Looked()))
    hand_over = HandOver(Peer(answer).ours, 5, on_sign=lambda: signs.append(1))

    assert hand_over.finish() == Looked()
    assert len(signs) == 3


def test_uploads_leave_no_descriptor_open(lookers: Lookers) -> None:
    inspect([("a", SCAN)], lookers)  # the fork servers are there from now on
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        inspect([("a", SCAN)], lookers)
    assert len(os.listdir("/proc/self/fd")) == before
