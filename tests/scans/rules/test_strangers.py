"""Strangers: private texts that are new line by line are searched as one, and nothing is lost."""

from __future__ import annotations

import random

import pytest

from companion.scans.findings import Place, Report
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory, Passage
from companion.scans.rules import strangers
from companion.scans.rules.weight import weight_of
from tests.builders import make_element, make_raw_scan

_WORDS = ["Table", "Gain", "Coil", "Slice", "Echo", "Window", "Phase", "Matrix", "Filter"]


def make_settings(chance: random.Random, lines: int = 40) -> str:
    return "\n".join(
        f"{chance.choice(_WORDS)}.{chance.choice(_WORDS)}[{chance.randrange(99)}]"
        f".{chance.choice(_WORDS)} = {chance.gauss(0, 500):.6f}"
        for _ in range(lines)
    )


def make_slices(planted: dict[int, str]) -> Report:
    """Forty slices, each with settings of its own; ``planted`` gives lines for some."""
    chance = random.Random(7)
    entries = []
    for number in range(40):
        lines = make_settings(chance).split("\n")
        lines[20:20] = [planted[number]] if number in planted else []
        data = make_raw_scan(
            make_element(0x00100010, "PN", b"Quillon^Vera")
            + make_element(0x00100030, "DA", b"19610304")
            + make_element(0x00290010, "LO", b"ACME 1")
            + make_element(0x00291001, "OB", "\n".join(lines).encode())
        )
        entries.append(Entry(f"IM{number:02}", [data]))
    return inspect(entries)


def awake(text: str) -> bool:
    """Whether a text wakes among twenty others that do not."""
    inventory = Inventory()
    chance = random.Random(3)
    texts = [make_settings(chance) for _ in range(20)]
    texts[11] += f"\n{text}\n{make_settings(chance)}"
    for number, one in enumerate(texts):
        inventory.begin(f"IM{number}")
        inventory.add_text(Place.PRIVATE, "text inside", one, stranger=True)
    strangers.wake(inventory, ())
    assert inventory.strangers == []
    others = [one for one in inventory.passages if one.text != texts[11]]
    assert not others, "settings alone wake"
    return bool(inventory.passages)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Operator.Note = Quillon", "echo-name"),
        ("PatientName = Brask", "private-patient-name"),
        ("Table.Day = 1961-03-04", "echo-birth-date"),
        ("Table.Day = 04.03.1961", "echo-birth-date"),
        ("Mail = vera@example.org", "email-in-text"),
        ("Gain = 48151623", "private-binary"),
        ("Gain = AB-48151", "private-binary"),
    ],
)
def test_what_tells_of_a_person_among_strangers_is_found(line: str, rule: str) -> None:
    report = make_slices({33: line})

    found = [one for one in report.findings if one.rule == rule and one.place is Place.PRIVATE]
    assert [one.example for one in found] == ["IM33"]
    assert any(line.partition(" = ")[2] in value for value in found[0].values)


def test_a_value_is_counted_in_each_file_that_has_it() -> None:
    report = make_slices(dict.fromkeys((21, 28, 33, 37), "Note = Quillon"))

    (echo,) = [one for one in report.findings if one.rule == "echo-name"]
    assert echo.files == 4


def test_settings_alone_are_no_finding() -> None:
    assert not [one for one in make_slices({}).findings if one.rule == "private-binary"]


@pytest.mark.parametrize(
    "line",
    [
        "a = DOE^J", "a = x@y", "a = 123456", "a = B12-77", "a = 7--c", "a = 12/03/85",
        "a = 12-03-85", "a = 10.1.2.3", "a = 1987.0412", "a = 7.19870412", "a = 3 March 1987",
        "Geb = 4", "Tel = 4", "Vandermeer = 1", "a/1234567", "a_2024_01_02",
    ],
)  # fmt: skip
def test_what_may_tell_wakes(line: str) -> None:
    assert awake(line)


@pytest.mark.parametrize("line", ["Gain = -1234.567890", "Slice.Phase = 77", "Echo = 99999"])
def test_settings_do_not_wake(line: str) -> None:
    assert not awake(line)


def test_a_line_that_weighs_something_always_wakes() -> None:
    chance = random.Random(5)
    signs = "aZ09 .-_/=^:1920"
    for _ in range(1_500):
        line = "".join(chance.choice(signs) for _ in range(chance.randrange(4, 24)))
        if weight_of(line):
            assert awake(line), line


def test_where_words_are_many_every_text_wakes() -> None:
    inventory = Inventory()
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [a + b + c for a in letters for b in letters for c in letters]
    words += [word.upper() for word in words]
    inventory.begin("IM0")
    inventory.add_text(Place.PRIVATE, "text inside", " ".join(words), stranger=True)
    strangers.wake(inventory, ())

    kept: list[Passage] = inventory.passages
    assert len(kept) == 1
