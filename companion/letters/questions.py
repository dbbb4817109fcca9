"""Reads the questions of letters: those that they share, and a letter's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from companion.content.library import Fields, read_toml
from companion.letters.spec import ABOUT, FLAG, KINDS, Field


@dataclass(frozen=True, slots=True)
class SharedField:
    """A question that letters list, or that every letter asks (``common``)."""

    field: Field
    common: bool
    required: bool


def read_shared(file: Path, slugs: tuple[str, ...]) -> Mapping[str, SharedField]:
    """The questions of ``letters/fields.toml`` by id; ``slugs`` are all letters."""
    fields = read_toml(file)
    found: dict[str, SharedField] = {}
    for table in fields.tables("field"):
        common, required = table.flag("common", False), table.flag("required", False)
        one = read_field(table, slugs)
        if one.id in found:
            raise table.error("id", f"{one.id} stands twice")
        found[one.id] = SharedField(one, common, required)
    fields.done()
    return found


def read_field(table: Fields, slugs: tuple[str, ...]) -> Field:
    """One question. ``ContentError`` where its facts do not fit together."""
    kind = table.choice("kind", KINDS)
    options = table.texts("options", ())
    if options == ("letters",):
        options = slugs
    if kind == "flag":
        options = FLAG
    elif bool(options) != (kind in ("choice", "choices")):
        raise table.error("options", "belong to a choice, and every choice has some")
    made = Field(
        id=table.text("id"),
        kind=kind,  # type: ignore[arg-type]
        about=table.choice("about", ABOUT, "matter"),
        options=options,
        only=table.texts("only", ()),
        limit=table.number("limit", 1000),
        autocomplete=table.text("autocomplete", "off" if kind == "line" else ""),
        past=table.choice("early", ("past", "any"), "any") == "past",
        most=table.number("max", 0),
    )
    if made.most and kind != "choices":
        raise table.error("max", "belongs to a question with several choices")
    table.done()
    return made
