"""Days that makers keep as numbers: seconds, milliseconds, Windows' steps, eight digits."""

from __future__ import annotations

import math
import random
import struct

import pytest

from companion.scans.assess import findings
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from companion.scans.rules.days import Count, readings
from tests.builders import make_element, make_raw_scan
from tests.scans.making import add_element, make_inventory

GE = "GEMS_IDEN_01"
UNNAMED = "MAKER 1.0: unknown"


def make_private(
    value: str, vr: str, *, name: str = UNNAMED, creator: str = "MAKER 1.0", study: str = ""
) -> Inventory:
    inventory = make_inventory(*((("00080020", study),) if study else ()))
    add_element(inventory, "00091027", value, vr, creator=creator, name=name)
    return inventory


def private_days(inventory: Inventory) -> list[Finding]:
    return [
        one
        for one in findings(inventory)
        if one.rule in ("private-date", "private-birth-date") and one.place is Place.PRIVATE
    ]


@pytest.mark.parametrize(
    ("vr", "number"),
    [
        ("SL", "1651047125"),
        ("UL", "1651047125"),
        ("FD", "1651047125.75"),
        ("FL", "1651047168"),
        ("DS", "1651047125"),
        ("IS", "1651047125"),
        ("UV", "1651047125500"),
        ("FD", "1651047125500.0"),
        ("UV", "132955207250000000"),
        ("FD", "44678.343"),
        ("IS", "20220427"),
        ("UL", "20220427"),
        ("DS", "20220427"),
        ("UV", "20220427081205"),
        ("LO", "1651047125"),
        ("UV", "1651047125500250"),
        ("SV", "1651047125500250375"),
        ("UV", "637866439250000000"),
        ("FD", "2.0220427081205e+13"),
        ("FD", "738638.343"),
        ("DS", "2459696.843"),
        ("UL", "27042022"),
        ("IS", "4272022"),
    ],
)
def test_a_number_that_counts_to_a_day_of_the_set_is_that_day(vr: str, number: str) -> None:
    (found,) = private_days(make_private(number, vr, study="20220427"))

    assert (found.certainty, found.path) == (Certainty.LIKELY, "00091027")
    assert found.values == (f"2022-04-27 ({number})",)


@pytest.mark.parametrize(
    ("vr", "number"),
    [
        ("SL", "40961"),
        ("UL", "1651047125"),  # in the range of Unix times, but nothing says that it is one
        ("FD", "1651047125.75"),
        ("FD", "44678.343"),
        ("IS", "20221327"),
        ("IS", "20220431"),
        ("IS", "20980427"),
        ("DS", "20220427.5"),
        ("UL", "4294967295"),
        ("DS", "nan"),
        ("US", "44678"),
        ("LO", "1651047125"),
        ("FD", "738638.343"),
        ("DS", "2459696.843"),
        ("UL", "27042022"),
        ("UL", "3022012"),
        ("UL", "40577"),
        ("FD", "734637.5"),
    ],
)
def test_a_number_for_which_nothing_speaks_is_no_day(vr: str, number: str) -> None:
    assert private_days(make_private(number, vr, study="20110203")) == []


@pytest.mark.parametrize(
    ("name", "certainty"),
    [
        (f"{GE}: Image actual date", Certainty.LIKELY),
        (f"{GE}: Actual series data time stamp", Certainty.LIKELY),
        (f"{GE}: Start time(secs) in first axial", Certainty.POSSIBLE),
        (f"{GE}: Scan Duration Time", None),
        (f"{GE}: TriggerDelayTime", None),
        (f"{GE}: Service id", None),
    ],
)
def test_a_name_vouches_for_a_time_when_all_dates_are_gone(
    name: str, certainty: Certainty | None
) -> None:
    found = private_days(make_private("1651047125", "SL", name=name, creator=GE))

    assert [one.certainty for one in found] == ([certainty] if certainty else [])


@pytest.mark.parametrize(
    ("creator", "path"),
    [("AGFA PACS Archive Mirroring 1.0", "00311101"), ("Image Private Header", "00651000")],
)
def test_elements_that_are_known_for_it_need_no_name(creator: str, path: str) -> None:
    inventory = make_inventory()
    add_element(inventory, path, "1651047125", "UL", creator=creator, name=f"{creator}: Unknown")

    (found,) = private_days(inventory)
    assert found.values == ("2022-04-27 (1651047125)",)


@pytest.mark.parametrize("path", ["00311101", "00651000"])
def test_they_are_possible_under_another_creator(path: str) -> None:
    inventory = make_inventory()
    add_element(inventory, path, "1651047125", "SL", creator="ELSE 1.0", name="ELSE 1.0: unknown")

    (found,) = private_days(inventory)
    assert found.certainty is Certainty.POSSIBLE


def test_two_numbers_that_mean_one_day_vouch_for_each_other() -> None:
    inventory = make_private("1651047125", "UL")
    add_element(inventory, "00091030", "1651050000", "UL", creator="MAKER 1.0", name=UNNAMED)

    assert [one.certainty for one in private_days(inventory)] == [Certainty.POSSIBLE] * 2


def test_many_numbers_of_any_size_vouch_for_nothing() -> None:
    inventory = make_private("1651047125", "UL")
    for number in range(40):
        add_element(
            inventory, f"000911{number:02X}", str(900_000_000 + 10_000_019 * number), "UL",
            creator="MAKER 1.0", name=UNNAMED,
        )  # fmt: skip
    add_element(inventory, "00091030", "1651050000", "UL", creator="MAKER 1.0", name=UNNAMED)

    assert private_days(inventory) == []


def test_a_number_that_is_copied_vouches_for_nothing() -> None:
    inventory = make_private("1651047125", "UL")
    add_element(inventory, "00091030", "1651047125", "UL", creator="MAKER 1.0", name=UNNAMED)

    assert private_days(inventory) == []


@pytest.mark.parametrize(("vr", "number"), [("IS", "20220427"), ("UV", "1651047125500")])
def test_a_form_that_chance_hardly_makes_is_possible_alone(vr: str, number: str) -> None:
    (found,) = private_days(make_private(number, vr))

    assert found.certainty is Certainty.POSSIBLE


def test_a_birth_date_in_a_number_is_a_birth_date() -> None:
    inventory = make_inventory(("00100030", "19490517"))
    add_element(inventory, "00291021", "19490517", "IS", creator="MAKER 1.0", name=UNNAMED)

    (found,) = private_days(inventory)
    assert (found.rule, found.values) == ("private-birth-date", ("1949-05-17 (19490517)",))


def test_a_table_of_numbers_holds_no_days() -> None:
    numbers = "\\".join(str(1651047125 + step) for step in range(40))

    assert private_days(make_private(numbers, "UL", study="20220427")) == []


def test_a_number_in_a_public_element_is_left_to_its_own_rule() -> None:
    inventory = make_inventory(("00080020", "20220427"), ("00201208", "1651047125", "IS"))

    assert private_days(inventory) == []


@pytest.mark.parametrize(
    ("number", "count"),
    [
        ("20220427", Count.WRITTEN),
        ("1651047125", Count.SECONDS),
        ("1.651047125e9", Count.SECONDS),
        ("1651047125500", Count.MILLISECONDS),
        ("132955207250000000", Count.WINDOWS),
        ("44678.5", Count.OLE),
        ("1651047125500250", Count.MICROSECONDS),
        ("1651047125500250375", Count.NANOSECONDS),
        ("637866439250000000", Count.TICKS),
        ("738638.25", Count.MATLAB),
        ("2459696.8", Count.JULIAN),
    ],
)
def test_a_number_is_read_in_one_way(number: str, count: Count) -> None:
    assert [reading.count for reading in readings(number)] == [count]


def test_hostile_numbers_have_no_reading() -> None:
    assert not list(readings("9" * 20 + "e99"))
    assert not list(readings("1e99"))


def unsaid_days(
    *values: bytes, day: bytes = b"20220427", vr: str = "UN"
) -> list[tuple[str, tuple[str, ...]]]:
    """What is found of a private element without a VR, in a file for each value."""
    scans = [
        make_raw_scan(
            make_element(0x00080020, "DA", day)
            + make_element(0x00090010, "LO", b"MAKER 1.0 ")
            + make_element(0x00091077, vr, value)
        )
        for value in values
    ]
    report = inspect([Entry(f"IM{number}", [data]) for number, data in enumerate(scans)])
    return [(one.certainty, one.values) for one in report.findings if one.rule == "private-date"]


@pytest.mark.parametrize(
    ("value", "number", "certainty"),
    [
        (struct.pack("<I", 1651047125), "1651047125", "possible"),
        (struct.pack("<Q", 1651047125500), "1651047125500", "likely"),
        (struct.pack("<d", 1651047125.75), "1651047125.75", "likely"),
        (struct.pack("<d", 1651047125500.0), "1651047125500", "likely"),
        (struct.pack("<Q", 132955207250000000), "132955207250000000", "likely"),
    ],
)
def test_a_value_without_a_vr_that_counts_to_a_day_of_the_set_is_told(
    value: bytes, number: str, certainty: str
) -> None:
    assert unsaid_days(value) == [(certainty, (f"2022-04-27 ({number})",))]


def test_bytes_that_count_to_a_day_of_the_set_are_told() -> None:
    value = struct.pack("<Q", 132955207250000000)

    assert unsaid_days(value, vr="OB") == [("likely", ("2022-04-27 (132955207250000000)",))]


def test_values_of_many_slices_that_all_count_to_the_day_are_likely() -> None:
    ((certainty, values),) = unsaid_days(
        *(struct.pack("<I", 0x62684100 + number) for number in range(0x100))  # some are letters
    )

    assert certainty == "likely"
    assert values[0] == f"2022-04-26 ({0x62684100})"


@pytest.mark.parametrize(
    "values",
    [
        [struct.pack("<I", 1251047125)],  # a day, but none of this study
        [struct.pack("<I", 1651047125), struct.pack("<I", 77)],
        [struct.pack("<I", 1651047125), struct.pack("<3I", 1, 2, 3)],
        [struct.pack("<d", 44678.343)],  # days since 1899 are numbers like any other
        [struct.pack("<I", 1651047125), b"CODE"],
        [b"KAhb"],  # a day of the set, and a word
        [b"\0" * 8],
        [struct.pack("<d", math.nan)],
        [struct.pack("<d", math.inf)],
    ],
)
def test_a_value_without_a_vr_that_may_be_anything_is_no_day(values: list[bytes]) -> None:
    assert unsaid_days(*values) == []


def test_a_set_without_days_vouches_for_no_value_without_a_vr() -> None:
    assert unsaid_days(struct.pack("<I", 1651047125), day=b"") == []


def test_chance_hardly_counts_to_a_day_of_the_set() -> None:
    chance = random.Random(4)
    blocks = b"".join(
        make_element(0x00091000 + number, "UN", chance.randbytes(4))
        for number in range(0x10, 0x100)
    )
    body = make_element(0x00080020, "DA", b"20220427")
    body += make_element(0x00090010, "LO", b"MAKER 1.0 ") + blocks

    report = inspect([Entry("IM1", [make_raw_scan(body)])])

    assert [one for one in report.findings if one.rule == "private-date"] == []
