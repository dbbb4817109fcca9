"""Words of imaging and medicine stay; who hides among them goes."""

from __future__ import annotations

import pytest

from companion.cleaning.wording import is_code, is_meaning, is_plain


@pytest.mark.parametrize("text", ["CT chest with contrast", "T2 TSE sag 3.0", "AXIAL 1.0 B30f"])
def test_a_description_in_words_of_imaging_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "CT chest Vandermeer", "CT 7 November 2023", "CT 7.11.2023", "CT Nov 2023",
        "V a n d e r m e e r", "V.A.N.D.E.R", "chest 12345678",
    ],
)  # fmt: skip
def test_a_name_a_day_and_letters_set_apart_are_not(text: str) -> None:
    assert not is_plain(text)
    assert not is_meaning(text)


@pytest.mark.parametrize("text", ["Mediastinal lymph node", "Person Observer Name", "Millimeter"])
def test_the_meaning_of_a_shared_code_is_known_by_its_words(text: str) -> None:
    assert is_meaning(text)


@pytest.mark.parametrize("text", ["Zebulon Frobisher", "Chest of Mrs Vandermeer"])
def test_a_name_in_the_place_of_a_meaning_is_not(text: str) -> None:
    assert not is_meaning(text)


def test_a_code_holds_no_word_that_is_not_imagings() -> None:
    assert all(map(is_code, ("121181", "T-D3000", "51185008", "mm", "{counts}", "RID1301")))
    assert not any(map(is_code, ("FROBISHER", "Vandermeer I", "")))
