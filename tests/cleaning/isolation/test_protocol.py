"""What a child that cleans sends is read as it came, and nothing else is written anywhere."""

from __future__ import annotations

import pytest

from companion.cleaning import Choice, Cleaned, FaceChoice, Preset
from companion.cleaning.isolation.protocol import (
    Wanted,
    pack_choice,
    pack_file,
    unpack_choice,
    unpack_files,
)

FILES = [
    Cleaned("scan-1/series-1/0001.dcm", b"one"),
    Cleaned("scan-1/series-2/0001.dcm", b""),
    Cleaned("scan-12/series-30/10000.dcm", bytes(500)),
]


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_files_arrive_whole_in_pieces_of_any_length(size: int) -> None:
    sent = b"".join(map(pack_file, FILES))

    pieces = (sent[at : at + size] for at in range(0, len(sent), size))

    assert list(unpack_files(pieces)) == FILES


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../up/series-1/0001.dcm", "scan-1/series-1/0001.dcm/x", "scan-1"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        list(unpack_files([pack_file(Cleaned(name, b"x"))]))


def test_a_file_that_is_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="short"):
        list(unpack_files([pack_file(FILES[0])[:-1]]))


@pytest.mark.parametrize("wanted", Wanted)
def test_a_choice_arrives_as_it_was_made(wanted: Wanted) -> None:
    choice = Choice(Preset.TO_SHOW_ONLINE, FaceChoice.KEEP, "2")

    assert unpack_choice(pack_choice(choice, wanted)) == (choice, wanted)
