"""The parser agrees with pydicom on every element of its own files, and counts right."""

from __future__ import annotations

import io
import random
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import deid_data
import pydicom
import pytest
from pydicom.dataset import Dataset

from companion.scans.inspection import Entry, _Inspection, directly, inspect
from companion.scans.inventory import Inventory
from companion.scans.limits import MB, Limits
from tests.builders import make_element, make_raw_scan, make_scan, make_study

_P = ParamSpec("_P")
_T = TypeVar("_T")

ROOTS = (Path(pydicom.__file__).parent / "data", Path(deid_data.__file__).parent)
NOT_DATA = {".py", ".pyc", ".json", ".typed"}
REAL = [
    path
    for root in ROOTS
    for path in sorted(root.rglob("*"))
    if path.is_file() and path.suffix not in NOT_DATA
]
NOT_WHOLE = {
    "winter.dcm": ("partly-read", ("tag-twice",)),
    "MR_truncated.dcm": ("partly-read", ("truncated",)),
    "DICOMDIR-nooffset": ("partly-read", ("truncated",)),
    "rtplan_truncated.dcm": ("partly-read", ("truncated",)),
    # Its first byte is a stray one: nothing in it is where it should be.
    "no_meta.dcm": ("partly-read", ("unknown-format",)),
    "crayons.icc": ("partly-read", ("unknown-format",)),
}
"""Of the files that pydicom and deid-data ship, those that cannot be read in full."""


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_every_real_file_is_read_or_says_why_not(path: Path) -> None:
    report = inspect([Entry(path.name, [path.read_bytes()])])

    record = next(record for record in report.files if record.name == path.name)
    status, notes = NOT_WHOLE.get(path.name, ("read", None))
    assert record.status == status
    assert notes is None or record.notes == notes


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in REAL
        if path.name not in {*NOT_WHOLE, "README"} and path.suffix in {".dcm", ""}
    ],
    ids=lambda path: path.name,
)
def test_every_element_that_pydicom_reads_is_walked(path: Path) -> None:
    data = path.read_bytes()
    try:
        dataset = _quietly(pydicom.dcmread, io.BytesIO(data), force=True)
    except Exception:  # noqa: BLE001 - what pydicom cannot read says nothing of us
        pytest.skip("pydicom does not read it")

    inventory = _read((path.name, data))

    ours = {(element.tag, element.path) for element in inventory.elements}
    tags = {tag for tag, _ in ours}
    theirs = set(_quietly(lambda: list(_paths(dataset))))
    assert {tag for tag, _ in theirs} <= tags
    # Items are merged, so only what is in a first item has the path it has there.
    first_items = {(tag, way) for tag, way in theirs if _all_first(way)}
    assert first_items <= ours


def test_counts_are_those_of_reading_each_file_alone() -> None:
    chance = random.Random(7)
    files = []
    for number in range(60):
        varying: dict[str, Any] = {
            "PatientName": chance.choice(["Doe^Jane", "Roe^Ann"]),
            "InstanceNumber": str(number // 2),
            "StudyDescription": chance.choice(["chest", "knee", None]),
            "StationName": "CT1" if number % 7 else None,
            "RequestAttributesSequence": [
                {"RequestedProcedureID": chance.choice("ABC")}
                for _ in range(chance.choice([0, 1, 1, 2]))
            ],
            "BodyPartExamined": "CHEST",
            "StudyID": "77",
            "AccessionNumber": "A-77",
            "OtherPatientIDsSequence": [{"PatientID": "X"}, {"PatientID": "Y"}],
        }
        private = {(0x29, chance.choice(["ACME A", "ACME B"]), 1): ("LO", "note")}
        files.append((f"f{number}", make_scan(private=private, **varying)))
    expected: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name, data in files:
        for element in _read((name, data)).elements:
            for value in element.values:
                expected[(element.tag, element.name)][value] += 1

    together = _read(*files)

    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for element in together.elements:
        for value, seen in element.values.items():
            counted[(element.tag, element.name)][value] += seen.files
    assert counted == expected
    assert {element.files for element in together.elements if element.name == "StudyID"} == {60}
    assert sum(study.files for study in together.studies) == 60


def test_a_thousand_equal_values_are_one_value_with_a_count() -> None:
    inventory = _read(*make_study(40, pixels=64))

    (name,) = [element for element in inventory.elements if element.name == "PatientName"]
    assert name.files == 40
    assert [(value, seen.files) for value, seen in name.values.items()] == [("Doe^Jane^Quincy", 40)]
    (uid,) = [element for element in inventory.elements if element.name == "SOPInstanceUID"]
    assert uid.distinct == 40


@pytest.mark.parametrize(
    "syntax",
    [
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.1.99",
    ],
)
@pytest.mark.parametrize("bare", [False, True])
def test_every_way_of_writing_is_read(syntax: str, bare: bool) -> None:
    if bare and syntax.endswith(".99"):
        pytest.skip("a bare data set cannot say that it is deflated")
    data = make_scan(
        syntax=syntax,
        bare=bare,
        PatientName="Doe^Jane",
        RequestAttributesSequence={"RequestedProcedureID": "RP1"},
    )

    inventory = _read(("a", data))

    values = {value for element in inventory.elements for value in element.values}
    assert {"Doe^Jane", "RP1"} <= values
    assert inventory.files[0].status == "read"


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        (b"ISO_IR 100", "Müller^Jörg".encode("latin-1"), "Müller^Jörg"),
        (b"ISO_IR 192", "山田^太郎".encode(), "山田^太郎"),
        (b"ISO_IR 144", "Люкceмбypг".encode("iso8859-5"), "Люкceмбypг"),
        (b"GB18030", "王^小东".encode("gb18030"), "王^小东"),
        (b"\\ISO 2022 IR 149", b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", "Hong"),
        (b"ISO_IR 100", "Müller".encode(), "Müller"),  # UTF-8 under a wrong declaration
    ],
)
def test_names_are_read_in_their_character_set(charset: bytes, raw: bytes, text: str) -> None:
    charset += b" " * (len(charset) % 2)
    raw += b" " * (len(raw) % 2)
    data = make_raw_scan(
        make_element(0x00080005, "CS", charset) + make_element(0x00100010, "PN", raw)
    )

    inventory = _read(("a", data))

    (name,) = [element for element in inventory.elements if element.name == "PatientName"]
    assert any(text in value for value in name.values)


def test_a_large_film_is_passed_by_and_its_end_is_still_read() -> None:
    film = make_scan(PatientName="Doe^Jane", Rows=8_192, Columns=5_120, PixelData=None)
    film += make_element(0x7FE00010, "OW", b"", 80 * MB)
    tail = make_element(0xFFFCFFFC, "OB", b"left over: Roe^Ann ")
    chunks = [film, *[bytes(MB)] * 80, tail]
    inspection = _Inspection(Limits(), None, directly)

    inspection.take(Entry("film", iter(chunks)))
    inspection.examined(to_the_end=True)

    inventory = inspection.inventory
    assert inventory.files[0].status == "read"
    assert any("Roe^Ann" in passage.text for passage in inventory.passages)


def test_a_film_that_ends_early_is_partly_read() -> None:
    film = make_scan(PixelData=None) + make_element(0x7FE00010, "OW", b"", 80 * MB)

    inventory = _read(("film", film + bytes(40 * MB)))

    assert inventory.files[0].notes == ("truncated",)


def test_private_text_and_binary_are_read_with_their_creator() -> None:
    data = make_scan(
        private={
            (0x29, "ACME", 1): ("LO", "plain note"),
            (0x29, "ACME", 2): ("OB", b"\0\1\2Doe^Jane\0\3\4" + "Roe^Ann".encode("utf-16-le")),
        }
    )

    inventory = _read(("a", data))

    (note,) = [element for element in inventory.elements if "plain note" in element.values]
    assert (note.place, note.name) == ("private", "ACME: unknown")
    lines = {
        line
        for passage in inventory.passages
        if passage.place == "private"
        for line in passage.text.split("\n")
    }
    assert {"Doe^Jane", "Roe^Ann"} <= lines


def test_nothing_of_a_patient_is_in_a_repr() -> None:
    inventory = _read(("Doe-Jane.dcm", make_scan(PatientName="Doe^Jane")))

    everything = repr([inventory.elements, inventory.passages, inventory.studies, inventory.files])
    assert "Doe" not in everything


def _read(*files: tuple[str, bytes]) -> Inventory:
    inspection = _Inspection(Limits(), None, directly)
    for name, data in files:
        inspection.take(Entry(name, [data]))
    inspection.examined(to_the_end=True)
    return inspection.inventory


def _quietly(function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **named)


def _paths(dataset: Dataset, before: str = "") -> Iterator[tuple[str, str]]:
    meta = getattr(dataset, "file_meta", None)
    if meta is not None and not before:
        yield from _paths(meta, before)
    for element in dataset:
        tag = f"{element.tag:08X}"
        yield tag, before + tag
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from _paths(item, f"{before}{tag}[{number}].")


def _all_first(way: str) -> bool:
    return all(part.endswith("[0]") for part in way.split(".")[:-1])


def test_a_first_group_of_6000_is_not_taken_for_big_endian() -> None:
    body = make_element(0x60000010, "US", b"\2\0") + make_element(0x60000022, "LO", b"SMITH JANE")

    report = inspect([Entry("a", [make_raw_scan(body)])])

    assert report.files[0].status == "read"
    assert any("SMITH JANE" in row.values for row in report.elements)
