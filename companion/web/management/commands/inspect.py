"""``manage.py inspect PATH... [--json]``: what the page shows, on the command line."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from companion.content import identifiers
from companion.scans import Progress, Report, sandbox
from companion.scans.findings import Finding
from companion.web.management.plain import PlainCommand, WrongInputError
from companion.web.uploads import scan_limits

PARTLY_READ = 3
"""Exit code where a part could not be read; 0 when all was, 2 on wrong usage."""
_MOST_NOT_READ = 50


class Command(PlainCommand):
    help = "Show every identifier in scans: files, folders and ZIPs. Exit 3: not all was read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, folder or ZIP")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [Path(path) for path in options["paths"]]
        for path in paths:
            if not path.exists():
                raise WrongInputError(f"{printable(str(path))}: there is no such file")
        files = list(_files(paths))
        if not files:
            raise WrongInputError("there is no file in it")
        try:
            report = self._inspect(files)
        except sandbox.TimedOutError:
            self.stderr.write("Reading took too long and was stopped.")
            sys.exit(PARTLY_READ)
        except sandbox.ChildStoppedError as error:
            self.stderr.write(f"Reading stopped: {error.where}.")
            sys.exit(PARTLY_READ)
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
        else:
            for line in _table(report):
                self.stdout.write(line)
        self.stdout.flush()
        if any(record.status != "read" for record in report.files):
            sys.exit(PARTLY_READ)

    def _inspect(self, files: list[tuple[str, Path]]) -> Report:
        bar = _Bar(sum(path.stat().st_size for _, path in files))
        memory = settings.COMPANION_LIMITS["inspection_memory"]
        with sandbox.Sandbox(scan_limits(), memory=memory, on_progress=bar.show) as box:
            try:
                for name, path in files:
                    box.path(name, path)
                return box.finish()
            finally:
                bar.clear()


class _Bar:
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


def _files(paths: list[Path]) -> Iterator[tuple[str, Path]]:
    """Every file under ``paths`` with the name that the report shows."""
    for path in paths:
        if not path.is_dir():
            yield _shown(path.resolve().name), path
            continue
        root = path.resolve()
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                file = Path(folder) / name
                if file.is_file():
                    yield _shown(str(Path(root.name) / file.relative_to(root))), file


def _shown(name: str) -> str:
    """A file's name as text: bytes in it that are no text are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def _table(report: Report) -> Iterator[str]:
    """The report as lines for people."""
    width = max(60, shutil.get_terminal_size((100, 24)).columns)
    read = sum(record.status == "read" for record in report.files)
    yield f"{len(report.files)} files, {read} read in full. Checked against {report.edition}."
    yield "The picture itself was not looked at."
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


def printable(text: str) -> str:
    """``text`` with control and bidirectional characters made visible: a terminal obeys them."""
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}" for character in text
    )
