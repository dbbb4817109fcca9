"""``manage.py receipt PATH... --out receipt.json``: fingerprints of scans, without a name."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from companion import clock
from companion.content import identifiers
from companion.receipts import NotRead, Receipt, make_receipt
from companion.receipts.code import code_svg
from companion.receipts.decoding import installed, points_of
from companion.scans.findings import Note
from companion.scans.inspection import CutOff, Entry
from companion.scans.isolation.forkserver import Isolation
from companion.web.management.commands.inspect import Found
from companion.web.management.plain import (
    PlainCommand,
    WrongInputError,
    printable,
    write_file,
)

NOT_ALL = 3
"""Exit code where a file could not be read or compared; 0 when all was, 2 on wrong usage."""
_HELD = 768 * 1024 * 1024
"""Bytes of one file that are held: more than a server does, which reads for many."""
_PIECE = 4 * 1024 * 1024
_DECODING_SECONDS = 60.0
_DECODING_MEMORY = 1024 * 1024 * 1024
_MOST_NAMED = 50


class Command(PlainCommand):
    help = (
        "Take the fingerprints of scans: files, folders and ZIPs. The receipt holds no name and "
        "no value, but the UIDs, by which a hospital can find the person. Exit 3: not all was "
        "read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, folder or ZIP")
        parser.add_argument("--out", required=True, metavar="FILE", help="where the receipt goes")
        parser.add_argument(
            "--code", metavar="FILE.svg", help="also write the QR code with the set's one hash"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        receipt = receipt_of(options["paths"])
        write_file(options["out"], json.dumps(receipt.to_json(), indent=1) + "\n")
        if options["code"]:
            write_file(options["code"], code_svg(receipt) + "\n")
        self.stdout.write(
            f"{len(receipt.files)} files, {receipt.scans} scans, {receipt.pictures} pictures."
        )
        self.stdout.write(f"The one hash of all files: {receipt.set_hash}")
        for line in lines_of_unread(receipt.unread):
            self.stdout.write(line)
        if receipt.not_read:
            sys.exit(NOT_ALL)


def receipt_of(paths: Iterable[str], *, details: bool = False) -> Receipt:
    """The receipt of files, folders and ZIPs on this machine. Raises ``WrongInputError``."""
    found = Found()
    for path in paths:
        if not path or not os.path.lexists(path):
            raise WrongInputError(f"{printable(path)!r}: there is no such file")
        found.take(Path(path))
    if not found.files and not found.unread:
        raise WrongInputError("there is no file in it")
    entries = (Entry(name, _chunks(path)) for name, path in found.files)
    with _decoder() as decode:
        receipt = make_receipt(
            entries,
            made_on=clock.today(),
            limits=found.limits,
            decode=decode,
            details=details,
            held_bytes=_HELD,
        )
    unread = tuple(NotRead(record.name, record.notes[0]) for record in found.unread)
    return Receipt(
        receipt.made_on,
        receipt.files,
        receipt.not_read + len(unread),
        unread=(*receipt.unread, *unread),
        signatures=receipt.signatures,
        traces=receipt.traces,
    )


def lines_of_unread(unread: tuple[NotRead, ...]) -> Iterator[str]:
    """What could not be read, and why, for people."""
    sentences = identifiers.notes("en")
    for one in unread[:_MOST_NAMED]:
        yield f"  not read: {printable(one.name)}: {sentences.get(one.note, one.note)}"
    if len(unread) > _MOST_NAMED:
        yield f"  ... and {len(unread) - _MOST_NAMED} more that were not read"


@contextmanager
def _decoder() -> Iterator[Callable[[bytes], str] | None]:
    """What decodes compressed pictures, in a process of its own; None where it is not there."""
    if not installed():
        yield None
        return
    isolation = Isolation(_DECODING_SECONDS, _DECODING_MEMORY, 2 * _DECODING_SECONDS)
    decode = partial(_decoded, isolation)
    try:
        yield decode
    finally:
        isolation.end()


def _decoded(isolation: Isolation, data: bytes) -> str:
    answer = isolation(points_of, data, _DECODING_SECONDS)
    return answer if isinstance(answer, str) else ""


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_PIECE):
                yield chunk
    except OSError:
        raise CutOff(Note.CANNOT_OPEN) from None
