"""What a PDF holds and no page shows: drawings that are not used, pages that were taken out,
data of programs, replacements of what is shown, bytes around the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from companion.scans.findings import Note
from companion.scans.formats.pdf_objects import PdfObjects
from companion.scans.formats.registry import LOOSE, NOTE, Inside, Passages
from companion.scans.formats.strings import is_text, text_runs
from companion.scans.work import Work, did

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_MOST_DRAWINGS = 300
_MOST_STREAMS = 200
_MOST_BYTES = 4 * 1024 * 1024
"""Bytes of programs' data that are read of one PDF."""
_SHARE = 0.8
"""Part of a document's time after which this is not looked for."""
_MARKED = re.compile(
    rb"/(?:ActualText|Alt|Contents|Title|Subject|Author|T)\s{0,4}"
    rb"(?:\(((?:\\.|[^\\()]){2,2000})\)|<([0-9A-Fa-f\s]{4,4000})>)",
    re.DOTALL,
)
"""Texts beside what is drawn (ISO 32000-2, 14.6 and 14.9)."""
_MOST_MARKED = 2_000
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\n": b""}
_TELLING = re.compile(r"[^\W\d_]{3}|\d{4}")
_END = b"%%EOF"
_LONGEST_AROUND = 1_000_000


def hidden(data: bytes, reader: PdfReader, inside: Inside, said: set[str]) -> Passages:
    """Texts that are in the file and that ``said`` does not have yet."""
    shown = words(said)

    def new(text: str) -> str:
        lines = [line for line in text.splitlines() if words([line]) - shown]
        shown.update(words(lines))
        return "\n".join(lines)

    objects = PdfObjects(reader, inside, _SHARE)
    for text in _not_drawn(reader, objects, inside):
        if found := new(text):
            yield "PDF text that is not shown", found
    yield from _data_of_programs(objects, inside)
    if objects.is_cut or inside.spent > _SHARE:
        yield NOTE, Note.DOCUMENT_CUT
    begin, end = data.find(b"%PDF-"), data.rfind(_END)
    around = data[:begin] + (data[end + len(_END) :] if end >= 0 else b"")
    if around.strip(b"\0 \r\n\t"):
        yield from ((LOOSE, run) for run in text_runs(around[:_LONGEST_AROUND]))


def words(texts: Iterable[str]) -> set[str]:
    """All words of texts."""
    return {word for text in texts for word in text.split()}


def beside_the_letters(page: PageObject, text: str) -> Iterator[str]:
    """What a page says in place of what it draws, or of it, and not in its ``text``."""
    contents = page.get_contents()
    data = contents.get_data() if contents is not None else b""
    if b"BDC" not in data and b" DP" not in data:
        return
    shown = "".join(text.split())
    for number, found in enumerate(_MARKED.finditer(data)):
        if number >= _MOST_MARKED:
            return
        plain = _letters(found[1], found[2])
        if _TELLING.search(plain) and "".join(plain.split()) not in shown:
            yield plain


def _letters(written: bytes | None, coded: bytes | None) -> str:
    if written is not None:
        raw = _ESCAPE.sub(_undone, written)
    else:
        digits = b"".join((coded or b"").split())
        raw = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    for mark, codec in ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le")):
        if raw.startswith(mark):
            return raw[2:].decode(codec, "replace")
    return raw.removeprefix(b"\xef\xbb\xbf").decode(
        "utf-8" if raw[:1] == b"\xef" else "cp1252", "replace"
    )


def _undone(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code.isdigit():
        return bytes([int(code, 8) & 0xFF])
    return _ESCAPED.get(code, code)


def _not_drawn(reader: PdfReader, objects: PdfObjects, inside: Inside) -> Iterator[str]:
    """The text of drawings, whether a page shows them or not, and of pages outside the tree."""
    from pypdf import PageObject
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    pages = list(reader.pages)
    known = {page.indirect_reference.idnum for page in pages if page.indirect_reference}
    canvas = pages[0] if pages else None
    count = 0
    for one in objects.all():
        if count >= _MOST_DRAWINGS or inside.spent > _SHARE:
            return
        if not isinstance(one, DictionaryObject):
            continue
        try:
            if isinstance(one, StreamObject):
                if canvas is None or not (one.get("/Subtype") == "/Form" or "/PatternType" in one):
                    continue
                # What is drawn inside has its own turn, and may draw what it is in.
                inner = one.get("/Resources")
                inner = inner.get_object() if inner is not None else None
                if isinstance(inner, DictionaryObject):
                    kept = {key: value for key, value in inner.items() if key != "/XObject"}
                    one[NameObject("/Resources")] = DictionaryObject(kept)
                text = canvas.extract_xform_text(one)  # type: ignore[arg-type]
            elif one.get("/Type") == "/Page" and "/Contents" in one:
                number = getattr(one.indirect_reference, "idnum", None)
                if number is None or number in known:
                    continue
                page = PageObject(reader, one.indirect_reference)
                page.update(one)
                text = page.extract_text() or ""
            else:
                continue
        except Exception:  # noqa: BLE001, S112 - one damaged drawing does not hide the others
            continue
        count += 1
        did(Work.DRAWN_LETTER, len(text))
        if text.strip():
            yield text


def _data_of_programs(objects: PdfObjects, inside: Inside) -> Passages:
    """Streams in which programs keep what is theirs (ISO 32000-2, 14.5)."""
    left = _MOST_BYTES
    for number, stream in enumerate(objects.private_streams()):
        if number >= _MOST_STREAMS or inside.spent > _SHARE:
            yield NOTE, Note.DOCUMENT_CUT
            return
        try:
            data = stream.get_data()
        except Exception:  # noqa: BLE001 - damaged, or it unpacks to more than is allowed
            yield NOTE, Note.PART_NOT_CHECKED
            continue
        left -= len(data)
        if left < 0:
            yield NOTE, Note.PART_NOT_CHECKED
            return
        if is_text(data):
            yield "PDF data of a program", data.decode("utf-8", "replace")
        else:
            yield from inside.read("PDF data of a program", "", data)
