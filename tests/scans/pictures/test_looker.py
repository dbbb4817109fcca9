"""An upload's files go in one by one; words, what was looked at and small pictures come out."""

from __future__ import annotations

import io
import tracemalloc
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom.encaps import encapsulate

from companion.scans.findings import MAX_THUMBNAIL_SIDE, Kind, Shows
from companion.scans.pictures import Looked, looker
from companion.scans.pictures.decode import WhyNot
from companion.scans.pictures.frames import READ_OF_SERIES
from companion.scans.pictures.looker import Looker
from tests.builders import make_scan
from tests.scans.pictures.drawing import make_ground, write

NAME = ("FERNSBY, OTTILIE",)


def make_slice(picture: Any, **elements: Any) -> bytes:
    """A CT slice that shows an eight-bit picture."""
    samples = picture.astype(np.uint16) * 8
    described = {
        "Rows": samples.shape[-2], "Columns": samples.shape[-1], "PixelData": samples.tobytes(),
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"], "SeriesInstanceUID": "2.25.5",
    }  # fmt: skip
    return make_scan(**described | elements)


def make_file(picture: Any, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, form, **options)
    return out.getvalue()


def look(*files: tuple[str, bytes, Kind]) -> Looked:
    one = Looker()
    for name, data, kind in files:
        one.take(name, data, kind)
    return one.finish()


def read_in(found: Looked, name: str) -> str:
    return " ".join(words.text for words in found.words if words.box.file == name)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "BMP", "WEBP", "JPEG2000", "PDF"])
def test_a_picture_file_of_any_form_is_read(form: str) -> None:
    picture = write(make_ground(60, 300, 400), NAME, size=20)
    kind = Kind.PDF if form == "PDF" else Kind.IMAGE
    found = look(("photo", make_file(picture, form), kind))
    assert "OTTILIE" in read_in(found, "photo")
    assert [(one.frames, one.looked_at, one.why_not) for one in found.seen] == [(1, 1, "")]
    thumbnail = found.thumbnails[0]
    assert thumbnail.shows is Shows.WORDS
    assert (thumbnail.width, thumbnail.height) == (400, 300)
    assert thumbnail.boxes == tuple(words.box for words in found.words)


def test_a_box_stands_where_the_words_stand() -> None:
    picture = write(make_ground(61, 400, 500), NAME, size=22, at=(180, 250))
    box = look(("a", make_slice(picture), Kind.DICOM)).words[0].box
    assert abs(box.x - 180) < 20
    assert abs(box.y + box.height / 2 - 264) < 14
    assert 180 < box.width < 280


def test_a_name_on_one_slice_of_many_is_found_wherever_it_is() -> None:
    files = [(f"IM{number}", make_slice(make_ground(number, 256, 256)), Kind.DICOM)
             for number in range(12)]  # fmt: skip
    written = write(make_ground(5, 256, 256), NAME, size=15)
    files[5] = ("IM5", make_slice(written), Kind.DICOM)
    found = look(*files)
    assert "OTTILIE" in read_in(found, "IM5")
    assert {words.box.file for words in found.words} == {"IM5"}
    assert all((one.frames, one.looked_at) == (1, 1) for one in found.seen)


def test_a_name_on_every_slice_is_read_once_and_told_of_each() -> None:
    one = Looker()
    for number in range(20):
        picture = write(make_ground(number, 256, 256), NAME, size=15)
        one.take(f"IM{number}", make_slice(picture), Kind.DICOM)
    found = one.finish()
    assert len({words.box.file for words in found.words}) == 20
    assert one.readings <= 6


def test_words_that_change_from_slice_to_slice_are_not_taken_for_the_same() -> None:
    files = [
        (f"IM{number}",
         make_slice(write(make_ground(1, 256, 256), (f"SERIAL 88{number}417",), size=15)),
         Kind.DICOM)
        for number in range(4)
    ]  # fmt: skip
    found = look(*files)
    for number in range(4):
        assert f"88{number}417" in read_in(found, f"IM{number}")


def test_readings_of_one_series_are_bounded_and_what_is_left_out_says_so() -> None:
    files = [
        (f"IM{number}",
         make_slice(write(make_ground(1, 128, 128), (f"A{number}B{number * 7}",), size=14)),
         Kind.DICOM)
        for number in range(READ_OF_SERIES + 6)
    ]  # fmt: skip
    found = look(*files)
    left_out = [one for one in found.seen if not one.looked_at]
    assert len(left_out) == 6
    assert {one.why_not for one in left_out} == {WhyNot.MANY}


def test_the_first_the_last_and_a_middle_frame_are_read_whatever_they_show() -> None:
    """Letters this large are no marks to the quick look, so they are met where all is read."""
    files = []
    for number in range(30):
        picture = make_ground(1, 320, 400, kind="black")
        picture = write(picture, (f"K{number + 60}",), size=90, at=(20, 90))
        files.append((str(number), make_slice(picture), Kind.DICOM))
    first, middle, last = sorted({int(words.box.file) for words in look(*files).words})
    assert (first, last) == (0, 29)
    assert 10 <= middle <= 19


def test_of_a_film_the_first_and_the_middle_frame_are_read_and_all_are_looked_at() -> None:
    frames = np.stack([make_ground(number, 128, 160) for number in range(9)])
    frames[4] = write(frames[4], ("OTTILIE",), size=18)
    film = make_slice(frames, NumberOfFrames=9, Modality="US")
    found = look(("film", film, Kind.DICOM))
    assert {words.box.frame for words in found.words} == {4}
    assert (found.seen[0].frames, found.seen[0].looked_at) == (9, 9)


def test_a_video_is_said_not_to_be_looked_at() -> None:
    video = make_scan(
        syntax="1.2.840.10008.1.2.4.102", NumberOfFrames=25, PixelData=encapsulate([bytes(64)])
    )
    seen = look(("film", video, Kind.DICOM)).seen[0]
    assert (seen.frames, seen.looked_at, seen.why_not) == (25, 0, WhyNot.VIDEO)


def test_damage_in_one_file_leaves_the_others_as_they_are() -> None:
    good = make_slice(write(make_ground(2, 256, 256), NAME, size=16))
    found = look(
        ("cut", good[:400], Kind.DICOM),
        ("noise", bytes(range(256)) * 40, Kind.IMAGE),
        ("empty", b"", Kind.DICOM),
        ("lies", make_slice(make_ground(1, 64, 64), Rows=65_535, Columns=65_535), Kind.DICOM),
        ("page", b"%PDF-1.4 no more", Kind.PDF),
        ("good", good, Kind.DICOM),
    )
    assert "OTTILIE" in read_in(found, "good")
    by_name = {one.file: one for one in found.seen}
    assert by_name["lies"].why_not == WhyNot.SIZE
    assert by_name["good"].looked_at == 1


def test_ten_thousand_frames_end_in_time_and_those_left_out_are_counted() -> None:
    frames = np.zeros((10_000, 8, 8), np.uint16)
    frames[:, 0, 0] = np.arange(10_000)
    seen = look(("many", make_slice(frames, NumberOfFrames=10_000), Kind.DICOM)).seen[0]
    assert seen.frames == 10_000
    assert seen.looked_at == 10_000 or seen.why_not in set(WhyNot)


def test_each_series_has_a_small_picture() -> None:
    files = []
    for number in range(9):
        picture, series = make_ground(number, 600, 500), f"2.25.{number // 3}"
        files.append((str(number), make_slice(picture, SeriesInstanceUID=series), Kind.DICOM))
    found = look(*files)
    assert [one.shows for one in found.thumbnails] == [Shows.SERIES] * 3
    for one in found.thumbnails:
        small = Image.open(io.BytesIO(one.image))
        assert max(small.size) <= MAX_THUMBNAIL_SIDE
        assert (one.width, one.height) == (500, 600)


def test_a_picture_of_one_tone_stands_for_no_series() -> None:
    found = look(("mask", make_slice(np.zeros((64, 64), np.uint8)), Kind.DICOM))
    assert [one.looked_at for one in found.seen] == [1]
    assert not found.thumbnails


def test_what_was_read_is_in_no_repr() -> None:
    found = look(("a", make_slice(write(make_ground(3, 256, 256), NAME, size=18)), Kind.DICOM))
    assert found.words
    assert "OTTILIE" not in repr(found)


def test_an_x_ray_of_the_largest_size_is_read_within_the_memory_of_its_process() -> None:
    ground = make_ground(70, 500, 400, kind="bright")
    large = np.repeat(np.repeat(ground, 8, axis=0), 8, axis=1)
    picture = write(large, NAME, size=70, at=(60, 80), brightness=255)
    tracemalloc.start()
    found = look(("film", make_slice(picture, Modality="DX"), Kind.DICOM))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "OTTILIE" in read_in(found, "film")
    assert peak < 400 * 1024 * 1024


def test_the_same_frame_in_another_file_has_its_words_too() -> None:
    name = make_slice(write(make_ground(61), NAME, size=20))
    found = look(*((f"IM{number}", name, Kind.DICOM) for number in range(6)))
    assert {words.box.file for words in found.words} == {f"IM{number}" for number in range(6)}
    assert len({words.text for words in found.words}) == len(found.words) // 6


def test_a_frame_nobody_had_time_for_is_not_looked_at_when_it_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looker, "MOST_READ", 0)
    name = make_slice(write(make_ground(62), NAME, size=20))
    found = look(*((f"IM{number}", name, Kind.DICOM) for number in range(2)))
    assert [one.looked_at for one in found.seen] == [0, 0]
