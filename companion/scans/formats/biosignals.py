"""Traces of heart, brain and sleep: who they are of, by the headers of their files.

EDF and EDF+ (Kemp and others 1992, 2003) and BDF, which is EDF with wider samples; SCP-ECG
(EN 1064, sections 0 and 1). The traces themselves are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.findings import Kind, Note
from companion.scans.formats import code_pages
from companion.scans.formats.registry import NOTE, Inside, Passages, document_format

MAX_FIELDS = 500
"""Fields that are read of one SCP-ECG record."""
MAX_NOTES = 2_000
"""Annotations that are read of one EDF+ file."""
_EDF_MARKS = (b"0       ", b"\xffBIOSEMI")
_DATE = re.compile(rb"\d\d\.\d\d\.\d\d")
_NUMBER = re.compile(rb"\d+ *")
_ANNOTATION = re.compile(rb"\x14([\x20-\x7e\x80-\xff]{2,400})(?=\x14)")
_EDF_PATIENT = ("Patient ID", "Sex", "Date of birth", "Patient name")
_EDF_RECORDING = ("Start date", "Accession number", "Technician", "Equipment")
_NOT_KNOWN = "X"
"""What EDF+ writes where a part is not known."""
_SIGNAL_BYTES = 256
_LABEL_BYTES = 16

_SCP_MARK = (16, b"SCPECG")
_SCP_PATIENT = 1
_SCP_TEXTS = {
    0: "Last name", 1: "First name", 2: "Patient ID", 3: "Second last name",
    10: "Drugs", 13: "Diagnosis", 16: "Institution", 17: "Analyzing institution",
    18: "Department", 19: "Analyzing department", 20: "Referring physician",
    21: "Confirming physician", 22: "Technician", 23: "Room", 30: "Comment",
    31: "Accession number", 35: "Medical history",
}  # fmt: skip
_SCP_DATES = {5: "Date of birth", 25: "Date of recording"}
_SCP_END = 255


def is_edf(data: bytes) -> bool:
    """Whether the bytes begin like an EDF or BDF."""
    return (
        data.startswith(_EDF_MARKS)
        and len(data) >= _SIGNAL_BYTES
        and bool(_DATE.fullmatch(data[168:176]))
        and bool(_NUMBER.fullmatch(data[184:192].lstrip()))
    )


def is_scp(data: bytes) -> bool:
    """Whether the bytes begin like an SCP-ECG record."""
    at, mark = _SCP_MARK
    return data[at : at + len(mark)] == mark and data[8:10] == b"\0\0"


@document_format("EDF", Kind.DOCUMENT, fits=is_edf)
def read_edf(data: bytes, _inside: Inside) -> Passages:
    """The patient, the recording, the names of signals, and annotations."""
    plus = data[192:196] in (b"EDF+", b"BDF+")
    lines = _parted("Patient", data[8:88], _EDF_PATIENT if plus else ())
    lines += _parted("Recording", data[88:168], _EDF_RECORDING if plus else ())
    day, month, year = data[168:176].decode("ascii").split(".")
    century = "19" if year >= "85" else "20"  # the clipping date of EDF, as EDF+ keeps it
    lines.append(f"Date of recording: {century}{year}-{month}-{day}")
    signals = data[252:256].strip()
    number = int(signals) if signals.isdigit() else 0
    labels = [
        _text(data[at : at + _LABEL_BYTES])
        for at in range(256, min(len(data), 256 + number * _LABEL_BYTES), _LABEL_BYTES)
    ]
    yield "EDF header", "\n".join(lines)
    if shown := ", ".join(label for label in labels if label):
        yield "EDF signals", shown
    if not plus or "Annotations" not in shown:
        return
    seen: dict[str, None] = {}
    for found in _ANNOTATION.finditer(data, 256 + number * _SIGNAL_BYTES):
        seen[_text(found[1])] = None
        if len(seen) > MAX_NOTES:
            yield NOTE, Note.DOCUMENT_CUT
            break
    if seen:
        yield "EDF annotations", "\n".join(text for text in seen if text)


def _parted(label: str, raw: bytes, names: tuple[str, ...]) -> list[str]:
    """A field of EDF+ part by part, or the whole of a field of EDF, as lines with a label."""
    text = _text(raw)
    if not text:
        return []
    parts = text.removeprefix("Startdate ").split(" ")
    if len(parts) < len(names) or not names:
        return [f"{label}: {text}"]
    lines = [
        f"{name}: {part.replace('_', ' ')}"
        for name, part in zip(names, parts, strict=False)
        if part != _NOT_KNOWN
    ]
    more = " ".join(parts[len(names) :])
    return [*lines, f"{label}: {more}"] if more else lines


@document_format("SCP-ECG", Kind.DOCUMENT, fits=is_scp)
def read_scp(data: bytes, _inside: Inside) -> Passages:
    """The section that says whom a trace is of, when it was made and by whom."""
    lines: list[str] = []
    for start, end in _scp_sections(data):
        if end > len(data):
            yield NOTE, Note.PART_NOT_CHECKED
        lines += _scp_fields(data[start : min(end, len(data))])
    if lines:
        yield "SCP-ECG header", "\n".join(lines)


def _scp_sections(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the fields of each section about the patient begin and end."""
    length = int.from_bytes(data[10:14], "little")
    for at in range(22, min(6 + length, 22 + 10 * 64, len(data) - 9), 10):
        number = int.from_bytes(data[at : at + 2], "little")
        size = int.from_bytes(data[at + 2 : at + 6], "little")
        index = int.from_bytes(data[at + 6 : at + 10], "little")
        if number == _SCP_PATIENT and size > 16 and index:
            yield index - 1 + 16, index - 1 + size


def _scp_fields(section: bytes) -> list[str]:
    found: dict[int, bytes] = {}
    many: list[tuple[int, bytes]] = []
    at = 0
    while at + 3 <= len(section) and len(many) < MAX_FIELDS:
        tag, size = section[at], int.from_bytes(section[at + 1 : at + 3], "little")
        if tag == _SCP_END:
            break
        value = section[at + 3 : at + 3 + size]
        found[tag] = value
        many.append((tag, value))
        at += 3 + size
    names = [_text(found.get(tag, b"")) for tag in (0, 3, 1)]
    full = " ".join(name for name in (names[0], names[1]) if name)
    lines = [f"Patient name: {', '.join(part for part in (full, names[2]) if part)}"]
    lines = lines if full or names[2] else []
    for tag, value in many:
        if tag in _SCP_DATES and len(value) >= 4 and value[:2] != b"\0\0":
            year = int.from_bytes(value[:2], "little")
            lines.append(f"{_SCP_DATES[tag]}: {year:04}-{value[2]:02}-{value[3]:02}")
        elif tag in _SCP_TEXTS and tag not in (0, 1, 3) and (text := _text(value)):
            lines.append(f"{_SCP_TEXTS[tag]}: {text}")
    return lines


def _text(raw: bytes) -> str:
    """A text without its filling; in the code page that fits it."""
    bare = raw.strip(b"\0 \r\n")
    page = None if bare.isascii() else code_pages.guess([bare])
    text = bare.decode(page or "utf-8", "replace")
    return "".join(character for character in text if character.isprintable()).strip()
