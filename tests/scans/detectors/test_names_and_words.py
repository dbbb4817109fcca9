"""File names, dates and patterns in words, other files, pictures by their headers."""

from __future__ import annotations

import pytest

from companion.scans.assess import findings
from companion.scans.findings import FileRecord, Kind, Status
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from tests.scans.making import make_inventory, make_report, rules_in


def named(name: str, *elements: tuple[str, str]) -> dict[str, str]:
    found = findings(make_inventory(*elements, files=(name,)))
    return {one.rule: one.certainty for one in found if one.place == "file-name"}


@pytest.mark.parametrize(
    "name",
    [
        "DICOM/IM0001.dcm", "IMG00001", "CD/DICOM/PA000001/ST000001/SE000003/IM000017", "I0000042",
        "0001.dcm", "00000017", "1.2.840.113619.2.55.3.604.dcm", "series_3/slice-012.dcm",
        "export/CT.1.3.12.2.1107.5.1.dcm", "A/B/C/000123", "DICOMDIR", "IM00000A",
        "ser005img00012.dcm",
        "d41d8cd98f00b204e9800998ecf8427e.dcm", "6ba7b810-9dad-11d1-80b4-00c04fd430c8.dcm",
        "i31.MRDC.4", "XX_0012", "DIRFILE", "xl/workbook.xml", "mimetype", "styles.xml",
        "PHOENIXZIPREPORT_0012/0001.SR.77.IMA", "EP2D_DIFF_MDDW_20_TRACEW_0004/MR000001",
        "AAHead_Scout_MPR_Cor_3", "sub-01_ses-2_task-rest_bold.nii.gz", "jre/bin/javaw.exe",
        "numpy_handler.py", "TSEVB1.dcm", "chrGreek.dcm",
        "CHEST_AP/IMG1", "T1_SAG/IM-0001-0012.dcm", "Images/head ct/12.dcm",
        "Bilder/Bild1.dcm", "New folder (2)/IM1", "Neuer Ordner (3)/IM1", "Nueva carpeta/IM1",
        "Nouveau dossier/IM1", "Copie de IM1.dcm", "IM1 - Kopie.dcm", "Ohne Titel/IM1",
        "Meine Aufnahmen/IM1", "MRT Knie links/IM1", "Ginocchio destro/IM1", "Radiografía/IM1",
        "Épaule gauche/IM1", "Befunde/Befund.dcm", "Compte rendu/IM1", "Zweitmeinung/IM1",
        "Synapse/IM1", "新建文件夹/IM1", "新しいフォルダー/IM1", "바탕 화면/IM1", "Новая папка/IM1",
    ],
)  # fmt: skip
def test_ordinary_file_names_say_nothing(name: str) -> None:
    assert named(name) == {}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Okonkwo_Ada/IM1.dcm", "file-name-words"),
        ("scan of grandma.dcm", "file-name-words"),
        ("MRT Okonkwo/IM1", "file-name-words"),
        ("Knie Brandt/IM1", "file-name-words"),
        ("Brandt_MRT_Knie/IM1", "file-name-words"),
        ("Mr Okonkwo/IM1", "file-name-words"),
        ("Dr. Brandt/IM1", "file-name-words"),
        ("Okonkwo's MRI/IM1", "file-name-words"),
        ("O'Neil Sean/IM1", "file-name-words"),
        ("mama okonkwo/IM1", "file-name-words"),
        ("山田太郎/IM1", "file-name-words"),
        ("김민수/IM1", "file-name-words"),
        ("Okonkwo/IM1", "file-name-words"),
        ("BRANDT^UWE.dcm", "file-name-words"),
        ("Brandt, Uwe CT/IM1", "file-name-words"),
        ("20190403/IM1.dcm", "file-name-date"),
        ("knee 2019-04-03.dcm", "file-name-date"),
        ("03.04.2019/IM1.dcm", "file-name-date"),
        ("55382017/IM1.dcm", "file-name-number"),
    ],
)
def test_telling_file_names_are_reported(name: str, rule: str) -> None:
    assert rule in named(name)


def test_the_patients_name_in_a_folder_is_likely() -> None:
    assert named("okonkwo/IM1", ("00100010", "Okonkwo^Ada")) == {"file-name-echo": "likely"}


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("SOERENSEN_AASE", "Sørensen^Åse"), ("MUELLER-JOERG", "Müller^Jörg"), ("NG_BO", "Ng^Bo"),
        ("OBRIEN NIAMH", "O'Brien^Niamh"), ("DJUKIC_DJORDJE", "Đukić^Đorđe"),
        ("vanderberg", "van der Berg^Joost"),
    ],
)  # fmt: skip
def test_the_patients_name_in_a_folder_is_found_in_any_spelling(folder: str, name: str) -> None:
    assert set(named(f"{folder}/IM1", ("00100010", name))) == {"file-name-echo"}


@pytest.mark.parametrize(
    "text",
    [
        "born 04/03/1971", "born 3.4.1971", "DOB: 1971-04-03", "dob 19710403", "3 April 1971",
        "Apr 3, 1971", "3-APR-1971", "03apr1971", "3 de abril de 1971", "geb. 3. april 1971",
        "3 aprile 1971", "1971年4月3日", "生年月日 1971年04月03日",
    ],
)  # fmt: skip
def test_a_birth_date_is_found_in_many_spellings(text: str) -> None:
    inventory = make_inventory(("00100030", "19710403"), ("00204000", text))

    assert "echo-birth-date" in rules_in(inventory)


@pytest.mark.parametrize(
    ("birth", "text"),
    [
        ("19710203", "3 février 1971"), ("19711103", "3 novembre 1971"),
        ("19711203", "3 décembre 1971"), ("19711003", "3 ottobre 1971"),
        ("19711003", "3 de outubro de 1971"), ("19710303", "3 maart 1971"),
    ],
)  # fmt: skip
def test_a_birth_date_is_found_in_the_months_of_more_languages(birth: str, text: str) -> None:
    inventory = make_inventory(("00100030", birth), ("00204000", text))

    assert "echo-birth-date" in rules_in(inventory)


@pytest.mark.parametrize(
    "text",
    [
        "1.2.840.19710403",
        "97104033",
        "1971年13月3日",
        "1971年4月",
        "B19f 71-04",
        "2019.13.45",
        "120 kV 4.3.1",
        "v20.1.2019.7",
    ],
)
def test_numbers_that_are_no_dates_are_left_alone(text: str) -> None:
    found = rules_in(make_inventory(("00100030", "19710403"), ("00204000", text)))

    assert not found & {"echo-birth-date", "echo-date", "date-in-text"}


def test_an_unknown_date_in_words_is_only_possible() -> None:
    found = findings(make_inventory(("00081030", "prior 2018-02-01")))

    assert [one.certainty for one in found if one.rule == "date-in-text"] == ["possible"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("mail a.okonkwo@example.org", "email-in-text"),
        ("SSN 219-09-9999", "social-security-number"),
        ("call 555-867-5309", "contact-in-text"),
        ("Tel: 030 1234567", "contact-in-text"),
        ("+49 30 1234 5678", "contact-in-text"),
        ("from 192.168.17.4", "address-in-text"),
    ],
)
def test_patterns_in_words_are_reported(text: str, rule: str) -> None:
    assert rule in rules_in(make_inventory(("00204000", text)))


@pytest.mark.parametrize(
    "text", ["TE 30-40-5000", "1.2.3.4", "-12.5+30.25", "120-240-3600 ms", "A-B 12-34"]
)
def test_numbers_of_machines_are_no_patterns(text: str) -> None:
    found = rules_in(make_inventory(("00204000", text)))

    assert not found & {
        "email-in-text",
        "social-security-number",
        "contact-in-text",
        "address-in-text",
    }


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("generator: LibreOffice/7.4.7.2$Linux_X86_64", False),
        ("Viewer version 10.2.33.1", False),
        ("Acrobat Distiller 6.0.1.2", False),
        ("Server: 5.8.13.2", True),
        ("see http://10.20.30.40/viewer", True),
        ("sent from 192.168.17.4", True),
    ],
)
def test_a_version_of_a_program_in_a_document_is_no_network_address(
    text: str, is_address: bool
) -> None:
    report = inspect([Entry("a.txt", [text.encode()])])

    assert ("address-in-text" in {one.rule for one in report.findings}) is is_address


def test_every_other_file_is_named_once_for_its_kind() -> None:
    inventory = Inventory()
    for name, kind in {
        "a.pdf": "pdf",
        "b.pdf": "pdf",
        "viewer.exe": "program",
        "IM1": "dicom",
    }.items():
        inventory.begin(name)
        inventory.add_file(FileRecord(name, Kind(kind), Status.READ))

    found = {one.name: one.values for one in findings(inventory) if one.rule == "other-file"}

    assert found == {"pdf": ("a.pdf", "b.pdf"), "program": ("viewer.exe",)}


@pytest.mark.parametrize(
    ("elements", "rule", "place"),
    [
        ({"BurnedInAnnotation": "YES"}, "burned-in-yes", "picture"),
        ({"BurnedInAnnotation": "NO"}, "claim-burned-in", "picture"),
        ({"Modality": "US"}, "burned-in-likely", "picture"),
        ({"BodyPartExamined": "HEAD"}, "face-possible", "face"),
        ({"SeriesDescription": "cráneo simple"}, "face-possible", "face"),
        ({"Modality": "XC"}, "photograph", "picture"),
        ({"Modality": "ECG"}, "heart-or-brain-trace", "waveform"),
    ],
)
def test_headers_that_speak_of_the_picture_are_reported(
    elements: dict[str, str], rule: str, place: str
) -> None:
    assert (rule, place) in {(one.rule, one.place) for one in make_report(**elements)}


def test_the_report_says_that_the_picture_was_not_looked_at() -> None:
    assert "picture-not-read" in {one.rule for one in make_report()}
    assert "picture-not-read" not in {one.rule for one in make_report(PixelData=None)}


@pytest.mark.parametrize("words", ["CT CHEST", "knee", "forehead phantom", "overhead"])
def test_scans_of_other_parts_hold_no_face(words: str) -> None:
    assert "face-possible" not in {one.rule for one in make_report(StudyDescription=words)}


@pytest.mark.parametrize("text", ["pacemaker in situ", "stent LAD", "S/N: AX-771203", "marcapasos"])
def test_implants_and_serial_numbers_in_words_are_reported(text: str) -> None:
    assert "implant-in-text" in rules_in(make_inventory(("00204000", text)))


@pytest.mark.parametrize(
    "text", ["no contrast given", "series 4", "consistent with flow", "slot 3"]
)
def test_other_words_are_no_implants(text: str) -> None:
    assert "implant-in-text" not in rules_in(make_inventory(("00204000", text)))


@pytest.mark.parametrize(
    ("text", "is_day"),
    [("at Tue Mar  5 10:09:08 2024", True), ("at Tue Run  5 10:09:08 2024", False)],
)
def test_a_day_with_its_time_before_the_year_is_a_day(text: str, is_day: bool) -> None:
    found = rules_in(make_inventory(("00080020", "20240305"), ("00204000", text)))

    assert ("echo-date" in found) is is_day
