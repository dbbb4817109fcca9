"""The processes that clean: a fork server, and one child for each set of files.

The originals are read twice: to learn whose they are and what stands in them, and to make the
copy. So the child holds them in its memory; those of the command line it opens where they are.
It may write no file and reaches no network, and all it saw is gone when it ends.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import suppress

from companion.cleaning import PictureCleaner, Source, clean
from companion.cleaning.isolation import protocol as own
from companion.cleaning.zip_writer import ZipWriter
from companion.scans import assess
from companion.scans.inspection import Entry
from companion.scans.isolation import children, forkserver, protocol, seccomp
from companion.scans.isolation.hand_over import HandOver
from companion.scans.limits import Limits

try:
    from companion.cleaning.isolation.pairs import Pairs
    from companion.cleaning.picture_cleaner import PixelCleaner

    CAN_DECODE = True
except ImportError:  # a light installation, which looks at no pictures either
    CAN_DECODE = False

_PIECE = 1 << 20


def main() -> None:
    """Wait for requests, each with the pipes of a child, and fork."""
    children.quiet()
    seccomp.take_network_away()
    os.nice(10)  # everybody's pages come first, and letters
    assess.prepare()
    children.fork_for_each_request(_serve)


def _serve(source: int, answers: int, looks: int = -1) -> None:
    """Take the files of one set and answer with their copy."""
    child = _Child(answers)
    try:
        child.serve(io.BufferedReader(io.FileIO(source), 1 << 20), looks)
    except BaseException as error:  # noqa: BLE001 - the parent has to know of anything
        with suppress(OSError):
            child.say(protocol.FAILED, json.dumps(children.place_of(error)).encode())


class _Child:
    def __init__(self, answers: int) -> None:
        self._answers = answers
        self._finish = b""

    def serve(self, stream: io.BufferedIOBase, looks: int) -> None:
        """From the first message to the last."""
        kind, body = forkserver.next_message(stream)
        if kind != protocol.SET_UP:
            return
        settings = json.loads(body)
        children.confine_beyond_loaded(settings["memory"], settings["seconds"])
        sources = [_held(entry) for entry in forkserver.entries(stream, self._finished)]
        choice, wanted = own.unpack_choice(self._finish)
        os.set_blocking(self._answers, False)
        told = forkserver.Told(self._answers)
        look = forkserver.hand_over(settings, looks, told.sign, keep=True)
        pictures = _picture_cleaner(look)
        preview = wanted is own.Wanted.PREVIEW
        pairs = Pairs(pictures) if preview and pictures is not None else None
        cleaning = clean(
            sources,
            choice,
            Limits(**settings["limits"]),
            look=look,
            on_progress=told.tell,
            isolate=forkserver.Isolation(),
            pictures=pairs or pictures,
        )
        writer = ZipWriter()
        for cleaned in cleaning.files():
            if pairs is not None:
                pairs.take(cleaned)
            if wanted is own.Wanted.FILES:
                self.say(own.PACKED, own.pack_file(cleaned))
            elif wanted is own.Wanted.ZIP:
                self.say(own.PACKED, writer.add(cleaned.name, cleaned.data))
        account = cleaning.account
        found = pairs.found if pairs is not None else ()
        self.say(own.ACCOUNT, own.pack_account(account.to_json(), tuple(found)))
        if wanted is not own.Wanted.ZIP or not account.files_out:
            return
        for page in forkserver.entries(stream):
            self.say(own.PACKED, writer.add(page.name, b"".join(page.chunks)))
        self.say(own.PACKED, writer.end())
        self.say(own.DONE)

    def say(self, kind: bytes, body: bytes = b"") -> None:
        """A message of any length, in pieces; waits until the parent has taken it."""
        os.set_blocking(self._answers, True)
        view = memoryview(body)
        pieces = range(0, len(body), _PIECE) if kind == own.PACKED else (0,)
        for start in pieces:
            piece = view[start : start + _PIECE] if kind == own.PACKED else view
            self._write(protocol.HEAD.pack(kind, len(piece)))
            self._write(piece)
        os.set_blocking(self._answers, False)

    def _write(self, data: bytes | memoryview) -> None:
        with memoryview(data) as view:
            at = 0
            while at < len(view):
                at += os.write(self._answers, view[at:])

    def _finished(self, body: bytes) -> None:
        self._finish = body


def _picture_cleaner(look: HandOver | None) -> PictureCleaner | None:
    """What blacks words and takes faces away; None where nobody looks at pictures."""
    if look is None or look.why_not or not CAN_DECODE:
        return None
    return PixelCleaner(lambda: look)


def _held(entry: Entry) -> Source:
    """A file as a source that can be read again: in memory, unless it is on a disk already."""
    if isinstance(entry.chunks, forkserver.OnDisk):
        return Source(entry.name, entry.chunks.again)
    pieces = list(entry.chunks)

    def read() -> Iterator[bytes]:
        return iter(pieces)

    return Source(entry.name, read)
