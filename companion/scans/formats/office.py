"""Office documents: DOCX, XLSX, PPTX, ODT and their like, and the old ones before them."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats.embedded import letters_in, read_picture
from companion.scans.formats.escapes import undo
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
from companion.scans.work import Work, did

_ENDINGS = frozenset(["docx", "docm", "xlsx", "xlsm", "pptx", "pptm", "odt", "ods", "odp", "odg"])
_FIRST = (b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"content.xml", b"META-INF/")
_ODF = b"application/vnd.oasis.opendocument"
MAX_PART = 4_000_000
"""Bytes that are unpacked of one part of an office document."""
_MOST_PARTS = 1_000
_QUIET_PARTS = re.compile(
    r"(?:.*/)?(?:theme|_?printerSettings|Configurations2|ctrlProps|activeX)/.*"
    r"|(?:word|xl)/(?:.*/)?(?:styles|stylesWithEffects|fontTable|webSettings|calcChain|metadata)\.xml"
    r"|ppt/(?:presProps|viewProps|tableStyles|revisionInfo)\.xml|(?:.*/)?(?:colors|style)\d+\.xml"
    r"|\[Content_Types\]\.xml|settings\.xml|manifest\.rdf|META-INF/manifest\.xml|customXml/itemProps.*"
)
"""Parts of XML that say how a document looks; all others are read."""
_DETAILS = re.compile(r"docProps/\w+\.xml|meta\.xml")
_SHEETS = re.compile(r"xl/(?:work|chart|dialog|macro)sheets/[^/]+\.xml")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = re.compile(r".*\.rels")
_BINARY = re.compile(
    r"xl/(?:.*/)?(?:sheet\d*|sharedStrings|workbook|comments\d*)\.bin|.*vbaProject\.bin"
)
"""Parts whose own format is not read."""
_SHARED = "xl/sharedStrings.xml"
_PICTURES = re.compile(r"(?:word|xl|ppt)/media/.+|Pictures/.+", re.IGNORECASE)
_FILES = re.compile(r"(?:word|xl|ppt)/embeddings/.+|ObjectReplacements/.+|customXml/item\d+\.xml")
_FURNITURE = re.compile(
    r".*/|.*\.(?:rels|xml|bin|vml|rdf|fntdata|odttf|ttf|xsl|emf|wmf)|mimetype|Thumbnails/.*|layout-cache"
    r"|docProps/thumbnail.*",
    re.IGNORECASE,
)
"""Parts that say how a document looks; what is none of the above was put in by somebody."""
_SAYING = frozenset(
    ["author", "initials", "descr", "title", "displayname", "name", "userid", "creator", "value",
     "string-value", "date-value", "href", "tooltip", "screentip", "string", "connectionstring",
     "sourcename", "command", "docvar.val", "tag.val", "alias.val", "query.val", "s.v",
     "connectstring.val", "lvltext.val", "placeholder.val", "statustext.val", "helptext.val",
     "tag.name", "prompt", "prompttitle"]
)  # fmt: skip
"""Attributes that somebody wrote, some only of one element; the others say how it looks."""
_LINKED = re.compile(
    r"<Relationship\b(?=[^<>]{1,2000}TargetMode=[\"']External)[^<>]{1,2000}?\bTarget=[\"']([^\"']{1,2000})"
)
"""What stands outside the document: a page, an address, its template on somebody's drive."""
_SHAPE, _SHAPE_ENDS = "<p:sp>", "</p:sp>"
_PROMPT = re.compile(r"<p:ph(?![^<>]{0,200}type=\"(?:ftr|hdr)\")")
"""Of a master, what stands where something is to be written."""
_SHOWN_CELLS = re.compile(r"<c:f>[^<]*</c:f>")
"""Of a chart, where in a sheet its numbers stand."""
_CERTIFICATE = re.compile(
    r"<(?:\w+:)?(DigestValue|SignatureValue|X509Certificate|Modulus|Exponent|EncapsulatedTimeStamp"
    r"|\w+Image)\b[^<]*<"
)
"""Of a signature, what is no text."""
# Programs cut a word in two where its spelling was checked or a letter was typed later.
_BETWEEN_RUNS = re.compile(
    r"</([wa]):t></\1:r>(?:<(?!/?\1:(?:p|t|tc|tr|tab|ptab|br|cr|sym|noBreakHyphen)\b)[^<>]{1,400}>\s*)"
    r"{0,40}?<\1:t(?:\s[^<>]{0,100})?>"
)
_BETWEEN_SPANS = re.compile(r"</?text:span(?:\s[^<>]{0,300})?>")
_FIELD = re.compile(r"<(?:\w+:)?([\w-]{2,40})(?:\s[^>]{0,400})?>([^<]{1,2000})</")
_OWN_FIELD = re.compile(
    r"<(?:\w+:)?(?:property|user-defined)\s[^<>]{0,400}?\bname=[\"']([^\"'<>]{1,200})[\"'][^<>]{0,400}>"
    r"\s{0,20}(?:<vt:\w+>)?([^<]{1,2000})<"
)
"""A property that somebody named himself (OOXML part 1, 22.3; ODF 1.3 part 3, 4.3.3)."""


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
            if inside.is_late:
                yield NOTE, Note.DOCUMENT_CUT
                return
            if _PICTURES.fullmatch(name):
                pictures.append(entry)
            elif _DETAILS.fullmatch(name):
                yield "document details", _fields(decode(_part(parts, entry)))
            elif name == _SHARED:
                sheets.add_shared(decode(_part(parts, entry)))
            elif _SHEETS.fullmatch(name):
                sheets.add_sheet(decode(_part(parts, entry)))
            elif name == _WORKBOOK:
                sheets.add_book(decode(_part(parts, entry)))
            elif _RELATIONS.fullmatch(name):
                links = _LINKED.findall(decode(_part(parts, entry)))
                yield "link", undo("\n".join(map(unescape, links[:_MOST_PARTS])))
            elif _FILES.fullmatch(name) or not _FURNITURE.fullmatch(name):
                yield from inside.read("inside the document", name, _part(parts, entry))
            elif _BINARY.fullmatch(name):
                yield NOTE, Note.PART_NOT_CHECKED
                yield from ((LOOSE, run) for run in text_runs(_part(parts, entry)))
            elif name.endswith(".xml") and not _QUIET_PARTS.fullmatch(name):
                for _, text in read_markup(
                    _readable(name, decode(_part(parts, entry))), only=_SAYING
                ):
                    letters += letters_in(text)
                    yield "text", text
        for text in sheets.rows():
            letters += letters_in(text)
            yield "text", text
        if sheets.is_cut:
            yield NOTE, Note.DOCUMENT_CUT
        for entry in pictures:
            yield from read_picture("picture", _part(parts, entry), letters, inside)


def _readable(name: str, text: str) -> str:
    """A part of XML without what is no text of somebody's."""
    if name.startswith(
        ("ppt/slideMasters/", "ppt/slideLayouts/", "ppt/notesMasters/", "ppt/handout")
    ):
        text = _without_prompts(text)
    if "ignatures" in name:
        text = _CERTIFICATE.sub("<", text)
    return _joined(_SHOWN_CELLS.sub("", text))


def _without_prompts(text: str) -> str:
    kept = text.split(_SHAPE)
    for number, shape in enumerate(kept[1:], start=1):
        inner, _, behind = shape.partition(_SHAPE_ENDS)
        kept[number] = behind if _PROMPT.search(inner) else shape
    return " ".join(kept)


def _joined(text: str) -> str:
    """A part without what stands between two runs of one paragraph."""
    return _BETWEEN_SPANS.sub("", _BETWEEN_RUNS.sub("", text))


def _part(parts: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with parts.open(entry) as part:
        data = part.read(MAX_PART)
    did(Work.LETTER, len(data))
    return data


def _fields(text: str) -> str:
    """Each property of a document behind its name."""
    own = _OWN_FIELD.findall(text)
    rest = _OWN_FIELD.sub("<", text) if own else text
    return "\n".join(
        f"{name}: {unescape(value).strip()}" for name, value in own + _FIELD.findall(rest)
    )


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
