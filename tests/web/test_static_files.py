"""Collecting the static files again compresses only what changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytest_django import Settings
from whitenoise.compress import Compressor

from companion.web.static_files import ChangedFilesCompressor, StaticFilesStorage

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


@pytest.fixture
def on_a_network(settings: Settings) -> None:
    settings.PRODUCTION = True


@pytest.mark.usefixtures("on_a_network")
def test_equal_files_are_compressed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = []
    compress = Compressor.compress

    def watched(self: Compressor, path: str) -> list[str]:
        packed.append(Path(path).name)
        copies: list[str] = compress(self, path)
        return copies

    monkeypatch.setattr(Compressor, "compress", watched)
    for name, text in (("a.css", "p"), ("a.12ab.css", "p"), ("b.css", "q")):
        (tmp_path / name).write_text(text * 2_000)
    storage = StaticFilesStorage(location=str(tmp_path))

    made = set(storage.compress_files(["a.css", "a.12ab.css", "b.css"]))

    assert sorted(packed) == ["a.12ab.css", "b.css"]
    assert made == {
        (name, name + ending)
        for name in ("a.css", "a.12ab.css", "b.css")
        for ending in (".br", ".gz")
    }
    for ending in (".br", ".gz"):
        first, second = tmp_path / f"a.12ab.css{ending}", tmp_path / f"a.css{ending}"
        assert first.read_bytes() == second.read_bytes()
    assert list(storage.compress_files(["a.css", "a.12ab.css", "b.css"])) == []

    (tmp_path / "a.css").write_text("r" * 2_000)
    assert {name for name, _ in storage.compress_files(["a.css", "a.12ab.css"])} == {"a.css"}


def test_on_ones_own_machine_nothing_is_packed_for_a_slow_line(
    tmp_path: Path, settings: Settings
) -> None:
    storage = StaticFilesStorage(location=str(tmp_path))
    file = make_file(tmp_path, WORDS, 1_000)
    settings.PRODUCTION = False
    assert list(storage.compress_files(["page.css"])) == [("page.css", "page.css.gz")]

    settings.PRODUCTION = True
    assert len(list(storage.compress_files(["page.css"]))) == 2
    settings.PRODUCTION = False
    assert list(storage.compress_files(["page.css"])) == []
    assert file.with_name("page.css.br").exists()


def test_no_packed_copy_of_an_earlier_state_stays(tmp_path: Path, settings: Settings) -> None:
    storage = StaticFilesStorage(location=str(tmp_path))
    make_file(tmp_path, WORDS, 1_000)
    settings.PRODUCTION = True
    list(storage.compress_files(["page.css"]))
    settings.PRODUCTION = False
    file = make_file(tmp_path, WORDS + b"p {}", 2_000)

    assert list(storage.compress_files(["page.css"])) == [("page.css", "page.css.gz")]
    assert not file.with_name("page.css.br").exists()
