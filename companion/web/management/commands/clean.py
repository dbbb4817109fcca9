"""``manage.py clean PATH... --out FOLDER``: a copy to share, by the code that the page uses."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from companion.cleaning import (
    Account,
    Choice,
    Cleaning,
    FaceChoice,
    PictureCleaner,
    Preset,
    Reason,
    Refusal,
    Source,
    clean,
)
from companion.scans.isolation.hand_over import HandOver
from companion.web.management.commands.inspect import PARTLY_READ, Bar, Found, printable
from companion.web.management.plain import PlainCommand, WrongInputError
from companion.web.scans.uploads import lookers, scan_limits

ACCOUNT = "what-was-removed.json"
_PIECE = 1 << 20
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
        account = self._write(found, choice, out, pictures=not options["no_pictures"])
        if account.refusal is not None:
            raise WrongInputError(_refused(account))
        for line in _told(account, out):
            self.stdout.write(line)
        self.stdout.flush()
        if any(one.reason not in _EXPECTED for one in account.withheld):
            sys.exit(PARTLY_READ)

    def _write(self, found: Found, choice: Choice, out: Path, *, pictures: bool) -> Account:
        """Clean all files into a folder; returns the account, which stands there too."""
        sources = [Source(name, partial(_chunks, path)) for name, path in found.files]
        bar = Bar(2 * found.size)
        looking = lookers().begin() if pictures else None
        look = None
        try:
            if looking is not None:
                patience = lookers().patience_seconds
                look = HandOver(looking.connection, patience, looking.why_not, keep=True)
            cleaning = clean(
                sources, choice, scan_limits(), look=look, on_progress=bar.show,
                pictures=_picture_cleaner(look),
            )  # fmt: skip
            self._files(cleaning, out)
        finally:
            bar.clear()
            if looking is not None:
                looking.close()
        account = cleaning.account
        if account.refusal is None:
            out.mkdir(parents=True, exist_ok=True)
            text = json.dumps(account.to_json(), ensure_ascii=False, indent=1)
            (out / ACCOUNT).write_text(text, encoding="utf-8")
        return account

    def _files(self, cleaning: Cleaning, out: Path) -> None:
        for cleaned in cleaning.files():
            target = out / cleaned.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(cleaned.data)


def _picture_cleaner(look: HandOver | None) -> PictureCleaner | None:
    """What blacks words and cuts faces away; None where nobody looks, or it is not installed."""
    if look is None or look.why_not:
        return None
    try:
        from companion.cleaning.picture_cleaner import PixelCleaner
    except ImportError:
        return None
    return PixelCleaner(lambda: look)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_PIECE):
            yield chunk


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
    yield f"The list is in {ACCOUNT}. Keep the originals: this copy does not replace them."
