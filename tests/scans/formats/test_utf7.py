"""Letters that are written in UTF-7 inside plain ASCII are read; plus signs are plus signs."""

from __future__ import annotations

import random

import pytest

from companion.scans.findings import Finding
from companion.scans.formats import utf7
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan


def read(data: bytes) -> list[str]:
    return [run.data.decode() for run in utf7.runs(data, set())]


@pytest.mark.parametrize("around", [(b"", b""), (b"Seen by ", b" today"), (bytes(40), b"\0\1")])
@pytest.mark.parametrize(
    "text", ["Brückner", "Björk^Åsa", "Кузнецова^Нина", "Παπαδοπούλου", "مريم خليل", "Dvořáková"]
)
def test_shifted_letters_are_read(text: str, around: tuple[bytes, bytes]) -> None:
    before, after = around
    (line,) = read(before + text.encode("utf-7") + after)

    assert text in line


@pytest.mark.parametrize("text", ["森本千佳", "みどり病院", "김희중"])
def test_letters_of_the_east_are_read_in_a_text(text: str) -> None:
    assert read(b"Name: " + text.encode("utf-7") + b" (F)") == [f"Name: {text} (F)"]


@pytest.mark.parametrize("closed", [b"", b"-"])
def test_a_shift_may_be_closed_or_not(closed: bytes) -> None:
    assert read(b"Andr+AOk" + closed + b" Roe") == ["André Roe"]


@pytest.mark.parametrize(
    "text",
    [
        b"T1+Gd- and FLAIR+FS-", b"+1-555-2043", b"20240611+0100", b"C++ 2+3=5", b"x +AMA-",
        b"Brain+Contrast- Abd+Pelvis-", b"a+ABC-d", b"Doe+AOl-", b"+AEQAbwBl-", b"+-", b"A+AA-",
        b"Doe+2AA-", b"Doe+BCkFcQ-",
    ],
)  # fmt: skip
def test_other_plus_signs_are_left_alone(text: bytes) -> None:
    assert read(text) == []


def test_random_bytes_hold_no_shifts() -> None:
    chance = random.Random(21)

    assert not [number for number in range(300) if read(chance.randbytes(12_000))]


def look(name: str, value: bytes) -> list[Finding]:
    scan = make_scan(
        PatientName=name,
        SpecificCharacterSet="ISO_IR 192",
        private={(0x0099, "TUNING 3", 0x10): ("OB", value)},
    )
    report = inspect([Entry("IM1", [scan]), Entry("note.txt", [b"Series 4. " + value])])
    return [one for one in report.findings if one.rule == "echo-name"]


def test_a_patients_name_in_utf7_is_an_echo() -> None:
    found = look("Brückner^Åsa", "planned for Brückner Åsa, left knee".encode("utf-7"))

    assert {one.place for one in found} == {"private", "other-file"}


def test_another_word_in_utf7_is_no_echo() -> None:
    assert not look("Brückner^Åsa", "geplant für die Übung, linkes Knie".encode("utf-7"))
