"""Labelled lines: written in one order, read back, and never mistaken."""

from __future__ import annotations

import pytest

from companion.scans.labels import Label, lines, read


def test_lines_stand_in_the_order_of_the_labels_and_say_a_thing_once() -> None:
    said = [(Label.MAKER, "M"), (Label.PROGRAM, "P  1"), (Label.MAKER, "M"), (Label.VERSION, "")]

    assert lines(said) == ("program: P 1", "maker: M")


@pytest.mark.parametrize("label", Label)
def test_a_line_is_read_back(label: Label) -> None:
    assert read(*lines([(label, "a: b")])) == (label, "a: b")


@pytest.mark.parametrize("text", ["", "nothing", "other: thing", "made:"])
def test_what_has_no_label_is_the_text_itself(text: str) -> None:
    assert read(text) == ("", text)
