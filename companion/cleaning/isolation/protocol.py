"""What a web process and the child that cleans say to each other.

To the child go the messages of ``scans.isolation.protocol``: SET_UP, the files, FINISH, whose
body says what was chosen. After its ACCOUNT of a copy, the child is given the pages that go
along, as files, and a second FINISH. The parent does not trust what comes back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from companion.cleaning import Choice, FaceChoice, Preset
from companion.scans.findings import Thumbnail
from companion.scans.isolation import looked

# To the parent, beside ``PROGRESS`` and ``FAILED``.
PACKED = b"z"  # bytes of the ZIP, as they become ready
ACCOUNT = b"a"  # JSON: the account, and the small pictures of a preview
DONE = b"e"  # the ZIP is whole

MOST_PAIRS = 12
"""Small pictures that a preview has from before, and from after."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One picture before and after, for the patient's own eyes."""

    before: Thumbnail
    after: Thumbnail


def pack_choice(choice: Choice, *, preview: bool) -> bytes:
    """What was chosen, as the body of FINISH."""
    return json.dumps(
        {
            "preset": choice.preset,
            "face": choice.face,
            "person": choice.person,
            "preview": preview,
        }
    ).encode()


def unpack_choice(body: bytes) -> tuple[Choice, bool]:
    """What ``pack_choice`` packed: the choice, and whether it is for a preview."""
    table = json.loads(body)
    choice = Choice(Preset(table["preset"]), FaceChoice(table["face"]), table["person"])
    return choice, bool(table["preview"])


def pack_account(account: dict[str, Any], pairs: tuple[Pair, ...]) -> bytes:
    """The account's JSON and the small pictures."""
    return json.dumps(
        {
            "account": account,
            "before": looked.pack_thumbnails(tuple(pair.before for pair in pairs)),
            "after": looked.pack_thumbnails(tuple(pair.after for pair in pairs)),
        }
    ).encode()


def unpack_account(body: bytes) -> tuple[dict[str, Any], tuple[Pair, ...]]:
    """What ``pack_account`` packed. Raises ``ValueError`` for anything else."""
    try:
        document = json.loads(body)
        before = looked.unpack_thumbnails(document["before"][:MOST_PAIRS])
        after = looked.unpack_thumbnails(document["after"][:MOST_PAIRS])
        account = document["account"]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ValueError("not an account") from None
    if not isinstance(account, dict):
        raise ValueError("not an account")
    return account, tuple(Pair(*pair) for pair in zip(before, after, strict=False))
