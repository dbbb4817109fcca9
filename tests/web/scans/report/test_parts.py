"""Parts of a report: programs, documents, files that could not be read, the drawing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.template.loader import get_template
from django.utils import translation

from companion.content import body_parts
from companion.letters.catalogue import letters
from companion.scans.findings import FileRecord, Finding, Kind, Note, Report, Status
from companion.web.scans.report import build
from companion.web.scans.report.coded import in_words
from companion.web.scans.report.readable import Said
from companion.web.templatetags.values import print_list
from tests.web.scans.report.reports import (
    make_files,
    make_finding,
    make_person,
    make_report,
    make_row,
)

# --- Programs --------------------------------------------------------------------------


def test_a_program_is_shown_with_version_maker_and_signature() -> None:
    result = make_finding(
        "ai-result", group="ai", hipaa=None, files=2,
        values=["program: Outliner", "version: 4.0.2", "maker: Lines Ltd", "made: outline",
                "signed: no"],
    )  # fmt: skip
    part = build(make_report(result), "en").ai
    (program,) = part.programs
    assert [(line.label, line.text) for line in program.lines] == [
        ("Program", "Outliner"),
        ("Version", "4.0.2"),
        ("Maker", "Lines Ltd"),
        ("It made", "outlines on the pictures"),
    ]
    assert program.signed == "no"
    assert part.carried.startswith("My files name this program: Outliner 4.0.2 (Lines Ltd).")


def test_each_maker_that_is_surely_named_may_be_asked_with_all_its_programs() -> None:
    def of(program: str, maker: str, certainty: str = "certain") -> Finding:
        values = [f"program: {program}", "version: 2", *([f"maker: {maker}"] if maker else [])]
        return make_finding(
            "ai-result", group="ai", hipaa=None, example=program, values=values, certainty=certainty
        )

    made = [of("Outliner", "Lines Ltd"), of("Counter", "Lines Ltd"), of("Nameless", "")]
    made += [of("Guess", "Perhaps Inc", "possible")]
    companies = build(make_report(*made), "en").ai.companies
    assert [(one.name, one.product) for one in companies] == [
        ("Lines Ltd", "Outliner 2, Counter 2"),
    ]


def test_the_product_fits_the_letters_question_however_many_programs_there_are() -> None:
    made = [
        make_finding("ai-result", group="ai", hipaa=None, example=str(number),
                     values=[f"program: {'P' * 60} {number}", "maker: Lines Ltd"])
        for number in range(5)
    ]  # fmt: skip
    (company,) = build(make_report(*made), "en").ai.companies
    limit = next(one.limit for one in letters()["ask-ai-company"].fields if one.id == "product")
    assert 0 < len(company.product) <= limit


def test_files_that_programs_made_are_counted_at_the_least() -> None:
    made = [
        make_finding("ai-result", group="ai", hipaa=None, files=1, example=name,
                     values=[f"program: {name}"])
        for name in ("one", "two", "three")
    ]  # fmt: skip
    opening = " ".join(build(make_report(*made), "en").story)
    assert "Programs that may use AI made at least 3 of these files:" in opening
    assert "<strong>one</strong>, <strong>two</strong> and <strong>three</strong>" in opening


def test_values_without_a_label_stay_as_written() -> None:
    result = make_finding("ai-result", group="ai", hipaa=None, values=["AUTOMATIC"])
    (program,) = build(make_report(result), "en").ai.programs
    assert [(line.label, line.text) for line in program.lines] == [("As written", "AUTOMATIC")]


def test_words_that_nobody_confirmed_fold_under_their_program() -> None:
    results = [
        make_finding("ai-result", group="ai", hipaa=None, example=file, values=[f"program: {name}"])
        for file, name in (("SR1", "one"), ("SR2", "two"))
    ]
    unsigned = make_finding(
        "ai-unsigned", group="ai", hipaa=None, example="SR2", values=["suspected 0.87"]
    )
    part = build(make_report(*results, unsigned), "en").ai
    assert [(one.name, one.unsigned) for one in part.programs] == [
        ("one", ()),
        ("two", ("suspected 0.87",)),
    ]
    assert part.unsigned == ()
    # Two programs of one kind: what the kind means is said once.
    assert [bool(one.what) for one in part.programs] == [True, False]


def test_a_program_and_its_maker_never_hide_and_what_else_it_wrote_does() -> None:
    result = make_finding(
        "ai-result", group="ai", hipaa=None,
        values=["program: Outliner", "maker: Lines Ltd", "made: outline", "as written: Doe"],
    )  # fmt: skip
    (program,) = build(make_report(result), "en").ai.programs
    assert [(line.text, line.open) for line in program.details] == [
        ("Lines Ltd", True),
        ("outlines on the pictures", True),
        ("Doe", False),
    ]


def test_words_that_nobody_confirmed_are_kept_apart() -> None:
    unsigned = make_finding("ai-unsigned", group="ai", hipaa=None, values=["suspected 0.87"])
    page = build(make_report(unsigned), "en")
    assert page.ai.unsigned == ("suspected 0.87",)
    assert page.ai.programs == ()
    assert "ai" not in [group.id for group in page.groups]


def test_no_sign_of_ai_is_not_called_no_ai() -> None:
    page = build(make_report(), "en")
    assert page.ai.programs == ()
    assert page.ai.letter is not None
    assert "does not mean that none was used" in page.words["ai"]["none"]


# --- Documents -------------------------------------------------------------------------


def test_a_document_is_named_with_what_was_found_in_it() -> None:
    name = "CD/REPORT.PDF"
    report = make_report(
        make_finding("echo-name", place="other-file", example=name, tag=None, certainty="likely"),
        files=(*make_files(), FileRecord(name, Kind.PDF, Status.READ)),
    )
    (document,) = build(report, "en").documents
    assert document.name == name
    assert document.kind == "PDF"
    assert document.inside


def test_a_document_without_findings_is_no_report() -> None:
    report = make_report(files=(FileRecord("README.TXT", Kind.DOCUMENT, Status.READ),))
    assert build(report, "en").documents == ()


# --- Files that could not be read ------------------------------------------------------


def test_each_remedy_is_said_once_and_each_file_is_named() -> None:
    files = (
        FileRecord("a.iso", Kind.ARCHIVE, Status.NOT_READ, notes=(Note.DISC_IMAGE,)),
        FileRecord("b.iso", Kind.ARCHIVE, Status.NOT_READ, notes=(Note.DISC_IMAGE,)),
        FileRecord("c.7z", Kind.ARCHIVE, Status.NOT_READ, notes=(Note.SEVEN_ZIP,)),
    )
    page = build(Report(files=files, findings=()), "en")
    assert [item.names for item in page.unread_files] == [("a.iso", "b.iso"), ("c.7z",)]
    advice = [step for item in page.unread_files for step in item.advice]
    assert len(advice) == len(set(advice)) == 2
    assert "ZIP" not in page.unread_files[1].advice[0]


PHONE = {"en": "phone", "es": "teléfono", "de": "Handy", "fr": "téléphone"}


@pytest.mark.parametrize("language", PHONE)
@pytest.mark.parametrize("note", ["disc-image", "seven-zip", "rar", "zip-encrypted"])
def test_a_box_says_how_it_is_opened_on_windows_a_mac_and_a_phone(note: str, language: str) -> None:
    files = make_files(1, kind="archive", status="not-read", notes=(note,))
    (item,) = build(Report(files=files, findings=()), language).unread_files
    assert all(word in item.advice[0] for word in ("Windows", "Mac", PHONE[language]))


def test_the_zip_that_was_chosen_is_none_of_its_files() -> None:
    files = (*make_files(), FileRecord("CD.zip", Kind.ARCHIVE, Status.READ))
    page = build(make_report(files=files), "en")
    assert page.files == 3
    assert all(line.name != "CD.zip" for line in page.file_lines)


# --- The drawing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("BRAIN", "head"), ("t1_mprage_sag", "head"), ("CT THORAX", "chest"),
        ("XR Knie links", "limb"), ("LSPINE", "spine"), ("Mamografía de cribado", "breast"),
        ("CT Chest Abdomen", "whole"), ("Routine", ""), ("Headline", ""),
        ("SCANNER CEREBRAL", "head"), ("IRM encéphalique", "head"),
        ("Panoramique dentaire", "teeth"), ("RACHIS LOMBAIRE", "spine"),
        ("RX POIGNET DROIT", "limb"), ("Coroscanner", "heart"),
        ("Échographie rénale", "belly"), ("TDM THORACO-ABDOMINO-PELVIENNE", "whole"),
        ("Röntgen Oberschenkel", "limb"), ("ecografía de próstata", "belly"), ("rx muñeca", "limb"),
        # Words of one language that mean something else in another.
        ("MAIN SERIES", ""), ("Leber rein nativ", "belly"), ("Rate 5 fps", ""),
    ],
)  # fmt: skip
def test_words_of_a_description_choose_the_drawing(text: str, part: str) -> None:
    assert body_parts.part_of(text) == part


def test_the_field_for_the_part_wins_over_descriptions() -> None:
    row = make_row("BodyPartExamined", values=("KNEE",))
    described = make_finding("study-description", group="words", name="StudyDescription",
                             values=["Chest"])  # fmt: skip
    assert build(make_report(described, elements=(row,)), "en").body_part == "limb"
    assert build(make_report(described), "en").body_part == "chest"


def test_every_part_has_its_drawing() -> None:
    for part in body_parts.parts():
        get_template(f"scans/body/_{part.id}.html")


def test_an_unknown_part_has_no_drawing() -> None:
    page = build(make_report(), "en")
    assert page.body_part == ""
    assert page.drawing == ""


def test_a_mammogram_shows_a_breast_without_any_description() -> None:
    assert build(make_report(files=make_files(modality="MG")), "en").body_part == "breast"


def test_the_picture_has_nine_labels_and_lights_those_of_programs() -> None:
    result = make_finding("ai-result", group="ai", hipaa=None)
    facets = {facet.id: facet for facet in build(make_report(result), "en").facets}
    assert len(facets) == 9
    assert (facets["ai"].count, facets["ai"].target) == (1, "ai")
    assert facets["hidden"].count == 0


def test_labels_count_what_the_head_of_the_report_counts() -> None:
    page = build(
        make_report(
            make_finding(),
            make_finding("study-date", group="when", hipaa="C"),
            make_finding("claim-left-over", group="claims", hipaa="R"),
        ),
        "en",
    )
    assert sum(facet.count for facet in page.facets) == page.kinds == 2


# --- Codes and units -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keyword", "value", "english", "spanish"),
    [
        ("PatientSex", "F", "female", "mujer"),
        ("PregnancyStatus", "3", "pregnant", "embarazo"),
        ("PregnancyStatus", "1", "not pregnant", "sin embarazo"),
        ("PatientWeight", "152.038864155", "152\u00a0kg", "152\u00a0kg"),
        ("PatientSize", "1.594", "1.59\u00a0m", "1,59\u00a0m"),
        ("PatientPosition", "HFS", "on the back, head first", "boca arriba, cabeza primero"),
        ("Modality", "MR", "MRI", "resonancia magnética"),
        ("TransferSyntaxUID", "1.2.840.10008.1.2.4.70", "JPEG, no loss", "JPEG, sin pérdida"),
        ("SOPClassUID", "1.2.840.10008.5.1.4.1.1.2", "CT picture", "imagen de tomografía"),
        (
            "PatientOrientation",
            "L\\F",
            "to the left, to the feet",
            "hacia la izquierda, hacia los pies",
        ),
        ("PatientSex", "X9", "", ""),
        ("PatientWeight", "heavy", "", ""),
        ("PatientWeight", "9" * 400, "", ""),
        ("StudyDescription", "CT", "", ""),
    ],
)
def test_codes_and_units_are_in_words(keyword: str, value: str, english: str, spanish: str) -> None:
    with translation.override("en"):
        assert in_words(keyword, value) == english
    with translation.override("es"):
        assert in_words(keyword, value) == spanish


def test_line_breaks_in_a_value_are_line_breaks() -> None:
    shown = print_list((Said("a\r\nb\x1bc"),))
    assert "a<br>b" in shown
    assert "U+000A" not in shown
    assert "U+001B" in shown


def test_paper_shows_values_in_words_and_each_once() -> None:
    times = (Said("130600", "1:06 p.m."), Said("130630", "1:06 p.m."), Said("x"))
    shown = print_list(times)
    assert shown.count("1:06 p.m.") == 1
    assert "130600" not in shown
    assert ">x<" in shown


def test_a_place_where_a_program_ran_is_a_line_of_that_program() -> None:
    made = make_finding("ai-result", group="ai", hipaa=None, values=["program: Outliner"])
    place = make_finding("device-place", group="ai", hipaa="R", values=["Cloud 7"])
    (program,) = build(make_report(made, place), "en").ai.programs
    assert [(line.label, line.text) for line in program.lines][-1] == ("Where it ran", "Cloud 7")
    (alone,) = build(make_report(place), "en").ai.programs
    assert alone.certainty == "certain"


def test_with_several_people_a_program_says_whose_files_it_worked_on() -> None:
    made = make_finding("ai-result", group="ai", hipaa=None, values=["program: Outliner"])
    files = make_files(2, person="b")
    made = replace(made, example=files[0].name)
    both = (make_person("a"), make_person("b"))
    (program,) = build(make_report(made, files=files, people=both), "en").ai.programs
    assert program.person == "2"
    (program,) = build(make_report(made, files=files, people=both[:1]), "en").ai.programs
    assert program.person == ""
