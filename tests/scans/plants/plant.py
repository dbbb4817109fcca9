"""What a plant is, and the two commonest kinds: a tag at the top, a tag in a sequence."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.builders import make_element, make_scan

SOP_CLASS = make_element(0x00080016, "UI", b"1.2.840.10008.5.1.4.1.1.2\0")

Files = dict[str, bytes]
Build = Callable[[str], Files]


@dataclass(frozen=True)
class Plant:
    """One place to plant a token in."""

    row: str
    where: str
    place: str
    kind: str
    """``text``, ``name``, ``number``, ``date``, ``time``, ``uid``, or a fixed value that is
    itself the finding (``=YES``), whose clean twin is made with an empty token."""
    build: Build
    rule: str = ""
    """The rule that has to report it; any where empty."""
    dicom: bool = True
    """Whether it is one DICOM file, which the other tools can read too."""

    @property
    def id(self) -> str:
        return f"row{self.row}-{self.where}"

    def token(self, chance: random.Random) -> str:
        if self.kind.startswith("="):
            return self.kind[1:]
        digits = "".join(chance.choice("123456789") for _ in range(8))
        letters = "".join(chance.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(9))
        day = f"{chance.randint(2001, 2023)}{chance.randint(1, 12):02}{chance.randint(10, 28)}"
        clock = f"{chance.randint(10, 23)}{chance.randint(10, 59)}{chance.randint(10, 59)}"
        return {
            "text": letters,
            "name": letters.title(),
            "number": digits,
            "date": day,
            "time": clock,
            "datetime": day + clock,
            "age": f"{chance.randint(90, 99):03}Y",
            "uid": f"1.2.276.0.99.{digits}.{chance.randint(1, 10**9)}",
        }[self.kind]


def plant_tag(row: str, keyword: str, kind: str, place: str = "header", rule: str = "") -> Plant:
    def build(token: str) -> Files:
        elements: dict[str, Any] = {keyword: token}
        return {"IM0001.dcm": make_scan(**elements)}

    return Plant(row, keyword, place, kind, build, rule)


def plant_inside(row: str, path: str, kind: str, place: str = "nested", rule: str = "") -> Plant:
    *sequences, keyword = path.split(".")

    def build(token: str) -> Files:
        content: Any = {keyword: token}
        for sequence in reversed(sequences[1:]):
            content = {sequence: content}
        return {"IM0001.dcm": make_scan(**{sequences[0]: content})}

    return Plant(row, path, place, kind, build, rule)
