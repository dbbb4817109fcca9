"""Runs of elements that recur byte for byte, file after file.

All but a few elements of a slice are those of the slice before it. Once a run of
elements has been met whose every element is known, it is kept as one piece; from then on
one comparison of bytes does for reading all of them, and one count for counting them.
What a run counted is added to its elements and values by ``settle``.

Only runs at the top of a data set are learned, whole sequences included: an element
occurs there once in a file, so that nothing is counted twice.
"""

from __future__ import annotations

from companion.scans.dicom.elements import Elements
from companion.scans.dicom.structure import (
    CHARSET_ROLE,
    CREATOR_ROLE,
    NO_ROLE,
    NO_VALUE,
    CachedRun,
    DataSetParse,
    Decoded,
    OpenItem,
    OpenRun,
    RunElement,
)

SHORTEST = 3
"""Elements below which a run is not worth keeping."""
_MOST_BYTES = 32 * 1024 * 1024


class HeaderCache:
    """Learns and recognises runs of elements."""

    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._kept: list[CachedRun] = []
        self._bytes = 0
        self._open_sequence: tuple[int, int, int] | None = None

    def learn(
        self, parse: DataSetParse, item: OpenItem, position: int, end: int, element: RunElement
    ) -> None:
        """A known element at the top: it lengthens the run, or begins one."""
        tag = element.tag
        block = tag >> 8
        run = item.run
        is_private = tag >> 16 & 1 and tag & 0xFFFF > 0xFF
        if (
            run is not None
            and run.elements
            and is_private
            and block not in run.creators
            # What it means depends on a creator in front of the run. That is safe only
            # where the run's first element depends on the same one.
            and run.elements[0].tag >> 8 != block
        ):
            self.end_run(parse, item)
            run = None
        if run is None:
            if element.first is None:
                return
            run = item.run = OpenRun(position)
        if element.first is not None and element.first.role == CREATOR_ROLE:
            run.creators.add(tag >> 16 << 8 | tag & 0xFFFF)
        element.end = end - run.start
        run.elements.append(element)

    def end_run(self, parse: DataSetParse, item: OpenItem) -> None:
        """An element that is not known, or does more than count: the run ends before it."""
        if item.run is not None:
            run, item.run = item.run, None
            if run.elements:
                self._keep(parse.data[run.start : run.start + run.elements[-1].end], run.elements)

    def begin_sequence(self, parse: DataSetParse, position: int, tag: int) -> None:
        """A sequence or long value at the top begins: write down what is counted in it."""
        self._open_sequence = position, tag, len(parse.notes)
        self._elements.log = []
        self._elements.repeatable = True

    def end_sequence(self, parse: DataSetParse, item: OpenItem, position: int) -> None:
        """A sequence at the top has ended: learn it as a whole, if all in it was known."""
        if self._open_sequence is None:
            return
        start, tag, notes = self._open_sequence
        log, self._elements.log, self._open_sequence = self._elements.log, None, None
        if self._elements.repeatable and log is not None and len(parse.notes) == notes:
            self.learn(parse, item, start, position, RunElement(0, tag, tuple(log), None))
        else:
            self.end_run(parse, item)

    def abandon_sequence(self) -> None:
        """The parse ended inside a sequence at the top."""
        self._elements.log = self._open_sequence = None

    def recognise(
        self, decoded: Decoded, data: bytes, position: int, parse: DataSetParse, item: OpenItem
    ) -> int:
        """Count the run that begins at ``position``, and return where to go on after it.

        0 if no run begins there. One that is being learned ends.
        """
        run = decoded.run
        if run is None:
            return 0
        if data[position : position + len(run.data)] != run.data:
            run = self._shorten(decoded, run, data, position)
            if run is None:
                return 0
        run.files += 1
        run.where |= self._elements.inventory.bit
        run.slots |= self._elements.inventory.slot
        for role, text in run.role_texts:
            parse.role_texts[role] = text
        if run.creators:
            item.creators.update(run.creators)
        item.tags.extend(run.tags)
        item.previous = run.tags[-1]
        parse.elements += run.count
        if item.run is not None:
            self.end_run(parse, item)
        return position + len(run.data)

    def settle(self) -> None:
        """Add what all runs counted to their elements, values and passages."""
        for run in self._kept:
            self._settle(run)

    def _settle(self, run: CachedRun) -> None:
        if not run.files:
            return
        counted: set[int] = set()
        for element in run.elements:
            for decoded in element.decoded:
                for counter in (decoded.element, decoded.seen):
                    if counter is not NO_VALUE and id(counter) not in counted:
                        counted.add(id(counter))
                        counter.files += run.files
                if decoded.seen is not NO_VALUE:
                    decoded.seen.slots |= run.slots
                for passage in decoded.passages:
                    passage.where |= run.where
        run.files = run.where = run.slots = 0

    def _shorten(
        self, decoded: Decoded, run: CachedRun, data: bytes, position: int
    ) -> CachedRun | None:
        """Cut a run where this file differs; what follows there becomes another run."""
        low, high = 0, len(run.elements)
        while low < high:  # the number of elements that are the same here
            middle = (low + high + 1) // 2
            same = run.elements[middle - 1].end
            if data[position : position + same] == run.data[:same]:
                low = middle
            else:
                high = middle - 1
        self._settle(run)
        decoded.run = None
        rest = run.elements[low + 1 :]
        if rest:
            start = run.elements[low].end
            moved = [RunElement(one.end - start, one.tag, one.decoded, one.first) for one in rest]
            self._keep(run.data[start:], moved)
        self._bytes -= len(run.data)
        self._kept.remove(run)
        if low:
            self._keep(run.data[: run.elements[low - 1].end], run.elements[:low])
        return decoded.run

    def _keep(self, data: bytes, elements: list[RunElement]) -> None:
        if len(elements) < SHORTEST or self._bytes + len(data) > _MOST_BYTES:
            return
        first = elements[0].first
        if first is None or first.run is not None:
            return
        own = [element.first for element in elements if element.first is not None]
        first.run = CachedRun(
            data,
            elements,
            sum(len(element.decoded) for element in elements),
            tuple((one.role, one.text) for one in own if NO_ROLE < one.role < CHARSET_ROLE),
            {
                element.tag >> 16 << 8 | element.tag & 0xFFFF: element.first.text
                for element in elements
                if element.first is not None and element.first.role == CREATOR_ROLE
            },
            [element.tag for element in elements],
        )
        self._bytes += len(data)
        self._kept.append(first.run)
