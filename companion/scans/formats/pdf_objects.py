"""The objects of a PDF: what they say beside its pages, and what is attached to it.

Every object is looked at, whether anything refers to it or not: a form field without a
place on a page, a bookmark, a layer's name, a note's rich text, what was unlinked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from companion.scans.formats.escapes import undo
from companion.scans.formats.markup import read_markup
from companion.scans.formats.registry import Inside, Passages
from companion.scans.work import Work, did

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import StreamObject

MOST_ATTACHMENTS = 60
"""Attachments that are read of one PDF."""
_MOST_OBJECTS = 20_000
_MOST_TEXTS = 5_000
_DEEPEST = 20
"""Objects inside each other without a reference."""
_MOST_NAMES = 2_000
"""Entries that are looked at in one array or table of names."""
_SHARE = 0.5
"""Part of a document's time that its objects may take before its pages are read."""

_LABELS = {
    "/Contents": "PDF note", "/RC": "PDF note", "/Subj": "PDF note", "/TU": "PDF form field",
    "/V": "PDF form field", "/DV": "PDF form field", "/T": "PDF note or form field",
    "/Opt": "PDF form field", "/CA": "PDF form field", "/Alt": "PDF description",
    "/ActualText": "PDF description", "/E": "PDF description", "/URI": "PDF link",
    "/Reason": "PDF signature", "/Location": "PDF signature", "/ContactInfo": "PDF signature",
    "/Name": "PDF layer or signature", "/P": "PDF page label", "/Title": "PDF bookmark",
    "/Desc": "PDF attachment name", "/UF": "PDF attachment name", "/F": "PDF attachment name",
    "/JS": "PDF script", "/Metadata": "PDF XMP",
}  # fmt: skip
"""What a text is, by the key under which it stands (ISO 32000-2, 12 and 14)."""
_OTHER = "PDF name or place"
"""Label of other texts: names of places in the document, for the most part."""
_TELLING = re.compile(r"[^\W\d_]{3}|\d{5}")
_CHOICE = re.compile(
    r"(?:yes|off|on|no|true|false|ja|nein|oui|non|s[ií]|choice|option)[ _]?\d{0,4}", re.IGNORECASE
)
"""What programs call the choices of a field."""
_QUIET = frozenset({
    "/ID", "/DA", "/CreationDate", "/ModDate", "/M", "/Lang", "/DS", "/O", "/U", "/OE", "/UE",
    "/Perms", "/Registry", "/Ordering", "/CharSet", "/OutputCondition", "/RegistryName",
    "/OutputConditionIdentifier", "/Panose", "/Lookup", "/Producer", "/Creator", "/CheckSum",
    "/Info", "/PTEX.Fullbanner", "/PTEX.FileName",
})  # fmt: skip
"""Keys of what says how the file is written and shown, or is said as metadata."""
_NOT_ENTERED = frozenset(
    {"/ID", "/Parent", "/Prev", "/Next", "/Contents", "/Filter", "/DecodeParms"}
)


class PdfObjects:
    """All objects of one PDF, each looked at once."""

    def __init__(self, reader: PdfReader, inside: Inside, share: float = _SHARE) -> None:
        """``share``: part of the document's time after which no further object is opened."""
        self._share = share
        self._reader = reader
        self._inside = inside
        self.is_cut = False
        """Whether there were more objects or texts than are looked at."""

    def texts(self) -> Passages:
        """Texts with a label by what they are."""
        seen: set[tuple[str, str]] = set()
        for one in self._objects():
            for key, value in (*_strings(one), *_fields(one)):
                label = _LABELS.get(key, _OTHER)
                for text in _plain(key, value):
                    if label == _OTHER and not _TELLING.search(text):
                        continue
                    if (label, text) not in seen:
                        seen.add((label, text))
                        yield label, text
            if len(seen) >= _MOST_TEXTS:
                self.is_cut = True
                return

    def all(self) -> Iterator[Any]:
        """Every dictionary, stream and array."""
        yield from self._objects()

    def private_streams(self) -> Iterator[StreamObject]:
        """Streams below the tables in which programs keep what is theirs, each once."""
        from pypdf.generic import StreamObject

        seen: set[int] = set()
        for one in self._objects():
            if not isinstance(one, dict) or "/PieceInfo" not in one:
                continue
            waiting = [one["/PieceInfo"]]
            while waiting and len(seen) < _MOST_NAMES:
                part = waiting.pop()
                part = part.get_object() if hasattr(part, "get_object") else part
                if id(part) in seen or not isinstance(part, (dict, list)):
                    continue
                seen.add(id(part))
                if isinstance(part, StreamObject):
                    yield part
                waiting += list(part.values() if isinstance(part, dict) else part)[:_MOST_NAMES]

    def attachments(self) -> Iterator[tuple[list[str], StreamObject]]:
        """Names and contents of embedded files."""
        from pypdf.generic import StreamObject

        seen: set[int] = set()
        for one in self._objects():
            files = one.get("/EF") if isinstance(one, dict) else None
            files = files.get_object() if files is not None else None
            if isinstance(files, dict):
                names = [
                    name
                    for key in ("/UF", "/F")
                    if isinstance(name := one.get(key), str) and name.strip()
                ]
                streams = list(files.values())
            elif isinstance(one, StreamObject) and one.get("/Type") == "/EmbeddedFile":
                names, streams = [], [one]
            else:
                continue
            for stream in streams:
                opened = stream.get_object()
                if isinstance(opened, StreamObject) and id(opened) not in seen:
                    seen.add(id(opened))
                    yield list(dict.fromkeys(names)), opened

    def _objects(self) -> Iterator[Any]:
        """Dictionaries, streams and arrays; filespecs before the files that they name."""
        from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

        late: list[Any] = []
        numbers = {
            (number, generation)
            for generation, table in self._reader.xref.items()
            for number in table
        }
        numbers |= {(number, 0) for number in self._reader.xref_objStm}
        self.is_cut = self.is_cut or len(numbers) > _MOST_OBJECTS
        for number, generation in sorted(numbers)[:_MOST_OBJECTS]:
            if self._inside.spent > self._share:
                self.is_cut = True
                break
            did(Work.PART)
            try:
                whole = self._reader.get_object(IndirectObject(number, generation, self._reader))
            except Exception:  # noqa: BLE001, S112 - one damaged object does not hide the others
                continue
            stack: list[tuple[Any, int]] = [(whole, 0)]
            while stack:
                one, depth = stack.pop()
                if isinstance(one, dict) and one.get("/Type") == "/EmbeddedFile":
                    late.append(one)
                    continue
                if isinstance(one, (DictionaryObject, ArrayObject)):
                    yield one
                    if depth < _DEEPEST:
                        parts = (
                            [part for key, part in one.items() if key not in _NOT_ENTERED]
                            if isinstance(one, dict)
                            else list(one)
                        )
                        stack += [(part, depth + 1) for part in reversed(parts[:_MOST_NAMES])]
        yield from late


def _strings(one: Any) -> Iterator[tuple[str, Any]]:
    """Keys and texts of a dictionary; the texts of an array, and names of places."""
    from pypdf.generic import NameObject, StreamObject

    if isinstance(one, dict):
        if one.get("/Type") in ("/XRef", "/ObjStm", "/Font", "/FontDescriptor"):
            return
        if isinstance(one, StreamObject) and one.get("/Type") == "/Metadata":
            # A page, a picture or a font may have one of its own (ISO 32000-2, 14.3.2).
            with suppress(Exception):  # damaged, or it unpacks to more than is allowed
                yield "/Metadata", one.get_data()
        for key, value in one.items():
            if key in _QUIET:
                continue
            if key == "/Dests" and _is_table_of_places(places := value.get_object()):
                yield from (("place", str(name).strip("/")) for name in list(places)[:_MOST_NAMES])
            elif key in ("/RC", "/Contents", "/V", "/JS") and _is_reference(value):
                value = value.get_object()
                if isinstance(value, StreamObject) and (key in ("/RC", "/JS") or "/FT" in one):
                    yield key, value.get_data()
                elif isinstance(value, (str, bytes)):
                    yield key, value
            elif isinstance(value, (str, bytes)) and not isinstance(value, NameObject):
                yield key, value
    elif isinstance(one, list) and one[:1] not in (["/Indexed"], ["/I"]):
        for value in one[:_MOST_NAMES]:
            if isinstance(value, (str, bytes)) and not isinstance(value, NameObject):
                yield "name", value


def _fields(one: Any) -> Iterator[tuple[str, str]]:
    """What was chosen or typed into a field, behind the field's name."""
    from pypdf.generic import NameObject

    if not isinstance(one, dict) or "/V" not in one:
        return
    with suppress(Exception):  # a value that is not there
        name, value = one.get("/T"), one["/V"]
        value = value.get_object() if _is_reference(value) else value
        if isinstance(value, NameObject):
            value = str(value).strip("/")
            if not _TELLING.search(value) or _CHOICE.fullmatch(value):
                return
            yield "/V", value
        if isinstance(name, str) and isinstance(value, str) and _TELLING.search(name):
            yield "/V", f"{name}: {value}"


def _is_table_of_places(value: Any) -> bool:
    """Whether places stand under their names themselves, as before the trees of PDF 1.2."""
    return isinstance(value, dict) and not {"/Kids", "/Names"} & set(value)


def _is_reference(value: Any) -> bool:
    from pypdf.generic import IndirectObject

    return isinstance(value, IndirectObject)


def _plain(key: str, value: str | bytes) -> Iterator[str]:
    """A text as it is read; rich text without its markup."""
    from companion.scans.formats.plain_text import decode

    if isinstance(value, bytes):
        if key not in ("/RC", "/JS", "/V", "/Metadata"):
            return  # bytes that are no text: check sums, identifiers
        value = decode(value)
        if key == "/Metadata":
            yield from filter(None, (text.strip() for _, text in read_markup(value)))
            return
    elif not value.isprintable() and not set(value) & set("\r\n\t"):
        return
    if key == "/RC" or value.lstrip()[:5].lower() in ("<?xml", "<body"):
        value = "\n".join(text for _, text in read_markup(value))
    if key in ("/JS", "/URI"):
        value = undo(value)
    if value.strip():
        yield value.strip()
