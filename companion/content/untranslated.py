"""English text shown in place of a translation that does not exist yet."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

SOURCE = "en"
"""The language that every text is written in first."""

CSS_CLASS = "untranslated"
"""On each element that holds English in a page of another language."""


class Untranslated(str):
    """An English text in place of one that the requested language lacks.

    It is a ``str`` like any other, so that no code between a content file and a page has
    to know. Templates mark it without being asked: they call ``__html__`` on each value,
    and this one answers with ``lang="en"`` and a class that the style sheets show. Where
    HTML allows no element (an attribute, ``<title>``, ``<option>``), use ``str(text)``.

    What is made of the text by the methods below is marked as well; joined with other
    text it becomes a plain ``str``.
    """

    __slots__ = ()

    @property
    def language(self) -> str:
        return SOURCE

    def __html__(self) -> str:
        return f'<span lang="{SOURCE}" class="{CSS_CLASS}">{escape(self)}</span>'

    def format(self, *args: object, **named: object) -> Untranslated:
        return Untranslated(super().format(*args, **named))

    def replace(self, old: str, new: str, /, count: int = -1) -> Untranslated:  # type: ignore[override]
        return Untranslated(super().replace(old, new, count))

    def strip(self, characters: str | None = None, /) -> Untranslated:
        return Untranslated(super().strip(characters))

    def removesuffix(self, suffix: str, /) -> Untranslated:
        return Untranslated(super().removesuffix(suffix))

    def splitlines(self, keepends: bool = False) -> list[str]:
        return [Untranslated(line) for line in super().splitlines(keepends)]

    def split(self, separator: str | None = None, /, maxsplit: int = -1) -> list[str]:  # type: ignore[override]
        return [Untranslated(part) for part in super().split(separator, maxsplit)]


def joined(separator: str, texts: Iterable[str]) -> str:
    """The texts joined; marked if all of them are."""
    every = tuple(texts)
    text = separator.join(every)
    return Untranslated(text) if every and all(map(is_untranslated, every)) else text


def is_untranslated(text: object) -> bool:
    """Whether a text is in English because its translation is missing."""
    return isinstance(text, Untranslated)


def alike(text: str, pattern: str) -> str:
    """``text``, marked if the ``pattern`` that it was made from is."""
    return Untranslated(text) if isinstance(pattern, Untranslated) else text
