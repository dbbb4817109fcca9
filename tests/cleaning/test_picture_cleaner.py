"""A set's pictures go out without words and faces, and only once they were looked at again."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import UID

from companion.cleaning import (
    Account,
    Action,
    Choice,
    Cleaning,
    FaceChoice,
    Preset,
    Reason,
    clean,
)
from companion.scans.dicom import tags
from companion.scans.findings import Box, Kind
from companion.scans.pictures import MOST_LEFT_OUT, Face, Letters, Looked, Seen, Volume, Words
from companion.scans.pictures.kinds import series_of
from tests.builders import make_scan
from tests.cleaning.making import make_sources

if not find_spec("imagecodecs"):
    pytest.skip("what cleans pictures is not installed here", allow_module_level=True)

from companion.cleaning import data_sets
from companion.cleaning.picture_cleaner import PixelCleaner
from companion.cleaning.pixels.picture import own_picture
from companion.scans.pictures.decode import decode
from companion.scans.pictures.stored import StoredPicture
from tests.scans.pictures.heads import head, scanned

NAME = (10, 8, 60, 12)
ULTRASOUND = "1.2.840.10008.5.1.4.1.1.6.1"
FILM = "1.2.840.10008.5.1.4.1.1.3.1"


def make_frame(number: int = 0, frames: int = 1, **elements: Any) -> bytes:
    """An ultrasound picture of noise, or a film of several."""
    random = np.random.default_rng(number)
    samples = random.integers(1, 255, (frames, 80, 120)).astype(np.uint8)
    described: dict[str, Any] = {
        "SOPClassUID": FILM if frames > 1 else ULTRASOUND, "Modality": "US",
        "SOPInstanceUID": f"2.25.9{number}", "SeriesInstanceUID": "2.25.5",
        "StudyInstanceUID": "2.25.4", "Rows": 80, "Columns": 120, "BitsAllocated": 8,
        "BitsStored": 8, "HighBit": 7, "PixelData": samples.tobytes(),
    }  # fmt: skip
    if frames > 1:
        described["NumberOfFrames"] = frames
    return make_scan(**described | elements)


class Sees:
    """A ``Look`` that sees bright words wherever it is told to, unless they are black."""

    why_not = ""

    def __init__(self, at: dict[int, list[tuple[int, int, int, int]]], *, left: int = 0) -> None:
        self.at, self._left = at, left
        """By frame; ``left``: it sees words ``left`` times more, whatever became of them."""
        self._held: dict[int, bytes] = {}
        self._taken: dict[int, StoredPicture] = {}
        self.volumes: tuple[tuple[int, Face], ...] = ()

    def data(self, number: int, chunk: bytes) -> None:
        self._held[number] = self._held.get(number, b"") + bytes(chunk)

    def take(self, number: int, kind: Kind) -> None:
        assert kind is Kind.DICOM
        picture = own_picture(self._held.pop(number))
        assert picture is not None
        self._taken[number] = picture

    def drop(self, number: int) -> None:
        self._held.pop(number, None)

    def finish(self) -> Looked | None:
        taken, self._taken = self._taken, {}
        seen, words = [], []
        for number, picture in taken.items():
            series = series_of(picture, str(number))
            seen.append(Seen(str(number), picture.frames, picture.frames, series=series))
            for frame, boxes in self.at.items():
                for x, y, width, height in boxes:
                    box = Box(str(number), frame, x, y, width, height)
                    one = Words(
                        box, Letters.READ, "FERNSBY", 0.9, series, picture.rows, picture.columns
                    )
                    if frame < picture.frames and (
                        self._left or decode(picture, frame)[y : y + height, x : x + width].any()
                    ):
                        words.append(one)
        self._left = max(0, self._left - 1)
        volumes = tuple(
            Volume(picture.text(tags.SERIES_INSTANCE_UID), str(number), len(taken), face, 0.9)
            for number, picture in list(taken.items())[:1]
            for face in [face for _, face in self.volumes]
        )
        return Looked(tuple(seen), tuple(words), volumes)


def make_copy(
    files: dict[str, bytes],
    look: Sees,
    again: Callable[[], Any] | None = None,
    face: FaceChoice = FaceChoice.WITHHOLD,
) -> tuple[list[bytes], Account]:
    """The copy's files, and the account."""
    cleaning: Cleaning = clean(
        make_sources(files), Choice(Preset.FOR_A_DOCTOR, face), look=look,
        pictures=PixelCleaner(again or (lambda: look)),
    )  # fmt: skip
    return [one.data for one in cleaning.files()], cleaning.account


def samples_of(data: bytes, frame: int = 0) -> Any:
    picture = own_picture(data)
    assert picture is not None
    return decode(picture, frame)


def reasons(account: Account) -> list[Reason]:
    return [one.reason for one in account.withheld]


def test_words_are_black_in_the_copy_and_all_else_is_as_it_was() -> None:
    before = make_frame()
    (after,), account = make_copy({"IM1": before}, Sees({0: [NAME]}))
    old, new = samples_of(before), samples_of(after)
    assert not new[8:20, 10:70].any()
    chosen = np.ones(old.shape, bool)
    chosen[7:21, 9:71] = False
    assert np.array_equal(old[chosen], new[chosen])
    assert [one.name for one in account.done if one.action is Action.BLACKED] == ["words"]


def test_words_on_one_frame_of_a_film_are_black_on_all() -> None:
    (after,), _ = make_copy({"IM1": make_frame(frames=4)}, Sees({2: [NAME]}))
    for frame in range(4):
        assert not samples_of(after, frame)[8:20, 10:70].any()
        assert samples_of(after, frame)[40:].all()


def test_what_the_second_look_sees_is_blacked_too() -> None:
    first = Sees({0: [NAME]})
    again = Sees({0: [NAME, (20, 40, 50, 12)]})
    (after,), account = make_copy({"IM1": make_frame()}, first, lambda: again)
    assert not samples_of(after)[40:52, 20:70].any()
    assert not reasons(account)


def test_words_that_can_still_be_read_withhold_the_file_alone() -> None:
    look, stubborn = Sees({0: [NAME]}), Sees({0: [NAME]}, left=3)
    files, account = make_copy({"IM1": make_frame(1), "IM2": make_frame(2)}, look, lambda: stubborn)
    assert [(one.name, one.reason) for one in account.withheld] == [("IM1", Reason.WORDS_LEFT)]
    assert len(files) == 1


def test_without_a_second_look_no_blacked_picture_goes_out() -> None:
    class Gone(Sees):
        def finish(self) -> Looked | None:
            return None

    files, account = make_copy({"IM1": make_frame()}, Sees({0: [NAME]}), lambda: Gone({}))
    assert files == []
    assert reasons(account) == [Reason.NOT_LOOKED_AT]


def test_a_picture_that_cannot_be_decoded_is_left_out_and_named() -> None:
    class Blind(Sees):
        def finish(self) -> Looked | None:
            found = super().finish()
            assert found is not None
            seen = tuple(
                Seen(one.file, 1, int(one.file != "1"), "damaged", one.series) for one in found.seen
            )
            return Looked(seen)

    files, account = make_copy({"IM1": make_frame(1), "IM2": make_frame(2)}, Blind({}))
    assert len(files) == 1
    assert [(one.name, one.reason) for one in account.withheld] == [("IM1", Reason.NOT_DECODED)]


class LooksAtSome(Sees):
    """Of each file it looks at all frames but those it is told to leave out."""

    def __init__(self, left_out: tuple[int, ...], why: str = "damaged") -> None:
        super().__init__({})
        self.left_out, self._why = left_out, why

    def finish(self) -> Looked | None:
        found = super().finish()
        assert found is not None
        return Looked(
            tuple(
                replace(
                    one,
                    looked_at=one.frames - len(self.left_out),
                    why_not=self._why,
                    left_out=self.left_out[:MOST_LEFT_OUT],
                )
                for one in found.seen
            )
        )


def test_frames_that_nobody_looked_at_are_black_in_the_copy_and_named() -> None:
    before = make_frame(frames=5)
    (after,), account = make_copy({"CD/IM1": before}, LooksAtSome((1, 3)))
    for frame in range(5):
        old, new = samples_of(before, frame), samples_of(after, frame)
        assert np.array_equal(new, 0 * old if frame in (1, 3) else old)
    (blank,) = account.blank_frames
    assert (blank.name, blank.numbers, blank.frames, blank.of) == ("CD/IM1", (2, 4), 2, 5)
    assert blank.copy.endswith(".dcm")
    assert account.pictures == "looked-at"
    assert not account.withheld


def test_of_many_frames_that_nobody_looked_at_none_goes_out() -> None:
    count = MOST_LEFT_OUT + 40
    left_out = tuple(range(10, count))
    (after,), account = make_copy({"IM1": make_frame(frames=count)}, LooksAtSome(left_out))
    assert [frame for frame in range(count) if samples_of(after, frame).any()] == list(range(10))
    (blank,) = account.blank_frames
    assert (len(blank.numbers), blank.frames, blank.of) == (MOST_LEFT_OUT, count - 10, count)


def test_a_film_at_which_nobody_looked_at_all_is_left_out() -> None:
    files, account = make_copy({"IM1": make_frame(frames=3)}, LooksAtSome((0, 1, 2), "time"))
    assert not files
    assert reasons(account) == [Reason.NOT_LOOKED_AT]


def numbered(data: bytes, number: int) -> bytes:
    """The scan with a UID of its own."""
    data_set = dcmread(io.BytesIO(data))
    data_set.SOPInstanceUID = UID(f"2.25.7{number:03}")
    return data_sets.written(data_set)


def head_of_a_patient(**elements: Any) -> tuple[dict[str, bytes], Sees]:
    volume = scanned(head(), pixel=3, slice_step=3)
    described = {"StudyInstanceUID": "2.25.4", "FrameOfReferenceUID": "2.25.3"} | elements
    files = {
        name: numbered(data, number)
        for number, (name, data) in enumerate(volume.scans(**described))
    }
    look = Sees({})
    look.volumes = ((0, Face.YES),)
    return files, look


def test_a_face_is_taken_from_every_slice_that_shows_it() -> None:
    from companion.cleaning.faces.heads import Head

    files, look = head_of_a_patient()
    copies, account = make_copy(files, look)
    assert len(copies) == len(files)
    assert [one.rule for one in account.done if one.action is Action.FACE_TAKEN] == ["face-visible"]
    after = Head()
    for number, data in enumerate(copies):
        after.take(str(number), data)
    assert not any(cut.veils for cut in after.cuts().values())


def test_the_patient_may_choose_that_the_face_stays() -> None:
    files, look = head_of_a_patient()
    copies, account = make_copy(files, look, face=FaceChoice.KEEP)
    assert sorted(samples_of(data).tobytes() for data in copies) == sorted(
        samples_of(data).tobytes() for data in files.values()
    )
    assert not [one for one in account.done if one.action is Action.FACE_TAKEN]
    assert "face" in account.stays


def test_where_a_face_cannot_be_taken_away_its_slices_are_withheld() -> None:
    files, look = head_of_a_patient()
    names = sorted(files)
    gap = {name: files[name] for name in (*names[:40], *names[46:])}
    copies, account = make_copy(gap, look)
    assert copies == []
    assert set(reasons(account)) == {Reason.FACE}


def test_a_head_that_nobody_could_judge_is_not_said_to_have_lost_a_face() -> None:
    volume = scanned(head(nose=0), pixel=3, slice_step=3, lowest=(-110, -125, 60))
    described = {"StudyInstanceUID": "2.25.4", "FrameOfReferenceUID": "2.25.3"}
    files = {
        name: numbered(data, number)
        for number, (name, data) in enumerate(volume.scans(**described))
    }
    look = Sees({})
    look.volumes = ((0, Face.UNKNOWN),)
    copies, account = make_copy(files, look)
    assert len(copies) == len(files)
    assert not [one for one in account.done if one.action is Action.FACE_TAKEN]
