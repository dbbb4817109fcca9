"""Lines of binary values: each is searched, and what was met before is only counted."""

from __future__ import annotations

import random
import struct

import pytest

from companion.scans.dicom.loose_text import LooseText, is_faint
from companion.scans.findings import Place
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from tests.builders import make_element, make_raw_scan


def make_searched(*values: bytes) -> Inventory:
    inventory = Inventory()
    loose = LooseText(inventory)
    for number, value in enumerate(values):
        inventory.begin(f"IM{number}")
        loose.add(Place.PRIVATE, "ACME: unknown", "00291001", "00291001", value)
    return inventory


def make_private(*blocks: bytes, name: bytes = b"Doe^Jane") -> bytes:
    return make_raw_scan(
        make_element(0x00100010, "PN", name)
        + make_element(0x00290010, "LO", b"ACME 1")
        + b"".join(make_element(0x00291001 + n, "OB", block) for n, block in enumerate(blocks))
    )


def test_a_line_met_before_is_counted_and_not_kept() -> None:
    inventory = make_searched(b"sName = Roe\nsTime = one\n", b"sName = Roe\nsTime = two\n")

    assert [(one.text, one.files) for one in inventory.passages] == [
        ("sName = Roe\nsTime = one", 2),
        ("sTime = two", 1),
    ]


def test_a_line_that_differs_in_fractions_only_is_the_same() -> None:
    inventory = make_searched(*(b"sGain = %d.%06d\n" % (n % 7, n * 137) for n in range(500)))

    assert len(inventory.passages) == 1
    assert inventory.passages[0].files == 500


def test_dates_uids_and_whole_numbers_are_never_the_same_line() -> None:
    values = [b"a = 12.04.1987\n", b"a = 12.04.1988\n", b"a = 4123456\n", b"a = 4123457\n",
              b"a = 1.2.840.5551234\n", b"a = 1.2.840.5551235\n"]  # fmt: skip

    assert len(make_searched(*values).passages) == len(values)


def test_a_line_of_fields_filled_with_blanks_is_no_row_of_pixels() -> None:
    fields = b"HEAD" + b" " * 900 + b"Lv2" + b" " * 800 + b"2019101909360675.6255   49      +32"

    inventory = make_searched(b"\x93\xaa\0" + fields + b"\x07\xc2")
    report = inspect([Entry("IM1", [make_private(b"\x93\xaa\0" + fields + b"\x07\xc2")])])

    assert not any(map(is_faint, inventory.passages))
    (said,) = [one for one in report.findings if one.rule == "private-binary"]
    assert said.values == ("HEAD Lv2 2019101909360675.6255   49      +32",)


def test_what_chance_can_have_made_is_kept_apart_and_still_echoes() -> None:
    noise = random.Random(4).randbytes(6_000)
    # Nothing bounds the name, and four letters are no proof in so much noise.
    value = noise[:3_000] + b"\x01Quol\t\x02" + noise[3_000:]

    (passage,) = [one for one in make_searched(value).passages if "Quol" in one.text]
    report = inspect([Entry("IM1", [make_private(value, name=b"Quol^Vera")])])

    assert is_faint(passage)
    assert [f.rule for f in report.findings if f.path == "00291001"] == ["echo-name"]


def test_a_finding_shows_the_line_and_not_its_neighbours() -> None:
    text = b"".join(b"sLine[%d] = plain\n" % n for n in range(40))

    report = inspect(
        [Entry("IM1", [make_private(text + b"sWho = Zavodila\n", name=b"Zavodila^A")])]
    )

    (echo,) = [one for one in report.findings if one.rule == "echo-name"]
    assert echo.values == ("sWho = Zavodila",)


def test_unlike_values_of_many_files_are_all_read_and_keep_room() -> None:
    chance = random.Random(6)
    files = []
    for number in range(400):
        lines = b"".join(b"sCoil[%d].dGain = %.6f\n" % (n, chance.gauss(0, 90)) for n in range(60))
        files.append(Entry(f"IM{number}", [make_private(lines, chance.randbytes(3_000))]))

    report = inspect(files)

    assert {record.status for record in report.files} == {"read"}
    assert {record.notes for record in report.files} == {("no-pixels",)} or {
        record.notes for record in report.files
    } == {()}


def test_a_private_text_of_any_length_is_searched_to_its_end() -> None:
    long = b'{"a": "' + b"x" * 150_000 + b'", "who": "Zavodila"}'
    data = make_raw_scan(
        make_element(0x00100010, "PN", b"Zavodila^A")
        + make_element(0x00290010, "LO", b"ACME 1")
        + make_element(0x00291001, "UT", long + b" " * (len(long) % 2))
    )

    report = inspect([Entry("IM1", [data])])

    assert [(record.status, record.notes) for record in report.files] == [("read", ())]
    echoes = [one for one in report.findings if one.rule == "echo-name"]
    assert any("Zavodila" in value for one in echoes for value in one.values)


SPOKEN = b"scan of Quillbrooke, Tamsin on a Monday morn"
AMONG_NUMBERS = [
    (0x00281201, "OW"), (0x00283006, "US"), (0x54001010, "OW"), (0x54001010, "OB"),
    (0x00660016, "OF"), (0x00660023, "OL"), (0x00189073, "FD"), (0x00181151, "FL"),
    (0x00091001, "OF"), (0x00091001, "OD"), (0x00091001, "FD"), (0x00091001, "AT"),
    (0x00091001, "SL"),
]  # fmt: skip


def make_with(tag: int, vr: str, value: bytes) -> bytes:
    creator = make_element(0x00090010, "LO", b"ACME 1") if tag >> 16 & 1 else b""
    return make_raw_scan(creator + make_element(tag, vr, value + bytes(-len(value) % 8)))


@pytest.mark.parametrize(("tag", "vr"), AMONG_NUMBERS)
@pytest.mark.parametrize(
    "value",
    [
        SPOKEN,
        bytes(range(120, 248)) + SPOKEN + bytes(range(64)),
        SPOKEN.decode().encode("utf-16-le"),
        SPOKEN.decode().encode("utf-16-be"),
    ],
    ids=["alone", "among others", "UTF-16", "UTF-16, big endian"],
)
def test_text_in_the_place_of_numbers_is_told(tag: int, vr: str, value: bytes) -> None:
    report = inspect([Entry("IM1", [make_with(tag, vr, value)])])

    assert [one for one in report.findings if any("Quillbrooke" in text for text in one.values)]


@pytest.mark.parametrize(("tag", "vr"), AMONG_NUMBERS)
def test_numbers_are_no_text(tag: int, vr: str) -> None:
    chance = random.Random(tag)
    ramp = b"".join(struct.pack("<H", 257 * (number % 256)) for number in range(512))
    waves = b"".join(struct.pack("<d", chance.gauss(0, 900)) for _ in range(200))

    for value in (ramp, waves, *(chance.randbytes(4_096) for _ in range(20))):
        report = inspect([Entry("IM1", [make_with(tag, vr, value)])])
        assert {one.rule for one in report.findings} <= {"software", "private-creator"}
