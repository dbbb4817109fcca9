"""Text without a format: its encoding, and the text of files of which nothing else is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.findings import Kind, Note
from companion.scans.formats import code_pages, uuencoded
from companion.scans.formats.delimited import under_heads
from companion.scans.formats.escapes import CODED, undone_lines
from companion.scans.formats.registry import NOTE, RAW, Inside, Passages, Rank, document_format
from companion.scans.formats.strings import is_text, text_runs

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9_.-]{2,40})")
_META_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_.-]{2,40})")
_SHIFTS = (b"\x1b$B", b"\x1b$@", b"\x1b$A", b"\x1b$(", b"\x1b$)C")
"""What begins two-byte letters in ISO 2022 (RFC 1468, RFC 1557)."""
_SEVEN_BITS = bytes(range(128))
_LOCKED = re.compile(r"-----BEGIN PGP MESSAGE-----\s")
_WIDE_START, _SHORTEST_WIDE, _LAST_BLOCK = 4096, 16, 6
"""Bytes that are looked at for UTF-16 without a mark; fewer say nothing; its last block."""
DOCUMENT_ENDINGS = """
txt htm html xhtml xml hl7 cda csv tsv json rtf md log doc docx odt xls xlsx ods ppt pptx css
xsl xslt
"""
"""Endings of documents: such a file is one, whatever its bytes are."""


def decode(data: bytes) -> str:
    """Text of unknown encoding: by byte order mark, declaration, UTF-8, else what fits best."""
    text = _as_it_says(data)
    return (
        data.decode(code_pages.guess_of_text(data) or "cp1252", "replace") if text is None else text
    )


def letters_guessed(data: bytes, text: str) -> Passages:
    """A note where nothing named the code page by which ``data`` became ``text``.

    Signs such as a degree's do not make one: none of them is a letter of somebody's name.
    """
    if data.isascii() or _as_it_says(data) is not None:
        return
    if any(letter.isalpha() and not letter.isascii() for letter in text):
        yield NOTE, Note.LETTERS_GUESSED


def _as_it_says(data: bytes) -> str | None:
    """The text by its byte order mark or its declaration, or as UTF-8; None where that fails."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if any(sign in data[:_WIDE_START] for sign in _SHIFTS) and not data.strip(_SEVEN_BITS):
        for shifted in ("iso2022_jp_2004", "iso2022_jp_ext", "iso2022_kr"):
            try:
                return data.decode(shifted)
            except UnicodeDecodeError:
                continue
    if codec := _wide_without_mark(data):
        return data.decode(codec, "replace")
    declared = _DECLARED.search(data[:300]) or _META_CHARSET.search(data[:2048])
    names = [declared[1].decode("ascii")] if declared else []
    for encoding in [*names, "utf-8"]:
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return None


def looks_like_text(data: bytes) -> bool:
    """Whether the beginning of a file is readable text."""
    return is_text(whole_text(data[:4096]))


def whole_text(data: bytes) -> bytes:
    """``data`` without a character that was cut in two at its end."""
    if _is_wide(data):
        return decode(data).encode("utf-8", "replace")
    for cut in range(4):
        try:
            (data[:-cut] if cut else data).decode("utf-8")
            return data[:-cut] if cut else data
        except UnicodeDecodeError:
            continue
    return data


def _is_wide(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or _wide_without_mark(data) is not None


def _wide_without_mark(data: bytes) -> str | None:
    """The byte order of a text in UTF-16 that does not name it.

    Every second byte is the number of a letter's block: 0 for Latin, up to 6 for Greek,
    Cyrillic, Hebrew and Arabic. What is read so has to be text.
    """
    start = data[:_WIDE_START]
    if len(start) < _SHORTEST_WIDE or len(data) % 2 or b"\0" not in start:
        return None
    for codec, empty, blocks in (
        ("utf-32-le", start[3::4], start[2::4]), ("utf-32-be", start[::4], start[1::4]),
    ):  # fmt: skip
        if len(data) % 4 == 0 and not empty.strip(b"\0") and not blocks.strip(b"\0"):
            return codec
    for codec, blocks, letters in (
        ("utf-16-le", start[1::2], start[::2]),
        ("utf-16-be", start[::2], start[1::2]),
    ):
        if b"\0" in blocks and b"\0" not in letters and max(blocks) <= _LAST_BLOCK:
            text = start[: len(start) // 2 * 2].decode(codec, "replace")
            if text.isprintable() or is_text(text.encode("utf-8", "replace")):
                return codec
    return None


@document_format(
    "text",
    Kind.DOCUMENT,
    fits=looks_like_text,
    endings=DOCUMENT_ENDINGS,
    rank=Rank.ANY,
)
def read_document(data: bytes, inside: Inside) -> Passages:
    """All of a text, and a note where it is none, whatever its name says."""
    if not _is_loose(data):
        yield from _whole(data, inside)
    elif (parted := next(filter(_is_readable, _parted(data)), None)) is not None:
        yield from _whole(parted, inside)
    else:
        yield NOTE, Note.UNKNOWN_FORMAT
        yield from _loose(data)


def _parted(data: bytes) -> Iterator[bytes]:
    """Data with ends of lines for the zeros by which programs in C part texts, in UTF-16 first:
    half of that is zeros."""
    for first in (0, 1):
        wide = bytearray(data[: len(data) // 2 * 2])
        wide[first::2] = wide[first::2].replace(b"\0", b"\n")
        if _is_wide(bytes(wide)):
            yield bytes(wide)
    yield data.replace(b"\0", b"\n")


def _is_readable(data: bytes) -> bool:
    return is_text(whole_text(data))


def _is_loose(data: bytes) -> bool:
    """Whether data are no text as a whole."""
    is_whole = _is_readable(data) or b"\0" not in data[:_WIDE_START] or _is_wide(data)
    return bool(data.strip(b"\0")) and not is_whole


def read(data: bytes, inside: Inside) -> Passages:
    """All of a text; the loose text of what is none."""
    yield from _loose(data) if _is_loose(data) else _whole(data, inside)


def _whole(data: bytes, inside: Inside) -> Passages:
    text = decode(data).replace("\0", "\n")
    text, files = uuencoded.take_out(text)
    yield "text", under_heads(text) or text
    for name, file in files:
        yield from inside.read("attachment", name, file)
    if _LOCKED.search(text):
        yield NOTE, Note.PACKED_NOT_OPENED
    yield CODED, undone_lines(text)
    yield from letters_guessed(data, text)


def _loose(data: bytes) -> Passages:
    yield from ((RAW, run) for run in text_runs(data))
