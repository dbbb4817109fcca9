"""Names as they are written: likeness of two, and companies that are none."""

from __future__ import annotations

import pytest

from companion.scans.people.companies import is_company
from companion.scans.people.names import Likeness, fullness, likeness, shares_a_part


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Brandt^Uwe", "BRANDT, UWE", Likeness.SAME),
        ("Brandt^Uwe", "Brandt^U", Likeness.SHORTENED),
        ("Brandt^Uwe", "Brandt", Likeness.SHORTENED),
        ("Mueller^Hans", "Muller^Hans", Likeness.SHORTENED),
        ("Brandt^Uwe", "Brandt^Eva", Likeness.NONE),
        ("Anonymous", "XXXX", Likeness.NONE),
        ("Brandt^Uwe", "ANON-0412", Likeness.NONE),
    ],
)
def test_how_much_two_names_are_one(one: str, two: str, expected: Likeness) -> None:
    assert likeness(one, two) is expected
    assert likeness(two, one) is expected


def test_relatives_share_a_part_and_a_particle_is_none() -> None:
    assert shares_a_part("Brandt^Uwe", "BRANDT^EVA")
    assert not shares_a_part("van Dijk^Jan", "van Loon^Piet")


def test_the_fullest_name_has_most_parts_and_its_own_letters() -> None:
    names = ["BRANDT^U", "Sørensen^Åse", "SORENSEN^ASE^MARIE", "SORENSEN^ASE"]

    assert sorted(names, key=fullness, reverse=True) == [
        "SORENSEN^ASE^MARIE", "Sørensen^Åse", "SORENSEN^ASE", "BRANDT^U",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Redlake Systems GmbH",
        "Acme Inc.",
        "SIEMENS",
        "SyngoWorkflow^RIS^QQX",
        "Fabrik SARL",
        "Quibim",
        "Aidoc",
        "Redlake S.L.",
        "Vital Images",
        "HL7^Interface",
        "AUTO",
        "Algorithm",
    ],
)
def test_a_company_is_no_person(text: str) -> None:
    assert is_company(text)


@pytest.mark.parametrize(
    "text",
    ["Brandt^Uwe", "Bot^Jan", "Sl^Li", "Auto^Helene", "Ag^Li", "Co^Thi", "Okonkwo", "Inc", "Nv^Bo"],
)
def test_a_person_is_no_company(text: str) -> None:
    assert not is_company(text)
