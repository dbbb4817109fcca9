"""Made-up text in every packing, and every place that packed bytes may stand in."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan, make_zip

NAME, NUMBER = "Quillbrooke", "58203917"
Pack = Callable[[bytes], bytes]


def make_text(*, clean: bool = False) -> bytes:
    """Lines as a maker's protocol has them, with a name and a number unless ``clean``."""
    lines = [f'set COIL{number % 9} "{number}.50"' for number in range(30)]
    if not clean:
        lines.insert(7, f'set PATNAME "{NAME}, Tamsin"')
        lines.insert(9, f'set PATID "{NUMBER}"')
    return "\n".join(lines).encode()


def deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


def in_zip(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("protocol.txt", data)
    return file.getvalue()


def in_tar(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        entry = tarfile.TarInfo("notes/protocol.txt")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def in_lines(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def in_json(data: bytes) -> bytes:
    return json.dumps({"coil": 4, "state": base64.b64encode(data).decode()}).encode()


def in_xml(data: bytes) -> bytes:
    return b"<scan>\n <state>\n" + base64.encodebytes(data) + b" </state>\n</scan>"


def spaced_hex(data: bytes) -> bytes:
    return data.hex(" ").upper().encode()


def as_lzma(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_ALONE)


def behind_length(width: int, order: str, pack: Pack, data: bytes) -> bytes:
    body = pack(data)
    return len(body).to_bytes(width, "little" if order == "little" else "big") + body


def in_the_middle(pack: Pack, data: bytes) -> bytes:
    """Behind and in front of bytes that are not packed."""
    return bytes(range(7, 250)) * 2 + pack(data) + bytes(range(250, 3, -1))


PACKINGS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zlib, fast": partial(zlib.compress, level=1),
    "zlib, small window": lambda data: _small_window(data),
    "deflate": deflate,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": as_lzma,
    "ZIP, stored": partial(in_zip, method=zipfile.ZIP_STORED),
    "ZIP, deflated": in_zip,
    "ZIP, bzip2": partial(in_zip, method=zipfile.ZIP_BZIP2),
    "ZIP, lzma": partial(in_zip, method=zipfile.ZIP_LZMA),
    "tar": in_tar,
    "tar in gzip": lambda data: gzip.compress(in_tar(data)),
    "base64": base64.b64encode,
    "base64 for URLs": base64.urlsafe_b64encode,
    "base64 in lines": in_lines,
    "base64 in JSON": in_json,
    "base64 in XML": in_xml,
    "base64 of UTF-16": lambda data: base64.b64encode(data.decode().encode("utf-16-le")),
    "hexadecimal": lambda data: data.hex().encode(),
    "hexadecimal, spaced": spaced_hex,
    "base85": base64.b85encode,
    "base85 in lines": lambda data: _in_lines_of(65, base64.b85encode(data)),
    "base85 in JSON": lambda data: json.dumps(
        {"coil": 4, "state": base64.b85encode(data).decode()}
    ).encode(),
    "base85 of gzip": lambda data: base64.b85encode(gzip.compress(data)),
    "Ascii85": lambda data: base64.a85encode(data, adobe=True),
    "Ascii85 in lines": lambda data: base64.a85encode(data, adobe=True, wrapcol=72),
    "Ascii85 with its end only": lambda data: base64.a85encode(data) + b"~>",
    "Ascii85 in XML": lambda data: _in_entities(base64.a85encode(data, adobe=True)),
    "base64 of gzip": lambda data: base64.b64encode(gzip.compress(data)),
    "base64 of deflate": lambda data: base64.b64encode(deflate(data)),
    "hexadecimal of zlib": lambda data: zlib.compress(data).hex().encode(),
    "gzip of base64 of bzip2": lambda data: gzip.compress(base64.b64encode(bz2.compress(data))),
    "hexadecimal in a text": lambda data: b"state: " + data.hex(" ").encode() + b" of coil 4",
    "hexadecimal, a list in C": lambda data: _in_c(data),
    "hexadecimal behind a byte": lambda data: b"\x01r" + data.hex().encode(),
    "a dump": lambda data: dumped(data),
    "a dump in fours of digits": lambda data: dumped(data, group=2, colon=":"),
    "a dump of gzip": lambda data: dumped(gzip.compress(data)),
    "base64 behind a byte": lambda data: b"\x02l" + base64.b64encode(data),
    "hexadecimal, twice": lambda data: data.hex().encode().hex().encode(),
    "pairs of digits, twice": lambda data: spaced_hex(spaced_hex(data)),
    "a dump of bzip2": lambda data: dumped(bz2.compress(data)),
    "lzma of zlib": lambda data: as_lzma(zlib.compress(data)),
    "base64 of lzma": lambda data: base64.b64encode(as_lzma(data)),
    "deflate, twice over": lambda data: deflate(deflate(data)),
    "base64, parts of a program": lambda data: b" +\n".join(
        b'  "%b"' % line for line in base64.encodebytes(data).split()
    ),
    "base64, quoted": lambda data: b"\n".join(
        b"> " + line for line in base64.encodebytes(data).split()
    ),
    "base32": base64.b32encode,
    "base64, cut": lambda data: base64.b64encode(data * 2)[: len(data) * 2 // 4 * 4 + 1],
    "length and tar": partial(behind_length, 4, "little", in_tar),
    "deflate behind a maker's head": lambda data: b"CPRO\x01\0\x07" + deflate(data),
    "deflate, filled": lambda data: deflate(data) + bytes(37),
    "deflate, twice": lambda data: deflate(make_text(clean=True)) + bytes(4) + deflate(data),
    "lzma behind a maker's head": lambda data: b"CPRO\x01\0\x07" + as_lzma(data),
    "lzma in a block": partial(in_the_middle, as_lzma),
    "length and gzip": partial(behind_length, 4, "little", gzip.compress),
    "short length and zlib": partial(behind_length, 2, "big", zlib.compress),
    "long length and deflate": partial(behind_length, 8, "little", deflate),
    "length and lzma": partial(behind_length, 4, "big", as_lzma),
    "gzip in a block": partial(in_the_middle, gzip.compress),
    "zlib in a block": partial(in_the_middle, zlib.compress),
    "xz in a block": partial(in_the_middle, lzma.compress),
    "ZIP in a block": partial(in_the_middle, in_zip),
    "a scan, deflated": lambda data: gzip.compress(_scan_with(data)),
}


def _scan_with(text: bytes) -> bytes:
    told = [line for line in text.decode().splitlines() if "PAT" in line]
    return make_scan(ImageComments="; ".join(told) or "none")


def dumped(data: bytes, group: int = 1, colon: str = "") -> bytes:
    """As ``hexdump -C`` and ``xxd`` show data: offsets, digits, letters."""
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        digits = " ".join(row[start : start + group].hex() for start in range(0, len(row), group))
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}{colon} {digits}  |{letters}|")
    return "\n".join(lines).encode()


def _in_c(data: bytes) -> bytes:
    rows = (data[at : at + 12] for at in range(0, len(data), 12))
    return b"u8 state[] = {\n%b\n};" % b",\n".join(
        b"    " + b", ".join(b"0x%02x" % byte for byte in row) for row in rows
    )


def _in_lines_of(width: int, data: bytes) -> bytes:
    return b"\r\n".join(data[at : at + width] for at in range(0, len(data), width))


def _in_entities(data: bytes) -> bytes:
    return f"<scan><state>{html.escape(data.decode())}</state></scan>".encode()


def _small_window(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, 11)
    return engine.compress(data) + engine.flush()


def _private(vr: str, data: bytes) -> dict[str, bytes]:
    value = data if vr in {"OB", "UN"} else data.decode("latin-1")
    return {"IM1": make_scan(private={(0x0099, "TUNING 3", 0x10): (vr, value)})}


def _nested(data: bytes) -> dict[str, bytes]:
    item = {"PrivateInformationCreatorReference": "X", "EncryptedContent": data}
    return {"IM1": make_scan(ReferencedImageSequence=[item])}


def _enclosed(data: bytes) -> dict[str, bytes]:
    padded = data + b"\0" * (len(data) % 2)
    return {"IM1": make_scan(EncapsulatedDocument=padded, MIMETypeOfEncapsulatedDocument="x/y")}


PLACES: dict[str, Callable[[bytes], dict[str, bytes]]] = {
    "private bytes": partial(_private, "OB"),
    "private unknown": partial(_private, "UN"),
    "nested": _nested,
    "document": _enclosed,
    "file": lambda data: {"state.bin": data},
    "file in a ZIP": lambda data: {"all.zip": make_zip({"state.bin": data})},
}
TEXT_PLACES: dict[str, Callable[[bytes], dict[str, bytes]]] = {
    "private text": partial(_private, "UT"),
    "private long text": partial(_private, "LT"),
    "public text": lambda data: {"IM1": make_scan(TextValue=data.decode("latin-1"))},
}


def look(files: dict[str, bytes]) -> Report:
    return inspect(Entry(name, [data]) for name, data in files.items())


def find(data: bytes, place: str) -> bool:
    """Whether the name is told when it stands there, packed, beside a scan of that person."""
    files = {"IM0": make_scan(PatientName=f"{NAME}^Tamsin"), **(PLACES | TEXT_PLACES)[place](data)}
    return any(finding.rule == "echo-name" for finding in look(files).findings)
