"""A letter as a DOCX file that can be edited before it is sent."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from companion.content import writing
from companion.content.untranslated import Untranslated
from companion.letters import slip
from companion.letters.grammar import Block, Line, Run
from companion.letters.letter import Letter

_SIZES = {"letter": (Mm(215.9), Mm(279.4)), "a4": (Mm(210), Mm(297))}
_STYLES = {"list": "List Bullet", "numbers": "List Number", "paragraph": "Normal"}
# For languages whose Word code needs a country; the code itself serves for the others.
_LOCALES = {"en": "en-US", "es": "es-ES", "de": "de-DE", "fr": "fr-FR"}


def to_docx(letter: Letter, copy: Letter | None = None) -> bytes:
    """The letter and, on a new page, the reader's copy if there is one."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = _SIZES[letter.paper]
    page.left_margin = page.right_margin = Mm(25)
    page.top_margin = page.bottom_margin = Mm(20)
    normal = document.styles["Normal"]
    normal.font.name = "Arial"
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    _write_neutral_properties(document, letter)
    _write_letter(document, letter)
    if copy:
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _write_letter(document, copy)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _write_neutral_properties(document: Any, letter: Letter) -> None:
    properties = document.core_properties
    properties.title = letter.title
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.subject = properties.keywords = properties.category = ""
    properties.language = _LOCALES.get(letter.language, letter.language)
    day = datetime(letter.sent.year, letter.sent.month, letter.sent.day, tzinfo=UTC)
    properties.created = properties.modified = day.replace(tzinfo=None)


def _write_letter(document: Any, letter: Letter) -> None:
    frame, colon = letter.frame, writing.colon(letter.language)
    if letter.copy_mark:
        _paragraph(document, letter, Run(letter.copy_mark, bold=True))
    if letter.is_slip:
        _write_slip(document, letter)
        return
    _lines(document, letter, letter.sender)
    _lines(document, letter, letter.recipient)
    _paragraph(document, letter, Run("".join(letter.date_line)))
    heading = document.add_heading(level=1)
    _add(heading, letter, (Run(letter.subject_line),))
    for label, value in letter.about:
        _paragraph(document, letter, Run(f"{label}{colon} "), Run(value, typed=True))
    _paragraph(document, letter, Run(frame["dear"]))
    for block in letter.opening:
        _block(document, letter, block)
    for section in letter.sections:
        _add(document.add_heading(level=2), letter, (Run(section.heading),))
        if section.lead:
            _paragraph(document, letter, *section.lead)
        for block in section.blocks:
            _block(document, letter, block)
    _paragraph(document, letter, Run(frame["closing"]))
    _paragraph(document, letter, Run(f"{frame['signature']}{colon} ____________________"))
    _paragraph(document, letter, *letter.signer)
    if letter.identifiers:
        _add(document.add_heading(level=2), letter, (Run(frame["identifiers"]),))
        _block(
            document,
            letter,
            Block("list", tuple((Run(one, typed=True),) for one in letter.identifiers)),
        )
    for mark in letter.marks:
        _paragraph(document, letter, Run(mark))


def _write_slip(document: Any, letter: Letter) -> None:
    for mark in slip.halves(letter):
        if mark:
            _paragraph(document, letter, Run(f"- - - {letter.frame['cut']} - - -"))
        _add(document.add_heading(level=2 if mark else 1), letter, (Run(letter.subject),))
        for block in slip.blocks(letter, mark):
            _block(document, letter, block)


def _block(document: Any, letter: Letter, block: Block) -> None:
    for number, line in enumerate(block.lines, block.start):
        if block.kind == "numbers":
            # The number is written out: Word would go on counting from the list before.
            _paragraph(document, letter, Run(f"{number}. "), *line)
        else:
            paragraph = document.add_paragraph(style=_STYLES[block.kind])
            _add(paragraph, letter, line)


def _lines(document: Any, letter: Letter, lines: tuple[str, ...]) -> None:
    paragraph = document.add_paragraph()
    for number, line in enumerate(lines):
        if number:
            paragraph.add_run().add_break()
        _add(paragraph, letter, (Run(line, typed=True),))


def _paragraph(document: Any, letter: Letter, *runs: Run) -> None:
    _add(document.add_paragraph(), letter, runs)


def _add(paragraph: Any, letter: Letter, line: Line) -> None:
    for run in line:
        made = paragraph.add_run("__________" if run.gap else run.text)
        made.bold = run.bold or None
        properties = made._r.get_or_add_rPr()
        if run.typed and _runs_right_to_left(run.text):
            properties.append(OxmlElement("w:rtl"))
        language = OxmlElement("w:lang")
        code = run.text.language if isinstance(run.text, Untranslated) else letter.language
        language.set(qn("w:val"), _LOCALES.get(code, code))
        properties.append(language)


def _runs_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(here) in ("R", "AL") for here in text)
