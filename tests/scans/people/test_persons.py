"""Whose scans a set holds: spellings, codes, numbers and birth dates; what belongs to whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from companion.scans.findings import Finding, Report
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan


def inspect_scans(*scans: dict[str, Any]) -> Report:
    """A report on one file for each, named ``IM0``, ``IM1`` ..."""
    return inspect(
        Entry(f"IM{number}", [make_scan(SpecificCharacterSet="ISO_IR 192", **elements)])
        for number, elements in enumerate(scans)
    )


def of_rule(report: Report, rule: str) -> dict[str, Finding]:
    """Findings of a rule by their person."""
    return {one.person: one for one in report.findings if one.rule == rule}


def names_of(names: Iterable[str]) -> Report:
    return inspect_scans(*({"PatientName": name} for name in names))


SPELLINGS = [
    ("Sørensen^Åse", "SOERENSEN^AASE", "SORENSEN^ASE"),
    ("Müller^Jörg", "MUELLER^JOERG", "Jörg Müller"),
    ("Weiß^Anna", "WEISS^ANNA"),
    ("Wójcik^Łukasz", "WOJCIK^LUKASZ"),
    ("Yıldız^İnci", "YILDIZ^INCI"),
    ("Đukić^Đorđe", "DJUKIC^DJORDJE"),
    ("Þórsdóttir^Guðrún", "THORSDOTTIR^GUDRUN"),
    ("Núñez^Íñigo", "NUNEZ^INIGO"),
    ("O'Brien^Niamh", "OBRIEN^NIAMH", "O BRIEN^NIAMH", "O’Brien^Niamh"),
    ("Lind-Falk^Maj", "LINDFALK^MAJ", "LIND FALK^MAJ"),
    ("van der Berg^Joost", "VANDERBERG^JOOST", "Berg van der^Joost", "van den Berg^Joost"),
    ("Brandt^Uwe^^Dr.", "BRANDT^UWE^^^MD", "Prof. Dr. Uwe Brandt", "Brandt, Uwe"),
    ("Ng^Bo", "NG^BO", "Bo Ng"),
    ("Yamada^Tarou=山田^太郎", "山田^太郎", "YAMADA^TAROU"),
    ("Okonkwo^Ada^Mary", "OKONKWO^ADA^M", "Okonkwo^Ada", "Okonkwo^AM"),
    ("MacAllen^Una", "MCALLEN^UNA", "Mc Allen^Una"),
    ("O'Brien^Una", "O\u2018Brien^Una", "O\u02bcBrien^Una", "O\u2032Brien^Una"),
    ("Lind-Falk^Una", "Lind\u2010Falk^Una", "Lind\u2013Falk^Una", "\u200eLind-Falk^Una\u200f"),
    ("Núñez^Mª Paz", "NUNEZ^MARIA PAZ", "Nunez^Ma. Paz"),
    ("Yıldız^İpek", "Yıldız^İ"),
    ("Brandenburgerova^Katka", "BRANDENBURGEROVA", "BRANDENBURGEROV"),
    ("Mustermannova^Ada", "MUSTERMANNOVA^AD"),
    ("Küßnach^Jörg", "K??nach^J?rg", "Knach^Jrg", "K__nach^J_rg"),
    ("Орлов^Сергей", "ORLOV^SERGEY", "Orlow^Sergej", "Orlov^Sergei"),
    ("Хрущёва^Юлия", "KHRUSHCHEVA^YULIYA", "Chruschtschowa^Julija"),
    ("Λαμπράκης^Γεώργιος", "LAMPRAKIS^GEORGIOS"),
    ("ﾔﾏﾀﾞ^ﾊﾅｺ", "やまだ^はなこ", "ヤマダ^ハナコ", "YAMADA^HANAKO"),
    ("Satou^Youko=佐藤^陽子", "SATO^YOKO"),
    ("홍^길동", "HONG^GILDONG", "Hong^Gil-dong"),
]


@pytest.mark.parametrize("names", SPELLINGS, ids=lambda names: names[1])
def test_the_spellings_of_one_name_are_one_person(names: tuple[str, ...]) -> None:
    report = names_of(names)

    assert [set(person.names) for person in report.people] == [set(names)]
    assert not of_rule(report, "two-patients")


@pytest.mark.parametrize(
    "names",
    [
        ("Müller^Jana", "Möller^Jana"), ("Brandt^Uwe", "Brandt^Eva"), ("Ng^Bo", "Ng^Li"),
        ("van der Berg^Joost", "van der Velde^Joost"), ("Brandt^Uwe", "Okonkwo^Ada"),
        ("Lind-Falk^Maj", "Lind-Holm^Maj"), ("山田^太郎", "山田^花子"),
        ("MacAllen^Una", "MacAllan^Ida"), ("Орлов^Сергей", "ORLOV^SEMYON"),
        ("Орлова^Мария", "ORLOVA^OMAR"), ("Орлов^Олег", "ORLOV^OLGA"), ("Орлов^Иван", "ORLOV^JAN"),
        ("Орлов^Сергей", "Орлов^Семён"), ("Mustermannova^Ada", "Mustermannova^Adela"),
        ("Küßnach^Jörg", "Kornach^Jürg"), ("ﾔﾏﾀﾞ^ﾊﾅｺ", "YAMADA^HARUKO"),
        ("Moura^Ana", "Mora^Ana"), ("Brandt^Uwe Kai", "Brandt^UM"),
    ],
)  # fmt: skip
def test_names_that_are_only_near_are_two_persons(names: tuple[str, ...]) -> None:
    report = names_of(names)

    assert [person.names for person in report.people] == [(name,) for name in names]
    assert of_rule(report, "two-patients")


@pytest.mark.parametrize("other", ["1961.02.04", "04.02.1961", "19610000", "19610200"])
def test_one_birth_date_in_two_forms_is_one_persons(other: str) -> None:
    report = inspect_scans(
        *({"PatientName": "Brandt^Uwe", "PatientBirthDate": birth} for birth in ("19610204", other))
    )

    assert len(report.people) == 1


@pytest.mark.parametrize("births", [("19610204", "1962.02.04"), ("19610204", "19620000")])
def test_another_birth_date_is_another_persons_whatever_its_form(births: tuple[str, str]) -> None:
    report = inspect_scans(
        *({"PatientName": "Brandt^Uwe", "PatientBirthDate": birth} for birth in births)
    )

    assert len(report.people) == 2


@pytest.mark.parametrize(("birth", "people"), [("19610204", 1), ("19620204", 2)])
def test_letters_that_say_no_sound_go_by_the_birth_date(birth: str, people: int) -> None:
    report = inspect_scans(
        {"PatientName": "王^小東", "PatientBirthDate": "19610204"},
        {"PatientName": "WANG^XIAODONG", "PatientBirthDate": birth},
    )

    assert len(report.people) == people


def test_names_in_letters_that_cannot_be_compared_are_perhaps_two() -> None:
    report = names_of(("王^小東", "WANG^XIAODONG"))

    assert [one.certainty for one in of_rule(report, "two-patients").values()] == ["possible"]


def test_nine_spellings_are_one_person_and_the_fullest_name_leads() -> None:
    names = [
        "SORENSEN^ASE", "Sørensen^Åse", "SOERENSEN^AASE", "Sørensen^Åse^Marie", "ASE SORENSEN",
        "Sørensen, Åse", "Sørensen^Å", "Soerensen^Aase^^Dr.", "SØRENSEN^ÅSE",
    ]  # fmt: skip

    (person,) = names_of(names).people

    assert (person.names[0], len(person.names), person.files) == ("Sørensen^Åse^Marie", 9, 9)


def test_a_name_read_in_another_character_set_is_the_same_person() -> None:
    misread = "Лаврова^Нина".encode("cp1251").decode("latin-1")

    assert len(names_of(["Лаврова^Нина", misread]).people) == 1


def test_one_name_with_two_birth_dates_and_numbers_is_two_persons() -> None:
    report = inspect_scans(
        {"PatientName": "Brandt^Uwe", "PatientID": "4711", "PatientBirthDate": "19500301"},
        {"PatientName": "Brandt^Uwe", "PatientID": "9133", "PatientBirthDate": "19820704"},
    )

    assert [person.numbers for person in report.people] == [("4711",), ("9133",)]


@pytest.mark.parametrize(
    ("number", "birth", "name", "certainty"),
    [
        ("9133", "19820704", "Okonkwo^Ada", "certain"),
        ("9133", "19820704", "Brandt^Eva", "certain"),
        ("9133", "", "Okonkwo^Ada", "likely"),
        ("", "", "Brandt^Eva", "possible"),
    ],
)
def test_two_patients_are_as_sure_as_what_differs(
    number: str, birth: str, name: str, certainty: str
) -> None:
    report = inspect_scans(
        {"PatientName": "Brandt^Uwe", "PatientID": "4711", "PatientBirthDate": "19500301"},
        {"PatientName": name, "PatientID": number, "PatientBirthDate": birth},
    )

    (found,) = of_rule(report, "two-patients").values()
    assert (found.values, found.certainty) == (("Brandt^Uwe", name), certainty)


def test_findings_and_files_belong_to_the_person_in_whose_files_alone_they_are() -> None:
    mother = {"PatientName": "Brandt^Eva", "PatientID": "4711", "StudyDate": "20200105"}
    son = {"PatientName": "Brandt^Tim", "PatientID": "9133", "StudyDate": "20210817"}
    report = inspect_scans(
        *({**one, "InstitutionName": "Redlake"} for one in (mother, mother, son))
    )

    days = of_rule(report, "study-date")
    assert {person: found.values for person, found in days.items()} == {
        "1": ("20200105",), "2": ("20210817",),
    }  # fmt: skip
    assert {person: found.files for person, found in days.items()} == {"1": 2, "2": 1}
    assert set(of_rule(report, "institution")) == {""}
    assert [record.person for record in report.files] == ["1", "1", "2"]
    assert [(day.date, day.modality, day.files) for day in report.people[0].days] == [
        ("20200105", "CT", 2)
    ]


def test_what_detectors_find_belongs_to_a_person_too() -> None:
    report = inspect_scans(
        {"PatientName": "Brandt^Eva", "ImageComments": "Brandt came late"},
        {"PatientName": "Okonkwo^Ada", "ImageComments": "Okonkwo came early"},
    )

    echoes = of_rule(report, "echo-name")
    assert {person: found.values for person, found in echoes.items()} == {
        "1": ("Brandt came late",), "2": ("Okonkwo came early",),
    }  # fmt: skip


def test_thirty_persons_are_thirty_and_none_has_the_others_values() -> None:
    family = ["Abel", "Bond", "Cole", "Drew", "Epps", "Ford", "Gale", "Hunt", "Ives", "Judd"]
    names = [f"{name}^{given}" for given in ("Ada", "Eva", "Uwe") for name in family]
    report = inspect_scans(
        *({"PatientName": name, "PatientID": f"77{at:04}"} for at, name in enumerate(names))
    )

    assert [person.names[0] for person in report.people] == names
    numbers = of_rule(report, "patient-id")
    assert all(
        numbers[person.id].values == person.numbers and numbers[person.id].distinct == 1
        for person in report.people
    )


def test_more_persons_than_slots_are_told_apart_but_nothing_is_given_to_the_wrong_one() -> None:
    vowels = "aeiou"
    names = [f"B{one}k{two}n^M{three}l" for one in vowels for two in vowels for three in "aei"]
    report = inspect_scans(
        *({"PatientName": name, "PatientID": f"77{at:04}"} for at, name in enumerate(names))
    )

    assert len(report.people) == 75
    for person, found in of_rule(report, "patient-id").items():
        assert person == "" or found.values == report.people[int(person) - 1].numbers


def test_a_code_in_the_names_place_is_a_code_and_its_number_tells_whose_it_is() -> None:
    report = inspect_scans(
        {"PatientName": "Brandt^Eva", "PatientID": "4711"},
        {"PatientName": "ANON-0412", "PatientID": "4711"},
        {"PatientName": "Subject 12", "PatientID": "S12"},
    )

    assert [(one.names, one.codes) for one in report.people] == [
        (("Brandt^Eva",), ("ANON-0412",)), ((), ("Subject 12",)),
    ]  # fmt: skip
    assert not of_rule(report, "two-patients")


def test_placeholders_alone_make_one_person_without_a_name() -> None:
    (person,) = names_of(["Anonymous", "XXXX^XXXX", "n.a."]).people

    assert (person.names, person.codes) == ((), ("Anonymous", "XXXX^XXXX", "n.a."))


def test_the_name_from_before_leads_where_a_code_stands_now() -> None:
    report = inspect_scans(
        {
            "PatientName": "ANON-0412",
            "OriginalAttributesSequence": {
                "ModifiedAttributesSequence": {"PatientName": "Brandt^Eva"},
            },
        }
    )

    (person,) = report.people
    assert (person.names, person.codes) == (("Brandt^Eva",), ("ANON-0412",))
    assert not of_rule(report, "second-person-name")
    assert of_rule(report, "placeholder")["1"].values == ("ANON-0412",)


def test_files_that_name_no_patient_make_no_person() -> None:
    report = inspect_scans({}, {"StudyDate": "20200105"})

    assert report.people == ()
    assert {finding.person for finding in report.findings} == {""}


def test_a_value_shared_with_a_file_of_nobody_belongs_to_nobody() -> None:
    report = inspect_scans(
        {"PatientName": "Brandt^Eva", "AccessionNumber": "A90417"}, {"AccessionNumber": "A90417"}
    )

    assert set(of_rule(report, "accession-number")) == {""}
    assert set(of_rule(report, "patient-name")) == {"1"}


@pytest.mark.parametrize(
    "syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"]
)
def test_persons_are_told_apart_however_a_file_is_written(syntax: str) -> None:
    report = inspect_scans(
        {"PatientName": "Brandt^Eva", "StudyDate": "20200105", "syntax": syntax},
        {"PatientName": "Okonkwo^Ada", "StudyDate": "20210817", "syntax": syntax},
    )

    assert set(of_rule(report, "study-date")) == {"1", "2"}


def test_many_files_of_many_studies_are_counted_by_day_and_person() -> None:
    report = inspect_scans(
        *(
            {
                "PatientName": "Brandt^Eva" if study % 2 else "BRANDT^EVA",
                "PatientID": "4711",
                "StudyInstanceUID": f"1.2.3.{study}",
                "StudyDate": f"202001{study + 1:02}",
            }
            for study in range(20)
            for _ in range(10)
        )
    )

    (person,) = report.people
    assert (person.files, person.studies, len(person.days)) == (200, 20, 20)
    assert {day.files for day in person.days} == {10}
    assert set(of_rule(report, "study-date")) == {"1"}
