"""Where a report leads: details for a letter, letters to write, questions to ask."""

from __future__ import annotations

import pytest

from companion.checklists import reading
from companion.content import identifiers
from companion.content.library import LANGUAGES
from companion.web.scans.report import build
from companion.web.scans.report.letter_facts import letter_facts, readable_name
from companion.web.scans.report.next_steps import letters, questions
from tests.web.scans.report.reports import make_finding, make_person, make_report

# --- A letter's details ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Doe^Jane^Q", "Jane Q Doe"),
        ("Okafor^Grace^^Dr", "Dr Grace Okafor"),
        ("Yamada^Tarou=山田^太郎", "Tarou Yamada"),
        ("=山田^太郎", "山田 太郎"),
        ("DR^OKAFOR", "DR OKAFOR"),
        ("Dr.^Okafor^Grace", "Dr. Grace Okafor"),
        ("Doe", "Doe"),
        ("", ""),
    ],
)
def test_a_name_in_the_files_form_becomes_a_name_as_written(value: str, name: str) -> None:
    assert readable_name(value) == name


def test_details_for_a_letter_have_the_letters_own_field_names() -> None:
    page = build(
        make_report(
            make_finding(),
            make_finding("patient-id", name="PatientID", values=["MRN-1"]),
            make_finding("birth-date", name="PatientBirthDate", values=["19710304"]),
            make_finding("institution", group="where", name="InstitutionName", values=["St Mary"]),
            make_finding("study-date", group="when", name="StudyDate", values=["20240115"]),
            make_finding(
                "accession-number", group="numbers", name="AccessionNumber", values=["A1"]
            ),
        ),
        "en",
    )
    facts = {fact.name: fact.value for fact in page.facts}
    assert facts.pop("identifiers").splitlines()[0] == "PatientName (0010,0010)"
    assert facts == {
        "name": "Jane Doe",
        "birth_date": "1971-03-04",
        "record_number": "MRN-1",
        "recipient_name": "St Mary",
        "study_list": "CT 2024-01-15",
        "accession": "A1",
    }


def test_a_code_in_place_of_a_name_signs_no_letter() -> None:
    report = make_report(
        make_finding("placeholder", group="claims", hipaa=None, values=["ANON-0412"]),
        make_finding(values=["ANON-0412"]),
        make_finding("patient-id", name="PatientID", values=["ANON-0412"]),
    )
    assert {fact.name for fact in letter_facts(report)} == {"identifiers"}


def test_the_letter_of_one_of_two_people_holds_nothing_of_the_other() -> None:
    mother, son = make_person("1"), make_person("2", names=("Doe^Max",), days=(("20260206", "CR"),))
    report = make_report(
        make_finding("accession-number", group="numbers", name="AccessionNumber", values=["HERS"],
                     person="1"),
        make_finding("accession-number", group="numbers", name="AccessionNumber", values=["HIS"],
                     person="2"),
        people=(mother, son),
    )  # fmt: skip
    facts = {fact.name: fact.value for fact in letter_facts(report, son)}
    assert facts["name"] == "Max Doe"
    assert facts["accession"] == "HIS"
    assert facts["study_list"] == "CR 2026-02-06"


def test_each_day_has_its_own_kind_of_scan() -> None:
    person = make_person(days=(("20250121", "CT"), ("20220503", "MR")))
    facts = {fact.name: fact.value for fact in letter_facts(make_report(people=(person,)))}
    assert facts["study_list"] == "MR 2022-05-03\nCT 2025-01-21"


def test_a_name_that_only_stands_deep_inside_is_not_offered_for_a_letter() -> None:
    page = build(make_report(make_finding(place="nested")), "en")
    assert [fact.name for fact in page.facts] == ["identifiers"]


def test_the_list_of_entries_for_a_letter_holds_no_value() -> None:
    report = make_report(make_finding(values=["Doe^Jane"]), make_finding(certainty="possible"))
    (entries,) = [fact for fact in build(report, "en").facts if fact.name == "identifiers"]
    assert entries.value == "PatientName (0010,0010)"


# --- Next steps ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_and_question_that_a_rule_names_is_there(language: str) -> None:
    known = reading.load().questions
    for rule in identifiers.rules().values():
        assert [step.id for step in letters(rule.letters, language)] == list(rule.letters)
        asked = [name for name in rule.questions if not known[name].step]
        steps = questions(rule.questions, language)
        assert [step.id for step in steps] == asked
        assert all(step.title and step.url for step in steps)


def test_a_letter_that_does_not_exist_is_left_out() -> None:
    assert letters(["letter-of-2031"], "en") == ()


def test_a_step_that_the_patient_takes_alone_is_no_question() -> None:
    assert questions(["F2"], "en") == ()
