"""HTML, XML and SVG: text, attributes and comments; no entity of their own is expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from companion.scans.findings import Kind, Note
from companion.scans.formats import json_text
from companion.scans.formats.embedded import (
    FEW_LETTERS,
    from_base64,
    letters_in,
    read_embedded,
    take_out,
)
from companion.scans.formats.escapes import CODED, undo, undone_lines
from companion.scans.formats.heads import meaning
from companion.scans.formats.markup_labels import Labels, is_label, label_of_item
from companion.scans.formats.plain_text import decode, letters_guessed
from companion.scans.formats.registry import (
    MAX_TEXT,
    NOTE,
    RAW,
    Inside,
    Passages,
    Rank,
    document_format,
)

MAX_TAG = 8_000
"""Characters of one tag of HTML or XML."""
_LINES = re.compile(r"[\d.,\s][LlCcQqHhVvSsTtAa](?=[\s\d.-])|<(?:line|rect|circle|polygon)\b")
"""Strokes in the paths of an SVG."""
_MANY_LINES = 200
_MOST_PACKED = 60
"""Files in base64 that are read of one document."""
_BREAKS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "table",
        "title",
        "w:p",
        "text:p",
        "text:h",
        "a:p",
        "row",
        "si",
        "dt",
        "dd",
    ]
)
_QUIET_ATTRIBUTES = frozenset(["style", "class", "type", "rel", "lang", "width"])
"""Attributes that say nothing about a person."""
_TYPED = re.compile(
    r"input\b(?![^>]{0,2000}\btype=[\"']?(?:button|submit|hidden|checkbox|radio|image))",
    re.IGNORECASE,
)
_VALUE = re.compile(r"\bvalue\s?=\s?(?:\"([^\"]{2,2000})\"|'([^']{2,2000})')", re.IGNORECASE)
"""What stands in a field of a page's form."""
_TAG_NAME = re.compile(r"/?([a-z][\w:.-]{0,60})", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([\w:.-]{1,100})[ \t\r\n]{0,20}=[ \t\r\n]{0,20}"
    r"(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|([^\s\"'>]{1,2000}))"
)
_WITHIN_A_WORD = frozenset((
    "a", "abbr", "b", "big", "em", "font", "i", "ins", "mark", "s", "small", "span", "strong",
    "sub", "sup", "text:span", "tspan", "u", "wbr",
))  # fmt: skip
"""Elements that begin and end within a word: what stands on both sides of them is one."""
_CELLS, _ROWS = frozenset(("td", "th", "tc", "table-cell")), frozenset(("tr", "table-row"))
"""Of tables in HTML, Word, PowerPoint and OpenDocument, by their names without a prefix."""
_BESIDE = "\x1d"
"""Stands between two cells of a row until all is known: a tab may be the source's own."""
_ENTITY = re.compile(r"!ENTITY\s+%?\s*[\w.:-]{1,100}\s+(?:\"([^\"]{1,2000})\"|'([^']{1,2000})')")
"""A text that a document gives a name, to write it out elsewhere (XML 1.0, 4.2.1)."""


def looks_like_markup(data: bytes) -> bool:
    """Whether a file begins like HTML or XML."""
    head = data[:512].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    return head.startswith((b"<?xml", b"<!doctype", b"<html", b"<!--")) or bool(
        re.match(rb"<[a-z][\w:.-]{0,40}[\s/>]", head)
    )


_ADDRESS = re.compile(r"(mailto|tel|sms|callto):(.+)", re.IGNORECASE | re.DOTALL)
"""Links to somebody rather than to a page."""
_TELLING_LINK = re.compile(
    r"[A-Z][a-z]{2,}[_,^+-]{1,2}[A-Z][a-z]{2,}|[A-Z]{3,}[_,^]{1,2}[A-Z]{3,}|(?<!\d)(?:18|19|20)\d{6}(?!\d)"
)
"""A link that may have somebody's name or a day in it: most lead to the page's own pictures."""
_SCRIPT = re.compile(
    r"(<(script|style)(?=[\s>])[^<>]{0,2000}+(?<!/)>)(.*?)(?=</\2[\s>]|\Z)",
    re.IGNORECASE | re.DOTALL,
)
"""A page's script or style sheet; neither one that is empty (``<style/>``) nor an element of
OpenDocument, whose names begin alike (``<style:style>``)."""
_PACKED = re.compile(
    r"representation\s?=\s?[\"']B64[\"'][^>]{0,400}>([A-Za-z0-9+/=\s]{8,})<", re.IGNORECASE
)
"""A file inside a clinical document (HL7 CDA R2, data type ED)."""


@document_format(
    "markup",
    Kind.DOCUMENT,
    fits=looks_like_markup,
    endings="htm html xhtml xml svg cda",
    rank=Rank.SHAPE,
)
def read(data: bytes, inside: Inside) -> Passages:
    """Text, attributes and comments of a page, its scripts, and the files inside it."""
    text, files = take_out(decode(data)[: MAX_TEXT * 2])
    packed = [from_base64(found) for found in _PACKED.findall(text)[:_MOST_PACKED]]
    if packed:
        text = _PACKED.sub("><", text)
    scripts: list[str] = []
    styles: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if found[3].strip():
            (scripts if found[2].lower() == "script" else styles).append(found[3])
        return found[1]

    text = _SCRIPT.sub(keep, text)
    letters = 0
    for label, passage in read_markup(text, is_data=_is_data(text)):
        if label == "text":
            letters = letters_in(passage)
        yield label, passage
        if "%" in passage or "\\" in passage or "&#" in passage:
            yield CODED, undone_lines(passage)
    for script in scripts:
        values = json_text.lines(script) if json_text.looks_like_json(script) else None
        yield "script", "\n".join(values) if values is not None else script
        yield CODED, undone_lines(script) if values is None else ""
    for style in styles:
        yield RAW, style  # it may write words onto the page
        yield RAW, undone_lines(style)
    for media, one in files:
        yield from read_embedded("inside the page", media, one, letters, inside)
    if letters < FEW_LETTERS and len(_LINES.findall(text)) > _MANY_LINES:
        yield NOTE, Note.PICTURE_PAGE  # letters may be drawn as their outlines
    yield from letters_guessed(data, text)
    for one in packed:
        yield from read_embedded("attachment", "", one, letters, inside)


def _is_data(text: str) -> bool:
    """Whether a text is XML of a program rather than a page to be looked at."""
    head = text[:2_000].lower()
    return "<html" not in head and "<!doctype html" not in head


def read_markup(
    text: str, *, only: frozenset[str] | None = None, is_data: bool = False
) -> Iterator[tuple[str, str]]:
    """Text, attributes and comments of HTML or XML, in one pass that never goes back.

    Of attributes those that are ``only`` wanted, by their names without a prefix. With
    ``is_data``, elements that name what they hold are written as ``name: text``.
    """
    words: list[str] = []
    attributes: list[str] = []
    comments: list[str] = []
    named = ""
    # Whether what comes may belong to the last word, and whether a blank stands between.
    goes_on = apart = False
    labels = Labels()
    in_row = False  # whether a cell of this row is closed: the next one stands beside it
    for kind, part in _split_markup(text[: MAX_TEXT * 2]):
        if kind == "text":
            plain = unescape(part)
            bare = plain.strip()
            if bare and named:
                words += ["\n", f"{named}: {bare}", "\n"]
            elif bare:
                close = goes_on and not apart and not plain[0].isspace()
                # A label and its value in two parts of a line, which a style sets apart.
                beside = close and words and bare[0] not in ":=" and meaning(words[-1].strip())
                words.append(f": {bare}" if beside else bare if close else f" {bare}")
            goes_on = not named if bare else goes_on
            apart = plain[-1].isspace() if plain else apart
            named = ""
        elif kind == "comment":
            comments.append(part.strip())
        elif part[:1] == "!":
            goes_on = False
            attributes += [unescape(one or two) for one, two in _ENTITY.findall(part)]
        elif part[:1] == "?":
            if not part.lower().startswith(("?xml ", "?xml-stylesheet", "?mso-", "?xpacket")):
                attributes += _told(part[1:].split(" ", 1)[0], part, only)
        elif name := _TAG_NAME.match(part):
            within = name[1].lower() in _WITHIN_A_WORD and (
                not is_data or name[1].endswith(("span", "wbr"))
            )
            goes_on = goes_on and within
            if name[1].lower() in _BREAKS:
                words.append("\n")
            local = name[1].lower().rpartition(":")[2]
            label = labels.enter(name[1], part) if is_data else ""
            if not is_data and part[:1] != "/" and local not in _CELLS:
                label = label_of_item(part)
            typed = _TYPED.match(part) and (_VALUE.search(part))
            if typed and not is_data:
                words += [_BESIDE, unescape(typed[1] or typed[2]), "\n"]
            if local in _ROWS:
                in_row = False
            elif local in _CELLS and part[:1] == "/":
                in_row = True
            elif local in _CELLS and in_row:
                words.append(_BESIDE)
            named = label
            if "=" in part:
                attributes += _told(label or name[1], part[name.end() :], only)
    for label, found in (
        ("text", "".join(words)),
        ("attributes", " ".join(attributes)),
        ("comments", " ".join(comments)),
    ):
        rows = "\t".join(cell.strip(" \n") for cell in found.split(_BESIDE))
        joined = re.sub(r" *\n[ \n]*", "\n", rows).strip()
        if joined:
            yield label, joined


def _told(element: str, part: str, only: frozenset[str] | None) -> Iterator[str]:
    """What the attributes of a tag say; a value behind the name of what it is the value of."""
    pairs = [(key, "".join(values)) for key, *values in _ATTRIBUTE.findall(part)]
    name = next(
        (one for key, one in pairs if key.lower().rpartition(":")[2] in ("name", "property")), ""
    )
    of = element.lower().rpartition(":")[2]
    for key, value in pairs:
        local = key.lower().rsplit(":", 1)[-1]
        if only is not None and not {local, f"{of}.{local}"} & only:
            continue
        if key.lower().startswith("xmlns") or local in _QUIET_ATTRIBUTES:
            continue
        plain = unescape(value)
        if local in ("href", "src"):
            address = _ADDRESS.match(plain)
            if address:
                yield f"\n{address[1]}: {undo(address[2])}\n"
                continue
            if only is None and not ("%" in value or "?" in value or _TELLING_LINK.search(value)):
                continue
        if len(plain) > 1 and not plain.startswith("data:"):
            if local in ("value", "content", "extension", "val"):
                yield f"\n{name or element.rsplit(':', 1)[-1]}: {plain}\n"
            elif is_label(local):
                yield f"\n{local}: {plain}\n"
            else:
                yield plain


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
                begin = opening + len(start)
                until = text.find(end, begin)
                until = len(text) if until < 0 else until
                yield kind, text[begin:until]
                at = until + len(end)
                break
        else:
            if closing <= opening:
                closing = text.find(">", opening)
            following = text.find("<", opening + 1, opening + MAX_TAG)
            if closing < 0:
                at = opening
                break
            if closing - opening > MAX_TAG or 0 <= following < closing:
                yield "text", "<"
                at = opening + 1
            else:
                yield "tag", text[opening + 1 : closing]
                at = closing + 1
    yield "text", text[at:]
