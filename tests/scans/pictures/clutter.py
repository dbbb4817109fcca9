"""What stands on pictures and is nobody's: grids, crosses, rulers, icons, settings of machines.

Drawn for tests and benches: a reader of words has to pass over the shapes, and a judge of words
over what machines write of themselves.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.scans.pictures.drawing import Grey

_Draw = Callable[[ImageDraw.ImageDraw, int, int, random.Random], None]


def add_clutter(ground: Grey, kind: str, seed: int) -> Grey:
    """A picture with shapes of one of ``SHAPES`` drawn on it."""
    picture = Image.fromarray(ground)
    height, width = ground.shape
    SHAPES[kind](ImageDraw.Draw(picture), width, height, random.Random(f"{kind} {seed}"))
    return np.asarray(picture)


def _grid(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    step, thick = chosen.choice((16, 24, 37, 50, 80)), chosen.choice((1, 1, 2))
    fill = chosen.choice((90, 160, 255))
    for x in range(chosen.randrange(step), width, step):
        draw.line((x, 0, x, height), fill=fill, width=thick)
    for y in range(chosen.randrange(step), height, step):
        draw.line((0, y, width, y), fill=fill, width=thick)


def _crosses(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    step, arm = chosen.choice((30, 44, 64)), chosen.choice((3, 5, 8, 12))
    fill, thick = chosen.choice((200, 255)), chosen.choice((1, 2, 3))
    for x in range(step, width - arm, step):
        for y in range(step, height - arm, step):
            draw.line((x - arm, y, x + arm, y), fill=fill, width=thick)
            draw.line((x, y - arm, x, y + arm), fill=fill, width=thick)


def _row_of_crosses(
    draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random
) -> None:
    step, arm = chosen.choice((14, 20, 28)), chosen.choice((4, 6, 9))
    y, fill = chosen.randrange(20, height - 20), 255
    for x in range(30, width - 30, step):
        draw.line((x - arm, y, x + arm, y), fill=fill)
        draw.line((x, y - arm, x, y + arm), fill=fill)


def _ruler(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    step, fill, upright = chosen.choice((6, 9, 14, 22)), 255, chosen.random() < 0.6
    along = height if upright else width
    for number, at in enumerate(range(12, along - 12, step)):
        long = (6, 6, 6, 6, 6, 12, 6, 6, 6, 6)[number % 10] + (8 if number % 10 == 0 else 0)
        if upright:
            draw.line((width - 8 - long, at, width - 8, at), fill=fill)
        else:
            draw.line((at, height - 8 - long, at, height - 8), fill=fill)


def _scale_bar(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    long, thick = chosen.choice((60, 110, 180)), chosen.choice((1, 2, 5))
    x, y = chosen.randrange(10, width - long - 10), height - chosen.randrange(20, 60)
    draw.line((x, y, x + long, y), fill=255, width=thick)
    for at in (x, x + long // 2, x + long):
        draw.line((at, y - 6, at, y + 6), fill=255, width=thick)


def _wedge(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    wide, steps = chosen.choice((10, 16, 24)), chosen.choice((8, 16, 128))
    high = height * 2 // 3
    for number in range(steps):
        top, end = height // 6 + high * number // steps, height // 6 + high * (number + 1) // steps
        draw.rectangle((12, top, 12 + wide, end), fill=255 - 255 * number // steps)


def _icons(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    """A body mark, a probe's mark, an arrow, a lock, a cursor."""
    x, y = width - 90, height - 110
    draw.ellipse((x, y, x + 22, y + 24), outline=220, width=2)
    draw.rounded_rectangle((x - 12, y + 26, x + 34, y + 88), 12, outline=220, width=2)
    draw.line((x + 4, y + 50, x + 26, y + 44), fill=255, width=3)
    draw.ellipse((width // 2, 6, width // 2 + 16, 22), fill=235)
    for number in range(chosen.randrange(2, 6)):
        at = 20 + 30 * number
        draw.rounded_rectangle((at, height - 34, at + 22, height - 12), 3, outline=180)
        draw.polygon(
            [(at + 6, height - 28), (at + 16, height - 23), (at + 6, height - 18)], fill=200
        )


def _trace(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    middle, every = height - 60, chosen.choice((70, 110))
    points = []
    for x in range(width):
        beat = x % every
        up = 34 * math.exp(-((beat - 30) ** 2) / 4) + 8 * math.exp(-((beat - 50) ** 2) / 40)
        points.append((x, middle - up + chosen.uniform(-1, 1)))
    draw.line(points, fill=230, width=1)


def _dotted(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    size = chosen.choice((2, 4, 6))
    for start in (width // 4, width // 2):
        for number in range(0, height - 60, 14):
            x, y = start + number // 2, 20 + number
            draw.ellipse((x, y, x + size, y + size), fill=255)


def _crosshair(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    x, y = chosen.randrange(60, width - 60), chosen.randrange(60, height - 60)
    draw.line((0, y, width, y), fill=210)
    draw.line((x, 0, x, height), fill=210)
    for radius in (12, 30, 55):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=210)


def _board(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    side = chosen.choice((8, 14, 22))
    for x in range(width // 3, width * 2 // 3, side):
        for y in range(height // 3, height // 2, side):
            if (x // side + y // side) % 2:
                draw.rectangle((x, y, x + side - 1, y + side - 1), fill=240)


def _bars(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    """Line pairs of a test plate, finer from group to group."""
    x = width // 6
    for wide in (9, 7, 5, 4, 3, 2):
        for _ in range(4):
            draw.rectangle((x, height // 2, x + wide - 1, height // 2 + 34), fill=230)
            x += 2 * wide
        x += 16


def _leaves(draw: ImageDraw.ImageDraw, width: int, height: int, chosen: random.Random) -> None:
    """The leaves of a collimator, or the stairs of an electrode's wires."""
    high = chosen.choice((8, 12, 18))
    for number, y in enumerate(range(20, height - 20, high)):
        reach = width // 5 + round(30 * math.sin(number / 3)) + chosen.randrange(8)
        draw.rectangle((0, y, reach, y + high - 2), fill=60)
        draw.rectangle((width - reach, y, width, y + high - 2), fill=60)


SHAPES: dict[str, _Draw] = {
    "grid": _grid, "crosses": _crosses, "row of crosses": _row_of_crosses, "ruler": _ruler,
    "scale bar": _scale_bar, "wedge": _wedge, "icons": _icons, "trace": _trace,
    "dotted": _dotted, "crosshair": _crosshair, "board": _board, "bars": _bars,
    "leaves": _leaves,
}  # fmt: skip


def write_screen(
    ground: Grey, words: tuple[str, ...], font: Path | str, size: int, seed: int
) -> Grey:
    """Settings down the side of a picture, as a machine's screen shows them."""
    picture = Image.fromarray(ground)
    draw = ImageDraw.Draw(picture)
    face = ImageFont.truetype(str(font), size)
    chosen = random.Random(seed)
    right = chosen.random() < 0.5
    y = 8
    for line in words:
        if y > ground.shape[0] - 2 * size:
            break
        across = draw.textlength(line, font=face)
        x = ground.shape[1] - 8 - across if right else 8
        draw.text((x, y), line, font=face, fill=230)
        y += round(size * 1.5)
    return np.asarray(picture)
