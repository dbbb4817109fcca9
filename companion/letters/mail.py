"""A letter as the beginning of an e-mail that the person sends from their own address.

The subject is the letter's neutral title: it is read by everybody whose eyes fall on an
inbox, so it names no person, no hospital and nothing about health.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from companion.letters import text
from companion.letters.letter import Letter

LONGEST = 2000
"""Characters of an address that every mail program takes; Windows hands on 2,083 at most."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A ``mailto:`` address (RFC 6068) that opens a new message to nobody yet."""

    address: str
    whole: bool
    """Whether the letter's text is in it. Where it is too long, the person pastes it."""


def draft(letter: Letter) -> Draft:
    """The message for a letter. To whom it goes, the person types: we know no address."""
    subject = f"mailto:?subject={quote(letter.title)}"
    # RFC 6068, section 5: lines of the body end with a carriage return and a line feed.
    body = quote(text.to_text(letter).strip().replace("\n", "\r\n"))
    whole = f"{subject}&body={body}"
    if len(whole) > LONGEST:
        return Draft(subject, whole=False)
    return Draft(whole, whole=True)
