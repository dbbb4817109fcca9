"""The upload of scans: streamed to the process that reads or cleans them, never to a disk.

``ScanUploadHandler`` holds nothing: it passes each chunk on as it arrives. The few small
files that other pages take go through ``web.memory_uploads``.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

from companion.scans.findings import Report
from companion.scans.inspection import Entry
from companion.scans.isolation import sandbox
from companion.scans.isolation.lookers import Lookers, installed
from companion.scans.limits import Limits
from companion.web import counts

logger = logging.getLogger(__name__)
_Box = TypeVar("_Box", bound=sandbox.Sandbox)
_Answer = TypeVar("_Answer")

CODES = (
    "too-large", "too-many", "empty", "cut-off", "died", "busy", "timeout"
)  # fmt: skip
"""Codes of ``UploadError``; the page has their words."""

_MAX_NAME = 1_000
_SILENCE_SECONDS = 60
"""How long a browser may send nothing before its upload counts as cut off."""
STALL_SECONDS = 90
"""How long the child may neither accept bytes nor report progress."""
_FORM_BYTES = 16 * 1024 * 1024
"""What a form may add to its files: its fields, and the headers of each file."""
_DRAIN_FACTOR = 4
"""A refused upload is read to its end, because browsers show no answer before that.
One that declares itself this many times too large is not read."""
_DEAD_SECONDS = 3
"""How long an upload is still read whose child has died. The front shows the answer also
without the rest, and on a slow line that would be minutes of a page that says it is sending."""


_OUTCOMES = {
    "busy": counts.Outcome.BUSY,
    "cut-off": counts.Outcome.CUT_OFF,
    "died": counts.Outcome.DIED,
    "timeout": counts.Outcome.TIMED_OUT,
}
"""Code of an ``UploadError`` -> as what it is counted; all others were refused."""


class UploadError(Exception):
    """An upload that led to no report; ``code`` is one of ``CODES``. Nothing is kept."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def scan_limits() -> Limits:
    """The limits of one inspection, from the settings."""
    limits = settings.COMPANION_LIMITS
    return Limits(
        files=limits["upload_files"],
        total_bytes=limits["upload_bytes"],
        entry_bytes=limits["file_bytes"],
        # The rest of a file's time is left for the documents in it and for its findings.
        file_seconds=limits["file_seconds"] * 0.6,
    )


@cache
def lookers() -> Lookers:
    """What looks at the pictures, with the limits of the settings."""
    limits = settings.COMPANION_LIMITS
    return Lookers(
        limits["pictures_at_once"] if limits["pictures"] else 0,
        wait_seconds=limits["pictures_wait_seconds"],
        memory=limits["pictures_memory"],
        cpu_seconds=limits["pictures_seconds"],
    )


def looks_at_pictures() -> bool:
    """Whether pictures that are sent are looked at here at all."""
    return bool(settings.COMPANION_LIMITS["pictures"]) and installed()


def inspect_upload(request: HttpRequest) -> Report:
    """Inspect the files of a multipart POST while they arrive. Raises ``UploadError``.

    Reads the request's body itself, so ``request.POST`` must not have been touched before;
    afterwards it holds the other fields of the form.
    """
    limit_silence(request)
    inspection = Inspection(scan_limits())
    try:
        with inspection.running():
            receive(request, inspection)
            return inspection.report()
    except UploadError:
        refuse(request, inspection)
        raise


def inspect_entries(entries: Iterable[Entry]) -> Report:
    """Inspect entries held in memory, exactly as an upload is inspected."""
    inspection = Inspection(scan_limits())
    inspection.counted = False
    with inspection.running():
        for entry in entries:
            inspection.begin(entry.name)
            for chunk in entry.chunks:
                inspection.chunk(chunk)
            inspection.end()
        return inspection.report()


class ScanUploadHandler(FileUploadHandler):
    """Passes the chunks of each file on to the inspection and keeps nothing."""

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest, inspection: Upload[Any]) -> None:
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
        self.inspection.field = self.field_name or ""
        self.inspection.begin(name[:_MAX_NAME])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002
        self.inspection.chunk(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:  # noqa: ARG002
        self.inspection.end()
        return None

    def upload_interrupted(self) -> None:
        self.inspection.cut_off = True


class Upload(Generic[_Box]):
    """One upload on its way to one child; after an error it discards what still arrives."""

    use: counts.Use
    at_once: str
    """The limit that says how many of the kind may be under way."""
    _free: threading.BoundedSemaphore | None = None
    _lock = threading.Lock()

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.error = ""
        self.cut_off = False
        self.counted = True
        """Whether a visitor has sent it; the made-up sample has nobody."""
        self.field = ""
        """Of the form: whose file has just begun."""
        self._files = 0
        self._bytes = 0
        self._deadline = time.monotonic() + settings.COMPANION_LIMITS["upload_seconds"]
        self._sandbox: _Box | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Occupy one of the few places, end the child whatever happens, and count the outcome."""
        slots = self._slots()
        if not slots.acquire(timeout=settings.COMPANION_LIMITS["wait_seconds"]):
            self._count(counts.Outcome.BUSY)
            raise UploadError("busy")
        outcome = counts.Outcome.DIED
        try:
            yield
            outcome = counts.Outcome.READ
        except UploadError as error:
            outcome = _OUTCOMES.get(error.code, counts.Outcome.REFUSED)
            raise
        finally:
            self._count(outcome)
            if self._sandbox is not None:
                self._sandbox.close()
            slots.release()

    def _count(self, outcome: counts.Outcome) -> None:
        if self.counted:
            counts.upload(self.use, outcome)

    def begin(self, name: str) -> None:
        self._files += 1
        if self._files > self.limits.files:
            self.error = self.error or "too-many"
        self._send(lambda box: box.begin(name))

    def chunk(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._bytes > self.limits.total_bytes:
            self.error = self.error or "too-large"
        if time.monotonic() > self._deadline:
            self.error = self.error or "timeout"
            raise StopUpload(connection_reset=True)
        self._send(lambda box: box.data(data))

    def end(self) -> None:
        self._send(lambda box: box.end())

    def whole(self, ask: Callable[[_Box], _Answer]) -> _Answer:
        """The child's answer on all that arrived. Raises ``UploadError`` where not all did."""
        if not self.error and self.cut_off:
            self.error = "cut-off"
        if not self.error and not self._files:
            self.error = "empty"
        answer = None if self.error else self._send(ask)
        if answer is None:
            raise UploadError(self.error)
        return answer

    def _make(self) -> _Box:
        """The child, when it is first needed. Raises ``SandboxError``."""
        raise NotImplementedError

    def _send(self, action: Callable[[_Box], _Answer]) -> _Answer | None:
        """Do something with the child; its error is remembered and raised at the end."""
        if self.error:
            return None
        try:
            if self._sandbox is None:
                self._sandbox = self._make()
            return action(self._sandbox)
        except sandbox.TimedOutError:
            self.error = "timeout"
        except sandbox.ChildStoppedError as error:
            self.error = "died"
            self._deadline = min(self._deadline, time.monotonic() + _DEAD_SECONDS)
            logger.error("An inspection stopped", extra={"where": error.where})
        if self._sandbox is not None:
            self._sandbox.close()
        return None

    @classmethod
    def _slots(cls) -> threading.BoundedSemaphore:
        with cls._lock:
            if cls._free is None:
                cls._free = threading.BoundedSemaphore(settings.COMPANION_LIMITS[cls.at_once])
            return cls._free


class Inspection(Upload[sandbox.Sandbox]):
    """An upload that is read for its report."""

    use = counts.Use.REPORT
    at_once = "inspections_at_once"

    def report(self) -> Report:
        """The report; raises ``UploadError``."""
        return self.whole(lambda box: box.finish())

    def _make(self) -> sandbox.Sandbox:
        return sandbox.Sandbox(
            self.limits,
            memory=settings.COMPANION_LIMITS["inspection_memory"],
            stall_seconds=STALL_SECONDS,
            lookers=lookers(),
        )


class _FolderParser(MultiPartParser):
    """Django's parser, except that file names keep their folders: they are only displayed."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        name = file_name.replace("\0", "").strip("/")
        return None if name in {"", ".", ".."} else name

    def fields(self) -> QueryDict:
        """The form's fields received so far."""
        return self._post  # type: ignore[attr-defined, no-any-return]


class _Counted:
    """The request's body with its bytes counted, to notice one that ends early."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.read_bytes = 0

    def read(self, size: int | None = None) -> bytes:
        data = self._request.read(-1 if size is None else size)
        self.read_bytes += len(data)
        return data


def receive(request: HttpRequest, inspection: Upload[Any]) -> None:
    """Parse the body, its files going to the child as they arrive, and set ``request.POST``.

    Raises ``UploadError`` for a body that is too large to begin with; for what else is wrong
    with it, the end of the inspection does.
    """
    handler = ScanUploadHandler(request, inspection)
    if _declared(request) > inspection.limits.total_bytes + _FORM_BYTES:
        inspection.error = "too-large"
        raise UploadError("too-large")
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
    """Set what Django sets after parsing a form; it offers no public way to do so."""
    if not hasattr(request, "_post"):
        request._post = fields  # type: ignore[attr-defined]
        request._files = MultiValueDict()  # type: ignore[attr-defined]


def refuse(request: HttpRequest, inspection: Upload[Any]) -> None:
    """Let go of an upload that leads to nothing, so that its answer arrives."""
    _drain(request, inspection)
    _parsed(request, QueryDict())


def _drain(request: HttpRequest, inspection: Upload[Any]) -> None:
    """Read a refused body to its end, piece by piece: otherwise the answer may get lost."""
    if inspection.error in {"timeout", "cut-off", "died"}:
        return
    if _declared(request) > _DRAIN_FACTOR * inspection.limits.total_bytes:
        return
    deadline = time.monotonic() + settings.COMPANION_LIMITS["upload_seconds"]
    with suppress(OSError, UnreadablePostError):
        while request.read(ScanUploadHandler.chunk_size) and time.monotonic() < deadline:
            pass


def limit_silence(request: HttpRequest) -> None:
    """Keep a browser that goes silent from holding a thread for ever."""
    connection = request.META.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):
            connection.settimeout(_SILENCE_SECONDS)


def _declared(request: HttpRequest) -> int:
    """The length of the body as the browser declares it; 0 if it does not."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _paths(text: str) -> list[str]:
    """The folder paths that our script sends along, in the order of the files."""
    try:
        paths = json.loads(text) if text else []
    except ValueError:
        return []
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        return []
    return paths[: settings.DATA_UPLOAD_MAX_NUMBER_FILES]
