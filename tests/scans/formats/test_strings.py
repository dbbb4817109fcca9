"""Text in binary data is found in every encoding, and noise is no text."""

from __future__ import annotations

import math
import random
import struct

import pytest

from companion.scans.findings import Report
from companion.scans.formats.likeness import evidence, is_of_numbers
from companion.scans.formats.strings import is_text, text_runs
from companion.scans.inspection import Entry, inspect
from tests.builders import make_element, make_raw_scan

NAME = "Zavodila"


def make_private_scan(value: bytes, vr: str = "OB", *, name: bytes = b"Doe^Jane") -> bytes:
    return make_raw_scan(
        make_element(0x00100010, "PN", name)
        + make_element(0x00290010, "LO", b"ACME 1")
        + make_element(0x00291001, vr, value)
    )


def of_private(report: Report, *rules: str) -> list[str]:
    return [
        value
        for finding in report.findings
        if finding.path == "00291001" and (not rules or finding.rule in rules)
        for value in finding.values
    ]


WRITTEN = [
    (NAME, "ascii"),
    (NAME, "utf-16-le"),
    (NAME, "utf-16-be"),
    ("Кузнецова", "utf-16-le"),
    ("Παπαδοπούλου", "utf-16-be"),
    ("כהןלוי", "utf-16-le"),
    ("محمدعلي", "utf-16-be"),
]
IN_UTF_8 = [("Müllerová Ždana", "utf-8"), ("Кузнецова Ирина", "utf-8"), ("Anna Müller", "latin-1")]


@pytest.mark.parametrize(
    ("text", "encoding", "size"),
    [(*pair, size) for pair in WRITTEN for size in (60, 900, 4_000, 60_000, 300_000)]
    # In very large data only ASCII and UTF-16 are looked for.
    + [(*pair, size) for pair in IN_UTF_8 for size in (60, 900, 4_000, 60_000, 200_000)],
)
def test_a_name_in_noise_is_found_in_its_encoding(text: str, encoding: str, size: int) -> None:
    chance = random.Random(size)
    before, after = chance.randbytes(size // 2), chance.randbytes(size // 2)

    runs = text_runs(before + b"\0\0" + text.encode(encoding) + b"\0\0" + after)

    assert any(text in run for run in runs)


@pytest.mark.parametrize("name", ["美玲", "王小明", "山田太郎", "ヤマダタロウ", "김서연"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_chinese_japanese_or_korean_name_between_zeros_is_found(name: str, encoding: str) -> None:
    chance = random.Random(name)
    data = chance.randbytes(2_000) + bytes(4) + name.encode(encoding) + bytes(4)

    assert name in list(text_runs(data))


def test_latin_letters_two_by_two_are_no_chinese() -> None:
    data = b"\0\0".join(word.encode() for word in ("slice", "thickness", "PHASE", "echo")) + b"\0"

    assert all(run.isascii() for run in text_runs(data))


def test_the_byte_order_of_utf_16_costs_no_letter() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        for around in (b"\xff", b"\xff\xfe", b"\0", b"\0\0", b"k"):
            data = around + NAME.encode(encoding) + around
            assert any(NAME in run for run in text_runs(data)), (encoding, around)


def test_small_numbers_of_16_bits_are_no_cyrillic() -> None:
    chance = random.Random(1)
    data = bytes(chance.randrange(3, 7) for _ in range(4_000))

    assert list(text_runs(data)) == []


def test_text_as_a_whole_may_have_lines_accents_and_padding() -> None:
    assert is_text(b"one\r\n\ttwo\0 \0")
    assert is_text("Ždana\n".encode())
    assert not is_text(b"one\x01two")
    assert not is_text(b"\xff\xfe one")
    assert not is_text(b"\0\0  ")


def test_words_weigh_more_than_chance_and_pixels_nothing() -> None:
    assert evidence("Doe^Jane") > evidence("oDj^xaqE") + 8
    assert evidence("Ȓק9ѼuЦ") == 0  # letters of many scripts at once
    steps = "3456789:;=<>?@BACDEFGHIHGFEDCBA@?>=<;:98765432"
    assert is_of_numbers(steps)
    assert is_of_numbers("IFBGOJMUTOONQMQOTQZOQPRSQTUVTSRQ")
    assert is_of_numbers(
        "FR<OCCXGEMQEK<BA865CDBF8EHM=B1@07Q/MIBJKPC@?<E>P3;<1Y-C@V2P>D?L:EIX-UOAIAVHCCDD=Z2!"
    )
    assert not is_of_numbers(
        '<subject name="Szczepan Kowalczyk"/><city>Radom</city>;<door>4</door>'
    )
    assert not is_of_numbers(
        "PATIENT=KOWALCZYK;SZCZEPAN;STREET=ZIELONA;DOOR=4;<CITY>=RADOM;STATION=WEST"
    )
    assert not is_of_numbers("Kowalczyk^Szczepan")
    assert not is_of_numbers("0000000000 20191019093431 111111111")


def test_noise_gives_no_finding_of_any_rule() -> None:
    chance = random.Random(7)
    noise = [chance.randbytes(int(2 ** chance.uniform(6, 16)) & ~1) for _ in range(300)]

    report = inspect(Entry(f"IM{n}", [make_private_scan(data)]) for n, data in enumerate(noise))

    assert of_private(report) == []
    assert {record.status for record in report.files} == {"read"}


def test_a_histogram_gives_no_finding() -> None:
    height, heights = 40, bytearray()
    chance = random.Random(2)
    for _ in range(4_000):
        height = min(250, max(0, height + chance.randrange(-5, 6)))
        heights.append(height)
    wave = bytes(int(80 + 40 * math.sin(n / 9)) for n in range(2_000))

    for data in (bytes(heights), wave, struct.pack("<2000H", *wave)):
        assert of_private(inspect([Entry("IM1", [make_private_scan(data)])])) == []


@pytest.mark.parametrize("vr", ["US", "SS", "OW", "UN", "OB"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "ascii"])
def test_text_kept_as_numbers_is_found_and_echoes(vr: str, encoding: str) -> None:
    screen = f"ID 22940817  {NAME}  Harbour Clinic".encode(encoding)
    data = make_private_scan(screen + b"\0" * (len(screen) % 2), vr, name=NAME.encode())

    report = inspect([Entry("IM1", [data])])

    assert any(NAME in value for value in of_private(report, "echo-name"))
    assert any("22940817" in value for value in of_private(report))


def test_numbers_are_no_text() -> None:
    counts = struct.pack("<60H", *range(900, 960))

    report = inspect([Entry("IM1", [make_private_scan(counts, "US")])])

    assert of_private(report) == []


def test_letters_that_are_no_word_tell_less_than_a_word_among_the_same_signs() -> None:
    assert evidence("7;Harbour;3") > evidence("7;hARbOUR;3") + 15
    assert evidence("a b c d e f") == pytest.approx(-0.5 * 6)
    assert evidence("DeVries") > evidence("DevRies") + 15


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_long_text_of_common_characters_is_found_and_one_of_rare_ones_is_not(
    encoding: str,
) -> None:
    common = "検査結果報告書山田太郎東京都千代田区放射線科診断医師" * 2
    rare = "".join(map(chr, range(0x9F00, 0x9F30)))

    assert common in list(text_runs(b"\x01\x02" + common.encode(encoding) + b"\x00\x00"))
    assert list(text_runs(b"\x01\x02" + rare.encode(encoding) + b"\x00\x00")) == []
