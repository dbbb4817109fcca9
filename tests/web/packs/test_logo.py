"""A group's logo: what is taken, what is refused and why, and what of its file is kept."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageFile, PngImagePlugin

from companion.letters import pdf
from companion.web import logos
from tests.web.packs.test_views import make_choice
from tests.web.responses import Response

pytestmark = pytest.mark.django_db


def send_logo(data: bytes, name: str = "logo.png") -> Response:
    return Client().post("/packs/", make_choice(logo=SimpleUploadedFile(name, data)))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_stands_on_the_cover(kind: str, make_logo: Callable[..., bytes]) -> None:
    answer = send_logo(make_logo(kind))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        images = [image for page in opened.pages for image in page.get_images().values()]
        assert images


def make_png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that claims a size, whatever its data holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a PNG or a JPEG"),
        (b"GIF89a" + bytes(100), "not a PNG or a JPEG"),
        (b"MZ" + bytes(100), "not a PNG or a JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 600_000, "larger than 512 KB"),
        (make_png(30_000, 30_000, zlib.compress(bytes(1_000_000))), "too many pixels"),
        (make_png(5_000, 10), "too many pixels"),
        (make_png(100, 100, b"garbage"), "cannot be read"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "cannot be read"),
    ],
)
def test_a_logo_that_is_none_is_refused_with_its_reason(data: bytes, words: str) -> None:
    answer = send_logo(data)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nothing_of_the_file_but_its_pixels_is_kept(make_logo: Callable[..., bytes]) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "canary-note")
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(file, "PNG", pnginfo=info)
    polyglot = file.getvalue() + b"PK\x03\x04canary-zip<script>canary-script</script>"
    made = logos.read(polyglot)
    assert b"canary" not in made.png
    assert Image.open(io.BytesIO(made.png)).getpixel((5, 5))[:3] == (255, 0, 0)


def test_a_text_bomb_in_a_picture_is_refused() -> None:
    bomb = zlib.compress(bytes(40_000_000), 9)
    chunk = b"zTXt" + b"k\x00\x00" + bomb
    data = make_png(4, 4, zlib.compress(bytes(4 * 13)))
    at = data.index(b"IDAT") - 4
    size = struct.pack(">I", len(chunk) - 4)
    data = data[:at] + size + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[at:]
    with pytest.raises(logos.LogoRefused):
        logos.read(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_half_a_logo_is_none(kind: str) -> None:
    file = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(file, kind)
    whole = file.getvalue()
    assert pdf.STYLES.is_dir()  # WeasyPrint is loaded, which asks Pillow to be lenient
    assert logos.read(whole).width == 300
    with pytest.raises(logos.LogoRefused) as refused:
        logos.read(whole[: len(whole) // 2])
    assert refused.value.code == "broken"


def test_many_logos_at_once_leave_the_process_as_it_was() -> None:
    # Large enough that one thread is decoding while another begins.
    file = io.BytesIO()
    Image.effect_noise((600, 400), 90).convert("RGB").save(file, "PNG")
    good, bad = file.getvalue(), make_png(100, 100, b"garbage")

    def read(number: int) -> str:
        seen.append(warnings.filters)
        try:
            return f"{logos.read(good if number % 2 else bad).width} wide"
        except logos.LogoRefused as refused:
            return refused.code

    filters, lenient = warnings.filters, ImageFile.LOAD_TRUNCATED_IMAGES
    seen: list[object] = []
    with ThreadPoolExecutor(max_workers=16) as workers:
        read_as = list(workers.map(read, range(60)))
    assert set(read_as[::2]) == {"broken"}
    assert len(set(read_as[1::2])) == 1
    assert all(one is filters for one in (*seen, warnings.filters))
    assert lenient is ImageFile.LOAD_TRUNCATED_IMAGES
