"""``served``: hashes of every file that a visitor's browser may load, for a release.

In the form of ``sha256sum``: whoever has fetched the files of a site checks them by
``sha256sum --check``. Pages themselves are made for each visit and are not among them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from companion.web.management.plain import PlainCommand, WrongInputError, write_file

_PACKED = (".gz", ".br")
"""Compressed on the way only: the browser has the file beside it."""


class Command(PlainCommand):
    help = "Write SHA-256 of each static file, as a visitor's browser gets it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", metavar="FILE", help="without it, the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.STATIC_ROOT)
        lines = served(root)
        if not lines:
            raise WrongInputError(f"{root}: holds no file; run manage.py collectstatic first")
        text = "".join(f"{line}\n" for line in lines)
        if not options["out"]:
            self.stdout.write(text, ending="")
            return
        write_file(options["out"], text)


def served(root: Path) -> list[str]:
    """A line for each file below ``root``, by name: ``<SHA-256>  static/<name>``."""
    files = (file for file in root.rglob("*") if file.is_file())
    names = {file.relative_to(root).as_posix(): file for file in files}
    return [
        f"{hashlib.sha256(names[name].read_bytes()).hexdigest()}  static/{name}"
        for name in sorted(names)
        if not (name.endswith(_PACKED) and name.rpartition(".")[0] in names)
    ]
