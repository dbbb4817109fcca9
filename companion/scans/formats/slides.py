"""Pictures of the label in files of pathology slides, which scanners write as TIFF.

Beside the tissue a slide scanner keeps a picture of the slide's paper label, with the
patient's name or number on it, and one of the whole slide that shows the label too. Some
name these pages; in others only the page's kind (NewSubfileType, TIFF 6.0, section 8; 9 is
Aperio's), its private tags (Hamamatsu's), or its shape tell: the other pages are the tissue
in smaller and smaller sizes, which all have the shape of the first.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

LABEL = "picture of a slide's label"
"""What the passage is called that names such a page."""
KIND, WIDTH, HEIGHT, DESCRIPTION, MAKER, SOFTWARE, LENS = 254, 256, 257, 270, 271, 305, 65_421
TAGS = frozenset({KIND, WIDTH, HEIGHT, DESCRIPTION, MAKER, SOFTWARE, LENS})
"""Tags of a directory that are looked at."""
NUMBERS = frozenset({KIND, WIDTH, HEIGHT, LENS})
_SCANNERS = re.compile(
    r"aperio|scanscope|hamamatsu|ndp\.|leica|ventana|roche|3dhistech|mirax|pannoramic|trestle"
    r"|philips.{0,20}(?:dp|ufs|pathology)|pim_dp|huron|objective\b|appmag|\bmpp\b|grundium|motic"
    r"|kfbio|sakura|whole.?slide|slide.?scan|tissue|olympus.?vs",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = re.compile(r"(?<![a-z])(label|macro)(?![a-z])", re.IGNORECASE)
_MOST_OF_A_NAME = 60
"""Characters of a description that only names its page."""
_MACRO_KIND = 9
_MOST_UNLIKE = 0.1
"""Part by which the shape of a smaller size may differ from the first page's."""
_MACRO_LENS = int.from_bytes(struct.pack(">f", -1.0))
"""Minus one as a number with a fraction: Hamamatsu's mark of the whole slide."""


@dataclass(slots=True)
class Page:
    """What a directory says of its picture."""

    numbers: dict[int, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict, repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.numbers.get(WIDTH, 0), self.numbers.get(HEIGHT, 0)


def labels(pages: list[Page]) -> Iterator[str]:
    """A line for each page that shows a slide's label."""
    if len(pages) < 2 or not _is_slide(pages):
        return
    tissue = max(pages, key=lambda page: page.size[0] * page.size[1])
    for number, page in enumerate(pages, 1):
        what = "" if page is tissue else _what(tissue, page)
        if what:
            width, height = page.size
            yield f"{what} (page {number}, {width} x {height} pixels)"


def _is_slide(pages: list[Page]) -> bool:
    return any(
        page.numbers.get(KIND) == _MACRO_KIND
        or page.numbers.get(LENS) == _MACRO_LENS
        or any(_SCANNERS.search(text) for text in page.texts.values())
        for page in pages
    )


def _what(tissue: Page, page: Page) -> str:
    """What a page shows, in words; empty for the tissue in a smaller size."""
    description = page.texts.get(DESCRIPTION, "")
    # The first page of a slide may carry a whole list of settings, among them a "label".
    named = _NAMED.search(description) if len(description) <= _MOST_OF_A_NAME else None
    named = named or _NAMED.match(description.split("\n")[-1])
    if named and named[1].lower() == "label":
        return "label"
    if named or page.numbers.get(KIND) == _MACRO_KIND or page.numbers.get(LENS) == _MACRO_LENS:
        return "whole slide with its label"
    return "label or whole slide" if _is_unlike(tissue.size, page.size) else ""


def _is_unlike(first: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a page is no smaller size of the first: its shape is another one."""
    if not all((*first, *other)):
        return False
    # A few pixels more or less are rounding, which makes much of a small picture.
    shape = other[0] / other[1] * first[1] / first[0]
    play = _MOST_UNLIKE + 1 / min(other)
    return not 1 - play < shape < 1 + play
