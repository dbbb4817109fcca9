"""Tags: each is called by its keyword in the dictionary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydicom.datadict import keyword_for_tag

import companion.scans
from companion.scans.dicom import tags

NAMED = {name: tag for name, tag in vars(tags).items() if name.isupper() and tag > 0xFFFF}


@pytest.mark.parametrize("name", NAMED)
def test_a_name_is_that_of_the_dictionary(name: str) -> None:
    keyword = keyword_for_tag(NAMED[name])
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", keyword.removesuffix("Item"))
    assert name == ("_".join(words).upper() or "ITEM")


def test_no_tag_is_written_as_a_number_elsewhere() -> None:
    root = Path(companion.scans.__file__).parent
    written = re.compile(r'"[0-9A-F]{4}[0-9A-F]{4}"|\b0x[0-9A-F]{8}\b')
    found = [
        f"{file.name}: {line.strip()}"
        for file in sorted(root.rglob("*.py"))
        if file.name not in {"tags.py", "made_up.py"} and "isolation" not in file.parts
        for line in file.read_text(encoding="utf-8").splitlines()
        if written.search(line) and "0xFFFFFFFF" not in line
    ]
    assert not found
