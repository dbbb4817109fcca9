"""The QR code of a receipt: the set's one hash, for a sheet of paper that is signed."""

from __future__ import annotations

import segno

from companion.receipts.receipt import FORMAT, VERSION, Receipt


def code_text(receipt: Receipt) -> str:
    """What the code says: the format, its version and the one hash; no address and no name."""
    return f"{FORMAT}:{VERSION}:{receipt.set_hash}"


def code_svg(receipt: Receipt, *, title: str = "") -> str:
    """The code as an SVG element for a page, without a colour of its own: a style sheet gives
    it (``currentColor``). ``title``: what a screen reader says.

    Level Q, so that a quarter of it may be soiled or under a stamp.
    """
    code = segno.make(code_text(receipt), error="q", micro=False)
    return code.svg_inline(
        border=4, omitsize=True, svgclass="code", lineclass=None, title=title or None
    )
