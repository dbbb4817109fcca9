"""What words on pictures mean, by what the headers say of the patient."""

from __future__ import annotations

from typing import Any

import pytest

from companion.scans.findings import Box, Finding, Kind
from companion.scans.inspection import Entry, inspect
from companion.scans.pictures import Letters, Looked, Seen, Words
from tests.builders import make_scan

PATIENT = {
    "PatientName": "Fernsby^Ottilie",
    "PatientID": "HX-4471093",
    "PatientBirthDate": "19580307",
    "AccessionNumber": "70055219",
    "InstitutionName": "Wrenfield Imaging",
    "ReferringPhysicianName": "Halvorsen^Sigrun",
    "StudyDate": "20211022",
}


class Seeing:
    """Looks at pictures and sees what a test says (``offering.Look``)."""

    why_not = ""

    def __init__(self, *lines: str, letters: Letters = Letters.READ, score: float = 0.99) -> None:
        self._lines = lines
        self._letters = letters
        self._score = score
        self._numbers: list[int] = []

    def data(self, number: int, chunk: bytes) -> None:
        pass

    def take(self, number: int, kind: Kind) -> None:
        assert kind is Kind.DICOM
        self._numbers.append(number)

    def drop(self, number: int) -> None:
        pass

    def finish(self) -> Looked:
        seen = tuple(Seen(str(number), 1, 1) for number in self._numbers)
        return Looked(
            seen,
            tuple(
                Words(
                    Box(str(number), 0, 8, 8 + 30 * row, 90, 20), self._letters, line, self._score
                )
                for number in self._numbers
                for row, line in enumerate(self._lines)
            ),
        )


def find(
    *lines: str, files: int = 1, headers: dict[str, Any] | None = None, **how: Any
) -> dict[str, Finding]:
    """Findings on the picture by their name."""
    scan = make_scan(**(PATIENT if headers is None else headers))
    entries = [Entry(f"IM{number}", [scan]) for number in range(files)]
    report = inspect(entries, look=Seeing(*lines, **how))
    return {
        finding.name: finding
        for finding in report.findings
        if finding.rule in {"picture-text", "picture-code", "picture-text-unread"}
    }


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("FERNSBY, OTTILIE", "PatientName"),
        ("Ottilie Fernsby F", "PatientName"),
        ("FERNS8Y OTTILlE", "PatientName"),
        ("OTTILIE", "PatientName"),
        ("HX-4471O93", "PatientID"),
        ("ID HX 4471093", "PatientID"),
        ("Acc: 70055219", "AccessionNumber"),
        ("07.03.1958", "PatientBirthDate"),
        ("DOB 03/07/1958", "PatientBirthDate"),
        ("7 March 1958", "PatientBirthDate"),
        ("07-Mar-58", "PatientBirthDate"),
        ("1958年3月7日", "PatientBirthDate"),
        ("WRENFIELD IMAGING", "InstitutionName"),
        ("22 Oct 2021 14:03", "StudyDate"),
    ],
)
def test_what_the_headers_say_is_certain(line: str, name: str) -> None:
    found = find(line)

    assert found[name].certainty == "certain"
    assert found[name].values == (line,)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Dr Halvorsen", "ReferringPhysicianName"),
        ("WRENFELD IMAGING", "InstitutionName"),
        ("Oakes, Ottilie", "PatientName"),
        ("14.09.2015", "date on the picture"),
        ("30-Sep-20", "date on the picture"),
        ("12-07-94", "date on the picture"),
        ("97-1-22", "date on the picture"),
        ("13:45:10", "time on the picture"),
        ("M 26 151832", "number on the picture"),
        ("CX-55021", "number on the picture"),
        ("DOB 11/12/1961", "PatientBirthDate"),
        ("Patient Name: Oakes, Bertram", "PatientName"),
        ("MRN 5521", "PatientID"),
    ],
)
def test_what_is_like_it_is_likely(line: str, name: str) -> None:
    found = find(line)

    assert found[name].certainty == "likely"
    assert found[name].values == (line,)


@pytest.mark.parametrize(
    "line",
    ["LYMPH NODE", "Abdom. liver", "red green", "Store it now", "Gen0 Sector on page",
     "GREENLEAF SMITHERS"],
)  # fmt: skip
def test_other_words_are_no_name(line: str) -> None:
    found = find(line)

    assert {name: one.certainty for name, one in found.items()} in (
        {"words on the picture": "possible"}, {},
    )  # fmt: skip
    assert all(one.hipaa is None for one in found.values())


@pytest.mark.parametrize(
    "line",
    ["R", "L", "RA", "AIL", "Supine", "FOV 337", "120 kV", "W 1492 L 906", "1:29:49", "0:03:46",
     "85BPM", "40Hz", "16CM", "MI 0.5 TIS 0.2", "10", "2.0", "-0.0", "630P630", "Gain 82",
     "3/2/0", "AX T2 FLAIR", "LAO 30", "LV EF 55%", "DLP 512 mGy cm", "SID 110 cm", "Upright",
     "HEAD FIRST SUPINE", "NOT FOR DIAGNOSTIC USE", "R MLO", "Transverse", "Liver", "SIEMENS",
     "Canon", "GE MEDICAL SYSTEMS", "00000000 0000000000", "00 000000000"],
)  # fmt: skip
def test_marks_and_settings_are_not_told(line: str) -> None:
    assert find(line) == {}


@pytest.mark.parametrize(
    "line", ["OAKES, BERTRAM", "4471993 HX", "Halverson", "FERN", "70155319", "Lakefield Imaging"]
)
def test_somebody_else_s_words_are_never_the_patient_s(line: str) -> None:
    assert not [one for one in find(line).values() if one.certainty == "certain"]


def test_codes_are_told_by_what_they_say() -> None:
    own = find("HX-4471093", letters=Letters.CODE)
    other = find("S-2021-77/4", letters=Letters.CODE)

    assert own["PatientID"].rule == "picture-code"
    assert own["PatientID"].certainty == "certain"
    assert other["code on the picture"].rule == "picture-code"
    assert other["code on the picture"].certainty == "likely"


def test_letters_nobody_could_read_are_told_without_words() -> None:
    (found,) = find("", letters=Letters.UNREAD).values()

    assert (found.rule, found.certainty) == ("picture-text-unread", "possible")
    assert found.values == ()
    assert len(found.boxes) == 1


def test_one_finding_for_a_meaning_in_all_files() -> None:
    found = find("FERNSBY OTTILIE", "HX-4471093", "LYMPH NODE", files=30)["PatientName"]

    assert (found.files, found.distinct, found.values) == (30, 1, ("FERNSBY OTTILIE",))
    assert len(found.boxes) == 20
    assert found.boxes[0] == Box("IM0", 0, 8, 8, 90, 20)
    assert found.example == "IM0"


def test_words_come_in_reading_order() -> None:
    found = find("Ashdown Station", "Brimley Station", "Corrigan Station", headers={})

    assert found["words on the picture"].values == (
        "Ashdown Station", "Brimley Station", "Corrigan Station",
    )  # fmt: skip


def test_of_very_many_lines_those_with_rare_words_are_shown() -> None:
    dull = [f"General Hospital Room {number}" for number in range(40)]
    found = find(*dull, "Quillfeather", headers={})["words on the picture"]

    assert "Quillfeather" in found.values
    assert (len(found.values), found.distinct) == (20, 41)


def test_what_was_read_badly_counts_only_if_it_means_something() -> None:
    found = find("Xqvzt", "FERNSBY OTTILIE", score=0.62)

    assert set(found) == {"PatientName"}


def test_a_flood_of_lines_takes_no_time() -> None:
    found = find(*(f"line {number:05} qwertz{number}" for number in range(9_000)))

    assert 0 < sum(one.distinct for one in found.values()) <= 5_000


# --- What the headers claim, beside what was seen


def rules(look: Seeing | None, **elements: Any) -> set[str]:
    report = inspect([Entry("IM1", [make_scan(**elements)])], look=look)
    return {finding.rule for finding in report.findings}


def test_what_was_looked_at_needs_no_guess() -> None:
    assert {"burned-in-likely", "picture-not-read"} <= rules(None, Modality="US")
    assert not {"burned-in-likely", "picture-not-read"} & rules(Seeing(), Modality="US")


@pytest.mark.parametrize(("claim", "rule"), [("YES", "burned-in-yes"), ("NO", "claim-burned-in")])
def test_a_claim_is_told_beside_what_was_seen(claim: str, rule: str) -> None:
    assert {rule, "picture-text"} <= rules(Seeing("OTTILIE FERNSBY"), BurnedInAnnotation=claim)
    assert rule in rules(Seeing(), BurnedInAnnotation=claim)


def test_words_belong_to_the_one_whose_values_they_are() -> None:
    other: dict[str, Any] = {
        **PATIENT,
        "PatientName": "Oakes^Bertram",
        "PatientID": "ZZ-9981274",
        "PatientBirthDate": "19330519",
        "StudyInstanceUID": "2.25.88",
    }
    people: list[dict[str, Any]] = [{**PATIENT}, other]
    entries = [Entry(f"IM{number}", [make_scan(**one)]) for number, one in enumerate(people)]
    report = inspect(entries, look=Seeing("FERNSBY, OTTILIE", "OAKES, BERTRAM"))

    names = {person.id: person.names[0] for person in report.people}
    found = {
        names[one.person]: one.values
        for one in report.findings
        if one.rule == "picture-text" and one.name == "PatientName"
    }
    assert list(found.values()) in (
        [("FERNSBY, OTTILIE",), ("OAKES, BERTRAM",)],
        [("OAKES, BERTRAM",), ("FERNSBY, OTTILIE",)],
    )
    for name, values in found.items():
        assert name[:4].casefold() == values[0][:4].casefold()
