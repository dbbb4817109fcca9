"""Style sheets and templates: contrast, colours, and nothing that the policy refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path("static/css")
SCREEN = sorted(
    sheet
    for sheet in CSS.glob("*.css")
    if not sheet.stem.endswith("print") and sheet.stem != "staff"
)
"""The sheets of our own pages on a screen. Those of the PDFs have one scheme and stand alone."""
TEMPLATES = sorted(path for path in Path("templates").rglob("*") if path.is_file())
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
_TEXT = [
    ("ink", "paper"), ("ink", "sheet"), ("ink", "sunk"), ("ink", "clay-tint"),
    ("ink", "pine-tint"), ("ink", "honey-tint"), ("ink", "moss-tint"), ("ink", "brick-tint"),
    ("ink-soft", "paper"), ("ink-soft", "sheet"), ("ink-soft", "sunk"), ("ink-soft", "clay-tint"),
    ("pine", "paper"), ("pine", "sheet"), ("pine", "pine-tint"), ("pine-deep", "pine-tint"),
    ("on-pine", "pine"), ("on-pine", "pine-deep"),
    ("clay", "paper"), ("clay", "sheet"), ("clay", "clay-tint"),
    ("honey", "honey-tint"), ("honey", "sheet"), ("moss", "moss-tint"), ("moss", "paper"),
    ("moss", "sheet"), ("brick", "paper"), ("brick", "sheet"), ("brick", "brick-tint"),
    ("film-dim", "film"), ("tag-ink", "tag-paper"),
    ("letter-ink", "letter-paper"), ("letter-ink-soft", "letter-paper"),
    ("letter-gap-ink", "letter-gap"),
]  # fmt: skip
"""Which ink stands on which ground in base, components and the journeys' sheets."""
_LINES = [("line-strong", "paper"), ("line-strong", "sheet"), ("focus", "paper"), ("clay", "paper")]


def schemes() -> dict[str, dict[str, str]]:
    """The colours of each scheme: later blocks of the sheet win, as in a browser."""
    found: dict[str, dict[str, str]] = {}
    blocks = re.findall(r"(@media [^{]+)?\{?\s*:root \{(.*?)\}", TOKENS, re.DOTALL)
    by_query = {
        query.strip(): dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))
        for query, body in blocks
    }
    light = by_query[""]
    dark = {**light, **by_query["@media (prefers-color-scheme: dark)"]}
    more = by_query["@media (prefers-contrast: more)"]
    both = by_query["@media (prefers-contrast: more) and (prefers-color-scheme: dark)"]
    found["light"] = light
    found["dark"] = dark
    found["light, more contrast"] = {**light, **more}
    found["dark, more contrast"] = {**dark, **more, **both}
    return found


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", schemes())
def test_every_ink_can_be_read_on_every_ground(scheme: str) -> None:
    colours = schemes()[scheme]
    weak = {
        (ink, ground): round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground in _TEXT
        if contrast(colours[ink], colours[ground]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("scheme", schemes())
def test_lines_that_carry_meaning_can_be_seen(scheme: str) -> None:
    colours = schemes()[scheme]
    weak = {
        (line, ground): round(contrast(colours[line], colours[ground]), 2)
        for line, ground in _LINES
        if contrast(colours[line], colours[ground]) < 3
    }
    assert weak == {}


def test_more_contrast_means_more() -> None:
    every = schemes()
    for scheme in ("light", "dark"):
        plain, more = every[scheme], every[f"{scheme}, more contrast"]
        assert contrast(more["ink-soft"], more["paper"]) > contrast(
            plain["ink-soft"], plain["paper"]
        )
        assert contrast(more["pine"], more["paper"]) >= contrast(plain["pine"], plain["paper"])


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_a_sheet_loads_nothing_from_anywhere(sheet: Path) -> None:
    assert not re.search(r"url\(|@import|@font-face", sheet.read_text(encoding="utf-8"))


@pytest.mark.parametrize("sheet", SCREEN, ids=lambda path: path.name)
def test_a_sheet_turns_with_the_direction_of_the_script(sheet: Path) -> None:
    physical = re.findall(
        r"^\s*((?:margin|padding|border)-(?:left|right)|left|right|float|text-align: [lr]\w+t)\b",
        sheet.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert physical == []


@pytest.mark.parametrize("sheet", SCREEN, ids=lambda path: path.name)
def test_colours_are_chosen_in_the_tokens_only(sheet: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    colours = re.findall(
        r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|color)a?\(|:[^;{]*\b(?:white|black|red|gr[ae]y)\b(?!-)",
        rules,
    )
    assert colours == [] or sheet.stem == "tokens"


def test_every_colour_is_used() -> None:
    used = "".join(sheet.read_text(encoding="utf-8") for sheet in SCREEN)
    assert {name for name in schemes()["light"] if f"var(--{name})" not in used} == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_a_template_has_no_long_line(template: Path) -> None:
    lines = template.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 160] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_a_part_of_a_page_is_named_so(template: Path) -> None:
    """``_name.html`` is included by others; pages begin with what they extend or are."""
    if template.parts[1] in {"components", "admin"}:  # parts only; Django's own names
        return
    if template.suffix == ".js":  # a page of a kind: it is asked for by its own address
        return
    whole = re.search(r"\{% extends |<!doctype", template.read_text(encoding="utf-8"))
    assert template.name.startswith("_") != bool(whole)
