"""Programs, scripts and settings: their text, or the loose text of what is compiled."""

from __future__ import annotations

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats.escapes import undone_lines
from companion.scans.formats.plain_text import decode, whole_text
from companion.scans.formats.registry import (
    NOTE,
    RAW,
    Inside,
    Passages,
    Rank,
    begins,
    document_format,
)
from companion.scans.formats.strings import is_text, text_runs


@document_format(
    "program",
    Kind.PROGRAM,
    fits=begins(
        signatures.PE,
        signatures.ELF,
        signatures.MACH_O,
        signatures.MACH_O_BIG_ENDIAN,
        signatures.SCRIPT,
        signatures.ACCESS,
    ),
)
@document_format(
    "program by its name",
    Kind.PROGRAM,
    endings=(
        "exe dll com bat cmd msi inf ini sh js vbs jar class so dylib app sys ocx cab pl py ps1"
        " lnk db sqlite sqlite3 mdb accdb"
    ),
    rank=Rank.ENDING,
)  # fmt: skip
def read(data: bytes, _inside: Inside) -> Passages:
    """The text of a script; the loose text of a program."""
    if is_text(whole_text(data)):
        text = decode(data)
        yield RAW, text
        yield RAW, undone_lines(text)
    else:
        yield from ((RAW, run) for run in text_runs(data))
        yield NOTE, Note.TEXT_ONLY
