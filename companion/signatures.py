"""The bytes by which file formats are known ("magic bytes"), in one table.

Each reader asks for the formats that it handles, in its own order: what begins like a TIFF
is a picture to one and a strange preamble to another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files, and what its files hold near their beginning."""

    name: str
    parts: tuple[tuple[int, tuple[bytes, ...]], ...]
    """Offsets, and the bytes of which one has to be there; all parts have to fit."""
    longer_than: int = 0
    """Bytes that a shorter file of the format does not have room for."""

    def fits(self, data: bytes) -> bool:
        """Whether ``data``, which may be the beginning of a file, is of this format."""
        if len(data) <= self.longer_than:
            return False
        for offset, marks in self.parts:
            for mark in marks:  # asked of every file: a loop is faster than any()
                if data[offset : offset + len(mark)] == mark:
                    break
            else:
                return False
        return True


def first_fit(data: bytes, formats: Iterable[Format]) -> Format | None:
    """The first of ``formats`` that ``data`` is of."""
    return next((one for one in formats if one.fits(data)), None)


def heads(formats: Iterable[Format]) -> re.Pattern[bytes]:
    """What data match that may be of one of ``formats``: all others are told in one step."""
    ways = [
        b".{%d}(?:%s)" % (offset, b"|".join(map(re.escape, marks)))
        for offset, marks in (one.parts[0] for one in formats)
    ]
    return re.compile(b"|".join(ways), re.DOTALL)


def has_pdf_header(data: bytes) -> bool:
    """Whether ``data`` is a PDF: readers take one that begins within the first 1,024 bytes."""
    return b"%PDF-" in data[:1024]


def _begins(name: str, *marks: bytes) -> Format:
    return Format(name, ((0, marks),))


DICOM = Format("DICOM", ((128, (b"DICM",)),))

# Pictures.
JPEG = _begins("JPEG", b"\xff\xd8\xff")
PNG = _begins("PNG", b"\x89PNG\r\n\x1a\n")
GIF = _begins("GIF", b"GIF87a", b"GIF89a")
TIFF = _begins("TIFF", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # "+": BigTIFF
BMP = Format("BMP", ((0, (b"BM",)), (6, (b"\0\0\0\0",))), longer_than=26)
WEBP = Format("WebP", ((0, (b"RIFF",)), (8, (b"WEBP",))))
HEIF = Format("HEIF", ((4, (b"ftyp",)), (8, (b"heic", b"heix", b"mif1", b"avif", b"heim"))))
JP2 = _begins("JP2", b"\0\0\0\x0cjP  \r\n")
JPEG_2000 = _begins("JPEG 2000 codestream", b"\xff\x4f\xff\x51")

# Videos.
MP4 = Format(
    "MP4", ((4, (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")),), longer_than=15
)
AVI = Format("AVI", ((0, (b"RIFF",)), (8, (b"AVI ", b"WAVE"))))
MATROSKA = _begins("Matroska", b"\x1a\x45\xdf\xa3")
ASF = _begins("ASF", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11")
MPEG_VIDEO = _begins("MPEG", b"\0\0\1\xba", b"\0\0\1\xb3")
MPEG_TRANSPORT = Format(
    "MPEG transport stream", ((0, (b"G",)), (188, (b"G",)), (376, (b"G",))), longer_than=563
)
H264 = _begins(
    "H.264",
    b"\0\0\0\1\x67",
    b"\0\0\0\1\x27",
    b"\0\0\0\1\x09",
    b"\0\0\0\1\x06",
    b"\0\0\1\x67",
)
H265 = _begins("H.265", b"\0\0\0\1\x40\1", b"\0\0\0\1\x46\1", b"\0\0\0\1\x42\1")

# Archives and images of discs.
ZIP_ENTRY_SIGNATURE, ZIP_END_SIGNATURE, ZIP_SPLIT_SIGNATURE = b"PK\x03\x04", b"PK\x05\x06", b"PK00"
ZIP = _begins("ZIP", ZIP_ENTRY_SIGNATURE, ZIP_END_SIGNATURE)
ZIP_ONCE_SPLIT = _begins("ZIP", ZIP_SPLIT_SIGNATURE + ZIP_ENTRY_SIGNATURE)
GZIP = _begins("gzip", b"\x1f\x8b")
BZIP2 = _begins("bzip2", b"BZh")
XZ = _begins("xz", b"\xfd7zXZ\0")
ZSTANDARD = _begins("Zstandard", b"\x28\xb5\x2f\xfd")
SEVEN_ZIP = _begins("7z", b"7z\xbc\xaf\x27\x1c")
RAR = _begins("RAR", b"Rar!\x1a\x07")
TAR = Format("tar", ((257, (b"ustar",)),))
ISO_9660 = Format("ISO 9660", ((32_769, (b"CD001",)),))
UDF = Format("UDF", ((32_769, (b"BEA01", b"NSR02", b"NSR03")),))

# Programs and databases.
PE = _begins("PE", b"MZ")
ELF = _begins("ELF", b"\x7fELF")
MACH_O = _begins("Mach-O", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
MACH_O_BIG_ENDIAN = _begins("Mach-O", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf")
SCRIPT = _begins("script", b"#!")
HDF5 = _begins("HDF5", b"\x89HDF\r\n\x1a\n")
SQLITE = _begins("SQLite", b"SQLite format 3\0")
ACCESS = _begins("Access", b"\x00\x01\x00\x00Standard")

# Documents.
PDF = _begins("PDF", b"%PDF")
RTF = _begins("RTF", b"{\\rtf")
HL7 = _begins("HL7", b"MSH|")
OLE = _begins("OLE", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""The container of old office files."""
