"""XMP and IPTC: packets of metadata that pictures of several formats embed."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_ENTRIES = 512
MAX_PACKETS = 20
MAX_PACKET = 200_000
"""Bytes of one XMP packet."""

_IPTC = {
    5: "title", 25: "keywords", 55: "date", 60: "time", 80: "author", 90: "city", 92: "place",
    95: "state", 101: "country", 105: "headline", 110: "credit", 115: "source", 116: "copyright",
    118: "contact", 120: "caption", 122: "writer",
}  # fmt: skip
_MARKUP = re.compile(r"<[^>]{0,400}>")
_ATTRIBUTE = re.compile(r"\b(?!xmlns|rdf:about|x:xmptk)[\w:]+=\"([^\"]{2,400})\"")


def read_xmp(data: bytes) -> Iterator[tuple[str, str]]:
    """The text and attributes of every XMP packet in ``data``."""
    for packet in _packets(data):
        text = packet.decode("utf-8", "replace")
        words = [*_ATTRIBUTE.findall(text), *_MARKUP.sub("\n", text).split("\n")]
        plain = " ".join(word.strip() for word in words if word.strip())
        if plain:
            yield "XMP", plain


def _packets(data: bytes) -> Iterator[bytes]:
    """XMP packets, at most ``MAX_PACKETS``; found by their ends, so that no text is read twice."""
    start = 0
    for _ in range(MAX_PACKETS):
        end = data.find(b"</rdf:RDF>", start)
        if end < 0:
            return
        first = data.find(b"<rdf:RDF", max(start, end - MAX_PACKET), end)
        if first >= 0:
            yield data[first:end]
        start = end + 10


def read_iptc(body: bytes) -> Iterator[tuple[str, str]]:
    """The texts of an IPTC block that point to somebody or somewhere."""
    at = body.find(b"\x1c\x02")
    for _ in range(MAX_ENTRIES):
        if at < 0 or at + 5 > len(body) or body[at] != 0x1C:
            return
        length = int.from_bytes(body[at + 3 : at + 5], "big")
        name = _IPTC.get(body[at + 2])
        if name and body[at + 1] == 2:
            text = body[at + 5 : at + 5 + length].decode("utf-8", "replace")
            yield f"IPTC {name}", text
        at += 5 + length
