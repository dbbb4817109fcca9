"""Address cards and calendars: vCard (RFC 6350, and 2.1 before it) and iCalendar (RFC 5545)."""

from __future__ import annotations

import quopri
import re

from companion.scans.findings import Kind
from companion.scans.formats.embedded import from_base64, read_embedded
from companion.scans.formats.escapes import undo
from companion.scans.formats.json_text import OF_A_CARD
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import Inside, Passages, Rank, document_format

_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}BEGIN:(?:VCARD|VCALENDAR)", re.IGNORECASE)
_FOLDED = re.compile(rb"\r?\n[ \t]")
_SOFT = re.compile(rb"=[ \t]*\r?\n[ \t]?")
_CHARSET = re.compile(rb"charset=\"?([\w.-]{2,40})", re.IGNORECASE)
_ENCODING = re.compile(rb"(?:encoding=)?\"?(quoted-printable|base64|b)\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:CN|SENT-BY|X-FILENAME|FILENAME|SORT-AS|LABEL)=(\"[^\"]{2,200}\"|[^;:\"]{2,200})",
    re.IGNORECASE,
)
"""Parameters that hold words (RFC 5545, 3.2)."""
_LONGEST_HEAD = 500
"""Bytes of a property's name and parameters."""
_QUIET = frozenset({"begin", "end", "version", "prodid", "rev", "method", "calscale"})


@document_format(
    "address card",
    Kind.DOCUMENT,
    fits=lambda data: _BEGINS.match(data) is not None,
    endings="vcf vcard ics ical",
    rank=Rank.SHAPE,
)
def read(data: bytes, inside: Inside) -> Passages:
    """Each property behind its name, and the picture or file that a card holds."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = decode(data).encode()
    lines: list[str] = []
    files: list[bytes] = []
    if b"QUOTED-PRINTABLE" in data.upper():
        data = _SOFT.sub(b"", data)
    for raw in _FOLDED.sub(b"", data).splitlines():
        head, value = _parted(raw)
        if not head:
            if raw.strip():
                lines.append(decode(raw))
            continue
        first, _, parameters = head.partition(b";")
        name = first.rpartition(b".")[2].decode("ascii", "replace").lower()
        encoding = _ENCODING.search(parameters)
        if encoding and encoding[1].lower() != b"quoted-printable":
            files.append(from_base64(value.decode("ascii", "replace")))
        elif name not in _QUIET:
            if encoding:
                value = quopri.decodestring(value)
            text = _decoded(value, _CHARSET.search(parameters))
            lines.append(f"{OF_A_CARD.get(name, name)}: {_plain(text)}")
            lines += (undo(found) for found in _NAMED.findall(decode(parameters)))
    text = "\n".join(lines)
    yield "text", text
    for packed in files:
        yield from read_embedded("card", "", packed, len(text), inside)


def _parted(line: bytes) -> tuple[bytes, bytes]:
    """What stands before and behind the first colon that is not in quotes."""
    at = line.find(b":")
    while 0 < at < _LONGEST_HEAD:
        if line.count(b'"', 0, at) % 2 == 0:
            return line[:at], line[at + 1 :]
        at = line.find(b":", at + 1)
    return b"", line


def _decoded(value: bytes, charset: re.Match[bytes] | None) -> str:
    if charset:
        try:
            return value.decode(charset[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(value)


def _plain(text: str) -> str:
    """A value without its escapes; the empty parts of a name or address left out."""
    for code, sign in (("\\n", " "), ("\\N", " "), ("\\,", ","), ("\\;", ",")):
        text = text.replace(code, sign)
    return " ".join(part.strip() for part in text.split(";") if part.strip())
