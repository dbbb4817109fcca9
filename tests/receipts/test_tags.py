"""Tags: each is called by its keyword in the dictionary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydicom.datadict import keyword_for_tag

import companion.receipts
from companion.receipts import tags

NAMED = {name: tag for name, tag in vars(tags).items() if name.isupper()}


@pytest.mark.parametrize("name", NAMED)
def test_a_name_is_that_of_the_dictionary(name: str) -> None:
    assert name.replace("_", "") == keyword_for_tag(NAMED[name]).upper()


def test_no_tag_is_written_as_a_number_elsewhere() -> None:
    root = Path(companion.receipts.__file__).parent
    written = re.compile(r'"[0-9A-F]{8}"|\b0x[0-9A-F]{8}\b')
    found = [
        f"{file.name}: {line.strip()}"
        for file in sorted(root.rglob("*.py"))
        if file.name != "tags.py"
        for line in file.read_text(encoding="utf-8").splitlines()
        if written.search(line)
    ]
    assert not found
