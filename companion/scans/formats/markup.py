"""HTML, XML and SVG: text, attributes and comments; no entity of their own is expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from companion.scans.findings import Kind
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import (
    MAX_TEXT,
    Inside,
    Passages,
    Rank,
    document_format,
)

MAX_TAG = 8_000
"""Characters of one tag of HTML or XML."""
_BREAKS = frozenset(
    ["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "title", "w:p", "text:p"]
)
_QUIET_ATTRIBUTES = frozenset(
    ["xmlns", "href", "src", "style", "class", "type", "rel", "lang", "width"]
)
"""Attributes that say nothing about a person."""
_TAG_NAME = re.compile(r"/?([a-z][\w:.-]{0,60})", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([\w:.-]{1,100})[ \t\r\n]{0,20}=[ \t\r\n]{0,20}"
    r"(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|([^\s\"'>]{1,2000}))"
)


def looks_like_markup(data: bytes) -> bool:
    """Whether a file begins like HTML or XML."""
    head = data[:512].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    return head.startswith((b"<?xml", b"<!doctype", b"<html", b"<!--")) or bool(
        re.match(rb"<[a-z][\w:.-]{0,40}[\s/>]", head)
    )


@document_format("markup", Kind.DOCUMENT, fits=looks_like_markup, rank=Rank.SHAPE)
def read(data: bytes, _inside: Inside) -> Passages:
    """Text, attributes and comments of a page."""
    yield from read_markup(decode(data))


def read_markup(text: str) -> Iterator[tuple[str, str]]:
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
                break
            if closing - opening > MAX_TAG or 0 <= following < closing:
                yield "text", "<"
                at = opening + 1
            else:
                yield "tag", text[opening + 1 : closing]
                at = closing + 1
    yield "text", text[at:]
