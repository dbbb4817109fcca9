"""The release checklist and the security page name only what is there."""

from __future__ import annotations

import re

import pytest
from django.core.management import get_commands

from companion.web.site import branding
from tests.server import ROOT

PAGES = ("docs/releasing.md", "SECURITY.md", "docs/accessibility-conformance.md")


@pytest.mark.parametrize("page", PAGES)
def test_each_file_and_command_that_it_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name in re.findall(r"(?:manage\.py|deploy/manage) ([a-z]+)", text):
        assert name in get_commands(), name
    named = re.findall(
        r"(?<![\w/.])((?:script|deploy|docs|tests|companion)/[\w./-]*\w|[A-Z]+\.md)", text
    )
    for path in named:
        assert (ROOT / path).exists(), path


def test_the_checklist_says_which_version_comes_next_or_is_out() -> None:
    text = (ROOT / "docs/releasing.md").read_text(encoding="utf-8")
    assert set(re.findall(r"v(\d+\.\d+\.\d+)", text)) == {branding.version()}


def test_the_security_page_and_the_committee_s_sheet_say_the_same_of_tests_from_outside() -> None:
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    words = (ROOT / "companion/content/screens/for-hospitals/en.md").read_text(encoding="utf-8")
    assert "Was it tested from outside?** No." in security
    assert "No outside group has tested it yet" in words
