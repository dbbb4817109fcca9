"""Words that are none: letters that stand in a row of code, or in a program's own writing."""

from __future__ import annotations

import re

from companion.scans.rules.scene import Text

_CODE = re.compile(r"[a-z0-9+/=]{0,80}+")
_CODE_BEFORE = re.compile(r"[a-z0-9+/=]{0,80}\Z")
_LONG_CODE = 36
"""Letters and digits without a space, more than words of any language have."""
_AROUND = 80
_CHANGES_CASE = re.compile(r"[^\W\d_a-z](?=[a-z])[a-z]+[A-Z]|^[a-z]+[A-Z]")


def stands_in_code(text: Text, start: int, end: int) -> bool:
    """Whether letters from ``start`` to ``end`` of the folded text are a piece of code.

    A certificate's lines and packed data hold any three letters there are ("viH", "nHS").
    """
    folded = text.folded
    before = _CODE_BEFORE.search(folded, max(0, start - _AROUND), start)
    behind = _CODE.match(folded, end, end + _AROUND)
    run = (before[0] if before else "") + folded[start:end] + (behind[0] if behind else "")
    if len(run) >= _LONG_CODE and sum(map(str.isdigit, run)) > 1:
        return True
    original = text.original
    return len(original) == len(folded) and bool(_CHANGES_CASE.search(original[start:end]))
