"""Pictures that are files: JPEG, PNG, TIFF ..., and the pages of a PDF that are pictures."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps

from companion import signatures
from companion.scans.pictures.decode import MOST_BYTES, UndecodedError, WhyNot
from companion.scans.pictures.window import Shown, grey

_FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "JPEG2000")
"""What Pillow may take a file for; the rest of its formats are read by nobody's viewer."""
MOST_PAGES = 200


class Picture:
    """A picture that Pillow decodes, of one page or of several."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self.frames = min(MOST_PAGES, getattr(image, "n_frames", 1))

    def shown(self, frame: int) -> Shown:
        """One page, upright. Raises ``UndecodedError``."""
        try:
            self._image.seek(frame)
            width, height = self._image.size
            if width * height * len(self._image.getbands()) > MOST_BYTES:
                raise UndecodedError(WhyNot.SIZE)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of odd metadata, which nobody reads here
                upright = ImageOps.exif_transpose(self._image)
            if upright.mode in ("I", "F", "I;16", "I;16B", "I;16L"):
                return grey(np.asarray(upright))
            return np.asarray(upright.convert("L" if upright.mode in ("1", "L", "LA") else "RGB"))
        except UndecodedError:
            raise
        except MemoryError:
            raise UndecodedError(WhyNot.SIZE) from None
        except Exception:  # noqa: BLE001 - each format has errors of its own
            raise UndecodedError(WhyNot.DAMAGED) from None


def pictures(data: bytes) -> Iterator[Picture]:
    """The pictures in a file that is no scan; none where it is none that can be opened."""
    if signatures.has_pdf_header(data):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Exception:  # noqa: BLE001 - each format has errors of its own
        return
    yield Picture(image)
