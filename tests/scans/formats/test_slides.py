"""Pages of pathology slides that are pictures of the paper label."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from companion.scans.findings import Finding, Place
from companion.scans.inspection import Entry, inspect

Page = tuple[tuple[int, int], dict[int, int | str]]
KIND, DESCRIPTION, MAKER, LENS = 254, 270, 271, 65_421
APERIO = "Aperio Image Library v12.0.15\r\n46000x32914 [0,100 46000x32914] (256x256) JPEG/RGB Q=70"


def make_tiff(*pages: Page) -> bytes:
    pictures = [Image.new("L", size, 200) for size, _ in pages]
    for picture, (_, tags) in zip(pictures, pages, strict=True):
        picture.encoderinfo = {"tiffinfo": dict(tags)}
    file = io.BytesIO()
    pictures[0].save(
        file, "TIFF", save_all=True, append_images=pictures[1:], tiffinfo=dict(pages[0][1])
    )
    return file.getvalue()


def labels(data: bytes) -> list[Finding]:
    report = inspect([Entry("slide.tif", [data])])
    return [finding for finding in report.findings if finding.rule == "slide-label"]


SLIDES = {
    "Aperio, named": make_tiff(
        ((480, 320), {DESCRIPTION: APERIO}),
        ((240, 160), {DESCRIPTION: APERIO}),
        ((60, 64), {DESCRIPTION: "Aperio Image Library\r\nlabel 60x64"}),
    ),
    "Aperio, unnamed": make_tiff(
        ((480, 320), {DESCRIPTION: APERIO}), ((240, 160), {}), ((60, 64), {KIND: 1})
    ),
    "kind of a macro picture alone": make_tiff(((480, 320), {}), ((240, 80), {KIND: 9})),
    "Hamamatsu": make_tiff(
        ((480, 320), {MAKER: "Hamamatsu", DESCRIPTION: "Created by Hamamatsu Photonics"}),
        ((240, 160), {}),
        ((200, 66), {}),
    ),
    "label before the tissue": make_tiff(
        ((60, 100), {DESCRIPTION: "Label_Image", MAKER: "Roche"}), ((480, 320), {})
    ),
    "by shape": make_tiff(
        ((480, 320), {DESCRIPTION: "AppMag = 20|MPP = 0.5"}), ((100, 40), {}), ((50, 60), {})
    ),
}  # fmt: skip
OTHERS = {
    "the tissue in smaller sizes": make_tiff(
        ((480, 320), {DESCRIPTION: APERIO}), ((240, 160), {KIND: 1}), ((30, 20), {KIND: 1}),
        ((31, 21), {}),
    ),
    "a fax": make_tiff(((480, 320), {}), ((240, 320), {}), ((320, 480), {})),
    "one page": make_tiff(((480, 320), {DESCRIPTION: APERIO})),
}  # fmt: skip


@pytest.mark.parametrize("kind", SLIDES)
def test_a_picture_of_the_label_is_found(kind: str) -> None:
    (found,) = labels(SLIDES[kind])
    assert found.place is Place.OTHER_FILE
    assert all("label" in value for value in found.values)


@pytest.mark.parametrize("kind", OTHERS)
def test_a_file_without_such_a_picture_has_no_finding_of_it(kind: str) -> None:
    assert labels(OTHERS[kind]) == []


def test_each_page_is_named_once() -> None:
    (found,) = labels(SLIDES["by shape"])
    assert found.values == (
        "label or whole slide (page 2, 100 x 40 pixels)",
        "label or whole slide (page 3, 50 x 60 pixels)",
    )
