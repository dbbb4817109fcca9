"""Labelled lines: how a finding of a program or a report says several things at once.

``Finding.values`` are texts. Those of the rules ``ai-result``, ``ai-picture``, ``ai-maker``
and ``written-report`` are lines such as ``program: BoneReader``: a reader understands them
as they are, and the page sets them in columns under words of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Label(StrEnum):
    """What a line says, in the order in which lines stand."""

    PROGRAM = "program"  # name, as written
    VERSION = "version"  # as written
    MAKER = "maker"  # as written, or by the list of makers
    SERIAL = "serial"  # the program's own number, not a machine's
    MADE = "made"  # one of ``Made``
    HOW = "how"  # automatic, semiautomatic; what the setting of a picture says
    PART = "part"  # what was outlined
    KIND = "kind"  # of a report: structured, pdf, cda, document, text on a picture
    TITLE = "title"
    DATE = "date"  # YYYYMMDD, as the file has it
    PAGES = "pages"  # of a report: how many
    ITEMS = "items"  # of a report: how many statements
    SIGNED = "signed"  # yes: VERIFIED by a person; no
    COMPLETE = "complete"  # no: PARTIAL or PRELIMINARY
    QUALITY = "quality"  # research, service: not an approved product
    WRITTEN = "as written"  # the words in which a maker or product is named


class Made(StrEnum):
    """What a program made."""

    OUTLINE = "outline"
    REPORT = "report"
    MEASUREMENT = "measurement"
    MARK = "mark"
    PICTURE = "picture"
    MAP = "map"
    RESULT = "result"


def lines(said: Iterable[tuple[Label, str]]) -> tuple[str, ...]:
    """The lines for what there is to say, in the order of ``Label``; empty ones left out."""
    order = list(Label)
    kept = [(label, " ".join(text.split())) for label, text in said]
    kept = sorted(dict.fromkeys(kept), key=lambda pair: order.index(pair[0]))
    return tuple(f"{label}: {text[:150]}" for label, text in kept if text)


def read(line: str) -> tuple[str, str]:
    """The label and the text of a line; no label where it has none that is known."""
    label, colon, text = line.partition(": ")
    return (label, text) if colon and label in set(Label) else ("", line)
