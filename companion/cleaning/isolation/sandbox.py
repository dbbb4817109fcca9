"""The parent's side of a cleaning: the files go in, the ZIP comes out as it is made.

The parent holds no file, neither of what came nor of the copy. Where the one who takes the
copy is slow, the child waits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from companion.cleaning import Account, Choice, Cleaned, saved_account
from companion.cleaning.isolation import protocol as own
from companion.cleaning.isolation.protocol import Pair, Wanted
from companion.scans.isolation import protocol, sandbox
from companion.scans.isolation.reasons import Reason
from companion.scans.isolation.servers import ChildStoppedError, ForkServer

_SERVER = ForkServer("companion.cleaning.isolation.child")


class CleaningSandbox(sandbox.Sandbox):
    """One cleaning in a child process.

    First the files, as with every ``Sandbox``; then ``clean``, and for a copy ``pieces``,
    ``account``, ``add`` and ``rest``, in this order; or ``files`` and ``account``. All raise
    ``SandboxError``.
    """

    _server = _SERVER

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        self._packed: deque[bytes] = deque()
        self._account: tuple[Account, tuple[Pair, ...]] | None = None
        self._done = False
        super().__init__(*arguments, **settings)

    def clean(self, choice: Choice, *, preview: bool) -> bool:
        """Clean what was given, and wait until the first of it is there.

        False where no file is going to come: in a preview, or because none could be made safe.
        """
        self._begin_with(choice, Wanted.PREVIEW if preview else Wanted.ZIP)
        self._wait_while(lambda: not self._packed and self._account is None)
        return bool(self._packed)

    def files(self, choice: Choice) -> Iterator[Cleaned]:
        """The files of a copy, one by one and without a ZIP; then ``account`` is there."""
        self._begin_with(choice, Wanted.FILES)
        try:
            yield from own.unpack_files(self.pieces())
        except ValueError:
            raise ChildStoppedError(Reason.NO_REPORT) from None

    def _begin_with(self, choice: Choice, wanted: Wanted) -> None:
        self._send(protocol.message(protocol.FINISH, own.pack_choice(choice, wanted)))

    def pieces(self) -> Iterator[bytes]:
        """The ZIP up to the last file of the copy, as it is made."""
        while True:
            while self._packed:
                yield self._packed.popleft()
            if self._account is not None:
                return
            self._wait_while(lambda: not self._packed and self._account is None)

    @property
    def account(self) -> tuple[Account, tuple[Pair, ...]]:
        """What was done, and in a preview the small pictures. Raises ``LookupError`` before the
        last of ``pieces``."""
        if self._account is None:
            raise LookupError("the copy is not made yet")
        return self._account

    def add(self, name: str, data: bytes) -> None:
        """A page that goes along in the ZIP."""
        self.begin(name)
        self.data(data)
        self.end()

    def rest(self) -> Iterator[bytes]:
        """The ZIP from there to its end."""
        self._send(protocol.message(protocol.FINISH))
        while True:
            while self._packed:
                yield self._packed.popleft()
            if self._done:
                return
            self._wait_while(lambda: not self._packed and not self._done)

    def _hear(self, kind: bytes, body: bytes) -> None:
        if kind == own.PACKED:
            self._packed.append(body)
        elif kind == own.ACCOUNT:
            try:
                table, pairs = own.unpack_account(body)
                self._account = saved_account.read(table), pairs
            except ValueError:
                raise ChildStoppedError(Reason.NO_REPORT) from None
        elif kind == own.DONE:
            self._done = True
        else:
            raise ChildStoppedError(sandbox.where(body))


def warm() -> None:
    """Start the fork server, if it is not running yet."""
    _SERVER.warm()
