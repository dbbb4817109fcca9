"""A ZIP as it is written to somebody who is already taking it: no file of it, and never whole.

Each file stands in the local header with its size and sum, so that what reads a stream can
read it too. A day and a machine would tell of who made it: every entry has the same.
"""

from __future__ import annotations

import io
import zipfile

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest day that a ZIP can name."""
_LEVEL = 6


class ZipWriter:
    """Takes whole files, one at a time, and gives the bytes of the ZIP so far."""

    def __init__(self) -> None:
        self._window = _Window()
        self._zip = zipfile.ZipFile(self._window, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)

    def add(self, name: str, data: bytes) -> bytes:
        """One file more; the bytes that follow those given so far."""
        entry = zipfile.ZipInfo(name, _FIRST_DAY)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 0  # as from any machine
        entry.external_attr = 0
        self._zip.writestr(entry, data)
        return self._window.taken()

    def end(self) -> bytes:
        """The table of contents, which makes what was given a whole ZIP."""
        self._zip.close()
        return self._window.taken()


class _Window(io.RawIOBase):
    """The end of a file whose beginning was given away.

    ``zipfile`` goes back to the header of the entry that it has just written, and no further.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held = io.BytesIO()
        self._given = 0

    def taken(self) -> bytes:
        """What is held, which is then held no longer."""
        data = self._held.getvalue()
        self._given += len(data)
        self._held = io.BytesIO()
        return data

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._given + self._held.tell()

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or place < self._given:
            raise io.UnsupportedOperation("the beginning was given away")
        return self._given + self._held.seek(place - self._given)

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._held.write(data)
