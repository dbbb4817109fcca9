"""Placeholders and codes: what stands in a name's place, and what is a name all the same."""

from __future__ import annotations

import pytest

from companion.scans.assess import findings
from companion.scans.people.placeholders import is_placeholder, stands_for_a_name
from tests.scans.making import make_inventory, rules_in


@pytest.mark.parametrize(
    "text",
    [
        "Anonymous", "ANONYMIZED", "anonymous^anonymous", "XXXXXX^XXXXXX", "xxx",
        "n.a.", "N/A",
        "unknown^unknown", "***", "[REMOVED]", "<redacted>", "Not^Given", "not available",
        "Anonimo", "ANÓNIMO", "anonyme", "Anonymisiert", "Paciente anónimo",
        "Sconosciuto", "匿名",
        "Patient^Anonymous", "No^Name", "Nachname^Vorname", "Lastname^Firstname",
        "Cognome", "---",
        "^^^^", "0", "ZZZ^ZZZ", "Sssssss^Jsssss", "Etternavn^Fornavn", "Příjmení^Jméno",
        "Фамилия^Имя^Отчество", "ΕΠΩΝΥΜΟ^ΟΝΟΜΑ",
        "не указано", "Nicht bekannt", "brak^danych", "Άγνωστος",
        "n/a^n/a", "Sin nombre^Sin nombre", "Pacjent Anonimowy", "Pseudonymisiert",
        "匿名患者", "无名氏",
        "病人", "환자", "مريض", "to be defined", "テスト患者",
    ],
)  # fmt: skip
def test_what_is_written_instead_of_a_value_is_a_placeholder(text: str) -> None:
    assert is_placeholder(text)
    assert stands_for_a_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anonymized49", "ANON-0412", "Anonymous 7", "Subject 12", "subject^12",
        "PAT001", "sub-01",
        "TCGA-00-0000", "TCGA-A0-A0AA", "LIDC-IDRI-0000", "AB1234",
        "1.2.826.0.1.3680043", "44127",
        "7f9c2ba4e88f827d", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "Sujeto 3", "Fall^0017",
        "Phantom", "Test^Patient", "QA^Phantom", "QA^Daily", "VOL-07", "P0001=P0001",
        "Anonymous^Female", "Patient,The",
        "Last Name^First Name", "Nom^Prénom", "PHANTOM^ACR", "Prostate^Volunteer",
        "Last^First^mid^pre", "FIRST, LAST M", "family^given",
        "Surname^Given^Middle^Prefix^Suffix",
        "LName^FName^MI", "M.I.^Last^First", "Last^First^^Dr",
        "PatientLastName^PatientFirstName",
        "Last1^First1", "Apellido1^Apellido2^Nombre", "Cognome^Nome",
        "Familienname^Vorname^Titel",
        "Nazwisko^Imię", "Soyad^Ad", "姓^名", "せい^めい", "성^이름",
        "שם משפחה^שם פרטי", "Last^First=姓^名",
        "TestPatient", "PatientOne", "ZZZ TEST PATIENTFIVE^NEW", "CompressedSamples^CT1",
        "Test^Phantom30sep",
        "Paciente de prueba", "Prueba", "Paziente^Prova", "Teste^Paciente",
        "Essai^Patient", "Testfall",
        "Proefpersoon 3", "Voluntario 3", "テスト", "ﾃｽﾄ^ｶﾝｼﾞｬ", "测试^病人", "테스트",
        "Тест^Пациент",
        "Healthy^Control", "healthy_control_03", "Phantom^Water", "Phantom Head",
        "Siemens Phantom",
        "Wasserphantom", "Fantôme", "CATPHAN 600", "Calibration", "Quality^Control",
        "Training^Patient",
        "SERVICE^ENGINEER", "Notfall", "Unbekannt^Mann", "TRAUMA 12", "Rat 12",
        "Sujet_test",
        "BraTS20_Training_001", "UPENN-GBM-00001", "COVID-19-AR-16406488",
    ],
)  # fmt: skip
def test_a_code_stands_for_a_name_but_is_a_value(text: str) -> None:
    assert stands_for_a_name(text)
    assert not is_placeholder(text)


def test_a_time_zone_is_no_filling() -> None:
    assert {"timezone"} == rules_in(make_inventory(("00080201", "+0000")))


def test_what_is_left_of_a_name_that_could_not_be_read_is_no_placeholder() -> None:
    assert not stands_for_a_name("\ufffd" * 9 + "^" + "\ufffd" * 5)
    assert not is_placeholder("\ufffd" * 9)


@pytest.mark.parametrize(
    "text",
    [
        "Okonkwo^Ada", "Null^Jennifer", "Smith2", "Ng^Li", "Li^Na", "Wu",
        "Case^Pat", "Hip^Ann",
        "Test^Anna", "Xavier^X", "Field^April", "O^Ada", "Brandt 2", "Doe^Jane",
        "Hill^Baby Boy",
        "김^민", "山田^太郎", "Лаврова^Нина", "Anonymous^Ada", "Nan^Bo", "Fall^Robin",
        "Last^Nella", "Last", "First^Ramona", "Given^Thelma", "Middle^Ann",
        "Nome^Carlo", "Ad^Kees",
        "Pre^Ida", "Title^Ruth", "Null^Ime", "Second^Last Ann", "姓^花子", "성^민수",
        "Prueba^Rosa", "Prova^Lia", "Teste^Rui", "Mann^Heinrich", "Water^Ed",
        "Control^Rita", "De^Wei",
        "Service^Robert", "Training^Ed", "Trauma^Lee", "Beispiel^Uwe", "Foo^Wei",
        "Foo", "Normal^Ida",
        "Torso^Max", "Body^Ann", "Rat^Ha", "Patient^Lee Ann", "Healthy^Dan",
        "Patten^Rose", "Testone^Luca", "Ten^Li", "Lee^Five", "Case^Ten",
    ],
)  # fmt: skip
def test_where_a_natural_name_part_stands_it_is_a_name(text: str) -> None:
    assert not stands_for_a_name(text)
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("name", "certainty"),
    [
        ("Doe^John", "likely"), ("Jane Doe", "likely"), ("Doe^Adam", "certain"),
        ("Mustermann^Erika", "likely"), ("Muster^Erika", "certain"), ("张三", "likely"),
        ("TEST^ADL", "likely"), ("Testing^Anna", "likely"), ("ZZZDOWNTIME^Mary", "likely"),
        ("KNEECT000", "likely"), ("OB^^^^", "likely"), ("PLA", "likely"), ("Ng^Kim", "certain"),
        ("Wang", "certain"), ("Smith2", "certain"), ("Brandt1204^Ann", "certain"),
        ("Testa^Maria", "certain"), ("Last^Nella", "certain"), ("Zuz^Ada", "certain"),
    ],
)  # fmt: skip
def test_a_name_that_may_be_a_tests_is_shown_and_not_certain(name: str, certainty: str) -> None:
    found = findings(make_inventory(("00100010", name)))

    assert [one.certainty for one in found if one.rule == "patient-name"] == [certainty]


@pytest.mark.parametrize("code", ["Anonymized49", "XXXX^XXXX", "TCGA-00-0000", "Anonimo"])
def test_a_code_in_the_names_place_is_called_one_and_echoes_nowhere(code: str) -> None:
    inventory = make_inventory(
        ("00100010", code), ("00080080", code), ("00204000", f"seen: {code}"), files=(f"{code}/1",)
    )

    found = rules_in(inventory)

    assert "placeholder" in found
    assert not found & {"patient-name", "echo-name", "file-name-echo", "second-person-name"}


def test_a_code_for_staff_is_still_staff() -> None:
    assert "operator" in rules_in(make_inventory(("00081070", "AB1234")))


@pytest.mark.parametrize("dummy", ["n.a.", "Not^Given", "XXXX^XXXX", "[removed]"])
def test_a_dummy_in_a_report_is_no_person(dummy: str) -> None:
    inventory = make_inventory(("00100010", "Anon"), ("0040A730[0].0040A123", dummy))

    values = [one.values for one in findings(inventory) if one.rule != "placeholder"]
    assert (dummy,) not in values


@pytest.mark.parametrize(
    ("tag", "value", "certainty"),
    [
        ("00081070", "operator", "likely"), ("00081070", "Quade^Iris", "certain"),
        ("00080090", "Last Name^First Name", "likely"), ("00080090", "TEST^DOC^O^", "likely"),
        ("00700084", "Siemens", "likely"), ("00080090", "Siemens^Ute", "certain"),
        ("00080080", "TOSHIBA", "likely"), ("00080080", "St. Odile", "certain"),
        ("00080080", "OAK IMAGING CENTER", "certain"), ("00080080", "Klinik Au GmbH", "certain"),
        ("00080080", "Siemens Healthcare GmbH", "likely"),
        ("00101080", "NEURO", "likely"),
    ],
)  # fmt: skip
def test_a_dummy_an_account_or_a_maker_is_never_certainly_a_person_or_hospital(
    tag: str, value: str, certainty: str
) -> None:
    found = findings(make_inventory((tag, value)))

    assert [one.certainty for one in found if value in one.values and one.tag == tag] == [certainty]
