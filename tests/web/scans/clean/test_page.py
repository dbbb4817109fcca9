"""The account of a copy in words: every code has its own, and nothing is said twice."""

from __future__ import annotations

from enum import StrEnum

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from companion.cleaning import (
    Account,
    Action,
    BlankFrames,
    Done,
    FaceChoice,
    Pictures,
    Preset,
    Reason,
    Refusal,
    Stays,
)
from companion.content import screens
from companion.content.library import LANGUAGES
from companion.web.scans.clean.page import Part, build, to_hand_along

PASSAGES: dict[str, type[StrEnum]] = {
    "who": Preset,
    "face": FaceChoice,
    "removed": Action,
    "left-out": Reason,
    "stays": Stays,
    "pictures": Pictures,
    "refusals": Refusal,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("passage", PASSAGES)
def test_every_code_of_an_account_has_its_words(passage: str, language: str) -> None:
    file = screens.FOLDER / "clean" / f"{language}.md"
    own = (
        f"\n# {passage}\n" + file.read_text("utf-8").split(f"# {passage}\n", 1)[1].split("\n# ")[0]
    )

    missing = [code for code in PASSAGES[passage] if f"\n## {code}\n" not in own]

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_account_with_every_code_is_told_in_words(language: str) -> None:
    for refusal in (None, *Refusal):
        page = build(
            Account(
                Preset.FOR_A_DOCTOR,
                files_in=9,
                files_out=2,
                done=tuple(Done(action, "", "", "picture", 1) for action in Action),
                stays=tuple(Stays),
                pictures=Pictures.PARTLY,
                refusal=refusal,
            ),
            language,
        )
        said = [*page.stays, *(part.title for part in page.parts), page.pictures]
        assert all(said)
        assert bool(page.refusal) == (refusal is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_films_with_black_pictures_are_told_by_their_new_names_alone(language: str) -> None:
    many = BlankFrames("CD/FERNSBY", "scan-1/series-1/0001.dcm", tuple(range(1, 60)), 59, 80)
    account = to_hand_along(Account(Preset.FOR_RESEARCH, files_out=20, blank_frames=(many,) * 14))

    with translation.override(language):
        page = build(account, language)
        shown = render_to_string("scans/clean/_account.html", {"page": page, "words": page.words})

    assert "FERNSBY" not in shown
    assert shown.count("scan-1/series-1/0001.dcm</bdi>: 59 ") == 12
    assert "(1, 2, 3, " in shown
    assert ", 20 …)" in shown
    assert page.more_blank == 2


def parts(*done: Done) -> tuple[Part, ...]:
    return build(Account(Preset.FOR_RESEARCH, files_in=3, files_out=3, done=done), "en").parts


def test_a_number_is_told_only_where_it_is_not_all_files() -> None:
    (removed,) = parts(
        Done(Action.REMOVED, "patient-name", "00100010", "PatientName", 3),
        Done(Action.REMOVED, "patient-id", "00100020", "PatientID", 2),
    )

    assert [item.everywhere for item in removed.items] == [True, False]


def test_what_was_kept_only_in_part_says_so() -> None:
    *_, kept = parts(
        Done(Action.REPLACED, "series-description", "00181030", "ProtocolName", 3),
        Done(Action.KEPT, "series-description", "0008103E", "SeriesDescription", 3),
        Done(Action.KEPT, "patient-sex", "00100040", "PatientSex", 3),
    )

    assert sorted(item.partly for item in kept.items) == [False, True]
