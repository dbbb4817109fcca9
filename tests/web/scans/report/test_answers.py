"""The five short answers, for one person and for each of several."""

from __future__ import annotations

import pytest

from companion.scans.findings import Finding, Report
from companion.web.scans.report import build
from companion.web.scans.report.answers import Answer
from companion.web.scans.report.readable import said
from tests.web.scans.report.reports import make_files, make_finding, make_person, make_report
from tests.web.scans.report.test_opening import CLAIM, DOCUMENT, HISTORY, RESULT, UNSEEN


def answer(report: Report, name: str) -> Answer:
    page = build(report, "en")
    return next(one for one in (*page.answers, *page.for_all) if one.id == name)


def text(one: Answer) -> str:
    parts = (
        f"{line.text} {' '.join(v.readable or v for v in line.values)} {line.after}"
        for line in one.lines
    )
    return " | ".join(" ".join(part.split()) for part in parts)


def test_a_birth_date_that_several_people_share_is_told_of_each() -> None:
    people = (make_person("1"), make_person("2", names=("Roe^Ann",), numbers=("MRN-2",)))
    shared = make_finding("birth-date", values=["19710304"], person="")
    names = (make_finding(person="1"), make_finding(values=["Roe^Ann"], person="2"))
    for person in build(make_report(*names, shared, people=people), "en").people:
        who = next(one for one in person.answers if one.id == "who")
        shown = {line.text: line.values for line in who.lines}
        assert shown["Date of birth:"] == ("March 4, 1971",)
        assert shown["Patient number:"]


def test_a_birth_date_that_only_a_hidden_place_has_is_told() -> None:
    hidden = make_finding(
        "private-birth-date", group="hidden", hipaa="C", certainty="likely", place="private"
    )
    assert "your date of birth" in text(answer(make_report(make_finding(), hidden), "who"))


def test_a_name_in_a_page_beside_the_scans_is_no_reason_to_share_them_with_doctors() -> None:
    found = make_finding("name-in-text", place="other-file", name="script")
    number = make_finding("national-number-in-text", place="other-file", name="text")
    fit = build(make_report(found, number), "en").for_all[-1]
    assert "A document inside has a name" in fit.lines[0].text


def test_every_report_has_five_answers() -> None:
    page = build(make_report(), "en")
    ids = [one.id for one in (*page.answers, *page.for_all)]
    assert ids == ["who", "when", "health", "people", "share"]


def test_who_gives_name_birth_date_and_number_as_values_that_hide() -> None:
    who = answer(
        make_report(
            make_finding(),
            make_finding("birth-date", name="PatientBirthDate", hipaa="C", values=["19710304"]),
            make_finding("patient-id", name="PatientID", hipaa="H", values=["MRN-1"]),
        ),
        "who",
    )
    assert text(who) == ("Name: Jane Doe | Date of birth: March 4, 1971 | Patient number: MRN-1")
    assert all("Jane" not in line.text for line in who.lines)
    assert who.count == 3


def test_a_code_is_called_a_code_and_the_real_name_leads() -> None:
    alone = make_person(names=(), codes=("ANON-0412",))
    assert "ANON-0412 is where your name should be." in text(
        answer(make_report(people=(alone,)), "who")
    )
    both = make_person(names=("Doe^Jane",), codes=("ANON-0412",))
    said = text(answer(make_report(people=(both,)), "who"))
    assert said.startswith("Name: Jane Doe | ANON-0412 is where the name should be.")


def test_each_day_stands_beside_its_own_kind_of_scan() -> None:
    person = make_person(days=(("20250121", "CT"), ("20220503", "MR")))
    said = text(answer(make_report(people=(person,)), "when"))
    assert said.startswith("May 3, 2022 MRI, 3 files | Jan. 21, 2025 CT scan, 3 files")


def test_health_names_facts_reports_and_results_of_programs() -> None:
    one = answer(make_report(HISTORY, DOCUMENT, RESULT), "health")
    said = text(one)
    assert "A written report is inside." in said
    assert "why you were scanned" in said
    assert "Nothing shows that a person has confirmed it." in said
    assert [target for target, _ in one.links][:2] == ["documents", "ai"]


def test_of_every_scan_one_press_leads_to_what_is_said_of_ai() -> None:
    scanned = make_report(people=(make_person(days=(("20250121", "CT"),)),))
    assert "ai" in [target for target, _ in answer(scanned, "health").links]
    # Without a scan the page says nothing of AI, and nothing leads there.
    assert "ai" not in [target for target, _ in answer(make_report(people=()), "health").links]


def test_who_else_counts_and_names_the_others() -> None:
    doctor = make_finding("referring-physician", group="other-people", values=["Roe^Max^^Dr"])
    assert text(answer(make_report(doctor), "people")) == "1 name or contact: Dr Max Roe"


@pytest.mark.parametrize("name", ["who", "when", "health", "people"])
def test_none_is_said_only_of_what_was_read(name: str) -> None:
    whole = make_report(UNSEEN)
    part = make_report(UNSEEN, files=make_files(1, status="partly-read", notes=("truncated",)))
    words = build(whole, "en").words
    assert text(answer(whole, name)) == words["none"][name]
    assert text(answer(part, name)) == words["none_partly"][name]


def test_no_set_is_called_fit_without_a_doubt() -> None:
    words = build(make_report(), "en").words["fit"]
    assert words["nothing"] in text(answer(make_report(UNSEEN), "share"))
    assert words["pictures"] in text(answer(make_report(UNSEEN), "share"))
    assert words["named"] in text(answer(make_report(make_finding()), "share"))
    assert words["broken"] in text(answer(make_report(make_finding(), CLAIM), "share"))
    cut = make_files(1, status="partly-read", notes=("truncated",))
    assert words["unread"] in text(answer(make_report(UNSEEN, files=cut), "share"))


# --- Several people --------------------------------------------------------------------


def test_several_people_have_a_short_report_each() -> None:
    mother = make_person("1", days=(("20250121", "CT"),))
    son = make_person(
        "2", names=("Doe^Max",), birth_dates=("20210312",), days=(("20260206", "CR"),)
    )
    report = make_report(
        make_finding("institution", group="where", hipaa="B", values=["Hill Clinic"], person="2"),
        people=(mother, son),
    )
    page = build(report, "en")
    assert page.answers == ()
    first, second = page.people
    said = " ".join(text(one) for one in second.answers)
    assert "Max Doe" in said
    assert "Feb. 6, 2026 X-ray" in said
    assert "Hill Clinic" in said
    assert "CT" not in said
    assert "Hill Clinic" not in " ".join(text(one) for one in first.answers)


def test_of_several_people_the_top_says_who_they_are_and_who_else_is_named() -> None:
    people = (make_person("1"), make_person("2", names=("Doe^Max",), files=1))
    doctor = make_finding("referring-physician", group="other-people", values=["Roe^Max^^Dr"])
    page = build(make_report(doctor, people=people), "en")
    who, others, fit = page.for_all
    assert text(who) == "Person 1: Jane Doe 3 files | Person 2: Max Doe 1 file"
    assert [target for target, _ in who.links] == ["person-1", "person-2"]
    assert text(others) == "1 name or contact: Dr Max Roe"
    assert fit.id == "share"
    assert [target for target, _ in page.letter_exits] == ["letter-1", "letter-2"]


def test_of_many_people_the_letters_are_found_person_by_person() -> None:
    page = build(make_report(people=tuple(make_person(str(n)) for n in range(1, 9))), "en")
    assert [target for target, _ in page.letter_exits] == ["people"]


def test_a_name_in_two_scripts_is_shown_in_both_and_not_in_the_form_of_the_file() -> None:
    person = make_person(names=("Sato^Hana=佐藤^花=さとう^はな",))
    assert text(answer(make_report(people=(person,)), "who")).startswith(
        "Name: Hana Sato (佐藤 花)"
    )


def test_a_member_of_the_staff_in_the_makers_notes_leads_to_the_notes() -> None:
    staff = make_finding("private-staff", group="hidden", place="private", values=["Roe^Max"])
    others = answer(make_report(staff), "people")
    assert text(others) == "1 name or contact: Max Roe"
    assert [target for target, _ in others.links] == ["group-hidden"]


def test_every_line_says_something_where_the_values_are_left_out() -> None:
    days = (("20250121", "CT"), ("20220503", "MR"))
    coded = make_person(names=(), codes=("ANON-0412",), days=days)
    page = build(make_report(people=(coded,)), "en")
    bare = [line.bare for one in page.answers for line in one.lines if line.values]
    assert bare[0] == "A code or a filler word is where your name should be."
    assert bare[-2:] == ["On one day: MRI, 3 files", "On another day: CT scan, 3 files"]
    assert not any("ANON" in line or line.endswith(":") for line in bare)


def test_thirty_people_are_thirty_short_reports_that_are_folded() -> None:
    page = build(make_report(people=tuple(make_person(str(n)) for n in range(1, 31))), "en")
    assert len(page.people) == 30
    assert not page.people_open
    assert page.more_people == 0


def test_a_hundred_people_are_cut_and_counted() -> None:
    page = build(make_report(people=tuple(make_person(str(n)) for n in range(1, 101))), "en")
    assert len(page.people) + page.more_people == 100


def test_a_viewers_page_is_not_fit_to_share_and_shows_its_words() -> None:
    name = make_finding("name-in-text", place="other-file", certainty="likely", values=["x Doe"])
    unread = make_files(2, status="not-read")
    report = make_report(name, files=(*make_files(1), *unread))
    assert build(report, "en").for_all[-1].lines[0].text.startswith("Not for research")
    (line,) = answer(report, "who").lines
    assert "<strong>a name</strong>" in line.text
    assert [str(value) for value in line.values] == ["x Doe"]


def test_a_photo_says_when_it_was_taken_and_whose_camera_it_was() -> None:
    def noted(name: str, value: str) -> Finding:
        return make_finding(
            "other-file-details", group="hidden", place="other-file", certainty="possible",
            hipaa="R", tag=None, name=name, values=[value],
        )  # fmt: skip

    report = make_report(
        noted("EXIF date and time taken", "2026:07:19 20:05:41"), noted("EXIF artist", "Ann Roe")
    )
    (taken,) = answer(report, "when").lines
    assert taken.values[0].readable == "July 19, 2026"
    assert "Ann Roe" in [str(v) for line in answer(report, "who").lines for v in line.values]


def test_a_private_day_is_shown_as_a_day() -> None:
    day = make_finding(
        "private-date", group="hidden", place="private", values=["2024-06-11 (1718093722)"]
    )
    assert said(day)[0].readable == "June 11, 2024"
