"""A machine without fonts: letters print with the bundled ones, and no sign is a box."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from companion.letters import glyphs

ROOT = Path(__file__).resolve().parents[2]
NO_FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig/>'
)


@pytest.fixture
def without_fonts(tmp_path: Path) -> dict[str, str]:
    """An environment in which fontconfig knows no font."""
    config = tmp_path / "fonts.conf"
    config.write_text(NO_FONTS)
    return os.environ | {
        "FONTCONFIG_FILE": str(config),
        "DJANGO_SETTINGS_MODULE": "companion.settings",
        "HOME": "/nonexistent",
    }


def run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
    )


def fonts(file: Path) -> set[str]:
    listed = subprocess.run(["pdffonts", str(file)], check=True, capture_output=True, text=True)
    names = {line.split()[0] for line in listed.stdout.splitlines()[2:]}
    return {name.rpartition("+")[2] for name in names}


def test_a_letter_is_printed_with_the_bundled_fonts(
    without_fonts: dict[str, str], tmp_path: Path
) -> None:
    facts = tmp_path / "facts.json"
    named = {"name": "Łucja Ñandú", "contact": "1 Elm St", "recipient_name": "Ελλάδα Київ"}
    facts.write_text(json.dumps(named | {"recipient_address": "2 Elm St"}))
    letter = tmp_path / "letter.pdf"
    done = run(
        without_fonts, "manage.py", "letter", "opt-out", "--jurisdiction", "us",
        "--facts", str(facts), "--out", str(letter),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert fonts(letter) <= {"DejaVu-Sans", "DejaVu-Sans-Bold"}
    text = subprocess.run(["pdftotext", str(letter), "-"], capture_output=True, text=True).stdout
    assert "Łucja Ñandú" in text
    assert "Ελλάδα Київ" in text


def test_what_the_bundled_fonts_draw_is_known_before_printing(
    without_fonts: dict[str, str],
) -> None:
    script = "from companion.letters.glyphs import undrawn; print(undrawn('Łódź Київ 張'))"
    assert run(without_fonts, "-c", script).stdout == "('張',)\n"


def test_the_fonts_come_with_their_licence() -> None:
    assert {file.name for file in glyphs.BUNDLED} == {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf"}
    licence = (glyphs.BUNDLED[0].parent / "LICENSE.txt").read_text(encoding="utf-8")
    assert "Permission is hereby granted, free of charge" in licence
