"""``manage.py inspect PATH... [--json]``: what the page shows, on the command line."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from companion.content import identifiers
from companion.scans.findings import FileRecord, Finding, Kind, Report, Status
from companion.scans.inspection import Progress
from companion.scans.isolation import sandbox
from companion.scans.limits import Limits
from companion.web.management.plain import PlainCommand, WrongInputError, printable
from companion.web.scans.uploads import lookers, scan_limits

PARTLY_READ = 3
"""Exit code where a part could not be read; 0 when all was, 2 on wrong usage."""
_MOST_NOT_READ = 50


class Command(PlainCommand):
    help = "Show every identifier in scans: files, folders and ZIPs. Exit 3: not all was read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, folder or ZIP")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument(
            "--no-pictures", action="store_true", help="do not look at the pictures themselves"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal that lacks a character gets its number, not a traceback.
            sys.stdout.reconfigure(errors="backslashreplace")
        found = Found.of(options["paths"])
        try:
            report = self._inspect(found, pictures=not options["no_pictures"])
        except sandbox.TimedOutError:
            self.stderr.write("Reading took too long and was stopped.")
            sys.exit(PARTLY_READ)
        except sandbox.ChildStoppedError as error:
            self.stderr.write(f"Reading stopped: {error.where}.")
            sys.exit(PARTLY_READ)
        report = replace(report, files=(*report.files, *found.unread))
        if options["json"]:
            self.stdout.write(_json(report))
        else:
            for line in _table(report):
                self.stdout.write(line)
        self.stdout.flush()
        if any(record.status != "read" for record in report.files):
            sys.exit(PARTLY_READ)

    def _inspect(self, found: Found, *, pictures: bool) -> Report:
        bar = Bar(found.size)
        memory = settings.COMPANION_LIMITS["inspection_memory"]
        with sandbox.Sandbox(
            found.limits,
            memory=memory,
            on_progress=bar.show,
            lookers=lookers() if pictures else None,
        ) as box:
            try:
                for name, path in found.files:
                    box.path(name, path)
                return box.finish()
            finally:
                bar.clear()


class Bar:
    """A progress bar on standard error, where that is a terminal."""

    def __init__(self, total: int) -> None:
        self._total = max(total, 1)
        self._on = sys.stderr.isatty()

    def show(self, progress: Progress) -> None:
        if not self._on:
            return
        part = min(progress.read / self._total, 1)
        filled = round(part * 30)
        bar = "#" * filled + "." * (30 - filled)
        words = f"{progress.files} files, {progress.read / 1_000_000:.0f} MB"
        sys.stderr.write(f"\r[{bar}] {part:4.0%}  {words} ")
        sys.stderr.flush()

    def clear(self) -> None:
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


class Found:
    """Every file under the given paths, with the name that the report shows."""

    def __init__(self) -> None:
        self.files: list[tuple[str, Path]] = []
        self.unread: list[FileRecord] = []
        """What is there and is not read, each with its reason."""

    @classmethod
    def of(cls, paths: list[str]) -> Found:
        """What is under paths that a person typed. Raises ``WrongInputError``."""
        for path in paths:
            if not path:
                raise WrongInputError("an empty name stands for no file")
            if not os.path.lexists(path):
                raise WrongInputError(f"{printable(path)}: there is no such file")
        found = cls()
        for path in paths:
            found.take(Path(path))
        if not found.files and not found.unread:
            raise WrongInputError("there is no file in it")
        return found

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(_size(path) for _, path in self.files)

    @property
    def limits(self) -> Limits:
        """Those of an upload, but a whole disc is one set, however large.

        It comes from this machine and is held nowhere; what ZIPs unpack to has its own limit.
        """
        limits = scan_limits()
        return replace(limits, total_bytes=max(limits.total_bytes, self.size))

    def take(self, path: Path) -> None:
        """Note a file, or every file in a folder."""
        name = path.name if path.name not in ("", "..") else path.resolve().name
        if not path.is_dir():
            self._file(name, path)
            return

        def refused(error: OSError) -> None:
            self._not_read(_under(name, path, Path(error.filename)), "cannot-open")

        for folder, folders, names in os.walk(path, onerror=refused):
            folders.sort()
            for one in folders:
                inner = Path(folder) / one
                if inner.is_symlink():
                    self._not_read(_under(name, path, inner), "folder-link")
            for one in sorted(names):
                file = Path(folder) / one
                self._file(_under(name, path, file), file)

    def _file(self, name: str, path: Path) -> None:
        if path.is_file():
            self.files.append((_shown(name), path))
        else:
            # A pipe would be waited for without an end.
            self._not_read(name, "no-ordinary-file" if path.exists() else "broken-link")

    def _not_read(self, name: str, note: str) -> None:
        self.unread.append(FileRecord(_shown(name), Kind.OTHER, Status.NOT_READ, "", (note,)))


def _under(name: str, root: Path, path: Path) -> str:
    return str(Path(name) / path.relative_to(root))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _shown(name: str) -> str:
    """A file's name as text: bytes in it that are no text are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def _json(report: Report) -> str:
    """The report as JSON; escaped where standard output has no Unicode."""
    escaped = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    return json.dumps(report.to_json(), ensure_ascii=escaped, indent=1)


def _table(report: Report) -> Iterator[str]:
    """The report as lines for people."""
    width = max(60, shutil.get_terminal_size((100, 24)).columns)
    read = sum(record.status == "read" for record in report.files)
    yield f"{len(report.files)} files, {read} read in full. Checked against {report.edition}."
    frames = sum(record.frames for record in report.files)
    looked_at = sum(record.frames_looked_at for record in report.files)
    if looked_at:
        yield f"{looked_at} of {frames} pictures were looked at."
    else:
        yield "The pictures themselves were not looked at."
    unread = [record for record in report.files if record.status != "read"]
    sentences = identifiers.notes("en")
    for record in unread[:_MOST_NOT_READ]:
        reasons = " ".join(sentences.get(note, note) for note in record.notes)
        yield f"  {record.status}: {printable(record.name)}: {reasons}"
    if len(unread) > _MOST_NOT_READ:
        yield f"  ... and {len(unread) - _MOST_NOT_READ} more that were not read in full"
    words = identifiers.words("en")
    group = ""
    for finding in report.findings:
        if finding.group != group:
            group = finding.group
            yield ""
            yield group.upper().replace("-", " ")
        yield f"  {words[finding.rule].title}"
        yield f"    {_where(finding)}"
        shown = ", ".join(printable(value) for value in finding.values[:5])
        more = f" (and {finding.distinct - 5} more)" if finding.distinct > 5 else ""
        yield f"    {shown[: width - 4 - len(more)]}{more}"


def _where(finding: Finding) -> str:
    place = f"{finding.name} ({finding.tag})" if finding.tag else finding.name
    files = "1 file" if finding.files == 1 else f"{finding.files} files"
    letter = f", HIPAA {finding.hipaa}" if finding.hipaa else ""
    return f"{finding.certainty}, {finding.place}: {place}, {files}{letter}"
