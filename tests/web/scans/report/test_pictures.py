"""The pictures themselves: which are shown, what is outlined, covered and said of each."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from companion.content import screens
from companion.content.library import LANGUAGES
from companion.scans.findings import Box, Finding, Report, Shows
from companion.web.scans.report import build, carried_pictures
from companion.web.scans.report.pictures import (
    BOXES_AT_MOST,
    BYTES_AT_LEAST,
    OTHERS_AT_MOST,
    OTHERS_BYTES_AT_MOST,
    PICTURES_AT_MOST,
    PicturesPart,
)
from tests.web.scans.posting import carried
from tests.web.scans.report.pictures import (
    DATE,
    NAME,
    SIDE,
    draw_picture,
    make_face,
    make_pictures_report,
    make_thumbnail,
    make_words,
)
from tests.web.scans.report.reports import make_files, make_finding, make_report

UNREAD = make_finding("picture-not-read", group="picture", hipaa=None, certainty="possible")


def part_of(report: Report, language: str = "en") -> PicturesPart:
    with translation.override(language):
        return build(report, language).pictures


def told(report: Report, language: str = "en") -> str:
    return " ".join(map(str, build(report, language).opening))


# --- How much was looked at ------------------------------------------------------------


@pytest.mark.parametrize(
    ("frames", "looked_at", "says"),
    [
        ((1, 1, 1), (1, 1, 1), "on all 3 pictures"),
        ((1,), (1,), "for words on the picture"),
        ((40, 1, 1), (3, 1, 1), "on 5 of 42 pictures"),
    ],
)
def test_the_opening_says_how_many_pictures_of_how_many_were_looked_at(
    frames: tuple[int, ...], looked_at: tuple[int, ...], says: str
) -> None:
    files = tuple(
        replace(file, frames=n, frames_looked_at=seen)
        for file, n, seen in zip(make_files(len(frames)), frames, looked_at, strict=True)
    )
    assert says in told(make_report(files=files))


def test_pictures_that_nobody_counted_are_called_the_rest() -> None:
    seen = make_files(2, frames=1, frames_looked_at=1)
    rest = make_files(1, kind="image", notes=("pictures-not-looked-at-now",))
    assert "on 2 pictures, and not on the rest" in told(make_report(files=(*seen, *rest)))


def test_pictures_that_nobody_looked_at_are_still_called_so() -> None:
    assert "The pictures were not looked at" in told(make_report(make_finding(), UNREAD))


def test_a_report_of_no_pictures_says_nothing_of_them() -> None:
    part = part_of(make_report())
    assert not part
    assert not part.limit
    assert "picture" not in told(make_report())


def test_a_saved_report_that_claims_more_looked_at_than_there_are_is_not_believed() -> None:
    files = make_files(2, frames=1, frames_looked_at=1_000)
    assert "on all 2 pictures" in told(make_report(files=files))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_looking_cannot_tell_is_said_by_how_much_was_looked_at(language: str) -> None:
    limits = [
        part_of(report, language).limit
        for report in (
            make_pictures_report(),
            make_pictures_report(files=make_files(frames=9, frames_looked_at=1)),
            make_report(make_finding(), UNREAD),
        )
    ]
    assert all(limits)
    assert len(set(limits)) == 3


def test_files_that_were_not_looked_at_in_full_are_named_with_the_reason() -> None:
    files = (
        *make_files(1, frames=40, frames_looked_at=3, notes=("frames-not-looked-at",)),
        *make_files(30, kind="image", notes=("pictures-not-looked-at-now",)),
    )
    first, second = part_of(make_report(files=files)).not_looked_at
    assert (first.frames, first.names) == (37, ("CD/IM0000",))
    assert len(first.reasons) == 1
    assert second.more == 18
    assert first.reasons != second.reasons


# --- What was found --------------------------------------------------------------------


def test_a_name_on_the_picture_is_outlined_and_where_it_stands_is_said() -> None:
    (picture,) = part_of(make_pictures_report()).pictures
    (mark,) = picture.marks
    assert mark.x <= NAME.x
    assert mark.x + mark.width >= NAME.x + NAME.width
    assert picture.seen[0].places == ("upper left corner",)
    assert "upper left corner" in picture.alt


def test_other_words_are_covered_and_not_outlined() -> None:
    (picture,) = part_of(make_pictures_report()).pictures
    assert len(picture.covers) == 1
    assert picture.covers[0].y + picture.covers[0].height >= DATE.y + DATE.height


@pytest.mark.parametrize("language", LANGUAGES)
def test_alternative_texts_and_reprs_hold_none_of_the_words(language: str) -> None:
    report = make_pictures_report()
    part = part_of(report, language)
    assert "ZANZIBAROVA" not in " ".join(picture.alt for picture in part.all_pictures)
    assert "ZANZIBAROVA" not in repr(part)
    assert base64.b64encode(report.thumbnails[0].image).decode()[:40] not in repr(part)


def test_each_picture_says_its_own_words() -> None:
    there = replace(DATE, file="CD/IM0001")
    found = make_words(values=("ZANZIBAROVA", "JANE"), boxes=(NAME, there))
    pictures = (make_thumbnail(), make_thumbnail(file="CD/IM0001", boxes=(there,)))
    first, second = part_of(make_pictures_report(found, thumbnails=pictures)).pictures
    assert first.seen[0].values == ("ZANZIBAROVA",)
    assert second.seen[0].values == ("JANE",)
    assert second.seen[0].places == ("lower right corner",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_called_what_the_headers_or_their_shape_say(language: str) -> None:
    def title(name: str) -> str:
        found = make_words(name=name)
        return part_of(make_pictures_report(found), language).pictures[0].seen[0].titles[0]

    titles = [title(n) for n in ("PatientName", "InstitutionName", "date on the picture", "")]
    assert len(set(titles)) == 4
    assert all(titles)


def test_words_that_are_sure_stand_near_the_top_and_a_mere_hint_does_not() -> None:
    assert part_of(make_pictures_report()).found
    hint = make_words(certainty="possible", hipaa=None, name="words on the picture")
    assert not part_of(make_pictures_report(hint)).found
    unread = make_words("picture-text-unread", certainty="possible", values=())
    assert part_of(make_pictures_report(unread)).found


def test_a_name_on_the_picture_alone_is_no_name_to_pass_over() -> None:
    page = build(make_pictures_report(), "en")
    assert "There are words on the pictures themselves that can lead to you" in " ".join(page.story)
    who = next(answer for answer in page.answers if answer.id == "who")
    assert ("ZANZIBAROVA JANE",) in [line.values for line in who.lines]
    assert "on the picture itself" in " ".join(line.text for line in page.for_all[-1].lines)


def test_the_opening_says_what_is_written_on_the_pictures_before_who_you_are() -> None:
    words = (make_words(name="PatientName"), make_words(name="PatientBirthDate"))
    text = " ".join(build(make_pictures_report(*words, make_finding("patient-sex")), "en").story)
    assert "Written on the pictures themselves: <strong>your name</strong>" in text
    assert text.index("pictures themselves") < text.index("Anyone who opens")
    assert "words on the picture itself" not in text


def test_a_line_that_says_several_things_stands_once_beside_its_picture() -> None:
    found = (make_words(name="PatientName"), make_words(name="InstitutionName"))
    (seen,) = part_of(make_pictures_report(*found)).pictures[0].seen
    assert len(seen.titles) == 2


def test_all_pictures_is_never_said_of_a_download_that_was_cut_off() -> None:
    files = make_files(frames=1, frames_looked_at=1)
    assert "all 3 pictures" in part_of(make_pictures_report(files=files)).told
    cut = (*files[:2], replace(files[2], notes=("zip-truncated",)))
    told = part_of(make_pictures_report(files=cut)).told
    assert "the part of the pictures that arrived" in told
    assert "all" not in told


def test_a_clean_set_is_never_called_fit_because_it_was_looked_at() -> None:
    report = make_pictures_report(make_finding("uid-study", group="numbers", hipaa="R"))
    lines = " ".join(line.text for line in build(report, "en").for_all[-1].lines)
    assert "It can miss some" in lines


@pytest.mark.parametrize(
    ("claim", "found", "told"),
    [
        ("claim-burned-in", True, "claim_no"),
        ("claim-burned-in", False, ""),
        ("burned-in-yes", False, "claim_yes"),
        ("burned-in-yes", True, ""),
    ],
)
def test_a_files_claim_is_told_beside_what_was_seen(claim: str, found: bool, told: str) -> None:
    findings = [make_finding(claim, group="claims", hipaa=None), *([make_words()] if found else [])]
    page = build(make_pictures_report(*findings), "en")
    assert page.pictures.claims == ((page.words["pictures"][told],) if told else ())


def test_a_claim_of_words_is_not_doubted_where_not_all_was_looked_at() -> None:
    claim = make_finding("burned-in-yes", group="picture")
    files = make_files(frames=9, frames_looked_at=1)
    assert part_of(make_pictures_report(claim, files=files)).claims == ()


# --- The face --------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_face_and_a_part_of_one_are_told_apart(language: str) -> None:
    parts = [
        part_of(make_pictures_report(make_face(rule)), language).face
        for rule in ("face-visible", "face-part")
    ]
    assert all(parts)
    assert parts[0] != parts[1]


def test_the_face_is_not_among_the_pictures_that_stand_open() -> None:
    face = make_thumbnail(Shows.FACE)
    part = part_of(make_pictures_report(make_face(), thumbnails=(face,)))
    assert part.pictures == ()
    assert [picture.thumbnail for picture in part.faces] == [face]
    assert part.faces[0].marks == ()


def test_a_whole_face_is_told_in_the_opening_and_a_part_is_not() -> None:
    assert "picture of your face" in told(make_pictures_report(make_face()))
    part = make_face("face-part", certainty="possible")
    assert "your face" not in told(make_pictures_report(make_finding(), part))


# --- Bounds ----------------------------------------------------------------------------


def test_pictures_with_words_come_first_and_the_rest_is_counted() -> None:
    def file(number: int) -> str:
        return f"CD/IM{number:04d}"

    plain = [make_thumbnail(Shows.SERIES, file=file(100 + n)) for n in range(40)]
    image = draw_picture(96)
    words = [make_thumbnail(file=file(n), image=image) for n in range(PICTURES_AT_MOST)]
    found = [
        make_words(name=f"Element{n}", boxes=(replace(NAME, file=file(n)),))
        for n in range(PICTURES_AT_MOST)
    ]
    part = part_of(make_pictures_report(*found, thumbnails=(*plain, *words)))
    assert [picture.file for picture in part.pictures] == [file(n) for n in range(12)]
    assert part.more == 40


def test_the_surest_words_come_first_and_a_hint_is_outlined_as_one() -> None:
    there = replace(NAME, file="CD/IM0001")
    hint = make_words(certainty="possible", hipaa=None, name="words on the picture")
    name = make_words(certainty="certain", name="PatientName", boxes=(there,))
    pictures = (make_thumbnail(), make_thumbnail(file="CD/IM0001", boxes=(there,)))
    first, second = part_of(make_pictures_report(hint, name, thumbnails=pictures)).pictures
    assert (first.file, second.file) == ("CD/IM0001", "CD/IM0000")
    assert not first.marks[0].maybe
    assert second.marks[0].maybe


def test_of_many_slices_that_say_the_same_two_are_shown() -> None:
    frames = [replace(NAME, frame=n) for n in range(10)]
    pictures = tuple(make_thumbnail(frame=n, boxes=(frames[n],)) for n in range(10))
    found = make_words(boxes=tuple(frames))
    part = part_of(make_pictures_report(found, thumbnails=pictures))
    assert [picture.thumbnail.frame for picture in part.pictures] == [0, 1]
    assert part.more == 8


def test_words_beyond_the_boxes_of_a_finding_are_never_called_none(client: Client) -> None:
    report = make_pictures_report(make_finding())
    shown = client.post(
        "/scans/open/",
        {**carried(report), "picture": [carried_pictures.pack(t) for t in report.thumbnails]},
    )
    words = screens.read("report", "en")["pictures"]
    assert words["other-words"] in shown.text
    assert words["nothing"] not in shown.text
    assert words["body-clean"] not in shown.text


def test_pictures_without_words_are_few_and_light() -> None:
    series = [make_thumbnail(Shows.SERIES, file=f"s{n}") for n in range(40)]
    part = part_of(make_pictures_report(make_finding(), thumbnails=tuple(series)))
    assert 0 < len(part.pictures) <= OTHERS_AT_MOST
    assert sum(len(p.thumbnail.image) for p in part.pictures) <= OTHERS_BYTES_AT_MOST


def test_a_page_of_many_files_gives_less_room_to_pictures() -> None:
    here = [replace(NAME, file=f"CD/IM{n:04d}") for n in range(4)]
    found = [make_words(name=f"Element{n}", boxes=(box,)) for n, box in enumerate(here)]
    image = draw_picture() + bytes(BYTES_AT_LEAST // 3)
    pictures = [make_thumbnail(file=box.file, boxes=(box,), image=image) for box in here]
    report = make_pictures_report(*found, thumbnails=tuple(pictures))
    assert len(part_of(report).pictures) == 4
    part = part_of(replace(report, files=report.files * 200))
    assert 0 < sum(len(p.thumbnail.image) for p in part.pictures) <= BYTES_AT_LEAST
    assert part.more == 4 - len(part.pictures)


def test_a_frame_is_shown_once() -> None:
    twice = (make_thumbnail(), make_thumbnail(Shows.SERIES))
    assert len(part_of(make_pictures_report(thumbnails=twice)).pictures) == 1


def test_boxes_beyond_the_picture_and_too_many_of_them_are_cut() -> None:
    wild = [Box("CD/IM0000", 0, n, 10**9, 10**9, 10**9) for n in range(500)]
    wild.append(Box("CD/IM0000", 0, SIDE - 5, SIDE - 5, 10**12, 10**12))
    found: Finding = make_words(boxes=tuple(wild), values=())
    (picture,) = part_of(make_pictures_report(found)).pictures
    assert len(picture.marks) == BOXES_AT_MOST
    for mark in (*picture.marks, *picture.covers):
        assert 0 <= mark.x <= mark.x + mark.width <= SIDE
        assert 0 <= mark.y <= mark.y + mark.height <= SIDE


def test_a_picture_of_another_kind_or_of_no_size_is_not_shown() -> None:
    odd = (
        make_thumbnail(media_type="image/svg+xml"),
        make_thumbnail(file="b", width=0),
    )
    assert part_of(make_pictures_report(thumbnails=odd)).all_pictures == ()


def test_a_report_opened_from_a_file_says_that_its_pictures_are_not_in_it() -> None:
    assert part_of(make_pictures_report(thumbnails=())).missing
    assert not part_of(make_pictures_report()).missing
