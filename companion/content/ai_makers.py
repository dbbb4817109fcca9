"""Names that tell of AI: makers of programs, and products that change or compute a picture.

``ai-makers.toml`` holds them with the day on which each was checked and what it was checked
against. A name counts as a whole word, in any case; one that is an ordinary word stands there
only in a form that is none. Nothing here says that AI was used: only whose name it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from companion.content.library import CONTENT, Fields, read_toml

FILE = CONTENT / "ai-makers.toml"
DOES = ("result", "reconstruction", "enhancement", "computed-view")
"""What a product does. A ``computed-view`` is worked out from other pictures, without AI."""
_SHORTEST = 3
"""Letters below which a name is no name of its own."""


@dataclass(frozen=True, slots=True)
class Name:
    """A maker of AI programs, or one product."""

    name: str
    maker: str
    does: str
    """One of ``DOES``."""
    is_maker: bool
    forms: tuple[str, ...]
    """How it is written, in lower case; a blank stands for a blank, ``_``, ``-`` or nothing."""
    needs: tuple[str, ...]
    """Makers' names of which one must stand in the same files; none where the form is enough."""
    checked: date
    source: str


@cache
def names() -> tuple[Name, ...]:
    """Every maker and product, in the order of the file."""
    file = read_toml(FILE)
    sources = file.table("sources")
    known = {key: sources.text(key) for key in sources.names()}
    found = [
        _name(table, known, is_maker=kind == "maker")
        for kind in ("maker", "product")
        for table in file.tables(kind)
    ]
    file.done()
    seen: dict[str, str] = {}
    for one in found:
        for form in one.forms:
            if seen.setdefault(form, one.name) != one.name:
                raise file.error(one.name, f"shares the form {form!r} with {seen[form]}")
    return tuple(found)


def find(text: str) -> Iterator[Name]:
    """The makers and products whose name stands in ``text``, each once."""
    pattern, by_group = _pattern()
    seen: set[str] = set()
    for match in pattern.finditer(text.casefold()):
        name = by_group[match.lastgroup or ""]
        if name.name not in seen:
            seen.add(name.name)
            yield name


def _name(table: Fields, sources: dict[str, str], *, is_maker: bool) -> Name:
    name = table.text("name")
    forms = table.texts("forms")
    for form in forms:
        if form != form.casefold() or len(re.sub(r"\W", "", form)) < _SHORTEST:
            raise table.error("forms", f"{form!r} is not in lower case, or too short")
    found = Name(
        name=name,
        maker=name if is_maker else table.text("maker"),
        does="result" if is_maker else table.choice("does", DOES),
        is_maker=is_maker,
        forms=forms,
        needs=table.texts("needs", ()),
        checked=table.date("checked"),
        source=sources[table.choice("source", sources)],
    )
    table.done()
    return found


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, Name]]:
    """All forms as one expression, the longest first, and the name of each of its groups."""
    by_group: dict[str, Name] = {}
    parts: list[tuple[int, str]] = []
    for number, name in enumerate(names()):
        group = f"n{number}"
        by_group[group] = name
        forms = sorted(name.forms, key=len, reverse=True)
        written = "|".join(re.escape(form).replace(r"\ ", "[ _-]?") for form in forms)
        parts.append((-len(forms[0]), f"(?P<{group}>{written})"))
    joined = "|".join(part for _, part in sorted(parts))
    return re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])"), by_group
