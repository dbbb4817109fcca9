"""What a web process and the child that cleans say to each other.

To the child go the messages of ``scans.isolation.protocol``: SET_UP, the files, FINISH, whose
body says what was chosen. After its ACCOUNT of a copy, the child is given the pages that go
along, as files, and a second FINISH. The parent does not trust what comes back.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from companion.cleaning import Choice, Cleaned, FaceChoice, Preset
from companion.scans.findings import Thumbnail
from companion.scans.isolation import looked


class Wanted(StrEnum):
    """What a child makes of the files that it was given."""

    PREVIEW = "preview"  # the account, and small pictures from before and after
    ZIP = "zip"
    FILES = "files"  # each behind its name, for the command line


# To the parent, beside ``PROGRESS`` and ``FAILED``.
PACKED = b"z"  # bytes of the ZIP or of the files, as they become ready
ACCOUNT = b"a"  # JSON: the account, and the small pictures of a preview
DONE = b"e"  # the ZIP is whole

_LENGTHS = struct.Struct("<HQ")
_NAME = re.compile(r"scan-\d{1,6}/series-\d{1,6}/\d{4,8}\.dcm")
MOST_PAIRS = 12
"""Small pictures that a preview has from before, and from after."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One picture before and after, for the patient's own eyes."""

    before: Thumbnail
    after: Thumbnail


def pack_choice(choice: Choice, wanted: Wanted) -> bytes:
    """What was chosen, as the body of FINISH."""
    return json.dumps(
        {
            "preset": choice.preset,
            "face": choice.face,
            "person": choice.person,
            "wanted": wanted,
        }
    ).encode()


def unpack_choice(body: bytes) -> tuple[Choice, Wanted]:
    """What ``pack_choice`` packed."""
    table = json.loads(body)
    choice = Choice(Preset(table["preset"]), FaceChoice(table["face"]), table["person"])
    return choice, Wanted(table["wanted"])


def pack_file(file: Cleaned) -> bytes:
    """One file of the copy behind its name, both behind their lengths."""
    name = file.name.encode()
    return _LENGTHS.pack(len(name), len(file.data)) + name + file.data


def unpack_files(pieces: Iterable[bytes]) -> Iterator[Cleaned]:
    """What ``pack_file`` packed, in pieces of any length.

    Raises ``ValueError`` for anything else, and for a name that no copy has: a file is written
    under it.
    """
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= _LENGTHS.size:
            of_name, of_data = _LENGTHS.unpack_from(held)
            start = _LENGTHS.size + of_name
            if len(held) < start + of_data:
                break
            name = held[_LENGTHS.size : start].decode()
            if not _NAME.fullmatch(name):
                raise ValueError("not a name of ours")
            yield Cleaned(name, bytes(held[start : start + of_data]))
            del held[: start + of_data]
    if held:
        raise ValueError("cut short")


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
