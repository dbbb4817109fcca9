"""Short values of which no file and no dictionary says what they are: they may be times.

In implicit VR a private element that nobody knows has no VR: it is ``UN``, four or eight bytes.
A maker's ``OB`` of that length is no more than that.
Each is kept as the numbers that it can be; whether one of them is a day is asked once the days
of the set are known (``detectors.private_times``).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST_ELEMENTS, MOST_VALUES = 2_000, 16
"""Elements that are kept, and different values of each."""
_FORMS = {4: "I", 8: "Qd"}
"""The forms of a time of so many bytes: whole seconds; steps or a decimal number."""

Element = TypeVar("Element")
"""An element of an inventory."""


@dataclass(slots=True)
class Unsaid:
    """The values of one element, each as the numbers that it can be."""

    example: str = field(repr=False)
    """Name of the first file."""
    values: dict[bytes, tuple[str, ...]] = field(default_factory=dict, repr=False)
    are_numbers: bool = True
    """Whether every value met was of such a length."""


class UnsaidNumbers(Generic[Element]):
    """What is kept of all files of an upload."""

    def __init__(self) -> None:
        self.of: dict[Element, Unsaid] = {}

    def add(self, element: Element, value: bytes, example: str, *, little: bool) -> None:
        """Keep a value of an element for which there is no VR."""
        known = self.of.get(element)
        if known is None:
            if len(value) not in _FORMS or len(self.of) >= MOST_ELEMENTS:
                return
            known = self.of[element] = Unsaid(example)
        if len(value) not in _FORMS:
            known.are_numbers = False
        elif value not in known.values and len(known.values) < MOST_VALUES:
            known.values[value] = _numbers(value, little=little)


def _numbers(value: bytes, *, little: bool) -> tuple[str, ...]:
    order = "<" if little else ">"
    return tuple(
        format(struct.unpack(order + form, value)[0], "" if form in "IQ" else ".14g")
        for form in _FORMS[len(value)]
    )
