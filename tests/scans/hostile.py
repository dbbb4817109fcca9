# ruff: noqa: E501 - a table reads better with one row a line
"""Files made to harm: each by name, with what must be said of it.

From the attack classes of the project's threat model: every entry is one file that is
put between two ordinary ones.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.builders import make_element, make_raw_scan, make_scan, make_zip

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

NAME = make_element(0x00100010, "PN", b"Doe^Jane")
DEFLATED = "1.2.840.10008.1.2.1.99"
JPEG = "1.2.840.10008.1.2.4.50"


def _deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


def _nested(depth: int) -> bytes:
    body = NAME
    for _ in range(depth):
        item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + body
        item += struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
        body = make_element(0x00400275, "SQ", item, 0xFFFFFFFF)
        body += struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return body


def _items(count: int) -> bytes:
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
    return make_element(0x00400275, "SQ", item * count)


def _private(count: int) -> bytes:
    blocks = [make_element(0x00110010, "LO", b"NOISE ")]
    blocks += [
        make_element(0x00110000 | (0x1000 + number % 256), "LO", b"%06d" % number)
        for number in range(count)
    ]
    return b"".join(blocks)


def _fragments(count: int) -> bytes:
    body = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
    body += (struct.pack("<HHI", 0xFFFE, 0xE000, 2) + b"\xff\xd8") * count
    body += struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return make_element(0x7FE00010, "OB", body, 0xFFFFFFFF)


def _zip_with(change: Callable[[bytearray], None], *, comment: bytes = b"") -> bytes:
    data = bytearray(make_zip({"a.dcm": make_scan(), "b.dcm": make_scan()}, comment=comment))
    change(data)
    return bytes(data)


def _encrypt_flag(data: bytearray) -> None:
    data[6] |= 1


def _wrong_crc(data: bytearray) -> None:
    data[14] ^= 0xFF


def _size_lie(data: bytearray) -> None:
    data[22:26] = struct.pack("<I", 10)


def _stored_stream() -> bytes:
    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, part: ReadableBuffer) -> int:
            self.data += bytes(part)
            return len(bytes(part))

    file = Unseekable()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.dcm", make_scan())
    return bytes(file.data)


def _symlink() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def _packed_with(method: int, packed: bytes, size: int) -> bytes:
    name = b"bomb.bin"
    head = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 0x21, 0, len(packed), size, len(name), 0)
    return b"PK\x03\x04" + head + name + packed


def _zip_lzma(data: bytes) -> bytes:
    """LZMA as it stands in a ZIP: a version, the length of the settings, the settings."""
    alone = lzma.compress(data, lzma.FORMAT_ALONE)
    return b"\x09\x04\x05\x00" + alone[:5] + alone[13:]


def _overlapping() -> bytes:
    """Entries that all point at the same packed bytes in the table of contents."""
    inner = make_zip({"kernel": bytes(1_000_000)})
    at = inner.index(b"PK\x01\x02")
    entry = inner[at : inner.index(b"PK\x05\x06")]
    count = 2_000
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, at, 0)
    return inner[:at] + entry * count + end


def hostile_scans() -> dict[str, tuple[bytes, str, str | None]]:
    """``{name: (bytes, status, note or None)}`` of files that are, or look like, scans."""
    plain = make_raw_scan(NAME)
    tiff = b"II*\0\x08\0\0\0" + b"\0" * 120
    scan = make_scan(PatientName="Doe^Jane")
    jpeg = make_raw_scan(_fragments(100_000), syntax=JPEG)
    bomb = make_element(0x00104000, "UT", b"A" * 300_000_000)
    return {
        "preamble-pe": (b"MZ" + b"\x90" * 126 + scan[128:], "read", None),
        "preamble-elf": (b"\x7fELF" + b"\1" * 124 + scan[128:], "read", None),
        "preamble-script": (b"#!/bin/sh\nrm -rf /\n".ljust(128) + scan[128:], "read", None),
        "preamble-html": (b"<script>alert(1)</script>".ljust(128) + scan[128:], "read", None),
        "preamble-pdf": (b"%PDF-1.4 fake".ljust(128) + scan[128:], "read", None),
        "preamble-tiff": (tiff + scan[128:], "read", None),
        "preamble-only": (bytes(128) + b"DICM", "not-read", "nothing-inside"),
        "empty": (b"", "not-read", "empty"),
        "deflate-bomb": (
            make_raw_scan(_deflate(bomb), syntax=DEFLATED), "partly-read", "unpacks-too-much",
        ),
        "deflate-garbage": (
            make_raw_scan(b"\xff\xfe" * 500, syntax=DEFLATED), "not-read", "bad-deflate",
        ),
        "deflated-items": (
            make_raw_scan(_deflate(_items(3_000_000)), syntax=DEFLATED), "partly-read", None,
        ),
        "length-lies": (
            make_raw_scan(make_element(0x00100010, "PN", b"Doe^Jane", 60_000)),
            "partly-read", "truncated",
        ),
        "no-delimiter": (
            make_raw_scan(make_element(0x00400275, "SQ", b"", 0xFFFFFFFF)),
            "partly-read", "truncated",
        ),
        "item-overruns": (
            make_raw_scan(
                make_element(0x00400275, "SQ", struct.pack("<HHI", 0xFFFE, 0xE000, 9_999))
                + make_element(0x00400280, "ST", b"ok")
            ),
            "partly-read", "length-lies",
        ),
        "deep": (make_raw_scan(_nested(300)), "partly-read", "too-deep"),
        "private-100000": (make_raw_scan(_private(100_000)), "partly-read", "tag-twice"),
        "values-400000": (
            make_raw_scan(make_element(0x00104000, "UT", b"\\".join([b"1"] * 400_000))),
            "read", None,
        ),
        "name-900kB": (
            make_raw_scan(make_element(0x00100010, "UT", b"X" * 900_000)),
            "read", None,
        ),
        "integer-60000-digits": (
            make_raw_scan(make_element(0x00200013, "IS", b"9" * 60_000)), "read", None,
        ),
        "unknown-vr": (
            make_raw_scan(
                make_element(0x00100010, "ZZ", b"Doe^Jane") + make_element(0x00100020, "LO", b"1 ")
            ),
            "read", None,
        ),
        "bad-dates": (
            make_raw_scan(make_element(0x00080020, "DA", b"99999999")), "read", None,
        ),
        "bad-utf8": (
            make_raw_scan(
                make_element(0x00080005, "CS", b"ISO_IR 192")
                + make_element(0x00100010, "PN", b"\xff\xfe\xfd\xfc^\xc3\x28")
            ),
            "read", None,
        ),
        "escape-storm": (
            make_raw_scan(
                make_element(0x00080005, "CS", b"\\ISO 2022 IR 87 ")
                + make_element(0x00104000, "UT", b"\x1b$B\x1b(B" * 10_000)
            ),
            "read", None,
        ),
        "charset-list": (
            make_raw_scan(
                make_element(0x00080005, "UT", b"\\".join([b"ISO 2022 IR 87"] * 1_000)) + NAME
            ),
            "read", None,
        ),
        "pixel-size-lies": (make_scan(Rows=65_535, Columns=65_535), "read", None),
        "fragments-100000": (jpeg, "read", None),
        "offset-table-wild": (
            make_raw_scan(
                make_element(
                    0x7FE00010, "OB",
                    struct.pack("<HHI", 0xFFFE, 0xE000, 8) + b"\xff" * 8
                    + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFF0), 0xFFFFFFFF,
                ),
                syntax=JPEG,
            ),
            "partly-read", "truncated",
        ),
        "dicomdir-paths": (
            make_raw_scan(make_element(0x00041500, "CS", b"..\\..\\etc\\passwd ")), "read", None,
        ),
        "truncated": (scan[: len(scan) // 2], "partly-read", "truncated"),
        "truncated-pixels": (scan[:-10], "partly-read", "truncated"),
        "wrong-endian": (
            make_raw_scan(make_scan(bare=True, syntax="1.2.840.10008.1.2.2")), "read", None,
        ),
        "two-scans": (scan + make_scan(PatientName="Roe^Ann"), "partly-read", "second-dataset"),
        "second-dataset": (
            scan + make_scan(bare=True, PatientName="Roe^Ann"), "partly-read", "second-dataset",
        ),
        "trailing-text": (
            scan + b"call Jane Doe on 555-0100 about this", "partly-read", "trailing-bytes",
        ),
        "trailing-zeros": (scan + bytes(1_000), "read", "padding"),
        "tag-twice": (make_raw_scan(NAME + NAME.replace(b"Doe", b"Roe")), "partly-read", "tag-twice"),
        "tag-twice-apart": (
            make_raw_scan(NAME + make_element(0x00100020, "LO", b"1 ") + NAME),
            "partly-read", "tag-twice",
        ),
        "markup-in-values": (
            make_scan(PatientName="<script>alert(1)</script>", StudyDescription="=cmd|' /C calc'!A0"),
            "read", None,
        ),
        "bidi": (make_scan(PatientName="Doe\u202egnp.exe", SpecificCharacterSet="ISO_IR 192"), "read", None),
        "plain": (plain, "read", None),
    }  # fmt: skip


def _private_bytes(value: bytes) -> bytes:
    creator = make_element(0x00990010, "LO", b"TUNING 3")
    return make_raw_scan(NAME + creator + make_element(0x00991010, "UN", value))


def _zip_quine() -> bytes:
    """A ZIP whose one stored entry begins with the ZIP itself, as far as it goes."""
    data = b""
    for _ in range(12):
        data = make_zip({"again.zip": data})
    return data


def _layers(count: int, data: bytes) -> bytes:
    """Packed and written in code by turns."""
    for number in range(count):
        data = (gzip.compress, zlib.compress, base64.b64encode, binascii.hexlify)[number % 4](data)
    return data


def hostile_packings() -> dict[str, tuple[bytes, str, str | None]]:
    """Scans with private bytes that are packed to do harm."""
    zeros = bytes(100_000_000)
    bombs = {
        "gzip": gzip.compress(zeros),
        "zlib": zlib.compress(zeros),
        "bzip2": bz2.compress(zeros),
        "xz": lzma.compress(zeros[:20_000_000]),
        "lzma": lzma.compress(zeros[:20_000_000], lzma.FORMAT_ALONE),
        "zip": make_zip({"zeros": zeros}),
        "words": gzip.compress(b"Jane Doe lives here\n" * 4_000_000),
        "gzip-of-gzip": gzip.compress(gzip.compress(zeros)),
        "base64-of-bzip2": base64.b64encode(bz2.compress(zeros)),
        "hexadecimal-of-xz": lzma.compress(zeros[:20_000_000]).hex().encode(),
    }
    many = b"".join(gzip.compress(b"Doe %d" % number) for number in range(10_000))
    words = b" ".join(base64.b64encode(b"Jane Doe, seen here on %05d" % n) for n in range(60_000))
    heads = b"x\x9c" * 2_000_000
    starts = b"".join(gzip.compress(b"%d" % number)[:-4] for number in range(50_000))
    return {
        **{
            f"packed-{name}-bomb": (_private_bytes(bomb), "partly-read", "packed-cut")
            for name, bomb in bombs.items()
        },
        "packed-10000-members": (_private_bytes(many), "partly-read", "packed-cut"),
        "packed-endless-base64": (
            _private_bytes(base64.b64encode(b"Jane Doe " * 2_000_000)), "partly-read", "packed-cut",
        ),
        "packed-60000-words": (_private_bytes(words), "partly-read", "packed-cut"),
        "packed-heads-only": (_private_bytes(heads), "partly-read", "packed-cut"),
        "packed-starts-only": (_private_bytes(starts), "partly-read", "packed-cut"),
        "packed-nine-deep": (
            _private_bytes(_layers(9, b"Jane Doe, born 1961")), "partly-read", "packed-not-opened",
        ),
        "packed-zip-in-itself": (
            _private_bytes(_zip_quine()), "partly-read", "packed-not-opened",
        ),
        "packed-xz-window": (
            _private_bytes(
                lzma.compress(zeros[:9_000], lzma.FORMAT_XZ, preset=9)
            ),
            "partly-read", "packed-cut",
        ),
        "packed-scan-in-scans": (
            _private_bytes(_scans_inside(5)), "partly-read", "packed-not-opened",
        ),
        "packed-tar-of-lies": (
            _private_bytes(_tar_of_lies()), "partly-read", "packed-cut",
        ),
    }  # fmt: skip


def _scans_inside(count: int) -> bytes:
    data = make_scan(PatientName="Doe^Jane")
    for _ in range(count):
        data = _private_bytes(data)
    return data


def _tar_of_lies() -> bytes:
    """A tar whose first head says that a header of two gigabytes follows."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        entry = tarfile.TarInfo("x" * 200)
        entry.size = 3
        archive.addfile(entry, io.BytesIO(b"Doe"))
    data = bytearray(file.getvalue())
    data[124:136] = b"17777777777\0"
    data[148:156] = b"        "
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


def _pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    data, starts = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        starts.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(objects) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
    return data + tail % (count, table, count) + b"startxref\n%d\n%%%%EOF\n" % len(data)


def _stream(data: bytes, keys: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), keys, data)


_PAGES = (
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
)


def _pdf_with_attachments(count: int, attachment: bytes, *, shared: bool) -> bytes:
    """A PDF with so many attachments: each its own, or all of them the same stream."""
    streams = 1 if shared else count
    files = [
        b"<< /Type /Filespec /F (a%d.txt) /EF << /F %d 0 R >> >>"
        % (number, 5 + (0 if shared else number))
        for number in range(count)
    ]
    first = 5 + streams
    names = b" ".join(b"(%05d) %d 0 R" % (number, first + number) for number in range(count))
    root = b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [%s] >> >> >>"
    embedded = [_stream(attachment, b"/Type /EmbeddedFile")] * streams
    return _pdf(root % names, *_PAGES, _stream(b"BT ET"), *embedded, *files)


def _pdf_in_itself(depth: int) -> bytes:
    """A PDF whose attachment is the PDF itself, as far as it goes."""
    data = _pdf_with_attachments(1, b"Jane Doe", shared=True)
    for _ in range(depth):
        data = _pdf_with_attachments(1, data, shared=True)
    return data


def _pdf_whose_attachment_is_its_catalogue() -> bytes:
    root = (
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) 5 0 R]"
        b" /Kids [1 0 R 5 0 R] >> >> >>"
    )
    file = b"<< /Type /Filespec /F (a) /EF << /F 5 0 R >> /RF << /F [(a) 5 0 R] >> /Kids [5 0 R] >>"
    return _pdf(root, *_PAGES, _stream(b"BT ET"), file)


def _zlib_zeros(count: int) -> bytes:
    """A zlib stream of zeros; the checksum at its end is of a part of them."""
    engine, piece = zlib.compressobj(9), bytes(10_000_000)
    return b"".join(engine.compress(piece) for _ in range(count // len(piece))) + engine.flush()


def _pdf_bomb(count: int) -> bytes:
    once = zlib.compress(_zlib_zeros(count), 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    root = b"<< /Type /Catalog /Pages 2 0 R >>"
    return _pdf(root, *_PAGES, _stream(once, filters))


def _pdf_with(value: bytes) -> bytes:
    """A PDF whose catalogue holds this value."""
    root = b"<< /Type /Catalog /Pages 2 0 R /X %s >>" % value
    return _pdf(root, *_PAGES, _stream(b"BT ET"))


def _pdf_with_pages_in(depth: int) -> bytes:
    """A PDF whose one page lies so deep in its tree of pages."""
    tree = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % number for number in range(3, 3 + depth)
    ]
    page = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (1 + depth)
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", *tree, page)


def _mail(depth: int) -> bytes:
    """A mail in a mail in a mail."""
    head = b"From: a@clinic.example\r\nSubject: scan\r\nMIME-Version: 1.0\r\n"
    return (head + b"Content-Type: message/rfc822\r\n\r\n") * depth + head + b"\r\nJane Doe\r\n"


def _mail_in_parts(depth: int) -> bytes:
    """Parts within parts, each with a boundary of its own."""
    data = b"Content-Type: text/plain\r\n\r\nJane Doe\r\n"
    for number in range(depth):
        data = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%s\r\n--b%d--\r\n" % (
            number,
            number,
            data,
            number,
        )
    return b"From: a@clinic.example\r\nSubject: scan\r\nMIME-Version: 1.0\r\n" + data


def hostile_documents() -> dict[str, bytes]:
    """Documents made to harm, and texts of lengths that nobody writes."""
    labelled = b"".join(b"Patient name: Wex%06d, Ottilie\n" % number for number in range(100_000))
    deep = 100_000
    return {
        "attached-to-itself.pdf": _pdf_whose_attachment_is_its_catalogue(),
        "attached-thirty-deep.pdf": _pdf_in_itself(30),
        "attached-10000.pdf": _pdf_with_attachments(10_000, b"Jane Doe", shared=False),
        "attached-10000-times.pdf": _pdf_with_attachments(10_000, b"Jane Doe " * 900, shared=True),
        "bomb.pdf": _pdf_bomb(2_000_000_000),
        "deep.json": b'{"a":' * deep + b'"Jane Doe"' + b"}" * deep,
        "deep-lists.json": b"[" * deep + b"]" * deep,
        "deep-inside.bin": bytes(9) + b'{"a":' * deep + b'"Jane Doe"' + b"}" * deep,
        "deep.html": b"<html>" + b"<div>" * deep + b"Jane Doe" + b"</div>" * deep,
        "deep-lists.pdf": _pdf_with(b"[" * deep + b"]" * deep),
        "deep-tables.pdf": _pdf_with(b"<< /A " * deep + b"1" + b" >>" * deep),
        "deep-pages.pdf": _pdf_with_pages_in(5_000),
        "deep.eml": _mail(1_000),
        "deep-parts.eml": _mail_in_parts(1_000),
        "labels-100000.txt": labelled,
        "one-word.txt": b"x" * 3_000_000,
        "spaces.txt": b"Patient name" + b" " * 3_000_000 + b"\n",
        "one-base64.txt": base64.b64encode(b"Jane Doe was here. " * 400_000),
        "odd-letters.txt": "Jürgen Größe öäü ".encode("cp1252") * 150_000,
        "accents.txt": ("e" + "\u0301" * 1_000_000).encode(),
    }


def hostile_values() -> dict[str, bytes]:
    """Scans with values of lengths, and in numbers, that no machine writes."""
    unlike = b"".join(
        make_element(0x00110000 | (0x1000 + number), "UT", b"%04d Wexcombe " % number * 80)
        for number in range(5_000)
    )
    creator = make_element(0x00110010, "LO", b"NOISE ")
    name = "Größe^Jürgen ".encode("cp1252")
    return {
        "values-5000-unlike": make_raw_scan(NAME + creator + unlike),
        "name-of-odd-letters": make_raw_scan(make_element(0x00100010, "UT", name * 70_000)),
        "name-of-carets": make_raw_scan(make_element(0x00100010, "UT", b"Ab^" * 300_000)),
        "number-of-digits": make_raw_scan(make_element(0x00100020, "UT", b"8" * 900_000)),
        "private-labels": _private_bytes(
            b"".join(b"PatientName = Wex%06d Ottilie\n" % number for number in range(100_000))
        ),
        "private-almost-labels": _private_bytes(b"patient name \t " * 250_000),
        "private-dashes": _private_bytes(b"-" * 3_000_000 + b"\n" + b"a-" * 1_000_000),
        "private-pairs": _private_bytes(b"4a " * 1_300_000),
        "private-one-word": _private_bytes(b"a" * 1_000_000 + b"BB" + b"a" * 1_000_000),
    }


def hostile_files() -> dict[str, tuple[bytes, str, str | None]]:
    """Files that are no scans under any name."""
    iso = bytes(32_769) + b"CD001" + bytes(2_000)
    return {
        "text.dcm": (b"Jane Doe, seen on 2024-01-15\n" * 10, "read", None),
        "page.dcm": (b"<html><body>Jane Doe</body></html>", "read", None),
        "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><text>J</text></svg>", "read", None),
        "disc.iso": (iso, "not-read", "disc-image"),
        "all.rar": (b"Rar!\x1a\x07\x01\x00" + bytes(100), "not-read", "rar"),
        "all.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(100), "not-read", "seven-zip"),
        "noise.bin": (bytes((n * 7 + n // 251) & 255 for n in range(5_000)), "partly-read", "unknown-format"),
        "bad.pdf": (b"%PDF-1.4\n1 0 obj\n<< /Length 99999999 >>", "not-read", "not-checked"),
    }  # fmt: skip


def hostile_archives() -> dict[str, tuple[bytes, str | None]]:
    """``{name: (bytes, note of the archive or of one of its entries)}``."""
    scan = make_scan(PatientName="Doe^Jane")
    inner = make_zip({"deep.dcm": scan})
    many = make_zip([(f"f{number}", b"x") for number in range(7_000)])
    zeros = bytes(80_000_000)
    return {
        "slip": (make_zip({"../../etc/cron.d/x": scan}), None),
        "symlink": (_symlink(), None),
        "deflate-bomb": (make_zip({"zeros": zeros}), "zip-unpacks-too-much"),
        "bz2-bomb": (
            _packed_with(12, bz2.compress(zeros), len(zeros)), "zip-unpacks-too-much",
        ),
        "lzma-bomb": (_packed_with(14, _zip_lzma(zeros), len(zeros)), "zip-unpacks-too-much"),
        "unknown-method": (_packed_with(98, b"?" * 5_000, len(zeros)), "zip-method"),
        "cut-in-its-list": (make_zip({"a.dcm": scan, "b.dcm": scan})[:-30], "zip-truncated"),
        "overlap": (_overlapping(), "zip-differs"),
        "size-lies": (_zip_with(_size_lie), "zip-damaged"),
        "nested-twice": (make_zip({"in.zip": make_zip({"in.zip": inner})}), "zip-in-zip"),
        "many": (many, None),
        "same-names": (make_zip([("a", scan), ("a", scan)]), None),
        "encrypted": (_zip_with(_encrypt_flag), "zip-encrypted"),
        "truncated": (make_zip({"a.dcm": scan, "b.dcm": scan})[:500], "zip-truncated"),
        "bad-crc": (_zip_with(_wrong_crc), "zip-damaged"),
        "mac-noise": (
            make_zip({"a.dcm": scan, "__MACOSX/._a.dcm": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1"}),
            None,
        ),
        "stored-stream": (_stored_stream(), "zip-not-streamable"),
        "odd-names": (
            make_zip({"<b>x</b>\r\n=cmd|'!A0\u202efdp.exe\x1b[31m": scan}), None,
        ),
        "tar-of-lies": (_tar_of_lies(), "packed-cut"),
        "gzip-bomb": (gzip.compress(zeros), "packed-cut"),
        "gzip-in-gzip": (gzip.compress(gzip.compress(gzip.compress(gzip.compress(inner)))), "compressed"),
        "hidden-tail": (make_zip({"a": scan}) + b"hidden: Jane Doe", "zip-hidden-bytes"),
    }  # fmt: skip
