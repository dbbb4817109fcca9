"""What a report claims of pictures that hold no person's words, and of letters nobody can read.

    python -m tests.bench.picture_claims shapes            grids, crosses, rulers, icons ...
    python -m tests.bench.picture_claims screens           settings and buttons of machines
    python -m tests.bench.picture_claims screens --words tests/bench/screens.txt
    python -m tests.bench.picture_claims letters           seven alphabets that are not read
    python -m tests.bench.picture_claims people            somebody else's words on a picture
    python -m tests.bench.picture_claims hints --each 100  words of a hundred people, each read
                                                           under the headers of all

``--fonts FOLDER``: all fonts in it are taken by turns (for ``letters`` those that have the
letters); without it, those that the tests use. ``--words FILE``: the screens of a file, one a
line. Thresholds were set on the tests' own fonts, so a folder of others shows what was not tuned
on. Each frame goes the whole way, from a DICOM file to the findings of a report.
"""

from __future__ import annotations

import argparse
import datetime
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageFont

from companion.scans.detectors import picture_words
from companion.scans.findings import Certainty, Report
from companion.scans.inspection import Entry, inspect
from companion.scans.rules.hints import Hints
from tests.bench.pixels import InThisProcess
from tests.builders import make_scan
from tests.scans.pictures.clutter import SHAPES, add_clutter, write_screen
from tests.scans.pictures.drawing import (
    LATIN_FONTS,
    OTHER_ALPHABETS,
    PEOPLE,
    Grey,
    make_ground,
    write,
)

_Screens = list[tuple[str, tuple[str, ...]]]
"""Of each its kind and its lines."""
_Frames = Iterator[tuple[str, Grey, dict[str, Any]]]
"""Of each its kind, its picture and what its header says."""
_FONTS = Path("/usr/share/fonts/truetype")
_GROUNDS = ("body", "bright", "black", "noise")
_SCREENS = (
    ("FR 45", "AO% 100", "CHI", "Frq 4.0/8.0", "Gn 18", "S/A 2/1", "Map F/0", "D 9.0", "DR 72"),
    ("FR 33Hz RP", "2D", "Gen Gn 60", "232dB/C5", "C 50", "P Low", "HGen", "TIS0.2 MI 1.2", "X4"),
    ("THI / H6.00 MHz", "0 dB / DR 60", "SC Off", "DTCE M", "MapG / VE Off", "RS4", "Delta 2"),
    ("FPS 34", "D 15.2", "G 46", "FR 42", "IP 4", "DR 100", "iClear 3", "AP 97.5%", "iBeam"),
    ("DiffT5.0", "Precision+", "ApliPure+", "14 fps", "Qscan", "G:82", "DR:65", "A:2 P:1.8"),
    ("kVp 120", "mA 250", "SFOV 50.0 cm", "HE 39.37mm/rot", "0.5 s", "W = 350 L = 40", "R 1.25 mm"),
    ("SL 5.0", "RD 350", "GT 0.0", "Kernel B30f", "SP -214.5", "MF 1.00", "CAREDose4D", "TI 0.5"),
    ("TR: 4500", "TE: 98/Ef", "EC: 1/1 16.7kHz", "FOV: 24x24", "4.0thk/1.0sp", "256x192/2.0 NEX"),
    ("A 5.2", "MB 2", "PAT 2", "BW 220", "SAT Fat", "Coil: HeadNeck", "tse2d1_15", "Flip 150"),
    ("kV 70", "mAs 3.2", "S 458", "L 2.1", "EI 1425", "DI -1.2", "AEC", "Grid: In", "Filter 0.1Cu"),
    ("Comp Force 105 N", "Thickness 52 mm", "Mo/Rh", "29 kVp", "AGD 1.3 mGy", "R-MLO", "Large FS"),
    ("Eh:A5", "Ce:1", "Cr:N", "Zm:1.0", "NBI", "IRIS:Ave", "Enh", "White balance"),
    ("Kcnts 500", "ANT", "POST", "cts/s", "SUVbw 0-7", "Duration 5.0 min", "Energy 140.5", "20%"),
    ("Exit", "Print", "Save", "Next", "Zoom in", "Measure", "Annotate", "Layout 2x2", "3D MPR"),
    ("CBF", "rCBV", "MTT", "Tmax > 6.0 s", "Mismatch ratio", "Threshold", "Volume 12 ml"),
    ("LV EF 61 %", "LVIDd 4.7 cm", "IVSd 0.9", "E/A 1.2", "Vmax 1.31 m/s", "PG 7 mmHg", "VTI 22.4"),
    ("BPD 81.2 mm", "HC 298", "AC 281", "FL 62.3", "EFW 1840 g", "GA 32w3d", "AFI 14.1", "CRL"),
    ("0", "5", "10", "15", "20 cm"),
    ("RT KIDNEY SAG", "LT LOBE", "GB", "PANCREAS", "AORTA PROX", "MID", "DIST"),
    ("AP SUPINE", "PORTABLE", "ERECT", "LATERAL", "L", "OBLIQUE", "WEIGHT BEARING"),
)
"""Settings, sizes, buttons and places in the body, of twenty made-up screens."""
_OWN: _Screens = [(words[0], words) for words in _SCREENS]
_STRANGERS = (
    ("Vandermeer Joris", "12-Jun-1949", "77190-24"),
    ("OYELARAN TEMITOPE", "1988.01.30", "K448120"),
    ("Lindqvist Astrid", "1971-11-02", "K60214"),
    ("Marchetti Fiorella", "23/04/1962", "0099812"),
    ("Castellanos Abril", "02.08.1994", "EX 551207"),
    ("TANAKA HARUKI", "19530718", "J-20881"),
    ("Brzezinski Wit", "1947/12/19", "C-99104"),
    ("Okonjo Amara", "07/09/2001", "88-12077"),
)
"""People whose words stand on pictures of somebody else."""
_FAMILIES = (
    "Okafor", "Lindgren", "Nakamura", "Petrovic", "O'Sullivan", "de la Cruz", "Schroeder",
    "Bianchi", "Nguyen", "Kowalski", "Haddad", "Fitzgerald", "Johansson", "Silva", "Papadakis",
    "Murray", "van Dijk", "Hernandez", "Ivanova", "Chaudhary", "Eriksen", "Dubois", "Yilmaz",
    "Hughes", "Novak", "Rossi", "Abdullahi", "Campbell", "Szabo", "Ferreira", "Meyer", "Tran",
    "Delgado", "Byrne",
)  # fmt: skip
_GIVEN = (
    "Marta", "Emeka", "Yuki", "Stefan", "Aoife", "Guadalupe", "Hans-Peter", "Chiara", "Thanh",
    "Zofia", "Layla", "Declan", "Astrid", "Joao", "Eleni", "Fiona", "Pieter", "Ximena", "Olga",
    "Priya", "Solveig", "Camille", "Emre", "Gareth", "Jana", "Lorenzo", "Halima", "Ross", "Ilona",
    "Rui", "Greta", "Minh", "Consuelo", "Niamh", "Samuel", "Beatrix", "Tariq",
)  # fmt: skip
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d-%b-%Y", "%Y%m%d")
_NUMBERS = ("{:07}", "MR{:06}", "{:05}-24", "H-{:06}", "{:08}")


def main() -> None:
    """Print one line a kind, and each claim that should not have been made."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=["shapes", "screens", "letters", "people", "hints"])
    parser.add_argument("--fonts", type=Path)
    parser.add_argument("--words", type=Path)
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--each", type=int, default=6, help="frames of a kind")
    options = parser.parse_args()
    if options.what == "hints":
        _hints(random.Random(options.seed), options.each)
        return
    began, frames = time.process_time(), 0
    made, claimed = Counter[str](), Counter[str]()
    screens = partial(_screens, _written(options.words) if options.words else _OWN)
    run: dict[str, Callable[[int, int, list[Path]], _Frames]] = {
        "shapes": _shapes, "screens": screens, "letters": _letters, "people": _people,
    }  # fmt: skip
    fonts = _fonts(options.fonts, options.seed)
    for kind, picture, header in run[options.what](options.seed, options.each, fonts):
        frames += 1
        claims = _claims(_report(picture, header), letters=options.what == "letters")
        if options.what == "people":
            made[kind] += 1
            claimed[kind] += bool(claims & {"certain", "likely"})
            continue
        made[kind] += 1
        claimed[kind] += bool(claims)
        if claims and options.what != "letters":
            print(f"  claim on {kind!r}: {', '.join(sorted(claims))}", flush=True)
    for kind, count in sorted(made.items()):
        print(f"{kind:20} {claimed[kind]:4} of {count}")
    print(f"all: {claimed.total()} of {made.total()}; "
          f"{1000 * (time.process_time() - began) / max(1, frames):.0f} ms a frame")  # fmt: skip


def _report(picture: Grey, header: dict[str, Any]) -> Report:
    rows, columns = picture.shape
    data = make_scan(
        Rows=rows, Columns=columns, BitsAllocated=8, BitsStored=8, HighBit=7, Modality="OT",
        SeriesInstanceUID="2.25.31", PixelData=picture.tobytes() + b"\0" * (picture.size % 2),
        **header,
    )  # fmt: skip
    return inspect([Entry("IM1", [data])], look=InThisProcess())


def _claims(report: Report, *, letters: bool) -> set[str]:
    """The words of claims on the picture; for letters only that some were seen; of values of the
    headers how sure the report is that they stand on it."""
    found: set[str] = set()
    for one in report.findings:
        if one.rule == "picture-text-unread":
            found.add("(letters)")
        elif one.rule == "picture-text" and not letters:
            if one.tag is not None and one.certainty is not Certainty.POSSIBLE:
                found.add(str(one.certainty))
            found.update(f"{one.name}: {value}" for value in one.values)
        elif one.rule == "picture-code" and not letters:
            found.add("(code)")
    return found


def _shapes(seed: int, each: int, fonts: list[Path]) -> _Frames:
    for kind in SHAPES:
        for number in range(each):
            ground = make_ground(seed * 100 + number, 480, 560, kind=_GROUNDS[number % 3])
            yield kind, add_clutter(ground, kind, seed * 100 + number), {}


def _written(file: Path) -> _Screens:
    """The screens of a file: a kind, and its lines, with ``|`` between them."""
    rows = file.read_text(encoding="utf-8").splitlines()
    screens = (row.split("|") for row in rows if not row.startswith("#"))
    return [(kind, tuple(lines)) for kind, *lines in screens if lines]


def _screens(screens: _Screens, seed: int, each: int, fonts: list[Path]) -> _Frames:
    chosen = random.Random(seed)
    for number, (kind, words) in enumerate(screens):
        able = [font for font in fonts if _has(font, "".join(words))] or fonts
        for turn in range(each):
            ground = make_ground(seed * 100 + number, 480, 560, kind=_GROUNDS[turn % 3])
            font = able[(number * each + turn) % len(able)]
            size = chosen.choice((12, 14, 17, 20))
            yield kind, write_screen(ground, words, font, size, seed + turn), {}


def _letters(seed: int, each: int, fonts: list[Path]) -> _Frames:
    chosen = random.Random(seed)
    for name, (own, lines) in OTHER_ALPHABETS.items():
        able = [font for font in fonts if _has(font, "".join(lines))] or [_FONTS / own]
        for number in range(each):
            ground = make_ground(seed * 100 + number, 480, 560, kind=_GROUNDS[number % 3])
            font, size = able[number % len(able)], chosen.choice((14, 18, 22, 28))
            fill = 20 if number % 3 == 1 else 235
            at = (7, chosen.choice((7, 380)))
            drawn = write(ground, lines, font=str(font), size=size, at=at, brightness=fill)
            yield name, drawn, {}


def _people(seed: int, each: int, fonts: list[Path]) -> _Frames:
    """One line of a stranger's at a time, under each of the tests' people in the header."""
    for number, stranger in enumerate(_STRANGERS):
        for name, born, identity, place, _ in PEOPLE:
            header = {
                "PatientName": name.replace(", ", "^").replace(" ", "^"),
                "PatientID": identity.split()[-1],
                "InstitutionName": place,
                "PatientBirthDate": "19580307" if "1958" in born else "19671130",
            }
            for line in stranger:
                ground = make_ground(seed + number, 120, 360, kind="black")
                font = fonts[number % len(fonts)]
                yield "a stranger's line", write(ground, (line,), font=str(font), size=18), header


def _hints(chosen: random.Random, count: int) -> None:
    """How many words of a person are found by that person's headers, and by everybody else's."""
    people = [_person(chosen) for _ in range(count)]
    own, others = Counter[bool](), Counter[bool]()
    for header, own_words in people:
        hints = _hints_of(header)
        for _, words in people:
            for word in words:
                if words is own_words:
                    own[any(hints.meant(word))] += 1
                elif word not in own_words:
                    others[any(hints.meant(word))] += 1
        assert hints._left  # all were compared, letter by letter
    print(f"own words found: {own[True]} of {own.total()}")
    print(f"other people's: {others[True]} of {others.total()}, "
          f"one in {others.total() / max(1, others[True]):.0f}")  # fmt: skip


def _person(chosen: random.Random) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A person's headers, and the words that a scanner writes of them."""
    family, given = chosen.choice(_FAMILIES), chosen.choice(_GIVEN)
    born = datetime.date(1930, 1, 1) + datetime.timedelta(days=chosen.randrange(31_000))
    identity, request = (
        chosen.choice(_NUMBERS).format(chosen.randrange(100_000)) for _ in range(2)
    )
    header = {
        "PatientName": f"{family}^{given}", "PatientID": identity,
        "PatientBirthDate": f"{born:%Y%m%d}", "AccessionNumber": request,
    }  # fmt: skip
    day = f"{born:{chosen.choice(_DAYS)}}"
    return header, (*family.upper().split(), given.upper(), day, identity, request)


def _hints_of(header: dict[str, Any]) -> Hints:
    """What the headers of one file let a report look for."""
    made: list[Hints] = []

    class Kept(Hints):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture_words, "Hints", Kept)
        _report(write(make_ground(1, 60, 200, kind="black"), ("XQ",), size=18), header)
    return made[0]


def _fonts(folder: Path | None, seed: int) -> list[Path]:
    if folder is None:
        return [_FONTS / font for font in LATIN_FONTS.values()]
    found = [one for one in sorted(folder.rglob("*")) if one.suffix in (".ttf", ".otf", ".ttc")]
    random.Random(seed).shuffle(found)
    return [one for one in found if _has(one, "Ag4")]


def _has(font: Path, text: str) -> bool:
    """Whether a font draws each of the letters, and not a box in its place."""
    try:
        face = ImageFont.truetype(str(font), 40)
        nothing = (b"", bytes(face.getmask("\uffff")))
        return all(bytes(face.getmask(one)) not in nothing for one in set(text) if one.isalnum())
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    main()
