"""Tables as text: what stands above a column is the label of all that is below it."""

from __future__ import annotations

import pytest

from companion.scans.formats.delimited import under_heads
from companion.scans.inspection import Entry, inspect


@pytest.mark.parametrize("sign", [";", "\t", "|", ","])
def test_a_cell_is_read_behind_the_head_of_its_column(sign: str) -> None:
    rows = [["Patient name", "Date of birth", "Ward"], ["Ottilie Fernsby", "07.03.1958", "North"]]
    table = "\r\n".join(sign.join(row) for row in rows)

    (name,) = [
        one for one in inspect([Entry("list.csv", [table.encode()])]).findings
        if one.rule == "name-in-text"
    ]  # fmt: skip

    assert "Patient name: Ottilie Fernsby" in name.values[0]


def test_no_word_of_a_table_is_lost() -> None:
    table = 'Name;Note\nRoe;"two\nlines; one cell"\n\nPoe;;beyond\n'
    assert under_heads(table) is None  # a row of the first twenty has a cell too many
    found = under_heads("Name;Note\n" + "Roe;fine\n" * 20 + table.partition("\n")[2])
    assert found is not None
    for word in ("Name: Roe", "Note: two\nlines; one cell", "Name: Poe", "\nbeyond\n"):
        assert word in found


def test_a_head_with_nothing_below_it_is_kept() -> None:
    found = under_heads("Ottilie Fernsby;Ward\n;North\n")
    assert found == "Ottilie Fernsby\nWard: North\n"


@pytest.mark.parametrize(
    "text",
    [
        "Dear Anna,\nthank you, and come back, please.\n",
        "one line; only",
        "Name;Born\n",
        "Ottilie Fernsby;07.03.1958\nSigrun Halvorsen;14.02.1950\n",
        "Name;Name\nRoe;Poe\n",
        "Name;Born\nRoe\n",
        "Name;Born\nRoe;" + "9" * 200_000,
        ";" * 100_000 + "\n" + ";" * 100_000,
        "Name;Born\n" + "Roe;1\n" * 6_000,
    ],
)
def test_what_is_no_table_with_heads_stays_as_it_is(text: str) -> None:
    assert under_heads(text) is None


def test_a_huge_text_is_not_taken_apart() -> None:
    assert under_heads("Name;Born\n" + "Roe;1958\n" * 200_000) is None
