"""The scene's search: a gate makes it faster, and finds what it would without."""

from __future__ import annotations

import random
import re

import pytest

from companion.scans.detectors import dates, national_numbers
from companion.scans.findings import Place
from companion.scans.inventory import Inventory
from companion.scans.rules.scene import Gate, Scene

_PIECES = (
    "1987", "2024", "12.03.85", "3rd of march 1987", "mar 3, 1987", "sep 12 10:20:30 cet 2024",
    "19870312", "756.1234.5678.97", "12345678z", "x1234567l", "1 85 05 78 006 084 36", "2a 123",
    "850312-1234", "120464-126j", "85.03.12-123.45", "123.456.789-09", "a123456789", "wexcombe",
    "january", "7", "42", "0001", "55555555555", "de", "-", ".", "/", ":",
)  # fmt: skip


def make_scene(*texts: str) -> Scene:
    inventory = Inventory()
    inventory.begin("IM1")
    for text in texts:
        inventory.add_text(Place.DOCUMENT, "text", text)
    return Scene(inventory, ())


def found(scene: Scene, pattern: re.Pattern[str], gate: Gate | None) -> list[tuple[str, int]]:
    return [(match[0], start) for _, match, start in scene.search(pattern, gate=gate)]


@pytest.mark.parametrize("seed", range(6))
def test_a_gate_hides_no_date_and_no_national_number(seed: int) -> None:
    chance = random.Random(seed)
    scene = make_scene(
        *("".join(chance.choice(_PIECES) + chance.choice(("", " ", " ", "\n")) for _ in range(60))
          for _ in range(40))
    )  # fmt: skip

    dated = found(scene, dates._DATE, None)
    assert dated
    assert found(scene, dates._DATE, dates._GATE) == dated
    for kind in national_numbers._NUMBERS:
        without = found(scene, kind.pattern, None)
        assert found(scene, kind.pattern, national_numbers._GATE) == without


def test_what_a_gate_does_not_find_is_not_tried() -> None:
    scene = make_scene("born 1987", "none here")

    assert found(scene, re.compile(r"\w+"), Gate(re.compile("1987"), 0, 0)) == [("1987", 5)]
