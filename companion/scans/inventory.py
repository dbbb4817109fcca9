"""What stands in an upload: distinct values, passages of text and oddities.

The walker fills an ``Inventory`` while files pass by; rules and detectors read it
once all files are seen. A value that stands in a thousand files is kept once, with
a count. Everything is bounded; what a bound left out is noted in ``dropped`` and
on the file's record, never passed over in silence. Values are kept out of every
``repr``, so that neither a traceback nor a log line can carry them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.findings import FileRecord


@dataclass(slots=True)
class Seen:
    """How often one value was seen."""

    files: int
    """Number of files it stands in."""
    example: str = field(repr=False)
    """Name of the first such file."""
    last: int = field(repr=False)
    """Number of the last file it was counted for: a value counts once a file."""


@dataclass(slots=True, eq=False)
class Element:
    """One data element's place, over all files; item numbers are merged."""

    place: str
    """One of ``findings.PLACES``."""
    tag: str
    """Eight upper-case hexadecimal digits."""
    path: str
    """The first real path seen: ``00400275[0].00321060``."""
    vr: str
    """The VR in the file, or the dictionary's where the file has none or ``UN``."""
    name: str
    """Dictionary keyword; for a private element ``CREATOR: name`` or ``CREATOR: unknown``."""
    creator: str = ""
    """Private creator; empty for a public element."""
    values: dict[str, Seen] = field(default_factory=dict, repr=False)
    """Text of the value (several values joined by a backslash, as in the file)."""
    distinct: int = 0
    """Distinct values, also those beyond the bound of ``values``."""
    files: int = 0
    """Number of files it stands in, with or without a value."""
    last: int = field(default=-1, repr=False)
    others: set[int] = field(default_factory=set, repr=False)
    """Hashes of distinct values that were not kept."""


@dataclass(slots=True)
class Passage:
    """Text found outside a plain element: in a document, a file name, private data."""

    place: str
    path: str
    tag: str | None
    name: str
    """What it is: ``PDF title``, ``ZIP comment``, ``text inside private data`` ..."""
    text: str = field(repr=False)
    files: int
    example: str = field(repr=False)
    last: int = field(repr=False, default=-1)


@dataclass(slots=True)
class Study:
    """One combination of patient, study and place that stands in the set."""

    patient_id: str = field(repr=False)
    patient_name: str = field(repr=False)
    study_uid: str = field(repr=False)
    study_date: str = field(repr=False)
    institution: str = field(repr=False)
    modality: str = field(repr=False)
    frame_of_reference: str = field(repr=False)
    files: int


@dataclass(slots=True)
class Fact:
    """An oddity of the files themselves, such as bytes after the end."""

    kind: str
    """One of ``FACTS``."""
    path: str
    place: str
    detail: str = field(repr=False)
    files: int
    example: str = field(repr=False)
    last: int = field(repr=False, default=-1)


FACTS = (
    "preamble-not-empty",  # detail: TIFF, PE, ELF, Mach-O, script, HTML, PDF, text, other
    "trailing-bytes",  # detail: how many bytes
    "padding",  # detail: zeros, or data set trailing padding
    "second-dataset",  # a second DICOM file or data set stands behind the first
    "tag-twice",
    "overlay-plane",
    "overlay-in-high-bits",
    "deflated",
    "no-preamble",
    "no-meta",
    "icon",
    "encrypted-content",
    "digital-signature",
    "pixel-data",
    "encapsulated-document",  # detail: its kind
    "archive-hidden-bytes",  # bytes of a ZIP that belong to no listed entry
    "archive-path-escapes",  # an entry's name that points outside its folder
    "archive-symlink",
    "archive-same-name",
)
"""Kinds of ``Fact``."""


class Inventory:
    """Distinct elements, passages, studies and oddities of one upload."""

    def __init__(
        self,
        *,
        max_elements: int = 50_000,
        values_per_element: int = 4_096,
        max_values: int = 500_000,
        max_passages: int = 50_000,
        max_text: int = 16_000_000,
        max_facts: int = 5_000,
        max_studies: int = 5_000,
    ) -> None:
        self.elements: list[Element] = []
        self.passages: list[Passage] = []
        self.studies: list[Study] = []
        self.files: list[FileRecord] = []
        self.facts: list[Fact] = []
        self.dropped: dict[str, int] = {}
        """How much of each sort (``elements``, ``values``, ``passages``, ``text``,
        ``facts``, ``studies``) a bound left out."""
        self.current = 0
        """Number of the file that is being read; the walker counts it up."""
        self.example = ""
        """Name of the file that is being read."""
        self._bounds = {
            "elements": max_elements,
            "values": max_values,
            "passages": max_passages,
            "text": max_text,
            "facts": max_facts,
            "studies": max_studies,
        }
        self._values_per_element = values_per_element
        self._values = 0
        self._values_text = 0
        self._text = 0
        self._by_key: dict[tuple[str, str, str, str], Element] = {}
        self._passage_by_key: dict[tuple[str, str, str, str], Passage] = {}
        self._fact_by_key: dict[tuple[str, str, str], Fact] = {}
        self._study_by_key: dict[tuple[str, ...], Study] = {}

    def begin(self, name: str) -> None:
        """Count what follows for the next file, called ``name``."""
        self.current += 1
        self.example = name

    def element(
        self, key: str, place: str, tag: str, path: str, vr: str, name: str, creator: str = ""
    ) -> Element | None:
        """The element at ``key`` (its path without item numbers); None when full."""
        found = self._by_key.get((key, place, creator, vr))
        if found is None:
            if len(self.elements) >= self._bounds["elements"]:
                self._drop("elements")
                return None
            found = Element(place, tag, path, vr, name, creator)
            self._by_key[(key, place, creator, vr)] = found
            self.elements.append(found)
        return found

    def observe(self, element: Element, text: str) -> Seen:
        """Count ``text`` as a value of ``element`` in the current file."""
        if element.last != self.current:
            element.last = self.current
            element.files += 1
        seen = element.values.get(text)
        if seen is not None:
            if seen.last != self.current:
                seen.last = self.current
                seen.files += 1
            return seen
        seen = Seen(1, self.example, self.current)
        if len(element.values) < self._values_per_element and self._room_for(text):
            element.values[text] = seen
            element.distinct += 1
        else:
            self._drop("values")
            mark = hash(text)
            if mark not in element.others:
                element.distinct += 1
                if len(element.others) < 65_536:
                    element.others.add(mark)
        return seen

    def add_text(
        self, place: str, name: str, text: str, *, path: str = "", tag: str | None = None
    ) -> Passage | None:
        """Keep a passage of text; the same text in the same place is counted.

        None where a bound left it out.
        """
        key = (place, name, tag or "", text)
        found = self._passage_by_key.get(key)
        if found is not None:
            if found.last != self.current:
                found.last = self.current
                found.files += 1
            return found
        if len(self.passages) >= self._bounds["passages"]:
            self._drop("passages")
            return None
        if self._text + len(text) > self._bounds["text"]:
            self._drop("text")
            return None
        self._text += len(text)
        passage = Passage(place, path, tag, name, text, 1, self.example, self.current)
        self._passage_by_key[key] = passage
        self.passages.append(passage)
        return passage

    def add_fact(self, kind: str, place: str, *, path: str = "", detail: str = "") -> None:
        """Note an oddity of the current file; ``kind`` is one of ``FACTS``."""
        found = self._fact_by_key.get((kind, path, detail))
        if found is not None:
            if found.last != self.current:
                found.last = self.current
                found.files += 1
            return
        if len(self.facts) >= self._bounds["facts"]:
            self._drop("facts")
            return
        fact = Fact(kind, path, place, detail, 1, self.example, self.current)
        self._fact_by_key[(kind, path, detail)] = fact
        self.facts.append(fact)

    def add_study(self, key: tuple[str, str, str, str, str, str, str]) -> None:
        """Count the current file for its combination, in the order of ``Study``."""
        found = self._study_by_key.get(key)
        if found is not None:
            found.files += 1
        elif len(self.studies) >= self._bounds["studies"]:
            self._drop("studies")
        else:
            found = Study(*key, files=1)
            self._study_by_key[key] = found
            self.studies.append(found)

    def incomplete(self) -> int:
        """How much was left out that a search over the whole would need."""
        return sum(self.dropped.get(what, 0) for what in ("elements", "passages", "text"))

    def add_file(self, record: FileRecord) -> None:
        """List a file with how much of it could be read."""
        self.files.append(record)

    def _room_for(self, text: str) -> bool:
        if self._values >= self._bounds["values"]:
            return False
        if self._values_text + len(text) > self._bounds["text"] * 2:
            return False
        self._values += 1
        self._values_text += len(text)
        return True

    def _drop(self, what: str) -> None:
        self.dropped[what] = self.dropped.get(what, 0) + 1
