"""Files that are not DICOM: what kind they are, and the text that they hold.

``sniff`` names the kind by the bytes, the file's name only where bytes say nothing.
``read`` yields pairs of a label ("PDF title") and a text. Nothing is ever run, opened
by name or fetched, no XML entity is expanded, no pixel decoded. A parser may fail on a
damaged file: the caller runs ``read`` apart from itself and says "could not be checked".
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from html import unescape

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats import code_pages, images, sqlite_tables
from companion.scans.formats.strings import is_text, text_runs

MAX_TEXT = 2_000_000
"""Characters that are read of one document."""
MAX_PAGES = 200
"""Pages that are read of one PDF."""
MAX_PART = 4_000_000
"""Bytes that are unpacked of one part of an office document."""
MAX_TAG = 8_000
"""Characters of one tag of HTML or XML."""
MAX_PACKED = 100
"""Files that are read of an archive inside a scan."""
_PASSAGE = 4_000
"""Characters of one passage."""

NOTE = "note"
"""Label of what is not a text but a ``findings.Note``."""
RAW = "text inside the file"
"""Label of loose text in a file whose format is not read."""
LOOSE = "loose text"
"""Label of such text in a document, which was written by somebody."""
DATABASE = "database table"
"""How the label of a table begins."""

_KINDS = {
    signatures.PE: Kind.PROGRAM,
    signatures.ELF: Kind.PROGRAM,
    signatures.MACH_O: Kind.PROGRAM,
    signatures.MACH_O_BIG_ENDIAN: Kind.PROGRAM,
    signatures.SCRIPT: Kind.PROGRAM,
    signatures.SQLITE: Kind.PROGRAM,
    signatures.ACCESS: Kind.PROGRAM,
    signatures.ZIP: Kind.ARCHIVE,
    signatures.GZIP: Kind.ARCHIVE,
    signatures.BZIP2: Kind.ARCHIVE,
    signatures.XZ: Kind.ARCHIVE,
    signatures.SEVEN_ZIP: Kind.ARCHIVE,
    signatures.RAR: Kind.ARCHIVE,
    signatures.RTF: Kind.DOCUMENT,
    signatures.HL7: Kind.DOCUMENT,
    signatures.TAR: Kind.ARCHIVE,
    signatures.ISO_9660: Kind.ARCHIVE,
}
_PROGRAM_ENDINGS = """
exe dll com bat cmd msi inf ini sh js vbs jar class so dylib app sys ocx cab pl py ps1 lnk
db sqlite sqlite3 mdb accdb
"""
_DOCUMENT_ENDINGS = """
txt htm html xhtml xml hl7 cda csv tsv json rtf md log doc docx odt xls xlsx ods ppt pptx css
xsl xslt
"""
_BREAKING_TAGS = "p div br tr li h1 h2 h3 h4 table title w:p text:p"
_QUIET = "xmlns href src style class type rel lang width"
"""Attributes that say nothing about a person."""
_PROGRAMS = frozenset(_PROGRAM_ENDINGS.split())
_DOCUMENTS = frozenset(_DOCUMENT_ENDINGS.split())
_OFFICE_PARTS = re.compile(
    r"(?:word/[\w-]+\.xml|docProps/\w+\.xml|xl/sharedStrings\.xml|xl/comments\d*\.xml"
    r"|ppt/slides/slide\d+\.xml|content\.xml|meta\.xml)"
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9_.-]{2,40})")
_META_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_.-]{2,40})")


class PasswordError(Exception):
    """A document that opens only with a password."""


def sniff(name: str, data: bytes) -> Kind:
    """The kind of a file; ``data`` may be its beginning."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if signatures.DICOM.fits(data):
        return Kind.DICOM
    if signatures.has_pdf_header(data):
        return Kind.PDF
    if images.is_picture(data):
        return Kind.IMAGE
    if _begins_with_entry(data) and (b"[Content_Types].xml" in data[:4096] or _is_odf(data)):
        return Kind.DOCUMENT
    found = signatures.first_fit(data, _KINDS)
    if found is not None:
        return _KINDS[found]
    if signatures.OLE.fits(data):
        return Kind.DOCUMENT if ending in _DOCUMENTS else Kind.OTHER
    if ending in _PROGRAMS:
        return Kind.PROGRAM
    if ending in _DOCUMENTS or _looks_like_markup(data) or is_text(_whole_text(data[:4096])):
        return Kind.DOCUMENT
    return Kind.OTHER


def read(kind: Kind, data: bytes) -> Iterator[tuple[str, str]]:
    """Label and text of everything readable in a file of this kind.

    The label ``NOTE`` comes with a code that says what could not be read of it.
    ``PasswordError`` for a document that opens only with a password; other errors of a
    damaged file come through.
    """
    left = MAX_TEXT
    for label, text in _read(kind, data):
        if label == NOTE:
            yield label, text
            continue
        clean = text.replace("\0", "").strip()
        for start in range(0, min(len(clean), left), _PASSAGE):
            yield label, clean[start : start + _PASSAGE]
        left -= len(clean)
        if left < 0:
            yield NOTE, Note.DOCUMENT_CUT
            return


def _read(kind: Kind, data: bytes) -> Iterator[tuple[str, str]]:
    if kind is Kind.PDF or signatures.has_pdf_header(data):
        yield from _read_pdf(data)
    elif kind is Kind.IMAGE:
        yield from images.read(data)
    elif kind is Kind.DOCUMENT and _begins_with_entry(data):
        yield from _read_office(data)
    elif signatures.SQLITE.fits(data):
        yield from _read_database(data)
    elif signatures.OLE.fits(data):
        yield from ((LOOSE, run) for run in text_runs(data))
        yield NOTE, Note.TEXT_ONLY
    elif kind is Kind.ARCHIVE:
        yield from _read_packed(data)
    elif kind is Kind.PROGRAM:
        if is_text(_whole_text(data)):
            yield RAW, decode(data)
        else:
            yield from ((RAW, run) for run in text_runs(data))
            yield NOTE, Note.TEXT_ONLY
    elif signatures.RTF.fits(data):
        yield "text", _rtf_text(decode(data))
    elif _looks_like_markup(data):
        yield from _read_markup(decode(data))
    elif is_model(data):
        yield from _read_model(data)
    elif is_text(_whole_text(data)) or b"\0" not in data[:4096] or _has_mark(data):
        yield "text", decode(data)
    else:
        yield from ((RAW, run) for run in text_runs(data))


def decode(data: bytes) -> str:
    """Text of unknown encoding: by byte order mark, declaration, UTF-8, else what fits best."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _DECLARED.search(data[:300]) or _META_CHARSET.search(data[:2048])
    names = [declared[1].decode("ascii")] if declared else []
    for encoding in [*names, "utf-8"]:
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode(code_pages.guess_of_text(data) or "cp1252", "replace")


def is_model(data: bytes) -> bool:
    """Whether the bytes are a 3-D model: STL, as text or binary, or OBJ."""
    if data.startswith(b"solid ") or re.match(rb"(?:#[^\n]*\n\s*)*(?:v|o|mtllib) ", data[:2048]):
        return True
    return len(data) >= 84 and len(data) == 84 + 50 * int.from_bytes(data[80:84], "little")


def _read_database(data: bytes) -> Iterator[tuple[str, str]]:
    """A database's tables, and loose text for what was deleted from them."""
    try:
        for table, text in sqlite_tables.read(data):
            yield f"{DATABASE} {table[:60]}", text
    except sqlite_tables.UnfinishedError:
        yield NOTE, Note.TEXT_ONLY
    yield from ((RAW, run) for run in text_runs(data))


def _read_packed(data: bytes) -> Iterator[tuple[str, str]]:
    """What an archive inside a scan holds, as far as it can be opened simply."""
    parts: list[tuple[str, bytes]] = []
    if signatures.GZIP.fits(data):
        with suppress(zlib.error):
            parts.append(("", zlib.decompressobj(31).decompress(data, MAX_PART)))
    elif data.startswith(b"PK"):
        with suppress(zipfile.BadZipFile, zlib.error), zipfile.ZipFile(io.BytesIO(data)) as packed:
            for entry in packed.infolist()[:MAX_PACKED]:
                yield "name of a packed file", entry.filename
                plain = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
                if plain and not entry.flag_bits & 1:
                    with packed.open(entry) as opened:
                        parts.append((entry.filename, opened.read(MAX_PART)))
    for name, part in parts:
        kind = sniff(name, part)
        if kind is not Kind.ARCHIVE:
            yield from _read(kind, part)
    yield from ((LOOSE, run) for run in text_runs(data))


def _read_pdf(data: bytes) -> Iterator[tuple[str, str]]:
    from pypdf import PdfReader
    from pypdf.generic import StreamObject

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise PasswordError
    for key, value in (reader.metadata or {}).items():
        if isinstance(value, str) and value.strip():
            yield f"PDF {str(key).strip('/').lower()}", value
    if reader.xmp_metadata is not None:
        stream = reader.root_object["/Metadata"].get_object()
        packet = stream.get_data() if isinstance(stream, StreamObject) else b""
        yield from (("PDF XMP", text) for _, text in _read_markup(decode(packet)))
    for attachment in reader.attachment_list:
        yield "PDF attachment", str(attachment.name)
    for number, page in enumerate(reader.pages):
        if number >= MAX_PAGES:
            yield NOTE, Note.DOCUMENT_CUT
            return
        yield "PDF text", page.extract_text() or ""
        for annotation in page.get("/Annots", None) or ():
            entry = annotation.get_object()
            for key in ("/Contents", "/T", "/V"):
                text = entry.get(key)
                if isinstance(text, str) and text.strip():
                    yield "PDF note or form field", text


def _read_office(data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if any(entry.flag_bits & 1 for entry in parts.infolist()):
            raise PasswordError
        for entry in parts.infolist()[:500]:
            if _OFFICE_PARTS.fullmatch(entry.filename):
                with parts.open(entry) as part:
                    text = decode(part.read(MAX_PART))
                about = "document details" if "meta" in entry.filename.lower() else "text"
                if entry.filename.startswith("docProps"):
                    about = "document details"
                yield from ((about, found) for _, found in _read_markup(text))


_BREAKS = frozenset(_BREAKING_TAGS.split())
_QUIET_ATTRIBUTES = frozenset(_QUIET.split())
_TAG_NAME = re.compile(r"/?([a-z][\w:.-]{0,60})", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([\w:.-]{1,100})[ \t\r\n]{0,20}=[ \t\r\n]{0,20}"
    r"(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|([^\s\"'>]{1,2000}))"
)


def _read_markup(text: str) -> Iterator[tuple[str, str]]:
    """Text, attributes and comments of HTML or XML, in one pass that never goes back."""
    words: list[str] = []
    attributes: list[str] = []
    comments: list[str] = []
    for kind, part in _split_markup(text[: MAX_TEXT * 2]):
        if kind == "text":
            if part.strip():
                words.append(unescape(part.strip("\r\n\t")))
        elif kind == "comment":
            comments.append(part.strip())
        elif name := _TAG_NAME.match(part):
            if name[1].lower() in _BREAKS:
                words.append("\n")
            for key, *values in _ATTRIBUTE.findall(part, name.end()):
                value = "".join(values)
                if len(value) > 1 and key.lower().split(":")[0] not in _QUIET_ATTRIBUTES:
                    attributes.append(unescape(value))
    for label, found in (("text", words), ("attributes", attributes), ("comments", comments)):
        joined = re.sub(r" *\n[ \n]*", "\n", " ".join(found)).strip()
        if joined:
            yield label, joined


def _split_markup(text: str) -> Iterator[tuple[str, str]]:
    """``text``, ``comment`` and ``tag`` parts; what is never closed is text."""
    at = closing = 0
    while at < len(text):
        opening = text.find("<", at)
        if opening < 0:
            break
        yield "text", text[at:opening]
        for start, end, kind in (("<!--", "-->", "comment"), ("<![CDATA[", "]]>", "text")):
            if text.startswith(start, opening):
                inside = opening + len(start)
                until = text.find(end, inside)
                until = len(text) if until < 0 else until
                yield kind, text[inside:until]
                at = until + len(end)
                break
        else:
            if closing <= opening:
                closing = text.find(">", opening)
            following = text.find("<", opening + 1, opening + MAX_TAG)
            if closing < 0:
                break
            if closing - opening > MAX_TAG or 0 <= following < closing:
                yield "text", "<"
                at = opening + 1
            else:
                yield "tag", text[opening + 1 : closing]
                at = closing + 1
    yield "text", text[at:]


def _read_model(data: bytes) -> Iterator[tuple[str, str]]:
    if len(data) >= 84 and len(data) == 84 + 50 * int.from_bytes(data[80:84], "little"):
        yield "3-D model header", data[:80].decode("ascii", "replace").strip("\0 ")
        return
    for line in decode(data[:MAX_TEXT]).splitlines():
        if line.startswith(("solid ", "endsolid ", "# ", "o ", "g ", "mtllib ")):
            yield "3-D model header", line.partition(" ")[2]


def _rtf_text(text: str) -> str:
    text = re.sub(r"\\'([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"\\par[d]?\b ?", "\n", text)
    return re.sub(r"\\[a-z]{1,32}-?\d* ?|[{}]", "", text)


def _looks_like_markup(data: bytes) -> bool:
    head = data[:512].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    return head.startswith((b"<?xml", b"<!doctype", b"<html", b"<!--")) or bool(
        re.match(rb"<[a-z][\w:.-]{0,40}[\s/>]", head)
    )


def _has_mark(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff"))


def _whole_text(data: bytes) -> bytes:
    """``data`` without a character that was cut in two at its end."""
    if _has_mark(data):
        return decode(data).encode("utf-8", "replace")
    for cut in range(4):
        try:
            (data[:-cut] if cut else data).decode("utf-8")
            return data[:-cut] if cut else data
        except UnicodeDecodeError:
            continue
    return data


def _begins_with_entry(data: bytes) -> bool:
    """Whether a ZIP begins that is not empty."""
    return data.startswith(signatures.ZIP_ENTRY_SIGNATURE)


def _is_odf(data: bytes) -> bool:
    return b"mimetypeapplication/vnd.oasis.opendocument" in data[:120]
