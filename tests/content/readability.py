"""How hard a text is to read, by a measure made for its language, and the longest sentence.

English: the Flesch-Kincaid US grade. German: the first Wiener Sachtextformel (Bamberger and
Vanecek, 1984), in school years. French: the ease of Kandel and Moles (1958), Flesch's for
French; more is easier. All mis-score citations, so those are taken out first.
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
    return len(words(sentence))


def words(text: str) -> list[str]:
    return re.findall(r"[\w'’-]+", text)


def school_year(lines: Iterable[str]) -> float:
    """The first Wiener Sachtextformel of a German text: the school year that can read it, from
    4 (easy) to 15 (very hard). 0.0 when there is none.

    0.1935 MS + 0.1672 SL + 0.1297 IW - 0.0327 ES - 0.875, with the shares in percent of words
    of three and more syllables (MS), of more than six letters (IW) and of one syllable (ES),
    and the mean length of a sentence in words (SL).
    """
    found = [sentence for sentence in sentences(lines) if words(sentence)]
    every = [word for sentence in found for word in words(sentence)]
    if not every:
        return 0.0
    counts = [_german_syllables(word) for word in every]
    long = 100 * sum(count >= 3 for count in counts) / len(every)
    short = 100 * sum(count == 1 for count in counts) / len(every)
    letters = 100 * sum(len(word) > 6 for word in every) / len(every)
    length = len(every) / len(found)
    return 0.1935 * long + 0.1672 * length + 0.1297 * letters - 0.0327 * short - 0.875


def ease(lines: Iterable[str]) -> float:
    """How easy a French text is, by Kandel and Moles: 207 - 1.015 W - 73.6 S, with the mean
    words of a sentence (W) and the mean syllables of a word (S). About 60 is standard, 30 hard.
    100.0 when there is none."""
    found = [sentence for sentence in sentences(lines) if words(sentence)]
    every = [word for sentence in found for word in re.split(r"['’-]", " ".join(words(sentence)))]
    every = [word for part in every for word in part.split()]
    if not every:
        return 100.0
    syllables = sum(map(_french_syllables, every))
    return 207 - 1.015 * len(every) / len(found) - 73.6 * syllables / len(every)


def _german_syllables(word: str) -> int:
    """The groups of vowels; two that stand together and are two sounds count as one."""
    return max(1, len(re.findall(r"[aeiouyäöü]+", word.casefold())))


def _french_syllables(word: str) -> int:
    """The groups of vowels, without the mute ending of -e, -es and, in verbs, -ent."""
    word = word.casefold()
    groups = re.findall(r"[aeiouyàâäéèêëîïôöùûüœæ]+", word)
    mute = len(groups) > 1 and re.search(r"[^aeiouyàâäéèêëîïôöùûüœæ](?:es?|ent)\Z", word)
    return max(1, len(groups) - bool(mute))
