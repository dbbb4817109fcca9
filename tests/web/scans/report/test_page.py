"""What the report page says of a report, whatever the report is."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from companion.content import identifiers, screens
from companion.content.library import LANGUAGES
from companion.scans.findings import (
    CERTAINTIES,
    GROUPS,
    KINDS,
    NOTES,
    PLACES,
    STATUSES,
    Report,
    ReportError,
)
from companion.web.scans.report import build, keep, story
from companion.web.scans.report.days import as_day
from companion.web.scans.report.file_list import _ADVICE
from companion.web.scans.report.letter_facts import readable_name
from companion.web.scans.report.next_steps import letters, questions
from companion.web.templatetags.values import visible
from tests.web.scans.report.reports import make_files, make_finding, make_report, make_row


def plain_story(report: Report, language: str = "en") -> str:
    return " ".join(str(sentence) for sentence in build(report, language).story)


# --- The words -----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_report_can_hold_has_its_words(language):
    words = screens.read("report", language)
    assert set(GROUPS) <= words["groups"].keys()
    assert set(GROUPS) <= words["group-notes"].keys()
    assert set(PLACES) <= words["places"].keys()
    assert set(CERTAINTIES) <= words["certainties"].keys() & words["certainty-notes"].keys()
    assert set(STATUSES) <= words["statuses"].keys()
    assert set(KINDS) <= words["kinds"].keys()
    assert set(story.FACETS) <= words["facets"].keys()
    assert set(_ADVICE.values()) <= words["what-to-do"].keys()
    assert set(_ADVICE) <= set(NOTES)
    assert words["phrases"].keys() - {""} <= identifiers.rules().keys()


@pytest.mark.parametrize("screen", ["home", "scans", "report", "your-files"])
def test_all_languages_say_the_same_things(screen):
    first, *others = (screens.read(screen, language) for language in LANGUAGES)
    for other in others:
        assert {key: set(parts) for key, parts in first.items()} == {
            key: set(parts) for key, parts in other.items()
        }


def test_every_group_is_on_one_side_of_the_picture_or_is_a_claim():
    sides = [group for groups in story.FACETS.values() for group in groups]
    assert sorted([*sides, "claims"]) == sorted(GROUPS)


# --- The story -----------------------------------------------------------------------


def test_the_story_names_what_a_stranger_would_learn():
    told = plain_story(
        make_report(
            make_finding(),
            make_finding("birth-date", hipaa="C"),
            make_finding("study-date", group="when", hipaa="C"),
            make_finding("institution", group="where", hipaa="B"),
        )
    )
    assert "<strong>your name</strong> and <strong>your date of birth</strong>" in told
    assert "<strong>when you were there</strong> and <strong>where you were</strong>" in told


def test_the_story_never_quotes_a_value():
    assert "Jane" not in plain_story(make_report(make_finding(values=["Doe^Jane"])))


def test_a_mere_hint_is_not_told_as_known():
    hint = make_finding("social-security-number", certainty="possible", hipaa="G")
    assert plain_story(make_report(hint)) == ""


def test_what_most_programs_do_not_show_is_said():
    assert "do not show" in plain_story(make_report(make_finding(place="private")))
    assert "do not show" not in plain_story(make_report(make_finding()))


def test_a_long_list_is_cut_and_counted():
    rules = [
        "patient-name", "other-patient-names", "patient-id", "birth-date", "patient-address",
        "patient-phone", "insurance-plan",
    ]  # fmt: skip
    told = plain_story(make_report(*[make_finding(rule) for rule in rules]))
    assert "2 more things" in told
    assert "health plan" not in told


def test_a_claim_or_a_model_name_is_no_identifier():
    report = make_report(
        make_finding("claim-identity-removed", group="claims", hipaa=None),
        make_finding("claim-left-over", group="claims", hipaa="R"),
        make_finding("machine-model", group="machine", hipaa=None),
    )
    page = build(report, "en")
    assert not page.found
    assert page.kinds == 0
    assert page.claims is not None


def test_the_headline_and_the_picture_count_the_same():
    page = build(
        make_report(
            make_finding(),
            make_finding("study-date", group="when", hipaa="C"),
            make_finding("claim-left-over", group="claims", hipaa="R"),
        ),
        "en",
    )
    assert sum(facet.count for facet in page.facets) == page.kinds == 2


# --- The headline ----------------------------------------------------------------------

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
def test_the_headline_says_no_more_than_was_read(findings, files, outcome):
    page = build(Report(files=files, findings=findings), "en")
    assert page.outcome == outcome
    assert page.opening
    if page.unread:
        assert page.headline != page.words["nothing"]["none_title"]
    if page.unread and outcome != "story":
        assert "could not" in f"{page.headline} {' '.join(page.opening)}"


def test_hints_in_files_that_could_not_be_read_are_told_as_hints():
    page = build(
        Report(files=make_files(1, kind="other", status="not-read"), findings=(HINT,)), "en"
    )
    assert "hints only" in " ".join(page.opening)
    assert not page.pictured


# --- Cards, groups, bounds -----------------------------------------------------------


def test_all_findings_of_one_rule_are_one_card():
    page = build(
        make_report(
            make_finding(values=["Doe^Jane"], files=3),
            make_finding(place="nested", path="00081120[0].00100010", values=["Roe^Jan"], files=1),
        ),
        "en",
    )
    (group,) = page.filled_groups
    (card,) = group.cards
    assert card.values == ("Doe^Jane", "Roe^Jan")
    assert card.files == 3
    assert [place.where for place in card.places] == [
        "in the main part of the file", "in a deeper layer of the file",
    ]  # fmt: skip


def test_groups_stand_most_telling_first_whatever_the_order_they_come_in():
    page = build(
        make_report(
            make_finding("device-serial", group="machine"),
            make_finding("study-date", group="when"),
            make_finding(),
        ),
        "en",
    )
    assert [group.id for group in page.filled_groups] == ["who-you-are", "when", "machine"]


def test_the_surest_of_several_findings_counts():
    page = build(
        make_report(make_finding(certainty="possible"), make_finding(certainty="certain")), "en"
    )
    assert page.filled_groups[0].cards[0].certainty == "certain"


def test_ten_thousand_findings_are_cut_and_the_rest_is_counted():
    findings = [make_finding(f"rule-{n}", name=f"Name{n}") for n in range(10_000)]
    page = build(make_report(*findings), "en")
    shown = sum(len(group.cards) for group in page.filled_groups)
    assert shown == 150
    assert page.more_cards == 10_000 - 150


def test_a_rule_of_another_version_shows_under_its_own_name():
    page = build(make_report(make_finding("rule-of-2031", name="PatientAura")), "en")
    assert page.filled_groups[0].cards[0].words["title"] == "PatientAura"


def test_a_long_group_shows_the_first_and_folds_the_rest():
    rules = ["study-date", "study-time", "scan-date", "scan-time", "file-date", "order-date"]
    page = build(make_report(*[make_finding(rule, group="when") for rule in rules]), "en")
    (group,) = page.filled_groups
    assert [card.id for card in group.first] == ["study-date", "study-time"]
    assert len(group.rest) == 4


def test_what_holds_for_most_of_a_group_is_advised_once():
    page = build(
        make_report(make_finding(), make_finding("birth-date"), make_finding("echo-name")), "en"
    )
    (group,) = page.filled_groups
    assert group.advice.letters
    first, *_, last = group.cards
    assert (first.advice.next, first.advice.letters, first.advice.repeats) == ("", (), True)
    assert last.advice.next != ""


def test_a_card_alone_has_its_own_advice():
    (group,) = build(make_report(make_finding()), "en").filled_groups
    assert group.advice is None
    assert group.cards[0].advice.letters


def test_a_report_without_a_value_has_nothing_to_switch_on():
    bare = Report(files=make_files(), findings=(make_finding(values=[], tag=None, hipaa=None),))
    assert not build(bare, "en").has_values
    assert build(make_report(), "en").has_values


# --- Values as a person writes them -------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "readable"),
    [
        ({"values": ["Doe^Jane^^Dr"]}, "Dr Jane Doe"),
        ({"rule": "birth-date", "values": ["19710304"]}, "March 4, 1971"),
        ({"rule": "birth-date", "values": ["19711304"]}, ""),
        ({"rule": "patient-id", "values": ["19710304"]}, ""),
        ({"rule": "patient-age", "group": "about-you", "values": ["052Y"]}, "52 years"),
        ({"rule": "patient-age", "group": "about-you", "values": ["001W"]}, "1 week"),
        ({"rule": "study-time", "group": "when", "name": "StudyTime", "values": ["093012.5"]},
         "9:30 a.m."),
        ({"rule": "file-date", "group": "when", "values": ["20240902080000+0100"]},
         "Sept. 2, 2024, 8 a.m."),
        ({"rule": "study-date", "group": "when", "values": ["20240115\\20240902"]},
         "Jan. 15, 2024; Sept. 2, 2024"),
        ({"rule": "study-description", "group": "words", "values": ["CT^HEAD"]}, ""),
    ],
)  # fmt: skip
def test_a_value_in_the_files_form_is_shown_in_words_beside_itself(changes, readable):
    plain = {"rule": "patient-name", **changes}
    page = build(make_report(make_finding(**plain)), "en")
    (card,) = page.filled_groups[0].cards
    assert card.values == tuple(plain["values"])
    assert card.values[0].readable == readable


# --- Time line -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("20240115", date(2024, 1, 15)),
        ("20240115093000.5+0100", date(2024, 1, 15)),
        ("2024.01.15", date(2024, 1, 15)),
        ("20240230", None),
        ("093000", None),
        ("", None),
    ],
)
def test_a_dicom_date_is_read_only_when_it_is_one(value, day):
    assert as_day(value) == day


def test_the_time_line_joins_kinds_of_dates_by_day():
    page = build(
        make_report(
            make_finding("study-date", group="when", values=["20240902", "20240115"]),
            make_finding("file-date", group="when", values=["20240115"]),
            make_finding("birth-date", values=["19710304"]),
            make_finding("study-time", group="when", values=["20240101"]),
        ),
        "en",
    )
    assert [day.day for day in page.days] == [
        date(1971, 3, 4), date(2024, 1, 15), date(2024, 9, 2),
    ]  # fmt: skip
    assert len(page.days[1].titles) == 2


# --- Files ---------------------------------------------------------------------------


def test_files_that_need_a_look_come_first_with_their_reason_and_what_to_do():
    files = (*make_files(), *make_files(1, status="not-read", notes=("disc-image",)))
    page = build(make_report(files=files), "en")
    first = page.file_lines[0]
    assert first.status == "not-read"
    assert first.notes == (identifiers.notes("en")["disc-image"],)
    assert first.advice
    assert page.unread == 1


def test_alike_files_of_one_folder_are_one_line_with_all_names():
    page = build(make_report(files=make_files(1_000)), "en")
    (line,) = page.file_lines
    assert (line.name, line.count, len(line.names)) == ("CD", 1_000, 1_000)


def test_file_names_hide_with_the_values_once_one_is_a_finding():
    assert not build(make_report(), "en").names_are_values
    told = make_finding("file-name-echo", group="hidden", place="file-name")
    assert build(make_report(told), "en").names_are_values


# --- A letter's details ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Doe^Jane^Q", "Jane Q Doe"),
        ("Okafor^Grace^^Dr", "Dr Grace Okafor"),
        ("Yamada^Tarou=山田^太郎", "Tarou Yamada"),
        ("Doe", "Doe"),
        ("", ""),
    ],
)
def test_a_name_in_the_files_form_becomes_a_name_as_written(value, name):
    assert readable_name(value) == name


def test_details_for_a_letter_have_the_letters_own_field_names():
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


def test_a_name_that_only_stands_deep_inside_is_not_offered_for_a_letter():
    page = build(make_report(make_finding(place="nested")), "en")
    assert [fact.name for fact in page.facts] == ["identifiers"]


def test_the_list_of_entries_for_a_letter_holds_no_value():
    report = make_report(make_finding(values=["Doe^Jane"]), make_finding(certainty="possible"))
    (entries,) = [fact for fact in build(report, "en").facts if fact.name == "identifiers"]
    assert entries.value == "PatientName (0010,0010)"


# --- Next steps ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_and_question_that_a_rule_names_is_there(language):
    for rule in identifiers.rules().values():
        assert [step.id for step in letters(rule.letters, language)] == list(rule.letters)
        assert all(step.title and step.url for step in questions(rule.questions, language))


def test_a_letter_that_does_not_exist_is_left_out():
    assert letters(["letter-of-2031"], "en") == ()


def test_a_step_that_the_patient_takes_alone_is_no_question():
    assert questions(["F2"], "en") == ()


# --- Carrying, saving, opening ---------------------------------------------------------


def test_a_page_carries_its_whole_report():
    report = make_report(
        elements=(make_row(),), files=make_files(2, status="partly-read", notes=("truncated",))
    )
    assert keep.unpack(keep.pack(report)) == report


@pytest.mark.parametrize(
    ("packed", "code"),
    [("", "damaged"), ("é", "damaged"), ("AAAA", "damaged"), ("eJwDAAAAAAE=", "damaged")],
)
def test_what_is_not_ours_is_refused(packed, code):
    with pytest.raises(ReportError) as refused:
        keep.unpack(packed)
    assert refused.value.code == code


def test_a_small_text_that_unpacks_to_a_huge_one_is_refused(settings):
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "report_json_bytes": 10_000}
    report = make_report(*[make_finding(values=["A" * 200]) for _ in range(200)])
    with pytest.raises(ReportError) as refused:
        keep.unpack(keep.pack(report))
    assert refused.value.code == "too-large"


def test_a_carried_table_with_other_columns_is_refused(monkeypatch):
    monkeypatch.setattr(keep, "asdict", lambda row: {"path": 1})
    with pytest.raises(ReportError):
        keep.unpack(keep.pack(make_report(elements=(make_row(),))))


def test_the_saved_json_is_the_contract_and_opens_again():
    report = make_report(make_finding(), make_finding("study-date", group="when"))
    saved = keep.as_json(report)
    assert json.loads(saved) == report.to_json()
    assert keep.open_saved(saved) == report


@pytest.mark.parametrize(
    "value", ["=cmd|'/c calc'!A1", "+1", "-2+3", "@SUM(A1)", "\t=1", "  =1", "%0A", "|x"]
)
def test_no_cell_of_the_csv_can_act_as_a_formula(value):
    text = keep.as_csv(make_report(make_finding(values=[value]))).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t", "|", "%")) for cell in cells)


def test_the_csv_holds_findings_and_elements_and_spells_out_unseen_characters():
    report = make_report(make_finding(values=["a\u202eb\nc"]), elements=(make_row("Station"),))
    rows = list(csv.DictReader(io.StringIO(keep.as_csv(report).decode("utf-8-sig"))))
    assert [row["table"] for row in rows] == ["finding", "element"]
    assert rows[0]["values"] == "a[U+202E]b[U+000A]c"
    assert rows[1]["name"] == "Station"


# --- Values as shown -----------------------------------------------------------------


def test_markup_in_a_value_is_text():
    assert (
        visible("<script>alert(1)</script>") == "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"
    )


@pytest.mark.parametrize(
    "character", ["\u202e", "\u200b", "\x1b", "\n", "\x00", "\u2028", "\ufeff"]
)
def test_a_character_that_acts_without_being_seen_is_shown_by_its_number(character):
    shown = visible(f"a{character}b")
    assert character not in shown
    assert f"U+{ord(character):04X}" in shown


def test_letters_of_any_script_stay_as_they_are():
    assert visible("مرحبا 山田 Łódź") == "<bdi>مرحبا 山田 Łódź</bdi>"
