"""A slice of a series, cleaned by its bytes: what it shares with the slices before is known.

In a series only numbers, UIDs and days differ. Every other element of a slice is, byte for
byte, one of a slice before it, and so is what becomes of it: it is cleaned once, by the same
``Cleaner`` that cleans whole files, and searched for the originals once. What is out of the
ordinary (another byte order, compressed pixels, an element out of its place) is left to that
way alone; the outcome of both is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from pydicom import Dataset
from pydicom.datadict import keyword_for_tag
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from companion.cleaning import data_sets
from companion.cleaning.elements import Stored, UnevenError, elements_of, head, written
from companion.cleaning.header import Cleaner, Counted
from companion.cleaning.originals import Originals
from companion.cleaning.pixels.tidying import UntidyError, tidied
from companion.cleaning.shapes import Action
from companion.cleaning.steps import vr_of
from companion.scans.dicom import tags
from companion.scans.dicom.encoding import EXPLICIT, IMPLICIT, Encoding
from companion.scans.dicom.preamble import data_set_start, encoding_of, meta_end
from companion.scans.pictures.stored import StoredPicture

_CONTEXT = frozenset(
    {
        tags.SPECIFIC_CHARACTER_SET, tags.SOP_CLASS_UID, tags.MODALITY, tags.BITS_ALLOCATED,
        tags.PIXEL_REPRESENTATION, tags.IMAGE_TYPE,
    }
)  # fmt: skip
"""Elements by which others are read or written."""
_NOT_HERE = frozenset(
    {
        tags.CODING_SCHEME_DESIGNATOR, tags.REFERENCED_SOP_INSTANCE_UID, tags.FLOAT_PIXEL_DATA,
        tags.DOUBLE_FLOAT_PIXEL_DATA, tags.EXTENDED_OFFSET_TABLE, tags.ENCAPSULATED_DOCUMENT,
        tags.EXTENDED_OFFSET_TABLE_LENGTHS, tags.DATA_SET_TRAILING_PADDING,
    }
)  # fmt: skip
"""Elements of data sets that are no plain slices."""
_SYNTAXES = {EXPLICIT: ExplicitVRLittleEndian, IMPLICIT: ImplicitVRLittleEndian}
_DESCRIBES = frozenset(
    {
        tags.ROWS, tags.COLUMNS, tags.SAMPLES_PER_PIXEL, tags.BITS_ALLOCATED, tags.BITS_STORED,
        tags.HIGH_BIT, tags.PIXEL_REPRESENTATION, tags.PHOTOMETRIC_INTERPRETATION,
        tags.NUMBER_OF_FRAMES, tags.PLANAR_CONFIGURATION,
    }
)  # fmt: skip
_PREFIX = bytes(128) + b"DICM"
_SHORT_HEAD = 8
_PART_BYTES = 300
_MOST_BYTES = 48 * 1024 * 1024
"""Bytes of what is remembered of a set."""
_ONE = "2.25.1"


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes of one element."""

    out: bytes = field(repr=False)
    """Empty where it is removed."""
    done: frozenset[tuple[Action, str, str, str]] = frozenset()
    words: bytes = b""
    """A mark of what it says, as ``Cleaner.clean`` returns one; of a number only its tag."""
    kept_words: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What a copy says of how it was cleaned."""

    key: str
    """The same for the same marks."""
    write: Callable[[Dataset], None]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What files have in common by which their elements are read and written alike."""

    fixed: dict[int, bytes] = field(repr=False)
    """Elements that the copy has whatever stood there: the person's code, and the marks."""
    file_meta: tuple[bytes, ...] = field(repr=False)
    done: frozenset[tuple[Action, str, str, str]]
    wide: bool
    """Whether a sample takes more than a byte."""
    known: dict[bytes, Part] = field(default_factory=dict, repr=False)

    def meta(self, instance: bytes) -> bytes:
        """The file meta of one file, from its instance's UID."""
        uid = written(tags.MEDIA_STORAGE_SOP_INSTANCE_UID, "UI", instance, explicit=True)
        rest = b"".join(
            uid if raw[:4] == uid[:4] else raw for raw in self.file_meta[1:]
        )  # the first is the length of all others
        length = len(rest).to_bytes(4, "little")
        return written(tags.FILE_META_INFORMATION_GROUP_LENGTH, "UL", length, explicit=True) + rest


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One slice as it may go out, but for its inspection."""

    data: bytes = field(repr=False)
    counted: Counted
    words: bytes = field(repr=False)
    elements: dict[int, bytes] = field(repr=False)
    """Its elements, head and value, by their tags."""


class Rewriter:
    """Rewrites the slices of one set. It knows nothing of pictures beyond their unused bits."""

    def __init__(self, cleaner: Cleaner, originals: Originals) -> None:
        self._cleaner = cleaner
        self._originals = originals
        self._kinds: dict[tuple[str | bytes, ...], _Kind] = {}
        self._held = 0

    def elements(self, data: bytes) -> tuple[Encoding, list[Stored]] | None:
        """The elements of a file that may be rewritten; None of one that may not."""
        start = data_set_start(data)
        if start is None:
            return None
        encoding, offset, syntax = encoding_of(data, start)
        if _SYNTAXES.get(encoding) != syntax:
            return None
        try:
            found = list(elements_of(data, offset, encoding))
        except UnevenError:
            return None
        known = {one.tag for one in found}
        if tags.PIXEL_DATA not in known or not _NOT_HERE.isdisjoint(known):
            return None
        return encoding, found

    def data_set(self, encoding: Encoding, elements: Iterable[Stored]) -> Dataset:
        """These elements alone as a data set. Raises ``UnreadableError``."""
        raw = b"".join(one.raw for one in sorted(elements, key=lambda one: one.tag))
        return data_sets.of_elements(raw, _SYNTAXES[encoding])

    def rewritten(
        self, encoding: Encoding, elements: list[Stored], marks: Marks
    ) -> Rewritten | None:
        """One slice, cleaned; None where something in it has to be looked at as a whole.

        ``marks`` writes into a data set how it was cleaned. Raises ``UnreadableError``.
        """
        context = [one for one in elements if one.tag in _CONTEXT]
        kind = self._kind(encoding, context, marks)
        counted, words = Counted(set(kind.done)), []
        out = dict(kind.fixed)
        fresh: dict[bytes, Part] = {}
        for one in elements:
            if one.tag == tags.PIXEL_DATA:
                continue
            raw = one.data[one.start : one.end]
            part = kind.known.get(raw)
            if part is None:
                part = self._direct(one, encoding) or self._part(one, encoding, context)
                fresh[raw] = part
            words.append(part.words)
            if part.done:
                counted.done |= part.done
            if part.kept_words:
                counted.kept_words = True
            if part.out and one.tag not in kind.fixed:
                out[one.tag] = part.out
        pixels = _pixels(elements, encoding)
        if pixels is None or tags.SOP_INSTANCE_UID not in out:
            return None
        meta = kind.meta(out[tags.SOP_INSTANCE_UID][_SHORT_HEAD:])
        new = meta + b"".join(part.out for part in fresh.values())
        if self._originals.stands_in_bytes(new, (pixels,)):
            return None
        self._remember(kind, fresh)
        vr = "OW" if kind.wide else "OB"
        out[tags.PIXEL_DATA] = head(tags.PIXEL_DATA, vr, len(pixels), explicit=encoding.explicit)
        order = sorted(out)
        behind = order.index(tags.PIXEL_DATA) + 1
        data = b"".join(
            (_PREFIX, meta, *(out[tag] for tag in order[:behind]), pixels,
             *(out[tag] for tag in order[behind:]))
        )  # fmt: skip
        mark = blake2b(b"".join(words), digest_size=16)
        return Rewritten(data, counted, mark.digest(), out)

    def _kind(self, encoding: Encoding, context: list[Stored], marks: Marks) -> _Kind:
        """What is known of files with the same context; found out for the first of them."""
        shared = (one.raw for one in context)
        key: tuple[str | bytes, ...] = (str(_SYNTAXES[encoding]), marks.key, *shared)
        kind = self._kinds.get(key)
        if kind is None:
            data_set, counted = self.data_set(encoding, context), Counted()
            self._cleaner.clean(data_set, counted)
            marks.write(data_set)
            marked = Dataset()
            marks.write(marked)
            whole = _as_written(data_set, encoding)
            fixed = {tags.PATIENT_NAME, tags.PATIENT_ID, *map(int, marked.keys())}
            kind = self._kinds[key] = _Kind(
                {tag: raw for tag, raw in whole.items() if tag in fixed},
                tuple(
                    raw
                    for tag, raw in whole.items()
                    if tag >> 16 == tags.FILE_META_INFORMATION_GROUP_LENGTH >> 16
                ),
                frozenset(counted.done),
                wide=data_set.get("BitsAllocated", 8) > 8,
            )
        return kind

    def _direct(self, one: Stored, encoding: Encoding) -> Part | None:
        """A number, a day or a UID; None for all else."""
        vr = vr_of(one.tag, one.vr.decode("latin-1") or None)
        found = self._cleaner.value_of(one.tag, vr, one.value)
        if found is None:
            return None
        value, action, rule = found
        out = one.raw if value is None else written(
            one.tag, vr, value, explicit=encoding.explicit
        )  # fmt: skip
        words = one.tag.to_bytes(4) if action is Action.KEPT else b""
        if action is None or (action is Action.KEPT and not rule):
            return Part(out, words=words)
        done = (action, rule, f"{one.tag:08X}", keyword_for_tag(one.tag))
        return Part(out, frozenset([done]), words)

    def _part(self, one: Stored, encoding: Encoding, context: list[Stored]) -> Part:
        """Any element, cleaned as in a data set that has nothing beside it and its context."""
        around = [other for other in context if other.tag != one.tag]
        data_set, counted = self.data_set(encoding, [*around, one]), Counted()
        words = self._cleaner.clean(data_set, counted)
        out = _as_written(data_set, encoding).get(one.tag, b"")
        return Part(out, frozenset(counted.done), words, counted.kept_words)

    def _remember(self, kind: _Kind, fresh: dict[bytes, Part]) -> None:
        for raw, part in fresh.items():
            self._held += len(raw) + len(part.out) + _PART_BYTES
            if self._held > _MOST_BYTES:
                return
            kind.known[raw] = part


def _as_written(data_set: Dataset, encoding: Encoding) -> dict[int, bytes]:
    """The elements of a data set as a file has them, those of its file meta too."""
    if "SOPInstanceUID" not in data_set:
        data_set.SOPInstanceUID = _ONE
    data = data_sets.written(data_set)
    start = meta_end(data, len(_PREFIX))[0]
    return {
        one.tag: one.raw
        for one in (
            *elements_of(data[len(_PREFIX) : start], 0, EXPLICIT),
            *elements_of(data, start, encoding),
        )
    }


def _pixels(elements: list[Stored], encoding: Encoding) -> bytes | None:
    """The value of the pixels, and nothing beside them; None where they are not plain."""
    values = {one.tag: one.value for one in elements if one.tag in _DESCRIBES}
    pixels = next(one for one in elements if one.tag == tags.PIXEL_DATA)
    view = memoryview(pixels.data)[pixels.body : pixels.end]
    try:
        return tidied(StoredPicture(values, _SYNTAXES[encoding], True, view)).value
    except UntidyError:
        return None
