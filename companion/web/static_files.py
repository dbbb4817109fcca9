"""Static files as they are collected: hashed names, and each compressed once."""

from __future__ import annotations

from pathlib import Path

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
        copies = [copy for copy in (Path(f"{path}.br"), Path(f"{path}.gz")) if copy.exists()]
        if copies and all(copy.stat().st_mtime == made for copy in copies):
            return []
        compressed: list[str] = super().compress(path)
        return compressed


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage, compressing only what changed."""

    def create_compressor(self, **options: object) -> Compressor:
        return ChangedFilesCompressor(**options)
