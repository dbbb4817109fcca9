"""Finds, reads and checks content files: the words and facts that a lawyer,
a clinician or a translator can change without Python.

Every fault in a file is a ``ContentError`` that names the file, the field and
the reason, so that it is refused at start and in the tests, never shown blank.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

from companion.content.untranslated import SOURCE, Untranslated

__all__ = [
    "CONTENT", "LANGUAGES", "SOURCE", "ContentError", "Fields", "Untranslated", "Words",
    "WordsFile", "read_toml", "read_words", "translated", "translated_files", "varied",
]  # fmt: skip

CONTENT = Path(__file__).parent
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {SOURCE: "English", "es": "Español", "de": "Deutsch", "fr": "Français"}
)
"""The languages of the site, each by its code and its own name; English is the source.

This is the only list of languages there is. A language starts with its code here and may
have as little as one file: what it lacks shows in English, marked (``Untranslated``).
"""

Words = Mapping[str, str]
"""One text in each language of ``LANGUAGES``."""
WordsFile = Mapping[str, Mapping[str, str]]
"""A words file: the texts by heading (``# id``) and part (``## part``)."""

_HEADING = re.compile(r"^(#{1,2})[ \t]+(\S.*?)[ \t]*$")


Kind = TypeVar("Kind")


class ContentError(Exception):
    """A content file that cannot be used: which file, which field, and why."""

    def __init__(self, file: Path | str, field: str, why: str) -> None:
        self.file = str(file)
        self.field = field
        self.why = why
        super().__init__(f"{_short(file)}: {field}: {why}")


class Fields:
    """Typed readers over one table of a TOML file.

    Each reader takes the field's name and raises ``ContentError`` when the field
    is missing (and no default is given) or is of the wrong kind. ``done()``
    refuses fields that nobody read, so a misspelt name never passes silently.
    """

    def __init__(self, file: Path, table: Mapping[str, Any], where: str = "") -> None:
        self.file = file
        self.where = where
        self._table = dict(table)
        self._read: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def text(self, name: str, default: str | None = None) -> str:
        value = self._get(name, str, default)
        if not value.strip() and default is None:
            raise self.error(name, "is empty")
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        return self._get(name, bool, default)

    def number(self, name: str, default: int | None = None) -> int:
        return self._get(name, int, default)

    def date(self, name: str, default: date | None = None) -> date:
        return self._get(name, date, default)

    def texts(self, name: str, default: Iterable[str] | None = None) -> tuple[str, ...]:
        values = self._get(name, list, None if default is None else list(default))
        if not all(isinstance(value, str) for value in values):
            raise self.error(name, "must be a list of texts")
        return tuple(values)

    def numbers(self, name: str, default: Iterable[int] | None = None) -> tuple[int, ...]:
        values = self._get(name, list, None if default is None else list(default))
        if not all(type(value) is int for value in values):
            raise self.error(name, "must be a list of numbers")
        return tuple(values)

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in set(allowed):
            raise self.error(name, f"{value!r} is not one of {sorted(allowed)}")
        return value

    def table(self, name: str, default: Mapping[str, Any] | None = None) -> Fields:
        value = self._get(name, dict, None if default is None else dict(default))
        return Fields(self.file, value, self._path(name))

    def tables(self, name: str, default: Iterable[Any] | None = None) -> list[Fields]:
        values = self._get(name, list, None if default is None else list(default))
        if not all(isinstance(value, dict) for value in values):
            raise self.error(name, "must be a list of tables")
        return [
            Fields(self.file, value, f"{self._path(name)}[{index}]")
            for index, value in enumerate(values)
        ]

    def is_text(self, name: str) -> bool:
        """Whether the field is a text, where it may be a table instead."""
        return isinstance(self._table.get(name), str)

    def names(self) -> tuple[str, ...]:
        """The names of all fields of this table, in the file's order."""
        return tuple(self._table)

    def done(self) -> None:
        """Refuse what nobody asked for."""
        for name in self._table:
            if name not in self._read:
                raise self.error(name, "is not a field that is known here")

    def error(self, name: str, why: str) -> ContentError:
        return ContentError(self.file, self._path(name), why)

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def _get(self, name: str, kind: type[Kind], default: Any) -> Kind:
        self._read.add(name)
        if name not in self._table:
            if default is None:
                raise self.error(name, "is missing")
            return cast(Kind, default)
        value = self._table[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(name, f"must be a {kind.__name__}")
        return value


def read_toml(path: Path) -> Fields:
    """Read a TOML file; ``ContentError`` when it is missing or not TOML."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(path, "file", str(error)) from error
    return Fields(path, table)


def translated(table: Fields, name: str, default: Words | None = None) -> Words:
    """A text of a TOML table in each language: ``name.en``, ``name.es`` ...

    A plain ``name = "..."`` is the same in all languages. A language without the text gets
    the English one as ``Untranslated``; without the English one, or with the code of no
    language, it is a ``ContentError``. ``default`` is for a text that may be left out.
    """
    if name not in table:
        if default is not None:
            return default
        raise table.error(name, "is missing")
    if table.is_text(name):
        return MappingProxyType(dict.fromkeys(LANGUAGES, table.text(name)))
    texts = table.table(name)
    source = texts.text(SOURCE)
    found = {code: _or_source(texts.text(code, ""), source) for code in LANGUAGES}
    texts.done()
    return MappingProxyType(found)


def varied(table: Fields, name: str) -> Words:
    """A text that all languages share, such as a citation, unless ``name_es`` says otherwise.

    A language without a text of its own lacks nothing: it takes the shared one, unmarked.
    """
    shared = table.text(name)
    others = (code for code in LANGUAGES if code != SOURCE)
    return MappingProxyType(
        {SOURCE: shared, **{code: table.text(f"{name}_{code}", shared) for code in others}}
    )


def translated_files(
    folder: Path, stem: str = "", *, may_add: tuple[str, ...] = ()
) -> Mapping[str, WordsFile]:
    """A folder's words files in each language: ``en.md``, ``es.md`` ...

    ``stem`` is what precedes the language in the files' names (``notes.`` for
    ``notes.en.md``). What a language's file lacks, or holds empty, is the English text as
    ``Untranslated``. A heading or a part that the English file does not have is a
    ``ContentError``, unless it begins with one that a language ``may_add``.
    """
    source = read_words(folder / f"{stem}{SOURCE}.md")
    return MappingProxyType(
        {
            language: source
            if language == SOURCE
            else _with_source(folder / f"{stem}{language}.md", source, may_add)
            for language in LANGUAGES
        }
    )


def _with_source(path: Path, source: WordsFile, may_add: tuple[str, ...]) -> WordsFile:
    """One language's words file with English where it has no text."""
    own = read_words(path) if path.exists() else {}
    _refuse_additions(path, own, source, may_add)
    found: dict[str, Mapping[str, str]] = dict(own)
    for name, parts in source.items():
        mine = own.get(name, {})
        filled = {part: _or_source(mine.get(part, ""), text) for part, text in parts.items()}
        found[name] = {**mine, **filled}
    return found


def _or_source(own: str, source: str) -> str:
    if own.strip() or not source:
        return own
    return Untranslated(source)


def _refuse_additions(
    path: Path, own: WordsFile, source: WordsFile, may_add: tuple[str, ...]
) -> None:
    """Refuse a heading or a part that English does not have: it is misspelt."""
    for name, parts in own.items():
        if name.startswith(may_add):
            continue
        if name not in source:
            raise ContentError(path, name, f"is not in {SOURCE}.md")
        for part, text in parts.items():
            known = part in source[name] and (source[name][part] or not text)
            if not known and not part.startswith(may_add):
                raise ContentError(path, f"{name}.{part or 'text'}", f"is not in {SOURCE}.md")


def read_words(path: Path) -> dict[str, dict[str, str]]:
    """Read a words file: Markdown in which ``# id`` opens the words of one thing.

    The text before the first ``## part`` is the part ``""``; each ``## part``
    opens another. Returns ``{id: {part: text}}`` with the texts stripped.
    An id or a part that is there twice is a ``ContentError``.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(path, "file", str(error)) from error
    words: dict[str, dict[str, list[str]]] = {}
    parts: dict[str, list[str]] | None = None
    part: list[str] | None = None
    for line in lines:
        heading = _HEADING.match(line)
        if heading and heading[1] == "#":
            if heading[2] in words:
                raise ContentError(path, heading[2], "is there twice")
            part = []
            parts = words[heading[2]] = {"": part}
        elif heading and parts is not None:
            if heading[2] in parts:
                raise ContentError(path, heading[2], "is there twice under one heading")
            part = parts[heading[2]] = []
        elif part is not None:
            part.append(line)
        elif line.strip():
            raise ContentError(path, "file", "must begin with a '# id' heading")
    return {
        name: {key: "\n".join(text).strip() for key, text in parts.items()}
        for name, parts in words.items()
    }


def _short(file: Path | str) -> str:
    path = Path(file)
    return str(path.relative_to(CONTENT)) if path.is_relative_to(CONTENT) else path.name
