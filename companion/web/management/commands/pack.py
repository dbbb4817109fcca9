"""`pack NAME`: print a patient group's pack to a file, by the code that the page uses."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from companion import clock
from companion.content.packs import packs as all_packs
from companion.web import links, logos
from companion.web.management.plain import PlainCommand, WrongInputError
from companion.web.packs.choice import Choice, find_hospital, read_logo
from companion.web.packs.printed import pack_html
from companion.web.pdf_pool import Busy, Failed, TooLong, print_pdf

GROUPS = ("group", "contact", "at", "logo", "out")
"""Columns of a --groups file; only ``out`` is needed."""


class Command(PlainCommand):
    help = (
        "Print a pack (--list names them). --groups FILE.csv prints one for each row, with "
        "the columns group, contact, at, logo and out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack", nargs="?", help="such as before-a-scan")
        parser.add_argument("--out", metavar="FILE.pdf", help="or a folder with --groups")
        parser.add_argument("--language", action="append", help="once for each language")
        parser.add_argument("--place", help="such as us, us-ca, eu-de")
        parser.add_argument("--letter", action="append", help="blank letters, in place of its own")
        parser.add_argument("--group", default="", help="the group's name")
        parser.add_argument("--contact", default="", help="one line")
        parser.add_argument("--logo", default="", metavar="FILE", help="PNG or JPEG")
        parser.add_argument("--at", default="", metavar="SLUG", help="a hospital")
        parser.add_argument("--paper", choices=["letter", "a4"])
        parser.add_argument("--large", action="store_true", help="large print")
        parser.add_argument("--groups", metavar="FILE.csv", help="one pack for each row")
        parser.add_argument("--list", action="store_true", dest="names", help="name all packs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["names"]:
            for pack in all_packs().values():
                self.stdout.write(f"{pack.slug:24} {pack.title['en']}")
            return
        if options["pack"] not in all_packs():
            raise WrongInputError(f"name one of these packs: {', '.join(all_packs())}")
        if not options["out"]:
            raise WrongInputError("say where to with --out")
        out = Path(options["out"])
        if not options["groups"]:
            self._print(options, out)
            return
        rows = _rows(Path(options["groups"]))
        out.mkdir(parents=True, exist_ok=True)
        for number, row in enumerate(rows, start=2):
            try:
                self._print({**options, **row}, out / row["out"])
            except WrongInputError as error:
                raise WrongInputError(f"row {number}: {error}") from error

    def _print(self, options: Mapping[str, Any], out: Path) -> None:
        try:
            choice = choice_of(options)
        except ValidationError as error:
            faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            name, (words, *_) = next(iter(faults.items()))
            raise WrongInputError(f"{name}: {words}" if name else words) from error
        page = pack_html(choice, root=links.root(), today=clock.today())
        try:
            out.write_bytes(print_pdf(page, language=choice.languages[0]))
        except TooLong as error:
            raise WrongInputError("this pack is too long to print at once") from error
        except Busy as error:
            raise WrongInputError("every printer is busy; try again in a moment") from error
        except Failed as error:
            raise WrongInputError(
                "the part of the program that prints ended; nothing is wrong with the pack"
            ) from error
        except OSError as error:
            raise WrongInputError(f"{out.name} cannot be written") from error
        self.stdout.write(f"{out.name}: written")


def choice_of(options: Mapping[str, Any]) -> Choice:
    """The pack with what the options change in it; ``ValidationError`` as ``Choice.check``."""
    usual = Choice.of_pack(all_packs()[options["pack"]], options["language"] or ["en"])
    choice = replace(
        usual,
        letters=tuple(options["letter"] or usual.letters),
        place=options["place"] or usual.place,
        paper=options["paper"] or usual.paper,
        large=options["large"],
        group=options["group"],
        contact=options["contact"],
        at=find_hospital(options["at"]),
        logo=_logo(options["logo"]),
    )
    choice.check()
    return choice


def _logo(name: str) -> logos.Logo | None:
    if not name:
        return None
    file = Path(name)
    try:
        with file.open("rb") as opened:
            data = opened.read(logos.MAX_BYTES + 1)
    except OSError as error:
        raise WrongInputError(f"logo: {file.name} cannot be opened") from error
    try:
        return read_logo(data)
    except ValidationError as error:
        raise WrongInputError(f"logo: {file.name}: {error.messages[0]}") from error


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            unknown = set(reader.fieldnames or ()) - set(GROUPS)
            if unknown or "out" not in (reader.fieldnames or ()):
                raise WrongInputError(f"groups: the columns are {', '.join(GROUPS)}")
            rows = [{name: (row.get(name) or "") for name in GROUPS} for row in reader]
    except OSError as error:
        raise WrongInputError(f"groups: {file.name} cannot be opened") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise WrongInputError(f"groups: {file.name} is not CSV in UTF-8") from error
    for number, row in enumerate(rows, start=2):
        name = Path(row["out"])
        if name.name != row["out"] or name.suffix != ".pdf":
            raise WrongInputError(f"row {number}: out must be a file name that ends in .pdf")
    return rows
