"""Words in old code pages inside private binary values are read; numbers are not."""

from __future__ import annotations

import random
import struct

import pytest

from companion.scans.dicom.old_letters import MOST_FIELDS, MOST_GUESSES, OldLetters
from companion.scans.findings import Finding
from companion.scans.inspection import Entry, inspect
from tests.builders import make_element, make_raw_scan

AROUND = bytes(20) + b"12.5" + b" " * 20, b" " * 30 + b"AX 14"


def find(value: bytes, *, charset: bytes = b"", name: bytes = b"Doe^Jane") -> list[Finding]:
    """Findings in a private element without a VR, of a scan that names ``charset``."""
    report = inspect(
        [
            Entry(
                "scan",
                [
                    make_raw_scan(
                        (make_element(0x00080005, "CS", charset) if charset else b"")
                        + make_element(0x00100010, "PN", name)
                        + make_element(0x00290010, "LO", b"ACME 1")
                        + make_element(0x00291001, "UN", value)
                    )
                ],
            )
        ]
    )
    return [one for one in report.findings if one.place == "private"]


@pytest.mark.parametrize("around", [(b"", b""), AROUND], ids=["alone", "in fields"])
@pytest.mark.parametrize(
    ("text", "page", "charset"),
    [
        ("Кузнецова^Нина", "cp1251", b""),
        ("Кузнецова Нина", "koi8_r", b""),
        ("Кузнецова^Нина", "iso8859_5", b"ISO_IR 144"),
        ("Παπαδοπούλου^Ήβη", "cp1253", b""),
        ("ﾓﾘﾓﾄ^ﾁｶｺ", "cp932", b"ISO_IR 13"),
        ("みどり病院", "cp932", b"ISO_IR 13"),
        ("森本千佳", "iso2022_jp", b"ISO 2022 IR 87"),
        ("이순신은바다에", "cp949", b""),
    ],
)
def test_words_in_an_old_code_page_are_shown(
    text: str, page: str, charset: bytes, around: tuple[bytes, bytes]
) -> None:
    found = find(around[0] + text.encode(page) + around[1], charset=charset)

    assert text in {value for one in found for value in one.values}


@pytest.mark.parametrize("around", [(b"", b""), AROUND], ids=["alone", "in fields"])
@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Dvořáková Žofie", "cp1250"),
        ("Großjäger Jürgen", "cp1252"),
        ("Şahinoğlu^Gülşen", "cp1254"),
        ("Žukauskaitė Rūta", "cp1257"),
        ("ศรีสุวรรณสมหญิง", "tis_620"),
    ],
)
def test_a_few_letters_among_plain_ones_are_read_with_them(
    text: str, page: str, around: tuple[bytes, bytes]
) -> None:
    found = find(around[0] + text.encode(page) + around[1])

    assert text in {value for one in found for value in one.values}


def test_words_of_another_alphabet_in_utf8_are_shown() -> None:
    found = find(b"\1\0\0\0" + "Кузнецова Нина".encode() + b"\0\0\0COIL\0")

    assert "Кузнецова Нина" in {value for one in found for value in one.values}


def test_short_names_are_read_in_the_code_page_of_the_patients_name() -> None:
    found = find("황보 서연".encode("cp949"), name="황보^서연".encode("cp949"))

    assert [one.values for one in found if one.rule == "echo-name"] == [("황보 서연",)]


@pytest.mark.parametrize(
    "name", ["佐々木^美智子", "김^영희", "Łukasiewicz^Żaneta", "Щербакова^Людмила"]
)
@pytest.mark.parametrize("page", ["utf-16-le", "utf-16-be"])
def test_the_patients_name_in_utf_16_is_an_echo(page: str, name: str) -> None:
    chance = random.Random(5)
    around = bytes(chance.randrange(256) for _ in range(80))
    value = around + name.replace("^", " ").encode(page) + around

    found = find(value, charset=b"ISO_IR 192", name=name.encode() + b" " * (len(name.encode()) % 2))

    assert any(one.rule == "echo-name" for one in found)
    assert not find(around * 2, charset=b"ISO_IR 192", name=name.encode())


@pytest.mark.parametrize(
    "name", ["Łukasiewicz Żaneta", "Dvořáková Žofie", "Nguyễn Thị Hoa", "Щербакова Людмила"]
)
@pytest.mark.parametrize("page", ["utf-16-le", "utf-16-be"])
def test_a_name_with_letters_of_several_blocks_is_shown(page: str, name: str) -> None:
    found = find(bytes(8) + name.encode(page) + bytes(8))

    assert any(name in value for one in found for value in one.values)


def test_pixels_that_creep_are_no_words() -> None:
    chance = random.Random(7)
    for _ in range(2_000):
        pixels = bytearray([chance.randint(0x60, 0xF0)])
        for _ in range(chance.choice([15, 47, 200])):
            pixels.append((pixels[-1] + chance.randint(-4, 4)) % 256)
        assert not list(OldLetters().words(bytes(pixels), ()))
        assert OldLetters().whole(bytes(pixels), ()) == pixels


def test_a_patients_name_in_an_old_code_page_is_an_echo() -> None:
    name = "Кузнецова^Нина".encode("iso8859_5")

    found = find(AROUND[0] + name + AROUND[1], charset=b"ISO_IR 144", name=name)

    assert "echo-name" in {one.rule for one in found}


@pytest.mark.parametrize("charset", [b"", b"ISO_IR 13", b"ISO_IR 144"])
def test_numbers_and_noise_are_no_words(charset: bytes) -> None:
    chance = random.Random(8)
    values = [
        struct.pack("<40d", *(chance.uniform(-900, 900) for _ in range(40))),
        struct.pack("<60H", *range(40_000, 40_060)),
        bytes(range(0xC0, 0x100)) * 3,
        bytes(20) + bytes([0xE4] * 9) + bytes(20),
        *(chance.randbytes(size) for size in (40, 300, 4_000)),
    ]

    for value in values:
        assert not [one for one in find(value, charset=charset) if one.rule != "uid-other"]


def test_random_blocks_have_no_words() -> None:
    chance = random.Random(21)

    for number in range(2_000):
        noise = chance.randbytes((16, 64, 500, 4_000)[number % 4])
        assert not list(OldLetters().words(noise, ("shift_jis",)[: number % 2]))


def noted(*values: bytes) -> list[tuple[str, ...]]:
    """The notes of scans with these private values, in one upload."""
    report = inspect(
        Entry(
            f"IM{number}",
            [
                make_raw_scan(
                    make_element(0x00290010, "LO", b"ACME 1")
                    + make_element(0x00291001, "UN", value + b" " * (len(value) % 2))
                )
            ],
        )
        for number, value in enumerate(values)
    )
    return [record.notes for record in report.files]


def words_of_chance(count: int, seed: int = 3) -> bytes:
    """So many fields of letters in KOI8 that are no words of any language."""
    chance = random.Random(seed)
    return b"\0".join(bytes(chance.choices(range(0xC0, 0xE0), k=9)) for _ in range(count))


def test_a_value_with_more_fields_than_are_weighed_says_so_in_every_file() -> None:
    many = words_of_chance(MOST_FIELDS + 1)

    assert noted(many, many) == [("letters-not-tried",)] * 2
    assert noted(words_of_chance(MOST_FIELDS)) == [()]


def test_files_behind_the_last_guess_of_an_upload_say_so() -> None:
    each = MOST_FIELDS
    enough = [words_of_chance(each, seed) for seed in range(MOST_GUESSES // each)]
    late = words_of_chance(each, seed=999)

    found = noted(*enough, late, late, b"plain words")

    assert found == [()] * len(enough) + [("letters-not-tried",)] * 2 + [()]


def test_fields_without_end_are_weighed_up_to_a_bound() -> None:
    reader = OldLetters()
    name = "Кузнецова^Нина".encode("koi8_r")
    fields = ("Ю".encode("koi8_r") * 9 + b"%d" % number for number in range(MOST_GUESSES))

    assert list(OldLetters().words(name, ())) == ["Кузнецова^Нина"]
    assert not [word for field in fields for word in reader.words(field, ())]
    assert list(reader.words(name, ())) == []
    assert list(reader.words(name, ("koi8_r",))) == ["Кузнецова^Нина"]
