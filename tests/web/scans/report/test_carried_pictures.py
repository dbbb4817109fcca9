"""Small pictures in a page's form: out and back the same, and nothing taken on trust."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from companion.scans.findings import ReportError, Shows
from companion.web.scans.report import carried_pictures
from tests.web.scans.report.pictures import draw_picture, make_thumbnail


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_pictures_come_back_as_they_left(kind: str, media_type: str) -> None:
    pictures = (
        make_thumbnail(image=draw_picture(kind=kind), media_type=media_type),
        make_thumbnail(Shows.FACE, file="Ünïcode \ud800 name", frame=3),
    )
    fields = [carried_pictures.pack(picture) for picture in pictures]
    assert carried_pictures.unpack(fields) == pictures


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(carried_pictures.pack(make_thumbnail())), **changes})


def image(data: bytes) -> str:
    return base64.b64encode(data).decode()


_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.mark.parametrize(
    "field",
    [
        "",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        changed(image="no base64!"),
        changed(image=image(b"GIF89a")),
        changed(image=image(b"\xff\xd8\xff")),
        changed(image=image(b"\xff\xd8" + b"\xff\xe0\0\0" * 5_000)),
        changed(media_type="image/png"),
        changed(media_type="image/svg+xml", image=image(b"<svg/>")),
        changed(media_type="image/png", image=image(_PNG + b"\0\0\xff\xff" * 2)),
        changed(media_type="image/png", image=image(_PNG + b"\0\0\0\0" * 2)),
        changed(image=image(draw_picture(side=481))),
        changed(shows="secrets"),
        changed(width=0),
        changed(width=-1),
        changed(height=10**12),
        changed(height=1.5),
        changed(frame=True),
        changed(file=7),
        changed(file="x" * 10_000),
        changed(boxes=[{}]),
        changed(boxes="none"),
        changed(boxes=[[]]),
        changed(boxes=json.loads(carried_pictures.pack(make_thumbnail()))["boxes"] * 101),
    ],
)
def test_what_is_no_small_picture_is_refused(field: str) -> None:
    with pytest.raises(ReportError) as refused:
        carried_pictures.unpack([field])
    assert refused.value.code == "damaged"


@pytest.mark.parametrize(
    "fields",
    [
        lambda: [carried_pictures.pack(make_thumbnail())] * 21,
        lambda: [" " * 500_000],
    ],
)
def test_too_many_and_too_large_ones_are_refused(fields: Callable[[], list[str]]) -> None:
    with pytest.raises(ReportError) as refused:
        carried_pictures.unpack(fields())
    assert refused.value.code == "too-large"
