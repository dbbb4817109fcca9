"""Uploads: in memory or passed on, never on a disk.

Two handlers. ``MemoryUploadHandler`` is the default for the few small files that pages
take (a report to open again, answers to carry on from): held in memory up to a cap.
``ScanUploadHandler`` holds nothing: each chunk of a scan goes to the child process that
inspects it, as it arrives.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

from companion.scans.findings import Report
from companion.scans.inspection import Entry
from companion.scans.isolation import sandbox
from companion.scans.limits import Limits

logger = logging.getLogger(__name__)

CODES = (
    "too-large", "too-many", "empty", "cut-off", "died", "busy", "timeout"
)  # fmt: skip
"""Codes of ``UploadError``; their words are on the page."""

_MAX_NAME = 1_000
_SILENCE_SECONDS = 60
"""How long a browser may send nothing before the upload counts as cut off."""
_STALL_SECONDS = 90
"""How long the child may take no bytes and say nothing."""
_FORM_BYTES = 16 * 1024 * 1024
"""What a form may be larger than the files in it: its fields, and a head for each file."""
_DRAIN_FACTOR = 4
"""An upload that is refused is read to its end, for else browsers show no page; one
that says it is this many times too large is not."""


class UploadError(Exception):
    """An upload without a report; ``code`` is one of ``CODES``. Nothing is kept."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def scan_limits() -> Limits:
    """The inspection's limits, from the settings."""
    limits = settings.COMPANION_LIMITS
    return Limits(
        files=limits["upload_files"],
        total_bytes=limits["upload_bytes"],
        entry_bytes=limits["file_bytes"],
        # The rest of a file's time is for documents in it, and for the findings.
        file_seconds=limits["file_seconds"] * 0.6,
    )


def inspect_upload(request: HttpRequest) -> Report:
    """Inspect the files of a multipart POST while they arrive. Raises ``UploadError``.

    Reads the request's body itself: nobody may have asked for ``request.POST`` before.
    The other fields of the form are in ``request.POST`` afterwards.
    """
    _limit_silence(request)
    inspection = _Inspection(scan_limits())
    try:
        with inspection.running():
            handler = ScanUploadHandler(request, inspection)
            if _declared(request) > inspection.limits.total_bytes + _FORM_BYTES:
                inspection.error = "too-large"
                raise UploadError("too-large")
            _receive(request, handler)
            return inspection.report()
    except UploadError:
        _drain(request, inspection)
        _parsed(request, QueryDict())
        raise


def inspect_entries(entries: Iterable[Entry]) -> Report:
    """Inspect entries that are at hand already, as an upload would be."""
    inspection = _Inspection(scan_limits())
    with inspection.running():
        for entry in entries:
            inspection.begin(entry.name)
            for chunk in entry.chunks:
                inspection.chunk(chunk)
            inspection.end()
        return inspection.report()


class MemoryUploadHandler(FileUploadHandler):
    """Keeps small files in memory; more than the cap in all is refused, never spooled."""

    chunk_size = 64 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        limits = settings.COMPANION_LIMITS
        self._room = max(limits["report_json_bytes"], limits["carry_file_bytes"]) + 64 * 1024
        self._too_big = False
        self._file = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002
        self._room -= len(raw_data)
        if self._room < 0:
            self._too_big = True
            self._file = BytesIO()
        else:
            self._file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if self._too_big:
            return None
        self._file.seek(0)
        return InMemoryUploadedFile(
            file=self._file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_complete(self) -> None:
        # Only now: the body has been read to its end, so the browser shows the page.
        if self._too_big:
            raise RequestDataTooBig("files larger than the cap")


class ScanUploadHandler(FileUploadHandler):
    """Passes each file's chunks on to the inspection; keeps nothing."""

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest, inspection: _Inspection) -> None:
        super().__init__(request)
        self.inspection = inspection
        self._number = 0
        self.fields: Callable[[], QueryDict] = QueryDict
        self._paths: list[str] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self._paths is None:
            self._paths = _paths(self.fields().get("paths", ""))
        name = self.file_name or ""
        if self._number < len(self._paths):
            name = self._paths[self._number] or name
        self._number += 1
        self.inspection.begin(name[:_MAX_NAME])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002
        self.inspection.chunk(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:  # noqa: ARG002
        self.inspection.end()
        return None

    def upload_interrupted(self) -> None:
        self.inspection.cut_off = True


class _Inspection:
    """One upload on its way to one child; after an error it swallows what still comes."""

    _free: threading.BoundedSemaphore | None = None
    _lock = threading.Lock()

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.error = ""
        self.cut_off = False
        self._files = 0
        self._bytes = 0
        self._deadline = time.monotonic() + settings.COMPANION_LIMITS["upload_seconds"]
        self._sandbox: sandbox.Sandbox | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold one of the few places for inspections, and end the child whatever happens."""
        places = self._places()
        if not places.acquire(timeout=settings.COMPANION_LIMITS["wait_seconds"]):
            raise UploadError("busy")
        try:
            yield
        finally:
            if self._sandbox is not None:
                self._sandbox.close()
            places.release()

    def begin(self, name: str) -> None:
        self._files += 1
        if self._files > self.limits.files:
            self.error = self.error or "too-many"
        self._tell(lambda box: box.begin(name))

    def chunk(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._bytes > self.limits.total_bytes:
            self.error = self.error or "too-large"
        if time.monotonic() > self._deadline:
            self.error = self.error or "timeout"
            raise StopUpload(connection_reset=True)
        self._tell(lambda box: box.data(data))

    def end(self) -> None:
        self._tell(lambda box: box.end())

    def report(self) -> Report:
        """The report; raises ``UploadError``."""
        if not self.error and self.cut_off:
            self.error = "cut-off"
        if not self.error and not self._files:
            self.error = "empty"
        report = None if self.error else self._tell(lambda box: box.finish())
        if report is None:
            raise UploadError(self.error)
        return report

    def _tell(self, say: Callable[[sandbox.Sandbox], Report | None]) -> Report | None:
        """Say something to the child; an error of it is kept for the end."""
        if self.error:
            return None
        try:
            if self._sandbox is None:
                self._sandbox = sandbox.Sandbox(
                    self.limits,
                    memory=settings.COMPANION_LIMITS["inspection_memory"],
                    stall_seconds=_STALL_SECONDS,
                )
            return say(self._sandbox)
        except sandbox.TimedOutError:
            self.error = "timeout"
        except sandbox.ChildStoppedError as error:
            self.error = "died"
            logger.error("An inspection stopped", extra={"where": error.where})
        if self._sandbox is not None:
            self._sandbox.close()
        return None

    @classmethod
    def _places(cls) -> threading.BoundedSemaphore:
        with cls._lock:
            if cls._free is None:
                at_once = settings.COMPANION_LIMITS["inspections_at_once"]
                cls._free = threading.BoundedSemaphore(at_once)
            return cls._free


class _FolderParser(MultiPartParser):
    """Django's parser, but a file keeps the folders in its name: they are shown only."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        name = file_name.replace("\0", "").strip("/")
        return None if name in {"", ".", ".."} else name

    def fields(self) -> QueryDict:
        """The form's fields that came so far."""
        return self._post  # type: ignore[attr-defined, no-any-return]


class _Counted:
    """The request's body, counted, so that a body that ends early is noticed."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.read_bytes = 0

    def read(self, size: int | None = None) -> bytes:
        data = self._request.read(-1 if size is None else size)
        self.read_bytes += len(data)
        return data


def _receive(request: HttpRequest, handler: ScanUploadHandler) -> None:
    """Parse the body, the files going through ``handler``, and set ``request.POST``."""
    inspection = handler.inspection
    body = _Counted(request)
    fields: QueryDict = QueryDict(encoding=request.encoding)
    try:
        parser = _FolderParser(request.META, body, [handler], request.encoding)  # type: ignore[arg-type]
        handler.fields = parser.fields
        fields, _ = parser.parse()
    except MultiPartParserError:
        inspection.error = inspection.error or ("cut-off" if _declared(request) else "empty")
    except (UnreadablePostError, OSError):
        inspection.error = inspection.error or "cut-off"
    except SuspiciousOperation:  # too many files or fields, or fields too large
        inspection.error = inspection.error or "too-many"
    else:
        if body.read_bytes < _declared(request) and inspection.error != "timeout":
            inspection.cut_off = True
    _parsed(request, fields)


def _parsed(request: HttpRequest, fields: QueryDict) -> None:
    """Set what Django itself sets after parsing; there is no public way to hand it over."""
    if not hasattr(request, "_post"):
        request._post = fields  # type: ignore[attr-defined]
        request._files = MultiValueDict()  # type: ignore[attr-defined]


def _drain(request: HttpRequest, inspection: _Inspection) -> None:
    """Read a refused body to its end, in bounded pieces: else the page may not arrive."""
    if inspection.error in {"timeout", "cut-off"}:
        return
    if _declared(request) > _DRAIN_FACTOR * inspection.limits.total_bytes:
        return
    deadline = time.monotonic() + settings.COMPANION_LIMITS["upload_seconds"]
    with suppress(OSError, UnreadablePostError):
        while request.read(ScanUploadHandler.chunk_size) and time.monotonic() < deadline:
            pass


def _limit_silence(request: HttpRequest) -> None:
    """A browser that goes silent must not hold a thread for ever."""
    connection = request.META.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):
            connection.settimeout(_SILENCE_SECONDS)


def _declared(request: HttpRequest) -> int:
    """The length of the body as the browser says; 0 where it does not."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _paths(text: str) -> list[str]:
    """The folder paths that a script sent beside the files, in their order."""
    try:
        paths = json.loads(text) if text else []
    except ValueError:
        return []
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        return []
    return paths[: settings.DATA_UPLOAD_MAX_NUMBER_FILES]
