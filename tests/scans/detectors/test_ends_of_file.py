"""Preamble, trailing bytes, second data sets, elements that occur twice, signatures, ZIPs."""

from __future__ import annotations

import pytest

from companion.scans.assess import findings
from companion.scans.findings import Finding, Place
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import FactKind, Inventory
from tests.builders import make_element, make_raw_scan, make_scan, make_zip

CLASS = make_element(0x00080016, "UI", b"1.2.840.10008.5.1.4.1.1.2\0")


def report(data: bytes, name: str = "IM1.dcm") -> dict[str, Finding]:
    return {one.rule: one for one in inspect([Entry(name, [data])]).findings}


def test_an_element_that_stands_twice_is_told_and_both_values_are_shown() -> None:
    name = make_element(0x00100010, "PN", b"Okonkwo^Ada ")
    other = make_element(0x00100010, "PN", b"Brandt^Uwe")

    found = report(make_raw_scan(CLASS + name + other))

    assert found["tag-twice"].tag == "00100010"
    assert found["patient-name"].values == ("Okonkwo^Ada", "Brandt^Uwe")


def test_a_program_in_the_preamble_is_named() -> None:
    found = report(make_scan(preamble=b"MZ\x90".ljust(128, b"\0")))

    assert found["preamble"].values == ("PE",)
    assert found["preamble"].place == "preamble"


def test_an_empty_preamble_and_zero_padding_are_nothing() -> None:
    found = report(make_scan(trailing=bytes(64)))

    assert not {"preamble", "trailing-bytes", "trailing-text", "second-dataset"} & set(found)


@pytest.mark.parametrize("behind", [b"\r\n", b"\n", b"  ", b"\0\0 \r\n", b"\x1a", b"\r\n" * 400])
@pytest.mark.parametrize("pixels", [bytes(32), None])
def test_ends_of_lines_and_blanks_behind_the_end_are_padding(
    behind: bytes, pixels: bytes | None
) -> None:
    scan = make_scan(PixelData=pixels, trailing=behind)

    record = inspect([Entry("IM1.dcm", [scan])]).files[0]

    assert record.status == "read"
    assert "padding" in record.notes


@pytest.mark.parametrize("behind", [b"\r\nx\r\n", b"\x1a\x1b  ", b"\xff" * 9])
def test_anything_else_behind_the_end_is_said(behind: bytes) -> None:
    record = inspect([Entry("IM1.dcm", [make_scan(trailing=behind)])]).files[0]

    assert record.status == "partly-read"


def test_a_second_scan_after_the_first_is_reported_with_its_name() -> None:
    found = report(make_scan(trailing=make_scan(PatientName="Brandt^Uwe")))

    assert "second-dataset" in found
    assert (found["patient-name"].place, found["patient-name"].values) == (
        "trailing",
        ("Brandt^Uwe",),
    )


def test_an_encrypted_part_is_told_though_nothing_in_it_can_be_read() -> None:
    locked = {
        "EncryptedContentTransferSyntaxUID": "1.2.840.10008.1.2",
        "EncryptedContent": b"\x91" * 64,
    }

    found = report(make_scan(EncryptedAttributesSequence=locked))

    assert found["encrypted-content"].certainty == "possible"


def test_the_comment_of_a_zip_is_reported() -> None:
    found = report(make_zip({"IM1": make_scan()}, comment=b"for Okonkwo"), "scans.zip")

    assert found["archive-comment"].values == ("for Okonkwo",)
    assert found["archive-dates"].values == ("2024-01-15",)


def test_facts_of_one_kind_are_one_finding() -> None:
    inventory = Inventory()
    for number in range(40):
        inventory.begin(f"IM{number}")
        inventory.add_fact(
            FactKind.PREAMBLE_NOT_EMPTY, Place.PREAMBLE, detail="TIFF" if number % 2 else "text"
        )

    (found,) = findings(inventory)

    assert (found.files, found.values) == (40, ("text", "TIFF"))


def test_an_overlays_label_bears_its_name() -> None:
    label = make_element(0x60000022, "LO", b"for Okonkwo ")

    found = report(make_raw_scan(CLASS + make_element(0x60000010, "US", b"\4\0") + label))

    assert (found["overlay-words"].name, found["overlay-words"].place) == (
        "OverlayDescription",
        "overlay",
    )
