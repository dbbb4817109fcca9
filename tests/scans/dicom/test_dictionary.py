"""Values as text, in the character sets that their file names."""

from __future__ import annotations

import pytest

from companion.scans.dicom import dictionary


@pytest.mark.parametrize(
    "text",
    [
        "Iwamoto^Ken=岩本^健",  # the second byte of 本 is the code of a backslash
        "Iwamoto^Ken=岩本^健\\Yamamoto^Mei=山本^芽衣",
        "Doe^Jane\\Roe^Ann",
    ],
)
def test_half_of_a_japanese_letter_parts_no_values(text: str) -> None:
    raw = text.encode("iso2022_jp")
    codecs = dictionary.codecs_of(b"\\ISO 2022 IR 87")

    assert dictionary.text_of("PN", raw, codecs, True) == text
    assert dictionary.text_of("LO", raw, codecs, True) == text
