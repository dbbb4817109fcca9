"""Programs, scripts and settings: their text, or the loose text of what is compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats import json_text
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

_DATA = re.compile(
    r"\s{0,20}(?:(?:var|let|const|export default|module\.exports)\b)?\s{0,4}[\w.$]{0,80}"
    r"\s{0,4}[=(]?\s{0,4}(?=[\[{])"
)
_REST = re.compile(r"[\s);]{0,20}")
_DISC = re.compile(
    r"^[ \t]{0,8}(?:volume)?label[ \t]{0,4}=[ \t]{0,4}(\S[^\r\n]{1,200})",
    re.IGNORECASE | re.MULTILINE,
)
"""What a disc is called where it is put in (autorun.inf)."""
_SECTION = re.compile(r"\s{0,8}\[([^\[\]\n]{1,80})\]\s*$")
_PERSON = re.compile(
    r"(?:patient|pat|person|subject|paciente?|paziente)(?:en|s)?(?:[ _-]?(?:info|data|daten))?",
    re.IGNORECASE,
)
_MOST_LINES = 20_000


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
        if values := _data_of_a_script(text):
            yield "data of a script", "\n".join(values)
        yield "name of the disc", "\n".join(_DISC.findall(text)[:10])
        yield RAW, "\n".join(_settings(text))
    else:
        yield from ((RAW, run) for run in text_runs(data))
        yield NOTE, Note.TEXT_ONLY


def _data_of_a_script(text: str) -> list[str] | None:
    """The values of a script that is nothing but data: ``show({...});``, ``var data = [...]``."""
    found = _DATA.match(text)
    end = max(text.rfind("}"), text.rfind("]"))
    if not found or end < found.end() or not _REST.fullmatch(text, end + 1):
        return None
    return json_text.lines(text[found.end() : end + 1])


def _settings(text: str) -> Iterator[str]:
    """Settings of a section that is called after a person, behind that section's name."""
    section = ""
    for line in text.splitlines()[:_MOST_LINES]:
        if head := _SECTION.match(line):
            section = head[1] if _PERSON.fullmatch(head[1]) else ""
        elif section and line.partition("=")[2].strip():
            yield f"{section} {line.strip()}"
