"""The first bytes of a file: is it a scan, and how is it written?

They are believed before the file's name, and before what the file says of itself.
"""

from __future__ import annotations

import struct

from companion import signatures
from companion.scans.dicom import tags
from companion.scans.dicom.encoding import BIG, EXPLICIT, IMPLICIT, LONG_VRS, SHORT_VRS, Encoding
from companion.scans.findings import Note

IMPLICIT_SYNTAX = "1.2.840.10008.1.2"
BIG_SYNTAX = "1.2.840.10008.1.2.2"
DEFLATED_SYNTAXES = frozenset(
    {"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"}
)
_TRANSFER_SYNTAX = tags.TRANSFER_SYNTAX_UID & 0xFFFF
"""The number of its element within group 0002."""
MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"

_OTHER_FORMATS = (
    signatures.TIFF, signatures.PE, signatures.ELF, signatures.MACH_O, signatures.SCRIPT,
    signatures.PDF, signatures.ZIP, signatures.ZIP_ONCE_SPLIT,
)  # fmt: skip
"""Formats that a file can have beside DICOM, by what its preamble holds."""
_ARCHIVES = (
    (signatures.RAR, Note.RAR), (signatures.SEVEN_ZIP, Note.SEVEN_ZIP), (signatures.TAR, Note.TAR),
    (signatures.GZIP, Note.COMPRESSED), (signatures.BZIP2, Note.COMPRESSED),
    (signatures.XZ, Note.COMPRESSED), (signatures.ZSTANDARD, Note.COMPRESSED),
    (signatures.ISO_9660, Note.DISC_IMAGE), (signatures.UDF, Note.DISC_IMAGE),
)  # fmt: skip


def looks_like(preamble: bytes) -> str:
    """What kind of file a preamble that is not empty begins as."""
    found = signatures.first_fit(preamble, _OTHER_FORMATS)
    if found is not None:
        return found.name
    if preamble.lstrip()[:1] == b"<":
        return "HTML"
    body = preamble.rstrip(b"\0 ")
    return "text" if all(9 <= byte < 127 for byte in body) else "other"


def data_set_start(data: bytes) -> int | None:
    """Where the meta header or data set of a DICOM file starts; None if it is none."""
    if signatures.DICOM.fits(data):
        return 132
    if data[:4] == b"DICM":
        return 4
    if len(data) >= 8 and guess(data, 0) is not None:
        group = struct.unpack_from("<H", data)[0]
        if group in {0x0002, 0x0004, 0x0008, 0x0200, 0x0400, 0x0800}:
            return 0
    return None


def meta_end(data: bytes, start: int) -> tuple[int, str]:
    """Where group 0002 ends, whatever its group length says, and the transfer syntax."""
    position, syntax = start, ""
    while position + 8 <= len(data):
        group, number, vr, length = struct.unpack_from("<HH2sH", data, position)
        if group != 0x0002:
            break
        body = position + 8
        if vr in LONG_VRS:
            if position + 12 > len(data):
                break
            length = struct.unpack_from("<I", data, position + 8)[0]
            body = position + 12
        elif vr not in SHORT_VRS:
            length = struct.unpack_from("<I", data, position + 4)[0]
        if body + length > len(data):
            break
        if number == _TRANSFER_SYNTAX:
            syntax = data[body : body + length].rstrip(b"\0 ").decode("latin-1").strip()
        position = body + length
    return position, syntax


def guess(data: bytes, position: int) -> Encoding | None:
    """How the data set at an offset is written, by its first element; None if unclear."""
    if position + 8 > len(data):
        return None
    group, number, vr, _ = struct.unpack_from("<HH2sH", data, position)
    swapped = struct.unpack_from(">H", data, position)[0]
    if vr in LONG_VRS or vr in SHORT_VRS:
        at, form = (position + 8, "I") if vr in LONG_VRS else (position + 6, "H")
        if at + struct.calcsize(form) > len(data):
            return None
        little = struct.unpack_from(f"<{form}", data, at)[0]
        big = struct.unpack_from(f">{form}", data, at)[0]
        # Read the wrong way round, a length is hardly ever the smaller one; the group
        # alone would take an overlay's 6000 for a 0060.
        return BIG if swapped < group and (big, swapped) < (little, 0x11) else EXPLICIT
    length = struct.unpack_from("<I", data, position + 4)[0]
    if group in {0x0002, 0x0004, 0x0008, 0x0010} and number <= 0x9999 and length <= 0x10000:
        return IMPLICIT
    return None


def is_directory(data: bytes) -> bool:
    """Whether the meta header says that this is a DICOMDIR."""
    head = data[:1_024]
    at = head.find(b"\x02\x00\x02\x00UI")
    return at >= 0 and head[at + 8 :].startswith(MEDIA_DIRECTORY.encode())


def archive_note(data: bytes) -> Note | None:
    """The note for an archive or disc image that is not opened, by its first bytes."""
    return next((note for one, note in _ARCHIVES if one.fits(data)), None)


def encoding_of(data: bytes, start: int) -> tuple[Encoding, int, str]:
    """How the data set is written, where it starts, and its transfer syntax."""
    offset, syntax = meta_end(data, start)
    if syntax == BIG_SYNTAX:
        encoding = BIG
    elif syntax == IMPLICIT_SYNTAX:
        encoding = IMPLICIT
    else:
        encoding = EXPLICIT
    if syntax in DEFLATED_SYNTAXES:
        return EXPLICIT, offset, syntax
    # Files exist that are written otherwise than they say: believe the bytes.
    seen = guess(data, offset)
    if seen is not None:
        encoding = seen
    return encoding, offset, syntax
