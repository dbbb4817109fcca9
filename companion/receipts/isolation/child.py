"""The processes that make receipts and compare: a fork server, and one child for each upload.

The child may write no file and reaches no network, and all it saw is gone when it ends.
Compressed pictures are decoded in yet another process, which a hostile one may end.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import groupby
from typing import Any

from companion.receipts import (
    Receipt,
    ReceiptError,
    WhyNot,
    compare,
    make_receipt,
    read_receipt,
)
from companion.receipts.isolation import protocol as own
from companion.receipts.isolation.protocol import Part, Refusal, RefusedError
from companion.receipts.making import Decode
from companion.receipts.receipt import MOST_BYTES
from companion.receipts.summing import Compared, summarise
from companion.scans import assess
from companion.scans.inspection import Entry
from companion.scans.isolation import children, forkserver, protocol, seccomp
from companion.scans.limits import Limits

_DECODE_MEMORY = 400 * 1024 * 1024
_DECODE_SECONDS = 2.5
"""A little more than ``decoding`` gives itself for the pictures of one file."""


def main() -> None:
    """Wait for requests, each with the pipes of a child, and fork."""
    children.quiet()
    seccomp.take_network_away()
    assess.prepare()
    decode = _decoder()

    def serve(source: int, answers: int) -> None:
        _serve(source, answers, decode)

    children.fork_for_each_request(serve)


def _decoder() -> Any:
    """What takes the points of compressed pictures, loaded; None where it is not installed."""
    try:
        from companion.receipts.decoding import points_of
    except ImportError:
        return None
    return points_of


def _serve(source: int, answers: int, points_of: Any) -> None:
    """Take the files of one upload and answer with what came of them."""
    try:
        stream = io.BufferedReader(io.FileIO(source), 1 << 20)
        kind, body = forkserver.next_message(stream)
        if kind != protocol.SET_UP:
            return
        settings = json.loads(body)
        children.confine_beyond_loaded(settings["memory"], settings["seconds"])
        os.set_blocking(answers, False)
        work = _Work(settings, forkserver.Told(answers), points_of)
        answer = work.answer(forkserver.entries(stream))
    except BaseException as error:  # noqa: BLE001 - the parent has to know of anything
        answer = protocol.message(protocol.FAILED, json.dumps(children.place_of(error)).encode())
    os.set_blocking(answers, True)
    with suppress(OSError), open(answers, "wb") as pipe:
        pipe.write(answer)


class _Work:
    def __init__(self, settings: dict[str, Any], told: forkserver.Told, points_of: Any) -> None:
        self._limits = Limits(**settings["limits"])
        self._today = date.fromisoformat(settings["today"])
        self._compares = bool(settings["compares"])
        self._told = told
        self._decode = _isolated(points_of) if points_of is not None else None
        self._found: dict[Part, Receipt] = {}

    def answer(self, entries: Iterator[Entry]) -> bytes:
        """The message to the parent: a receipt, a comparison, or why there is none."""
        try:
            # The form sends each part as a whole; only one file is ever in memory.
            for part, files in groupby(entries, lambda entry: own.part_of(entry.name)[0]):
                self._take(part, (Entry(own.part_of(one.name)[1], one.chunks) for one in files))
            if not self._compares:
                return protocol.message(own.MADE, own.pack_made(self._of(Part.NEW)))
            old = self._found.get(Part.RECEIPT) or self._of(Part.OLD)
            new = self._of(Part.NEW)
        except (RefusedError, ReceiptError) as refused:
            return protocol.message(own.REFUSED, json.dumps(refused.why).encode())
        summary = summarise(compare(old, new))
        compared = Compared(
            summary, new.signatures, new.traces, from_receipt=Part.RECEIPT in self._found
        )
        return protocol.message(own.COMPARED, own.pack_compared(compared))

    def _of(self, part: Part) -> Receipt:
        found = self._found.get(part)
        # An archive with nothing in it is nothing, too: no receipt, and not "all the same".
        if found is None or not (found.files or found.not_read):
            raise RefusedError(Refusal.NOTHING_NEW if part is Part.NEW else Refusal.NOTHING_OLD)
        return found

    def _take(self, part: Part, entries: Iterator[Entry]) -> None:
        if part in self._found:
            raise ReceiptError(WhyNot.DAMAGED)  # no form of ours sends a part twice
        if part is Part.RECEIPT:
            self._found[part] = read_receipt(_whole(next(entries)))
            return
        self._found[part] = make_receipt(
            entries,
            made_on=self._today,
            limits=self._limits,
            decode=self._decode,
            # With a receipt there is nothing to hold the new files' details against.
            details=self._compares and Part.RECEIPT not in self._found,
            on_progress=self._told.tell,
        )


def _whole(entry: Entry) -> bytes:
    """The bytes of a receipt. Raises ``ReceiptError`` where it is too large to be one."""
    data = bytearray()
    for chunk in entry.chunks:
        data += chunk
        if len(data) > MOST_BYTES:
            raise ReceiptError(WhyNot.TOO_LARGE)
    return bytes(data)


def _isolated(points_of: Any) -> Decode:
    isolate = forkserver.Isolation(_DECODE_SECONDS, _DECODE_MEMORY)

    def decode(data: bytes) -> str:
        return isolate(points_of, data) or ""

    return decode
