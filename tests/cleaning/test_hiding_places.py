"""No planted token is in a copy: one test for every place where identity hides."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from companion.cleaning import Preset
from tests.cleaning.making import make_copy
from tests.scans.plants import Plant, plants

PLANTS = [plant for plant in plants() if not plant.kind.startswith("=")]
KEPT = {"age", "time"}
"""Kinds of which a preset keeps some on purpose, or which are no value of their own."""


def forms(token: str) -> list[bytes]:
    """How a token may stand in a file."""
    return [
        form
        for text in {token, token.lower(), token.upper()}
        for form in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))
    ]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.id)
def test_a_hidden_value_is_in_no_byte_of_the_copy(plant: Plant) -> None:
    token = plant.token(random.Random(plant.id))

    for preset in Preset:
        if plant.kind in KEPT and preset is not Preset.TO_SHOW_ONLINE:
            continue
        copy, account = make_copy(plant.build(token), preset)

        for name, data in copy.items():
            found = [form for form in forms(token) if form in data or form in name.encode()]
            assert not found, f"{preset}: {plant.where}"
        assert len(copy) == account.files_out


def test_most_plants_in_scans_are_cleaned_and_not_withheld() -> None:
    scans = [plant for plant in PLANTS if plant.dicom]
    withheld = []
    for plant in scans:
        token = plant.token(random.Random(plant.id))
        copy, account = make_copy(plant.build(token))
        if not copy:
            withheld.append((plant.where, account.withheld))

    assert len(withheld) < len(scans) / 4, withheld


def test_an_archive_is_opened_and_its_own_name_and_comment_stay_behind() -> None:
    plant = next(plant for plant in PLANTS if plant.where == "PatientName")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in plant.build("Vandermeerwijk").items():
            archive.writestr(f"Vandermeerwijk/{name}", data)
        archive.comment = b"Vandermeerwijk"

    copy, account = make_copy({"Vandermeerwijk.zip": packed.getvalue()})

    assert len(copy) == 1
    assert "vandermeerwijk" not in f"{copy}".lower()
    assert [one.reason for one in account.withheld] == ["archive"]
