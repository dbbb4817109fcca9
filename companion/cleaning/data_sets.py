"""A scan's bytes -> a pydicom data set, of the first data set alone; and back to bytes.

The bytes up to where our own parser saw the data set end are read: what is behind it, a second
data set or something that is no scan at all, never comes near the copy.
"""

from __future__ import annotations

import io
import warnings
import zlib

from pydicom import Dataset, dcmread, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from companion.scans.dicom import tags
from companion.scans.dicom.encoding import BIG, EXPLICIT, Encoding
from companion.scans.dicom.parser import Parser
from companion.scans.dicom.preamble import DEFLATED_SYNTAXES, data_set_start, encoding_of
from companion.scans.dicom.structure import DataSetParse
from companion.scans.findings import Place
from companion.scans.inventory import Inventory
from companion.scans.limits import Limits

_PREAMBLE = b"\0" * 128
_IMPLEMENTATION = UID("2.25.239127093424286117358429186044637102911")
"""Ours, of the program that wrote the file."""


class UnreadableError(Exception):
    """A scan that cannot be read for a copy; it never says what it held."""


def read(data: bytes, limits: Limits, *, exactly: bool) -> Dataset:
    """The data set of a scan, with a file meta that names how it is written.

    ``exactly``: something may stand behind the data set, so that its end is looked for.
    Raises ``UnreadableError``.
    """
    start = data_set_start(data)
    if start is None:
        raise UnreadableError
    encoding, offset, syntax = encoding_of(data, start)
    body = data[offset:]
    if syntax in DEFLATED_SYNTAXES:
        body = _inflated(body, limits.inflated_bytes)
        encoding = EXPLICIT
    if exactly:
        body = body[: _end(body, encoding, limits)]
    found = of_elements(body, _syntax(encoding, syntax))
    if not encoding.explicit and is_compressed(syntax) and _has_items(found):
        # No compressed syntax is written so; in the copy the data set is as theirs wants it.
        found.file_meta.TransferSyntaxUID = UID(syntax)
    return found


def of_elements(raw: bytes, syntax: str) -> Dataset:
    """A data set of some elements that are written as ``syntax`` says.

    Raises ``UnreadableError``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            meta = FileMetaDataset()
            meta.TransferSyntaxUID = UID(syntax)
            found = dcmread(io.BytesIO(_head(meta) + raw), force=True)
            found.file_meta.TransferSyntaxUID = meta.TransferSyntaxUID
            return found
    except Exception as error:
        raise UnreadableError from error


def written(data_set: Dataset) -> bytes:
    """A file with an empty preamble, a fresh file meta and the data set."""
    syntax = data_set.file_meta.TransferSyntaxUID
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = data_set.get("SOPClassUID", "")
    meta.MediaStorageSOPInstanceUID = data_set.get("SOPInstanceUID", "")
    meta.ImplementationClassUID = _IMPLEMENTATION
    meta.ImplementationVersionName = "COMPANION"
    data_set.file_meta = meta
    data_set.preamble = _PREAMBLE
    target = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dcmwrite(target, data_set, enforce_file_format=True)
    except Exception as error:
        raise UnreadableError from error
    return target.getvalue()


def is_compressed(syntax: str) -> bool:
    """Whether pixels stand in items under a transfer syntax; False for one that nobody knows."""
    uid = UID(syntax)
    return not uid.is_private and uid.is_transfer_syntax and uid.is_encapsulated


def header_and_pixels(data: bytes, data_set: Dataset) -> tuple[bytes, tuple[bytes, ...]]:
    """The bytes of a written file without its pixels' values, and those values."""
    values = [
        element.value
        for tag in (tags.PIXEL_DATA, tags.FLOAT_PIXEL_DATA, tags.DOUBLE_FLOAT_PIXEL_DATA)
        if tag in data_set and isinstance((element := data_set.get_item(tag)).value, bytes)
    ]
    header = data
    for value in values:
        if header.endswith(value):  # as nearly always: a search for so much takes its time
            header = header[: len(header) - len(value)]
            continue
        at = header.rfind(value) if len(value) > 64 else -1
        if at >= 0:
            header = header[:at] + header[at + len(value) :]
    return header, tuple(values)


def _end(body: bytes, encoding: Encoding, limits: Limits) -> int:
    parser = Parser(Inventory(max_values=0), limits)
    parser.elements.searches = False
    parser.begin()
    parse = DataSetParse(body)
    parser.parse(parse, 0, len(body), encoding, Place.HEADER)
    return parse.stopped


def _inflated(body: bytes, most: int) -> bytes:
    try:
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        found = engine.decompress(body, most)
    except zlib.error as error:
        raise UnreadableError from error
    if not engine.eof:
        raise UnreadableError
    return found


def _syntax(encoding: Encoding, syntax: str) -> UID:
    """The transfer syntax under which the copy is written: what the bytes are, not what they say.

    A deflated data set is written inflated; encapsulated pixels keep their own syntax.
    """
    if encoding == BIG:
        return ExplicitVRBigEndian
    if not encoding.explicit:
        return ImplicitVRLittleEndian
    plain = syntax in DEFLATED_SYNTAXES or syntax in ("", ImplicitVRLittleEndian)
    return ExplicitVRLittleEndian if plain or syntax == ExplicitVRBigEndian else UID(syntax)


def _has_items(data_set: Dataset) -> bool:
    """Whether the pixels stand in items, as compressed frames do (PS3.5 A.4)."""
    return tags.PIXEL_DATA in data_set and data_set[tags.PIXEL_DATA].is_undefined_length


def _head(meta: FileMetaDataset) -> bytes:
    """A preamble and the least file meta that says how the data set is written."""
    target = DicomBytesIO()
    target.write(_PREAMBLE + b"DICM")
    write_file_meta_info(target, meta, enforce_standard=False)
    return bytes(target.getvalue())
