"""What the worker in the visitor's browser calls: read the files, show the report, save it, and
make a copy to share.

Everything stays in this one process, which the page ends with all that it saw. Strings and
bytes go in and out; nothing here knows of JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from companion.cleaning import Account, Choice, Reason, Source, Withheld, clean
from companion.cleaning.zip_writer import ZipWriter
from companion.ondevice import page_settings
from companion.scans import assess
from companion.scans.findings import FileRecord, Kind, Note, Report, Status
from companion.scans.inspection import CutOff, Entry, Limits, OnProgress, inspect

Read = Callable[[int, int], bytes]
"""``read(file, offset)``: the next bytes of a file by its number; empty at its end. Raises
``OSError`` where the file cannot be read any more."""


class Session:
    """One visit: at most one report at a time, in memory."""

    def __init__(self, language_code: str, letter_place: str) -> None:
        """``language_code``: the site's language without a prefix; ``letter_place``: whose law
        a letter starts with, as ``companion.web.scans.letter_place`` has it."""
        page_settings.set_up(language_code)
        assess.prepare()
        self._letter_place = letter_place
        self._report: Report | None = None
        self._account: Account | None = None

    def read(
        self,
        names: list[str],
        read: Read,
        on_progress: OnProgress | None = None,
        *,
        hanging: Iterable[int] = (),
        limits: Limits | None = None,
    ) -> None:
        """Read files by their names with folders. Those of the numbers in ``hanging`` were
        given up before: they are named and not opened."""
        given_up = frozenset(hanging)
        self._report = None
        order = in_folders(names)
        entries = (
            Entry(names[number], _chunks(read, number))
            for number in order
            if number not in given_up
        )
        report = inspect(entries, limits, on_progress)
        records = tuple(
            FileRecord(names[number], Kind.OTHER, Status.NOT_READ, "", (Note.NOT_CHECKED,))
            for number in order
            if number in given_up
        )
        self._report = replace(report, files=(*report.files, *records))

    @property
    def report(self) -> Report:
        """The report that was made. Raises ``LookupError`` before there is one."""
        if self._report is None:
            raise LookupError("nothing was read yet")
        return self._report

    def html(self, language: str) -> str:
        """The report's page in a language, as the site's own page has it between its header
        and its footer."""
        from django.template import Context
        from django.template.loader import get_template
        from django.utils import translation

        from companion.web.scans.report.context import report_context

        with translation.override(language):
            context = report_context(self.report, language, letter_place=self._letter_place)
            template = get_template("scans/report.html").template  # type: ignore[attr-defined]
            whole = Context(context)
            with whole.bind_template(template):
                (extends,) = template.nodelist
                return str(extends.blocks["main"].render(whole))

    def clean(
        self,
        names: list[str],
        read: Read,
        choice: Choice,
        take: Callable[[bytes], object],
        on_progress: OnProgress | None = None,
        *,
        hanging: Iterable[int] = (),
        limits: Limits | None = None,
        language: str,
    ) -> Account:
        """Make a copy of files that are read again. ``take`` is given its ZIP, piece by piece;
        nothing of it where there is no file that could go out. ``hanging`` as in ``read``."""
        from companion.web.scans.clean.printed import pages

        given_up = frozenset(hanging)
        sources = [
            Source(names[number], partial(_chunks, read, number))
            for number in in_folders(names)
            if number not in given_up
        ]
        cleaning = clean(sources, choice, limits, on_progress=on_progress)
        writer = ZipWriter()
        for cleaned in cleaning.files():
            take(writer.add(cleaned.name, cleaned.data))
        left = (Withheld(names[number], Reason.NOT_WHOLLY_READ) for number in sorted(given_up))
        account = replace(
            cleaning.account,
            files_in=cleaning.account.files_in + len(given_up),
            withheld=(*cleaning.account.withheld, *left),
        )
        if account.files_out:
            for name, data in pages(account, language):
                take(writer.add(name, data))
            take(writer.end())
        self._account = account
        return account

    def account_html(self, language: str) -> str:
        """What was done in making the copy, as a part of the page. Raises ``LookupError``
        before there is one."""
        from django.template.loader import render_to_string
        from django.utils import translation

        from companion.web.scans.clean.page import build

        if self._account is None:
            raise LookupError("no copy was made yet")
        with translation.override(language):
            page = build(self._account, language)
            asks = bool(self._account.refusal and self._account.people)
            context = {"page": page, "words": page.words, "ask_whose": asks}
            return render_to_string("scans/clean/_on_device.html", context)

    def saved(self, kind: str) -> bytes:
        """The report as a file: ``json`` or ``csv``."""
        from companion.web.scans.report import keep

        return {"json": keep.as_json, "csv": keep.as_csv}[kind](self.report)


def in_folders(names: list[str]) -> list[int]:
    """The numbers of files in the order in which a folder is walked on the server: of each
    folder first its files by name, then its folders by name."""

    def place(number: int) -> list[tuple[bool, str]]:
        *folders, name = names[number].split("/")
        return [*((True, folder) for folder in folders), (False, name)]

    return sorted(range(len(names)), key=place)


def _chunks(read: Read, number: int) -> Iterator[bytes]:
    offset = 0
    while True:
        try:
            data = read(number, offset)
        except OSError:  # a disc taken out, a file moved away
            raise CutOff(Note.CANNOT_OPEN) from None
        if not data:
            return
        offset += len(data)
        yield data
