"""What stands in a document gets the finding of its kind; ordinary pages stay silent."""

from __future__ import annotations

import re

import pytest

from companion.scans.findings import Note, Status
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan

TYPED = frozenset(
    ["national-number-in-text", "name-in-text", "birth-date-in-text", "record-number-in-text"]
)


def rules(text: str, name: str = "letter.txt") -> dict[str, str]:
    """Certainty by rule of what was found in a document."""
    report = inspect([Entry(name, [text.encode()])])
    return {one.rule: one.certainty for one in report.findings if one.rule in TYPED}


@pytest.mark.parametrize(
    "text",
    [
        "DNI 12345678Z",
        "N.I.E.: X1234567L",
        "NIR 2 58 05 75 116 001 71",
        "AHV 756.9217.0769.85",
        "NHS number: 943 476 5919",
        "Personnummer 811218-9876",
        "Steuer-ID: 86095742719",
        "Versichertennummer A123456780",
        "BSN 111222333",
        "Henkilötunnus 131052-308T",
        "CPF 111.444.777-35",
        "PESEL 44051401359",
    ],
)
def test_a_national_number_is_known_by_its_name_or_by_its_check(text: str) -> None:
    assert rules(text)["national-number-in-text"] == "likely"

    label, number = re.split(r"[ :]+(?=[A-Z]?\d)", text, maxsplit=1)
    far = f"{label}, as the desk of our clinic wrote it: {number}"
    assert rules(far)["national-number-in-text"] == "likely"
    at = max(index for index, letter in enumerate(text) if letter.isdigit())
    wrong = str((int(text[at]) + 1) % 10)
    assert "national-number-in-text" not in rules(
        far.replace(number, number[: at - len(text)] + wrong + text[at + 1 :])
    )
    assert rules(f"Part {number} of our {label}").get("national-number-in-text") != "likely"


@pytest.mark.parametrize(
    "text",
    ["PESEL 81021712345", "Nr PESEL: 81021712345", "<td>PESEL</td><td>81021712345</td>",
     "NHS No. 943 476 5918", "CPR-nr.: 171281-4444", "pesel='81021712345'"],
)  # fmt: skip
def test_a_number_right_behind_its_name_needs_no_check(text: str) -> None:
    name = "viewer.html" if text.startswith("<") else "letter.txt"

    assert rules(text, name)["national-number-in-text"] == "likely"


@pytest.mark.parametrize(
    ("number", "birth", "certainty"),
    [
        ("44051401359", "19440514", "likely"),
        ("44051401359", "19440515", None),
        ("131052-308T", "19521013", "likely"),
        ("811218-9876", "19811218", "likely"),
        ("811218-9876", "19811219", "possible"),
    ],
)
def test_a_number_that_begins_with_the_patients_birth_date_is_likely(
    number: str, birth: str, certainty: str | None
) -> None:
    scan = make_scan(PatientName="Quillbrooke^Tamsin", PatientBirthDate=birth)
    letter = f"seen on Monday, {number}, knee".encode()

    report = inspect([Entry("letter.txt", [letter]), Entry("scan", [scan])])

    found = {one.rule: one.certainty for one in report.findings}
    assert found.get("national-number-in-text") == certainty


def test_a_number_without_its_label_is_possible_only_where_its_check_is_strong() -> None:
    assert rules("The number 756.9217.0769.85 stands here") == {
        "national-number-in-text": "possible"
    }
    assert rules("Order 111222333 of 9434765919 parts") == {}


@pytest.mark.parametrize(
    "text",
    [
        "DOB: 14/03/1961",
        "Date of birth 1961-03-14",
        "geb. am 14.03.1961",
        "Née le 14 mars 1961",
        "Fecha de nacimiento: 14 de marzo de 1961",
        "born on March 14, 1961",
        "Дата рождения: 14.03.1961",
        '{"PatientBirthDate": "19610314"}',
    ],
)
def test_a_date_behind_a_word_for_birth_is_a_birth_date(text: str) -> None:
    assert rules(text) == {"birth-date-in-text": "likely"}


def test_labels_in_a_list_with_many_blanks_are_read_and_those_of_a_protocol_are_no_names() -> None:
    lines = [
        f".    {label:34} :   {value}\n"
        for label, value in (
            ("Patient name", "Wexcombe, Ottilie"),
            ("Examination name", "Quarrel Hip"),
            ("Protocol name", "Wexler"),
        )
    ]
    report = inspect([Entry("scan.par", ["".join(lines).encode()])])

    (found,) = [one for one in report.findings if one.rule == "name-in-text"]
    assert (found.certainty, found.distinct) == ("likely", 1)
    assert rules("patient dob := 1961:03:14\n") == {"birth-date-in-text": "likely"}


@pytest.mark.parametrize(
    "text", ["MRN: 4477123", "Patient ID 00-447712", "Fallnummer: 8812004", "NHC: 88120045"]
)
def test_a_number_behind_a_word_for_a_record_is_its_number(text: str) -> None:
    assert rules(text) == {"record-number-in-text": "likely"}


@pytest.mark.parametrize(
    "text",
    [
        "Patient: Orla Tamsin",
        "Patient name: TAMSIN^ORLA",
        "Paciente: Lucía Garmendia Otxoa",
        "Name des Patienten: Zwettler, Ottilie",
        "Nom du patient : Maëlle Quemeneur",
        "<PatientName>Tamsin^Orla</PatientName>",
        "set PATNAME Tamsin^Orla",
        "pt_name=Orla Tamsin",
        "NombrePaciente: Orla Tamsin",
        "(0010,0010) PN [TAMSIN^ORLA]",
        "患者氏名：山田 太郎",
        "Pacjent: Orla Tamsin",
        "Patient: 谢^婉婷",
        "Patient: 松本^潤",
        "Patient: 남궁^민",
        "Patient: ประเสริฐ^มานี",
    ],
)
def test_words_behind_patient_are_a_name(text: str) -> None:
    assert rules(text)["name-in-text"] == "likely"


@pytest.mark.parametrize(
    "text",
    [
        "PatientName: String", 'patientName = ""', "PatientName,PatientID,StudyDate",
        "Patient name Search Box", "fullname = $dir::name", "client_name: Acme", "firstName: 'Ada'",
        "<PatientName>{{ name }}</PatientName>", "set PATNAME $1", "患者氏名：",
        "Patient name: Prostate^Volunteer", "Paciente: Anónimo Anónimo",
        "Patient: Healthy Volunteer",
    ],
)  # fmt: skip
def test_a_programs_word_for_a_patients_name_is_no_name(text: str) -> None:
    assert "name-in-text" not in rules(text)


def test_a_name_in_a_column_is_one_with_a_birth_date_and_without() -> None:
    born = "DOB: 14 March 1961\n"

    assert "name-in-text" in rules(f"{born}Patient name    Orla Tamsin")
    assert "name-in-text" in rules("Patient name    Orla Tamsin")


def test_a_bare_name_counts_only_beside_other_signs_of_a_patient() -> None:
    assert rules("Nom : Quemeneur\nNée le 14 mars 1961")["name-in-text"] == "possible"
    assert rules("Name: Quemeneur Plugin\nLicense: MIT") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Patient: select the patient from the list",
        "Patient ID: enter the number of the patient",
        "Patient Name: First Name",
        "The patient: how to open a study",
        "born out of need in the year 1999",
        "Copyright 2004-2019. Version 3.14.1592, build 20190622",
        "birthtime: 2019-06-22T03:36:54.583Z",
        "call 12345678 or 87654321X1",
    ],
)
def test_a_help_page_says_nothing_of_a_person(text: str) -> None:
    assert rules(text, "help.html") == {}


def test_the_address_of_a_program_is_no_mail() -> None:
    report = inspect([Entry("a.txt", [b"git@git.host.net, no-reply@host.net"])])

    assert not [one for one in report.findings if one.rule == "email-in-text"]


def test_a_text_that_no_room_was_left_for_is_not_said_to_be_read() -> None:
    pages = [
        Entry(
            f"notes {number}.txt",
            [
                "".join(
                    f"The water rose to {one:06} feet.\n" for one in range(at, at + 57_000)
                ).encode()
            ],
        )
        for number, at in enumerate(range(0, 228_000, 57_000))
    ]

    files = inspect(pages).files

    assert [file.status for file in files] == [Status.READ] * 3 + [Status.PARTLY_READ]
    assert files[-1].notes == (Note.TOO_MUCH_DATA,)


@pytest.mark.parametrize(
    "text",
    [
        "Kieruję pacjentkę Grażyna Wiśniewska, ur. 14.03.1961.\nNr historii choroby: 4482107,"
        " tel. 601 234 567",
        "Ben Ayşegül Yıldırım, 14.03.1961 doğumluyum.\nHasta no: 4482107\nCep: 0532 123 45 67",
        "Eu, Inês Vasconcelos, nascido(a) em 14/03/1961.\nProntuário: 4482107\nTel. 912345678",
        "Sig.ra Chiara Bevilacqua, nata a Torino il 3 settembre 1978\nCartella clinica n. 4482107"
        "\nTel. 02 1234 5678",
        "Betreft: Femke van den Heuvel, geboren te Gouda op 3 september 1978.\nPatiëntnr.: 4482107"
        "\nMobiel nummer: 06-12345678",
        "über Ihre Patientin Vogelsang, Heike, geb. 14.03.1961\nPat.-Nr.: 4482107\nTelefon\t"
        "030 4502 1234",
    ],
)
def test_letters_of_many_countries_tell_name_day_number_and_phone(text: str) -> None:
    report = inspect([Entry("letter.txt", [text.encode()])])

    assert {
        "name-in-text", "birth-date-in-text", "record-number-in-text", "contact-in-text"
    } <= {one.rule for one in report.findings}  # fmt: skip


def test_words_of_such_letters_alone_are_nobodys() -> None:
    text = (
        "Ur. 1, protokol no: 12, cep: 01430-001, kom. 3, dossiernummer, portable 2014, M. & D. Inc"
    )

    report = inspect([Entry("help.txt", [text.encode()])])

    assert not {one.rule for one in report.findings} & {*TYPED, "contact-in-text"}


@pytest.mark.parametrize(
    "text",
    [
        "chr31.dcm 'Tamsin^Orla=山田^太郎='",
        "Tamsin^Orla\\Okonkwo^Ada",
        "PID|1||4711||TAMSIN^ORLA^J",
    ],
)
def test_a_name_as_scans_write_it_is_one_in_all_its_groups(text: str) -> None:
    assert rules(text)["name-in-text"] in ("likely", "possible")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_whatever_ends_its_lines(end: str) -> None:
    rows = ["Ward,Patient name,Born", '"4, left","Okonkwo, Ada",21.08.1973', 'A,"odd']

    assert {"name-in-text", "birth-date-in-text"} <= set(rules(end.join(rows), "notes.txt"))


def test_quotes_and_ends_of_lines_in_disorder_stop_no_report() -> None:
    assert "birth-date-in-text" in rules('MRN,Born: 21.08.1973\r"a"b,"\r"c\rd",e\n\r"')
