"""HL7 version 2: messages of hospital systems, field by field behind what each one is."""

from __future__ import annotations

import re

from companion import signatures
from companion.scans.findings import Kind
from companion.scans.formats.embedded import from_base64
from companion.scans.formats.plain_text import decode, letters_guessed
from companion.scans.formats.registry import Inside, Passages, document_format

FIELDS = {
    "PID": {
        2: "patient number", 3: "patient number", 4: "patient number", 5: "patient name",
        6: "mother's birth name", 7: "birth date", 9: "other patient name", 11: "patient address",
        13: "patient phone", 14: "patient phone", 18: "account number", 19: "SSN",
        20: "driver's license", 21: "mother's number", 23: "birth place",
    },
    "MRG": {1: "patient number", 4: "patient number", 7: "patient name"},
    "NK1": {2: "relative's name", 4: "relative's address", 5: "relative's phone"},
    "GT1": {3: "guarantor's name", 5: "guarantor's address", 6: "guarantor's phone", 12: "SSN"},
    "IN1": {
        16: "insured name", 18: "insured birth date", 19: "insured address", 36: "policy number",
    },
    "PV1": {
        3: "ward", 7: "attending doctor", 8: "referring doctor", 9: "consulting doctor",
        17: "admitting doctor", 19: "visit number", 44: "admitted", 45: "discharged",
    },
    "ORC": {2: "order number", 3: "order number", 12: "ordering doctor"},
    "OBR": {
        2: "order number", 3: "order number", 7: "observed", 16: "ordering doctor",
        18: "accession number", 32: "reading doctor",
    },
    "NTE": {3: "comment"},
}  # fmt: skip
"""What a field holds, by its segment and its number (HL7 2.5.1, chapters 2 to 7)."""
_CHARSETS = {
    "UNICODE UTF-8": "utf-8", "UNICODE UTF-16": "utf-16", "GB 18030-2000": "gb18030",
    "BIG-5": "big5", "KS X 1001": "euc_kr", "ISO IR87": "iso2022_jp", "ASCII": "ascii",
}  # fmt: skip
"""Codecs of HL7 table 0211; those of ``8859/n`` are named alike in Python."""
_ESCAPE = ("F", "S", "T", "R", "E")
_HEADER = re.compile(rb"(?:MSH|FHS|BHS)([^\w\s])(?!\1)[^\w\s]{4}\1|[FB]HS\|")
"""A header, whatever signs part its fields (HL7 2.5.1, 2.5.4)."""
_FRAME = b"\x0b\x1c \r\n\t\xef\xbb\xbf"


def looks_like_hl7(data: bytes) -> bool:
    """Whether a file begins with a header of HL7, framed for a network or not."""
    start = data[:64].lstrip(_FRAME)
    return signatures.HL7.fits(start) or _HEADER.match(start) is not None


@document_format("HL7", Kind.DOCUMENT, fits=looks_like_hl7)
def read(data: bytes, inside: Inside) -> Passages:
    """Each field that holds something, on a line behind its name."""
    named = _as_it_says(data)
    text = decode(data) if named is None else named
    lines: list[str] = []
    files: list[bytes] = []
    separator, signs = "|", "^~\\&"
    for segment in re.split(r"[\r\n\x0b\x1c]+", text):
        name = segment[:3]
        if name in ("MSH", "FHS", "BHS") and len(segment) > 8:
            separator, signs = segment[3], (segment[4:8] + "^~\\&"[len(segment[4:8]) :])
        fields = segment.split(separator)
        if name in ("MSH", "FHS", "BHS"):
            fields.insert(1, separator)
        known = FIELDS.get(name, {})
        label = ""
        for number, field in enumerate(fields[1:], start=1):
            if not field.strip() or field == '""' or (name == "MSH" and number <= 2):
                continue
            if name == "OBX" and "^base64^" in field.lower():
                files.append(from_base64(field.rsplit(signs[0], 1)[-1]))
                continue
            plain = _plain(field, separator, signs)
            if name == "OBX" and number == 3:
                label = plain.replace("^", " ").strip()
            what = known.get(number) or (label if name == "OBX" and number == 5 else "")
            lines.append(f"{what or f'{name}-{number}'}: {plain}")
    yield "text", "\n".join(lines)
    for packed in files:
        yield from inside.read("HL7 attachment", "", packed)
    if named is None:
        yield from letters_guessed(data, text)


def _as_it_says(data: bytes) -> str | None:
    """The text by the character set in the message's header (MSH-18), where it names one."""
    header = data[:2_000].decode("latin-1").lstrip(_FRAME.decode("latin-1"))
    fields = re.split(r"[\r\n]", header)[0].split(header[3:4] or "|")
    named = fields[17].partition("~")[0].strip() if len(fields) > 17 else ""
    codec = _CHARSETS.get(named) or (named.replace("8859/", "iso8859-") if "8859/" in named else "")
    if codec and codec != "ascii":
        try:
            return data.decode(codec)
        except (LookupError, UnicodeDecodeError):
            pass
    return None


def _plain(field: str, separator: str, signs: str) -> str:
    """A field without escapes (HL7 2.5.1, 2.7): signs, line breaks, letters in hexadecimal."""
    if signs[2] not in field:
        return field
    meaning = dict(zip(_ESCAPE, (separator, signs[0], signs[3], signs[1], signs[2]), strict=True))

    def undone(found: re.Match[str]) -> str:
        code = found[1]
        if code in meaning:
            return meaning[code]
        return " " if code.startswith((".", "H", "N", "C", "M", "Z")) else found[0]

    def letters(found: re.Match[str]) -> str:
        return decode(bytes.fromhex("".join(re.findall(rf"X([^{sign}]*)", found[0]))))

    sign = re.escape(signs[2])
    # A letter of several bytes may have an escape for each of them.
    field = re.sub(rf"(?:{sign}X(?:[0-9A-Fa-f]{{2}}){{1,200}}{sign})+", letters, field)
    return re.sub(rf"{sign}([A-Z.][^{sign}\r\n]{{0,400}}){sign}", undone, field)
