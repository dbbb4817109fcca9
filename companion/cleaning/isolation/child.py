"""The processes that clean: a fork server, and one child for each set of files.

The child holds the originals in its memory, because they are read twice: to learn whose they
are and what stands in them, and to make the copy. It may write no file and reaches no network,
and all it saw is gone when it ends.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from companion.cleaning import Source
from companion.cleaning.door import clean
from companion.cleaning.isolation import protocol as own
from companion.cleaning.isolation.pairs import Pairs
from companion.cleaning.zip_writer import ZipWriter
from companion.scans import assess
from companion.scans.inspection import CutOff, Entry
from companion.scans.isolation import children, forkserver, protocol, seccomp
from companion.scans.limits import Limits

_PIECE = 1 << 20


def main() -> None:
    """Wait for requests, each with the pipes of a child, and fork."""
    children.quiet()
    seccomp.take_network_away()
    assess.prepare()
    children.fork_for_each_request(_serve)


def _serve(source: int, answers: int, looks: int = -1) -> None:
    """Take the files of one set and answer with their copy."""
    say = _Say(answers)
    try:
        stream = io.BufferedReader(io.FileIO(source), 1 << 20)
        kind, body = forkserver.next_message(stream)
        if kind != protocol.SET_UP:
            return
        settings = json.loads(body)
        children.confine(settings["memory"], settings["seconds"])
        _answer(stream, settings, looks, say)
    except BaseException as error:  # noqa: BLE001 - the parent has to know of anything
        with suppress(OSError):
            say.all(protocol.FAILED, json.dumps(children.place_of(error)).encode())


def _answer(stream: io.BufferedIOBase, settings: dict[str, Any], looks: int, say: _Say) -> None:
    told = forkserver.Told(say.descriptor)
    os.set_blocking(say.descriptor, False)
    finish = _Finish(stream)
    sources = [_held(entry) for entry in forkserver.entries(stream, finish)]
    choice, preview = own.unpack_choice(finish.body)
    cleaning = clean(
        sources,
        choice,
        Limits(**settings["limits"]),
        look=forkserver.hand_over(settings, looks, told.sign),
        on_progress=told.tell,
        isolate=forkserver.Isolation(),
    )
    pairs = Pairs(sources) if preview else None
    writer = ZipWriter()
    for cleaned in cleaning.files():
        if pairs is not None:
            pairs.take(cleaned)
            told.sign()
        else:
            say.all(own.PACKED, writer.add(cleaned.name, cleaned.data))
    found = pairs.found() if pairs is not None else ()
    say.all(own.ACCOUNT, own.pack_account(cleaning.account.to_json(), found))
    if preview or not cleaning.account.files_out:
        return
    for page in forkserver.entries(stream, finish):
        say.all(own.PACKED, writer.add(page.name, b"".join(page.chunks)))
    say.all(own.PACKED, writer.end())
    say.all(own.DONE, b"")
