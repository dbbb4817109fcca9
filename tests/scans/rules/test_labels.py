"""Labels in front of a value, and that what stands behind one comes first."""

from __future__ import annotations

import pytest

from companion.scans.findings import MAX_VALUES
from companion.scans.rules.labels import is_labelled, labelled
from tests.scans.making import make_report


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<PatientName>Okonkwo</PatientName>", "private-patient-name"),
        ('set PATNAME "Okonkwo"', "private-patient-name"),
        ('"patient": "Okonkwo^Ada"', "private-patient-name"),
        ("NAME = Okonkwo", "private-patient-name"),
        ("patient's name: okonkwo", "private-patient-name"),
        ("pat_id\t5538201", "private-patient-number"),
        ("Patient ID = 5538201", "private-patient-number"),
        ("MRN: 5538201", "private-patient-number"),
        ("DOB=1971-04-03", "private-birth-date"),
        ('"birthDate": "19710403"', "private-birth-date"),
        ('tPatientName = "OKONKWO^ADA"', "private-patient-name"),
        ("PatientName OKONKWO^ADA", "private-patient-name"),
        ("Patient Name\nOkonkwo^Ada^B", "private-patient-name"),
        ("PatientBirthday 19710403", "private-birth-date"),
        ("PatientBirthDate\n19710403", "private-birth-date"),
        ("tPatientBirthday  1971-04-03", "private-birth-date"),
        ("Geburtsdatum 3.4.1971", "private-birth-date"),
        ('<PatientName value="Okonkwo"/>', "private-patient-name"),
        ('<param name="PatientName">Okonkwo</param>', "private-patient-name"),
        ("<key>PatientName</key>\n<string>Okonkwo</string>", "private-patient-name"),
        ('{"name":"PatientName","value":"Okonkwo"}', "private-patient-name"),
        ('"PatientName","Ada Okonkwo"', "private-patient-name"),
        ("PatientName,Ada Okonkwo", "private-patient-name"),
        ("PatientName;OKONKWO^ADA", "private-patient-name"),
        ("PatientName[0]=Okonkwo", "private-patient-name"),
        ("Patient name ....... Okonkwo", "private-patient-name"),
        ("Patient name - Ada Okonkwo", "private-patient-name"),
        ("PATIENT NAME OKONKWO ADA", "private-patient-name"),
        ("patient.name.family=Okonkwo", "private-patient-name"),
        ("lpszPatName=Okonkwo", "private-patient-name"),
        ("(0010,0010) PN [Okonkwo^Ada]", "private-patient-name"),
        ('"00100010":{"vr":"PN","Value":[{"Alphabetic":"Okonkwo^Ada"}]}', "private-patient-name"),
        ("PID|1||55382^^^H||Okonkwo^Ada||1971|F", "private-patient-name"),
        ("Name der Patientin: Okonkwo", "private-patient-name"),
        ("Geburtsname: Okonkwo", "private-patient-name"),
        ("Nom : Okonkwo", "private-patient-name"),
        ("QX01\\Nom : Okonkwo\\QX02", "private-patient-name"),
        ("Prénom=Okonkwo", "private-patient-name"),
        ("NomPatient=Okonkwo", "private-patient-name"),
        ("nombre=Okonkwo Ada", "private-patient-name"),
        ("NOMBRE_PACIENTE: Okonkwo", "private-patient-name"),
        ("Apellidos y nombre: Okonkwo", "private-patient-name"),
        ("Cognome: Okonkwo", "private-patient-name"),
        ("Achternaam: Okonkwo", "private-patient-name"),
        ("Nazwisko: Okonkwo", "private-patient-name"),
        ("ФИО: Оконкво", "private-patient-name"),
        ("患者氏名：山田 太郎", "private-patient-name"),
        ("姓名：王小东", "private-patient-name"),
        ("환자명: 홍길동", "private-patient-name"),
        ("Name: Okonkwo, born in 1971", "private-patient-name"),
    ],
)
def test_a_labelled_value_is_told_by_its_label(text: str, rule: str) -> None:
    assert [one.rule for one in labelled(text)] == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "<PatientName></PatientName>", 'PATNAME "XXXX"', "patient name: Anonymous", "name = gx",
        '<Module name="Gradient">', "PatientPosition = HFS", "Patient ID = 0", "DOB: unknown",
        "PatientBirthday 0", "PatientBirthDate 20 bytes", "birth date format 8", "DOB 19719999",
        "Date of birth 197104031", "PatientName Okonkwo clinic", "PatientName field^length",
        "filename: Okonkwo", "stPatientName: Okonkwo",
        "nom = 3", "Nom : Abdomen", "nombre=Default", "nominal: Okonkwo", "Nome: anonimo",
        "PatientName,PatientID", "PatientName;Patient Sex", "(0010,0010) PN [XXXX]", "name=None, x",
        "PatientName - field", "PID|1||55382||XXXX^XXXX", "имя: 5", "姓名：匿名",
        "Patient name ....",
        '{"name":"PatientName","value":"XXXX"}', '<PatientName value=""/>', "NomPatient=XXXX",
        "Name: Default Protocol", "patients were scanned in 1971",
    ],
)  # fmt: skip
def test_a_label_without_a_persons_value_says_nothing(text: str) -> None:
    assert not is_labelled(text)


def test_a_label_says_whose_name_it_is() -> None:
    assert [one.of_patient for one in labelled("NomPatient=Okonkwo\nCognome: Okonkwo")] == [
        True,
        False,
    ]


def test_the_patients_line_of_hl7_is_no_noise_whatever_its_letters() -> None:
    line = "PID|1||12345^^^H||Okonkwo^Adaeze||19700101|F"

    report = make_report(private={(0x0029, "ACME 1", 1): ("OB", line.encode())})

    assert any(line in value for one in report for value in one.values)


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("OB", b"\n".join([b"slot=KX%03dB" % at for at in range(60)])
         + b"\n<PatientName>Okonkwo</PatientName>\0"),
        ("UT", "\n".join([f"step QX-{at:03}" for at in range(60)]) + "\nPATNAME = Okonkwo"),
    ],
)  # fmt: skip
def test_a_labelled_name_behind_many_codes_is_shown(vr: str, value: str | bytes) -> None:
    report = make_report(private={(0x0029, "ACME 1", 1): (vr, value)})

    shown = [value for one in report if one.place == "private" for value in one.values]
    assert any("Okonkwo" in value for value in shown)
    assert all(len(one.values) <= MAX_VALUES for one in report)


@pytest.mark.parametrize(
    "text",
    [
        "sGain = 4\nPatientName = Okonkwo\nsGain = 5",
        "sGain = 4\nPatientName\n=\n\n  Okonkwo\nsGain = 5",
        "tOption = 1; patname: Okonkwo",
        "name = 3\n\u00c9cho = 2\nVORNAME: Okonkwo",
        "\u017fize = 1\nfamily name: Okonkwo",
    ],
)
def test_a_label_is_found_wherever_it_stands_in_a_long_text(text: str) -> None:
    long = "sSlice.Thickness = 3.5\n" * 50
    shown = [one.shown for one in labelled(long + text + "\n" + long)]
    assert any("Okonkwo" in one for one in shown)
