"""The signatures of a set, equal ones counted as one."""

from __future__ import annotations

from dataclasses import replace

from companion.receipts.elements import File
from companion.receipts.signatures import SignatureCheck, check_signatures

MOST_CHECKS = 200
"""Different signatures that are told of one set."""


class Signing:
    """Gathers the signatures of a set's files."""

    def __init__(self) -> None:
        self._found: dict[SignatureCheck, tuple[SignatureCheck, int]] = {}

    def take(self, file: File, name: str) -> None:
        """Check the signatures of one file."""
        for one in check_signatures(file.dataset, file.syntax):
            # The second at which each slice was signed makes no two signers.
            key = replace(one, signed_on=one.signed_on[:8])
            first, files = self._found.get(key, (replace(one, example=name), 0))
            if files or len(self._found) < MOST_CHECKS:
                self._found[key] = first, files + 1

    def checks(self) -> tuple[SignatureCheck, ...]:
        """All of them, in the order in which they were met."""
        return tuple(replace(first, files=files) for first, files in self._found.values())
