"""Files -> a receipt, one file in memory at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from companion.receipts import clinical, elements, points, signatures
from companion.receipts.details import Memory
from companion.receipts.elements import DataSet, NotUnderstoodError
from companion.receipts.opening import Opened, Opening
from companion.receipts.programs import Programs
from companion.receipts.receipt import (
    FileKind,
    FileReceipt,
    Identity,
    Lack,
    NotRead,
    Receipt,
)
from companion.receipts.signing import Signing
from companion.receipts.traces import Traces
from companion.scans.dicom import tags
from companion.scans.dicom.preamble import data_set_start, is_directory
from companion.scans.findings import Note
from companion.scans.inspection import Entry, OnProgress, Progress
from companion.scans.limits import Limits

MOST_HELD = 160 * 1024 * 1024
"""Bytes of one file that are held; of a longer one only its own fingerprint is taken."""
_ENOUGH = 1_024
"""Bytes that tell whether a file is a scan."""
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)*")
"""What may stand in a receipt as a UID: where a file has words in its place, they stay out."""
_MOST_UID = 64
_MOST_NUMBER = 2**31

Decode = Callable[[bytes], str]
"""The fingerprint of a DICOM file's compressed picture by its points, empty where there is none
to be had: ``decoding.points_of``, called where a crash does no harm."""


def make_receipt(
    entries: Iterable[Entry],
    *,
    made_on: date,
    limits: Limits | None = None,
    decode: Decode | None = None,
    details: bool = False,
    held_bytes: int = MOST_HELD,
    on_progress: OnProgress | None = None,
) -> Receipt:
    """Take the fingerprints of all files; ZIPs and packed files are opened.

    ``decode`` is asked for compressed pictures; without it their points are not taken.
    ``details``: also keep the elements in words, to compare with another set at hand; they, the
    files' names, signatures and traces are never in ``Receipt.to_json``. Raises only what the
    entries raise, but for ``CutOff``.
    """
    making = _Making(decode, held_bytes, details=details)
    opening = Opening(limits or Limits())
    rows: list[FileReceipt] = []
    read = 0
    for opened in opening.files(entries):
        row = making.take(opened)
        if row is None:
            opening.unread.append(NotRead(opened.name, min(opened.notes, default=Note.EMPTY)))
        else:
            rows.append(row)
            read += row.size
        if on_progress is not None:
            on_progress(Progress(len(rows), read))
    rows.sort(key=_order)
    return Receipt(
        made_on,
        tuple(rows),
        len(opening.unread),
        unread=tuple(opening.unread),
        signatures=making.signing.checks(),
        traces=making.traces.found(),
    )


def _order(row: FileReceipt) -> tuple[str, str, int, str, str]:
    """Scans first, by study, series and number; the order in which files come tells nothing."""
    study = row.study if row.kind is FileKind.SCAN else "~"
    return study, row.series, row.number or 0, row.instance, row.file


class _Making:
    def __init__(self, decode: Decode | None, held_bytes: int, *, details: bool) -> None:
        self.signing = Signing()
        self.traces = Traces()
        self._programs = Programs()
        self._decode = decode
        self._held_bytes = held_bytes
        self._memory = Memory() if details else None

    def take(self, opened: Opened) -> FileReceipt | None:
        """The fingerprints of one file; None where not one byte of it came."""
        digest = hashlib.sha256()
        pieces: list[bytes] = []
        size, start, held = 0, None, True
        for chunk in opened.chunks:
            digest.update(chunk)
            if not size:
                start = data_set_start(chunk[:_ENOUGH])
                held = start is not None
            size += len(chunk)
            held = held and size <= self._held_bytes
            if held:
                pieces.append(chunk)
            else:
                pieces.clear()
        if not size and not opened.whole:
            return None
        lacks = () if opened.whole else (Lack.FILE_CUT,)
        row = FileReceipt(digest.hexdigest(), size, lacks=lacks, name=opened.name)
        if start is None:
            return row
        if not held:
            return replace(row, kind=FileKind.SCAN, lacks=(*lacks, Lack.TOO_LARGE))
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        try:
            return self._scan(row, bytes(data), start)
        except MemoryError:
            return replace(row, kind=FileKind.SCAN, lacks=(*lacks, Lack.TOO_LARGE))

    def _scan(self, row: FileReceipt, data: bytes, start: int) -> FileReceipt:
        """The fingerprints of a file that begins as a scan does."""
        kind = FileKind.DIRECTORY if is_directory(data) else FileKind.SCAN
        try:
            file = elements.read(data, start)
        except NotUnderstoodError as error:
            row = replace(row, kind=kind, lacks=(*row.lacks, Lack.HEADER_NOT_READ))
            return _numbered(row, error.begun)
        dataset = file.dataset
        row = _numbered(row, dataset)
        header, view = clinical.fingerprints(dataset)
        picture = points.picture_of(dataset, file.syntax)
        unpacked = picture.points
        if picture.compressed and not picture.cut and self._decode is not None:
            unpacked = self._decode(data)
        self.signing.take(file, row.name)
        self.traces.take(dataset, row.name)
        return replace(
            row,
            kind=kind,
            syntax=_uid(file.syntax),
            colours=points.colours_of(dataset),
            header=header,
            shown=view,
            stored=picture.stored,
            points=unpacked,
            frames=picture.frames,
            lossy=points.is_lossy(dataset),
            removed=dataset.text(tags.PATIENT_IDENTITY_REMOVED).upper() == "YES",
            program=self._programs.certainty(dataset, data),
            signatures=signatures.count(dataset),
            lacks=(*row.lacks, *_lacks(picture, unpacked)),
            identity=Identity(
                dataset.text(tags.PATIENT_ID),
                dataset.text(tags.PATIENT_NAME),
                dataset.text(tags.PATIENT_BIRTH_DATE),
            ),
            details=self._memory.details_of(dataset) if self._memory else None,
        )


def _numbered(row: FileReceipt, dataset: DataSet) -> FileReceipt:
    """The row with the numbers by which a file is known; words in their place stay out."""
    return replace(
        row,
        study=_uid(dataset.text(tags.STUDY_INSTANCE_UID)),
        series=_uid(dataset.text(tags.SERIES_INSTANCE_UID)),
        instance=_uid(dataset.text(tags.SOP_INSTANCE_UID)),
        frame=_uid(dataset.text(tags.FRAME_OF_REFERENCE_UID)),
        sop_class=_uid(dataset.text(tags.SOP_CLASS_UID)),
        number=_number(dataset.text(tags.INSTANCE_NUMBER)),
    )


def _lacks(picture: points.Picture, unpacked: str) -> Iterator[Lack]:
    if picture.cut:
        yield Lack.PICTURE_CUT
    elif picture.stored and not unpacked:
        yield Lack.PICTURE_NOT_UNPACKED


def _uid(text: str) -> str:
    """A UID as a receipt has it; none where the file has something else in its place."""
    return text if len(text) <= _MOST_UID and _UID.fullmatch(text) else ""


def _number(text: str) -> int | None:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 10):
        return None
    return int(plain) if int(plain) < _MOST_NUMBER else None
