"""Headers of volumes and of traces of heart and brain: whom they are of."""

from __future__ import annotations

import random
import struct

import pytest

from companion.scans.findings import Kind, Note
from companion.scans.formats import biosignals, documents, volumes
from companion.scans.inspection import Entry, inspect

TOKEN = "Qzxwvkt Brandt"
T = TOKEN.encode()
VOXELS = random.Random(11).randbytes(4_000)


def make_nifti(
    *extensions: tuple[int, bytes], big: bool = False, mark: bytes = b"n+1\0", **fields: bytes
) -> bytes:
    order = ">" if big else "<"
    head = bytearray(352)
    struct.pack_into(f"{order}i", head, 0, 348)
    struct.pack_into(f"{order}8h", head, 40, 3, 4, 4, 4, 1, 1, 1, 1)
    struct.pack_into(f"{order}hh", head, 70, 4, 16)
    places = {"descrip": 148, "aux_file": 228, "db_name": 14, "intent_name": 328}
    for name, value in fields.items():
        head[places[name] : places[name] + len(value)] = value
    head[344:348] = mark
    body = b""
    for code, text in extensions:
        size = -(-(len(text) + 8) // 16) * 16
        body += struct.pack(f"{order}ii", size, code) + text.ljust(size - 8, b"\0")
    head[348] = bool(extensions)
    struct.pack_into(f"{order}f", head, 108, 352 + len(body))
    return bytes(head) + body + VOXELS


def make_nifti_2(descrip: bytes) -> bytes:
    head = bytearray(544)
    struct.pack_into("<i", head, 0, 540)
    head[4:12] = b"n+2\0\r\n\x1a\n"
    head[240 : 240 + len(descrip)] = descrip
    struct.pack_into("<q", head, 168, 544)
    return bytes(head) + VOXELS


def make_minc(*texts: tuple[bytes, bytes], **variables: tuple[bytes, bytes]) -> bytes:
    """A netCDF file whose own attributes, and those of its variables, are ``texts``."""

    def name(text: bytes) -> bytes:
        return struct.pack(">i", len(text)) + text + bytes(-len(text) % 4)

    def attributes(texts: tuple[tuple[bytes, bytes], ...]) -> bytes:
        each = (name(key) + struct.pack(">i", 2) + name(value) for key, value in texts)
        return struct.pack(">ii", 12, len(texts)) + b"".join(each)

    parts = [b"CDF\x01", bytes(4), struct.pack(">ii", 10, 1), name(b"xspace"), bytes([0, 0, 0, 9])]
    parts += [attributes((*texts, (b"ident", b"a:b"))), struct.pack(">ii", 11, len(variables))]
    for variable, text in variables.items():
        parts += [name(variable.encode()), struct.pack(">ii", 1, 0), attributes((text,))]
        parts += [struct.pack(">iii", 4, 4, 200)]
    return b"".join(parts) + VOXELS


def make_analyze(patient: bytes) -> bytes:
    data = bytearray(make_nifti(mark=bytes(4)))
    data[283:293] = patient.ljust(10, b"\0")
    return bytes(data)


def make_edf(patient: bytes, recording: bytes, *, plus: bool = True, notes: bytes = b"") -> bytes:
    labels = (b"EEG Fpz-Cz", b"EDF Annotations") if plus else (b"EEG Fpz-Cz", b"ECG")
    head = b"0".ljust(8) + patient.ljust(80) + recording.ljust(80) + b"02.03.1702.03.04"
    head += b"768".ljust(8) + (b"EDF+C" if plus else b"").ljust(44)
    head += b"1".ljust(8) + b"1".ljust(8) + b"2".ljust(4)
    rest = b"".join(label.ljust(16) for label in labels)
    return (head + rest).ljust(768) + VOXELS[:400] + b"+0\x14\x14\0" + notes


def make_scp(*fields: tuple[int, bytes], size: int | None = None) -> bytes:
    body = b"".join(bytes([tag]) + struct.pack("<H", len(value)) + value for tag, value in fields)
    body += b"\xff\0\0"
    section = bytes(16) + body
    pointers = struct.pack("<HII", 0, 136, 7) + struct.pack("<HII", 1, size or len(section), 143)
    start = b"\0\0" + struct.pack("<I", 142 + len(section))
    zero = struct.pack("<HHIBB", 0, 0, 136, 20, 20) + b"SCPECG" + pointers
    return start + zero.ljust(136, b"\0") + section


MORE = b"Patient: Qzxwvkt Brandt\nID: 7712940\n"
FILES = {
    "NIfTI description": make_nifti(descrip=b"TE=3;" + T),
    "NIfTI auxiliary file": make_nifti(aux_file=T),
    "NIfTI database name": make_nifti(db_name=T),
    "NIfTI intent": make_nifti(intent_name=T),
    "NIfTI of the other byte order": make_nifti(descrip=T, big=True),
    "NIfTI comment": make_nifti((6, MORE)),
    "second comment": make_nifti((6, b"made by a program"), (4, b"<note>%s</note>" % T), big=True),
    "header in NIfTI": make_nifti((2, b"\x10\0\x10\0PN\x0e\0" + T)),
    "NIfTI in two files": make_nifti(descrip=T, mark=b"ni1\0"),
    "NIfTI-2": make_nifti_2(T),
    "NRRD": b"NRRD0004\n# by a viewer\ntype: short\npatient:=%s\n\n" % T + VOXELS,
    "MetaImage": b"ObjectType = Image\nNDims = 3\nPatientName = %s\nElementType = MET_SHORT\n"
    b"ElementDataFile = LOCAL\n" % T + VOXELS,
    "Interfile": b"!INTERFILE :=\r\npatient name := %s\r\n!END OF INTERFILE :=\r\n" % T + VOXELS,
    "MINC": make_minc(patient=(b"full_name", T)),
    "MINC's own word": make_minc((b"history", T)),
    "EDF": make_edf(T, b"", plus=False),
    "EDF+": make_edf(b"MCH-0234567 F 02-MAY-1951 Qzxwvkt_Brandt", b"Startdate X X X X"),
    "EDF+ annotation": make_edf(b"X X X X", b"", notes=b"+12\x14seen by Dr Qzxwvkt Brandt\x14\0"),
    "SCP-ECG": make_scp((0, b"Qzxwvkt Brandt\0"), (1, b"Anna\0")),
    "SCP-ECG physician": make_scp((2, b"7712940\0"), (20, T + b"\0")),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_what_a_header_says_is_found(kind: str) -> None:
    data = FILES[kind]
    report = inspect([Entry("file", [data])])
    assert any(TOKEN in value for finding in report.findings for value in finding.values)
    (record,) = report.files
    assert set(record.notes) <= {Note.PICTURE_NOT_LOOKED_AT}


def text_of(data: bytes) -> str:
    kind = documents.sniff("file", data)
    assert kind in (Kind.IMAGE, Kind.DOCUMENT)
    return "\n".join(text for _, text in documents.read(kind, data))


@pytest.mark.parametrize(
    "data",
    [
        make_minc((b"history", T))[:90],
        make_minc((b"history", T)).replace(b"\0\0\0\x0c\0\0\0\2", b"\0\0\0\x0c\x7f\0\0\0", 1),
        b"CDF\1" + bytes(4) + VOXELS,
        b"CDF\5" + b"\xff" * 400,
    ],
    ids=["cut", "attributes without end", "no list", "counts beyond measure"],
)
def test_a_damaged_minc_header_says_so(data: bytes) -> None:
    (record,) = inspect([Entry("file", [data])]).files

    assert (record.status, Note.PART_NOT_CHECKED in record.notes) == ("partly-read", True)


def test_a_minc_volume_of_nobody_yields_nothing_of_a_patient() -> None:
    assert text_of(make_minc()) == "ident: a:b"


def test_analyze_names_a_patient() -> None:
    assert "Patient ID: 7712940" in text_of(make_analyze(b"7712940"))


def test_edf_plus_is_read_part_by_part() -> None:
    text = text_of(
        make_edf(b"MCH-0234567 F 02-MAY-1951 Qzxwvkt_Brandt", b"Startdate 02-MAR-2017 A-17 NN Sony")
    )
    for line in (
        "Patient ID: MCH-0234567", "Sex: F", "Date of birth: 02-MAY-1951",
        "Patient name: Qzxwvkt Brandt", "Accession number: A-17", "Technician: NN",
        "Date of recording: 2017-03-02",
    ):  # fmt: skip
        assert line in text


def test_edf_plus_without_a_patient_says_none() -> None:
    assert "Patient" not in text_of(make_edf(b"X X X X", b"Startdate X X X X"))


def test_scp_ecg_is_read_field_by_field() -> None:
    born = struct.pack("<HBB", 1951, 5, 2)
    text = text_of(make_scp((0, b"Brandt\0"), (1, b"Anna\0"), (2, b"7712940\0"), (5, born)))
    assert text.splitlines() == [
        "Patient name: Brandt, Anna", "Patient ID: 7712940", "Date of birth: 1951-05-02",
    ]  # fmt: skip


def test_a_name_in_another_code_page_is_read() -> None:
    assert "Юдина Клара" in text_of(make_edf("Юдина Клара".encode("cp1251"), b"", plus=False))
    assert "Юдина Клара" in text_of(make_nifti(descrip="Юдина Клара".encode("koi8-r")))


@pytest.mark.parametrize("data", [make_nifti(), make_nifti(big=True), make_nifti_2(b"")])
def test_a_volume_that_says_nothing_yields_nothing(data: bytes) -> None:
    assert text_of(data) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"\x5c\1\0\0" + bytes(400),  # the number of a header, and no dimensions
        b"\x5c\1\0\0" + VOXELS,
        b"0       " + VOXELS,
        bytes(16) + b"SCPECH" + VOXELS,
        b"NDims are three\n" * 100,
    ],
)
def test_what_only_begins_alike_is_something_else(data: bytes) -> None:
    assert not volumes.is_volume(data)
    assert not biosignals.is_edf(data)
    assert not biosignals.is_scp(data)


HOSTILE = {
    "extensions without end": make_nifti(*[(6, b"")] * 50_000),
    "an extension that lies": make_nifti((6, T)).replace(
        struct.pack("<ii", 32, 6), struct.pack("<ii", 2**31 - 1, 6)
    ),
    "a header without end": b"NRRD0004\n" + b"key: value\n" * 500_000,
    "annotations without end": make_edf(b"X", b"", notes=b"".join(
        b"\x14n%d\x14\0" % number for number in range(300_000)
    )),
    "a section that lies": make_scp((0, T), size=2**31),
    "fields without end": make_scp(*[(30, b"x")] * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_built_to_take_for_ever_ends(kind: str) -> None:
    data = HOSTILE[kind]
    passages = list(documents.read(documents.sniff("file", data), data))
    assert len(passages) < 2_000


@pytest.mark.parametrize(
    "kind", ["extensions without end", "an extension that lies", "a section that lies"]
)
def test_what_was_left_out_is_noted(kind: str) -> None:
    report = inspect([Entry("file", [HOSTILE[kind]])])
    assert {Note.DOCUMENT_CUT, Note.PART_NOT_CHECKED} & set(report.files[0].notes)
