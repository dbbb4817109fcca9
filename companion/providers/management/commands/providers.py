"""``manage.py providers``: hospitals' profiles in and out, the reminder list, accounts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from companion.providers import cms, publishing, saving, transfer
from companion.providers.management.files import import_bytes
from companion.providers.management.unhurried import unhurried
from companion.providers.models import Profile


class Command(BaseCommand):
    help = "Import, export and review hospitals' profiles; make accounts of their officers."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        task = tasks.add_parser("import", help="take in profiles from a CSV or TOML file")
        task.add_argument("file", type=Path)
        task.add_argument("--dry-run", action="store_true", help="check only")
        task.add_argument("--publish", action="store_true", help="show them to patients at once")
        task = tasks.add_parser("import-cms", help="take in the CMS list of US hospitals")
        task.add_argument("file", type=Path)
        task.add_argument("--dry-run", action="store_true", help="check only")
        task = tasks.add_parser("export", help="write what is published, as TOML or CSV")
        task.add_argument("--format", choices=["toml", "csv"], default="toml")
        task.add_argument("--drafts", action="store_true", help="the drafts instead")
        task.add_argument("--out", type=Path, help="a file; without it, the terminal")
        tasks.add_parser("due", help="list profiles that were not looked through for a year")
        task = tasks.add_parser("officer", help="make or renew an officer's account")
        task.add_argument("name")
        task.add_argument("--profile", action="append", default=[], metavar="SLUG")
        task.add_argument("--operator", action="store_true", help="may edit all profiles")
        task.add_argument("--off", action="store_true", help="switch the account off")

    def handle(self, *args: Any, **options: Any) -> None:
        tasks = {
            "import": self.do_import,
            "import-cms": self.do_import_cms,
            "export": self.do_export,
            "due": self.do_due,
            "officer": self.do_officer,
        }
        try:
            with unhurried(connection):
                tasks[options["task"]](options)
        except transfer.FileRefused as refused:
            lines = "\n".join(refused.faults)
            raise CommandError(f"{lines}\nNothing was changed.", returncode=2) from refused
        except DatabaseError as error:  # most likely a table that only a new setting needs
            raise CommandError(
                f"The database says: {str(error).strip()}. Where it lacks a table, run "
                "manage.py migrate, then this again. Nothing was changed."
            ) from error

    def do_import(self, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        readers = {".csv": transfer.read_csv, ".toml": transfer.read_toml}
        if file.suffix.lower() not in readers:
            raise CommandError("Give a file that ends in .csv or .toml.", returncode=2)
        entries = readers[file.suffix.lower()](import_bytes(file))
        if options["dry_run"]:
            self.stdout.write(f"{len(entries)} hospitals are in order. Nothing was changed.")
            return
        counts = saving.save(entries, "import", publish=options["publish"])
        shown = "Patients see them now." if options["publish"] else "They are drafts."
        self.stdout.write(
            f"{counts.made} made, {counts.changed} changed, {counts.same} as before. {shown}"
        )

    def do_import_cms(self, options: dict[str, Any]) -> None:
        rows = cms.read(import_bytes(options["file"]))
        if options["dry_run"]:
            self.stdout.write(f"{len(rows)} hospitals are in order. Nothing was changed.")
            return
        counts = cms.save(rows)
        self.stdout.write(
            f"{counts.made} made, {counts.changed} changed, {counts.same} as before, "
            f"{counts.kept} left to those who see to them."
        )

    def do_export(self, options: dict[str, Any]) -> None:
        profiles = Profile.objects.order_by("slug").prefetch_related("answers")
        contents = transfer.contents(profiles, drafts=options["drafts"])
        write = transfer.WRITERS[options["format"]]
        if options["out"]:
            options["out"].write_text(write(contents), encoding="utf-8", newline="")
            self.stdout.write(f"{len(contents)} hospitals written.")
        else:
            self.stdout.write(write(contents), ending="")

    def do_due(self, options: dict[str, Any]) -> None:
        for profile in publishing.due(Profile.objects.all()):
            last = profile.reviewed_on.isoformat() if profile.reviewed_on else "never"
            self.stdout.write(f"{last:10}  {profile.slug}  {profile.name}  {profile.email}")

    def do_officer(self, options: dict[str, Any]) -> None:
        if not settings.COMPANION_ADMIN:
            raise CommandError("Set COMPANION_ADMIN=on first: there is no admin.", returncode=2)
        from companion.providers import accounts

        name = options["name"]
        if options["off"]:
            if not accounts.switch_off(name):
                raise CommandError(f"There is no account {name!r}.", returncode=2)
            self.stdout.write(f"{name} can no longer sign in.")
            return
        profiles = list(Profile.objects.filter(slug__in=options["profile"]))
        missing = set(options["profile"]) - {profile.slug for profile in profiles}
        if missing:
            raise CommandError(f"No such profile: {', '.join(sorted(missing))}", returncode=2)
        if not profiles and not options["operator"]:
            raise CommandError("Name a profile with --profile SLUG.", returncode=2)
        made = accounts.enrol(name, profiles, operator=options["operator"])
        picture = io.StringIO()
        segno.make(made.secret_link, micro=False).terminal(out=picture, compact=True)
        self.stdout.write(
            f"User name: {made.name}\nPassword: {made.password}\n"
            f"Second factor, for an authenticator app:\n{picture.getvalue()}\n"
            f"{made.secret_link}\n\n"
            "Hand both over in person. Neither can be shown again. The officer should change\n"
            "the password after the first sign-in."
        )
