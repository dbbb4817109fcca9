"""How much of each language is there, and which pages of one that is not whole say so."""

from __future__ import annotations

from collections import Counter

import pytest
from django.conf import global_settings
from django.test import Client
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import get_language_from_path, get_language_info, gettext
from pytest_django import Settings

from companion.content import coverage, native_readers
from companion.content.library import LANGUAGES, SOURCE
from companion.content.untranslated import Untranslated
from companion.web import languages
from companion.web.templatetags.untranslated import bare, lang, sentence
from companion.web.words import page_language
from tests.content.languages import COMPLETE, WRITTEN

OTHERS = [code for code in LANGUAGES if code != SOURCE]
ELSEWHERE = next(code for code, _ in global_settings.LANGUAGES if code not in LANGUAGES)
"""A language that Django speaks and the site does not."""


@pytest.mark.parametrize("language", OTHERS)
def test_how_much_of_each_language_is_missing(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = coverage.missing(language)
    lacks = Counter(gap.kind for gap in missing)
    interface = languages.interface_gaps(language)
    with capsys.disabled():
        print(f"\n{LANGUAGES[language]} ({language}): missing of each kind of text")
        for kind, every in sorted(coverage.texts().items()):
            print(f"  {kind:<14}{lacks[kind]:>5} of {every}")
        print(f"  {'interface':<14}{interface:>5}")
    if language in COMPLETE:
        assert missing == ()
        assert interface == 0


def test_a_complete_language_is_one_of_the_site() -> None:
    assert set(LANGUAGES) >= set(COMPLETE)


@pytest.mark.parametrize("language", WRITTEN)
def test_a_page_of_a_whole_language_says_nothing_of_it(client: Client, language: str) -> None:
    assert languages.not_whole(language) == ""
    page = client.get("/" if language == SOURCE else f"/{language}/").content.decode()
    assert "language-note" not in page
    assert "untranslated" not in page


def test_a_language_without_a_catalogue_has_an_english_interface(settings: Settings) -> None:
    settings.LANGUAGES = [*LANGUAGES.items(), ("qx", "Qxian")]
    assert languages.interface_language("qx") == SOURCE
    assert languages.interface_gaps("qx") > 300
    with translation.override("qx"):
        note = languages.not_whole("qx")
    assert isinstance(note, Untranslated)
    assert "Qxian" in note


@pytest.mark.parametrize("language", LANGUAGES)
def test_django_serves_each_language_by_its_own_name(language: str) -> None:
    assert get_language_info(language)["name_local"].casefold() == LANGUAGES[language].casefold()
    if language != SOURCE:
        assert get_language_from_path(f"/{language}/letters/") == language
        assert translate_url("/letters/", language) == f"/{language}/letters/"


@pytest.mark.parametrize(("active", "page"), [("es", "es"), (ELSEWHERE, SOURCE), (None, SOURCE)])
def test_the_pages_language_is_one_of_the_site(active: str | None, page: str) -> None:
    with translation.override(active):
        assert page_language() == page


def test_a_text_in_an_attribute_is_bare_and_its_language_beside_it() -> None:
    text = Untranslated('a "b"')
    assert type(bare(text)) is str
    assert lang(text) == ' lang="en"'
    assert lang("a") == ""
    assert sentence(text) == 'A "b"'
    assert isinstance(sentence(text), Untranslated)
    assert type(sentence("a")) is str


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ("es", "es", "Esta página también está en su idioma"),
        ("es-MX", "es", "Esta página también está en su idioma"),
        ("es-419,es;q=0.9,en;q=0.8", "es", "Esta página también está en su idioma"),
        ("it, es;q=0.5", "es", "Esta página también está en su idioma"),
        ("de", "de", "Diese Seite gibt es auch in Ihrer Sprache"),
        ("de-CH,de;q=0.9,en;q=0.8", "de", "Diese Seite gibt es auch in Ihrer Sprache"),
        ("de-AT", "de", "Diese Seite gibt es auch in Ihrer Sprache"),
        ("fr-CA,fr;q=0.9", "fr", "Cette page existe aussi dans votre langue"),
        ("fr, es;q=0.5", "fr", "Cette page existe aussi dans votre langue"),
    ],
)
def test_a_browser_set_to_a_language_of_ours_is_offered_it_in_its_words(
    client: Client, asked: str, code: str, words: str
) -> None:
    page = client.get("/letters/opt-out/?place=us-tx", headers={"Accept-Language": asked})
    assert page.status_code == 200
    assert page.headers["Content-Language"] == "en"
    assert not page.cookies
    assert "Accept-Language" in page.headers["Vary"]
    html = page.content.decode()
    offer = html[html.index('class="language-offer"') :].partition("</p>")[0]
    assert f'lang="{code}">{words}' in offer
    assert f'href="/{code}/letters/opt-out/?place=us-tx"' in offer


@pytest.mark.parametrize(
    ("asked", "address"),
    [("en-US,es;q=0.5", "/"), ("it", "/"), ("", "/"), ("nonsense;;q=x", "/"), ("en", "/es/"),
     ("es", "/es/"), ("de", "/de/"), ("es", "/fr/")],
)  # fmt: skip
def test_nobody_else_is_offered_another_language(client: Client, asked: str, address: str) -> None:
    page = client.get(address, headers={"Accept-Language": asked})
    assert "language-offer" not in page.content.decode()


def test_an_answer_to_a_form_offers_no_link_that_would_lose_it(client: Client) -> None:
    page = client.post("/letters/", {"q": "fee"}, headers={"Accept-Language": "es"})
    assert "language-offer" not in page.content.decode()


@pytest.mark.parametrize("language", OTHERS)
def test_the_foot_of_a_page_says_that_no_native_reader_has_checked_it(
    client: Client, language: str
) -> None:
    with translation.override(language):
        words = gettext(
            "No native speaker has checked all the text on this site in this language yet."
        )
    assert (words in client.get(f"/{language}/").content.decode()) is bool(
        native_readers.unread(language)
    )
    assert "No native speaker" not in client.get("/").content.decode()
