"""Digital signatures inside scans: do they still fit what they sign, and who signed?

A signature that fits says that the elements it names are as they were when it was made, with
the key that its certificate names. Whether that certificate belongs to whom it says is another
question, which nobody answers here: there is no list of whom to trust.

Source: PS3.3 (2026c) C.12.1.1.3.1 (what is signed, in which bytes), PS3.15 Annex C (profiles).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from companion.receipts import tags as own
from companion.receipts.certificates import Certificate, Trust, fits, read_certificate
from companion.receipts.clinical import WIDTHS, turned
from companion.receipts.elements import PIXELS, DataSet, Element, walk
from companion.scans.dicom import tags
from companion.scans.dicom.encoding import LONG_VRS

MOST_SIGNATURES = 64
"""Of one file; the others are counted."""
MOST_BYTES = 512 * 1024 * 1024
"""Bytes that are summed up for the signatures of one file; further ones are not checked."""
_MOST_SIGNATURE = 8_192
_HASHES = {
    "MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512",
    "RIPEMD160": "ripemd160",
}  # fmt: skip
"""MAC Algorithm (0400,0015), and what ``hashlib`` calls it."""
_NEVER_SIGNED = frozenset(
    {
        tags.DIGITAL_SIGNATURES_SEQUENCE, tags.MAC_PARAMETERS_SEQUENCE,
        tags.DATA_SET_TRAILING_PADDING, own.LENGTH_TO_END,
    }
)  # fmt: skip
_PERSON = frozenset({tags.PATIENT_NAME, tags.PATIENT_ID, tags.PATIENT_BIRTH_DATE})
_LONG = frozenset(vr.decode() for vr in LONG_VRS)
_COMPRESSED = "1.2.840.10008.1.2.4."
_NATIVE = frozenset({"1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"})
_RLE = "1.2.840.10008.1.2.5"


class Verdict(StrEnum):
    """Whether a signature fits what it signs."""

    VALID = "valid"
    BROKEN = "broken"  # what is signed was changed since, or the signature was
    STORED_OTHERWISE = "stored-otherwise"  # compressed or written otherwise since: not checkable
    UNKNOWN_ALGORITHM = "unknown-algorithm"
    INCOMPLETE = "incomplete"  # a part of it is missing or cannot be read
    NOT_CHECKED = "not-checked"  # what checks signatures is not installed, or there are too many


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """One signature, or equal ones in many files."""

    verdict: Verdict
    trust: Trust = Trust.UNKNOWN
    path: str = ""
    """Of the item that it is in; empty for the file as a whole."""
    signer: str = field(default="", repr=False)
    """The certificate's subject."""
    issuer: str = field(default="", repr=False)
    signed_on: str = field(default="", repr=False)
    """As the file has it, ``YYYYMMDDHHMMSS.FFFFFF&ZZXX``: by the signer's clock."""
    valid_from: date | None = None
    """Of the certificate."""
    valid_until: date | None = None
    expired: bool = False
    """The certificate was not valid on the day of the signature, by the signer's clock."""
    covers_picture: bool = False
    """All of the pixel data at its level; what is named as signed and is not there counts not."""
    covers_person: bool = False
    """Whichever are there of name, number and birth date."""
    elements: int = 0
    """Elements that are there and that it signs, at its level."""
    unsigned: int = 0
    """Elements at its level that it does not sign."""
    old_algorithm: bool = False
    """It rests on MD5 or SHA-1, for which another file with the same sum can be made."""
    time_stamp: bool = False
    """Somebody else vouches for the time of the signature, which is not checked here."""
    files: int = 1
    example: str = field(default="", repr=False)
    """The name of a file that has it."""


def count(dataset: DataSet) -> int:
    """How many signatures a file has, those in items included."""
    return sum(
        len(around.items(tags.DIGITAL_SIGNATURES_SEQUENCE)) for _, around in _signed(dataset)
    )


def check_signatures(dataset: DataSet, syntax: str) -> Iterator[SignatureCheck]:
    """Check the signatures of a file that was stored with this transfer syntax."""
    left, room = MOST_SIGNATURES, _Room(MOST_BYTES)
    for path, around in _signed(dataset):
        parameters = {
            item.text(own.MAC_ID_NUMBER): item
            for item in around.items(tags.MAC_PARAMETERS_SEQUENCE)
        }
        for signature in around.items(tags.DIGITAL_SIGNATURES_SEQUENCE):
            if not left:
                return
            left -= 1
            mac = parameters.get(signature.text(own.MAC_ID_NUMBER))
            yield _Check(around, signature, mac, syntax, path, room).result()


def _signed(dataset: DataSet) -> Iterator[tuple[str, DataSet]]:
    """The data set and items of it that hold signatures, each with its path."""
    for path, _, around, element in walk(dataset):
        if element.tag == tags.DIGITAL_SIGNATURES_SEQUENCE and element.items:
            yield path[:-8], around


@dataclass(slots=True)
class _Room:
    """How many bytes may still be summed up."""

    left: int


class _Check:
    """One signature on its way to a verdict."""

    def __init__(
        self,
        around: DataSet,
        signature: DataSet,
        mac: DataSet | None,
        syntax: str,
        path: str,
        room: _Room,
    ) -> None:
        self._around = around
        self._signature = signature
        self._mac = mac
        self._syntax = syntax
        self._path = path
        self._room = room
        self._tags = _tags(mac)

    def result(self) -> SignatureCheck:
        """The verdict, and what is known of the signer."""
        try:
            certificate = read_certificate(_value(self._signature, tags.CERTIFICATE_OF_SIGNER))
        except ImportError:
            return self._said(Verdict.NOT_CHECKED, None)
        if certificate is None or not self._tags or self._mac is None:
            return self._said(Verdict.INCOMPLETE, certificate)
        return self._said(self._verdict(certificate), certificate)

    def _verdict(self, certificate: Certificate) -> Verdict:
        assert self._mac is not None  # noqa: S101 - narrows the type
        name = _HASHES.get(self._mac.text(own.MAC_ALGORITHM).upper())
        raw = _value(self._signature, tags.SIGNATURE)
        if name is None or name not in hashlib.algorithms_available:
            return Verdict.UNKNOWN_ALGORITHM
        if not raw or len(raw) > _MOST_SIGNATURE:
            return Verdict.INCOMPLETE
        stored_as_signed = self._stored_as_signed()
        if stored_as_signed is None:
            return Verdict.STORED_OTHERWISE
        digest = hashlib.new(name, usedforsecurity=False)
        for part in self._bytes():
            self._room.left -= len(part)
            if self._room.left < 0:
                return Verdict.NOT_CHECKED
            digest.update(part)
        fitting = fits(certificate.key, raw, digest.digest(), name)
        if fitting is None:
            return Verdict.UNKNOWN_ALGORITHM
        if fitting:
            return Verdict.VALID
        # Bytes that had to be put together anew may not be those that were signed.
        return Verdict.BROKEN if stored_as_signed else Verdict.STORED_OTHERWISE

    def _stored_as_signed(self) -> bool | None:
        """Whether the file is stored as it was when it was signed; None where what is signed
        cannot be put together from it."""
        assert self._mac is not None  # noqa: S101 - narrows the type
        then = self._mac.text(own.MAC_CALCULATION_TRANSFER_SYNTAX_UID)
        if then not in _NATIVE and not then.startswith((_COMPRESSED, _RLE)):
            return None
        pixels = [
            self._around.by_tag[tag] for tag in PIXELS & {*self._tags} & {*self._around.by_tag}
        ]
        for element in pixels:
            compressed = element.fragments is not None
            if compressed != (then not in _NATIVE) or (compressed and then != self._syntax):
                return None
        covered = [self._around.by_tag[tag] for tag in self._tags if tag in self._around.by_tag]
        return all(element.said and element.little for element in covered)

    def _bytes(self) -> Iterator[bytes | memoryview]:
        """What is signed: the elements as explicit VR little endian writes them, sequences, items
        and fragments without their lengths; then the signature, up to what the signing added."""
        for tag in self._tags:
            if (element := self._around.by_tag.get(tag)) is not None:
                yield from _written(element)
        later = {
            tags.CERTIFICATE_OF_SIGNER, tags.SIGNATURE, own.CERTIFIED_TIMESTAMP_TYPE,
            tags.CERTIFIED_TIMESTAMP,
        }  # fmt: skip
        for element in self._signature.elements:
            if element.tag not in later:
                yield from _written(element)

    def _said(self, verdict: Verdict, certificate: Certificate | None) -> SignatureCheck:
        """What is to be said of the signature, whatever came of it."""
        # Anyone may name more elements as signed, as long as they are not there.
        there = self._around.by_tag.keys()
        signed = there & {*self._tags}
        others = [tag for tag in there - signed if tag not in _NEVER_SIGNED and tag & 0xFFFF]
        signed_on = self._signature.text(own.DIGITAL_SIGNATURE_DATE_TIME)[:40]
        mac = "" if self._mac is None else self._mac.text(own.MAC_ALGORITHM).upper()
        said: dict[str, Any] = {}
        if certificate is not None:
            begins, ends = certificate.valid_from, certificate.valid_until
            when = _day(signed_on)
            said = {
                "trust": certificate.trust,
                "signer": certificate.signer,
                "issuer": certificate.issuer,
                "valid_from": begins,
                "valid_until": ends,
                "expired": bool(when and ((begins and when < begins) or (ends and when > ends))),
            }
        return SignatureCheck(
            verdict,
            path=self._path,
            signed_on=signed_on,
            covers_picture=_all_signed(PIXELS & there, signed),
            covers_person=_all_signed(_PERSON & there, signed),
            elements=len(signed),
            unsigned=len(others),
            old_algorithm=mac in {"MD5", "SHA1"},
            time_stamp=bool(_value(self._signature, tags.CERTIFIED_TIMESTAMP)),
            **said,
        )


def _all_signed(there: Set[int], signed: Set[int]) -> bool:
    return bool(there) and there <= signed


def _tags(mac: DataSet | None) -> tuple[int, ...]:
    """Data Elements Signed, which PS3.3 C.12.1.1.3.1.1 has in the order of the data set."""
    element = None if mac is None else mac.by_tag.get(own.DATA_ELEMENTS_SIGNED)
    if element is None or element.items is not None:
        return ()
    raw = bytes(element.value)
    form = "<" if element.little else ">"
    numbers = struct.unpack(f"{form}{len(raw) // 2}H", raw[: len(raw) // 2 * 2])
    found = tuple(a << 16 | b for a, b in zip(numbers[::2], numbers[1::2], strict=False))
    return found if len({*found}) == len(found) else ()  # no list names an element twice


def _written(element: Element) -> Iterator[bytes | memoryview]:
    """An element in the bytes that are signed.

    Walks items with a stack of its own: they may lie in each other as deep as a file likes.
    """
    todo: list[Element | bytes] = [element]
    while todo:
        one = todo.pop()
        if isinstance(one, bytes):
            yield one
            continue
        vr = one.said or one.vr
        head = struct.pack("<HH", one.tag >> 16, one.tag & 0xFFFF) + vr.encode("latin-1")
        if one.items is not None:
            yield head + b"\0\0"
            todo.append(_SEQUENCE_END)
            for item in reversed(one.items):
                todo.extend(inner for inner in reversed(item.elements) if _may_be_signed(inner.tag))
                todo.append(_ITEM)
        elif one.fragments is not None:
            yield head + b"\0\0"
            for fragment in one.fragments:
                yield _ITEM
                yield fragment
            yield _SEQUENCE_END
        else:
            value = one.value
            if not one.little:
                value = turned(bytes(value), WIDTHS.get(vr, 1))
            length = (len(value), "<xxI") if vr in _LONG else (len(value) & 0xFFFF, "<H")
            yield head + struct.pack(length[1], length[0])
            yield value


_ITEM = b"\xfe\xff\x00\xe0"
_SEQUENCE_END = b"\xfe\xff\xdd\xe0"


def _may_be_signed(tag: int) -> bool:
    """Whether an element counts inside a sequence that is signed (C.12.1.1.3.1.1)."""
    return bool(tag & 0xFFFF) and tag not in {own.LENGTH_TO_END, tags.DATA_SET_TRAILING_PADDING}


def _value(dataset: DataSet, tag: int) -> bytes:
    element = dataset.by_tag.get(tag)
    return b"" if element is None or element.items is not None else bytes(element.value)


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
