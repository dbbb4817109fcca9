"""A report joined with the words of its rules: cards, groups, bounds, days and files."""

from __future__ import annotations

from datetime import date

import pytest

from companion.content import identifiers, screens
from companion.content.identifiers import GROUPS
from companion.content.library import LANGUAGES
from companion.scans.findings import (
    Certainty,
    Kind,
    Note,
    Place,
    Report,
    Status,
)
from companion.web.scans.report import build
from companion.web.scans.report.days import as_day
from companion.web.scans.report.figure import FACETS
from companion.web.scans.report.unread import ADVICE
from tests.web.scans.report.reports import make_files, make_finding, make_report

# --- The words -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_report_can_hold_has_its_words(language: str) -> None:
    words = screens.read("report", language)
    assert set(GROUPS) <= words["groups"].keys()
    assert set(GROUPS) <= words["group-notes"].keys()
    assert set(Place) <= words["places"].keys()
    assert set(Certainty) <= words["certainties"].keys() & words["certainty-notes"].keys()
    assert set(Status) <= words["statuses"].keys()
    assert set(Kind) <= words["kinds"].keys()
    assert set(FACETS) <= words["facets"].keys()
    assert {step.replace("_", "-") for step in ADVICE.values()} <= words["what-to-do"].keys()
    assert set(ADVICE) <= set(Note)
    assert words["phrases"].keys() - {""} <= identifiers.rules().keys()
    assert words["also"].keys() - {""} <= set(GROUPS)
    told = {name for name, rule in identifiers.rules().items() if rule.opening == "health"}
    assert told <= words["health"].keys()


@pytest.mark.parametrize("screen", ["home", "scans", "report", "your-files"])
def test_all_languages_say_the_same_things(screen: str) -> None:
    first, *others = (screens.read(screen, language) for language in LANGUAGES)
    for other in others:
        assert {key: set(parts) for key, parts in first.items()} == {
            key: set(parts) for key, parts in other.items()
        }


def test_every_group_is_on_one_side_of_the_picture_or_is_a_claim() -> None:
    sides = [group for groups in FACETS.values() for group in groups]
    assert sorted([*sides, "claims"]) == sorted(GROUPS)


# --- Cards, groups, bounds -------------------------------------------------------------


def test_all_findings_of_one_rule_are_one_card() -> None:
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


def test_files_of_several_people_are_counted_together() -> None:
    mine = make_finding(person="1", files=10)
    again = make_finding(person="1", files=4, place="nested")
    theirs = make_finding(person="2", files=2, values=["Roe^Ann"])
    (group,) = build(make_report(mine, again, theirs), "en").filled_groups
    assert group.cards[0].files == 12


def test_groups_stand_most_telling_first_whatever_the_order_they_come_in() -> None:
    page = build(
        make_report(
            make_finding("device-serial", group="machine"),
            make_finding("study-date", group="when"),
            make_finding(),
        ),
        "en",
    )
    assert [group.id for group in page.filled_groups] == ["who-you-are", "when", "machine"]


def test_the_surest_of_several_findings_counts() -> None:
    page = build(
        make_report(make_finding(certainty="possible"), make_finding(certainty="certain")), "en"
    )
    assert page.filled_groups[0].cards[0].certainty == "certain"


def test_a_long_text_in_several_kinds_of_details_is_shown_once() -> None:
    history = "Fell off a ladder, pain in the left wrist since Monday"
    page = build(
        make_report(
            make_finding("reason-and-history", group="words", values=[history]),
            make_finding("comments", group="words", values=[history, "short"]),
        ),
        "en",
    )
    first, second = page.filled_groups[0].cards
    assert first.values == (history,)
    assert second.values == ("short",)
    assert second.said_above == first.words["title"]


def test_one_value_under_two_names_is_one_place() -> None:
    uid = "1.2.3.4"
    page = build(
        make_report(
            make_finding("uid-study", group="numbers", place="uid", values=[uid], tag="00080018",
                         name="SOPInstanceUID"),
            make_finding("uid-study", group="numbers", place="uid", values=[uid], tag="00020003",
                         name="MediaStorageSOPInstanceUID"),
        ),
        "en",
    )  # fmt: skip
    (place,) = page.filled_groups[0].cards[0].places
    assert place.elements == (
        ("SOPInstanceUID", "(0008,0018)"),
        ("MediaStorageSOPInstanceUID", "(0002,0003)"),
    )


def test_the_standards_own_names_stay_off_a_spanish_page() -> None:
    page = build(make_report(make_finding()), "es")
    assert page.filled_groups[0].cards[0].places[0].elements == (("", "(0010,0010)"),)


def test_what_the_standard_asks_for_is_said_once_in_a_report() -> None:
    report = make_report(
        make_finding(), make_finding("patient-id"), make_finding("study-date", group="when")
    )
    said = [text for group in build(report, "en").groups for text in group.standards]
    assert said
    assert len(said) == len(set(said))


def test_ten_thousand_findings_are_cut_and_the_rest_is_counted() -> None:
    findings = [make_finding(f"rule-{n}", name=f"Name{n}") for n in range(10_000)]
    page = build(make_report(*findings), "en")
    shown = sum(len(group.cards) for group in page.filled_groups)
    assert shown == 150
    assert page.more_cards == 10_000 - 150


def test_a_rule_of_another_version_shows_under_its_own_name() -> None:
    page = build(make_report(make_finding("rule-of-2031", name="PatientAura")), "en")
    assert page.filled_groups[0].cards[0].words["title"] == "PatientAura"


def test_a_long_group_shows_the_first_and_folds_the_rest() -> None:
    rules = ["study-date", "study-time", "scan-date", "scan-time", "file-date", "order-date"]
    page = build(make_report(*[make_finding(rule, group="when") for rule in rules]), "en")
    (group,) = page.filled_groups
    assert [card.id for card in group.first] == ["study-date"]
    assert len(group.rest) == 5


def test_what_holds_for_most_of_a_group_is_advised_once() -> None:
    page = build(
        make_report(make_finding(), make_finding("birth-date"), make_finding("echo-name")), "en"
    )
    (group,) = page.filled_groups
    assert group.advice.letters
    first, *_, last = group.cards
    assert (first.advice.next, first.advice.letters, first.advice.repeats) == ("", (), True)
    assert last.advice.next != ""


def test_a_card_alone_has_its_own_advice() -> None:
    (group,) = build(make_report(make_finding()), "en").filled_groups
    assert group.advice is None
    assert group.cards[0].advice.letters


def test_a_report_without_a_value_has_nothing_to_switch_on() -> None:
    bare = Report(files=make_files(), findings=(make_finding(values=[], tag=None, hipaa=None),))
    assert not build(bare, "en").has_values
    assert build(make_report(), "en").has_values


# --- Time line -------------------------------------------------------------------------


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
def test_a_dicom_date_is_read_only_when_it_is_one(value: str, day: date | None) -> None:
    assert as_day(value) == day


def test_the_time_line_joins_kinds_of_dates_by_day() -> None:
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


# --- Files -----------------------------------------------------------------------------


def test_files_that_need_a_look_come_first_with_their_reason_and_what_to_do() -> None:
    files = (*make_files(), *make_files(1, status="not-read", notes=("disc-image",)))
    page = build(make_report(files=files), "en")
    first = page.file_lines[0]
    assert first.status == "not-read"
    assert first.notes == (identifiers.notes("en")["disc-image"],)
    (item,) = page.unread_files
    assert item.names == ("CD/IM0000",)
    assert item.advice == (page.words["what_to_do"]["iso"],)
    assert page.unread == 1


def test_alike_files_of_one_folder_are_one_line_with_all_names() -> None:
    page = build(make_report(files=make_files(1_000)), "en")
    (line,) = page.file_lines
    assert (line.name, line.count, len(line.names)) == ("CD", 1_000, 1_000)


def test_file_names_hide_with_the_values_once_one_is_a_finding() -> None:
    assert not build(make_report(), "en").names_are_values
    told = make_finding("file-name-echo", group="hidden", place="file-name")
    assert build(make_report(told), "en").names_are_values
