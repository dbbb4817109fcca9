"""Office documents: DOCX, XLSX, PPTX, ODT and their like, and the old ones before them."""

from __future__ import annotations

import io
import re
import zipfile

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats.embedded import letters_in, read_picture
from companion.scans.formats.markup import read_markup
from companion.scans.formats.plain_text import DOCUMENT_ENDINGS, decode
from companion.scans.formats.registry import (
    LOOSE,
    NOTE,
    Inside,
    Passages,
    PasswordError,
    Rank,
    document_format,
)
from companion.scans.formats.strings import text_runs
from companion.scans.formats.worksheets import Worksheets

_ENDINGS = frozenset(["docx", "docm", "xlsx", "xlsm", "pptx", "pptm", "odt", "ods", "odp", "odg"])
_FIRST = (b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"content.xml", b"META-INF/")
_ODF = b"application/vnd.oasis.opendocument"
MAX_PART = 4_000_000
"""Bytes that are unpacked of one part of an office document."""
_MOST_PARTS = 1_000
_TEXTS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments\w*|people)\d*\.xml"
    r"|word/glossary/document\.xml|xl/(?:comments|threadedComments/\w+|persons/\w+"
    r"|drawings/\w+|tables/\w+)\d*\.xml"
    r"|ppt/(?:slides|notesSlides|comments|diagrams|charts)/\w+\.xml|ppt/commentAuthors\.xml"
    r"|(?:Object \d+/)?content\.xml|styles\.xml"
)
_DETAILS = re.compile(r"docProps/\w+\.xml|meta\.xml")
_SHEETS = re.compile(r"xl/worksheets/sheet\d+\.xml")
_SHARED = "xl/sharedStrings.xml"
_PICTURES = re.compile(r"(?:word|xl|ppt)/media/.+|Pictures/.+", re.IGNORECASE)
_FILES = re.compile(r"(?:word|xl|ppt)/embeddings/.+|ObjectReplacements/.+|customXml/item\d+\.xml")
_FURNITURE = re.compile(
    r".*/|.*\.(?:rels|xml|bin|vml|rdf|fntdata|odttf|ttf|xsl|emf|wmf)|mimetype|Thumbnails/.*"
    r"|docProps/thumbnail.*",
    re.IGNORECASE,
)
"""Parts that say how a document looks; what is none of the above was put in by somebody."""
_SAYING = frozenset(
    ["author", "initials", "descr", "title", "displayname", "name", "userid", "creator", "value",
     "string-value", "date-value", "href"]
)  # fmt: skip
"""Attributes that somebody wrote; the others say how a document looks."""
# Programs cut a word in two where its spelling was checked or a letter was typed later.
_BETWEEN_RUNS = re.compile(
    r"</([wa]):t></\1:r>(?:<(?!/?\1:(?:p|t|tc|tr|tab|ptab|br|cr|sym|noBreakHyphen)\b)[^<>]{1,400}>\s*)"
    r"{0,40}?<\1:t(?:\s[^<>]{0,100})?>"
)
_BETWEEN_SPANS = re.compile(r"</?text:span(?:\s[^<>]{0,300})?>")
_FIELD = re.compile(r"<(?:\w+:)?([\w-]{2,40})(?:\s[^>]{0,400})?>([^<]{1,2000})</")


def is_office(data: bytes, name: str = "") -> bool:
    """Whether a ZIP begins that is an office document, by its first entry.

    One that begins with another entry than usual is known by the ending of its ``name``.
    """
    data = bytes(data[:4096])  # it may be a map of a file
    if not data.startswith(signatures.ZIP_ENTRY_SIGNATURE):
        return False
    first = data[30 : 30 + int.from_bytes(data[26:28], "little")]
    if first == b"[Content_Types].xml":
        return True
    if first == b"mimetype":
        return _ODF in data[38:120]
    known = name.rsplit(".", 1)[-1].lower() in _ENDINGS or b"[Content_Types].xml" in data
    return known and first.startswith(_FIRST)


@document_format("office document", Kind.DOCUMENT, fits=is_office)
def read(data: bytes, inside: Inside) -> Passages:
    """The text of its parts. ``PasswordError`` where they are encrypted."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        entries = parts.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise PasswordError
        if len(entries) > _MOST_PARTS or any(
            entry.file_size > MAX_PART for entry in entries if entry.filename.endswith(".xml")
        ):
            yield NOTE, Note.DOCUMENT_CUT
        letters = 0
        sheets = Worksheets()
        pictures: list[zipfile.ZipInfo] = []
        for entry in entries[:_MOST_PARTS]:
            name = entry.filename
            if _PICTURES.fullmatch(name):
                pictures.append(entry)
            elif _DETAILS.fullmatch(name):
                yield "document details", _fields(decode(_part(parts, entry)))
            elif name == _SHARED:
                sheets.add_shared(decode(_part(parts, entry)))
            elif _SHEETS.fullmatch(name):
                sheets.add_sheet(decode(_part(parts, entry)))
            elif _TEXTS.fullmatch(name):
                for _, text in read_markup(_joined(decode(_part(parts, entry))), only=_SAYING):
                    letters += letters_in(text)
                    yield "text", text
            elif _FILES.fullmatch(name) or not _FURNITURE.fullmatch(name):
                yield from inside.read("inside the document", name, _part(parts, entry))
        for text in sheets.rows():
            letters += letters_in(text)
            yield "text", text
        for entry in pictures:
            yield from read_picture("picture", _part(parts, entry), letters, inside)


def _joined(text: str) -> str:
    """A part without what stands between two runs of one paragraph."""
    return _BETWEEN_SPANS.sub("", _BETWEEN_RUNS.sub("", text))


def _part(parts: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with parts.open(entry) as part:
        return part.read(MAX_PART)


def _fields(text: str) -> str:
    """Each property of a document behind its name."""
    return "\n".join(f"{name}: {value.strip()}" for name, value in _FIELD.findall(text))


@document_format(
    "old office document",
    Kind.DOCUMENT,
    fits=signatures.OLE.fits,
    endings=DOCUMENT_ENDINGS,
    needs_both=True,
)
@document_format("other compound file", Kind.OTHER, fits=signatures.OLE.fits, rank=Rank.WRAP)
def read_old(data: bytes, _inside: Inside) -> Passages:
    """The loose text of an old office document, which is not read by its format."""
    yield from ((LOOSE, run) for run in text_runs(data))
    yield NOTE, Note.TEXT_ONLY
