"""``manage.py breaches``: the public list of breaches, from the operator's own download."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from companion.providers import breach_list, transfer
from companion.providers.management.files import import_bytes
from companion.providers.management.unhurried import unhurried
from companion.providers.models import Breach, not_in_the_future


class Command(BaseCommand):
    help = "Take in the public list of breaches that the US health department exports."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        task = tasks.add_parser(
            "import", help="take in the list's CSV files; give open and closed cases together"
        )
        task.add_argument("files", type=Path, nargs="+", metavar="file")
        task.add_argument("--day", help="when it was downloaded: 2026-11-21", type=_day)
        task.add_argument("--replace", action="store_true", help="drop what these files lack")
        task.add_argument("--dry-run", action="store_true", help="check only")
        tasks.add_parser("demo", help="take in a made-up list, where there is no other")

    def handle(self, *args: Any, **options: Any) -> None:
        with unhurried(connection):
            if options["task"] == "demo":
                self.do_demo()
            else:
                self.do_import(options)

    def do_import(self, options: dict[str, Any]) -> None:
        day: date | None = options["day"]
        entries: list[Breach] = []
        faults: list[str] = []
        for file in options["files"]:
            try:
                entries += breach_list.read(import_bytes(file))
            except transfer.FileRefused as refused:
                faults += [f"{file.name}: {fault}" for fault in refused.faults]
        if not faults and day and day < breach_list.newest_day(entries):
            faults.append("--day: there are entries that are newer than this day")
        if faults:
            lines = "\n".join(faults)
            raise CommandError(f"{lines}\nNothing was changed.", returncode=2)
        if options["dry_run"]:
            self.stdout.write(f"{len(entries)} entries are in order. Nothing was changed.")
            return
        counts = breach_list.save(entries, day=day, replace=options["replace"])
        self.stdout.write(f"{counts.made} made, {counts.changed} changed, {counts.same} as before.")

    def do_demo(self) -> None:
        if breach_list.has_real_list():
            raise CommandError("There is a real list already. Nothing was changed.", returncode=2)
        entries = breach_list.read(breach_list.MADE_UP.read_bytes())
        breach_list.save(entries, replace=True, made_up=True)
        self.stdout.write(f"{len(entries)} made-up entries taken in; the page says so.")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
        not_in_the_future(day)
    except (ValueError, ValidationError) as error:
        raise ArgumentTypeError("write a day that has been, as 2026-11-21") from error
    return day
