"""Made-up letters and answers for the tests of letters."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

from companion.content import law
from companion.letters.case import Case
from companion.letters.catalogue import FOLDER, Spec, catalogue
from companion.letters.facts import Facts
from companion.letters.letter import Letter, compose

TODAY = date(2026, 11, 21)
REFERENCE = "A7K-93M"
LONE_LETTER = "move-mammograms"
"""A letter whose words are few."""


def make_answers(**changes: Any) -> dict[str, Any]:
    """The answers of one patient; ``None`` takes one out."""
    answers: dict[str, Any] = {
        "name": "Ana Díaz",
        "contact": ["12 Oak Street", "Springfield 62704"],
        "recipient_name": "Valley Hospital",
        "recipient_address": ["100 Sample Road", "Springfield 62701"],
        "study_list": ["CT chest, March 3, 2026", "MRI head, May 11, 2026"],
        **changes,
    }
    return {name: value for name, value in answers.items() if value is not None}


def make_spec(slug: str = "get-my-images") -> Spec:
    return catalogue().letters[slug]


def make_case(
    slug: str = "get-my-images",
    jurisdiction: str = "us",
    language: str = "en",
    today: date = TODAY,
    region: str = "",
    **changes: Any,
) -> Case:
    """The case of one patient, with the answers of ``make_answers``."""
    return Case(
        catalogue(),
        make_spec(slug),
        law.jurisdiction(jurisdiction),
        make_answers(**changes),
        language,
        today,
        region,
    )


def make_facts(slug: str = "get-my-images", jurisdiction: str = "us", **changes: Any) -> Facts:
    return make_case(slug, jurisdiction, **changes).facts


def make_letter(
    slug: str = "get-my-images",
    jurisdiction: str = "us",
    language: str = "en",
    today: date = TODAY,
    region: str = "",
    **changes: Any,
) -> Letter:
    """A letter as the page would write it for these answers."""
    return compose(make_case(slug, jurisdiction, language, today, region, **changes), REFERENCE)


def make_folder(parent: Path) -> Path:
    """A folder of the shared words and of ``LONE_LETTER``, which then leads to no other."""
    made = parent / "letters"
    made.mkdir()
    for name in ("fields.toml", "persons.toml", "en.md", "es.md"):
        shutil.copy(FOLDER / name, made / name)
    shutil.copytree(FOLDER / LONE_LETTER, made / LONE_LETTER)
    change(made / LONE_LETTER / "letter.toml", "follow_ups = ", "follow_ups = [] #")
    return made


def change(path: Path, old: str, new: str) -> None:
    """Replace the first ``old`` in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
