"""Small uploaded files, held in memory up to a cap and never spooled to a disk.

``MemoryUploadHandler`` is the site's default (``FILE_UPLOAD_HANDLERS``): a report to open
again, saved answers, a group's logo. Scans take another way: see ``scans.uploads``.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest


class MemoryUploadHandler(FileUploadHandler):
    """Keeps small files in memory; more than the cap in total is refused."""

    chunk_size = 64 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        limits = settings.COMPANION_LIMITS
        self._room = max(limits["report_json_bytes"], limits["saved_answers_bytes"]) + 64 * 1024
        self._too_large = False
        self._file = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002
        self._room -= len(raw_data)
        if self._room < 0:
            self._too_large = True
            self._file = BytesIO()
        else:
            self._file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if self._too_large:
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
        # Only now has the body been read to its end, so that the browser shows the answer.
        if self._too_large:
            raise RequestDataTooBig("files larger than the cap")


class LenientUploadHandler(MemoryUploadHandler):
    """Drops a file that is too large, so that the rest of its form is still processed."""

    refused = False
    """A file was dropped."""

    def upload_complete(self) -> None:
        self.refused = self._too_large
