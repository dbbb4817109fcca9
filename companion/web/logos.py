"""A group's logo: accepted as PNG or JPEG, checked before it is decoded, re-encoded.

The result holds nothing but the pixels of the file: no metadata, no second file appended
to the first, no script. The file is never written anywhere.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field

from PIL import Image

from companion import signatures

MAX_BYTES = 512 * 1024
MAX_SIDE = 4_000
MAX_PIXELS = 4_000_000
SHOWN = (900, 360)
"""Pixels that a logo is made to fit: 76 x 30 mm at 300 dots an inch."""

_TAKEN = (signatures.PNG, signatures.JPEG)


class LogoRefused(Exception):  # noqa: N818 - says what it is
    """The file is not a logo that we accept; ``code`` names the sentence that says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo that we encoded ourselves."""

    png: bytes = field(repr=False)
    width: int
    height: int

    @property
    def data_url(self) -> str:
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def read(data: bytes) -> Logo:
    """The logo in ``data``; ``LogoRefused`` ("large", "kind", "pixels", "broken").

    The size that the file claims is checked before a pixel is decoded, and Pillow
    stops where the data ends, so that a small file cannot take much memory.
    """
    if len(data) > MAX_BYTES:
        raise LogoRefused("large")
    found = signatures.first_fit(data, _TAKEN)
    if found is None:
        raise LogoRefused("kind")
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=[found.name])
        width, height = image.size
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise LogoRefused("pixels")
        if found is signatures.JPEG:
            image.draft("RGB", SHOWN)
        image.load()
        plain = image.convert("RGBA")
    except LogoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise LogoRefused("pixels") from error
    except Exception as error:
        raise LogoRefused("broken") from error
    plain.thumbnail(SHOWN)
    # Pasted onto a new picture, so that none of the old one's metadata comes along.
    clean = Image.new("RGBA", plain.size)
    clean.paste(plain)
    file = io.BytesIO()
    clean.save(file, "PNG", optimize=True)
    return Logo(file.getvalue(), *clean.size)
