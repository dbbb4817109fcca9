"""Random tokens planted in every place where identity hides, one plant for each place.

A plant makes files that hold a token in one place and nothing personal elsewhere; made
with an empty token it is the clean twin. The rows are those of the project's reference
on where identity hides in a scan.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.scans.plants import around, headers, hidden, words
from tests.scans.plants.plant import Files, Plant

__all__ = ["Files", "Plant", "plants"]


def plants() -> Iterator[Plant]:
    """Every plant, row by row."""
    yield from headers.patient_and_people()
    yield from headers.numbers_and_dates()
    yield from headers.nested()
    yield from hidden.private()
    yield from hidden.uids_and_ends()
    yield from words.pictures()
    yield from words.words()
    yield from words.meta_and_index()
    yield from around.around_the_scans()
    yield from headers.machines_and_signatures()
    yield from hidden.character_sets()
    yield from hidden.encodings()
    yield from headers.low_risk()
