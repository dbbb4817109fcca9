"""Written reports, the unsigned words of programs, and the places of devices."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter

from companion.scans.findings import Finding
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan
from tests.scans.detectors.test_ai import DEVICE, PERSON, STATEMENT, make_item, make_sr
from tests.scans.making import make_report
from tests.scans.plants.files import make_pdf


def of_rule(rule: str, findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


@pytest.mark.parametrize(("flag", "signed"), [("VERIFIED", "yes"), ("UNVERIFIED", "no")])
def test_a_persons_report_is_a_written_report(flag: str, signed: str) -> None:
    found = make_report(**make_sr(PERSON, STATEMENT, VerificationFlag=flag, ContentDate="20240307"))

    (report,) = of_rule("written-report", found)
    assert {
        "kind: structured", "title: Imaging Measurement Report", "date: 20240307", "items: 1",
        f"signed: {signed}",
    } == set(report.values)  # fmt: skip
    assert of_rule("ai-unsigned", found) == []
    assert "Suspected bleeding, score 0.42" in of_rule("report-text", found)[0].values


def test_what_a_program_wrote_and_nobody_signed_is_no_written_report() -> None:
    found = make_report(**make_sr(DEVICE, STATEMENT))

    assert of_rule("written-report", found) == []
    assert of_rule("report-text", found) == []
    assert of_rule("diagnosis-in-text", found) == []
    (words,) = of_rule("ai-unsigned", found)
    assert words.values == ("Finding: Suspected bleeding, score 0.42",)


def test_unsigned_words_are_apart_for_each_program_that_wrote_them() -> None:
    def sr(number: int, program: str, words: str) -> Entry:
        named = make_item("TEXT", "121013", "Device Observer Name", TextValue=program)
        said = make_item("TEXT", "121071", "Finding", TextValue=words)
        made = make_scan(**make_sr(DEVICE, named, said), SOPInstanceUID=f"2.25.{number}")
        return Entry(f"SR{number}", [made])

    found = inspect([
        sr(1, "Bleedspotter", "suspected bleeding"),
        sr(2, "Bonespotter", "suspected break"),
        sr(3, "Bleedspotter", "no bleeding"),
    ]).findings  # fmt: skip

    assert [(one.example, one.values, one.files) for one in of_rule("ai-unsigned", found)] == [
        ("SR1", ("Finding: suspected bleeding", "Finding: no bleeding"), 2),
        ("SR2", ("Finding: suspected break",), 1),
    ]
    assert {one.example for one in of_rule("ai-result", found)} == {"SR1", "SR2"}


def test_what_a_program_wrote_and_a_person_signed_is_a_written_report() -> None:
    found = make_report(**make_sr(DEVICE, STATEMENT, VerificationFlag="VERIFIED"))

    assert "signed: yes" in of_rule("written-report", found)[0].values
    assert of_rule("ai-unsigned", found) == []
    assert len(of_rule("ai-result", found)) == 1


def test_the_same_words_in_a_signed_report_stay_report_text() -> None:
    unsigned = make_scan(**make_sr(DEVICE, STATEMENT))
    signed = make_scan(
        **make_sr(PERSON, STATEMENT, VerificationFlag="VERIFIED"), SOPInstanceUID="2.25.81"
    )

    found = inspect([Entry("a", [unsigned]), Entry("b", [signed])]).findings

    assert len(of_rule("report-text", found)) == 1
    assert len(of_rule("ai-unsigned", found)) == 1


def test_a_report_of_ten_thousand_items_is_one_finding() -> None:
    items = [
        make_item("TEXT", "121071", "Finding", TextValue=f"Line {number}")
        for number in range(10_000)
    ]

    report = inspect([Entry("a.dcm", [make_scan(**make_sr(PERSON, *items))])])

    assert len(of_rule("written-report", report.findings)) == 1


def test_ten_thousand_unsigned_words_are_no_report_text() -> None:
    items = [
        make_item("TEXT", "121071", "Finding", TextValue=f"Line {number}")
        for number in range(10_000)
    ]

    found = make_report(**make_sr(DEVICE, *items))

    assert of_rule("report-text", found) == []
    assert of_rule("written-report", found) == []
    assert len(of_rule("ai-unsigned", found)) == 1


def test_where_a_device_stands_is_no_hospital() -> None:
    place = make_item("TEXT", "121017", "Device Observer Physical Location", TextValue="west-9")

    found = make_report(
        **make_sr(DEVICE, place, STATEMENT),
        ContributingEquipmentSequence={"Manufacturer": "X", "InstitutionName": "Cloud east-4"},
    )

    assert of_rule("institution", found) == []
    assert {one.values[0] for one in of_rule("device-place", found)} == {"west-9", "Cloud east-4"}


def test_the_hospital_of_the_scan_stays_the_hospital() -> None:
    found = make_report(InstitutionName="Alder Hospital")

    assert of_rule("institution", found)[0].values == ("Alder Hospital",)
    assert of_rule("device-place", found) == []


@pytest.mark.parametrize(("media", "kind"), [("application/pdf", "pdf"), ("text/XML", "cda")])
def test_a_document_inside_a_scan_is_a_written_report(media: str, kind: str) -> None:
    found = make_report(
        MIMETypeOfEncapsulatedDocument=media, DocumentTitle="Letter", PixelData=None,
        EncapsulatedDocument=b"%PDF-1.4\n%%EOF\n\0", StudyDate="20240102",
    )  # fmt: skip

    (report,) = of_rule("written-report", found)
    assert report.values == (f"kind: {kind}", "title: Letter", "date: 20240102")


def test_a_report_s_pages_are_counted_inside_a_scan_and_beside_it() -> None:
    writer = PdfWriter(io.BytesIO(make_pdf("Radiology report: no findings")))
    for _ in range(2):
        writer.add_blank_page(width=300, height=200)
    held = io.BytesIO()
    writer.write(held)
    inside = make_report(
        MIMETypeOfEncapsulatedDocument="application/pdf", PixelData=None,
        EncapsulatedDocument=held.getvalue(),
    )  # fmt: skip
    beside = inspect([Entry("letter.pdf", [held.getvalue()]), Entry("a.pdf", [make_pdf("Hello")])])

    assert "pages: 3" in of_rule("written-report", inside)[0].values
    (report,) = of_rule("written-report", beside.findings)
    assert (report.example, report.values[-1]) == ("letter.pdf", "pages: 3")
    # The count is no text that a document says.
    assert not any("3" in one.values for one in (*inside, *beside.findings))


def test_notes_typed_on_a_picture_are_a_written_report() -> None:
    found = make_report(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.11.1",
        PixelData=None,
        GraphicAnnotationSequence={
            "TextObjectSequence": [
                {"UnformattedTextValue": "see arrow"},
                {"UnformattedTextValue": "old clip"},
            ]
        },
    )

    (report,) = of_rule("written-report", found)
    assert report.values == ("kind: presentation", "items: 2")


@pytest.mark.parametrize(
    ("text", "is_report"),
    [
        ("Radiology report\nNo fracture.", True),
        ("Findings: none.\nImpression: normal knee.", True),
        ("Hallazgos: sin cambios.\nConclusion: normal.", True),
        ("Befund: kein Erguss.\nBeurteilung: unauffaellig.", True),
        ("Start the viewer with a double click. Support is open on weekdays.", False),
        ("License: redistribution is permitted under these conditions.", False),
    ],
)
def test_a_document_on_the_disc_is_a_report_by_its_words(text: str, is_report: bool) -> None:
    found = inspect([Entry("letter.txt", [text.encode()])]).findings

    assert bool(of_rule("written-report", found)) is is_report


@pytest.mark.parametrize("elements", [{}, {"ImageComments": "repeat"}])
def test_a_plain_scan_holds_no_report(elements: dict[str, str]) -> None:
    assert of_rule("written-report", make_report(**elements)) == []
