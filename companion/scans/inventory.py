"""What an upload holds: distinct values, passages of text and oddities.

The reader fills an ``Inventory`` file by file; rules and detectors read it once all
files are seen. A value that occurs in a thousand files is kept once, with a count.
Everything is bounded; what a bound left out is noted in ``dropped`` and on the file's
record, never passed over in silence. Values are kept out of every ``repr``, so that
neither a traceback nor a log line can carry them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.facts import PICTURES
from companion.scans.facts import Fact as Fact
from companion.scans.facts import FactKind as FactKind
from companion.scans.findings import FileRecord, Place
from companion.scans.series import SeriesNumbers
from companion.scans.unsaid_numbers import UnsaidNumbers

OF_ONE_FILE = 8_000
"""Most new elements of one sort that are kept of one file."""
TEXT_OF_ONE_FILE, VALUES_OF_ONE_FILE = 2_000_000, 2_000_000
"""Most characters of passages, and of new values, that are kept of one file: each of some
twenty searches goes through all of them."""
MOST_MISREAD = 2_000
MOST_MISREAD_BYTES = 8_000_000
"""Values, and their bytes in all, that are kept to work out their code page."""
NO_HINT = 1
"""Bit of the slot of files that do not name a patient where one would."""
_MOST_SLOTS = 63
_SMALL, _FEW = 256, 8
"""Length of a value, and number of an element's values, that always find room where the
element is one of the scan itself."""


@dataclass(slots=True)
class Seen:
    """How often one value was seen."""

    files: int
    """Number of files it occurs in."""
    example: str = field(repr=False)
    """Name of the first such file."""
    last: int = field(repr=False)
    """Number of the last file it was counted for: a value counts once a file."""
    slots: int = field(default=0, repr=False)
    """Whose files it occurs in: a bit for each slot of ``Inventory.identify``."""


@dataclass(slots=True, eq=False)
class Element:
    """One data element's place, over all files; item numbers are merged."""

    place: Place
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
    """Number of files it occurs in, with or without a value."""
    last: int = field(default=-1, repr=False)
    others: set[int] = field(default_factory=set, repr=False)
    """Hashes of distinct values that were not kept."""
    misread: bool = False
    """Whether its values are in a code page that the file does not name: each is there as
    the file has it, and beside it as it was probably meant."""


@dataclass(slots=True)
class Passage:
    """Text found outside a plain element: in a document, a file name, private data."""

    place: Place
    path: str
    tag: str | None
    name: str
    """What it is: ``PDF title``, ``ZIP comment``, ``text inside private data`` ..."""
    text: str = field(repr=False)
    example: str = field(repr=False)
    where: int = field(repr=False)
    """The files it occurs in: a bit for the number of each."""

    @property
    def files(self) -> int:
        """Number of files it occurs in."""
        return self.where.bit_count()


@dataclass(slots=True)
class Misread:
    """A value that its declared character set cannot hold."""

    element: Element
    text: str = field(repr=False)
    """How it reads in the declared set."""
    raw: bytes = field(repr=False)
    hints: tuple[str, ...]
    """Code pages that the file names for other parts of its texts."""
    file: int
    """Number of the file in which it was first met."""


@dataclass(slots=True)
class Study:
    """One combination of patient, study and hospital that occurs in the set."""

    patient_id: str = field(repr=False)
    patient_name: str = field(repr=False)
    study_uid: str = field(repr=False)
    study_date: str = field(repr=False)
    institution: str = field(repr=False)
    modality: str = field(repr=False)
    frame_of_reference: str = field(repr=False)
    birth_date: str = field(default="", repr=False)
    slot: int = field(default=0, repr=False)
    """Bit of the slot that its files had (see ``Inventory.identify``)."""
    files: int = 1
    where: int = field(default=0, repr=False)
    """Its files, a bit for the number of each."""


class Inventory:
    """Distinct elements, passages, studies and oddities of one upload."""

    def __init__(
        self,
        *,
        max_public: int = 20_000,
        max_private: int = 30_000,
        values_per_element: int = 4_096,
        max_values: int = 500_000,
        max_passages: int = 50_000,
        max_text: int = 16_000_000,
        max_facts: int = 5_000,
        max_studies: int = 5_000,
    ) -> None:
        self.elements: list[Element] = []
        self.tags: set[str] = set()
        """Those of ``elements``."""
        self.passages: list[Passage] = []
        self.strangers: list[Passage] = []
        """Passages of private text that are searched all together: see ``rules.strangers``."""
        self.studies: list[Study] = []
        self.files: list[FileRecord] = []
        self.facts: list[Fact] = []
        self.series = SeriesNumbers()
        self.unsaid: UnsaidNumbers[Element] = UnsaidNumbers()
        self.misread: list[Misread] = []
        """Values whose code page is to be worked out: see ``dicom.misread``."""
        self.dropped: dict[str, int] = {}
        """How much of each sort (``public`` and ``private`` elements, ``values``, ``room``
        for values, ``passages``, ``text``, ``facts``, ``studies``) a bound left out."""
        self.current = 0
        """Number of the file that is being read."""
        self.bit = 1
        """Its bit, where the files that something occurs in are kept as bits."""
        self.example = ""
        """Name of the file that is being read."""
        self.pictured = False
        """Whether a picture was met in it."""
        self.slot = NO_HINT
        """Bit of the slot of the file that is being read."""
        self.slot_files: dict[int, int] = {}
        """How many files were identified with each slot."""
        self.copies = 0
        """Slots of files that say they are copies of ours."""
        self.study_of: list[Study | None] = []
        """The study of each of ``files``, where it has one."""
        self._slots: dict[int, int] = {}
        self._left = {
            "public": max_public,
            "private": max_private,
            "values": max_values,
            "room": max_text * 2,
            "passages": max_passages,
            "text": max_text,
            "facts": max_facts,
            "studies": max_studies,
        }
        self._share = dict(self._left)
        self._values_per_element = values_per_element
        self._by_key: dict[tuple[str, str, str, str], Element] = {}
        self._passage_by_key: dict[tuple[str, str, str, str], Passage] = {}
        self._fact_by_key: dict[tuple[str, str, str], Fact] = {}
        self._study_by_key: dict[tuple[str | int, ...], Study] = {}
        self._misread_keys: set[tuple[int, str]] = set()
        self._misread_room = MOST_MISREAD_BYTES

    def begin(self, name: str) -> None:
        """Count what follows for the next file, called ``name``.

        A file may take half of what room is left: however much one holds, there is
        room for those after it.
        """
        self.current += 1
        self.bit = 1 << self.current
        self.example = name
        self.pictured = False
        self.slot = NO_HINT
        share = self._share
        for what, left in self._left.items():
            share[what] = left >> 1
        share["public"] = min(share["public"], OF_ONE_FILE)
        share["private"] = min(share["private"], OF_ONE_FILE)
        share["text"] = min(share["text"], TEXT_OF_ONE_FILE)
        share["room"] = min(share["room"], VALUES_OF_ONE_FILE)

    def identify(self, hint: int, *, copy: bool = False) -> None:
        """Count the current file's values for the patient that ``hint`` stands for.

        ``hint`` is a hash of how its bytes name the patient. Each has a slot of its own up
        to ``_MOST_SLOTS``; later ones share the last, which then belongs to nobody.
        """
        slot = self._slots.get(hint)
        if slot is None:
            slot = self._slots[hint] = NO_HINT << min(len(self._slots) + 1, _MOST_SLOTS)
            if copy and slot != NO_HINT << _MOST_SLOTS:
                self.copies |= slot
        self.slot_files[slot] = self.slot_files.get(slot, 0) + 1
        self.slot = slot

    def element(
        self,
        key: str,
        place: Place,
        tag: str,
        path: str,
        vr: str,
        name: str,
        creator: str = "",
        *,
        standard: bool = False,
    ) -> Element | None:
        """The element at ``key`` (its path without item numbers); None when full.

        ``standard`` ones, at the top and with the VR that the dictionary names, are no
        more than the dictionary has, and always find room.
        """
        found = self._by_key.get((key, place, creator, vr))
        if found is None:
            if not standard and not self._take("private" if place is Place.PRIVATE else "public"):
                return None
            found = Element(place, tag, path, vr, name, creator)
            self._by_key[(key, place, creator, vr)] = found
            self.elements.append(found)
            self.tags.add(tag)
        return found

    @property
    def takes_private(self) -> bool:
        """Whether there is room for one more private element of the current file."""
        return self._share["private"] > 0

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
                seen.slots |= self.slot
            return seen
        seen = Seen(1, self.example, self.current, self.slot)
        if len(element.values) < self._values_per_element and self._room_for(element, text):
            element.values[text] = seen
            element.distinct += 1
        else:
            mark = hash(text)
            if mark not in element.others:
                element.distinct += 1
                if len(element.others) < 65_536:
                    element.others.add(mark)
        return seen

    def add_misread(self, element: Element, text: str, raw: bytes, hints: tuple[str, ...]) -> None:
        """Remember a value of ``element`` that its declared character set cannot hold."""
        key = (id(element), text)
        new = text in element.values and key not in self._misread_keys
        if new and len(self.misread) < MOST_MISREAD and len(raw) <= self._misread_room:
            self._misread_room -= len(raw)
            self._misread_keys.add(key)
            self.misread.append(Misread(element, text, raw, hints, self.current))

    def add_text(
        self,
        place: Place,
        name: str,
        text: str,
        *,
        path: str = "",
        tag: str | None = None,
        stranger: bool = False,
    ) -> Passage | None:
        """Keep a passage of text; the same text in the same place is counted.

        None where a bound left it out; its beginning, where there is room for that alone.
        ``stranger``: keep it among ``strangers``.
        """
        if len(text) > self._share["text"] > 0:
            self._drop("text")
            text = text[: self._share["text"]]
        key = (place, name, tag or "", text)
        found = self._passage_by_key.get(key)
        if found is not None:
            found.where |= self.bit
            return found
        if not self._take("passages"):
            return None
        if not self._take("text", len(text)):
            return None
        passage = Passage(place, path, tag, name, text, self.example, self.bit)
        self._passage_by_key[key] = passage
        (self.strangers if stranger else self.passages).append(passage)
        return passage

    def add_fact(self, kind: FactKind, place: Place, *, path: str = "", detail: str = "") -> None:
        """Note an oddity of the current file."""
        self.pictured = self.pictured or kind in PICTURES
        found = self._fact_by_key.get((kind, path, detail))
        if found is not None:
            found.where |= self.bit
            return
        if not self._take("facts"):
            return
        fact = Fact(kind, path, place, detail, self.example, self.bit)
        self._fact_by_key[(kind, path, detail)] = fact
        self.facts.append(fact)

    def add_study(
        self, key: tuple[str, str, str, str, str, str, str], birth_date: str = ""
    ) -> Study | None:
        """Count the current file for its combination, in the order of ``Study``.

        None where a bound left it out.
        """
        whole = (*key, birth_date, self.slot)
        found = self._study_by_key.get(whole)
        if found is not None:
            found.files += 1
            found.where |= self.bit
        elif self._take("studies"):
            found = Study(*key, birth_date, self.slot, 1, self.bit)
            self._study_by_key[whole] = found
            self.studies.append(found)
        return found

    def lost_elements(self) -> int:
        """How many elements were left out."""
        return self.dropped.get("public", 0) + self.dropped.get("private", 0)

    def incomplete(self) -> int:
        """How much else was left out that a search over the whole would need."""
        return sum(self.dropped.get(what, 0) for what in ("room", "passages", "text"))

    def add_file(self, record: FileRecord, study: Study | None = None) -> None:
        """List a file with how much of it could be read, and the study that it is of."""
        self.files.append(record)
        self.study_of.append(study)

    def _room_for(self, element: Element, text: str) -> bool:
        if self._take("values") and self._take("room", len(text)):
            return True
        always = element.place in {Place.HEADER, Place.FILE_META} and "." not in element.path
        return always and len(text) <= _SMALL and len(element.values) < _FEW

    def _take(self, what: str, amount: int = 1) -> bool:
        """Whether the current file may take so much more room; counts it."""
        if self._share[what] < amount:
            self._drop(what)
            return False
        self._share[what] -= amount
        self._left[what] -= amount
        return True

    def _drop(self, what: str) -> None:
        self.dropped[what] = self.dropped.get(what, 0) + 1
