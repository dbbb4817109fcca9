"""The paragraph that opens a report: the worst facts first, and none that is not there."""

from __future__ import annotations

import pytest

from companion.scans.findings import FileRecord, Finding, Kind, Report, Status
from companion.web.scans.report import build
from companion.web.scans.report.unread import share
from tests.web.scans.report.reports import (
    make_files,
    make_finding,
    make_person,
    make_report,
    make_row,
)

CLAIM = make_finding(
    "claim-identity-removed", group="claims", hipaa=None, name="PatientIdentityRemoved",
    values=["YES"],
)  # fmt: skip
UNSEEN = make_finding("picture-not-read", group="picture", hipaa=None, certainty="possible")
RESULT = make_finding(
    "ai-result", group="ai", hipaa=None, files=2,
    values=["program: Outliner", "signed: no"],
)  # fmt: skip
WRITTEN_REPORT = {
    "en": "a written report",
    "es": "un informe escrito",
    "de": "ein schriftlicher Befund",
    "fr": "un compte rendu écrit",
}
HISTORY = make_finding("reason-and-history", group="words", hipaa="R")
DOCUMENT = make_finding("document-text", group="words", hipaa="R", place="document")


def told(report: Report, language: str = "en") -> str:
    return " ".join(str(sentence) for sentence in build(report, language).opening)


# --- What it says ----------------------------------------------------------------------


def test_it_names_what_anyone_can_read() -> None:
    text = told(
        make_report(
            make_finding(),
            make_finding("birth-date", hipaa="C"),
            make_finding("study-date", group="when", hipaa="C"),
            make_finding("institution", group="where", hipaa="B"),
        )
    )
    assert "<strong>your name</strong> and <strong>your date of birth</strong>" in text
    assert "<strong>when you were there</strong> and <strong>where you were</strong>" in text


def test_it_never_quotes_a_value() -> None:
    assert "Jane" not in told(make_report(make_finding(values=["Doe^Jane"])))


def test_a_mere_hint_is_not_told_as_known() -> None:
    hint = make_finding("social-security-number", certainty="possible", hipaa="G")
    assert build(make_report(hint), "en").story == []


def test_a_long_list_is_cut_and_counted() -> None:
    rules = [
        "patient-name", "other-patient-names", "patient-id", "birth-date", "patient-address",
        "patient-phone",
    ]  # fmt: skip
    text = told(make_report(*[make_finding(rule) for rule in rules]))
    assert "2 more things" in text
    assert "phone" not in text


# --- The order -------------------------------------------------------------------------


@pytest.mark.parametrize("language", WRITTEN_REPORT)
def test_the_worst_comes_first(language: str) -> None:
    files = (*make_files(9), *make_files(1, status="partly-read", notes=("truncated",)))
    report = make_report(
        make_finding(place="private"), CLAIM, DOCUMENT, HISTORY, RESULT, UNSEEN,
        files=files,
        people=(make_person("1"), make_person("2")),
    )  # fmt: skip
    page = build(report, language)
    words = page.words
    order = [
        "1",
        words["phrases"]["patient_name"],
        "2",
        WRITTEN_REPORT[language],
        words["health"]["reason_and_history"],
        words["opening"]["unsigned"],
        words["opening"]["their_names"],
        words["opening"]["not_looked"],
    ]
    text = " ".join(page.story)
    at = 0
    for part in order:
        at = text.index(part, at)


def test_a_cut_download_says_how_much_arrived() -> None:
    files = (
        *make_files(53),
        FileRecord("CD.zip", Kind.ARCHIVE, Status.PARTLY_READ, notes=("zip-truncated",)),
    )
    row = make_row("ImagesInAcquisition", values=("120",))
    assert "53 of 120 pictures arrived" in told(make_report(files=files, elements=(row,)))
    assert "53 pictures arrived whole" in told(make_report(files=files))


def test_a_cut_scan_says_how_much_of_it_arrived() -> None:
    cut = make_files(
        1, status=Status.PARTLY_READ, notes=("truncated",), size=300, expected_size=500
    )
    report = make_report(files=(*make_files(2), *cut))
    assert "1 of 3 files is cut short. About 60% of its data arrived." in told(report)
    (unread,) = build(report, "en").unread_files
    assert unread.reasons[-1] == "About 60% of its data arrived."
    unsaid = make_files(1, status=Status.PARTLY_READ, notes=("truncated",))
    assert "arrived" not in told(make_report(files=(*cut, *unsaid)))


def test_a_disc_says_how_many_of_its_scans_are_here() -> None:
    row = make_row("ReferencedFileID", values=("A/1", "A/2"), distinct=120)
    part = make_report(files=make_files(53), elements=(row,))
    assert "table of contents lists 120 scans, and 53 of them are here." in told(part)
    assert "We do not know what is in the missing part." in told(part)
    assert not share(part).whole
    assert "lists" not in told(make_report(files=make_files(120), elements=(row,)))


def test_a_cut_download_with_a_table_of_contents_counts_by_it() -> None:
    files = (
        *make_files(53),
        FileRecord("CD.zip", Kind.ARCHIVE, Status.PARTLY_READ, notes=("zip-truncated",)),
    )
    row = make_row("ReferencedFileID", values=("A/1",), distinct=120)
    assert "53 of 120 pictures arrived" in told(make_report(files=files, elements=(row,)))


def test_a_whole_download_is_not_called_cut() -> None:
    row = make_row("ImagesInAcquisition", values=("3",))
    assert "arrived" not in told(make_report(elements=(row,)))


def test_a_broken_promise_names_what_is_left() -> None:
    assert "identity was removed. They still contain <strong>your name" in told(
        make_report(make_finding(), CLAIM)
    )


def test_a_promise_that_nothing_contradicts_is_not_called_broken() -> None:
    assert "identity was removed" not in told(make_report(CLAIM))
    no = make_finding("claim-identity-removed", group="claims", hipaa=None, values=["NO"])
    assert "identity was removed" not in told(make_report(make_finding(), no))


def test_a_code_where_the_name_was_is_called_a_code() -> None:
    coded = make_person(names=(), codes=("ANON-0412",))
    assert "A code or a filler word is where your name should be." in told(
        make_report(people=(coded,))
    )
    assert "A code" not in told(make_report(people=(make_person(),)))


def test_several_people_are_counted_and_one_is_not() -> None:
    both = (make_person("1"), make_person("2"))
    assert "scans of 2 people" in told(make_report(people=both))
    assert "people" not in told(make_report(people=both[:1]))


def test_a_maybe_of_a_second_person_is_no_sentence() -> None:
    maybe = make_finding("two-patients", certainty="possible")
    assert "more than one person" not in told(make_report(make_finding(), maybe))


def test_not_pregnant_is_not_told_as_a_pregnancy() -> None:
    def status(value: str) -> str:
        finding = make_finding(
            "pregnancy-and-cycle", group="about-you", hipaa="R", name="PregnancyStatus",
            values=[value],
        )  # fmt: skip
        return told(make_report(finding))

    assert "pregnancy" not in status("1")
    assert "pregnancy" not in status("4")
    assert "<strong>a pregnancy</strong>" in status("3")


@pytest.mark.parametrize(
    ("rule", "field", "phrase"),
    [
        ("health-conditions", "MedicalAlerts", "a medical alert"),
        ("health-conditions", "Allergies", "an allergy"),
        ("health-conditions", "SpecialNeeds", "your state of health"),
        ("health-conditions", "AdmittingDiagnosesDescription", "a diagnosis"),
        ("reason-and-history", "AdditionalPatientHistory", "your medical history"),
        ("reason-and-history", "ReasonForStudy", "why you were scanned"),
        ("pregnancy-and-cycle", "LastMenstrualDate", "your cycle"),
    ],
)
def test_a_fact_of_health_is_named_as_closely_as_its_field_allows(
    rule: str, field: str, phrase: str
) -> None:
    found = make_finding(rule, name=field, group="words", hipaa="R", values=["x"])
    assert f"about your health: <strong>{phrase}</strong>." in told(make_report(found))


def test_a_code_in_the_place_of_the_number_is_no_number_of_the_patients() -> None:
    code = make_finding("placeholder", group="claims", values=["STUDY-7"])
    number = make_finding("patient-id", name="PatientID", hipaa="H", values=["STUDY-7"])
    assert "your patient number" not in told(make_report(make_finding(), code, number, CLAIM))


def test_an_implant_comes_before_history() -> None:
    implant = make_finding("implant-or-device", group="about-you", hipaa="M")
    text = told(make_report(HISTORY, implant))
    assert text.index("an implant") < text.index("why you were scanned")


def test_several_programs_are_named_in_one_sentence() -> None:
    other = make_finding("ai-result", group="ai", hipaa=None, values=["program: Marker"])
    text = told(make_report(RESULT, other))
    assert "files: <strong>Outliner</strong> and <strong>Marker</strong>. Nothing" in text
    assert "what they found" in text
    assert "It is called <strong>Outliner</strong>." in told(make_report(RESULT))


def test_a_name_in_a_viewers_page_is_told_as_a_name_and_not_as_a_hint() -> None:
    name = make_finding("name-in-text", place="other-file", certainty="likely", values=["x Doe"])
    born = make_finding("birth-date-in-text", place="other-file", certainty="likely", hipaa="C")
    text = told(make_report(name, born))
    assert "<strong>a name</strong> and <strong>a birth date</strong>" in text
    assert "a name" not in told(make_report(make_finding(), name))


def test_a_doctors_name_is_no_other_patients() -> None:
    doctor = make_finding("second-person-name", certainty="likely", values=["DR^ROE"])
    nurse = make_finding("second-person-name", certainty="likely", values=["ROE^ANN"])
    staff = make_finding("performer", group="other-people", values=["ROE^ANN"])
    assert "another person" not in told(make_report(make_finding(), doctor))
    assert "another person" not in told(make_report(make_finding(), nurse, staff))
    assert "another person" in told(make_report(make_finding(), nurse))


def test_the_rest_is_left_to_the_answers_where_much_is_to_be_said() -> None:
    when = make_finding("study-date", group="when", hipaa="C")
    assert "when you were there" in told(make_report(make_finding(), when))
    files = (*make_files(9), *make_files(1, status="partly-read", notes=("truncated",)))
    report = make_report(make_finding(), when, HISTORY, DOCUMENT, RESULT, UNSEEN, files=files)
    assert "when you were there" not in told(report)


def test_what_a_program_wrote_is_no_written_report() -> None:
    text = make_finding("report-text", group="words", hipaa="R", place="report-text")
    assert "written report" in told(make_report(text))
    assert "written report" not in told(make_report(text, RESULT))


def test_hidden_is_said_only_of_what_is_hidden() -> None:
    assert "do not show" in told(make_report(make_finding(place="private")))
    for place in ("header", "uid", "file-meta", "nested", "file-name"):
        assert "do not show" not in told(make_report(make_finding(place=place)))


def test_pictures_that_nobody_looked_at_are_said_in_the_same_breath() -> None:
    assert "The pictures were not looked at." in told(make_report(make_finding(), UNSEEN))
    assert "looked at" not in told(make_report(make_finding()))


def test_pictures_that_often_have_words_on_them_come_before_who_you_are() -> None:
    painted = make_finding("burned-in-likely", group="picture", certainty="possible")
    text = told(make_report(make_finding(), painted, UNSEEN))
    assert text.index("words on them") < text.index("your name")


def test_pictures_that_a_series_lacks_come_first_with_how_many_of_how_many() -> None:
    gap = make_finding(
        "series-gap", group="picture", hipaa=None, certainty="likely", values=["12/60", "1/9"]
    )
    text = told(make_report(gap, make_finding()))
    assert text.startswith("By their numbers, at least 12 of 60 pictures in a series are missing.")
    assert "Get the files again" in text
    assert share(make_report(gap)).incomplete
    for nonsense in ("60/12", "0/5", "x", "1/2/3"):
        broken = make_finding("series-gap", group="picture", hipaa=None, values=[nonsense])
        assert not share(make_report(broken)).missing


# --- The headline ----------------------------------------------------------------------


def test_a_claim_or_a_model_name_is_no_identifier() -> None:
    report = make_report(
        CLAIM,
        make_finding("claim-left-over", group="claims", hipaa="R"),
        make_finding("machine-model", group="machine", hipaa=None),
    )
    page = build(report, "en")
    assert not page.found
    assert page.kinds == 0
    assert page.claims is not None


HINT = make_finding("social-security-number", certainty="possible", hipaa="G")


@pytest.mark.parametrize(
    ("findings", "files", "outcome"),
    [
        ((make_finding(),), make_files(), "story"),
        ((HINT,), make_files(), "hints"),
        ((), make_files(), "none"),
        ((), (*make_files(), *make_files(1, status="not-read")), "none_partly"),
        ((), make_files(1, status="partly-read"), "none_partly"),
        ((), make_files(1, kind="other", status="partly-read"), "unread"),
        ((HINT,), make_files(2, kind="other", status="partly-read"), "unread"),
        ((), (), "no_files"),
        ((make_finding(),), (), "story"),
    ],
)
def test_the_headline_says_no_more_than_was_read(
    findings: tuple[Finding, ...], files: tuple[FileRecord, ...], outcome: str
) -> None:
    page = build(Report(files=files, findings=findings), "en")
    assert page.outcome == outcome
    assert page.opening
    if page.unread:
        assert page.headline != page.words["nothing"]["none_title"]
    if page.unread and outcome != "story":
        assert "could not" in f"{page.headline} {' '.join(page.opening)}"


def test_nothing_found_is_never_said_without_the_pictures() -> None:
    page = build(Report(files=make_files(), findings=(UNSEEN,)), "en")
    assert page.outcome == "none"
    assert page.words["opening"]["not_looked"] in page.opening


def test_the_numbers_that_every_scan_has_are_not_called_a_name() -> None:
    uid = make_finding("uid-study", group="numbers", hipaa="R", place="uid", values=["1.2.3"])
    text = told(make_report(uid, UNSEEN))
    assert "nothing that names you" in text
    assert "The pictures were not looked at." in text
    assert "nothing that names you" not in told(make_report(uid, make_finding()))


def test_the_place_alone_is_what_anyone_can_read() -> None:
    place = make_finding("gps", group="where", hipaa="B", values=["45.9, 6.1"])
    where = "<strong>exactly where the picture was taken</strong>."
    assert told(make_report(place)).startswith(f"Anyone who opens these files can read {where}")


def test_an_address_beside_the_scans_is_not_called_the_patients() -> None:
    maker = make_finding("email-in-text", place="other-file", hipaa="F", tag=None)
    assert "email" not in told(make_report(make_finding(), maker))
    assert "email" in told(make_report(make_finding("email-in-text", hipaa="F")))


def test_a_viewers_program_is_not_what_a_report_begins_with() -> None:
    program = FileRecord("VIEW.EXE", Kind.PROGRAM, Status.PARTLY_READ, notes=("text-only",))
    page = build(make_report(files=(*make_files(), program)), "en")
    assert "only a part" not in " ".join(page.story)
    assert page.unread == 1
    assert page.unread_files[0].names == ("VIEW.EXE",)
