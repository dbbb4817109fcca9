"""The accessibility conformance report: whole, in the form's own terms, and shown by tests."""

from __future__ import annotations

import re
from pathlib import Path

import axe_playwright_python
import pytest
from django.test import Client

from companion.content.library import LANGUAGES, SOURCE
from tests.server import ROOT

REPORT = (ROOT / "docs/accessibility-conformance.md").read_text(encoding="utf-8")
LEVELS = {"Supports", "Partially Supports", "Does Not Support", "Not Applicable"}
"""VPAT 2.5: "Not Evaluated" is for level AAA alone."""
CRITERIA = {
    "Level A": """
        1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1
        2.4.1 2.4.2 2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7
        4.1.2""",
    "Level AA": """
        1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7
        2.4.11 2.5.7 2.5.8 3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3""",
}
"""WCAG 2.2, without 4.1.1, which it took back."""

ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in REPORT.splitlines()
    if re.match(r"\| \d\.", line)
]


@pytest.mark.parametrize("level", CRITERIA)
def test_each_criterion_of_the_level_stands_once_in_its_table(level: str) -> None:
    table = REPORT.split(f"## {level}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| (\d\.\d\.\d+) ", table, re.MULTILINE)
    assert found == CRITERIA[level].split()


def test_each_criterion_has_a_level_of_the_form_and_says_why() -> None:
    for name, level, remark, _ in ROWS:
        assert level in LEVELS, name
        assert len(remark) > 15, name


def test_what_is_supported_is_shown_by_tests_and_what_is_partly_so_says_what_is_unknown() -> None:
    for name, level, _, shown in ROWS:
        if level == "Supports":
            assert shown != "none", name
        if level == "Not Applicable":
            assert shown == "none", name


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", REPORT)
    assert len(named) > 20
    for file, test in named:
        assert re.search(rf"^def {test}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), test


def test_axe_is_named_only_where_it_looks() -> None:
    """Its rules carry the numbers of criteria (``wcag131``); some are switched off as shipped."""
    script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    looked_at = set()
    for rule in re.finditer(
        r'\{id:"[a-z-]+"((?:(?!\{id:").){0,900}?)tags:\[([^\]]*)\]((?:(?!\{id:").){0,400})',
        script.read_text(encoding="utf-8"),
    ):
        on = "enabled:!1" not in rule[1] + rule[3] and "experimental" not in rule[2]
        looked_at |= set(re.findall(r'"wcag(\d{3,4})"', rule[2])) if on else set()
    assert {"111", "131", "143", "412"} <= looked_at
    for name, _, _, shown in ROWS:
        if re.search(r"\baxe\b", shown):
            assert name.split()[0].replace(".", "") in looked_at, name


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", *(f"/{one}" for one in LANGUAGES if one != SOURCE)])
def test_head_and_foot_have_the_same_links_in_the_same_order_on_every_page(prefix: str) -> None:
    shown = Client().get(f"{prefix}/site-map/").content.decode()
    pages = set(re.findall(r'href="(/[^"#?]*)"', shown[shown.index("<main") :]))
    assert len(pages) > 20
    found = {page: links(Client().get(page).content.decode()) for page in pages}
    assert {page: got for page, got in found.items() if got != found[f"{prefix}/letters/"]} == {}
    # The way to whoever can help stands in the foot of each.
    assert f"{prefix}/about/" in found[f"{prefix}/letters/"]


def links(page: str) -> list[str]:
    """Where the head and the foot of a page lead, but for the page itself in another language."""
    around = page[: page.index("<main")] + page[page.index("<footer") :]
    return [
        address
        for attributes in re.findall(r"<a ([^>]*)>", around)
        if "hreflang" not in attributes
        for address in re.findall(r'href="([^"?]*)', attributes)
    ]
