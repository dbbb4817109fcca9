"""A hint whose scan a file is, before it is parsed: how its bytes name the patient.

Counting for every value whose files it occurs in must cost next to nothing. So each file
is told apart by the raw bytes of its patient's name and number, found by a search for
their tags. It is a hint: what is parsed decides whether all files of one hint are one
person's, and where they are not, nobody is named.
"""

from __future__ import annotations

import struct

from companion.content import cleaning
from companion.scans.dicom import tags

_NEAR = 131_072
"""Bytes from the start in which a header names its patient."""
_LONGEST = 256


def _ways(tag: int) -> tuple[bytes, ...]:
    """The two ways in which a tag is written."""
    return tuple(struct.pack(order + "HH", tag >> 16, tag & 0xFFFF) for order in "<>")


_TAGS = tuple(map(_ways, (tags.PATIENT_NAME, tags.PATIENT_ID)))
_METHOD = _ways(tags.DEIDENTIFICATION_METHOD)


def patient_hint(data: bytes) -> int | None:
    """A number for the patient's name and number as written; None where neither is found."""
    found = tuple(_raw_value(data, ways) for ways in _TAGS)
    return None if found == (b"", b"") else hash(found)


def says_copy(data: bytes) -> bool:
    """Whether a file says that it is a copy of ``companion.cleaning``, in the words of those."""
    method = cleaning.facts().method.encode()
    if data.find(method, 0, _NEAR + _LONGEST) < 0:  # no tag need be looked for
        return False
    return _raw_value(data, _METHOD)[4:].split(b"\\")[0].strip() == method


def _raw_value(data: bytes, ways: tuple[bytes, ...]) -> bytes:
    """The value behind the first of a tag's two ways of writing, with its length in front."""
    for order, tag in zip("<>", ways, strict=True):
        at = data.find(tag, 0, _NEAR)
        if at < 0:
            continue
        head = bytes(data[at + 4 : at + 8])
        if len(head) < 4:
            continue
        explicit = head[:2].isalpha()
        (length,) = (
            struct.unpack_from(order + "H", head, 2)
            if explicit
            else struct.unpack(order + "I", head)
        )
        if length <= _LONGEST:
            return head + bytes(data[at + 8 : at + 8 + length])
    return b""
