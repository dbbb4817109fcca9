"""The parent's side: the files go in, a receipt or a comparison comes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from companion.receipts.isolation import protocol as own
from companion.receipts.isolation.protocol import RefusedError
from companion.receipts.receipt import Receipt
from companion.receipts.summing import Compared
from companion.scans.isolation import protocol, sandbox
from companion.scans.isolation.reasons import Reason
from companion.scans.isolation.servers import ChildStoppedError, ForkServer
from companion.scans.limits import Limits

_SERVER = ForkServer("companion.receipts.isolation.child")
_Answer = TypeVar("_Answer")


class ReceiptSandbox(sandbox.Sandbox):
    """One receipt or one comparison in a child process.

    First the files, as with every ``Sandbox``, their names by ``protocol.name_of``; then
    ``made`` or ``compared``. All raise ``SandboxError``.
    """

    _server = _SERVER

    def __init__(self, limits: Limits, *, today: date, compares: bool, **settings: Any) -> None:
        """``compares``: there is an old part, too; ``today`` is the day on the receipt."""
        told = {"today": today.isoformat(), "compares": compares}
        super().__init__(limits, more_settings=told, **settings)

    def made(self) -> Receipt:
        """The receipt of the new files. Raises ``RefusedError`` where there are none."""
        return self._answered(own.MADE, own.unpack_made)

    def compared(self) -> Compared:
        """What changed. Raises ``RefusedError``: an old receipt may be none."""
        return self._answered(own.COMPARED, own.unpack_compared)

    def _answered(self, wanted: bytes, unpack: Callable[[bytes], _Answer]) -> _Answer:
        self._send(protocol.message(protocol.FINISH))
        self._wait_while(lambda: self._answer is None)
        assert self._answer is not None  # noqa: S101 - narrows the type
        kind, body = self._answer
        try:
            if kind == own.REFUSED:
                raise RefusedError(own.unpack_refused(body))
            if kind == wanted:
                return unpack(body)
        except ValueError:
            raise ChildStoppedError(Reason.NO_REPORT) from None
        raise ChildStoppedError(sandbox.where(body))


def warm() -> None:
    """Start the fork server, if it is not running yet."""
    _SERVER.warm()
