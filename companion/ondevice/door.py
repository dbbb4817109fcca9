"""Where the worker's JavaScript comes in: its values become Python's, and nothing else.

A file's bytes come as a typed array, which Pyodide hands over as a proxy with ``to_bytes``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from companion.cleaning import Choice, FaceChoice, Preset
from companion.ondevice.session import Kept, Read, Session
from companion.receipts import ReceiptError
from companion.scans.inspection import Limits, OnProgress, Progress


def start(settings: str) -> Session:
    """A session; ``settings`` is a JSON object with ``language_code``, ``letter_place``
    and ``site``, as ``Session`` takes them."""
    given = json.loads(settings)
    return Session(given["language_code"], given["letter_place"], given["site"])


def read(
    session: Session,
    job: str,
    bytes_of: Callable[[int, int], Any],
    progress: Callable[[int, int], object],
) -> None:
    """Read files. ``job`` is a JSON object: ``names``, and the numbers of files ``given_up``.

    ``bytes_of(file, offset)`` gives a typed array, an empty one at the file's end, and
    ``undefined`` where the file cannot be read; ``progress(files, bytes)`` is told how far
    reading has come.
    """
    given = json.loads(job)
    session.read(
        given["names"],
        _reader(bytes_of),
        _teller(progress),
        hanging=given.get("given_up", ()),
        limits=Limits(**given.get("limits", {})),
    )


def restore(session: Session, kept: Any) -> None:
    """Go on with a report; ``kept`` is the typed array that ``Session.kept`` gave."""
    session.restore(bytes(kept.to_bytes()))


def clean(
    session: Session,
    job: str,
    bytes_of: Callable[[int, int], Any],
    progress: Callable[[int, int], object],
    take: Callable[[Any], object],
) -> int:
    """Make a copy to share. ``job`` as in ``read``, and ``preset``, ``face`` and ``language``;
    ``person`` where the files are several people's.

    ``take`` is given the ZIP piece by piece, each as a buffer that is its own. Returns how many
    files are in the copy; where that is 0, there is no ZIP.
    """
    given = json.loads(job)
    account = session.clean(
        given["names"],
        _reader(bytes_of),
        Choice(Preset(given["preset"]), FaceChoice(given["face"]), given.get("person", "")),
        take,
        _teller(progress),
        hanging=given.get("given_up", ()),
        limits=Limits(**given.get("limits", {})),
        language=given["language"],
    )
    return account.files_out


def receipt(
    session: Session,
    job: str,
    bytes_of: Callable[[int, int], Any],
    progress: Callable[[int, int], object],
) -> None:
    """Make a receipt. ``job`` as in ``read``, and ``today`` in ISO's form."""
    given = json.loads(job)
    session.receipt(
        given["names"],
        _reader(bytes_of),
        date.fromisoformat(given["today"]),
        _teller(progress),
        hanging=given.get("given_up", ()),
        limits=Limits(**given.get("limits", {})),
    )


def compare(
    session: Session,
    job: str,
    bytes_of: Callable[[int, int], Any],
    progress: Callable[[int, int], object],
) -> str:
    """Compare. ``job`` as in ``receipt``, and what was kept: the number of the ``receipt``, or
    those of the ``old`` files. Returns why there is no comparison, and ``""`` where there is."""
    given = json.loads(job)
    try:
        session.compare(
            given["names"],
            _reader(bytes_of),
            Kept(given.get("receipt"), tuple(given.get("old", ()))),
            date.fromisoformat(given["today"]),
            _teller(progress),
            hanging=given.get("given_up", ()),
            limits=Limits(**given.get("limits", {})),
        )
    except ReceiptError as error:
        return str(error.why)
    return ""


def _teller(progress: Callable[[int, int], object]) -> OnProgress:
    def tell(done: Progress) -> None:
        progress(done.files, done.read)

    return tell


def _reader(bytes_of: Callable[[int, int], Any]) -> Read:
    def read_from(number: int, offset: int) -> bytes:
        data = bytes_of(number, offset)
        if data is None:
            raise OSError
        return bytes(data.to_bytes())

    return read_from
