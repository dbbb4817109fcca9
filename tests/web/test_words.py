"""The words of the screens: how hard they are to read, and what they never say."""

from __future__ import annotations

import html
import re
import statistics

import pytest
from django.test import Client
from django.utils import translation

from companion.content import screens
from companion.content.library import LANGUAGES
from tests.content.readability import grade

SCREENS = ("home", "scans", "report", "your-files", "clean")


def sentences(text: str) -> list[str]:
    plain = re.sub(r"[*`_]", "", text)
    lines = [re.sub(r"^\s*(?:\d+\.|-)\s+", "", line) for line in plain.splitlines()]
    blocks = re.split(r"\n\s*\n", "\n".join(line.strip() for line in lines))
    return [
        part.strip()
        for block in blocks
        for part in re.split(r"(?<=[.!?])\s+", block.replace("\n", " "))
        if part.strip()
    ]


def passages(language: str) -> list[tuple[str, str]]:
    """Every text of the screens, with its address."""
    return [
        (f"{screen} # {name} ## {part}", text)
        for screen in SCREENS
        for name, parts in screens.read(screen, language).items()
        for part, text in parts.items()
        if text
    ]


def test_no_sentence_on_a_screen_is_longer_than_25_words() -> None:
    long = [
        (where, sentence)
        for language in LANGUAGES
        for where, text in passages(language)
        for sentence in sentences(text)
        if len(sentence.split()) > 25
    ]
    assert long == []


def test_screens_read_at_grade_six_and_none_above_eight() -> None:
    grades = {
        screen: grade(
            sentence if sentence.endswith((".", "!", "?", ":")) else f"{sentence}."
            for parts in screens.read(screen, "en").values()
            for part, text in parts.items()
            if "title" not in part
            for sentence in sentences(text)
            if len(sentence.split()) > 3
        )
        for screen in SCREENS
    }
    assert statistics.median(grades.values()) <= 6, grades
    assert max(grades.values()) <= 8, grades


@pytest.mark.parametrize("address", ["/", "/scans/", "/what-we-do-with-your-files/"])
def test_a_page_as_shown_reads_at_grade_eight_or_less(client: Client, address: str) -> None:
    main = re.search(r"<main.*?</main>", client.get(address).text, re.DOTALL)[0]
    blocks = re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", main, re.DOTALL)
    lines = [html.unescape(re.sub(r"<[^>]+>", " ", block)).strip() for block in blocks]
    assert grade(line for line in lines if line.endswith(".")) <= 8


def test_nothing_is_called_safe_or_anonymous() -> None:
    promises = re.compile(
        r"\b(un)?safe\b|\banonymous|\bguarante|\bseguro de que\b|\banónim", re.IGNORECASE
    )
    said = [
        where
        for language in LANGUAGES
        for where, text in passages(language)
        if promises.search(text)
    ]
    assert said == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_passage_is_an_error_never_a_blank(language: str) -> None:
    with translation.override(language), pytest.raises(Exception, match="is missing"):
        screens.passage("home", language, "why", "no-such-part")
