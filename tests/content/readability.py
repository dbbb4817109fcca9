"""How hard a text is to read: the Flesch-Kincaid US grade and the longest sentence.

The formulas are for English. They mis-score citations, so those are taken out first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # textstat 0.7.4 still imports pkg_resources
    import textstat

from companion.letters.grammar import Block

_EMPTY_BRACKETS = re.compile(r"\s*\([;\s]*\)")


def plain_lines(blocks: Iterable[Block]) -> list[str]:
    """Each paragraph and list item as a sentence or more, without its citations."""
    found = []
    for block in blocks:
        for line in block.lines:
            text = _EMPTY_BRACKETS.sub("", "".join(run.text for run in line if not run.law)).strip()
            if text:
                found.append(text if text[-1] in ".?!" else f"{text.rstrip(':')}.")
    return found


def sentences(lines: Iterable[str]) -> list[str]:
    return [one for line in lines for one in re.split(r"(?<=[.?!:])\s+", line) if one.strip()]


def grade(lines: Iterable[str]) -> float:
    """The US school grade of an English text; 0.0 when there is none."""
    text = " ".join(lines)
    return float(textstat.flesch_kincaid_grade(text)) if text else 0.0


def word_count(sentence: str) -> int:
    return len(re.findall(r"[\w'’-]+", sentence))
