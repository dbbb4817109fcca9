"""The clinical header's fingerprint: what changes it, and what does not."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from companion.receipts.clinical import LEFT_OUT, fingerprints
from companion.receipts.elements import NotUnderstoodError, read
from tests.builders import make_element, make_raw_scan, make_scan
from tests.receipts.making import make_slice


def header_of(data: bytes) -> tuple[str, str]:
    """The two fingerprints of a scan's header."""
    return fingerprints(read(data, 132).dataset)


def of_body(*elements: bytes) -> tuple[str, str]:
    """The same of elements in explicit VR little endian."""
    return header_of(make_raw_scan(b"".join(elements)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"PatientName": "Moss^Ada"}, {"PatientName": "Moss^Ada^^^"}),
        ({"PatientName": "Moss^Ada"}, {"PatientName": "Moss^Ada=="}),
        ({"SliceThickness": "1.50"}, {"SliceThickness": "1.5"}),
        ({"SliceThickness": "0.0000"}, {"SliceThickness": "0"}),
        ({"SliceThickness": "100"}, {"SliceThickness": "1E2"}),
        ({"PatientComments": ""}, {}),
        ({"ReferencedStudySequence": []}, {}),
        ({"RetrieveAETitle": "ARCHIVE1"}, {"RetrieveAETitle": "ARCHIVE2"}),
        ({"LossyImageCompression": "00"}, {}),
        ({"PlanarConfiguration": 0}, {"PlanarConfiguration": 1}),
        (
            {"SpecificCharacterSet": "ISO_IR 100", "PatientName": "Müller^Ägidius"},
            {"SpecificCharacterSet": "ISO_IR 192", "PatientName": "Müller^Ägidius"},
        ),
    ],
)
def test_what_says_the_same_has_the_same_fingerprint(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert header_of(make_scan(**one)) == header_of(make_scan(**other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"PatientName": "Moss^Ada"}, {"PatientName": "Moss^Ida"}),
        ({"PatientName": "Moss^Ada"}, {"PatientName": "moss^Ada"}),
        ({"PatientName": "Moss^Ada"}, {"PatientName": ""}),
        ({"StudyDate": "20260101"}, {"StudyDate": "20260102"}),
        ({"ImageLaterality": "L"}, {"ImageLaterality": "R"}),
        ({"WindowCenter": "40"}, {"WindowCenter": "400"}),
        ({"SliceThickness": "1.5"}, {"SliceThickness": "1.51"}),
        ({"WindowCenter": ["1", "23"]}, {"WindowCenter": ["12", "3"]}),
        ({"ReferencedStudySequence": [{}]}, {"ReferencedStudySequence": [{"Modality": "CT"}]}),
        ({"Rows": 4}, {"Rows": 8}),
    ],
)
def test_what_says_something_else_has_another(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert header_of(make_scan(**one))[0] != header_of(make_scan(**other))[0]


@pytest.mark.parametrize(
    ("change", "is_view"),
    [
        ({"ImageLaterality": "R"}, True),
        ({"PatientOrientation": ["L", "F"]}, True),
        ({"WindowWidth": "5"}, True),
        ({"ImagePositionPatient": ["0", "0", "9"]}, True),
        ({"PhotometricInterpretation": "MONOCHROME1"}, True),
        (
            {
                "VOILUTSequence": [
                    {"LUTDescriptor": [2, 0, 16], "LUTData": b"\0\0\1\0", "LUTExplanation": "bone"}
                ]
            },
            True,
        ),
        ({"PatientName": "Moss^Ida"}, False),
        ({"StudyDate": "20260102"}, False),
    ],
)
def test_the_view_is_side_window_and_place(change: dict[str, Any], is_view: bool) -> None:
    assert (header_of(make_slice())[1] != header_of(make_slice(**change))[1]) is is_view


def test_a_private_block_may_move() -> None:
    here = of_body(
        make_element(0x00290010, "LO", b"ACME"), make_element(0x00291001, "LO", b"value ")
    )
    there = of_body(
        make_element(0x00290042, "LO", b"ACME"), make_element(0x00294201, "LO", b"value ")
    )
    other = of_body(
        make_element(0x00290010, "LO", b"ACNE"), make_element(0x00291001, "LO", b"value ")
    )
    assert here == there
    assert here != other


@pytest.mark.parametrize("value", [b"two words ", b"\x01\x02\x03\x04", b"\0\x20", b"\0\0"])
def test_a_private_value_is_the_same_for_who_lacks_the_dictionary(value: bytes) -> None:
    vr = "LO" if value.startswith(b"two") else "OB"
    creator = make_element(0x00290010, "LO", b"ACME")
    known = of_body(creator, make_element(0x00291001, vr, value))
    unknown = of_body(creator, make_element(0x00291001, "UN", value))
    assert known == unknown
    more = make_element(0x00291001, "UN", value.replace(b"\0", b"\1") + b"\2\0")
    assert of_body(creator, more) != known


def test_a_private_sequence_is_one_also_where_it_is_written_as_bytes() -> None:
    creator = make_element(0x00290010, "LO", b"ACME")
    inside = make_element(0x00080060, "CS", b"CT")
    implicit = struct.pack("<HHI", 0x0008, 0x0060, 2) + b"CT"
    as_sequence = make_element(
        0x00291001, "SQ", struct.pack("<HHI", 0xFFFE, 0xE000, len(inside)) + inside
    )
    as_bytes = make_element(
        0x00291001, "UN", struct.pack("<HHI", 0xFFFE, 0xE000, len(implicit)) + implicit
    )
    assert of_body(creator, as_sequence) == of_body(creator, as_bytes)


def test_elements_out_of_order_say_the_same() -> None:
    name, day = make_element(0x00100010, "PN", b"Moss"), make_element(0x00080020, "DA", b"20260101")
    assert of_body(name, day) == of_body(day, name)


@pytest.mark.parametrize(
    "body",
    [
        make_element(0x00100010, "PN", b"Moss") * 2,
        make_element(0x00100010, "PN", b"Moss", 400),
        make_element(0x00081110, "SQ", b"\xfe\xff\0\xe0\xff\xff\xff\xff"),
        make_element(0x00100010, "PN", b"Moss") + b"trailing words",
    ],
    ids=["twice", "too long", "no end", "words behind"],
)
def test_what_is_not_understood_has_no_fingerprint(body: bytes) -> None:
    with pytest.raises(NotUnderstoodError):
        of_body(body)


def test_zeros_behind_the_end_are_passed_over() -> None:
    name = make_element(0x00100010, "PN", b"Moss")
    assert of_body(name, bytes(512)) == of_body(name)


def test_no_element_about_the_person_is_left_out() -> None:
    assert not [tag for tag in LEFT_OUT if tag >> 16 == 0x0010]
