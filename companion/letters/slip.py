"""The slip to hand in at the desk, as lines of text for what has no layout of its own.

The printed half page is ``templates/letters/_slip.html``; the plain text and the Word
file say the same, with boxes to tick and lines to write on.
"""

from __future__ import annotations

from collections.abc import Iterator

from companion.content import writing
from companion.letters.grammar import Block, Run
from companion.letters.letter import Letter

BOX = "[ ]"
LINE = "____________________"


def blocks(letter: Letter, mark: str) -> Iterator[Block]:
    """One half of the slip, below its heading; ``mark`` names the patient's own half."""
    frame, colon = letter.frame, writing.colon(letter.language)
    if mark:
        yield _paragraph(Run(mark, bold=True))
    for label, value in letter.about:
        yield _paragraph(Run(f"{label}{colon} "), Run(value, typed=True))
    yield _paragraph(Run(f"{frame['date']}{colon} {letter.dated}"))
    yield from letter.opening
    for section in letter.sections:
        if section.kind not in ("law", "ask"):
            continue
        yield _paragraph(Run(section.heading, bold=True))
        for block in section.blocks:
            if section.kind == "ask" and block.kind != "paragraph":
                yield from (_paragraph(Run(f"{BOX} "), *line) for line in block.lines)
            else:
                yield block
    for names in (("tick_signature", "initials"), ("witness",), ("staff_received", "staff_date")):
        yield _paragraph(Run("   ".join(f"{frame[name]}{colon} {LINE}" for name in names)))
    yield _paragraph(Run(" ".join(letter.marks)))


def halves(letter: Letter) -> tuple[str, str]:
    """What tells the two halves apart: nothing on the first, and the mark of the second."""
    return "", letter.frame["second_copy"]


def _paragraph(*runs: Run) -> Block:
    return Block("paragraph", (runs,))
