"""The Word file and the calendar, opened by other programs."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest
from icalendar import Calendar

from companion.content.library import LANGUAGES
from companion.letters.calendar import to_calendar
from companion.letters.catalogue import catalogue
from companion.letters.grammar import Block, Run
from companion.letters.letter import Letter, reader_copy
from companion.letters.text import split
from companion.letters.word import to_docx
from tests.letters.builders import REFERENCE, make_letter

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
HEALTH_WORDS = ("scan", "image", "hospital", "health", "medical", "imagen", "salud", "estudio")


def test_the_word_file_has_headings_lists_and_every_fact() -> None:
    document = docx.Document(BytesIO(to_docx(make_letter(accession="EX-0815"))))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") >= 3
    assert "List Bullet" in styles
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for said in ("Ana Díaz", "Valley Hospital", "EX-0815", REFERENCE, "1. I have a right"):
        assert said in text


def test_the_word_file_names_nobody_in_its_properties() -> None:
    properties = docx.Document(BytesIO(to_docx(make_letter()))).core_properties
    assert properties.title == f"Letter {REFERENCE}"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


def test_markup_that_was_typed_is_text_in_the_word_file() -> None:
    body = to_docx(make_letter(name="<w:p>&Ana"))
    text = "\n".join(one.text for one in docx.Document(BytesIO(body)).paragraphs)
    assert "<w:p>&Ana" in text


def test_the_word_file_has_the_page_size_of_the_place() -> None:
    for jurisdiction, width in (("us", 215.9), ("eu-de", 210)):
        opened = docx.Document(BytesIO(to_docx(make_letter(jurisdiction=jurisdiction))))
        section = opened.sections[0]
        assert section.page_width.mm == pytest.approx(width, abs=0.1)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_file_and_prints_it(tmp_path: Path) -> None:
    copy = reader_copy(make_letter(language="es", name="عمر דוד 山田"), catalogue(), "en")
    source = tmp_path / "letter.docx"
    source.write_bytes(to_docx(make_letter(name="عمر דוד 山田"), copy))
    assert SOFFICE is not None
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = subprocess.run(
        ["pdftotext", str(tmp_path / "letter.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode()
    assert "Valley Hospital" in text
    assert "Copia para leer" in text


@pytest.mark.parametrize("limit", [300, 360, 420, 500, 640])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("jurisdiction", ["us-ny", "eu-de"])
def test_no_part_of_a_portal_text_ends_before_what_it_announces(
    limit: int, language: str, jurisdiction: str
) -> None:
    letter = make_letter(jurisdiction=jurisdiction, language=language)
    headings = {section.heading for section in letter.sections}
    for part in split(letter, limit):
        last = part.rstrip("\n").split("\n")[-1]
        assert not re.search(r"(^|\s)(\d+\.|-|Art\.|No\.)$", last), part
        assert last not in headings


def test_a_word_that_is_too_long_for_a_part_does_not_strand_its_number() -> None:
    letter = make_letter("complaint", recipient_address=None, what_happened="x" * 900)
    blocks = (Block("numbers", ((Run("y" * 900),),), start=12),)
    parts = split(replace(letter, sections=(), opening=blocks), 300)
    assert sum("12. y" in part for part in parts) == 1
    assert not any(part.rstrip().endswith("12.") for part in parts)


def events(body: bytes) -> list[tuple[object, object, str]]:
    parsed = Calendar.from_ical(body)
    return [
        (event["dtstart"].dt, event["dtend"].dt, str(event["summary"]))
        for event in parsed.walk("VEVENT")
    ]


def test_the_calendar_has_all_day_events_that_end_the_day_after() -> None:
    letter = make_letter(sent_on="2026-11-20", method="portal")
    assert events(to_calendar(letter)) == [
        (date(2026, 12, 20), date(2026, 12, 21), f"Letter {REFERENCE}: answer due"),
        (date(2026, 12, 23), date(2026, 12, 24), f"Letter {REFERENCE}: ask again"),
        (date(2027, 1, 19), date(2027, 1, 20), f"Letter {REFERENCE}: last day if extended"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_calendar_line_holds_a_word_about_health_or_a_person(language: str) -> None:
    body = to_calendar(make_letter(language=language)).decode().lower()
    for word in (*HEALTH_WORDS, "díaz", "valley"):
        assert word not in body


def notes(letter: Letter, sent: Letter | None = None) -> dict[str, str]:
    """The text that stands ready on each day, by the title of the day."""
    parsed = Calendar.from_ical(to_calendar(letter, sent=sent))
    return {
        str(event["summary"]).split(": ")[1]: str(event.get("description", ""))
        for event in parsed.walk("VEVENT")
    }


def test_on_the_day_an_answer_is_due_a_reminder_stands_ready() -> None:
    found = notes(make_letter(sent_on="2026-11-20", method="portal"))
    assert {title for title, note in found.items() if note} == {"answer due", "ask again"}
    for title in ("answer due", "ask again"):
        assert REFERENCE in found[title]
        assert "November 20, 2026" in found[title]


def test_the_reminder_is_in_the_language_that_the_office_reads() -> None:
    found = notes(make_letter(language="es"), make_letter(language="en"))
    told = [note for note in found.values() if note]
    assert told
    assert all(note.startswith("To whom it may concern") for note in told)


def test_calendar_lines_end_and_fold_as_the_rule_says() -> None:
    body = to_calendar(make_letter(), now=datetime(2026, 11, 21, tzinfo=UTC))
    lines = body.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert body.count(b"DTSTART;VALUE=DATE:") == 3
    assert b"DTSTAMP:20261121T000000Z" in body
    uids = [line for line in lines if line.startswith(b"UID:")]
    assert len(uids) == len(set(uids)) == 3


def test_the_patients_own_limit_is_in_the_calendar_with_its_warnings() -> None:
    letter = make_letter(
        "complaint", recipient_address=None, event_date="2026-11-20", what_happened="It was sent."
    )
    titles = [title for _, _, title in events(to_calendar(letter))]
    assert titles == [
        f"Letter {REFERENCE}: your deadline is near",
        f"Letter {REFERENCE}: your deadline is near",
        f"Letter {REFERENCE}: your deadline",
    ]
