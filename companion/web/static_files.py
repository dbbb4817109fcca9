"""Static files as they are collected: hashed names, and each compressed once."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ChangedFilesCompressor(Compressor):  # type: ignore[misc]  # WhiteNoise has no types
    """Leaves a file alone whose compressed copies were made from it.

    WhiteNoise compresses everything at each ``collectstatic``, which takes seconds for the
    fonts alone. It gives a compressed copy the modification time of the file it was made
    from, and gives it that last of all, so an interrupted copy never counts.
    """

    def compress(self, path: str) -> list[str]:
        made = Path(path).stat().st_mtime
        wanted = [f"{path}.br", f"{path}.gz"] if self.use_brotli else [f"{path}.gz"]
        if all(_modified(copy) == made for copy in wanted):
            return []
        # One that is not made anew now would be served with what the file held before.
        Path(f"{path}.br").unlink(missing_ok=True)
        compressed: list[str] = super().compress(path)
        return compressed


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage, compressing only what changed, and equal files once.

    Each file stands there twice, under its own name and its hashed one; for what the device
    loads (``companion.ondevice``) the second time would take a minute.
    """

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        equal: dict[str, list[str]] = {}
        for path in sorted(paths):
            with Path(self.path(path)).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest() + Path(path).suffix
            equal.setdefault(found, []).append(path)
        yield from super().compress_files([first for first, *_ in equal.values()])
        for first, *others in equal.values():
            for other in others:
                yield from self._copied(first, other)

    def _copied(self, first: str, other: str) -> Iterator[tuple[str, str]]:
        """Give one file the compressed copies of an equal one; as a compressor would, with the
        modification time of the file, set last of all."""
        times = Path(self.path(other)).stat()
        for ending in (".br", ".gz"):
            made, copy = Path(self.path(first) + ending), Path(self.path(other) + ending)
            if not made.exists():
                copy.unlink(missing_ok=True)
            elif not copy.exists() or copy.stat().st_mtime != times.st_mtime:
                shutil.copyfile(made, copy)
                os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
                yield other, other + ending

    def create_compressor(self, **options: object) -> Compressor:
        """Brotli takes a minute for what the device loads, and saves a third of it: worth it
        where it goes over a network."""
        return ChangedFilesCompressor(use_brotli=settings.PRODUCTION, **options)


def _modified(file: str) -> float | None:
    """When a file was changed; None where there is none."""
    try:
        return Path(file).stat().st_mtime
    except FileNotFoundError:
        return None
