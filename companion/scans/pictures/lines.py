"""A picture in eight bits -> the lines of writing in it, as boxes, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from companion.scans.pictures import models
from companion.scans.pictures.pieces import pieces_of
from companion.scans.pictures.window import Shown, in_grey

LIKELY = 0.3
"""How likely a pixel has to be writing to belong to a box."""
SMALLEST = 3
"""Pixels of the shorter side of a box, in the picture that the model sees."""
GROWN = 1.6
"""A box is grown by its area x this / its perimeter: the model marks the lines' cores."""
LINE_HEIGHT = 48
LONGEST_LINE = 2400
"""Columns of a line at that height."""
SHORTEST_LINE = 64
TURNED = 1.5
"""How many times taller than wide a box is that may hold a line turned on its side."""
TWO_LINES = 20
"""Pixels of height from which a box may hold two lines."""
QUIET = 0.2
"""How much less a row between two lines deviates than the rows of the lines do."""
BESIDE, GOES_ON, REACH = 0.6, 0.4, 1.5
"""How much of its height beside a box is looked at; how much of the box's own contrast is there
where its writing goes on; and by how much of its height the box is made longer then."""
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
"""The wide forms of ASCII, which the reader takes narrow marks for now and then."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of writing."""

    left: int
    top: int
    right: int
    bottom: int
    sure: float
    """How likely its pixels are writing at all, 0 to 1."""
    text: str = field(default="", repr=False)
    score: float = 0.0
    """How sure the reader is of its characters, 0 to 1."""
    turned: int = 0
    """Degrees by which it was turned to be read."""


def boxes(shown: Shown, longest: int, sure: float) -> list[Line]:
    """Where the lines are, unread, the surest first.

    ``longest``: pixels of the longer side at most, down to which the picture is made smaller;
    ``sure``: how likely the pixels of a box have to be on the whole.
    """
    height, width = shown.shape[:2]
    scale = min(1.0, longest / max(height, width))
    rows, columns = (max(32, round(side * scale / 32) * 32) for side in (height, width))
    likely = models.writing(_batch(_resized(shown, columns, rows)))
    mask = likely > LIKELY
    # Dilated by 2 x 2, as the model was trained for.
    mask[:, 1:] |= mask[:, :-1].copy()
    mask[1:] |= mask[:-1].copy()
    pieces = pieces_of(mask, likely)
    found = []
    for left, top, right, bottom, area, total in zip(
        pieces.left.tolist(), pieces.top.tolist(), pieces.right.tolist(), pieces.bottom.tolist(),
        pieces.area.tolist(), pieces.total.tolist(), strict=True,
    ):  # fmt: skip
        wide, high = right - left, bottom - top
        if min(wide, high) < SMALLEST or total / area < sure:
            continue
        grow = wide * high * GROWN / (2 * (wide + high))
        across, down = width / columns, height / rows
        found.append(
            Line(
                max(0, int((left - grow) * across)),
                max(0, int((top - grow) * down)),
                min(width, int((right + grow) * across + 1)),
                min(height, int((bottom + grow) * down + 1)),
                total / area,
            )
        )
    return sorted(found, key=lambda line: -line.sure)


def read(shown: Shown, line: Line) -> Line:
    """The same line with its text and score; a tall box is tried both ways on its side."""
    part = shown[line.top : line.bottom, line.left : line.right]
    high, wide = part.shape[:2]
    if not high or not wide:
        return line
    if high >= TURNED * wide:
        text, score, turned = max(
            ((*_recognised(np.rot90(part, quarter)), 90 * quarter) for quarter in (1, 3)),
            key=lambda one: one[1],
        )
    else:
        (text, score), turned = _recognised(part), 0
    return Line(line.left, line.top, line.right, line.bottom, line.sure, text, score, turned)


def longer(shown: Shown, line: Line, others: list[Line]) -> Line | None:
    """A line made longer, unread, where its writing seems to go on: of faint letters at an end
    the box may lack some. Never as far as another box; None where nothing goes on."""
    high = line.bottom - line.top
    if line.turned or line.right - line.left < high:
        return None
    level = [
        one for one in others if min(one.bottom, line.bottom) - max(one.top, line.top) > high // 2
    ]
    before = max((one.right for one in level if one.right <= line.left), default=0)
    behind = min((one.left for one in level if one.left >= line.right), default=shown.shape[1])
    near, far = max(1, round(BESIDE * high)), round(REACH * high)
    rows = in_grey(shown[line.top : line.bottom]).astype(np.float32)
    fewest = GOES_ON * float(rows[:, line.left : line.right].std())
    left, right = line.left, line.right
    if left - before > 1 and rows[:, max(before, left - near) : left].std() > fewest:
        left = max(before, left - far)
    if behind - right > 1 and rows[:, right : min(behind, right + near)].std() > fewest:
        right = min(behind, right + far)
    if (left, right) == (line.left, line.right):
        return None
    return replace(line, left=left, right=right)


def parted(shown: Shown, line: Line) -> list[Line]:
    """The two lines, unread, that a box holds one below the other; none if it is one.

    Lines that stand close are marked as one box; a row without marks runs between them.
    """
    rows = in_grey(shown[line.top : line.bottom, line.left : line.right]).astype(np.float32)
    high = len(rows)
    if high < TWO_LINES:
        return []
    marked = rows.std(axis=1)
    middle = marked[high // 4 : -(high // 4)]
    gap = high // 4 + int(middle.argmin())
    if marked[gap] > QUIET * min(np.median(marked[:gap]), np.median(marked[gap + 1 :])):
        return []
    upper = replace(line, bottom=line.top + gap + 1)
    return [upper, replace(line, top=line.top + gap)]


def _recognised(part: Shown) -> tuple[str, float]:
    """The text of a line, and the mean likelihood of its characters."""
    high, wide = part.shape[:2]
    columns = min(LONGEST_LINE, max(1, round(wide * LINE_HEIGHT / high)))
    batch = _batch(_resized(part, columns, LINE_HEIGHT))
    if columns < SHORTEST_LINE:
        padded = np.zeros((1, 3, LINE_HEIGHT, SHORTEST_LINE), np.float32)
        padded[..., :columns] = batch
        batch = padded
    numbers, likelihoods = models.characters(batch)
    kept = np.append(True, numbers[1:] != numbers[:-1]) & (numbers != 0)
    if not kept.any():
        return "", 0.0
    text = "".join(models.ALPHABET[number] for number in numbers[kept])
    return text.translate(_NARROW).strip(), float(likelihoods[kept].mean())


def _resized(shown: Shown, columns: int, rows: int) -> Shown:
    if shown.shape[:2] == (rows, columns):
        return shown
    picture = Image.fromarray(np.ascontiguousarray(shown))
    return np.asarray(picture.resize((columns, rows), Image.Resampling.BILINEAR))


def _batch(shown: Shown) -> NDArray[np.float32]:
    """As the models take it: -1 to 1, the colours in the order blue, green, red."""
    colours = shown[..., ::-1] if shown.ndim == 3 else np.repeat(shown[..., None], 3, axis=2)
    batch = colours.astype(np.float32).transpose(2, 0, 1)[None]
    batch /= 127.5
    batch -= 1
    return np.ascontiguousarray(batch)
