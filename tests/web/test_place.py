"""The place that a page begins with."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from companion.web.place import usual_place


@pytest.mark.parametrize(
    ("deployment", "language", "place"),
    [
        ("us", "de", "eu-de"),
        ("us", "fr", "eu-fr"),
        ("us", "es", "us"),
        ("us-tx", "en", "us-tx"),
        ("eu-at", "de", "eu-at"),
        ("eu-at", "fr", "eu-fr"),
        ("eu-be", "fr", "eu-be"),
        ("ch", "de", "ch"),
        ("ca-on", "fr", "ca-on"),
        ("ca-qc", "fr", "ca-qc"),
        ("ca-ab", "fr", "eu-fr"),
    ],
)
def test_a_page_begins_where_its_language_is_official(
    settings: Settings, deployment: str, language: str, place: str
) -> None:
    settings.COMPANION_JURISDICTION = deployment
    assert usual_place(language).id == place
