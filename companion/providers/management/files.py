"""The files that an operator gives the commands of this package."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandError

from companion.providers import transfer


def import_bytes(file: Path) -> bytes:
    """A file to take in, whole; raises ``FileRefused`` where it is too large, and
    ``CommandError`` where it cannot be opened.
    """
    try:
        if file.stat().st_size > transfer.MAX_BYTES:
            raise transfer.FileRefused(["file: is too large"])
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file.name} cannot be opened.", returncode=2) from error
