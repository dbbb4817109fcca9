"""Collecting the static files again compresses only what changed."""

from __future__ import annotations

import os
from pathlib import Path

from companion.web.static_files import ChangedFilesCompressor

WORDS = b"body { color: black }\n" * 200


def make_file(folder: Path, content: bytes, modified: int) -> Path:
    file = folder / "page.css"
    file.write_bytes(content)
    os.utime(file, (modified, modified))
    return file


def compress(file: Path) -> list[str]:
    return [Path(name).name for name in ChangedFilesCompressor(quiet=True).compress(str(file))]


def test_a_file_is_compressed_once(tmp_path: Path) -> None:
    file = make_file(tmp_path, WORDS, 1_000)
    assert compress(file) == ["page.css.br", "page.css.gz"]
    assert compress(file) == []


def test_a_changed_file_is_compressed_again(tmp_path: Path) -> None:
    compress(make_file(tmp_path, WORDS, 1_000))
    assert compress(make_file(tmp_path, WORDS + b"p {}", 2_000)) == ["page.css.br", "page.css.gz"]


def test_a_copy_whose_writing_was_interrupted_is_made_again(tmp_path: Path) -> None:
    file = make_file(tmp_path, WORDS, 1_000)
    compress(file)
    half = tmp_path / "page.css.gz"
    half.write_bytes(half.read_bytes()[:20])
    assert compress(file) == ["page.css.br", "page.css.gz"]
