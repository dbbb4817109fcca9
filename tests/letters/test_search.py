"""Finding a letter in one's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.content.library import LANGUAGES, ContentError
from companion.letters import search
from companion.letters.catalogue import FOLDER, letters
from tests.letters.problems import PROBLEMS


def find(text: str) -> dict[str, int] | None:
    return search.index().find(text, letters())


def found(text: str) -> set[str]:
    return set(find(text) or {})


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("who saw my scan", "who-has-seen-them"),
        ("WHO SAW MY SCAN?", "who-has-seen-them"),
        ("quien vio mis imagenes", "who-has-seen-them"),
        ("¿Quién vio mis imágenes?", "who-has-seen-them"),
        ("MRI", "get-my-images"),
        ("xray", "get-my-images"),
        ("x-ray", "get-my-images"),
        ("X rays", "get-my-images"),
        ("radiografia", "get-my-images"),
        ("radiogr", "get-my-images"),
        ("sell my images", "opt-out"),
        ("sell scans to companies", "opt-out"),
        ("vender mis radiografias", "opt-out"),
        ("opt-out", "opt-out"),
        ("hospital got hacked", "explain-the-breach"),
        ("too expensive", "fee-or-format"),
        ("they want my passport", "too-much-id"),
        ("no answer", "reminder"),
        ("wrong patient", "correct-my-record"),
        ("mi hijo", "proxy-cover-note"),
        ("they want $150", "fee-or-format"),
        ("quieren 150 €", "fee-or-format"),
        ("me cobran por el disco", "fee-or-format"),
        ("the disk is unreadable", "fee-or-format"),
        ("who looked at my x-ray", "who-has-seen-them"),
        ("they do not answer", "reminder"),
        ("it takes too long", "reminder"),
        ("my son", "proxy-cover-note"),
        ("vendieron mis datos", "opt-out"),
        ("report is wrong", "correct-my-record"),
    ],
)
def test_a_letter_is_found_as_people_say_it(text: str, slug: str) -> None:
    assert slug in found(text)
    assert len(found(text)) <= 4


def test_a_short_word_is_found_whole_only() -> None:
    about_ai = found("AI")
    assert about_ai == found("IA") == found("ai")
    assert {"opt-out", "ai-in-my-care"} <= about_ai
    assert not about_ai & {"secure-transfer", "complaint", "explain-the-breach"}
    assert "get-my-images" not in found("ma")


def test_the_letters_that_fit_all_words_come_alone_else_those_that_fit_most() -> None:
    assert found("train AI") < found("AI")
    assert found("mammograms zzz") == found("mammograms")
    assert found("zzz") == set()


def test_a_letters_own_words_rank_above_what_it_is_also_known_by() -> None:
    ranked = find("delete")
    assert ranked is not None
    assert ranked["retention-and-deletion"] == ranked["erase-my-data"] == 2
    assert find("quarrel") == {}


@pytest.mark.parametrize("text", ["", "  ", "who", "quiero", "?!", "the of"])
def test_without_a_telling_word_nothing_is_left_out(text: str) -> None:
    assert find(text) is None


def test_words_that_fit_any_letter_count_when_nothing_else_is_typed() -> None:
    assert len(found("my scan")) > 4
    assert found("hospital insurance") == found("insurance")


def test_a_better_fit_elsewhere_hides_no_letter_of_the_place() -> None:
    assert search.index().find("train AI", ["ai-in-my-care", "reminder"]) == {"ai-in-my-care": 2}


@given(st.text(max_size=60))
def test_any_text_can_be_searched_for(text: str) -> None:
    assert set(find(text) or {}) <= set(letters())


KEYWORDS = """
[stop]
en = ["the"]
es = ["el"]
[general]
en = ["scan"]
es = ["estudio"]
[letters.opt-out]
en = ["sell"]
es = ["vender"]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("letters.opt-out", "letters.opt-in", "no such letter"),
        ('en = ["sell"]', "", "en"),
        ('es = ["vender"]', 'es = ["vender"]\nxx = ["vendre"]', "xx"),
        ('["sell"]', '["sell", "?"]', "without a word"),
        ('["sell"]', "7", "en"),
        ("[general]", "[generally]", "general"),
    ],
)
def test_a_fault_in_the_keywords_is_told_with_file_and_field(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "search.toml"
    file.write_text(KEYWORDS)
    found = search.load(file, letters()).letters
    assert list(found) == ["opt-out"]
    assert {code: set(one) for code, one in found["opt-out"].items() if one} == {
        "en": {"sell"},
        "es": {"vender"},
    }
    file.write_text(KEYWORDS.replace(old, new))
    with pytest.raises(ContentError, match=said) as caught:
        search.load(file, letters())
    assert "search.toml" in str(caught.value)


def test_no_keyword_is_one_that_is_left_out() -> None:
    made = search.load(FOLDER / search.FILE, letters())
    for language in LANGUAGES:
        assert not made.stop[language] & made.general[language], language


@pytest.mark.parametrize(
    ("language", "text", "slug"),
    [
        ("de", "die Bilder auf CD bekommen", "get-my-images"),
        ("de", "Beschwerde bei der Behörde", "complaint"),
        ("de", "man hat nicht geantwortet", "reminder"),
        ("fr", "obtenir les images de mon scanner", "get-my-images"),
        ("fr", "porter plainte", "complaint"),
        ("fr", "l’hôpital n’a pas répondu", "reminder"),
    ],
)
def test_a_letter_is_found_in_the_words_of_its_page(language: str, text: str, slug: str) -> None:
    found = search.index().find(text, letters(), language)
    assert found
    assert slug in found


def test_a_little_word_of_one_language_may_name_a_letter_in_another() -> None:
    index = search.index()
    # "ai" and "son" are French little words.
    assert index.find("AI", letters())
    assert "proxy-cover-note" in (index.find("my son", letters()) or {})
    assert index.find("mon", letters(), "fr") is None


def test_a_problem_finds_its_letter_in_each_language() -> None:
    missed = []
    for slug, languages in PROBLEMS.items():
        assert set(languages) == set(LANGUAGES), slug
        for language, problems in languages.items():
            for text in problems:
                ranked = search.index().find(text, letters(), language) or {}
                # Among a handful at most: a list of everything finds nothing.
                if slug not in ranked or len(ranked) > 6:
                    missed.append((language, text, slug, tuple(ranked)))
    assert not missed


def test_twenty_problems_and_more_are_tried_in_each_language() -> None:
    for language in LANGUAGES:
        assert sum(len(one[language]) for one in PROBLEMS.values()) >= 20
