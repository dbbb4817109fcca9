"""Counts what each language lacks: texts that are there in English and show in English.

Reads the files themselves, whether or not anything has loaded them, so that a new kind of
content is counted without a change here.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from companion.content.library import CONTENT, SOURCE, read_words


@dataclass(frozen=True, slots=True)
class Gap:
    """One text that a language lacks."""

    kind: str
    """The folder of ``content/`` that it belongs to: ``letters``, ``screens`` ..."""
    file: str
    """The file that it belongs in, from ``content/`` on."""
    field: str


@cache
def missing(language: str, folder: Path = CONTENT) -> tuple[Gap, ...]:
    """All texts that ``language`` lacks, by file."""
    if language == SOURCE:
        return ()
    return (*_in_words_files(folder, language), *_in_tables(folder, language))


def texts(folder: Path = CONTENT) -> Mapping[str, int]:
    """How many texts there are of each kind, counted in English."""
    # No language has this code, so that it lacks them all.
    return Counter(gap.kind for gap in missing("", folder))


def _in_words_files(folder: Path, language: str) -> Iterator[Gap]:
    for source in sorted(folder.rglob(f"*{SOURCE}.md")):
        if source.name.removesuffix(f"{SOURCE}.md").strip(".") not in ("", "notes"):
            continue
        path = source.with_name(source.name.removesuffix(f"{SOURCE}.md") + f"{language}.md")
        own = read_words(path) if path.exists() else {}
        for name, parts in read_words(source).items():
            for part, text in parts.items():
                if text and not own.get(name, {}).get(part):
                    yield _gap(folder, path, f"{name}.{part}" if part else name)


def _in_tables(folder: Path, language: str) -> Iterator[Gap]:
    for path in sorted(folder.rglob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for field in _untranslated_fields(table, language, ""):
            yield _gap(folder, path, field)


def _untranslated_fields(value: object, language: str, where: str) -> Iterator[str]:
    """The fields of a table that are there in English: ``name.en = "..."``."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _untranslated_fields(one, language, f"{where}[{index}]")
    elif isinstance(value, dict):
        if isinstance(value.get(SOURCE), str | list):
            if not value.get(language):
                yield where
            return
        for name, one in value.items():
            yield from _untranslated_fields(one, language, f"{where}.{name}" if where else name)


def _gap(folder: Path, path: Path, field: str) -> Gap:
    short = path.relative_to(folder)
    return Gap(short.parts[0], str(short), field)
