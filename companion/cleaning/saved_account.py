"""An account of a cleaning as it comes back: from a page's form, a file, or a child process.

Anyone may have made it, so every code, count and length is checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from companion.cleaning.shapes import (
    FORMAT,
    VERSION,
    Account,
    Action,
    BlankFrames,
    Done,
    Pictures,
    Preset,
    Reason,
    Refusal,
    Stays,
    Withheld,
)

MOST_BYTES = 8 * 1024 * 1024
"""Of an account as JSON."""
_MOST_ROWS = 20_000
_MOST_TEXT = 5_000
_MOST_FILES = 1 << 24
_TAG = re.compile(r"(?:[0-9A-Fa-f]{8})?")
_One = TypeVar("_One")


def parse(text: bytes) -> Account:
    """The account in a saved ``companion-cleaning`` JSON. Raises ``ValueError``."""
    if len(text) > MOST_BYTES:
        raise ValueError("too long")
    try:
        return read(json.loads(text))
    except RecursionError:
        raise ValueError("not an account") from None


def read(table: Any) -> Account:
    """The account that ``Account.to_json`` wrote. Raises ``ValueError`` for anything else."""
    try:
        if table["format"] != FORMAT or table["version"] != VERSION:
            raise ValueError("not an account")
        refusal = table["refusal"]
        return Account(
            preset=Preset(table["preset"]),
            files_in=_count(table["files_in"]),
            files_out=_count(table["files_out"]),
            done=_all(table["done"], _done),
            withheld=_all(table["withheld"], _withheld),
            # Lists that were saved before frames were told of have none.
            blank_frames=_all(table.get("blank_frames", []), _blank_frames),
            stays=_all(table["stays"], Stays),
            pictures=Pictures(table["pictures"]),
            missing_references=_count(table["missing_references"]),
            refusal=None if refusal is None else Refusal(refusal),
            people=_all(table["people"], _person),
        )
    except (KeyError, TypeError, AttributeError):
        raise ValueError("not an account") from None


def _done(table: Any) -> Done:
    tag = _text(table["tag"])
    if not _TAG.fullmatch(tag):
        raise ValueError("no tag")
    return Done(
        Action(table["action"]),
        _text(table["rule"]),
        tag,
        _text(table["name"]),
        _count(table["files"]),
    )


def _withheld(table: Any) -> Withheld:
    return Withheld(_text(table["name"]), Reason(table["reason"]), _all(table["rules"], _text))


def _blank_frames(table: Any) -> BlankFrames:
    return BlankFrames(
        _text(table["name"]),
        _text(table["copy"]),
        _all(table["numbers"], _count),
        _count(table["frames"]),
        _count(table["of"]),
    )


def _person(table: Any) -> tuple[str, int]:
    return _text(table["id"]), _count(table["files"])


def _all(rows: Any, read_one: Callable[[Any], _One]) -> tuple[_One, ...]:
    if not isinstance(rows, list) or len(rows) > _MOST_ROWS:
        raise ValueError("no list")
    return tuple(read_one(row) for row in rows)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        raise ValueError("no text")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < _MOST_FILES:
        raise ValueError("no count")
    return value
