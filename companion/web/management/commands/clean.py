"""``manage.py clean PATH... --out FOLDER``: a copy to share, by the code that the page uses."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import CommandParser

from companion.cleaning import (
    Account,
    Choice,
    FaceChoice,
    Preset,
    Reason,
    Refusal,
)
from companion.cleaning.isolation.sandbox import CleaningSandbox
from companion.scans.isolation.sandbox import ChildStoppedError, TimedOutError
from companion.web.management.commands.inspect import PARTLY_READ, Bar, Found
from companion.web.management.plain import PlainCommand, WrongInputError, printable
from companion.web.scans.uploads import STALL_SECONDS, lookers

ACCOUNT = "what-was-removed.json"
_EXPECTED = frozenset({Reason.NOT_A_SCAN, Reason.ARCHIVE, Reason.DIRECTORY, Reason.OTHER_PERSON})
"""Reasons for which no copy was to be expected of a file."""
_MOST_NAMED = 50


class Command(PlainCommand):
    help = (
        "Write a copy of scans to share: identifiers taken out, each file proven. "
        "Exit 3: a file was withheld because it could not be made safe."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, folder or ZIP")
        parser.add_argument("--out", required=True, metavar="FOLDER", help="new or empty")
        parser.add_argument(
            "--preset",
            choices=list(map(str, Preset)),
            default=str(Preset.FOR_A_DOCTOR),
            help="how much of the patient it keeps",
        )
        parser.add_argument(
            "--keep-face", action="store_true", help="copy slices that a face can be rebuilt from"
        )
        parser.add_argument(
            "--person", default="", metavar="N", help="whose scans, where there are several"
        )
        parser.add_argument(
            "--no-pictures", action="store_true", help="do not look at the pictures themselves"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = Found.of(options["paths"])
        out = Path(options["out"])
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise WrongInputError(f"{printable(str(out))}: name a new or an empty folder")
        choice = Choice(
            Preset(options["preset"]),
            FaceChoice.KEEP if options["keep_face"] else FaceChoice.WITHHOLD,
            options["person"],
        )
        try:
            account = self._write(found, choice, out, pictures=not options["no_pictures"])
        except TimedOutError:
            self._give_up("Cleaning took too long and was stopped.", out)
        except ChildStoppedError as error:
            self._give_up(f"Cleaning stopped: {error.where}.", out)
        if account.refusal is not None:
            raise WrongInputError(_refused(account))
        for line in _told(account, out):
            self.stdout.write(line)
        self.stdout.flush()
        if any(one.reason not in _EXPECTED for one in account.withheld):
            sys.exit(PARTLY_READ)

    def _give_up(self, why: str, out: Path) -> NoReturn:
        """End without the account; the files that are there already were each proven."""
        self.stderr.write(why)
        if out.exists():
            self.stderr.write(f"What is in {printable(str(out))} is only a part of the copy.")
        sys.exit(PARTLY_READ)

    def _write(self, found: Found, choice: Choice, out: Path, *, pictures: bool) -> Account:
        """Clean all files into a folder; returns the account, which stands there too."""
        bar = Bar(2 * found.size)
        with CleaningSandbox(
            found.limits,
            memory=settings.COMPANION_LIMITS["cleaning_memory"],
            cpu_seconds=settings.COMPANION_LIMITS["cleaning_seconds"],
            stall_seconds=STALL_SECONDS,
            on_progress=bar.show,
            lookers=lookers() if pictures else None,
        ) as box:
            try:
                for name, path in found.files:
                    box.path(name, path)
                for cleaned in box.files(choice):
                    target = out / cleaned.name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(cleaned.data)
                account, _ = box.account
            finally:
                bar.clear()
        if account.refusal is None:
            out.mkdir(parents=True, exist_ok=True)
            text = json.dumps(account.to_json(), ensure_ascii=False, indent=1)
            (out / ACCOUNT).write_text(text, encoding="utf-8")
        return account


def _refused(account: Account) -> str:
    """Why nothing was written, and what can be done, in one line."""
    if account.refusal is Refusal.MIXED_PERSONS:
        people = ", ".join(f"{number} ({files} files)" for number, files in account.people)
        return f"scans of several people: choose whose with --person, one of {people}"
    if account.refusal is Refusal.UNKNOWN_PERSON:
        return "there is no such person: inspect lists them"
    if account.refusal is Refusal.NO_SCANS:
        return "there is no scan among the files"
    return "there is more than can be read at once: clean it in parts"


def _told(account: Account, out: Path) -> Iterator[str]:
    """What was done, in lines for people."""
    yield f"{account.files_out} of {account.files_in} files were copied to {printable(str(out))}."
    yield f"The pictures: {account.pictures}. What stays: {', '.join(account.stays) or 'nothing'}."
    done = Counter[str]()
    for one in account.done:
        done[one.action] += 1
    for action, elements in done.items():
        yield f"  {action}: {elements} kinds of elements"
    for withheld in account.withheld[:_MOST_NAMED]:
        rules = f" ({', '.join(withheld.rules)})" if withheld.rules else ""
        yield f"  left out: {printable(withheld.name)}: {withheld.reason}{rules}"
    if len(account.withheld) > _MOST_NAMED:
        yield f"  ... and {len(account.withheld) - _MOST_NAMED} more"
    for blank in account.blank_frames[:_MOST_NAMED]:
        yield f"  black: {blank.frames} of {blank.of} frames in {printable(blank.copy)}"
    yield f"The list is in {ACCOUNT}. Keep the originals: this copy does not replace them."
