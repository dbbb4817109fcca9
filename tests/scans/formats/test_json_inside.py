"""JSON in databases and in files of unknown format comes as lines of names and values."""

from __future__ import annotations

import random
import sqlite3

import pytest

from companion.scans.formats import documents, json_inside

VALUE = '{"patientName": "Qzxwvkt Brandt", "study": {"dob": "1951-05-02"}, "ids": ["7712940"]}'
LINES = ("patientName: Qzxwvkt Brandt", "dob: 1951-05-02", "ids: 7712940")
NOISE = bytes(60) + random.Random(5).randbytes(5_000)


def text_of(data: bytes, name: str = "file.dat") -> str:
    kind = documents.sniff(name, data)
    return "\n".join(text for _, text in documents.read(kind, data, name))


def make_database(value: str | bytes) -> bytes:
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE TABLE cache (key TEXT, value BLOB)")
        database.execute("INSERT INTO cache VALUES ('last', ?)", (value,))
        database.commit()
        return bytes(database.serialize())
    finally:
        database.close()


@pytest.mark.parametrize("value", [VALUE, VALUE.encode()])
def test_json_in_a_cell_of_a_database(value: str | bytes) -> None:
    assert set(LINES) <= set(text_of(make_database(value)).splitlines())


def test_json_in_an_unknown_file() -> None:
    data = NOISE + VALUE.encode() + b"\0" + NOISE + VALUE.replace("Brandt", "Anna").encode() + NOISE
    assert {*LINES, "patientName: Qzxwvkt Anna"} <= set(text_of(data).splitlines())


def test_json_longer_than_a_run_of_text_is_whole() -> None:
    long = VALUE.replace("7712940", "x" * 9_000)
    assert LINES[0] in text_of(NOISE + long.encode() + NOISE).splitlines()


def test_json_that_is_cut_yields_what_is_whole_in_it() -> None:
    assert "dob: 1951-05-02" in text_of(NOISE + VALUE[:-20].encode() + NOISE).splitlines()


def test_bytes_by_chance_are_no_json() -> None:
    assert list(json_inside.read(random.Random(9).randbytes(1_000_000))) == []


def test_openings_without_end_are_given_up() -> None:
    assert len(list(json_inside.read(b'{"a":' * 1_000_000))) <= json_inside.MOST
