"""Health facts: diagnoses in typed words, implants that are no machine."""

from __future__ import annotations

import pytest

from companion.scans.detectors import health
from companion.scans.findings import Finding
from tests.scans.making import make_report


def of_rule(rule: str, findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


def test_the_detector_declares_itself() -> None:
    assert health.detect.__module__.endswith("health")


@pytest.mark.parametrize(
    "text",
    [
        "known breast cancer", "Fractures of two ribs", "HIV positive", "status post stroke",
        "sospecha de fractura", "Embarazada de 20 semanas", "V.a. Lungenembolie", "schwanger",
        "grossesse", "multiple sclerosis", "metastatic disease",
    ],
)  # fmt: skip
def test_a_diagnosis_in_typed_words_is_possible(text: str) -> None:
    (found,) = of_rule("diagnosis-in-text", make_report(ImageComments=text))

    assert (found.certainty, found.values) == ("possible", (text,))


@pytest.mark.parametrize(
    "text",
    ["left knee, second try", "cancerimagingarchive", "stroked film", "Archive of nodulesque art",
     "arm raised", "rodilla izquierda", "Knie links"],
)  # fmt: skip
def test_ordinary_words_tell_of_no_illness(text: str) -> None:
    assert of_rule("diagnosis-in-text", make_report(ImageComments=text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "This is a cookie tumor dataset for testing tools.", "brain tumor segmentation challenge",
        "Quillbrooke Cancer Centre", "Cancer Care Associates",
        "stroke unit", "lung nodule data set 4", "hiv clinic",
        "database of lung cancer", "a collection of fractures", "tumor phantom",
        "instituto nacional de cancer", "base de datos de tumoral", "Krebs Datensatz",
        "the cancer imaging archive", "society of epilepsy",
    ],
)  # fmt: skip
def test_an_illness_in_a_collections_or_an_institutes_name_is_nobodys(text: str) -> None:
    assert of_rule("diagnosis-in-text", make_report(ImageComments=text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "tumor, the dataset is on disc 2", "Cancer. Centre of the left lung", "tumor in the clinic",
        "to hospital with a fracture",
        "sent by the cancer centre: tumor of 4 cm", "hospital stay after a fracture",
        "dataset 4: known tumor", "stroke last year, seen in this clinic",
    ],
)  # fmt: skip
def test_an_illness_beside_such_a_word_in_other_words_is_told(text: str) -> None:
    assert len(of_rule("diagnosis-in-text", make_report(ImageComments=text))) == 1


def test_a_text_that_stands_in_two_places_is_told_once() -> None:
    found = make_report(ImageComments="old stroke", PatientComments="old stroke")

    assert len(of_rule("diagnosis-in-text", found)) == 1


def test_what_another_rule_of_health_shows_is_not_told_again() -> None:
    found = make_report(AdditionalPatientHistory="old stroke")

    assert of_rule("diagnosis-in-text", found) == []
    assert len(of_rule("reason-and-history", found)) == 1


def test_an_implants_number_is_the_implants() -> None:
    found = make_report(
        DeviceSerialNumber="M-1",
        DeviceSequence={
            "DeviceSerialNumber": "P-2",
            "Manufacturer": "Pulseworks",
            "ManufacturerModelName": "Beat 3",
            "DeviceDescription": "Pacemaker",
        },
    )

    assert {one.values[0] for one in of_rule("implant-or-device", found)} == {
        "P-2", "Pulseworks", "Beat 3", "Pacemaker",
    }  # fmt: skip
    assert [one.values for one in of_rule("device-serial", found)] == [("M-1",)]


@pytest.mark.parametrize(("value", "count"), [("YES", 1), ("NO", 0)])
def test_breast_implants_count_where_they_are(value: str, count: int) -> None:
    assert len(of_rule("implant-or-device", make_report(BreastImplantPresent=value))) == count


@pytest.mark.parametrize("text", ["Herzschrittmacher seit 2019", "marcapasos", "hip replacement"])
def test_implants_are_found_in_several_languages(text: str) -> None:
    assert len(of_rule("implant-in-text", make_report(AdditionalPatientHistory=text))) == 1


@pytest.mark.parametrize(("value", "count"), [("RESEARCH", 1), ("SERVICE", 1), ("PRODUCT", 0)])
def test_what_is_no_approved_product_says_so(value: str, count: int) -> None:
    assert len(of_rule("research-product", make_report(ContentQualification=value))) == count
