"""Files on their way to the child that makes receipts and compares."""

from __future__ import annotations

import threading

from django.conf import settings
from django.http import HttpRequest

from companion import clock
from companion.receipts import Receipt, WhyNot
from companion.receipts.isolation.protocol import Part, RefusedError, name_of
from companion.receipts.isolation.sandbox import ReceiptSandbox
from companion.receipts.summing import Compared
from companion.scans.limits import Limits
from companion.web import counts
from companion.web.scans import uploads

_PARTS = {"receipt": Part.RECEIPT, "old": Part.OLD}
"""Field of a form -> what its files are; those of any other field are the new ones."""


def receipt_of(request: HttpRequest) -> Receipt:
    """The receipt of the files of a POST. Raises ``UploadError``."""
    upload = _Upload(uploads.scan_limits(), compares=False)
    result = _sent(request, upload)
    if not isinstance(result, Receipt):
        raise uploads.UploadError(_why(result))
    return result


def comparison_of(request: HttpRequest) -> Compared:
    """What changed between the parts of a POST. Raises ``UploadError``; its code may also be a
    ``Refusal`` or a ``WhyNot``."""
    upload = _Upload(uploads.scan_limits(), compares=True)
    result = _sent(request, upload)
    if not isinstance(result, Compared):
        raise uploads.UploadError(_why(result))
    return result


_Result = Receipt | Compared | RefusedError


def _sent(request: HttpRequest, upload: _Upload) -> _Result:
    uploads.limit_silence(request)
    try:
        with upload.running():
            uploads.receive(request, upload)
            return upload.result()
    except uploads.UploadError:
        uploads.refuse(request, upload)
        raise


def _why(result: _Result) -> str:
    if not isinstance(result, RefusedError):
        return "died"
    # An upload that is too large has words of its own.
    return "receipt-too-large" if result.why is WhyNot.TOO_LARGE else result.why.value


class _Upload(uploads.Upload[ReceiptSandbox]):
    """An upload of which fingerprints are taken."""

    use = counts.Use.RECEIPT
    at_once = "inspections_at_once"

    def __init__(self, limits: Limits, *, compares: bool) -> None:
        super().__init__(limits)
        self._compares = compares

    def begin(self, name: str) -> None:
        super().begin(name_of(_PARTS.get(self.field, Part.NEW), name))

    def result(self) -> _Result:
        """What the child says. Raises ``UploadError``."""
        return self.whole(self._ask)

    def _ask(self, box: ReceiptSandbox) -> _Result:
        try:
            return box.compared() if self._compares else box.made()
        except RefusedError as refused:
            return refused

    @classmethod
    def _slots(cls) -> threading.BoundedSemaphore:
        """It takes as much memory as an inspection, and shares the places of those."""
        return uploads.Inspection._slots()

    def _make(self) -> ReceiptSandbox:
        return ReceiptSandbox(
            self.limits,
            today=clock.today(),
            compares=self._compares,
            memory=settings.COMPANION_LIMITS["inspection_memory"],
            stall_seconds=uploads.STALL_SECONDS,
        )
