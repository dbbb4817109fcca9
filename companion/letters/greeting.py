"""How a letter's first words join its greeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from companion.content import writing
from companion.letters.grammar import Block


def after_greeting(greeting: str, opening: Sequence[Block], language: str) -> tuple[Block, ...]:
    """The opening as it is written below ``greeting``.

    Where the greeting ends in a comma, its sentence may go on in small letters ("Sehr geehrte
    Damen und Herren, / ich bitte ..."); what a person typed stays as it is, and so does a list.
    """
    if not greeting.endswith(",") or not opening or opening[0].kind != "paragraph":
        return tuple(opening)
    block = opening[0]
    first, *others = block.lines[0]
    if first.typed:
        return tuple(opening)
    joined = replace(first, text=writing.after_comma(first.text, language))
    return (replace(block, lines=((joined, *others),)), *opening[1:])
