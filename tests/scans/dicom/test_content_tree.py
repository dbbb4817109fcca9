"""The second walk over a file: what belongs together, within bounds."""

from __future__ import annotations

import struct

import pytest

from companion.scans.dicom import content_tree, tags
from companion.scans.dicom.content_tree import read_tree
from companion.scans.dicom.encoding import BIG, EXPLICIT, IMPLICIT, Encoding
from tests.builders import make_element, make_scan

WANTED = frozenset({tags.TEXT_VALUE, tags.CODE_VALUE, tags.CODE_MEANING})
ITEM, ITEM_END, SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0"


def make_tree(syntax: str, encoding: Encoding) -> content_tree.Item:
    data = make_scan(
        syntax=syntax,
        bare=True,
        PixelData=None,
        ContentSequence=[{"TextValue": "one"}, {"TextValue": "two"}],
    )
    return read_tree(data, 0, encoding, WANTED)


@pytest.mark.parametrize(
    ("syntax", "encoding"),
    [
        ("1.2.840.10008.1.2.1", EXPLICIT),
        ("1.2.840.10008.1.2", IMPLICIT),
        ("1.2.840.10008.1.2.2", BIG),
    ],
)
def test_items_are_kept_apart_in_every_encoding(syntax: str, encoding: Encoding) -> None:
    tree = make_tree(syntax, encoding)

    texts = [item.text(tags.TEXT_VALUE) for item in tree.items(tags.CONTENT_SEQUENCE)]
    assert texts == ["one", "two"]


def test_sequences_of_undefined_length_end_at_their_delimiters() -> None:
    text = make_element(tags.TEXT_VALUE, "UT", b"in")
    item = ITEM + b"\xff" * 4 + text + ITEM_END + bytes(4)
    sequence = make_element(tags.CONTENT_SEQUENCE, "SQ", item + SEQUENCE_END + bytes(4), 0xFFFFFFFF)
    after = make_element(tags.UNFORMATTED_TEXT_VALUE, "ST", b"on")

    tree = read_tree(sequence + after, 0, EXPLICIT, WANTED | {tags.UNFORMATTED_TEXT_VALUE})

    assert tree.items(tags.CONTENT_SEQUENCE)[0].text(tags.TEXT_VALUE) == "in"
    assert tree.text(tags.UNFORMATTED_TEXT_VALUE) == "on"


@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_a_cut_file_gives_what_stands_before_the_cut(cut: int) -> None:
    data = make_scan(bare=True, ContentSequence={"TextValue": "x" * 40})

    read_tree(data[:cut], 0, EXPLICIT, WANTED)  # does not raise


def test_endless_depth_and_endless_items_end() -> None:
    opened = make_element(tags.CONTENT_SEQUENCE, "SQ", ITEM + b"\xff" * 4, 0xFFFFFFFF)
    many = struct.pack("<HHI", 0xFFFE, 0xE000, 0) * 200_000

    deep = read_tree(opened * 50_000, 0, EXPLICIT, WANTED)
    wide = read_tree(make_element(tags.CONTENT_SEQUENCE, "SQ", many), 0, EXPLICIT, WANTED)

    assert len(list(deep.walk())) < 20
    assert len(wide.items(tags.CONTENT_SEQUENCE)) <= content_tree.MOST_ELEMENTS
