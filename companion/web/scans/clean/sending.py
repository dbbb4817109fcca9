"""A cleaning by sending: the files go to its child as they arrive, the ZIP comes out of it.

Nothing of either is here. One cleaning occupies its place from the first byte that arrives to
the last that leaves, because its child holds the originals until then.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from django.conf import settings
from django.http import HttpRequest, QueryDict

from companion.cleaning import Account, Choice
from companion.cleaning.isolation.protocol import Pair
from companion.cleaning.isolation.sandbox import CleaningSandbox
from companion.scans.isolation.sandbox import SandboxError
from companion.scans.limits import Limits
from companion.web import counts
from companion.web.scans import uploads

logger = logging.getLogger(__name__)

Pages = Callable[[Account], Iterable[tuple[str, bytes]]]
"""What goes along in the ZIP, by name, made of the account of the copy."""


class CleaningUpload(uploads.Upload[CleaningSandbox]):
    """An upload of which a copy is made."""

    use = counts.Use.COPY
    at_once = "cleanings_at_once"

    def clean(self, choice: Choice, *, preview: bool) -> bool:
        """As ``CleaningSandbox.clean``; raises ``UploadError``."""
        return self.whole(lambda box: box.clean(choice, preview=preview))

    @property
    def box(self) -> CleaningSandbox:
        """The child, once something arrived."""
        assert self._sandbox is not None  # noqa: S101 - narrows the type
        return self._sandbox

    def _make(self) -> CleaningSandbox:
        limits = settings.COMPANION_LIMITS
        return CleaningSandbox(
            self.limits,
            memory=self.limits.total_bytes + limits["cleaning_memory"],
            cpu_seconds=limits["cleaning_seconds"],
            stall_seconds=uploads.STALL_SECONDS,
            lookers=uploads.lookers(),
        )


class Copy:
    """The ZIP of a copy, as the one who downloads it takes it; ``close`` ends all of it."""

    def __init__(self, upload: CleaningUpload, held: ExitStack, pages: Pages) -> None:
        self._upload = upload
        self._held = held
        self._pages = pages
        self._deadline = time.monotonic() + settings.COMPANION_LIMITS["upload_seconds"]

    def __iter__(self) -> Iterator[bytes]:
        """Breaks off where the child does: the half of a ZIP does not open as a whole one."""
        box = self._upload.box
        try:
            yield from self._in_time(box.pieces())
            account, _ = box.account
            for name, data in self._pages(account):
                box.add(name, data)
            yield from self._in_time(box.rest())
        except SandboxError as error:
            logger.error("A cleaning stopped", extra={"where": getattr(error, "where", "")})
            raise
        finally:
            self.close()

    def close(self) -> None:
        """End the child and make room for the next cleaning."""
        self._held.close()

    def _in_time(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            if time.monotonic() > self._deadline:
                raise TimeoutError
            yield piece


def cleaning_limits() -> Limits:
    """The limits of one cleaning: less than may be read, because all of it is held."""
    limits = settings.COMPANION_LIMITS
    most = min(limits["clean_bytes"], limits["upload_bytes"])
    return Limits(
        files=limits["upload_files"],
        total_bytes=most,
        entry_bytes=most,
        file_seconds=limits["file_seconds"] * 0.6,
    )


def begin(
    request: HttpRequest,
    choose: Callable[[QueryDict], tuple[Choice, bool]],
    pages: Pages,
) -> Copy | tuple[Account, tuple[Pair, ...]]:
    """Clean the files of a multipart POST.

    ``choose`` tells from the form's fields what was chosen, and whether it is for a preview.
    Returns the copy to be sent, or, in a preview and where there is nothing to send, its
    account and the small pictures. Raises ``UploadError``.
    """
    uploads.limit_silence(request)
    upload = CleaningUpload(cleaning_limits())
    with ExitStack() as held:
        try:
            held.enter_context(upload.running())
            uploads.receive(request, upload)
            choice, preview = choose(request.POST)
            if upload.clean(choice, preview=preview):
                return Copy(upload, held.pop_all(), pages)
            return upload.box.account
        except uploads.UploadError:
            uploads.refuse(request, upload)
            raise
