"""Pictures that are files: JPEG, PNG, TIFF ..., and the pages of a PDF that are pictures."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import imagecodecs
import numpy as np
from PIL import Image, ImageOps

from companion import signatures
from companion.scans.pictures import codestreams
from companion.scans.pictures.decode import MOST_BYTES, UndecodedError, WhyNot
from companion.scans.pictures.decoder import HERE, Decoder, Samples
from companion.scans.pictures.window import Shown, grey

_FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP")
"""What Pillow may take a file for; the rest of its formats are read by nobody's viewer."""
_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
"""Pillow's modes of more than eight bits."""
MOST_PAGES = 100
"""Pages or frames of one file."""
MOST_OF_PAGE = 4
"""Pictures of one page of a PDF."""
SMALLEST_SIDE = 64
"""Pixels of a picture on a page below which it is a line or a bullet."""
_ODD_SIDES = 20
"""How many times longer than wide such a picture is at most."""


class Picture:
    """A picture that Pillow decodes, of one page or of several."""

    usual, nested, own = True, False, False

    def __init__(
        self,
        image: Image.Image,
        *,
        first: int = 0,
        data: bytes = b"",
        decoder: Decoder = HERE,
    ) -> None:
        """``data``: the whole file, where it is one, for ``decoder``; one of several pages is
        decoded here, for the file would go over once for each of them."""
        self._image = image
        self._first = first
        self._data = data
        self._decoder = decoder
        self.frames = min(MOST_PAGES, max(1, getattr(image, "n_frames", 1)))

    def series(self, file: str) -> str:
        """Each file is one of its own."""
        return file

    def order(self) -> Iterator[int]:
        """Its pages."""
        yield from range(self._first, self._first + self.frames)

    def shown(self, frame: int) -> Shown:
        """One page, upright. Raises ``UndecodedError``."""
        try:
            if self.frames == 1:
                if self._data:
                    return np.asarray(self._decoder(_shown, self._data), dtype=np.uint8)
                return _upright(self._image)
            self._image.seek(frame - self._first)
            return _upright(self._image)
        except UndecodedError:
            raise
        except MemoryError:
            raise UndecodedError(WhyNot.SIZE) from None
        except Exception:  # noqa: BLE001 - each format has errors of its own
            raise UndecodedError(WhyNot.DAMAGED) from None


def _shown(data: bytes) -> Shown:
    """The picture in a file, upright."""
    return _upright(Image.open(io.BytesIO(data), formats=_FORMATS))


def _upright(image: Image.Image) -> Shown:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata, which nobody reads here
        width, height = image.size
        if width * height * len(image.getbands()) > MOST_BYTES:
            raise UndecodedError(WhyNot.SIZE)
        upright = ImageOps.exif_transpose(image)
        if upright.mode in _DEEP:
            return grey(np.asarray(upright))
        plain = upright.mode in ("1", "L", "LA")
        return np.asarray(upright.convert("L" if plain else "RGB"))


class Wavelets:
    """A JPEG 2000 file: decoded by the decoder that scans are decoded by."""

    usual, nested, own, frames = True, False, False, 1

    def __init__(self, data: bytes, decoder: Decoder) -> None:
        self._data = data
        self._decoder = decoder

    def series(self, file: str) -> str:
        """Each file is one of its own."""
        return file

    def order(self) -> Iterator[int]:
        """The one frame."""
        yield 0

    def shown(self, frame: int) -> Shown:  # noqa: ARG002 - there is one
        """The picture. Raises ``UndecodedError``."""
        said = codestreams.of_jpeg_2000(self._data)
        if said is None:
            raise UndecodedError(WhyNot.DAMAGED)
        if said.rows * said.columns * said.samples * (-(-said.bits // 8)) > MOST_BYTES:
            raise UndecodedError(WhyNot.SIZE)
        try:
            samples = self._decoder(_wavelets, self._data)
        except UndecodedError:
            raise
        except Exception:  # noqa: BLE001 - a decoder's errors are its own
            raise UndecodedError(WhyNot.DAMAGED) from None
        if samples.ndim == 2 or samples.shape[2] < 3 or samples.dtype != np.uint8:
            return grey(samples if samples.ndim == 2 else samples[..., 0])
        return np.ascontiguousarray(samples[..., :3])


def _wavelets(data: bytes) -> Samples:
    return imagecodecs.jpeg2k_decode(data)


def pictures(data: bytes, decoder: Decoder = HERE) -> Iterator[Picture | Wavelets]:
    """The pictures in a file that is no scan; none where it is none that can be opened."""
    if signatures.has_pdf_header(data):
        yield from _on_pages(data)
    elif signatures.JP2.fits(data) or signatures.JPEG_2000.fits(data):
        yield Wavelets(data, decoder)
    else:
        picture = _opened(data, decoder)
        if picture is not None:
            yield picture


def _opened(data: bytes, decoder: Decoder) -> Picture | None:
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        return Picture(image, data=data, decoder=decoder)
    return None


def _on_pages(data: bytes) -> Iterator[Picture]:
    """The pictures on a PDF's pages, each under its page's number, counted from 0."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return
        pages = list(reader.pages[:MOST_PAGES])
    except Exception:  # noqa: BLE001 - pypdf raises whatever the damage makes it raise
        return
    for number, page in enumerate(pages):
        with suppress(Exception):
            images: Any = page.images
            for key in list(images.keys())[:MOST_OF_PAGE]:
                picture = _on_page(images, key, number)
                if picture is not None:
                    yield picture


def _on_page(images: Any, key: Any, number: int) -> Picture | None:
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = images[key].image
        if image is None:
            return None
        short, long = sorted(image.size)
        if short >= SMALLEST_SIDE and long <= _ODD_SIDES * short:
            return Picture(image, first=number)
    return None
