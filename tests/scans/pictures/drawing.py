"""Made-up frames with and without writing: what a scan's picture looks like, roughly.

Nobody's scan and nobody's words: grounds are noise and soft shapes, names are invented.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Grey = NDArray[np.uint8]
_FONTS = Path("/usr/share/fonts/truetype")
LATIN_FONTS = {
    "sans": "dejavu/DejaVuSans.ttf",
    "mono": "dejavu/DejaVuSansMono.ttf",
    "bold": "dejavu/DejaVuSans-Bold.ttf",
    "noto": "noto/NotoSans-Regular.ttf",
    "serif": "noto/NotoSerif-Regular.ttf",
}
PEOPLE = (
    ("FERNSBY, OTTILIE", "DOB 07-Mar-1958", "ID: 4471093", "Wrenfield Imaging", "22-Oct-2021"),
    ("Kowalczyk Bronislaw", "1967/11/30", "PAT 88412", "Klinika Lipowa", "2019/04/08"),
    ("HALVORSEN SIGRUN", "19500214", "0055827", "Sykehuset Vest", "20220609"),
    ("Quintero-Salas Ines", "15/06/1983", "HC-70219", "Hospital Sierra Azul", "03/12/2020"),
    ("Adeyemi, Folasade", "21.09.1979", "51937-4", "Marigold Clinic", "17.01.2018"),
)
CHINESE = (("林晓梅", "1981年05月12日", "东河医院"), ("王建国", "1969年10月03日", "清水医院"))
OTHER_ALPHABETS = {
    "cyrillic": ("noto/NotoSans-Regular.ttf", ("Ковалёва Людмила", "Областная больница")),
    "greek": ("noto/NotoSans-Regular.ttf", ("Παπαδόπουλος Γιώργος", "Νοσοκομείο Λευκάδας")),
    "arabic": ("noto/NotoSansArabic-Regular.ttf", ("محمود عبد الرحمن", "مستشفى النخيل")),
    "hebrew": ("noto/NotoSansHebrew-Regular.ttf", ("רבקה שטרן", "בית חולים הגליל")),
    "devanagari": ("noto/NotoSansDevanagari-Regular.ttf", ("सुनीता शर्मा", "नगर अस्पताल")),
    "thai": ("noto/NotoSansThai-Regular.ttf", ("สมชาย ใจดี", "โรงพยาบาลริมน้ำ")),
    "korean": ("../opentype/noto/NotoSansCJK-Regular.ttc", ("김민수", "한강병원")),
}
"""A font for each alphabet that the reader does not know, and what to write in it."""
CHINESE_FONT = "../opentype/noto/NotoSansCJK-Regular.ttc"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A frame, and the lines that were drawn on it."""

    picture: Grey
    lines: tuple[str, ...] = field(default=())
    how: str = ""


def make_ground(seed: int, height: int = 512, width: int = 512, *, kind: str = "body") -> Grey:
    """A picture without writing: ``body`` (soft shapes on black), ``noise``, ``bright``
    (an X-ray's even field with shapes) or ``black``."""
    if kind == "black":
        return np.zeros((height, width), np.uint8)
    random_numbers = np.random.default_rng(seed)
    noise = random_numbers.integers(0, 256, (height, width)).astype(np.uint8)
    if kind == "noise":
        return noise
    picture = Image.new("L", (width, height), 150 if kind == "bright" else 4)
    draw = ImageDraw.Draw(picture)
    chosen = random.Random(seed)
    draw.ellipse((width * 0.12, height * 0.18, width * 0.88, height * 0.86), fill=95)
    for _ in range(14):
        x, y = chosen.uniform(0.2, 0.75) * width, chosen.uniform(0.25, 0.75) * height
        across, down = chosen.uniform(8, 90), chosen.uniform(8, 90)
        draw.ellipse((x, y, x + across, y + down), fill=chosen.randrange(40, 230))
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(2.5)), np.float32)
    grain = np.asarray(Image.fromarray(noise).filter(ImageFilter.GaussianBlur(0.8)), np.float32)
    return np.clip(soft + (grain - 127) * 0.25 * (soft > 20), 0, 255).astype(np.uint8)


def write(
    ground: Grey,
    lines: tuple[str, ...],
    *,
    font: str = LATIN_FONTS["sans"],
    size: int = 16,
    at: tuple[int, int] = (7, 7),
    brightness: int = 255,
    turned: int = 0,
) -> Grey:
    """Draws lines one below the other, from an upper left corner; ``turned`` by quarters.

    ``ValueError`` where one would reach beyond the picture: nobody could read it.
    """
    picture = Image.fromarray(np.ascontiguousarray(np.rot90(ground, -turned)))
    draw = ImageDraw.Draw(picture)
    face = ImageFont.truetype(str(_FONTS / font), size)
    x, y = at
    for line in lines:
        _, _, right, bottom = draw.textbbox((x, y), line, font=face)
        if right > picture.width or bottom > picture.height:
            raise ValueError("A line reaches beyond the picture.")
        draw.text((x, y), line, font=face, fill=brightness)
        y += round(size * 1.35)
    return np.ascontiguousarray(np.rot90(np.asarray(picture), turned))


def _longest(lines: tuple[str, ...], font: str, size: int) -> float:
    """Pixels of the longest line."""
    face = ImageFont.truetype(str(_FONTS / font), size)
    return max(face.getbbox(line)[2] for line in lines)


def make_frames(seed: int, count: int) -> list[Drawn]:
    """Frames with Latin or Chinese lines in every way that was thought of."""
    chosen = random.Random(seed)
    frames = []
    for number in range(count):
        how = ("corner", "small", "low", "body", "dark", "turned", "chinese", "large")[number % 8]
        kind = "bright" if how == "dark" else chosen.choice(("body", "bright", "body"))
        height, width = chosen.choice(((512, 512), (768, 1024), (600, 800), (400, 336)))
        ground = make_ground(seed * 1_000 + number, height, width, kind=kind)
        lines: tuple[str, ...] = chosen.choice(PEOPLE)
        font = chosen.choice(tuple(LATIN_FONTS.values()))
        size = {"small": chosen.choice((10, 11, 12)), "large": chosen.choice((30, 38))}.get(
            how, chosen.choice((13, 15, 18, 22))
        )
        brightness, turned = 255, 0
        room = width if how == "turned" else height  # on its side the picture is so high
        at = (7, chosen.choice((7, room - round(size * 1.35) * len(lines) - 8)))
        if how == "low":
            brightness = 205 if kind == "bright" else 60
        elif how == "body":
            at = (round(width * 0.25), round(height * 0.35))
        elif how == "dark":
            brightness = 10
        elif how == "turned":
            turned = chosen.choice((1, 3))
        elif how == "chinese":
            lines, font, size = chosen.choice(CHINESE), CHINESE_FONT, max(15, size)
        across = height if how == "turned" else width
        while _longest(lines, font, size) > across - at[0]:
            size -= 1
        picture = write(
            ground, lines, font=font, size=size, at=at, brightness=brightness, turned=turned
        )
        frames.append(Drawn(picture, lines, f"{how} {kind} {size}px {Path(font).stem}"))
    return frames
