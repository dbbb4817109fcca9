"""Values in the words of a person, and on the page without anything invisible."""

from __future__ import annotations

from typing import Any

import pytest

from companion.web.scans.report import build
from companion.web.templatetags.values import visible
from tests.web.scans.report.reports import make_finding, make_report

# --- Values as a person writes them ----------------------------------------------------


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
        ({"rule": "patient-address", "values": ["9 Elm Row^Hilltown^X1"]},
         "9 Elm Row, Hilltown, X1"),
        ({"rule": "name-in-text", "values": ["var study={name:'DOE^JANE',born:'1971'};"]}, ""),
        ({"values": ["Sato^Hana=佐藤^花"]}, "Hana Sato (佐藤 花)"),
        ({"values": ["=佐藤^花"]}, "佐藤 花"),
        ({"rule": "private-staff", "group": "hidden", "values": ["Roe^Max"]}, "Max Roe"),
        ({"rule": "study-description", "group": "words", "values": ["CT^HEAD"]}, ""),
        ({"rule": "rare-combination", "group": "about-you", "name": "Occupation",
          "values": ["Occupation: lighthouse keeper"]}, "Your job: lighthouse keeper"),
        ({"rule": "rare-combination", "group": "about-you", "name": "Occupation",
          "values": ["PatientSex: F"]}, "Your sex: female"),
    ],
)  # fmt: skip
def test_a_value_in_the_files_form_is_shown_in_words_beside_itself(
    changes: dict[str, Any], readable: str
) -> None:
    plain = {"rule": "patient-name", **changes}
    page = build(make_report(make_finding(**plain)), "en")
    (card,) = page.filled_groups[0].cards
    assert card.values == tuple(plain["values"])
    assert card.values[0].readable == readable


# --- Values as shown -------------------------------------------------------------------


def test_markup_in_a_value_is_text() -> None:
    assert (
        visible("<script>alert(1)</script>") == "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"
    )


@pytest.mark.parametrize(
    "character", ["\u202e", "\u200b", "\x1b", "\n", "\x00", "\u2028", "\ufeff"]
)
def test_a_character_that_acts_without_being_seen_is_shown_by_its_number(character: str) -> None:
    shown = visible(f"a{character}b")
    assert character not in shown
    assert f"U+{ord(character):04X}" in shown


def test_letters_of_any_script_stay_as_they_are() -> None:
    assert visible("مرحبا 山田 Łódź") == "<bdi>مرحبا 山田 Łódź</bdi>"
