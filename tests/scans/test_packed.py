"""Whatever is packed or written in code is read, wherever it stands; and chance is not."""

from __future__ import annotations

import base64
import bz2
import gzip
import random
import struct
import zlib
from collections.abc import Callable

import pytest

from companion.scans.formats import packed
from companion.scans.formats.packed import Budget
from tests.builders import make_element, make_raw_scan, make_scan, make_zip
from tests.scans.packings import (
    NAME,
    NUMBER,
    PACKINGS,
    PLACES,
    TEXT_PLACES,
    as_lzma,
    deflate,
    find,
    in_tar,
    in_zip,
    look,
    make_text,
)

HARMLESS_IN_A_FILE = {"unknown-format", "inside-unknown"}
"""What bytes that are neither text nor an archive are noted for, whatever is in them."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("packing", PACKINGS)
def test_a_name_is_found_in_every_packing_and_place(packing: str, place: str) -> None:
    assert find(PACKINGS[packing](make_text()), place)


@pytest.mark.parametrize("place", TEXT_PLACES)
@pytest.mark.parametrize(
    "packing", ["base64", "base64 in lines", "base64 in JSON", "base64 of gzip", "hexadecimal"]
)
def test_a_name_is_found_in_texts_that_are_code(packing: str, place: str) -> None:
    assert find(PACKINGS[packing](make_text()), place)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("packing", PACKINGS)
def test_what_is_packed_without_a_name_is_read_and_silent(packing: str, place: str) -> None:
    report = look(PLACES[place](PACKINGS[packing](make_text(clean=True))))

    assert {note for record in report.files for note in record.notes} <= HARMLESS_IN_A_FILE
    assert not [one for one in report.findings if one.rule in {"private-binary", "echo-name"}]


def test_a_find_says_where_it_stands_and_that_it_was_packed() -> None:
    report = look(PLACES["private bytes"](gzip.compress(make_text())))

    holding = [one for one in report.findings if any(NUMBER in value for value in one.values)]
    assert {(one.place, one.path, one.name) for one in holding} == {
        ("private", "00991010", "text inside packed data in TUNING 3: unknown")
    }
    assert {one.rule for one in holding} >= {"private-binary"}


def test_a_value_that_every_slice_repeats_is_counted_in_each() -> None:
    (data,) = PLACES["private bytes"](gzip.compress(make_text())).values()

    report = look({f"IM{number}": data for number in range(5)})

    (said,) = [one for one in report.findings if one.rule == "private-binary"]
    assert said.files == 5


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"7z\xbc\xaf\x27\x1c\0\4" + zlib.crc32(b"?" * 20).to_bytes(4, "little") + b"?" * 20,
         "packed-not-opened"),
        (b"Rar!\x1a\x07\x01\0" + b"?" * 60, "packed-not-opened"),
        (b"\x28\xb5\x2f\xfd\x20" + b"?" * 60, "packed-not-opened"),
        (gzip.compress(make_text())[:-40], "packed-cut"),
        (gzip.compress(make_text())[:-8] + bytes(8), "packed-cut"),
        (zlib.compress(make_text())[:-30], "packed-cut"),
        (zlib.compress(make_text())[:-4] + b"????", "packed-cut"),
        (bz2.compress(make_text())[:-20], "packed-cut"),
        (in_zip(make_text())[:-150], "packed-cut"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(make_text())))),
         "packed-not-opened"),
        (gzip.compress(gzip.compress(gzip.compress(deflate(make_text())))), "packed-not-opened"),
        (gzip.compress(gzip.compress(gzip.compress(as_lzma(make_text())))), "packed-not-opened"),
        (gzip.compress(bytes(4_000_000)), "packed-cut"),
    ],
    ids=["7z", "rar", "zstandard", "gzip cut", "gzip check", "zlib cut", "zlib check", "bzip2 cut",
         "zip cut", "four deep", "deflate four deep", "lzma four deep", "bomb"],
)  # fmt: skip
def test_what_cannot_be_opened_is_said(data: bytes, note: str) -> None:
    (record,) = look(PLACES["private bytes"](data)).files

    assert (record.status, record.notes) == ("partly-read", (note,))


@pytest.mark.parametrize("packing", ["gzip", "zlib", "bzip2", "ZIP, deflated", "base64 of gzip"])
def test_what_stands_in_front_of_the_damage_is_read(packing: str) -> None:
    text = make_text() + random.Random(4).randbytes(9_000).hex().encode()
    whole = PACKINGS[packing](text)

    report = look(PLACES["private bytes"](whole[: len(whole) * 3 // 4]))

    if packing != "bzip2":  # its blocks come out whole or not at all
        assert any(NAME in value for one in report.findings for value in one.values)
    assert report.files[0].notes == ("packed-cut",)


def test_a_note_is_said_of_every_file_that_repeats_the_value() -> None:
    (data,) = PLACES["private bytes"](gzip.compress(make_text())[:-40]).values()

    report = look({f"IM{number}": data for number in range(4)})

    assert {record.notes for record in report.files} == {("packed-cut",)}


LENGTHS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "both lengths": lambda out, text: struct.pack("<II", len(out), len(text)),
    "both lengths, the larger end first": lambda out, text: struct.pack(">II", len(out), len(text)),
    "a version and a length": lambda _, text: struct.pack("<II", 1, len(text)),
    "a name and a length": lambda out, _: b"PROTOCOL" + struct.pack("<Q", len(out)),
}


@pytest.mark.parametrize("clean", [False, True])
@pytest.mark.parametrize("lengths", LENGTHS)
def test_deflated_bytes_behind_more_than_one_number_are_read(lengths: str, clean: bool) -> None:
    text = make_text(clean=clean)
    packed_text = deflate(text)

    report = look(PLACES["private bytes"](LENGTHS[lengths](packed_text, text) + packed_text))

    assert any(NUMBER in value for one in report.findings for value in one.values) is not clean


@pytest.mark.parametrize("vr", ["US", "SS", "UL", "SL", "FL", "FD", "AT", "UR"])
def test_packed_bytes_in_an_element_of_numbers_are_read(vr: str) -> None:
    data = base64.b64encode(gzip.compress(make_text()))
    body = make_element(0x00990010, "LO", b"TUNING 3") + make_element(
        0x00991010, vr, data + b"=" * (-len(data) % 8)
    )

    report = look({"IM1": make_raw_scan(body)})

    assert any(NUMBER in value for one in report.findings for value in one.values)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("cp1250", "Dvořáková Žofie"),
        ("cp1251", "Кузнецова Нина"),
        ("cp1252", "Großjäger Jürgen"),
        ("cp1253", "Παπαδοπούλου Ήβη"),
        ("cp1254", "Şahinoğlu Gülşen"),
        ("cp1255", "ברקוביץ שושנה"),
        ("cp1256", "الخطيب فاطمة"),
        ("cp1257", "Žukauskaitė Rūta"),
        ("koi8_r", "Кузнецова Нина"),
        ("gb18030", "欧阳晓慧"),
        ("big5", "歐陽曉慧"),
        ("cp932", "佐々木美智子"),
        ("euc_kr", "황보서연"),
        ("tis_620", "ศรีสุวรรณ สมหญิง"),
    ],
)
@pytest.mark.parametrize("packing", ["gzip", "base64", "as it is"])
def test_a_text_in_a_code_page_that_nothing_names_is_read(
    packing: str, page: str, name: str
) -> None:
    text = f'set COIL4 "0.50"\nset PATNAME "{name}"\nset COIL5 "1.50"'.encode(page)
    data = PACKINGS[packing](text) if packing in PACKINGS else text

    report = look(PLACES["private bytes"](data))

    assert any(name in value for one in report.findings for value in one.values)
    assert report.files[0].notes == ("letters-guessed",)


def test_pairs_of_digits_that_end_behind_what_is_looked_at_spoil_nothing() -> None:
    data = b"4a, " * (1 << 20) + b"xy"

    report = look(PLACES["private bytes"](data) | {"IM2": make_scan(PatientName="Doe^Jane")})

    assert [record.name for record in report.files] == ["IM1", "IM2"]


def test_a_table_of_numbers_of_two_digits_is_no_code() -> None:
    chance = random.Random(2)
    numbers = b" ".join(b"%02d" % chance.randint(20, 79) for _ in range(200))

    report = look(PLACES["private bytes"](numbers) | {"numbers.txt": b"Ages: " + numbers})

    assert not [one for one in report.findings if "packed" in one.name]


@pytest.mark.parametrize("behind", [b" y = x^2 + x^3", b" x\x9c..", gzip.compress(b"nothing" * 9)])
def test_code_in_front_of_packed_data_or_of_what_only_looks_so_is_read(behind: bytes) -> None:
    assert find(base64.b64encode(make_text()) + b"\n" + behind, "private bytes")


def test_deflated_bytes_with_the_mark_of_another_packing_in_them_are_read() -> None:
    for seed in range(4_000):
        text = make_text() + random.Random(seed).randbytes(30).hex().encode()
        if b"x\x9c" in deflate(text) or b"x^" in deflate(text):
            break

    assert find(deflate(text), "private bytes")


@pytest.mark.parametrize(
    "head",
    [b"\x04\x22\x4d\x18\x64\x40\xa7", b"LZIP\x01\x14", b"\x89LZO\0\r\n\x1a\n", b"MSCF\0\0\0\0"],
)
def test_a_packing_without_a_decoder_is_said(head: bytes) -> None:
    report = look(PLACES["private bytes"](head + random.Random(1).randbytes(200)))

    assert report.files[0].status == "partly-read"
    assert "packed-not-opened" in report.files[0].notes


def test_random_bytes_are_silent() -> None:
    chance = random.Random(11)

    for number in range(600):
        block = chance.randbytes((40, 300, 3_000, 12_000)[number % 4])
        assert not packed.may_hold(block) or not packed.unpack(block, Budget())


def test_noise_that_begins_like_a_stream_and_repeats_itself_is_silent() -> None:
    """What a deflated stream holds that has a few letters of chance, and copies of them."""
    chance = random.Random(5)

    for number in range(400):
        few = bytes(chance.choices(b"BDFtkv:'^8 \xa5\xb1\xcc", k=chance.randint(4, 10)))
        stream = (deflate if number % 2 else zlib.compress)(few + few[-3:] * 90)
        noise = stream[: len(stream) - chance.randint(3, 5)] + chance.randbytes(number)
        found = packed.unpack(noise, Budget())
        assert not found.parts
        assert not found.notes


def test_a_long_text_that_repeats_its_lines_is_no_noise() -> None:
    text = b"Quillbrooke, Tamsin: knee\n" * 60

    assert packed.unpack(deflate(text), Budget()).parts


@pytest.mark.parametrize(
    "text",
    [
        b"UsedChannelMaskOfTheFirstCoilElement = 4",
        b"0123456789" * 12,
        b"1.2.840.113619.2.55.3.604688119",
        b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        b"6F9619FF-8B86-D011-B42D-00CF4FC964FF",
        b"C:/Programme/Messungen/Kopfspule/ParameterDerErstenMessung.txt",
        base64.b64encode(random.Random(3).randbytes(32)),
        b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        b"ORIGINAL", b"Tra1Fast",
        base64.b85encode(random.Random(3).randbytes(64)),
        b"<~" + base64.a85encode(random.Random(3).randbytes(64)) + b"~>",
        b"<Param><Coil>{Head(12)&Neck}</Coil></Param>;{0x1};{0x2};(a|b)&(c|d)!x",
        b"value<~3.5~>", b"~>", b"T1+Gd-KM, C++, +49-30-1234, 12:00+0100, Brain+Contrast-, x +AMA-",
    ],
)  # fmt: skip
def test_long_words_and_digests_are_no_code(text: bytes) -> None:
    assert not packed.unpack(text, Budget())


def test_a_scan_inside_a_value_is_read_as_a_scan() -> None:
    inner = make_scan(PatientName=f"{NAME}^Tamsin", PatientID=NUMBER)

    report = look(PLACES["private bytes"](inner))

    values = {value for one in report.findings for value in one.values}
    assert f"PatientName: {NAME}^Tamsin" in values
    assert report.files[0].status == "read"


@pytest.mark.parametrize(
    ("name", "data", "inside"),
    [
        ("head.nii.gz", gzip.compress(b"?" * 400), "head.nii"),
        ("all.tgz", gzip.compress(in_tar(b"?" * 400)), "all.tar/notes/protocol.txt"),
        ("all.tar", in_tar(b"?" * 400), "notes/protocol.txt"),
        ("scan.bz2", bz2.compress(make_scan()), "scan"),
    ],
)
def test_a_packed_file_is_opened_and_what_is_in_it_is_listed(
    name: str, data: bytes, inside: str
) -> None:
    report = look({name: data})

    listed = {record.name: record for record in report.files}
    assert listed[f"{name}/{inside}"].status in {"read", "partly-read"}
    assert (listed[name].kind, listed[name].status) == ("archive", "read")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("scan.gz", gzip.compress(random.Random(1).randbytes(5_000))[:-900]),
        ("all.tar", in_tar(b"?" * 4_000)[:2_000]),
        ("scan.gz", gzip.compress(make_scan())[:-8] + bytes(8)),
    ],
    ids=["gzip cut", "tar cut", "gzip check"],
)
def test_a_packed_file_that_is_damaged_says_so(name: str, data: bytes) -> None:
    listed = {record.name: record for record in look({name: data}).files}

    assert listed[name].notes == ("packed-cut",)
    assert listed[name].status != "read"


@pytest.mark.parametrize("cut", range(1, 75, 6))
def test_a_zip_that_is_cut_in_its_list_is_not_read(cut: int) -> None:
    whole = make_zip({"a.dcm": make_scan(), "b.dcm": make_scan()})

    listed = {record.name: record for record in look({"all.zip": whole[:-cut]}).files}

    assert listed["all.zip"].status == "partly-read"
    assert listed["all.zip/a.dcm"].status == "read"


def test_deflated_bytes_without_a_head_are_believed_for_their_text_only() -> None:
    assert packed.unpack(deflate(make_text()), Budget())
    assert not packed.unpack(deflate(random.Random(5).randbytes(600)), Budget())


@pytest.mark.parametrize("clean", [False, True])
def test_a_labelled_name_in_a_packed_comment_is_shown_in_words(clean: bool) -> None:
    words = b"Gain: 12, table at rest, fat sat on. " if clean else b"PatientName: Ostrander^Ilse, "
    comment = base64.b64encode(gzip.compress(words * 3)).decode()
    report = look({"IM1": make_scan(ImageComments=comment)})

    assert any("Ostrander" in value for one in report.findings for value in one.values) is not clean
    assert {one.rule for one in report.findings if one.name.startswith("text inside")} == (
        set() if clean else {"private-patient-name"}
    )
