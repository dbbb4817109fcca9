"""A letter as plain text, for a portal's message box, in one piece or in several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from companion.content import writing
from companion.letters import slip
from companion.letters.grammar import Block, Line
from companion.letters.letter import Letter

SHORTEST_PART = 300
"""Characters. Below this a part could not hold its heading and a sentence."""


def to_text(letter: Letter) -> str:
    """The whole letter; paragraphs are parted by an empty line."""
    return "\n\n".join(_paragraphs(letter)) + "\n"


def split(letter: Letter, limit: int) -> tuple[str, ...]:
    """The letter in parts of at most ``limit`` characters, each with its number.

    A part ends between paragraphs, else between lines, sentences or words.
    ``ValueError`` when the limit is below ``SHORTEST_PART``.
    """
    if limit < SHORTEST_PART:
        raise ValueError(f"a part needs at least {SHORTEST_PART} characters")
    whole = to_text(letter)
    if len(whole) <= limit:
        return (whole,)
    guess = 2
    while True:
        heads = [_head(letter, number, guess) for number in range(1, guess + 1)]
        parts = _fill(letter, limit - max(map(len, heads)) - 3)
        if len(parts) <= guess:
            break
        guess = len(parts)
    total = len(parts)
    return tuple(
        f"{_head(letter, number, total)}\n\n{part}\n" for number, part in enumerate(parts, 1)
    )


def _head(letter: Letter, number: int, total: int) -> str:
    part = letter.frame["part"].format(part=number, parts=total)
    return f"{part} ({letter.frame['reference']} {letter.reference})"


def _fill(letter: Letter, room: int) -> list[str]:
    headings = {letter.frame["identifiers"], *(section.heading for section in letter.sections)}
    # A heading goes with what it is a heading of, so both must fit.
    most = room - max(map(len, headings)) - 2
    parts: list[str] = [""]
    for piece, glue in _pieces(tuple(_paragraphs(letter)), most):
        joined = f"{parts[-1]}{glue}{piece}" if parts[-1] else piece
        if len(joined) <= room:
            parts[-1] = joined
            continue
        before, _, last = parts[-1].rpartition("\n\n")
        if before and last in headings:
            parts[-1:] = [before, f"{last}{glue}{piece}"]
        else:
            parts.append(piece)
    return parts


def _pieces(paragraphs: Sequence[str], room: int) -> Iterator[tuple[str, str]]:
    """What must stay together, with what joins it to what comes before."""
    for paragraph in paragraphs:
        if len(paragraph) <= room:
            yield paragraph, "\n\n"
            continue
        glue = "\n\n"
        for line in paragraph.split("\n"):
            for piece in _shortened(line, room):
                yield piece, glue
                glue = " "
            glue = "\n"


# Not before a digit: "Art. 15" and "No. 3" are one thing. Nor after a day's number, which
# German writes with a stop: "6. Februar 2026".
_SENTENCE = re.compile(r"(?<=[.!?;])(?<! \d\.)(?<! \d\d\.) (?!\d)")
_ITEM = re.compile(r"(?:\d+\.|-) ")


def _shortened(line: str, room: int) -> Iterator[str]:
    """Sentences of a line, cut between words where they are too long.

    The number or dash of a list's item stays with its words.
    """
    item = _ITEM.match(line)
    mark = item[0] if item else ""
    first, *others = _SENTENCE.split(line[len(mark) :])
    kept = len(mark) or 1
    for sentence in (mark + first, *others):
        rest = sentence
        while len(rest) > room:
            cut = rest.rfind(" ", kept, room + 1)
            cut = cut if cut > 0 else room
            yield rest[:cut]
            rest = rest[cut:].lstrip(" ")
            kept = 1
        yield rest
        kept = 1


def _paragraphs(letter: Letter) -> Iterator[str]:
    frame = letter.frame
    if letter.copy_mark:
        yield letter.copy_mark
    if letter.is_slip:
        for mark in slip.halves(letter):
            if mark:
                yield f"- - - {frame['cut']} - - -"
            yield letter.subject
            yield from map(_block, slip.blocks(letter, mark))
        return
    yield "\n".join(letter.sender)
    yield "\n".join(letter.recipient)
    yield "".join(letter.date_line)
    colon = writing.colon(letter.language)
    yield f"{frame['re']}{colon} {letter.subject}"
    yield "\n".join(f"{label}{colon} {value}" for label, value in letter.about)
    yield frame["dear"]
    yield from map(_block, letter.opening)
    for section in letter.sections:
        yield section.heading
        if section.lead:
            yield line_text(section.lead)
        yield from map(_block, section.blocks)
    yield frame["closing"]
    yield line_text(letter.signer)
    if letter.identifiers:
        yield frame["identifiers"]
        yield "\n".join(f"- {line}" for line in letter.identifiers)
    yield "\n".join(letter.marks)


def _block(block: Block) -> str:
    lines = map(line_text, block.lines)
    if block.kind == "list":
        return "\n".join(f"- {line}" for line in lines)
    if block.kind == "numbers":
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, block.start))
    return "\n".join(lines)


def line_text(line: Line) -> str:
    """A line of runs as text; what was not filled in is a blank to write on."""
    return "".join("__________" if run.gap else run.text for run in line)
