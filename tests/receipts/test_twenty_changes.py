"""A table of changes to a kept series, and what a comparison says of each: that, and no more.

The programs ``dcmconv``, ``dcmcjpls``, ``dcmcrle`` and ``dcmcjpeg`` are DCMTK's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from companion.receipts import About, Kind, Mark, Outcome, compare, details, read_receipt
from tests.builders import ROOT, make_dataset, make_scan, make_zip
from tests.receipts.making import (
    NOW,
    compared,
    make_series,
    make_slice,
    receipt_of,
    rewritten,
    the_change,
)

Files = dict[str, bytes]


def with_slice(number: int, data: bytes) -> Callable[[Files, Path], Files]:
    """The series with another file in the place of one slice."""
    return lambda files, _: {**files, f"IM{number:04d}": data}


def one_point_of(data: bytes) -> bytes:
    """A scan with the lowest bit of its last point changed."""
    return data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]


def all_by(program: str, *options: str) -> Callable[[Files, Path], Files]:
    """Every slice, written anew by a program."""
    return lambda files, folder: {
        name: rewritten(data, folder, program, *options) for name, data in files.items()
    }


def anonymised(files: Files, _: Path) -> Files:
    """As a tool leaves them: no name, other UIDs, and a word that it was there."""
    return {
        name: make_slice(
            number,
            PatientName="ANON",
            PatientID="ANON",
            PatientBirthDate=None,
            StudyInstanceUID="2.25.77",
            SeriesInstanceUID="2.25.78",
            SOPInstanceUID=f"2.25.79{number}",
            FrameOfReferenceUID="2.25.80",
            PatientIdentityRemoved="YES",
            DeidentificationMethod="made-up tool",
        )
        for number, name in enumerate(files, start=1)
    }


STRANGER: dict[str, Any] = {
    "PatientName": "Thistlewood^Bram",
    "PatientID": "TW-88163",
    "PatientBirthDate": "19480617",
}


def segmentation() -> bytes:
    """What a program for finding outlines adds to a study."""
    return make_slice(
        1,
        SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4",
        Modality="SEG",
        SeriesInstanceUID=f"{ROOT}.10.7",
        SOPInstanceUID=f"{ROOT}.10.7.1",
        SegmentSequence=[
            {
                "SegmentNumber": 1,
                "SegmentLabel": "Nodule",
                "SegmentAlgorithmType": "AUTOMATIC",
                "SegmentAlgorithmName": "Made-up Finder",
            }
        ],
    )


@dataclass(frozen=True)
class Row:
    """One change: what is done, and what is to be said."""

    name: str
    does: Callable[[Files, Path], Files]
    says: Mapping[Kind, int]
    outcome: Outcome
    marks: frozenset[Mark] = frozenset()
    """Of the files that changed."""
    about: frozenset[About] = frozenset()
    """What the details that changed are about."""


def row(
    name: str,
    does: Callable[[Files, Path], Files],
    outcome: Outcome = Outcome.CHANGED,
    *marks: Mark,
    about: tuple[About, ...] = (),
    **says: int,
) -> Row:
    kinds = {Kind(kind.replace("_", "-")): count for kind, count in says.items()}
    return Row(name, does, kinds, outcome, frozenset(marks), frozenset(about))


TABLE = [
    row("nothing", lambda files, _: files, Outcome.SAME, same=6),
    row(
        "other file names, in other folders",
        lambda files, _: {f"B/{n}.dcm": data for n, data in enumerate(reversed(files.values()))},
        Outcome.SAME,
        same=6,
    ),
    row("packed as a ZIP", lambda files, _: {"CD.zip": make_zip(files)}, Outcome.SAME, same=6),
    row("one point of one picture", with_slice(3, one_point_of(make_slice(3))), same=5, picture=1),
    row(
        "the name",
        with_slice(2, make_slice(2, PatientName="Quillfeather^Ida")),
        about=(About.PERSON,),
        same=5,
        details=1,
    ),
    row(
        "the day",
        with_slice(2, make_slice(2, StudyDate="20260221")),
        about=(About.TIME,),
        same=5,
        details=1,
    ),
    row(
        "the side",
        with_slice(2, make_slice(2, ImageLaterality="R")),
        Outcome.CHANGED,
        Mark.VIEW,
        about=(About.SIDE,),
        same=5,
        details=1,
    ),
    row(
        "the window",
        with_slice(2, make_slice(2, WindowCenter=300)),
        Outcome.CHANGED,
        Mark.VIEW,
        about=(About.WINDOW,),
        same=5,
        details=1,
    ),
    row(
        "a point and the side",
        with_slice(2, one_point_of(make_slice(2, ImageLaterality="R"))),
        Outcome.CHANGED,
        Mark.VIEW,
        about=(About.SIDE,),
        same=5,
        picture_and_details=1,
    ),
    row("explicit VR by dcmconv", all_by("dcmconv", "+te"), Outcome.REWRAPPED, rewrapped=6),
    row("implicit VR by dcmconv", all_by("dcmconv", "+ti"), Outcome.REWRAPPED, rewrapped=6),
    row("big endian by dcmconv", all_by("dcmconv", "+tb"), Outcome.REWRAPPED, rewrapped=6),
    row(
        "undefined lengths and padding by dcmconv",
        all_by("dcmconv", "+te", "-e", "+p", "2048", "64"),
        Outcome.REWRAPPED,
        rewrapped=6,
    ),
    row("UTF-8 by dcmconv", all_by("dcmconv", "+U8"), Outcome.REWRAPPED, rewrapped=6),
    row("JPEG-LS by dcmcjpls", all_by("dcmcjpls"), Outcome.REWRAPPED, rewrapped=6),
    row("RLE by dcmcrle", all_by("dcmcrle"), Outcome.REWRAPPED, rewrapped=6),
    row("lossless JPEG by dcmcjpeg", all_by("dcmcjpeg", "+e1"), Outcome.REWRAPPED, rewrapped=6),
    row(
        "JPEG-LS with loss by dcmcjpls",
        lambda files, folder: {
            **files,
            "IM0001": rewritten(files["IM0001"], folder, "dcmcjpls", "+en", "+md", "9", "+un"),
        },
        Outcome.CHANGED,
        Mark.LOSSY,
        same=5,
        picture_and_details=1,
    ),
    row(
        "anonymised by a tool",
        anonymised,
        Outcome.CHANGED,
        Mark.NEW_NUMBERS,
        Mark.NAMES_REMOVED,
        about=(About.PERSON, About.NUMBERS, About.OTHER),
        details=6,
    ),
    row(
        "a slice removed",
        lambda files, _: {name: data for name, data in files.items() if name != "IM0004"},
        same=5,
        missing=1,
    ),
    row(
        "a slice of another person added",
        lambda files, _: {
            **files,
            "IM0007": make_slice(
                7, **STRANGER, SOPInstanceUID="2.25.5.1", SeriesInstanceUID="2.25.5"
            ),
        },
        Outcome.CHANGED,
        Mark.OTHER_PERSON,
        same=6,
        added=1,
    ),
    row(
        "a slice of another person in the place of one",
        with_slice(5, make_slice(99, **STRANGER, SOPInstanceUID=f"{ROOT}.10.1.5")),
        Outcome.CHANGED,
        Mark.OTHER_PERSON,
        Mark.VIEW,
        about=(About.PERSON, About.PLACE, About.OTHER),
        same=5,
        picture_and_details=1,
    ),
    row(
        "the same picture under another person's name",
        with_slice(5, make_slice(5, **STRANGER)),
        Outcome.CHANGED,
        Mark.OTHER_PERSON,
        about=(About.PERSON,),
        same=5,
        details=1,
    ),
    row(
        "a result of a program added",
        lambda files, _: {**files, "SEG": segmentation()},
        same=6,
        added_result=1,
    ),
    row(
        "a viewer and a paper added",
        lambda files, _: {**files, "VIEWER.EXE": b"MZ" + bytes(90), "README.TXT": b"Open me."},
        Outcome.CHANGED,
        Mark.NO_SCAN,
        same=6,
        added=2,
    ),
    row(
        "the end of one file cut off",
        lambda files, _: {**files, "IM0006": files["IM0006"][:-40]},
        same=5,
        picture=1,
    ),
    row(
        "quite other scans",
        lambda files, _: {
            "A": make_scan(
                StudyInstanceUID="2.25.9", SOPInstanceUID="2.25.9.1", PixelData=b"\1" * 32
            )
        },
        Outcome.NOTHING_IN_COMMON,
        missing=6,
        added=1,
    ),
]


@pytest.mark.parametrize("at_hand", [True, False], ids=["old files", "receipt"])
@pytest.mark.parametrize("change", TABLE, ids=lambda change: change.name)
def test_a_comparison_says_what_changed_and_no_more(
    change: Row, at_hand: bool, tmp_path: Path
) -> None:
    old = make_series()
    new = change.does(old, tmp_path)
    comparison = compared(old, new, at_hand=at_hand)
    assert comparison.counts == change.says
    assert comparison.outcome is change.outcome
    changed = [one for one in comparison.changes if one.kind not in {Kind.SAME, Kind.MISSING}]
    assert {mark for one in changed for mark in one.marks} == change.marks
    about = {detail.about for one in changed for detail in one.details}
    if not at_hand:
        assert not about
        assert not comparison.both_at_hand
    elif Mark.LOSSY not in change.marks:  # there a program writes what it likes
        assert about == change.about


def test_old_and_new_values_are_told_where_both_files_are_at_hand() -> None:
    change = the_change(
        compared(make_slice(), make_slice(PatientName="Quillfeather^Ida", ImageLaterality=None))
    )
    told = {detail.name: (detail.old, detail.new) for detail in change.details}
    assert told == {
        "PatientName": ("Quillfeather^Ada", "Quillfeather^Ida"),
        "ImageLaterality": ("L", None),
    }


def test_another_person_is_certain_only_where_all_differs() -> None:
    files = make_series(3)
    sure = the_change(compared(files, {**files, "X": make_slice(9, **STRANGER)}))
    assert sure.person_certainty == "certain"
    less: dict[str, Any] = {**STRANGER, "PatientBirthDate": None}
    guess = the_change(compared(files, {**files, "X": make_slice(9, **less)}))
    assert guess.person_certainty == "likely"


@pytest.mark.parametrize(
    "spelled",
    [
        {"PatientName": "QUILLFEATHER^ADA"},
        {"PatientName": "Quillfeather^A"},
        {"PatientName": "Quillfeather-Moss^Ada"},
        {"PatientID": "20417"},
        {"PatientName": "ANON-7", "PatientID": "7"},
    ],
    ids=lambda spelled: ",".join(spelled.values()),
)
def test_another_spelling_and_a_code_are_no_other_person(spelled: dict[str, Any]) -> None:
    files = make_series(3)
    comparison = compared(files, {**files, "IM0003": make_slice(3, **spelled)})
    assert Mark.OTHER_PERSON not in the_change(comparison).marks


def test_nobody_is_another_person_beside_a_set_without_names() -> None:
    nameless: dict[str, Any] = {"PatientName": "ANON", "PatientID": "1", "PatientBirthDate": None}
    files = {str(number): make_slice(number, **nameless) for number in (1, 2)}
    comparison = compared(files, {**files, "3": make_slice(3)})
    assert Mark.OTHER_PERSON not in the_change(comparison).marks


def test_equal_files_under_new_names_are_counted_and_not_called_added() -> None:
    files = make_series(2)
    comparison = compared(files, {**files, "copy": files["IM0001"]})
    assert comparison.outcome is Outcome.SAME
    assert comparison.twice == 1
    again = compared({**files, "copy": files["IM0001"]}, files)
    assert again.outcome is Outcome.SAME


def test_another_version_of_a_picture_beside_the_first_is_told() -> None:
    files = make_series(2)
    change = the_change(compared(files, {**files, "more": make_slice(2, ImageLaterality="R")}))
    assert (change.kind, change.marks) == (Kind.ADDED, frozenset({Mark.SECOND_VERSION}))


def test_pictures_that_changed_places_are_told() -> None:
    """Each still exists, but each number now has another picture."""
    files = make_series(3)
    one, two = make_slice(1), make_slice(2)
    swapped = {
        **files,
        "IM0001": make_slice(1, PixelData=two[-512:]),
        "IM0002": make_slice(2, PixelData=one[-512:]),
    }
    comparison = compared(files, swapped)
    assert comparison.counts == {Kind.SAME: 1, Kind.PICTURE: 2}


def test_blank_pictures_find_each_other_by_their_number() -> None:
    blank = {str(n): make_slice(n, PixelData=bytes(512)) for n in range(1, 5)}
    comparison = compared(blank, {**blank, "2": make_slice(2, PixelData=bytes(512), WindowWidth=5)})
    change = the_change(comparison)
    assert change.old.number == change.new.number == 2
    assert [detail.name for detail in change.details] == ["WindowWidth"]


def test_a_compressed_picture_is_not_compared_without_a_decoder(tmp_path: Path) -> None:
    old = make_slice()
    new = rewritten(old, tmp_path, "dcmcjpls")
    comparison = compare(receipt_of(old), receipt_of(new, NOW, decode=None))
    assert comparison.outcome is Outcome.NOT_ALL_COMPARED
    assert the_change(comparison).marks == {Mark.PICTURE_NOT_COMPARED}


def test_a_picture_once_compressed_with_loss_and_unpacked_is_not_called_changed(
    tmp_path: Path,
) -> None:
    """Each program computes other points from such a code, or leaves its colours mixed."""
    colours = make_scan(
        SamplesPerPixel=3,
        PhotometricInterpretation="RGB",
        PlanarConfiguration=0,
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        Rows=16,
        Columns=16,
        PixelData=bytes((number * 37) % 251 for number in range(16 * 16 * 3)),
    )
    old = rewritten(colours, tmp_path, "dcmcjpeg", "+eb", "+cy", "+s2")
    new = rewritten(old, tmp_path, "dcmcjpeg", "+e1")
    change = the_change(compared(old, new))
    assert change.kind is Kind.NOT_COMPARED
    assert change.marks == {Mark.PICTURE_NOT_COMPARED, Mark.LOSSY}


def test_a_part_that_is_not_understood_is_never_called_the_same_nor_missing() -> None:
    data = make_slice()
    at = data.index(b"QF-20417") - 2
    broken = data[:at] + b"\xff\xff" + data[at + 2 :]
    comparison = compared(data, broken)
    assert comparison.outcome is Outcome.NOT_ALL_COMPARED
    assert Mark.HEADER_NOT_COMPARED in the_change(compared(broken, broken + b"\0\0")).marks


def test_colours_in_planes_are_the_same_picture() -> None:
    plain: dict[str, Any] = {
        "SamplesPerPixel": 3,
        "PhotometricInterpretation": "RGB",
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "Rows": 2,
        "Columns": 2,
    }
    beside = make_scan(**plain, PlanarConfiguration=0, PixelData=bytes(range(12)))
    planes = bytes([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
    assert (
        compared(beside, make_scan(**plain, PlanarConfiguration=1, PixelData=planes)).outcome
        is Outcome.REWRAPPED
    )


def test_colours_kept_in_another_way_are_not_called_a_changed_picture() -> None:
    plain: dict[str, Any] = {
        "SamplesPerPixel": 3,
        "PlanarConfiguration": 0,
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "Rows": 2,
        "Columns": 2,
    }
    red = make_scan(**plain, PhotometricInterpretation="RGB", PixelData=b"\xff\0\0" * 4)
    mixed = make_scan(**plain, PhotometricInterpretation="YBR_FULL", PixelData=b"\x4c\x55\xff" * 4)
    change = the_change(compared(red, mixed))
    assert change.kind is Kind.NOT_COMPARED
    assert change.marks == {Mark.PICTURE_NOT_COMPARED}


def test_an_inverted_picture_is_a_changed_view() -> None:
    change = the_change(compared(make_slice(), make_slice(PhotometricInterpretation="MONOCHROME1")))
    assert change.kind is Kind.DETAILS
    assert Mark.VIEW in change.marks


def test_five_thousand_files_are_compared() -> None:
    files = {
        f"{n:05d}": make_scan(SOPInstanceUID=f"2.25.{n}", PixelData=None) for n in range(1, 51)
    }
    row = receipt_of(files).files[0]
    many = tuple(
        replace(row, file=f"{n:064x}", instance=f"2.25.{n}", header=f"{n:064x}", name="")
        for n in range(5_000)
    )
    old = replace(receipt_of(files), files=many)
    new = replace(old, files=tuple(replace(one, file=f"f{one.file[1:]}") for one in many))
    assert compare(old, new).counts == {Kind.REWRAPPED: 5_000}


def test_a_receipt_that_was_kept_says_the_same_as_the_files() -> None:
    old = receipt_of(make_series())
    kept = read_receipt(json.dumps(old.to_json()))
    new = receipt_of({**make_series(), "IM0002": make_slice(2, WindowCenter=1)}, NOW, details=True)
    assert compare(kept, new).counts == compare(old, new).counts


def test_more_elements_than_are_kept_are_compared_and_not_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(details, "MOST_ELEMENTS", 5)
    change = the_change(compared(make_slice(), make_slice(PatientName="Quillfeather^Ida")))
    assert (change.kind, change.details) == (Kind.DETAILS, ())


def test_more_details_than_are_listed_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(details, "MOST_DETAILS", 2)
    change = the_change(compared(make_slice(), make_slice(**STRANGER)))
    assert (len(change.details), change.more_details) == (2, 1)


def test_a_nested_item_that_was_left_out_is_a_detail() -> None:
    both = make_slice(ReferencedImageSequence=[{"ReferencedSOPInstanceUID": "2.25.1"}] * 2)
    one = make_slice(ReferencedImageSequence=[make_dataset(ReferencedSOPInstanceUID="2.25.1")])
    assert the_change(compared(both, one)).kind is Kind.DETAILS
