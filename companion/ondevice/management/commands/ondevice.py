"""``manage.py ondevice``: pack what the visitor's own browser needs to read scans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import get_resolver

from companion.ondevice import packing
from companion.web.management.plain import PlainCommand, WrongInputError


class Command(PlainCommand):
    help = "Pack the engine and the report's page for the visitor's own browser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--pyodide", metavar="FOLDER", default=settings.COMPANION_PYODIDE,
            help="Pyodide's package as npm unpacks it (default: var/pyodide)",
        )  # fmt: skip
        parser.add_argument(
            "--out", metavar="FOLDER", default=settings.COMPANION_ONDEVICE,
            help="where the static files of the browser go (default: var/ondevice)",
        )  # fmt: skip
        parser.add_argument(
            "--to-compile", metavar="FILE",
            help="only write the modules that script/pyodide has compiled, as a ZIP",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        pyodide, out = Path(options["pyodide"]), Path(options["out"])
        try:
            if options["to_compile"]:
                Path(options["to_compile"]).write_bytes(packing.to_compile(pyodide))
                return
            manifest = packing.pack(pyodide, out, get_resolver().url_patterns)
        except packing.PyodideMissingError as missing:
            raise WrongInputError(f"{missing}: not in {options['pyodide']}") from None
        for name, part in manifest["parts"].items():
            self.stdout.write(f"{part['bytes'] / 1_000_000:6.1f} MB  {name}")
