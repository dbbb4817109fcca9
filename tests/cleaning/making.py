"""What the tests of cleaning share: made-up sets, cleaned in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from companion.cleaning import Account, Choice, Preset, Source, clean
from companion.scans.findings import Kind
from companion.scans.pictures import Looked, Seen

Files = Mapping[str, bytes] | Iterable[tuple[str, bytes]]


class NothingSeen:
    """A ``Look`` that looked at all pictures and saw neither words nor faces."""

    why_not = ""

    def __init__(self) -> None:
        self._numbers: list[int] = []

    def data(self, number: int, chunk: bytes) -> None:
        """Take no note of them."""

    def take(self, number: int, kind: Kind) -> None:
        """Say that it was looked at."""
        self._numbers.append(number)

    def drop(self, number: int) -> None:
        """Nothing is held."""

    def finish(self) -> Looked:
        """Each picture had one frame, and nothing on it."""
        return Looked(tuple(Seen(str(number), 1, 1) for number in self._numbers))


def make_sources(files: Files) -> list[Source]:
    """Files in memory, each in two pieces."""
    pairs = files.items() if isinstance(files, Mapping) else files
    return [
        Source(name, lambda data=data: iter([data[:300], data[300:]]))  # type: ignore[misc]
        for name, data in pairs
    ]


def make_copy(
    files: Files,
    preset: Preset = Preset.FOR_A_DOCTOR,
    *,
    looked: bool = True,
    person: str = "",
) -> tuple[dict[str, bytes], Account]:
    """The cleaned files by their new names, and the account."""
    cleaning = clean(
        make_sources(files), Choice(preset, person=person), look=NothingSeen() if looked else None
    )
    return {one.name: one.data for one in cleaning.files()}, cleaning.account
